//! What the gateway's own answers mean (OC 13.2, observed 3.2). The status code alone proves nothing: OpenClaw of 2026.2
//! answers every path with `200 text/html`.

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::{Answers, Fact};
use crate::problem::{Code, Problem};
use crate::system::{Ask, HttpSeen, Report, Seen};

pub const LIVE: &str = "/healthz";
pub const READY: &str = "/readyz";
/// Names the version, which the other two do not.
pub const STARTUP: &str = "/startupz";

#[derive(Deserialize)]
struct LiveBody {
    ok: bool,
    status: String,
    version: Option<String>,
}

#[derive(Deserialize)]
struct ReadyBody {
    ready: bool,
    #[serde(default)]
    failing: Vec<String>,
    version: Option<String>,
}

#[derive(Deserialize)]
struct StartupBody {
    version: Option<String>,
}

/// Nobody could be asked, for this reason.
pub fn unasked(why: Problem, read_at: Timestamp) -> Fact<Answers> {
    Fact { value: Answers::Unknown { why }, source: String::new(), read_at }
}

/// Reads the answers of the service's `port`.
pub fn read(port: u16, reports: &[Report]) -> Fact<Answers> {
    let about = |path: &str| {
        reports.iter().find(|report| matches!(&report.ask, Ask::Http { path: asked, .. } if asked == path))
    };
    let greeting = reports.iter().find(|report| matches!(report.ask, Ask::Greeting { .. }));
    let Some(live) = about(LIVE) else { return missing(port) };
    let value = versed(judge(live, about(READY), greeting), about(STARTUP));
    let source = match (&value, greeting) {
        (Answers::Ready { .. } | Answers::Silent { .. }, Some(report)) if is_page(&live.seen) => {
            &report.source
        }
        _ => &live.source,
    };
    Fact { value, source: source.clone(), read_at: live.at }
}

/// Adds the version that the gateway names on its start page.
fn versed(answers: Answers, startup: Option<&Report>) -> Answers {
    let Answers::Ready { version: None, latency_ms } = answers else { return answers };
    let body = match startup.map(|report| &report.seen) {
        Some(Seen::Http(http)) if is_json(http) => serde_json::from_str::<StartupBody>(&http.body).ok(),
        _ => None,
    };
    Answers::Ready { version: body.and_then(|body| body.version), latency_ms }
}

/// Whether the HTTP answer leaves open if this is a gateway of the older generation.
pub fn is_undecided(seen: &Seen) -> bool {
    is_page(seen)
}

fn is_page(seen: &Seen) -> bool {
    matches!(seen, Seen::Http(http) if !is_json(http))
}

