//! What the service will stand on: container, WSL, session, permissions, manager, tray.

use super::is_installed;
use crate::layout::{self, Os};
use crate::model::{Manager, Registered, TrayHost};
use crate::problem::{Code, Problem};
use crate::setup::facts::Facts;
use crate::setup::kept::Kept;
use crate::setup::step::{Deed, Line, Step, StepId};

pub fn container(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Container;
    let Some(kind) = &facts.around.container else { return Step::not_here(id) };
    let manager = [("kind", kind.as_str()), ("manager", facts.manager.name())];
    read_once(id, facts, kept).lines([
        Line::plain("container", &manager),
        Line::warning("container-volume", &[("path", &facts.id.state_dir)]),
        Line::plain("container-outside", &[]),
    ])
}

pub fn wsl(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Wsl;
    if !facts.around.wsl {
        return Step::not_here(id);
    }
    let step = read_once(id, facts, kept);
    match facts.manager {
        Manager::Builtin => step.lines([
            Line::warning("wsl-without-systemd", &[]),
            Line::plain("wsl-enable-systemd", &[]),
            Line::plain("wsl-shutdown", &[]),
        ]),
        Manager::Systemd | Manager::Launchd | Manager::Schtasks => {
            step.lines([Line::good("wsl-systemd", &[]), Line::warning("wsl-sleeps", &[])])
        }
    }
}

/// A page that asks for nothing but to be read, before something is installed on such ground.
fn read_once(id: StepId, facts: &Facts, kept: &Kept) -> Step {
    match kept.seen.contains(&id) || is_installed(facts) {
        true => Step::done(id),
        false => Step::to_do(id).offer(Deed::Seen { step: id }).offer(Deed::LookAgain),
    }
}

pub fn gui_session(facts: &Facts) -> Step {
    let id = StepId::GuiSession;
    match (facts.around.os, refused(facts, Code::NoGuiSession)) {
        (Os::Linux | Os::Windows, _) => Step::not_here(id),
        (Os::MacOs, None) => Step::done(id).line(Line::good("gui-session", &[])),
        (Os::MacOs, Some(why)) => Step::stuck(id, why.clone())
            .lines([Line::plain("gui-session-why", &[]), Line::plain("gui-session-headless", &[])])
            .offer(Deed::LookAgain),
    }
}

/// Only where the system has refused something, or was gone around because it did.
pub fn access(facts: &Facts) -> Step {
    let id = StepId::Access;
    if let Some(why) = refused(facts, Code::AccessDenied) {
        let key = match facts.around.os {
            Os::Linux => "access-linux",
            Os::MacOs => "access-mac",
            Os::Windows => "access-windows",
        };
        return Step::stuck(id, why.clone()).line(Line::plain(key, &[])).offer(Deed::LookAgain);
    }
    match facts.registration().filter(|found| is_startup_item(&found.file)) {
        Some(found) if facts.manager == Manager::Schtasks => {
            Step::done(id).line(Line::warning("access-startup", &[("file", &found.file)]))
        }
        Some(_) | None => Step::not_here(id),
    }
}

fn is_startup_item(file: &str) -> bool {
    layout::parent(file).ends_with(r"\Startup")
}

fn refused(facts: &Facts, code: Code) -> Option<&Problem> {
    let unreadable = match &facts.seen.registered.value {
        Registered::Unknown { why, .. } => Some(why),
        Registered::Missing { .. } | Registered::Present(_) => None,
    };
    let refusal = facts.review.as_ref().err();
    facts
        .seen
        .supervised
        .value
        .unknown()
        .into_iter()
        .chain(unreadable)
        .chain(refusal)
        .find(|why| why.code == code)
}

pub fn manager(facts: &Facts) -> Step {
    let id = StepId::Manager;
    let own_page = [Code::NoGuiSession, Code::AccessDenied];
    let name = [("manager", facts.manager.name())];
    match facts.seen.supervised.value.unknown() {
        Some(why) if own_page.contains(&why.code) => Step::to_do(id).line(Line::plain("manager", &name)),
        Some(why) => Step::stuck(id, why.clone()).offer(Deed::LookAgain),
        None => Step::done(id).line(Line::good("manager", &name)),
    }
}

pub fn tray_host(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::TrayHost;
    match facts.tray_host {
        None => Step::not_here(id),
        Some(TrayHost { host: true, .. }) => Step::done(id).line(Line::good("tray-host", &[])),
        Some(TrayHost { host: false, .. }) => {
            let key = if facts.around.is_gnome() { "tray-host-gnome" } else { "tray-host-none" };
            let lines = [Line::warning(key, &[]), Line::plain("tray-host-without", &[])];
            match kept.seen.contains(&id) {
                true => Step::done(id).lines(lines),
                false => Step::to_do(id).lines(lines).offer(Deed::Seen { step: id }).offer(Deed::LookAgain),
            }
        }
    }
}
