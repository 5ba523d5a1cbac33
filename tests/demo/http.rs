//! What it answers to probes over HTTP.

use super::*;

#[tokio::test]
async fn live_is_told_as_json() {
    let demo = Demo::listening(&[]).await;
    for path in ["/health", "/healthz"] {
        let answer = demo.get(path).await;
        assert_eq!((answer.status, answer.is_json()), (StatusCode::OK, true));
        assert_eq!(answer.json(), json!({ "ok": true, "status": "live" }));
    }
}

#[tokio::test]
async fn ready_follows_the_ready_line() {
    let mut demo = Demo::listening(&[]).await;
    demo.line_with("[gateway] ready").await;
    let answer = demo.get("/readyz").await;
    assert_eq!((answer.status, answer.json()["ready"].clone()), (StatusCode::OK, json!(true)));
}

#[tokio::test]
async fn before_the_ready_delay_it_is_live_but_neither_started_nor_ready() {
    let demo = Demo::listening(&["--ready-delay", "1h"]).await;
    let statuses = [demo.get("/healthz").await, demo.get("/startupz").await, demo.get("/ready").await];
    assert_eq!(statuses.map(|answer| answer.status.as_u16()), [200, 503, 503]);
}

#[tokio::test]
async fn the_ready_delay_ends() {
    let mut demo = Demo::listening(&["--ready-delay", "200ms"]).await;
    demo.line_with("[gateway] ready").await;
    assert_eq!(demo.get("/startup").await.json()["status"], "started");
}

#[tokio::test]
async fn not_ready_names_what_fails() {
    let demo = Demo::listening(&["--not-ready=channels,models"]).await;
    let answer = demo.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["failing"], json!(["channels", "models"]));
}

#[tokio::test]
async fn the_version_can_be_any_text() {
    let demo = Demo::listening(&["--version-text", "2031.1.0-beta"]).await;
    assert_eq!(demo.get("/startupz").await.json()["version"], "2031.1.0-beta");
}

#[tokio::test]
async fn unknown_paths_have_a_page() {
    let demo = Demo::listening(&[]).await;
    let answer = demo.get("/chat").await;
    assert_eq!((answer.status, answer.content_type.as_str()), (StatusCode::OK, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn a_post_is_refused() {
    let demo = Demo::listening(&[]).await;
    assert_eq!(demo.ask(Method::POST, "/healthz").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_head_has_no_body() {
    let demo = Demo::listening(&[]).await;
    let answer = demo.ask(Method::HEAD, "/healthz").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn nothing_may_be_cached() {
    let demo = Demo::listening(&[]).await;
    assert_eq!(demo.get("/readyz").await.cache_control, "no-store");
}

#[tokio::test]
async fn the_old_generation_answers_health_with_a_page() {
    let demo = Demo::listening(&["--generation", "old"]).await;
    for path in ["/health", "/healthz", "/readyz", "/startup", "/v1/models"] {
        let answer = demo.get(path).await;
        assert_eq!((answer.status, answer.is_json()), (StatusCode::OK, false), "{path}");
    }
}

#[tokio::test]
async fn html_only_answers_health_with_a_page() {
    let demo = Demo::listening(&["--html-only"]).await;
    assert!(!demo.get("/healthz").await.is_json());
}

#[tokio::test]
async fn both_loopback_addresses_answer() {
    let demo = Demo::listening(&[]).await;
    let expected = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    assert_eq!(TcpStream::connect((Ipv6Addr::LOCALHOST, demo.port)).await.is_ok(), expected);
}

#[tokio::test]
async fn a_host_is_the_only_address() {
    let demo = Demo::listening(&["--host", "127.0.0.1"]).await;
    assert!(TcpStream::connect((Ipv6Addr::LOCALHOST, demo.port)).await.is_err());
}