fn is_json(http: &HttpSeen) -> bool {
    http.content_type
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn judge(live: &Report, ready: Option<&Report>, greeting: Option<&Report>) -> Answers {
    match &live.seen {
        Seen::Refused => Answers::Refused,
        Seen::Silent { waited } => Answers::Silent { waited_ms: millis(*waited) },
        Seen::Http(http) => match live_body(http) {
            Some(body) => readiness(http, body, ready),
            None => from_greeting(http, greeting),
        },
        Seen::Failed(why) => Answers::Unknown { why: why.clone() },
        Seen::Properties(_)
        | Seen::File(_)
        | Seen::Process(_)
        | Seen::Processes(_)
        | Seen::Load(_)
        | Seen::Listeners(_)
        | Seen::Greeting { .. }
        | Seen::Lines(_)
        | Seen::Answered(_)
        | Seen::Missing => Answers::Unknown { why: Problem::new(Code::Internal).with("report", "http") },
    }
}

fn live_body(http: &HttpSeen) -> Option<LiveBody> {
    let body: LiveBody =
        serde_json::from_str(&http.body).ok().filter(|_| is_json(http) && http.status == 200)?;
    (body.ok && body.status == "live").then_some(body)
}

fn readiness(live: &HttpSeen, body: LiveBody, ready: Option<&Report>) -> Answers {
    let latency_ms = millis(live.latency);
    let Some(Report { seen: Seen::Http(http), .. }) = ready else {
        return Answers::Live { failing: Vec::new(), latency_ms };
    };
    match serde_json::from_str::<ReadyBody>(&http.body) {
        Ok(told) if told.ready && http.status == 200 => {
            Answers::Ready { version: body.version.or(told.version), latency_ms }
        }
        Ok(told) => Answers::Live { failing: told.failing, latency_ms },
        // A gateway that has no readiness route of its own is as ready as it is alive.
        Err(_) if http.status == 404 => Answers::Ready { version: body.version, latency_ms },
        Err(_) => Answers::Live { failing: Vec::new(), latency_ms },
    }
}

fn from_greeting(http: &HttpSeen, greeting: Option<&Report>) -> Answers {
    match greeting.map(|report| &report.seen) {
        Some(Seen::Greeting { frame, latency }) if is_challenge(frame) || refuses_us(frame) => {
            Answers::Ready { version: None, latency_ms: millis(*latency) }
        }
        Some(Seen::Silent { waited }) => Answers::Silent { waited_ms: millis(*waited) },
        _ => Answers::NotGateway { saw: saw(http) },
    }
}

/// What does not even speak HTTP has no status.
fn saw(http: &HttpSeen) -> String {
    match http.status {
        0 => http.content_type.clone(),
        status => format!("HTTP {status} {}", http.content_type).trim_end().to_owned(),
    }
}

fn is_challenge(frame: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(frame)
        .is_ok_and(|value| value["type"] == "event" && value["event"] == "connect.challenge")
}

/// A gateway that shows us the door for want of a token or scope is up (OC 13.3): close code 1008 and words about authentication.
fn refuses_us(frame: &str) -> bool {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(frame) else { return false };
    let reason = value["reason"].as_str().unwrap_or_default().to_ascii_lowercase();
    let words =
        ["unauthorized", "auth", "token", "password", "pairing", "not_paired", "scope", "device identity"];
    value["type"] == "close" && value["code"] == 1008 && words.iter().any(|word| reason.contains(word))
}

fn missing(port: u16) -> Fact<Answers> {
    unasked(Problem::new(Code::NotAnswering).with("port", port), Timestamp::UNIX_EPOCH)
}

fn millis(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::system::Door;

    const MS: Duration = Duration::from_millis(4);

    fn http(path: &str, status: u16, kind: &str, body: &str) -> Report {
        let seen = HttpSeen { status, content_type: kind.to_owned(), body: body.to_owned(), latency: MS };
        report(asked(path), Seen::Http(seen))
    }

    fn asked(path: &str) -> Ask {
        Ask::Http { port: 1, path: path.to_owned(), door: Door::Plain }
    }

    fn report(ask: Ask, seen: Seen) -> Report {
        Report { ask, seen, source: "test".to_owned(), at: Timestamp::UNIX_EPOCH }
    }

    fn live() -> Report {
        http(LIVE, 200, "application/json; charset=utf-8", r#"{"ok":true,"status":"live"}"#)
    }

    fn page(path: &str) -> Report {
        http(path, 200, "text/html; charset=utf-8", "<!doctype html>")
    }

    fn greeting(frame: &str) -> Report {
        report(
            Ask::Greeting { port: 1, door: Door::Plain },
            Seen::Greeting { frame: frame.to_owned(), latency: MS },
        )
    }

    const CHALLENGE: &str = r#"{"type":"event","event":"connect.challenge","payload":{"nonce":"x","ts":1}}"#;

    #[test]
    fn live_and_ready_is_ready() {
        let ready = http(READY, 200, "application/json", r#"{"ready":true,"failing":[]}"#);
        assert_eq!(read(1, &[live(), ready]).value, Answers::Ready { version: None, latency_ms: 4 });
    }

    #[test]
    fn not_ready_names_what_is_missing() {
        let ready = http(READY, 503, "application/json", r#"{"ready":false,"failing":["telegram"]}"#);
        let wanted = Answers::Live { failing: vec!["telegram".to_owned()], latency_ms: 4 };
        assert_eq!(read(1, &[live(), ready]).value, wanted);
    }

    #[test]
    fn a_page_with_status_200_is_no_gateway() {
        let value = read(1, &[page(LIVE), page(READY), greeting("hello")]).value;
        assert_eq!(value, Answers::NotGateway { saw: "HTTP 200 text/html; charset=utf-8".to_owned() });
    }

    #[test]
    fn the_old_generation_is_known_by_its_greeting() {
        let value = read(1, &[page(LIVE), page(READY), greeting(CHALLENGE)]).value;
        assert_eq!(value, Answers::Ready { version: None, latency_ms: 4 });
    }

    #[test]
    fn a_close_for_want_of_a_token_is_an_answer_and_another_close_is_none() {
        let closed = |code: u16, reason: &str| {
            let frame = serde_json::json!({ "type": "close", "code": code, "reason": reason }).to_string();
            read(1, &[page(LIVE), page(READY), greeting(&frame)]).value
        };
        for reason in [
            "unauthorized: gateway token mismatch",
            "missing scope: operator.read",
            "device identity required",
        ] {
            assert!(matches!(closed(1008, reason), Answers::Ready { .. }), "{reason}");
        }
        assert!(matches!(closed(1008, "slow consumer"), Answers::NotGateway { .. }));
        assert!(matches!(closed(1000, "unauthorized"), Answers::NotGateway { .. }));
    }

    #[test]
    fn the_version_is_the_one_the_start_page_names() {
        let ready = http(READY, 200, "application/json", r#"{"ready":true,"failing":[]}"#);
        let startup =
            http(STARTUP, 200, "application/json", r#"{"ok":true,"status":"started","version":"2026.9.6"}"#);
        let wanted = Answers::Ready { version: Some("2026.9.6".to_owned()), latency_ms: 4 };
        assert_eq!(read(1, &[live(), ready, startup]).value, wanted);
    }

    #[test]
    fn json_that_says_something_else_is_no_gateway() {
        let other = http(LIVE, 200, "application/json", r#"{"ok":true,"status":"down"}"#);
        assert!(matches!(read(1, &[other]).value, Answers::NotGateway { .. }));
    }

    #[test]
    fn a_peer_that_says_nothing_is_silent() {
        let silent = report(asked(LIVE), Seen::Silent { waited: MS });
        assert_eq!(read(1, &[silent]).value, Answers::Silent { waited_ms: 4 });
    }
}
