//! What is on the machine: programs, other gateways, the port, the config.

use super::planned;
use crate::config::Config;
use crate::environment::mask_command;
use crate::model::{Belongs, Origin, PortUse};
use crate::problem::Problem;
use crate::programs::{Found, Installed};
use crate::setup::answers::Legacy;
use crate::setup::facts::Facts;
use crate::setup::kept::Kept;
use crate::setup::rivals::Rival;
use crate::setup::step::{Deed, Line, Step, StepId};

pub fn programs(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Programs;
    if kept.takes_demo() {
        return Step::done(id).line(Line::good("demo", &[])).offer(Deed::TakeOpenclaw);
    }
    if let Some(found) = facts.registration().filter(|_| facts.is_in_place()) {
        let command = mask_command(&found.command).join(" ");
        return Step::done(id)
            .line(Line::good("runs-command", &[("command", &command)]))
            .lines(others_found(facts));
    }
    match &facts.programs {
        Ok(found) => Step::done(id).lines(chosen(found)).lines(others_found(facts)),
        Err(problem) => missing(problem, facts),
    }
}

/// A package manager first, since most people have one; the demo needs nothing.
fn missing(problem: &Problem, facts: &Facts) -> Step {
    let step = Step::stuck(StepId::Programs, problem.clone()).lines(others_found(facts));
    let wants_package = facts.inventory.packages.is_empty();
    let fetchers = facts.fetchers.iter().filter(|_| wants_package);
    let step = fetchers.fold(step, |step, fetcher| {
        step.offer_running(Deed::Fetch { with: fetcher.tool }, fetcher.tool.command())
    });
    step.offer(Deed::TakeDemo).offer(Deed::LookAgain)
}

fn chosen(found: &Found) -> Vec<Line> {
    let version = found.openclaw.version.clone().unwrap_or_default();
    let openclaw = Installed::new(&found.openclaw.entry, Some(version));
    let node = Installed::new(&found.node.path, Some(found.node.version.to_string()));
    vec![line("openclaw", &openclaw, true), line("node", &node, true)]
}

/// Beside those that are taken.
fn others_found(facts: &Facts) -> Vec<Line> {
    let taken = |path: &str| {
        let chosen = facts.programs.as_ref().ok();
        chosen.is_some_and(|found| found.node.path == path || found.openclaw.entry == path)
    };
    let packages = facts.inventory.packages.iter().map(|it| ("openclaw-too", it));
    let nodes = facts.inventory.nodes.iter().map(|it| ("node-too", it));
    packages.chain(nodes).filter(|(_, it)| !taken(&it.path)).map(|(key, it)| line(key, it, false)).collect()
}

fn line(key: &'static str, found: &Installed, is_taken: bool) -> Line {
    let values = [
        ("path", found.path.as_str()),
        ("version", found.version.as_deref().unwrap_or("?")),
        ("installer", found.installer.name()),
        ("stable", if found.stable { "yes" } else { "no" }),
    ];
    match (is_taken, found.stable) {
        (true, true) => Line::good(key, &values),
        (true, false) => Line::warning(key, &values),
        (false, _) => Line::plain(key, &values),
    }
}

pub fn others(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Others;
    let lines: Vec<Line> = service(facts)
        .into_iter()
        .chain(facts.ghosts.iter().map(|ghost| {
            let file = ghost.file.as_deref().unwrap_or("–");
            Line::warning("ghost", &[("label", &ghost.label), ("file", file)])
        }))
        .chain(facts.rivals.iter().map(rival))
        .collect();
    let names: Vec<&str> = facts.ghosts.iter().map(|ghost| ghost.label.as_str()).collect();
    match kept.answers.legacy {
        None if !names.is_empty() && !facts.is_in_place() => {
            Step::stuck(id, Problem::legacy_services(&names.join(", ")))
                .lines(lines)
                .offer(Deed::Legacy { what: Legacy::Remove })
                .offer(Deed::Legacy { what: Legacy::Keep })
        }
        Some(what) if !names.is_empty() => {
            let key = match what {
                Legacy::Keep => "ghosts-stay",
                Legacy::Remove => "ghosts-go",
            };
            asked_about_rivals(Step::done(id).line(Line::plain(key, &[])).lines(lines), facts, kept)
        }
        None | Some(_) if lines.is_empty() => Step::done(id).line(Line::good("alone", &[])),
        None | Some(_) => asked_about_rivals(Step::done(id).lines(lines), facts, kept),
    }
}

