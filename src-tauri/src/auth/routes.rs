//! Where the monitor tells its news by its environment: WARN_HOURS' neighbours of the upstream script (OC 11.1), and two more.

use std::collections::BTreeMap;

use crate::identity::Surroundings;
use crate::layout::Os;
use crate::model::Redacted;
use crate::settings::{Route, RouteSecrets, Via};

/// The variables, which `--install` keeps in an owner-only file.
pub const VARIABLES: [&str; 5] =
    ["WARN_HOURS", "NOTIFY_NTFY", "NOTIFY_COMMAND", "NOTIFY_WEBHOOK", "NOTIFY_PHONE"];

/// One way to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    Route {
        name: &'static str,
        route: Route,
        secrets: RouteSecrets,
    },
    /// Through a channel of the gateway itself, `openclaw message send`.
    Phone {
        target: Redacted,
    },
}

impl Way {
    pub fn name(&self) -> &'static str {
        match self {
            Way::Route { name, .. } => name,
            Way::Phone { .. } => "NOTIFY_PHONE",
        }
    }
}

/// The ways that `variables` name.
pub fn ways(variables: &BTreeMap<String, String>, around: &Surroundings) -> Vec<Way> {
    let given = |name: &str| variables.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let route = |name, via, url: Option<String>| Way::Route {
        name,
        route: Route { via, on: true, urgent_only: false },
        secrets: RouteSecrets { url: url.map(Redacted::new), token: None },
    };
    let ntfy = given("NOTIFY_NTFY").map(|topic| route("NOTIFY_NTFY", Via::Ntfy, Some(topic_url(topic))));
    let webhook =
        given("NOTIFY_WEBHOOK").map(|url| route("NOTIFY_WEBHOOK", Via::Webhook, Some(url.to_owned())));
    let command = given("NOTIFY_COMMAND")
        .map(|text| route("NOTIFY_COMMAND", Via::Command { command: shell(text, around.os) }, None));
    let phone = given("NOTIFY_PHONE").map(|target| Way::Phone { target: Redacted::new(target) });
    [ntfy, webhook, command, phone].into_iter().flatten().collect()
}

/// A bare topic is one of ntfy.sh, as upstream has it.
fn topic_url(text: &str) -> String {
    if text.contains("://") { text.to_owned() } else { format!("https://ntfy.sh/{text}") }
}

fn shell(text: &str, os: Os) -> Vec<String> {
    let words = match os {
        Os::Linux | Os::MacOs => ["/bin/sh", "-c", text],
        Os::Windows => [r"C:\Windows\System32\cmd.exe", "/c", text],
    };
    words.map(str::to_owned).into()
}

/// The file that keeps them; `None` when none is set.
pub fn kept(around: &Surroundings) -> Option<Redacted> {
    let lines: String = VARIABLES
        .iter()
        .filter_map(|name| Some(format!("{name}={}\n", around.variable(name)?.replace(['\n', '\r'], " "))))
        .collect();
    (!lines.is_empty()).then(|| Redacted::new(lines))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;

    #[test]
    fn each_variable_is_a_way() {
        let set = [
            ("NOTIFY_NTFY", "topic"),
            ("NOTIFY_WEBHOOK", "http://h/x"),
            ("NOTIFY_COMMAND", "mail me"),
            ("NOTIFY_PHONE", "+49"),
        ];
        let variables = set.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let ways = ways(&variables, &around(&[]));
        let names: Vec<_> = ways.iter().map(Way::name).collect();
        assert_eq!(names, ["NOTIFY_NTFY", "NOTIFY_WEBHOOK", "NOTIFY_COMMAND", "NOTIFY_PHONE"]);
        let Way::Route { secrets, .. } = &ways[0] else { panic!() };
        assert_eq!(secrets.url.as_ref().unwrap().reveal(), "https://ntfy.sh/topic");
    }

    #[test]
    fn addresses_and_numbers_are_secrets() {
        let kept = kept(&around(&[("NOTIFY_NTFY", "hunter2"), ("WARN_HOURS", "3")])).unwrap();
        assert_eq!(kept.reveal(), "WARN_HOURS=3\nNOTIFY_NTFY=hunter2\n");
        assert!(!format!("{kept:?}").contains("hunter2"));
        assert!(super::kept(&around(&[])).is_none());
    }
}
