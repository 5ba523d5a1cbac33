//! A short report for whoever is asked for help: how the gateway is, without secrets and without the account's name.

use crate::layout::at_home;
use crate::model::GatewayState;
use crate::redact::redact;
use crate::view::text::Page;

/// On which machine, and by whom.
pub struct Byline<'a> {
    pub version: &'a str,
    /// `linux x86_64`.
    pub system: &'a str,
    /// The account's home folder; `~` stands in its place.
    pub home: &'a str,
}

/// One screen of text with a last newline.
pub fn report(state: Option<&GatewayState>, by: &Byline<'_>, page: &Page<'_>) -> String {
    let head = format!("Gateward {} · {} · {}\n\n", by.version, by.system, page.time(page.now));
    let body = state.map(|state| page.state(state)).unwrap_or_default();
    let lines = body.lines().map(|line| redact(&at_home(by.home, line)));
    head + &lines.map(|line| line + "\n").collect::<String>()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::view::window::tests::canned;
    use crate::words::Words;

    fn drawn(name: &str) -> String {
        let states = canned();
        let (_, shown) = states.iter().find(|(known, _)| *known == name).unwrap();
        let page = Page {
            words: &Words::english(),
            zone: TimeZone::UTC,
            now: "2026-11-22T12:00:02Z".parse().unwrap(),
            colour: false,
            profile: None,
        };
        let by = Byline { version: "0.1.0", system: "linux x86_64", home: "/home/anna" };
        report(Some(&shown.state), &by, &page)
    }

    #[test]
    fn it_says_who_reports_and_how_the_gateway_is() {
        let text = drawn("ready");
        assert!(text.starts_with("Gateward 0.1.0 · linux x86_64 · 2026-11-22 12:00:02\n\n● Gateway running"));
        assert!(text.contains("~/.config/systemd/user/openclaw-gateway.service"), "{text}");
    }

    #[test]
    fn the_accounts_folder_is_in_none() {
        for (name, _) in canned() {
            assert!(!drawn(name).contains("/home/anna"), "{name}");
        }
    }
}
