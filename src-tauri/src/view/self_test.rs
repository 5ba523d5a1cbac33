//! Why the tray icon is shown or not, one link of the chain after the other.

use serde::{Deserialize, Serialize};

use crate::model::TrayHost;
use crate::words::Words;

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

/// `place` is the desktop's for icons, where it needs one; `icon` whether ours is there.
pub fn self_test(place: Option<TrayHost>, icon: bool, is_gnome: bool, words: &Words) -> SelfTest {
    let links = place.map(|it| [("bus", it.bus), ("watcher", it.watcher), ("host", it.host)]);
    let all = links.into_iter().flatten().chain([("icon", icon)]);
    let step = |(name, holds): (&str, bool)| {
        let key = format!("self-test-{name}-{}", if holds { "holds" } else { "fails" });
        StepSeen { sentence: words.say(&key, &[]), holds }
    };
    let broken = all.clone().find(|(_, holds)| !holds);
    SelfTest { advice: broken.map(|(name, _)| advice(name, is_gnome, words)), steps: all.map(step).collect() }
}

/// GNOME has no place for icons without its extension.
fn advice(broken: &str, is_gnome: bool, words: &Words) -> String {
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

    fn tested(watcher: bool, host: bool, icon: bool, is_gnome: bool) -> SelfTest {
        let place = TrayHost { bus: true, watcher, host };
        self_test(Some(place), icon, is_gnome, &Words::english())
    }

    #[test]
    fn a_whole_chain_needs_no_advice() {
        let told = tested(true, true, true, false);
        assert!(told.advice.is_none() && told.steps.iter().all(|step| step.holds));
    }

    #[test]
    fn the_first_broken_link_is_what_is_advised_on() {
        let gnome = tested(false, false, false, true).advice.unwrap();
        let other = tested(false, false, false, false).advice.unwrap();
        let icon = tested(true, true, false, false).advice.unwrap();
        assert!(gnome.contains("AppIndicator"), "{gnome}");
        assert!(gnome != other && other != icon && !icon.starts_with("self-test"), "{other} {icon}");
    }

    #[test]
    fn where_no_bus_is_needed_only_the_icon_counts() {
        let told = self_test(None, true, false, &Words::english());
        assert_eq!(told.steps.len(), 1);
    }
}
