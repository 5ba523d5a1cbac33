//! Drives the real `gateward demo` over loopback: what it answers, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

#[path = "rig/port.rs"]
mod port;

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use port::free_port;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// Far beyond what anything here takes: the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(30);

mod http {
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
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (StatusCode::OK, "text/html; charset=utf-8")
        );
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
}

mod websocket {
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
        assert_eq!(
            (&hello["payload"]["type"], &hello["payload"]["protocol"]),
            (&json!("hello-ok"), &json!(4))
        );
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
        assert_eq!(
            demo.dial().await.connect(json!({ "auth": { "token": "from-a-file" } })).await["ok"],
            true
        );
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
}

mod endings {
    use super::*;

    #[tokio::test]
    async fn it_exits_by_itself_with_the_code_and_last_words_asked_for() {
        let demo =
            Demo::listening(&["--exit-after", "50ms", "--exit-code", "78", "--say", "bad config"]).await;
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
}

mod output {
    use super::*;

    #[tokio::test]
    async fn a_flood_fills_stdout_and_the_log_with_whole_records() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("logs/app.log");
        let flags = ["--flood", "10000", "--exit-after", "300ms", "--log-file", path.to_str().unwrap()];
        let end = Demo::listening(&flags).await.end().await;
        let records = fs::read_to_string(&path).unwrap();
        let flooded = records.lines().filter(|line| {
            let record: Value = serde_json::from_str(line).unwrap();
            record["_meta"]["name"] == r#"{"subsystem":"flood"}"#
        });
        let (printed, recorded) = (end.out.matches("[flood]").count(), flooded.count());
        assert_eq!(printed, recorded);
        // A machine that is ten times too slow still passes; a silent one doesn't.
        assert!(printed >= 300, "{printed}");
    }

    #[tokio::test]
    async fn the_launch_record_holds_every_word_as_it_came() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("launch.json");
        let nasty = ["a b", "\"q\"", "back\\slash", "%h", "$HOME", "ä€", "", "--port"];
        let flags = [&["--print-launch", path.to_str().unwrap(), "--"][..], &nasty].concat();
        let demo = Demo::listening(&flags).await;
        let record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let argv: Vec<_> =
            record["argv"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        assert_eq!(argv[argv.len() - nasty.len()..], nasty);
        assert_eq!(record["environment"], json!({ "OPENCLAW_GATEWAY_TOKEN": TOKEN }));
        assert_eq!(record["pid"].as_u64(), demo.child.id().map(u64::from));
    }

    #[tokio::test]
    async fn a_closed_stdout_does_not_end_it() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("app.log");
        let mut demo = Demo::listening(&["--flood", "1000", "--log-file", path.to_str().unwrap()]).await;
        let recorded = || fs::read_to_string(&path).unwrap().lines().count();
        drop(demo.lines.take());
        let before = recorded();
        while recorded() < before + 50 {
            assert_eq!(demo.get("/healthz").await.status, StatusCode::OK);
        }
    }
}

mod hang {
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
}

#[cfg(unix)]
mod signals {
    use super::*;
    use rustix::process::{Pid, Signal, kill_process};
    use std::os::unix::process::ExitStatusExt;

    #[tokio::test]
    async fn sigterm_and_sigint_end_it_with_zero() {
        for signal in [Signal::TERM, Signal::INT] {
            let demo = Demo::listening(&[]).await;
            demo.send(signal);
            assert_eq!(demo.end().await.status.code(), Some(0));
        }
    }

    #[tokio::test]
    async fn before_its_handlers_are_up_sigterm_kills_it() {
        let demo = Demo::spawn(&["--start-delay", "1h"], &[]);
        demo.send(Signal::TERM);
        assert_eq!(demo.end().await.status.signal(), Some(Signal::TERM.as_raw()));
    }

    #[tokio::test]
    async fn guests_are_told_of_the_stop() {
        let demo = Demo::listening(&[]).await;
        let mut client = demo.guest().await;
        demo.send(Signal::TERM);
        assert_eq!(client.frame().await["payload"]["reason"], "gateway stopping");
        assert_eq!(client.closed().await.0, 1012);
    }

