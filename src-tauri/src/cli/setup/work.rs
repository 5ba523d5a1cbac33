//! What a deed does.

use super::Desk;
use crate::adapter::Intent;
use crate::changes::Way;
use crate::cli::args::{Install, Wanted};
use crate::cli::chronicle::Chronicle;
use crate::cli::install;
use crate::cli::invocation::Invocation;
use crate::cli::lifecycle::carry;
use crate::cli::turn::settle;
use crate::doctor;
use crate::execute;
use crate::identity::DEFAULT_PORT;
use crate::layout::{self, Os};
use crate::model::Action;
use crate::observe::observe;
use crate::plan::{Answer, Call, End, Tool};
use crate::problem::{Code, Problem};
use crate::programs::{self, PackageTool};
use crate::settings;
use crate::setup::{Deed, Failed, Kept, Program, StepId, page_of};

/// # Errors
/// Why it failed; nothing is half done then.
pub async fn done(deed: &Deed, desk: &mut Desk, at: &Invocation<'_>) -> Result<(), Problem> {
    let kept = &mut desk.kept;
    match deed {
        Deed::Fetch { with } => return fetched(*with, at).await,
        Deed::TakeDemo => kept.answers.program = Some(Program::Demo),
        Deed::TakeOpenclaw => kept.answers.program = Some(Program::Openclaw),
        Deed::Legacy { what } => kept.answers.legacy = Some(*what),
        Deed::Port { port } => kept.answers.port = Some(*port),
        Deed::SetMode => return mode_set(desk, at).await,
        Deed::Install => return installed(desk, at).await,
        Deed::Start => return started(desk, at).await,
        Deed::Finish => return settled(Way::Finish, at).await,
        Deed::Revert => return settled(Way::Revert, at).await,
        Deed::Linger => return lingering(desk, at).await,
        Deed::Seen { step } => kept.seen.extend([*step]),
        Deed::Skip { step } => kept.skipped.extend([*step]),
        Deed::LookAgain => {}
        Deed::StartOver => *kept = Kept::default(),
        Deed::Dismiss => kept.dismissed = true,
    }
    Ok(())
}

/// Back to where it can be mended; a cause without a page of its own belongs to what was tried.
pub fn failed(deed: &Deed, problem: Problem) -> Failed {
    let step = match page_of(&problem) {
        StepId::Plan => deed.step(),
        page => page,
    };
    Failed { step, problem }
}

/// What `gateward install` would be called with.
pub fn installation(kept: &Kept, at: &Invocation<'_>) -> Install {
    let answers = &kept.answers;
    let port = answers.port.map(|port| port.to_string());
    let program = if kept.takes_demo() { demo(kept, at) } else { Vec::new() };
    Install {
        wanted: Wanted {
            port,
            workdir: answers.workdir.clone(),
            env: Vec::new(),
            env_file: answers.env_file.clone(),
            node: answers.node.clone().filter(|_| program.is_empty()),
            program,
        },
        force: false,
        linger: false,
        legacy: answers.legacy,
    }
}

fn demo(kept: &Kept, at: &Invocation<'_>) -> Vec<String> {
    let usual = at.gateway().map_or(DEFAULT_PORT, |gateway| gateway.id.port);
    let port = kept.answers.port.unwrap_or(usual).to_string();
    vec![layout::own_cli(&at.world.around), "demo".to_owned(), "--port".to_owned(), port]
}

async fn fetched(with: PackageTool, at: &Invocation<'_>) -> Result<(), Problem> {
    let (system, around) = (&*at.world.system, &at.world.around);
    let nodes = programs::inventory(system, around).await.nodes;
    let found = programs::fetchers(system, around, &nodes).into_iter().find(|it| it.tool == with);
    let fetcher = found.ok_or_else(|| Problem::new(Code::ToolMissing).with("tool", with.name()))?;
    at.console.step(&at.say("setup-running", &[("command", &with.command())]));
    let answer = system.narrate(&fetcher.call(around, &nodes), &|line| at.console.step(line)).await;
    if !answer.is_success() {
        return Err(not_fetched(with, &answer, around.os));
    }
    match programs::openclaw(system, around) {
        Some(_) => Ok(()),
        None => Err(Problem::new(Code::NoOpenClaw)
            .because(at.say("setup-fetched-elsewhere", &[("tool", with.name())]))
            .hint_command("name-openclaw", "gateward settings set programs.openclaw /path/to/openclaw")),
    }
}

