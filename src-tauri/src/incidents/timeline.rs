//! What changed just before something went wrong, answered from the same incidents.

use jiff::SignedDuration;

use crate::model::{Incident, IncidentKind};

/// A change further back is no longer "just before".
const JUST_BEFORE: SignedDuration = SignedDuration::from_mins(30);

/// As many as a person reads.
const MOST: usize = 3;

/// The changes shortly before `incident`, newest first, each kind once; none for what has no cause to look for.
pub fn changes_before<'a>(incident: &Incident, all: &'a [Incident]) -> Vec<&'a Incident> {
    if !asks_why(incident.kind) {
        return Vec::new();
    }
    let is_before = |change: &&Incident| {
        let ago = incident.at.duration_since(change.at);
        ago >= SignedDuration::ZERO && ago <= JUST_BEFORE && change.profile == incident.profile
    };
    let mut changes: Vec<&Incident> =
        all.iter().filter(|other| is_change(other.kind)).filter(is_before).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    let mut kinds = Vec::new();
    changes.retain(|change| {
        !kinds.contains(&change.kind) && {
            kinds.push(change.kind);
            true
        }
    });
    changes.truncate(MOST);
    changes
}

fn asks_why(kind: IncidentKind) -> bool {
    match kind {
        IncidentKind::Crash | IncidentKind::GaveUp | IncidentKind::ConfigError | IncidentKind::Hung => true,
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::KilledAtDeadline
        | IncidentKind::PortTaken
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped => false,
    }
}

fn is_change(kind: IncidentKind) -> bool {
    match kind {
        IncidentKind::Installed
        | IncidentKind::PortTaken
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped => true,
        IncidentKind::Crash
        | IncidentKind::CredentialEnding
        | IncidentKind::GaveUp
        | IncidentKind::ConfigError
        | IncidentKind::Hung
        | IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Recovered
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::KilledAtDeadline => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::By;

    fn at(time: &str, kind: IncidentKind) -> Incident {
        let at = format!("2026-11-22T{time}Z").parse().unwrap();
        Incident::plain("default", kind, at, By::Itself)
    }

    fn kinds(incident: &Incident, all: &[Incident]) -> Vec<IncidentKind> {
        changes_before(incident, all).iter().map(|change| change.kind).collect()
    }

    #[test]
    fn the_changes_before_a_crash_are_told_newest_first() {
        let all = [
            at("12:00:00", IncidentKind::VersionChanged),
            at("12:05:00", IncidentKind::ConfigChanged),
            at("12:06:00", IncidentKind::Started),
            at("12:20:00", IncidentKind::DefinitionChanged),
        ];
        let crash = at("12:10:00", IncidentKind::Crash);
        assert_eq!(kinds(&crash, &all), [IncidentKind::ConfigChanged, IncidentKind::VersionChanged]);
    }

    #[test]
    fn what_changed_yesterday_is_not_just_before() {
        let all = [at("09:00:00", IncidentKind::ConfigChanged)];
        assert!(kinds(&at("12:00:00", IncidentKind::Crash), &all).is_empty());
    }

    #[test]
    fn a_file_written_twice_is_one_change() {
        let all = [at("12:00:00", IncidentKind::ConfigChanged), at("12:01:00", IncidentKind::ConfigChanged)];
        assert_eq!(kinds(&at("12:02:00", IncidentKind::Crash), &all).len(), 1);
    }

    #[test]
    fn nobody_asks_why_it_was_stopped() {
        let all = [at("12:00:00", IncidentKind::ConfigChanged)];
        assert!(kinds(&at("12:02:00", IncidentKind::Stopped), &all).is_empty());
    }
}
