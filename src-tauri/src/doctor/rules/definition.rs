//! What every manager's definition has in common.

use super::{hit, path, rule, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::identity::port_in;
use crate::layout;
use crate::model::{Autostart, DOTS, Origin, Registration};
use crate::programs::is_stable;

pub const RULES: &[Rule] = &[
    rule("definition-old", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| hit(matches!(found.origin, Origin::OpenclawF | Origin::OpenclawA)))
    }),
    rule("definition-foreign", Area::Definition, Severity::Note, Remedy::Nothing, |it| {
        on(it, |found| (found.origin == Origin::Foreign).then(|| with("path", &found.file)))
    }),
    rule("definition-drift", Area::Definition, Severity::Warning, Remedy::Restart, |it| {
        on(it, |found| hit(found.stale))
    }),
    rule("definition-drop-ins", Area::Definition, Severity::Note, Remedy::Nothing, |it| {
        on(it, |found| found.drop_ins.first().map(|path| with("path", path)))
    }),
    rule("autostart-off", Area::Definition, Severity::Warning, Remedy::Start, |it| {
        on(it, |found| hit(found.autostart == Autostart::Off && it.has_starter))
    }),
    rule("autostart-nowhere", Area::Definition, Severity::Warning, Remedy::Nothing, |it| {
        on(it, |found| hit(found.autostart == Autostart::Off && !it.has_starter))
    }),
    rule("autostart-blocked", Area::Definition, Severity::Error, Remedy::Advice("gateward status"), |it| {
        on(it, |found| hit(found.autostart == Autostart::Blocked))
    }),
    rule("program-by-version-manager", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| {
            path(found.command.iter().take(2), |word| layout::is_absolute(word) && !is_stable(word))
        })
    }),
    rule("runs-bun", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| hit(is_called(found, &["bun", "bun.exe"])))
    }),
    rule("runs-through-npm", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| hit(is_called(found, &["npm", "npx", "pnpm", "yarn", "npm.cmd", "npx.cmd"])))
    }),
    rule("runs-through-shell", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| {
            hit(is_called(found, &["sh", "bash", "zsh", "dash"])
                && found.command.iter().any(|word| word == "-c"))
        })
    }),
    rule("runs-no-gateway", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
        on(it, |found| {
            let is_openclaw = found.command.iter().any(|word| word.contains("openclaw"));
            hit(is_openclaw && !found.command.iter().any(|word| word == "gateway"))
        })
    }),
    rule("secret-in-arguments", Area::Definition, Severity::Error, Remedy::Reinstall, |it| {
        on(it, |found| hit(found.command.iter().any(|word| word.contains(DOTS))))
    }),
    rule("port-differs", Area::Definition, Severity::Warning, Remedy::Reinstall, port_differs),
    rule("working-folder-temporary", Area::Definition, Severity::Warning, Remedy::Reinstall, |it| {
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
