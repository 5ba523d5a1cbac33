//! LaunchAgents (launchd.plist(5)).

use super::{hit, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::model::Manager;

const fn rule(id: &'static str, severity: Severity, look: fn(&Evidence) -> Option<Values>) -> Rule {
    Rule { id, severity, area: Area::Definition, remedy: Remedy::Reinstall, look }
}

pub const RULES: &[Rule] = &[
    rule("agent-not-kept-alive", Severity::Error, |it| {
        hit(is_agent(it) && it.setting("KeepAlive").is_none_or(|text| text == "false"))
    }),
    rule("agent-kept-alive-sometimes", Severity::Warning, |it| set(it, "KeepAlive", |text| text == "{}")),
    rule("agent-not-at-load", Severity::Error, |it| {
        hit(is_agent(it) && it.setting("RunAtLoad").is_none_or(|text| text != "true"))
    }),
    rule("agent-slow-throttle", Severity::Warning, |it| {
        number(it, "ThrottleInterval", |throttle| throttle >= 60)
    }),
    rule("agent-no-throttle", Severity::Warning, |it| {
        number(it, "ThrottleInterval", |throttle| throttle < 5)
    }),
    rule("agent-exit-timeout", Severity::Warning, |it| number(it, "ExitTimeOut", |limit| limit < 20)),
    rule("agent-background", Severity::Warning, |it| {
        set(it, "ProcessType", |text| ["Background", "Adaptive"].contains(&text))
    }),
    rule("agent-low-priority", Severity::Note, |it| set(it, "LowPriorityIO", |text| text == "true")),
    rule("agent-output-lost", Severity::Warning, |it| {
        set(it, "StandardErrorPath", |text| text == "/dev/null")
    }),
    rule("agent-files-open", Severity::Note, |it| {
        hit(is_agent(it) && it.setting("Umask").is_none_or(|text| text != "63" && text != "077"))
    }),
    rule("agent-disabled-in-plist", Severity::Error, |it| set(it, "Disabled", |text| text == "true")),
    rule("agent-session-type", Severity::Warning, |it| {
        set(it, "LimitLoadToSessionType", |text| text != "Aqua")
    }),
    rule("agent-lets-children-live", Severity::Warning, |it| {
        set(it, "AbandonProcessGroup", |text| text == "true")
    }),
];

fn is_agent(evidence: &Evidence) -> bool {
    evidence.manager == Manager::Launchd && !evidence.settings.is_empty()
}

fn set(evidence: &Evidence, name: &str, is_bad: impl Fn(&str) -> bool) -> Option<Values> {
    let value = evidence.setting(name).filter(|_| is_agent(evidence))?;
    is_bad(value).then(|| with("value", value))
}

fn number(evidence: &Evidence, name: &str, is_bad: impl Fn(u64) -> bool) -> Option<Values> {
    set(evidence, name, |text| text.parse().is_ok_and(&is_bad))
}
