//! Scheduled Tasks: the adapter finds these by itself, and each is one rule here.

use super::rule;
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};

const MEND: Remedy = Remedy::Reinstall;

pub const RULES: &[Rule] = &[
    rule("task-stops-on-battery", Area::Definition, Severity::Error, MEND, |it| {
        flaw(it, "task-stops-on-battery")
    }),
    rule("task-waits-for-mains", Area::Definition, Severity::Warning, MEND, |it| {
        flaw(it, "task-waits-for-mains")
    }),
    rule("task-time-limit", Area::Definition, Severity::Error, MEND, |it| flaw(it, "task-time-limit")),
    rule("task-stops-when-used", Area::Definition, Severity::Error, MEND, |it| {
        flaw(it, "task-stops-when-used")
    }),
    rule("task-only-when-idle", Area::Definition, Severity::Error, MEND, |it| {
        flaw(it, "task-only-when-idle")
    }),
    rule("task-runs-twice", Area::Definition, Severity::Error, MEND, |it| flaw(it, "task-runs-twice")),
    rule("task-not-by-itself", Area::Definition, Severity::Warning, MEND, |it| {
        flaw(it, "task-not-by-itself")
    }),
    rule("task-trigger-ends", Area::Definition, Severity::Warning, Remedy::Nothing, |it| {
        flaw(it, "task-trigger-ends")
    }),
    rule("task-switched-off", Area::Definition, Severity::Warning, MEND, |it| flaw(it, "task-switched-off")),
    rule("task-sign-in-only", Area::Definition, Severity::Note, Remedy::Nothing, |it| {
        flaw(it, "task-sign-in-only")
    }),
    rule("task-next-start", Area::Definition, Severity::Note, Remedy::Nothing, |it| {
        flaw(it, "task-next-start")
    }),
    rule("task-program-missing", Area::Definition, Severity::Error, MEND, |it| {
        flaw(it, "task-program-missing")
    }),
    rule("starts-twice", Area::Definition, Severity::Error, MEND, |it| flaw(it, "starts-twice")),
    rule("startup-item", Area::Definition, Severity::Note, MEND, |it| flaw(it, "startup-item")),
];

fn flaw(evidence: &Evidence, rule: &str) -> Option<Values> {
    let flaws = &evidence.registration()?.flaws;
    flaws.iter().find(|flaw| flaw.rule == rule).map(|flaw| flaw.values.clone())
}
