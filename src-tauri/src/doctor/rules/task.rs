//! Scheduled Tasks: the adapter finds these by itself, and each is one rule here.

use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};

const fn rule(
    id: &'static str,
    severity: Severity,
    remedy: Remedy,
    look: fn(&Evidence) -> Option<Values>,
) -> Rule {
    Rule { id, severity, area: Area::Definition, remedy, look }
}

const MEND: Remedy = Remedy::Reinstall;

pub const RULES: &[Rule] = &[
    rule("task-stops-on-battery", Severity::Error, MEND, |it| flaw(it, "task-stops-on-battery")),
    rule("task-waits-for-mains", Severity::Warning, MEND, |it| flaw(it, "task-waits-for-mains")),
    rule("task-time-limit", Severity::Error, MEND, |it| flaw(it, "task-time-limit")),
    rule("task-stops-when-used", Severity::Error, MEND, |it| flaw(it, "task-stops-when-used")),
    rule("task-only-when-idle", Severity::Error, MEND, |it| flaw(it, "task-only-when-idle")),
    rule("task-runs-twice", Severity::Error, MEND, |it| flaw(it, "task-runs-twice")),
    rule("task-not-by-itself", Severity::Warning, MEND, |it| flaw(it, "task-not-by-itself")),
    rule("task-trigger-ends", Severity::Warning, Remedy::Nothing, |it| flaw(it, "task-trigger-ends")),
    rule("task-switched-off", Severity::Warning, MEND, |it| flaw(it, "task-switched-off")),
    rule("task-sign-in-only", Severity::Note, Remedy::Nothing, |it| flaw(it, "task-sign-in-only")),
    rule("task-next-start", Severity::Note, Remedy::Nothing, |it| flaw(it, "task-next-start")),
    rule("task-program-missing", Severity::Error, MEND, |it| flaw(it, "task-program-missing")),
    rule("starts-twice", Severity::Error, MEND, |it| flaw(it, "starts-twice")),
    rule("startup-item", Severity::Note, MEND, |it| flaw(it, "startup-item")),
];

fn flaw(evidence: &Evidence, rule: &str) -> Option<Values> {
    let flaws = &evidence.registration()?.flaws;
    flaws.iter().find(|flaw| flaw.rule == rule).map(|flaw| flaw.values.clone())
}
