//! LaunchAgents (launchd.plist(5)).

use super::{hit, rule, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::model::Manager;

pub const RULES: &[Rule] = &[
    rule("agent-not-kept-alive", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        hit(is_agent(it) && it.setting("KeepAlive").is_none_or(|text| text == "false"))
    }),
    rule("agent-kept-alive-sometimes", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "KeepAlive", |text| text == "{}")
    }),
    rule("agent-not-at-load", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        hit(is_agent(it) && it.setting("RunAtLoad").is_none_or(|text| text != "true"))
    }),
    rule("agent-slow-throttle", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        number(it, "ThrottleInterval", |throttle| throttle >= 60)
    }),
    rule("agent-no-throttle", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        number(it, "ThrottleInterval", |throttle| throttle < 5)
    }),
    rule("agent-exit-timeout", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        number(it, "ExitTimeOut", |limit| limit < 20)
    }),
    rule("agent-background", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "ProcessType", |text| ["Background", "Adaptive"].contains(&text))
    }),
    rule("agent-low-priority", Area::Definition, Severity::Note, Remedy::Reinstall, |it| {
        set(it, "LowPriorityIO", |text| text == "true")
    }),
    rule("agent-output-lost", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "StandardErrorPath", |text| text == "/dev/null")
    }),
    rule("agent-files-open", Area::Definition, Severity::Note, Remedy::Reinstall, |it| {
        hit(is_agent(it) && it.setting("Umask").is_none_or(|text| text != "63" && text != "077"))
    }),
    rule("agent-disabled-in-plist", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        set(it, "Disabled", |text| text == "true")
    }),
    rule("agent-session-type", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "LimitLoadToSessionType", |text| text != "Aqua")
    }),
    rule("agent-lets-children-live", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
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
