//! systemd units (systemd.service(5), systemd.exec(5)).

use super::{hit, is_on, rule, seconds, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::model::{Manager, Origin};

/// OpenClaw's drain of 300 s, and some more (OC 9.3).
const DRAIN_S: u64 = 300;

pub const RULES: &[Rule] = &[
    rule("unit-kill-mode-process", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        set(it, "Service.KillMode", |mode| ["process", "none"].contains(&mode))
    }),
    rule("unit-kill-mode-group", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        hit(is_unit(it) && it.setting("Service.KillMode").is_none_or(|mode| mode == "control-group"))
    }),
    rule("unit-stop-timeout", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        let told =
            if is_unit(it) { Some(it.setting("Service.TimeoutStopSec").unwrap_or("90")) } else { None };
        told.filter(|text| seconds(text).is_some_and(|limit| limit < DRAIN_S)).map(|text| with("limit", text))
    }),
    rule("unit-start-timeout", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "Service.TimeoutStartSec", |text| seconds(text).is_some_and(|limit| limit < 30))
    }),
    rule("unit-no-restart", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        hit(is_unit(it)
            && it.setting("Service.Restart").is_none_or(|text| !["always", "on-failure"].contains(&text)))
    }),
    rule("unit-restart-only-on-failure", Area::Definition, Severity::Note, Remedy::Reinstall, |it| {
        set(it, "Service.Restart", |text| text == "on-failure")
    }),
    rule("unit-restarts-at-once", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        hit(is_unit(it) && it.setting("Service.RestartSec").is_none_or(|text| seconds(text) == Some(0)))
    }),
    rule("unit-no-start-limit", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        set(it, "Unit.StartLimitIntervalSec", |text| seconds(text) == Some(0))
    }),
    rule("unit-start-limit-never-trips", Area::Definition, Severity::Error, Remedy::Reinstall, never_trips),
    rule("unit-retries-refused-config", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        let prevents = it.settings_of("Service.RestartPreventExitStatus").any(|text| names(text, "78"));
        hit(is_unit(it) && !prevents)
    }),
    rule("unit-counts-stop-as-crash", Area::Definition, Severity::Note, Remedy::Reinstall, |it| {
        hit(is_unit(it) && !it.settings_of("Service.SuccessExitStatus").any(|text| names(text, "143")))
    }),
    rule("unit-memory-kill-takes-all", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        hit(is_unit(it) && it.setting("Service.OOMPolicy").is_none_or(|text| text != "continue"))
    }),
    rule("unit-few-tasks", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "Service.TasksMax", |text| text.parse::<u64>().is_ok_and(|most| most < 512))
    }),
    rule("unit-little-memory", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "Service.MemoryMax", |text| megabytes(text).is_some_and(|most| most < 1024))
    }),
    rule("unit-few-files", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "Service.LimitNOFILE", |text| text.parse::<u64>().is_ok_and(|most| most < 1024))
    }),
    rule("unit-not-after-network", Area::Definition, Severity::Note, Remedy::Reinstall, |it| {
        hit(is_unit(it) && !it.settings_of("Unit.After").any(|text| names(text, "network-online.target")))
    }),
    rule("unit-wanted-by-nothing", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        hit(is_unit(it) && it.settings_of("Install.WantedBy").next().is_none())
    }),
    rule("unit-private-tmp", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        hit(is_unit(it) && is_on(it, "Service.PrivateTmp"))
    }),
    rule("unit-home-closed", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        set(it, "Service.ProtectHome", |text| !["no", "false", "off", "0"].contains(&text))
    }),
    rule("unit-output-to-file", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        let to_file = |name| set(it, name, |text| text.starts_with("append:") || text.starts_with("file:"));
        to_file("Service.StandardOutput").or_else(|| to_file("Service.StandardError"))
    }),
    rule("unit-output-lost", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "Service.StandardError", |text| text == "null")
            .or_else(|| set(it, "Service.StandardOutput", |text| text == "null"))
    }),
    rule("unit-watchdog", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        set(it, "Service.WatchdogSec", |text| seconds(text).is_some_and(|limit| limit > 0))
    }),
    rule("unit-type-unfit", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        set(it, "Service.Type", |text| ["forking", "oneshot", "dbus", "notify"].contains(&text))
    }),
];

/// A stranger's unit is a stranger's choice.
fn is_unit(evidence: &Evidence) -> bool {
    let is_ours = evidence.registration().is_some_and(|found| found.origin != Origin::Foreign);
    evidence.manager == Manager::Systemd && is_ours && !evidence.settings.is_empty()
}

fn set(evidence: &Evidence, name: &str, is_bad: impl Fn(&str) -> bool) -> Option<Values> {
    let value = evidence.setting(name).filter(|_| is_unit(evidence))?;
    is_bad(value).then(|| with("value", value))
}

fn names(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// The window in which starts are counted is over before so many can have failed (A4).
fn never_trips(evidence: &Evidence) -> Option<Values> {
    if !is_unit(evidence) {
        return None;
    }
    let number = |name: &str, usual: u64| evidence.setting(name).map_or(Some(usual), seconds);
    let (delay, burst) = (number("Service.RestartSec", 0)?, number("Unit.StartLimitBurst", 5)?);
    let window = number("Unit.StartLimitIntervalSec", 10)?;
    let least = delay.saturating_mul(burst.saturating_sub(1));
    (window > 0 && least >= window).then(|| with("window", window))
}

fn megabytes(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    match text[digits..].trim() {
        "" => Some(number / 1_048_576),
        "K" => Some(number / 1024),
        "M" => Some(number),
        "G" => Some(number * 1024),
        _ => None,
    }
}
