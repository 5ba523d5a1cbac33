//! The machine, its node and OpenClaw, and OpenClaw's config.

use jiff::Timestamp;

use super::{hit, rule, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::layout::Os;
use crate::model::Manager;
use crate::problem::Code;

/// When this was written: a clock before it is wrong.
const WRITTEN: Timestamp = Timestamp::constant(1_764_000_000, 0);

pub const RULES: &[Rule] = &[
    rule("config-invalid", Area::Config, Severity::Error, Remedy::Advice("openclaw doctor"), |it| {
        config(it, Code::ConfigInvalid)
    }),
    rule("config-unreadable", Area::Config, Severity::Error, Remedy::Nothing, |it| {
        config(it, Code::ConfigUnreadable)
    }),
    rule(
        "mode-not-local",
        Area::Config,
        Severity::Warning,
        Remedy::Advice("openclaw config set gateway.mode local"),
        |it| {
            let config = it.config.as_ref().ok().filter(|config| !config.has_includes)?;
            hit(it.registration().is_some() && config.mode.as_deref() != Some("local"))
        },
    ),
    rule(
        "config-binds-widely",
        Area::Config,
        Severity::Warning,
        Remedy::Advice("openclaw config set gateway.bind loopback"),
        |it| {
            let bind = it.config.as_ref().ok()?.bind.as_deref()?;
            ["lan", "auto", "custom"].contains(&bind).then(|| with("value", bind))
        },
    ),
    rule(
        "openclaw-missing",
        Area::Programs,
        Severity::Note,
        Remedy::Advice("npm install -g openclaw"),
        |it| hit(program(it) == Some(Code::NoOpenClaw)),
    ),
    rule("node-unfit", Area::Programs, Severity::Error, Remedy::Nothing, |it| {
        hit(program(it) == Some(Code::NoNode))
    }),
    rule("node-by-version-manager", Area::Programs, Severity::Note, Remedy::Nothing, |it| {
        let node = &it.programs.as_ref().ok()?.node;
        (!node.stable).then(|| with("path", &node.path))
    }),
    rule("openclaw-by-version-manager", Area::Programs, Severity::Note, Remedy::Nothing, |it| {
        let openclaw = &it.programs.as_ref().ok()?.openclaw;
        (!openclaw.stable).then(|| with("path", &openclaw.entry))
    }),
    rule(
        "definition-of-other-openclaw",
        Area::Programs,
        Severity::Warning,
        Remedy::Reinstall,
        other_openclaw,
    ),
    rule("clock-wrong", Area::Machine, Severity::Error, Remedy::Advice("timedatectl set-ntp true"), |it| {
        (it.now < WRITTEN).then(|| with("at", it.now))
    }),
    rule("runs-as-root", Area::Machine, Severity::Warning, Remedy::Nothing, |it| {
        let by_sudo = it.around.variable("SUDO_USER").is_some();
        hit(it.around.os == Os::Linux && it.around.uid == 0 && !by_sudo && it.around.container.is_none())
    }),
    rule("sudo", Area::Machine, Severity::Warning, Remedy::Nothing, |it| {
        it.around.variable("SUDO_USER").filter(|_| it.around.uid == 0).map(|user| with("user", user))
    }),
    rule("wsl-sleeps", Area::Machine, Severity::Note, Remedy::Nothing, |it| hit(it.around.wsl)),
    rule("container-forgets", Area::Machine, Severity::Note, Remedy::Nothing, |it| {
        let kind = it.around.container.as_ref()?;
        (it.manager == Manager::Builtin).then(|| with("kind", kind))
    }),
    rule("no-service-manager", Area::Machine, Severity::Note, Remedy::Nothing, |it| {
        let none = it.around.os == Os::Linux && !it.around.systemd.booted && !it.around.systemd.user_manager;
        hit(none && it.around.container.is_none())
    }),
];

fn config(evidence: &Evidence, code: Code) -> Option<Values> {
    let problem = evidence.config.as_ref().err().filter(|problem| problem.code == code)?;
    Some(with("path", problem.values.get("path").unwrap_or(&evidence.id.config_path)))
}

fn program(evidence: &Evidence) -> Option<Code> {
    evidence.programs.as_ref().err().map(|problem| problem.code)
}

/// The definition starts an OpenClaw, and not the one that is installed now (A7).
fn other_openclaw(evidence: &Evidence) -> Option<Values> {
    let entry = evidence.registration()?.command.get(1)?;
    let newest = &evidence.programs.as_ref().ok()?.openclaw.entry;
    (entry.contains("openclaw") && entry != newest && evidence.missing.is_empty())
        .then(|| with("path", entry))
}