/// Who runs a gateway already may not want a second one: nothing is taken over unasked (A29).
fn asked_about_rivals(step: Step, facts: &Facts, kept: &Kept) -> Step {
    let is_news = facts.rivals.iter().any(|rival| rival.runs_gateway) && !facts.is_in_place();
    match is_news && !kept.seen.contains(&step.id) {
        true => Step { state: Step::to_do(step.id).state, ..step }
            .offer(Deed::Seen { step: StepId::Others })
            .offer(Deed::LookAgain),
        false => step,
    }
}

fn service(facts: &Facts) -> Option<Line> {
    let found = facts.registration()?;
    let author = match found.origin {
        Origin::Gateward => "gateward",
        Origin::OpenclawF | Origin::OpenclawA | Origin::OpenclawN => "openclaw",
        Origin::Foreign => "foreign",
    };
    Some(Line::plain("service", &[("file", &found.file), ("author", author)]))
}

fn rival(rival: &Rival) -> Line {
    let pid = rival.pid.map(|pid| pid.to_string());
    match (&pid, rival.runs_gateway) {
        (Some(pid), true) => Line::warning("rival-runs", &[("name", &rival.name), ("pid", pid)]),
        (Some(pid), false) => Line::plain("rival-there", &[("name", &rival.name), ("pid", pid)]),
        (None, _) => Line::plain("rival-installed", &[("name", &rival.name)]),
    }
}

pub fn port(facts: &Facts) -> Step {
    let id = StepId::Port;
    // Who holds it may be among those that the installation is about to end.
    if let Some((port, _)) = planned(facts) {
        return Step::done(id).line(Line::good("port-free", &[("port", &port.to_string())]));
    }
    let port = facts.port.port().to_string();
    match &facts.port {
        PortUse::Free { .. } => Step::done(id).line(Line::good("port-free", &[("port", &port)])),
        PortUse::Unknown { .. } => Step::done(id).line(Line::plain("port-unknown", &[("port", &port)])),
        PortUse::Owned { owner, .. } if owner.belongs == Belongs::Service => {
            Step::done(id).line(Line::good("port-ours", &[("port", &port), ("program", &owner.program)]))
        }
        PortUse::Owned { owner, .. } => another_port(facts)
            .line(Line::warning("port-taken", &[("port", &port), ("program", &owner.program)])),
        PortUse::Hidden { .. } => another_port(facts).line(Line::warning("port-hidden", &[("port", &port)])),
    }
}

fn another_port(facts: &Facts) -> Step {
    let step = Step::to_do(StepId::Port);
    let step = facts.free_port.into_iter().fold(step, |step, port| step.offer(Deed::Port { port }));
    step.offer(Deed::LookAgain)
}

pub fn config(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Config;
    let path = [("path", facts.id.config_path.as_str())];
    if kept.takes_demo() {
        return Step::not_here(id);
    }
    match &facts.config {
        Err(problem) => Step::stuck(id, problem.clone()).offer(Deed::LookAgain),
        Ok(config) if is_local(config) => Step::done(id).line(Line::good("config-fits", &path)),
        // Another program than OpenClaw needs none.
        Ok(_) if facts.is_in_place() => Step::done(id).line(Line::plain("config-not-needed", &path)),
        Ok(config) => {
            let key = if config.is_some() { "config-mode" } else { "config-none" };
            let step = Step::to_do(id).line(Line::warning(key, &path));
            let step = match &facts.programs {
                Ok(_) => step.offer_running(Deed::SetMode, "openclaw config set gateway.mode local"),
                Err(_) => step,
            };
            step.offer(Deed::LookAgain)
        }
    }
}

/// Without `gateway.mode` the gateway refuses to run; an included file may set it.
pub fn is_local(config: &Option<Config>) -> bool {
    config.as_ref().is_some_and(|config| config.mode.as_deref() == Some("local") || config.has_includes)
}
