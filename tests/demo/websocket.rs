//! The handshake and the calls of its WebSocket.

use super::*;

#[tokio::test]
async fn the_server_speaks_first() {
    let demo = Demo::listening(&[]).await;
    let challenge = demo.dial().await.frame().await;
    assert_eq!(challenge["event"], "connect.challenge");
    assert_eq!(challenge["payload"]["capabilities"], json!(["model-catalog-snapshot"]));
    assert_eq!(challenge["payload"]["nonce"].as_str().map(str::len), Some(36));
}

#[tokio::test]
async fn every_challenge_has_its_own_nonce() {
    let demo = Demo::listening(&[]).await;
    let nonces = [demo.dial().await.frame().await, demo.dial().await.frame().await];
    assert_ne!(nonces[0]["payload"]["nonce"], nonces[1]["payload"]["nonce"]);
}

#[tokio::test]
async fn the_old_challenge_has_no_capabilities() {
    let demo = Demo::listening(&["--generation", "old"]).await;
    assert_eq!(demo.dial().await.frame().await["payload"]["capabilities"], Value::Null);
}

#[tokio::test]
async fn a_silent_client_is_closed_normally() {
    let mut demo = Demo::listening(&["--handshake-deadline", "100ms"]).await;
    let mut client = demo.dial().await;
    client.frame().await;
    assert_eq!(client.closed().await, (1000, String::new()));
    demo.line_with("closed before connect").await;
}

#[tokio::test]
async fn without_auth_a_client_is_not_paired() {
    let demo = Demo::listening(&[]).await;
    let mut client = demo.dial().await;
    assert_eq!(client.connect(json!({ "auth": null })).await["error"]["code"], "NOT_PAIRED");
    assert_eq!(client.closed().await, (1008, "device identity required".to_owned()));
}

#[tokio::test]
async fn a_wrong_token_is_closed_with_a_reason() {
    let demo = Demo::listening(&[]).await;
    let mut client = demo.dial().await;
    let answer = client.connect(json!({ "auth": { "token": "guessed" } })).await;
    assert_eq!(answer["error"]["details"]["code"], "AUTH_TOKEN_MISMATCH");
    let (code, reason) = client.closed().await;
    assert_eq!((code, reason.starts_with("unauthorized: gateway token mismatch")), (1008, true));
}

#[tokio::test]
async fn a_wrong_protocol_is_closed_with_the_right_one() {
    let demo = Demo::listening(&[]).await;
    let mut client = demo.dial().await;
    let answer = client.connect(json!({ "maxProtocol": 3 })).await;
    assert_eq!(answer["error"]["details"], json!({ "expectedProtocol": 4, "minimumProbeProtocol": 3 }));
    assert_eq!(client.closed().await, (1002, "protocol mismatch".to_owned()));
}

#[tokio::test]
async fn the_right_token_is_welcomed() {
    let demo = Demo::listening(&[]).await;
    let hello = demo.dial().await.connect(json!({})).await;
    assert_eq!((&hello["payload"]["type"], &hello["payload"]["protocol"]), (&json!("hello-ok"), &json!(4)));
    assert_eq!(hello["payload"]["server"]["version"], "2026.9.6");
}

#[tokio::test]
async fn the_old_generation_welcomes_with_protocol_3() {
    let demo = Demo::listening(&["--generation", "old"]).await;
    let hello = demo.dial().await.connect(json!({})).await;
    assert_eq!(hello["payload"]["protocol"], 3);
    assert_eq!(hello["payload"]["server"]["version"], "dev");
}

#[tokio::test]
async fn the_token_can_come_from_a_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "from-a-file\n").unwrap();
    let demo = Demo::listening(&["--token-file", path.to_str().unwrap()]).await;
    assert_eq!(demo.dial().await.connect(json!({ "auth": { "token": "from-a-file" } })).await["ok"], true);
}

#[tokio::test]
async fn status_tells_the_process() {
    let demo = Demo::listening(&[]).await;
    let status = demo.guest().await.call("status", json!({})).await;
    assert_eq!(status["payload"]["pid"].as_u64(), demo.child.id().map(u64::from));
}

#[tokio::test]
async fn health_is_answered() {
    let demo = Demo::listening(&[]).await;
    assert_eq!(demo.guest().await.call("health", json!({})).await["payload"]["ok"], true);
}

#[tokio::test]
async fn the_auth_status_is_known_to_the_new_generation_only() {
    let [new, old] = [Demo::listening(&[]).await, Demo::listening(&["--generation", "old"]).await];
    let answers = [
        new.guest().await.call("models.authStatus", json!({})).await,
        old.guest().await.call("models.authStatus", json!({})).await,
    ];
    assert_eq!(answers.map(|answer| answer["ok"].clone()), [json!(true), json!(false)]);
}

#[tokio::test]
async fn a_client_without_scopes_may_not_read() {
    let demo = Demo::listening(&[]).await;
    let mut client = demo.dial().await;
    client.connect(json!({ "scopes": [] })).await;
    let answer = client.call("status", json!({})).await;
    assert_eq!(answer["error"]["message"], "missing scope: operator.read");
}

#[tokio::test]
async fn the_log_can_be_tailed() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("app.log");
    let demo = Demo::listening(&["--log-file", path.to_str().unwrap()]).await;
    let tail = demo.guest().await.call("logs.tail", json!({ "limit": 50 })).await;
    let first = tail["payload"]["lines"][0].as_str().unwrap();
    assert!(first.contains("listening on ws://127.0.0.1:"), "{tail}");
}

#[tokio::test]
async fn guests_hear_the_tick() {
    let demo = Demo::listening(&["--tick-every", "20ms"]).await;
    assert_eq!(demo.guest().await.frame().await["event"], "tick");
}
