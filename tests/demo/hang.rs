//! A gateway that does not answer any more.

use super::*;

#[tokio::test]
async fn a_hung_gateway_keeps_its_port_but_answers_nothing() {
    let demo = Demo::listening(&["--hang-after", "0s"]).await;
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, demo.port)).await.is_ok());
    assert!(timeout(Duration::from_millis(200), demo.get("/healthz")).await.is_err());
}

#[tokio::test]
async fn a_gateway_that_answered_can_hang_later() {
    let demo = Demo::listening(&["--hang-after", "300ms"]).await;
    let mut answers = 0;
    while timeout(Duration::from_secs(2), demo.get("/healthz")).await.is_ok() {
        answers += 1;
    }
    assert!(answers > 0);
}
