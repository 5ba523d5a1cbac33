//! How it ends by itself: refused starts, planned exits and crashes.

use super::*;

#[tokio::test]
async fn it_exits_by_itself_with_the_code_and_last_words_asked_for() {
    let demo = Demo::listening(&["--exit-after", "50ms", "--exit-code", "78", "--say", "bad config"]).await;
    let end = demo.end().await;
    assert_eq!((end.status.code(), end.err.as_str()), (Some(78), "bad config\n"));
}

#[tokio::test]
async fn a_planned_restart_exits_with_zero() {
    let end = Demo::listening(&["--self-restart-after", "50ms"]).await.end().await;
    assert_eq!((end.status.code(), end.out.contains("full process restart")), (Some(0), true));
}

#[tokio::test]
async fn never_listening_leaves_the_port_closed() {
    let port = free_port();
    let mut demo =
        Demo::spawn(&["--port", &port.to_string(), "--never-listen", "--exit-after", "300ms"], &[]);
    let mut answered = false;
    while timeout(Duration::from_millis(20), demo.child.wait()).await.is_err() {
        answered |= TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok();
    }
    assert!(!answered && !demo.end().await.out.contains("listening"));
}

#[tokio::test]
async fn a_start_delay_keeps_the_port_closed_that_long() {
    let began = Instant::now();
    let _demo = Demo::listening(&["--start-delay", "300ms"]).await;
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_taken_port_is_told_and_exits_with_one() {
    let owner = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = owner.local_addr().unwrap();
    let end = Demo::spawn(&["--port", &address.port().to_string()], &[]).end().await;
    let words =
        format!("another gateway instance is already listening on ws://{address} | listen EADDRINUSE");
    assert_eq!((end.status.code(), end.err.contains(&words)), (Some(1), true), "{}", end.err);
}

#[tokio::test]
async fn a_missing_config_exits_with_78() {
    let end = Demo::spawn(&["--config", "/nonexistent/openclaw.json"], &[]).end().await;
    assert_eq!(
        (end.status.code(), end.err.starts_with("Missing config. Run `openclaw setup`")),
        (Some(78), true)
    );
}

#[tokio::test]
async fn a_missing_config_exits_with_one_in_the_old_generation() {
    let end = Demo::spawn(&["--generation", "old", "--config", "/nonexistent/x.json"], &[]).end().await;
    assert_eq!(end.status.code(), Some(1));
}

#[tokio::test]
async fn a_broken_config_exits_with_78() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("openclaw.json");
    fs::write(&path, "{ gateway: ").unwrap();
    let end = Demo::spawn(&["--config", path.to_str().unwrap()], &[]).end().await;
    assert_eq!((end.status.code(), end.err.starts_with("Invalid config at ")), (Some(78), true));
}

#[tokio::test]
async fn the_config_gives_the_port() {
    let folder = TempDir::new().unwrap();
    let (path, port) = (folder.path().join("openclaw.json"), free_port());
    fs::write(&path, format!("{{ gateway: {{ mode: 'local', port: {port} }} }}")).unwrap();
    let mut demo = Demo::spawn(&["--config", path.to_str().unwrap()], &[]);
    let line = demo.line_with("listening on").await;
    assert!(line.contains(&format!("ws://127.0.0.1:{port}")), "{line}");
}

#[tokio::test]
async fn the_port_of_the_command_line_wins_over_the_environments() {
    let [given, inherited] = [free_port().to_string(), free_port().to_string()];
    let environment = [("OPENCLAW_GATEWAY_PORT", inherited.as_str())];
    let mut with_both = Demo::spawn(&["--port", &given], &environment);
    let mut with_one = Demo::spawn(&[], &environment);
    let lines = [with_both.line_with("listening on").await, with_one.line_with("listening on").await];
    assert!(
        lines[0].contains(&format!(":{given},")) && lines[1].contains(&format!(":{inherited},")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn an_unreadable_token_file_is_an_error() {
    let end = Demo::spawn(&["--port", "0", "--token-file", "/nonexistent/token"], &[]).end().await;
    assert_eq!((end.status.code(), end.err.contains("--token-file")), (Some(1), true));
}