    #[tokio::test]
    async fn it_dies_by_each_signal_asked_for() {
        let signals =
            [("KILL", Signal::KILL), ("SEGV", Signal::SEGV), ("abrt", Signal::ABORT), ("TERM", Signal::TERM)];
        for (name, signal) in signals {
            let demo = Demo::listening(&["--die-by-signal", name, "--after", "20ms", "--say", "oh"]).await;
            let end = demo.end().await;
            assert_eq!((end.status.signal(), end.err.as_str()), (Some(signal.as_raw()), "oh\n"), "{name}");
        }
    }

    #[tokio::test]
    async fn sigterm_can_be_ignored() {
        let mut demo = Demo::listening(&["--ignore-term"]).await;
        demo.send(Signal::TERM);
        demo.line_with("SIGTERM received; ignored").await;
        assert_eq!(demo.get("/healthz").await.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_slow_stop_drains_before_it_ends() {
        let mut demo = Demo::listening(&["--slow-stop", "300ms"]).await;
        let began = Instant::now();
        demo.send(Signal::TERM);
        demo.line_with("SIGTERM received; shutting down").await;
        assert_eq!(demo.get("/startupz").await.json()["status"], "draining");
        let status = demo.end().await.status;
        assert!(began.elapsed() >= Duration::from_millis(300) && status.code() == Some(0));
    }

    #[tokio::test]
    async fn a_second_signal_does_not_shorten_a_slow_stop() {
        let mut demo = Demo::listening(&["--slow-stop", "300ms"]).await;
        let began = Instant::now();
        demo.send(Signal::TERM);
        demo.line_with("shutting down").await;
        demo.send(Signal::TERM);
        demo.line_with("received during shutdown; ignored").await;
        demo.end().await;
        assert!(began.elapsed() >= Duration::from_millis(300));
    }

    #[tokio::test]
    async fn a_hung_gateway_still_ends_on_sigterm() {
        let demo = Demo::listening(&["--hang-after", "0s"]).await;
        demo.send(Signal::TERM);
        assert_eq!(demo.end().await.status.code(), Some(0));
    }

    #[tokio::test]
    async fn sigusr1_never_restarts() {
        for generation in ["new", "old"] {
            let mut demo = Demo::listening(&["--generation", generation]).await;
            demo.send(Signal::USR1);
            demo.line_with("SIGUSR1").await;
            assert!(demo.get("/healthz").await.status.is_success(), "{generation}");
        }
    }

    #[tokio::test]
    async fn sigusr2_under_a_supervisor_is_a_planned_restart() {
        let mut demo =
            Demo::spawn(&["--port", "0"], &[("OPENCLAW_SYSTEMD_UNIT", "openclaw-gateway.service")]);
        demo.line_with("listening on").await;
        demo.send(Signal::USR2);
        assert_eq!(demo.end().await.status.code(), Some(0));
    }

    #[tokio::test]
    async fn sigusr2_without_a_supervisor_restarts_in_place() {
        let mut demo = Demo::listening(&[]).await;
        let pid = demo.child.id().unwrap();
        demo.send(Signal::USR2);
        assert!(demo.line_with("listening on").await.ends_with(&format!("(PID {pid})")));
    }

    #[tokio::test]
    async fn sigusr2_kills_the_old_generation() {
        let demo = Demo::listening(&["--generation", "old"]).await;
        demo.send(Signal::USR2);
        assert_eq!(demo.end().await.status.signal(), Some(Signal::USR2.as_raw()));
    }

    #[tokio::test]
    async fn under_systemd_it_waits_for_a_taken_port() {
        let owner = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = owner.local_addr().unwrap().port().to_string();
        let mut demo = Demo::spawn(&["--port", &port], &[("INVOCATION_ID", "1")]);
        demo.line_with("waiting 5000ms before retrying startup").await;
        demo.send(Signal::TERM);
        assert_eq!(demo.end().await.status.code(), Some(0));
    }

    impl Demo {
        fn send(&self, signal: Signal) {
            let pid = self.child.id().and_then(|pid| Pid::from_raw(pid.try_into().unwrap())).unwrap();
            kill_process(pid, signal).unwrap();
        }
    }
}

const TOKEN: &str = "only-for-tests";

/// A running `gateward demo`; killed when dropped.
struct Demo {
    child: Child,
    lines: Option<Lines<BufReader<ChildStdout>>>,
    port: u16,
}

/// What an ended gateway left: stdout from the last line that was waited for on, and all of stderr.
struct Ended {
    status: ExitStatus,
    out: String,
    err: String,
}

impl Demo {
    fn spawn(flags: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gateward"))
            .arg("demo")
            .args(flags)
            .env_clear()
            .env("OPENCLAW_GATEWAY_TOKEN", TOKEN)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        Self { child, lines, port: 0 }
    }

    /// Starts on a free port and waits until it listens.
    async fn listening(flags: &[&str]) -> Self {
        let mut demo = Self::spawn(&[&["--port", "0"], flags].concat(), &[]);
        let line = demo.line_with("listening on ws://127.0.0.1:").await;
        let digits = line.split("127.0.0.1:").nth(1).unwrap();
        demo.port = digits.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
        demo
    }

    async fn line_with(&mut self, text: &str) -> String {
        let lines = self.lines.as_mut().unwrap();
        let found = async {
            loop {
                let line = lines.next_line().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
                if line.contains(text) {
                    return io::Result::Ok(line);
                }
            }
        };
        timeout(DEADLINE, found).await.unwrap().unwrap_or_else(|why| panic!("no line with `{text}`: {why}"))
    }

    async fn end(mut self) -> Ended {
        let (mut out, mut err) = (String::new(), String::new());
        let mut stdout = self.lines.take().unwrap().into_inner();
        let mut stderr = self.child.stderr.take().unwrap();
        let work = async {
            tokio::join!(stdout.read_to_string(&mut out), stderr.read_to_string(&mut err), self.child.wait())
        };
        let status = timeout(DEADLINE, work).await.unwrap().2.unwrap();
        Ended { status, out, err }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).await
    }

    async fn ask(&self, method: Method, path: &str) -> Answer {
        timeout(DEADLINE, answer(self.port, method, path)).await.unwrap()
    }

    async fn dial(&self) -> Client {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap();
        let url = format!("ws://127.0.0.1:{}/", self.port);
        Client { socket: tokio_tungstenite::client_async(url, stream).await.unwrap().0 }
    }

    /// A client that was let in.
    async fn guest(&self) -> Client {
        let mut client = self.dial().await;
        assert_eq!(client.connect(json!({})).await["ok"], true);
        client
    }
}

struct Answer {
    status: StatusCode,
    content_type: String,
    cache_control: String,
    body: String,
}

impl Answer {
    fn is_json(&self) -> bool {
        self.content_type.starts_with("application/json")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn answer(port: u16, method: Method, path: &str) -> Answer {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let request = Request::builder().method(method).uri(path).header("host", "localhost");
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let exchange = async {
        let response = sender.send_request(request).await.unwrap();
        let header = |name| response.headers()[name].to_str().unwrap().to_owned();
        let (status, content_type, cache_control) =
            (response.status(), header("content-type"), header("cache-control"));
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, content_type, cache_control, body: String::from_utf8(body.to_vec()).unwrap() }
    };
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        answer = exchange.as_mut() => answer,
        _ = connection => exchange.await,
    }
}

struct Client {
    socket: WebSocketStream<TcpStream>,
}

impl Client {
    async fn frame(&mut self) -> Value {
        let message = timeout(DEADLINE, self.socket.next()).await.unwrap().unwrap().unwrap();
        serde_json::from_str(message.to_text().unwrap()).unwrap()
    }

    /// Answers the challenge as a client with the shared token would, but for `change`.
    async fn connect(&mut self, change: Value) -> Value {
        assert_eq!(self.frame().await["event"], "connect.challenge");
        let mut params = json!({
            "minProtocol": 3, "maxProtocol": 4, "client": { "id": "gateway-client", "mode": "backend" },
            "role": "operator", "scopes": ["operator.read"], "auth": { "token": TOKEN },
        });
        params.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        self.call("connect", params).await
    }

    async fn call(&mut self, method: &str, params: Value) -> Value {
        let frame = json!({ "type": "req", "id": method, "method": method, "params": params });
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
        let answer = self.frame().await;
        assert_eq!(answer["id"], method);
        answer
    }

    async fn closed(&mut self) -> (u16, String) {
        match timeout(DEADLINE, self.socket.next()).await.unwrap() {
            Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                (code.into(), reason.as_str().to_owned())
            }
            other => panic!("not closed but {other:?}"),
        }
    }
}
