//! An alert, packed for one route. Pure.

use std::time::Duration;

use serde_json::json;

use super::{Alert, mail};
use crate::model::Redacted;
use crate::plan::{Call, Tool};
use crate::problem::{Code, Problem};
use crate::settings::{Route, RouteSecrets, Via};
use crate::system::Post;

/// How the machine is to send it.
#[derive(Clone, Debug, PartialEq)]
pub enum Parcel {
    /// Runs a program with this on its standard input.
    Feed {
        call: Call,
        input: String,
    },
    Post(Post),
}

/// How long one attempt may take.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Packs `alert` for `route`, which the owner named `name`.
///
/// # Errors
/// `AlertFailed` when the route lacks its address, or has none that can be used.
pub fn parcel(alert: &Alert, name: &str, route: &Route, secrets: &RouteSecrets) -> Result<Parcel, Problem> {
    let address = || {
        let field = format!("alerts.routes.{name}.url");
        secrets.url.clone().ok_or_else(|| {
            Problem::new(Code::AlertFailed)
                .with("route", name)
                .because("it has no address yet")
                .hint_command("set-address", format!("gateward settings set {field}"))
        })
    };
    let post = |url, body: serde_json::Value| {
        Parcel::Post(Post { url, token: secrets.token.clone(), body: body.to_string(), deadline: DEADLINE })
    };
    match &route.via {
        Via::Command { command } => Ok(Parcel::Feed { call: call(command), input: line(alert) }),
        Via::Webhook => Ok(post(address()?, json!(alert))),
        Via::Ntfy => {
            let (server, topic) = ntfy(&address()?).ok_or_else(|| {
                let cause = "the address is not that of a topic, as in https://ntfy.sh/TOPIC";
                Problem::new(Code::AlertFailed).with("route", name).because(cause)
            })?;
            Ok(post(server, published(alert, &topic)))
        }
        // `-i`: a line with a single dot is no end. `--`: the recipient is no option.
        Via::Mail { to } => Ok(Parcel::Feed {
            call: Call::new(Tool::Sendmail, &["-i", "--", to], DEADLINE),
            input: mail::message(alert, to),
        }),
    }
}

fn call(command: &[String]) -> Call {
    let program = command.first().cloned().unwrap_or_default();
    let args: Vec<&str> = command.iter().skip(1).map(String::as_str).collect();
    Call::new(Tool::At(program), &args, DEADLINE)
}

fn line(alert: &Alert) -> String {
    json!(alert).to_string() + "\n"
}

/// The server's root and the topic. Published as JSON to the root, a title may hold any character; a header may not.
fn ntfy(url: &Redacted) -> Option<(Redacted, String)> {
    let (server, topic) = url.reveal().trim_end_matches('/').rsplit_once('/')?;
    let is_topic = !topic.is_empty() && topic.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    (is_topic && server.contains("://")).then(|| (Redacted::new(format!("{server}/")), topic.to_owned()))
}

/// As ntfy's "Publish as JSON" has it.
fn published(alert: &Alert, topic: &str) -> serde_json::Value {
    let (priority, tag) = match alert.urgent {
        true => (5, "rotating_light"),
        false => (3, "information_source"),
    };
    json!({
        "topic": topic, "title": alert.subject(), "message": alert.text, "priority": priority, "tags": [tag],
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::model::NoticeKind;

    pub fn alert(title: &str) -> Alert {
        Alert {
            schema: super::super::SCHEMA,
            event: NoticeKind::Crash,
            profile: "default".to_owned(),
            machine: "box".to_owned(),
            at: "2026-11-22T12:00:00Z".parse().unwrap(),
            title: title.to_owned(),
            text: "Process killed.".to_owned(),
            urgent: true,
        }
    }

    fn route(via: Via) -> Route {
        Route { via, on: true, urgent_only: false }
    }

    fn at(url: &str) -> RouteSecrets {
        RouteSecrets { url: Some(Redacted::new(url)), token: None }
    }

    #[test]
    fn a_command_gets_one_line_of_json() {
        let via = Via::Command { command: vec!["/opt/tell me".to_owned(), "-x".to_owned()] };
        let packed = parcel(&alert("A\nB"), "x", &route(via), &RouteSecrets::default()).unwrap();
        let Parcel::Feed { call, input } = packed else { panic!() };
        assert_eq!((call.to_string(), input.lines().count()), ("/opt/tell me -x".to_owned(), 1));
        assert_eq!(serde_json::from_str::<Alert>(&input).unwrap(), alert("A\nB"));
    }

    #[test]
    fn ntfy_gets_json_at_its_root() {
        let packed = parcel(&alert("Ä"), "x", &route(Via::Ntfy), &at("https://ntfy.sh/mine")).unwrap();
        let Parcel::Post(post) = packed else { panic!() };
        assert_eq!(post.url.reveal(), "https://ntfy.sh/");
        let body: serde_json::Value = serde_json::from_str(&post.body).unwrap();
        assert_eq!(
            (&body["topic"], &body["title"], &body["priority"]),
            (&json!("mine"), &json!("[box] Ä"), &json!(5))
        );
    }

    #[test]
    fn a_route_without_its_address_says_how_to_set_it() {
        let problem =
            parcel(&alert("A"), "phone", &route(Via::Webhook), &RouteSecrets::default()).unwrap_err();
        let command = problem.hints[0].command.as_deref();
        assert_eq!(command, Some("gateward settings set alerts.routes.phone.url"));
    }

    #[test]
    fn no_failure_repeats_an_address() {
        for url in ["hunter2", "https://ntfy.sh/hunter2?x", "https:///"] {
            let problem = parcel(&alert("A"), "x", &route(Via::Ntfy), &at(url)).unwrap_err();
            assert!(!format!("{problem:?}").contains("hunter2"), "{url}");
        }
    }
}