fn not_fetched(with: PackageTool, answer: &Answer, os: Os) -> Problem {
    let problem = Problem::new(Code::FetchFailed).with("command", with.command());
    let problem = match &answer.end {
        End::TimedOut => problem.because("it took too long"),
        End::NotStarted(words) => problem.because(words),
        End::Exited(_) | End::Killed(_) => problem.because(complaint(answer)),
    };
    let words = answer.words();
    let denied = ["EACCES", "EPERM", "permission denied"].iter().any(|sign| words.contains(sign));
    match (denied, with) {
        (true, PackageTool::Npm) if os != Os::Windows => {
            problem.hint_command("own-npm-prefix", "npm config set prefix ~/.npm-global")
        }
        // pnpm 10 on an account where it was never set up.
        (_, PackageTool::Pnpm) if words.contains("ERR_PNPM_NO_GLOBAL_BIN_DIR") => {
            problem.hint_command("set-pnpm-up", "pnpm setup")
        }
        (true, _) | (false, _) => problem.hint_command("try-by-hand", with.command()),
    }
}

/// What the tool itself calls an error, else its last words: npm tells of every package before.
fn complaint(answer: &Answer) -> String {
    let words = answer.words();
    let lines: Vec<&str> = words.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_error = |line: &&&str| line.to_lowercase().contains("err");
    let errors: Vec<&str> = lines.iter().filter(is_error).take(6).copied().collect();
    match errors.is_empty() {
        true => lines.iter().rev().take(3).rev().copied().collect::<Vec<_>>().join(" "),
        false => errors.join(" "),
    }
}

const QUICK: std::time::Duration = std::time::Duration::from_secs(60);

/// By OpenClaw's own command line: its config is its own to write.
async fn mode_set(desk: &Desk, at: &Invocation<'_>) -> Result<(), Problem> {
    let (system, around) = (&*at.world.system, &at.world.around);
    let given = settings::current(system, around).programs.with_node(desk.kept.answers.node.clone());
    let found = programs::find(system, around, &given).await?;
    let profile = desk.gateway.id.profile.name().map(|name| ["--profile", name]);
    let mut args = vec![found.openclaw.entry.as_str()];
    args.extend(profile.iter().flatten());
    args.extend(["config", "set", "gateway.mode", "local"]);
    let answer = system.run(&Call::new(Tool::At(found.node.path.clone()), &args, QUICK)).await;
    match answer.is_success() {
        true => Ok(()),
        false => Err(Problem::new(Code::FetchFailed)
            .with("command", "openclaw config set gateway.mode local")
            .because(complaint(&answer))
            .hint_command("openclaw-doctor", "openclaw doctor")),
    }
}

async fn installed(desk: &mut Desk, at: &Invocation<'_>) -> Result<(), Problem> {
    desk.kept.agreed = true;
    desk.save(at)?;
    install::outcome(&installation(&desk.kept, at), &desk.gateway, at).await.map(|_| ())
}

async fn started(desk: &Desk, at: &Invocation<'_>) -> Result<(), Problem> {
    let turn = at.turn("start").await?;
    let stage = desk.gateway.stage(at.world).in_turn(&turn);
    let before = observe(stage.system, stage.adapter, stage.id).await;
    let chronicle = Chronicle::begun(&Action::Start, &desk.gateway, &before, at);
    let outcome = execute::act(stage, &Intent::Start, &|progress| at.show(progress)).await;
    chronicle.ended(&observe(stage.system, stage.adapter, stage.id).await, at);
    outcome.map(|_| ())
}

async fn settled(way: Way, at: &Invocation<'_>) -> Result<(), Problem> {
    let turn = at.turn("install").await?;
    for change in turn.interrupted(&*at.world.system) {
        settle(&turn, change, way, false, at).await?;
    }
    Ok(())
}

async fn lingering(desk: &Desk, at: &Invocation<'_>) -> Result<(), Problem> {
    let user = at.world.around.user.as_deref().ok_or_else(|| Problem::new(Code::NotPossibleNow))?;
    let turn = at.turn_for_files("fix").await?;
    carry(desk.gateway.stage(at.world).in_turn(&turn), &doctor::lingering(user), at).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As pnpm 10.34 ended on an empty home, 2026-11-23.
    #[test]
    fn a_pnpm_that_was_never_set_up_is_told_how() {
        let stdout = " ERR_PNPM_NO_GLOBAL_BIN_DIR  Unable to find the global bin directory\nRun \"pnpm setup\" to create it\n";
        let answer = Answer { end: End::Exited(1), stdout: stdout.to_owned(), ..Answer::default() };
        let problem = not_fetched(PackageTool::Pnpm, &answer, Os::Linux);
        assert_eq!(problem.hints[0].command.as_deref(), Some("pnpm setup"));
        assert!(problem.cause.is_some_and(|cause| cause.contains("global bin directory")));
    }
}
