//! What a scripted process says on its port.

use std::time::Duration;

use gateward::system::{HttpSeen, Seen};

#[derive(Clone, Copy, Debug, Default)]
pub enum Replies {
    /// As a gateway that is ready.
    #[default]
    Ready,
    /// It accepts and says nothing.
    Silence,
    /// A page for every path.
    Page,
}

impl Replies {
    pub fn to(self, path: &str) -> Seen {
        let http = |content_type: &str, body: &str| {
            Seen::Http(HttpSeen {
                status: 200,
                content_type: content_type.to_owned(),
                body: body.to_owned(),
                latency: Duration::from_millis(4),
            })
        };
        match (self, path) {
            (Replies::Silence, _) => Seen::Silent { waited: Duration::from_secs(2) },
            (Replies::Page, _) => http("text/html", "<!doctype html>"),
            (Replies::Ready, "/readyz") => http("application/json", r#"{"ready":true,"version":"2026.9.6"}"#),
            (Replies::Ready, _) => {
                http("application/json", r#"{"ok":true,"status":"live","version":"2026.9.6"}"#)
            }
        }
    }
}
