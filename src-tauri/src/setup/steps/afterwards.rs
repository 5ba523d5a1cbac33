//! What happens at logout, reboot and sleep, by what is installed and what it stands on.

use super::is_installed;
use crate::model::{Autostart, Manager, Registration};
use crate::setup::facts::Facts;
use crate::setup::step::{Line, Step, StepId};

pub fn step(facts: &Facts) -> Step {
    let id = StepId::Afterwards;
    match facts.registration().filter(|_| is_installed(facts)) {
        Some(found) => {
            Step::done(id).lines([at_logout(facts, found), at_reboot(facts, found), at_sleep(facts)])
        }
        None => Step::to_do(id).line(Line::plain("after-install", &[])),
    }
}

fn at_logout(facts: &Facts, found: &Registration) -> Line {
    let key = match (facts.manager, found.lingers) {
        (Manager::Systemd, Some(true)) => "logout-stays",
        (Manager::Systemd, Some(false)) => "logout-ends",
        (Manager::Systemd, None) => "logout-unknown",
        (Manager::Launchd | Manager::Schtasks, _) => "logout-ends-session",
        (Manager::Builtin, _) => "logout-builtin",
    };
    match key {
        "logout-ends" | "logout-ends-session" => Line::warning(key, &[]),
        _ => Line::good(key, &[]),
    }
}

fn at_reboot(facts: &Facts, found: &Registration) -> Line {
    match (found.autostart, found.lingers, facts.around.wsl) {
        (Autostart::Off | Autostart::Blocked, _, _) => Line::warning("reboot-off", &[]),
        (Autostart::Unknown, _, _) => Line::plain("reboot-unknown", &[]),
        (Autostart::On, _, true) => Line::warning("reboot-wsl", &[]),
        (Autostart::On, Some(true), false) => Line::good("reboot-boot", &[]),
        (Autostart::On, Some(false) | None, false) => Line::plain("reboot-login", &[]),
    }
}

fn at_sleep(facts: &Facts) -> Line {
    match facts.around.wsl {
        true => Line::warning("sleep-wsl", &[]),
        false => Line::plain("sleep", &[]),
    }
}
