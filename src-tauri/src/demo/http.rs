use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::gateway::{Gateway, Phase};
use super::generation::Generation;
use crate::markup::escaped;

/// What an HTTP request is answered with, but for the headers every answer bears.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub body: String,
}

/// Answers `method path` as the imitated generation does (observed 3.2).
pub fn answer(gateway: &Gateway, method: &Method, path: &str) -> Reply {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    match route(path, gateway.generation, gateway.html_only) {
        Route::Live => json_reply(StatusCode::OK, &json!({ "ok": true, "status": "live" })),
        Route::Startup => startup(gateway),
        Route::Ready => readiness(gateway),
        Route::Missing => text(StatusCode::NOT_FOUND, "Not Found"),
        Route::PostOnly => text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"),
        Route::Page => Reply {
            status: StatusCode::OK,
            content_type: "text/html; charset=utf-8",
            body: page(&gateway.version),
        },
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Route {
    Live,
    Startup,
    Ready,
    Missing,
    PostOnly,
    Page,
}

fn route(path: &str, generation: Generation, html_only: bool) -> Route {
    let answers_json = generation == Generation::New && !html_only;
    match path {
        "/tools/invoke" => Route::PostOnly,
        "/health" | "/healthz" if answers_json => Route::Live,
        "/startup" | "/startupz" if answers_json => Route::Startup,
        "/ready" | "/readyz" if answers_json => Route::Ready,
        "/v1/models" if answers_json => Route::Missing,
        _ => Route::Page,
    }
}

fn startup(gateway: &Gateway) -> Reply {
    let (status, word) = match gateway.phase() {
        Phase::Running if gateway.is_started() => (StatusCode::OK, "started"),
        Phase::Running => (StatusCode::SERVICE_UNAVAILABLE, "starting"),
        Phase::Draining | Phase::Closing(_) => (StatusCode::SERVICE_UNAVAILABLE, "draining"),
    };
    json_reply(
        status,
        &json!({
            "ok": status == StatusCode::OK, "status": word, "version": gateway.version, "uptimeMs": milliseconds(gateway),
        }),
    )
}

fn readiness(gateway: &Gateway) -> Reply {
    let failing = gateway.failing();
    let status = if failing.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json_reply(
        status,
        &json!({
            "ready": failing.is_empty(), "failing": failing, "uptimeMs": milliseconds(gateway),
            "eventLoop": { "degraded": false, "reasons": [] },
        }),
    )
}

/// The gateway's uptime as every answer writes it, in whole milliseconds.
pub fn milliseconds(gateway: &Gateway) -> u64 {
    u64::try_from(gateway.uptime().as_millis()).unwrap_or(u64::MAX)
}

fn json_reply(status: StatusCode, body: &Value) -> Reply {
    Reply { status, content_type: "application/json; charset=utf-8", body: body.to_string() }
}

fn text(status: StatusCode, body: &str) -> Reply {
    Reply { status, content_type: "text/plain; charset=utf-8", body: body.to_owned() }
}

fn page(version: &str) -> String {
    let version = escaped(version);
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Demo gateway</title>\n\
         <h1>Demo gateway</h1>\n<p>A stand-in for OpenClaw {version}. There is no assistant behind it.</p>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_generation_tells_probes_apart() {
        let routes = ["/health", "/healthz", "/startupz", "/readyz", "/v1/models", "/chat"]
            .map(|path| route(path, Generation::New, false));
        let expected = [Route::Live, Route::Live, Route::Startup, Route::Ready, Route::Missing, Route::Page];
        assert_eq!(routes, expected);
    }

    #[test]
    fn the_old_generation_has_a_page_on_every_path() {
        let mut paths = ["/health", "/readyz", "/startup", "/v1/models", "/", "/x"].into_iter();
        assert!(paths.all(|path| route(path, Generation::Old, false) == Route::Page));
    }

    #[test]
    fn html_only_makes_the_new_generation_answer_as_the_old_one() {
        assert_eq!(route("/healthz", Generation::New, true), Route::Page);
    }

    #[test]
    fn the_page_escapes_the_version() {
        assert!(page("<script>&\"").contains("&lt;script&gt;&amp;&quot;"));
    }
}
