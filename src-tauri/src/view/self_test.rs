//! Why the tray icon is shown or not, one link of the chain after the other.

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// What was found of the desktop's place for icons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether the session's bus answers; `None` on systems that need none.
    pub bus: Option<bool>,
    /// Whether somebody keeps the list of icons (`org.kde.StatusNotifierWatcher`).
    pub watcher: Option<bool>,
    /// Whether somebody draws them.
    pub host: Option<bool>,
    /// Whether our icon is there.
    pub icon: bool,
}

/// The answer of the window's `tray_check` command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SelfTest {
    pub steps: Vec<StepSeen>,
    /// What to do, where the chain is broken.
    pub advice: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StepSeen {
    pub sentence: String,
    pub holds: bool,
}

/// `desktop` is `XDG_CURRENT_DESKTOP`.
pub fn self_test(seen: &Seen, desktop: Option<&str>, words: &Words) -> SelfTest {
    let all = [("bus", seen.bus), ("watcher", seen.watcher), ("host", seen.host), ("icon", Some(seen.icon))];
    let step = |(name, holds): (&str, Option<bool>)| {
        let holds = holds?;
        let key = format!("self-test-{name}-{}", if holds { "holds" } else { "fails" });
        Some((name.to_owned(), StepSeen { sentence: words.say(&key, &[]), holds }))
    };
    let told: Vec<(String, StepSeen)> = all.into_iter().filter_map(step).collect();
    let broken = told.iter().find(|(_, step)| !step.holds).map(|(name, _)| name.as_str());
    SelfTest {
        advice: broken.map(|name| advice(name, desktop, words)),
        steps: told.into_iter().map(|it| it.1).collect(),
    }
}

/// GNOME has no place for icons without its extension.
fn advice(broken: &str, desktop: Option<&str>, words: &Words) -> String {
    let is_gnome = desktop.is_some_and(|name| name.to_ascii_uppercase().contains("GNOME"));
    let key = match broken {
        "watcher" | "host" if is_gnome => "self-test-advice-gnome",
        "watcher" | "host" => "self-test-advice-panel",
        "bus" => "self-test-advice-bus",
        _ => "self-test-advice-icon",
    };
    words.say(key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested(watcher: bool, host: bool, icon: bool, desktop: &str) -> SelfTest {
        let seen = Seen { bus: Some(true), watcher: Some(watcher), host: Some(host), icon };
        self_test(&seen, Some(desktop), &Words::english())
    }

    #[test]
    fn a_whole_chain_needs_no_advice() {
        let told = tested(true, true, true, "XFCE");
        assert!(told.advice.is_none() && told.steps.iter().all(|step| step.holds));
    }

    #[test]
    fn the_first_broken_link_is_what_is_advised_on() {
        let gnome = tested(false, false, false, "ubuntu:GNOME").advice.unwrap();
        let other = tested(false, false, false, "XFCE").advice.unwrap();
        let icon = tested(true, true, false, "KDE").advice.unwrap();
        assert!(gnome.contains("AppIndicator"), "{gnome}");
        assert!(gnome != other && other != icon && !icon.starts_with("self-test"), "{other} {icon}");
    }

    #[test]
    fn where_no_bus_is_needed_only_the_icon_counts() {
        let told = self_test(&Seen { icon: true, ..Seen::default() }, None, &Words::english());
        assert_eq!(told.steps.len(), 1);
    }
}
