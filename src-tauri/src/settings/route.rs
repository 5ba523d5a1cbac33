//! One way to reach the owner.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    #[serde(flatten)]
    pub via: Via,
    #[serde(default = "yes")]
    pub on: bool,
    /// Keeps still for what is not urgent: a single crash, a recovery.
    #[serde(default)]
    pub urgent_only: bool,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "via", rename_all = "kebab-case")]
pub enum Via {
    /// A program, by absolute path, with its arguments; it gets the alert as JSON on its standard input.
    Command { command: Vec<String> },
    /// An HTTP POST of the alert as JSON. The address is secret: it often holds a token.
    Webhook,
    /// A topic of an ntfy server. Its address is secret: who knows it can read along.
    Ntfy,
    /// E-mail through the machine's own sendmail(8).
    Mail { to: String },
}

impl Via {
    /// Its name in the settings.
    pub fn name(&self) -> &'static str {
        match self {
            Via::Command { .. } => "command",
            Via::Webhook => "webhook",
            Via::Ntfy => "ntfy",
            Via::Mail { .. } => "mail",
        }
    }
}

impl Route {
    /// Why it could never work; `None` when nothing speaks against it.
    pub fn fault(&self) -> Option<&'static str> {
        match &self.via {
            Via::Command { command } => match command.first() {
                Some(program) if crate::layout::is_absolute(program) => None,
                Some(_) => Some("command must begin with a program's absolute path"),
                None => Some("command is empty"),
            },
            Via::Mail { to } => {
                let is_plain =
                    to.contains('@') && !to.contains(|c: char| c.is_control() || c.is_whitespace());
                // One that begins with a dash would be an option of sendmail's.
                (!is_plain || to.starts_with('-')).then_some("to must be one e-mail address")
            }
            Via::Webhook | Via::Ntfy => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Route {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_route_is_on_unless_it_says_otherwise() {
        assert!(route(r#"{"via":"ntfy"}"#).on);
        assert!(!route(r#"{"via":"ntfy","on":false}"#).on);
    }

    #[test]
    fn a_recipient_cannot_be_an_option_or_a_header() {
        for to in ["-oQ/tmp@x", "a@b\nBcc: c@d", "nobody", ""] {
            let route = Route { via: Via::Mail { to: to.to_owned() }, on: true, urgent_only: false };
            assert!(route.fault().is_some(), "{to:?}");
        }
    }

    #[test]
    fn a_command_is_no_word_to_look_up() {
        assert!(route(r#"{"via":"command","command":["curl"]}"#).fault().is_some());
        assert_eq!(route(r#"{"via":"command","command":["/usr/bin/curl","-s"]}"#).fault(), None);
    }
}
