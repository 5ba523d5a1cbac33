//! What signals do to it.

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
    let mut demo = Demo::spawn(&["--port", "0"], &[("OPENCLAW_SYSTEMD_UNIT", "openclaw-gateway.service")]);
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
