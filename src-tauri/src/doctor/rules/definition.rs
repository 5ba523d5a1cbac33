//! What every manager's definition has in common.

use super::{hit, path, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::identity::port_in;
use crate::layout;
use crate::model::{Autostart, DOTS, Origin, Registration};
use crate::programs::is_stable;

const fn rule(
    id: &'static str,
    severity: Severity,
    remedy: Remedy,
    look: fn(&Evidence) -> Option<Values>,
) -> Rule {
    Rule { id, severity, area: Area::Definition, remedy, look }
}

pub const RULES: &[Rule] = &[
    rule("definition-old", Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| hit(matches!(found.origin, Origin::OpenclawF | Origin::OpenclawA)))
    }),
    rule("definition-foreign", Severity::Note, Remedy::Nothing, |it| {
        on(it, |found| (found.origin == Origin::Foreign).then(|| with("path", &found.file)))
    }),
    rule("definition-drift", Severity::Warning, Remedy::Restart, |it| on(it, |found| hit(found.stale))),
    rule("definition-drop-ins", Severity::Note, Remedy::Nothing, |it| {
        on(it, |found| found.drop_ins.first().map(|path| with("path", path)))
    }),
    rule("autostart-off", Severity::Warning, Remedy::Start, |it| {
        on(it, |found| hit(found.autostart == Autostart::Off))
    }),
    rule("autostart-blocked", Severity::Error, Remedy::Advice("gateward status"), |it| {
        on(it, |found| hit(found.autostart == Autostart::Blocked))
    }),
    rule("program-by-version-manager", Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| {
            path(found.command.iter().take(2), |word| layout::is_absolute(word) && !is_stable(word))
        })
    }),
    rule("runs-bun", Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| hit(is_called(found, &["bun", "bun.exe"])))
    }),
    rule("runs-through-npm", Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| hit(is_called(found, &["npm", "npx", "pnpm", "yarn", "npm.cmd", "npx.cmd"])))
    }),
    rule("runs-through-shell", Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| {
            hit(is_called(found, &["sh", "bash", "zsh", "dash"])
                && found.command.iter().any(|word| word == "-c"))
        })
    }),
    rule("runs-no-gateway", Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| {
            let is_openclaw = found.command.iter().any(|word| word.contains("openclaw"));
            hit(is_openclaw && !found.command.iter().any(|word| word == "gateway"))
        })
    }),
    rule("secret-in-arguments", Severity::Error, Remedy::Reinstall, |it| {
        on(it, |found| hit(found.command.iter().any(|word| word.contains(DOTS))))
    }),
    rule("port-differs", Severity::Warning, Remedy::Reinstall, port_differs),
    rule("working-folder-temporary", Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| {
            path(&found.working_dir, |folder| folder.starts_with("/tmp") || folder.contains(r"\Temp\"))
        })
    }),
];

fn on(evidence: &Evidence, look: impl Fn(&Registration) -> Option<Values>) -> Option<Values> {
    evidence.registration().and_then(look)
}

fn is_called(registration: &Registration, names: &[&str]) -> bool {
    registration.command.first().is_some_and(|program| names.contains(&layout::file_name(program)))
}

fn port_differs(evidence: &Evidence) -> Option<Values> {
    let fixed = port_in(&evidence.registration()?.command)?;
    let wanted = evidence.config.as_ref().ok()?.port?;
    (fixed != wanted).then(|| [with("port", fixed), with("wanted", wanted)].into_iter().flatten().collect())
}
