//! What about a task will surprise its owner (A23, A26), as rules for the doctor. A rule's id is the catalogue's `flaw-<id>`.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::task::Task;
use crate::model::Flaw;

/// Every rule with its test; a hit gives the values of its sentence.
/// Its name, whether a reinstallation mends it, and what it finds.
type Rule = (&'static str, bool, fn(&Task) -> Option<Values>);

const RULES: &[Rule] = &[
    ("task-stops-on-battery", true, |task| flag(task, &["StopIfGoingOnBatteries"], true)),
    ("task-waits-for-mains", true, |task| flag(task, &["DisallowStartIfOnBatteries"], true)),
    ("task-time-limit", true, time_limit),
    ("task-stops-when-used", true, |task| flag(task, &["IdleSettings", "StopOnIdleEnd"], true)),
    ("task-only-when-idle", true, |task| flag(task, &["RunOnlyIfIdle"], false)),
    ("task-runs-twice", true, |task| (instances(task) == "Parallel").then(Values::new)),
    ("task-not-by-itself", true, |task| (!task.starts_by_itself()).then(Values::new)),
    ("task-trigger-ends", false, trigger_ends),
    ("task-switched-off", true, |task| (!task.is_enabled()).then(Values::new)),
    ("task-sign-in-only", false, sign_in_only),
];

type Values = BTreeMap<String, String>;

/// The rules that `task` breaks. Whether its script is still there is for [`missing`] to say.
pub fn audit(task: &Task) -> Vec<Flaw> {
    let broken = RULES.iter().filter_map(|(rule, mendable, test)| Some((rule, *mendable, test(task)?)));
    broken.map(|(rule, mendable, values)| Flaw { rule: (*rule).to_owned(), values, mendable }).collect()
}

/// The task is there, but what it starts is not (Qclaw#79).
pub fn missing(path: &str) -> Flaw {
    let values = [("path".to_owned(), path.to_owned())].into();
    Flaw { rule: "task-program-missing".to_owned(), values, mendable: true }
}

/// By the clock and not only at sign-in; local time.
pub fn next_start(at: DateTime) -> Flaw {
    let values = [("at".to_owned(), at.strftime("%Y-%m-%d %H:%M").to_string())].into();
    Flaw { rule: "task-next-start".to_owned(), values, mendable: false }
}

/// The Startup folder is a makeshift, and says so.
pub fn startup_item(path: &str) -> Flaw {
    let values = [("path".to_owned(), path.to_owned())].into();
    Flaw { rule: "startup-item".to_owned(), values, mendable: true }
}

/// A task and an item in the Startup folder: at sign-in each starts a gateway, and only one of them can have the port.
pub fn starts_twice(path: &str) -> Flaw {
    let values = [("path".to_owned(), path.to_owned())].into();
    Flaw { rule: Flaw::STARTS_TWICE.to_owned(), values, mendable: true }
}

/// A setting that is on, or absent where the schema's default is on.
fn flag(task: &Task, path: &[&str], default: bool) -> Option<Values> {
    let on = task.setting(path).map_or(default, |text| text == "true" || text == "1");
    on.then(Values::new)
}

/// Absent is 72 hours; `PT0S` is none.
fn time_limit(task: &Task) -> Option<Values> {
    let limit = task.setting(&["ExecutionTimeLimit"]).unwrap_or_else(|| "PT72H".to_owned());
    let is_none =
        limit.trim_start_matches('P').trim_start_matches('T').trim_end_matches(['S', 'M', 'H', 'D']) == "0";
    (!is_none).then(|| [("limit".to_owned(), limit)].into())
}

fn instances(task: &Task) -> String {
    task.setting(&["MultipleInstancesPolicy"]).unwrap_or_else(|| "IgnoreNew".to_owned())
}

/// A repetition or trigger that runs out and leaves the gateway unwatched (upstream #81020).
fn trigger_ends(task: &Task) -> Option<Values> {
    let ends = task.triggers().into_iter().find_map(|trigger| trigger.ends.or(trigger.repeats_for));
    ends.map(|ends| [("ends".to_owned(), ends)].into())
}

/// The password-less kinds that need somebody at the screen (upstream #143757).
fn sign_in_only(task: &Task) -> Option<Values> {
    let kind = task.logon_type().unwrap_or_default();
    let alone = matches!(kind.as_str(), "S4U" | "Password" | "ServiceAccount");
    (!alone).then(Values::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::schtasks::task::{Action, Wanted};

    fn rules(task: &Task) -> Vec<String> {
        audit(task).into_iter().map(|flaw| flaw.rule).collect()
    }

    fn wanted() -> Wanted<'static> {
        let action = Action { command: r"C:\g.exe".to_owned(), ..Action::default() };
        Wanted { description: "OpenClaw Gateway", user: r"PC\anna", action }
    }

    /// What `schtasks /Create /SC ONLOGON` writes.
    const CREATED: &str = include_str!("../../../../tests/fixtures/schtasks/xml/openclaw-2026.2.xml");

    #[test]
    fn our_own_task_has_nothing_to_mend() {
        let task = Task::new(&wanted()).unwrap();
        assert_eq!(rules(&task), ["task-sign-in-only"]);
        assert!(audit(&task).iter().all(|flaw| !flaw.mendable));
    }

    #[test]
    fn a_task_by_create_stops_on_battery_and_after_three_days() {
        let task = Task::parse(CREATED).unwrap();
        assert_eq!(
            rules(&task),
            [
                "task-stops-on-battery",
                "task-waits-for-mains",
                "task-time-limit",
                "task-stops-when-used",
                "task-sign-in-only"
            ]
        );
    }

    #[test]
    fn an_update_mends_everything_that_is_mendable() {
        let task = Task::parse(CREATED).unwrap().updated(&wanted()).unwrap();
        assert!(audit(&task).iter().all(|flaw| !flaw.mendable), "{:?}", audit(&task));
    }

    #[test]
    fn a_repetition_that_runs_out_is_told_with_its_length() {
        let text = CREATED.replace(
            "<Enabled>true</Enabled>\n      <UserId>",
            "<Repetition><Interval>PT5M</Interval><Duration>P1D</Duration></Repetition><Enabled>true</Enabled>\n      <UserId>",
        );
        assert_ne!(text, CREATED);
        let flaws = audit(&Task::parse(&text).unwrap());
        let ends = flaws.iter().find(|flaw| flaw.rule == "task-trigger-ends").unwrap();
        assert_eq!(ends.values["ends"], "P1D");
    }

    #[test]
    fn a_task_with_a_stored_password_starts_without_a_person() {
        let text = CREATED.replace("InteractiveToken", "Password");
        assert!(!rules(&Task::parse(&text).unwrap()).contains(&"task-sign-in-only".to_owned()));
    }

    #[test]
    fn no_limit_may_be_spelled_in_any_unit() {
        for (limit, hits) in
            [("PT0S", false), ("P0D", false), ("PT0H", false), ("PT1H", true), ("P10D", true)]
        {
            let text = CREATED.replace("PT72H", limit);
            let hit = rules(&Task::parse(&text).unwrap()).contains(&"task-time-limit".to_owned());
            assert_eq!(hit, hits, "{limit}");
        }
    }
}
