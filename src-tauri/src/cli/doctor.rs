//! `doctor`: tells what will surprise the gateway's owner, and mends it on request.

use serde_json::{Value, json};

use super::args::{Doctor, Flags, Format, Install, Wanted};
use super::invocation::Invocation;
use super::lifecycle::{self, Change, carry};
use super::report::{Done, Report, failure};
use super::{Exit, Output, dry_run, install};
use crate::doctor::{Evidence, Finding, Remedy, Severity, all, examine, export, gather, plan};
use crate::model::DOTS;
use crate::plan::Plan;
use crate::problem::{Code, Problem};
use crate::world::Gateway;

const VERB: &str = "doctor";

/// # Errors
/// As [`Invocation::gateway`]; `NoSuchRule`.
pub async fn run(wanted: &Doctor, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let evidence = gather(at.world, &gateway).await;
    let found = examine(&evidence);
    match (&wanted.fix, wanted.all_safe) {
        (Some(rule), _) => mended(rule, &found, &evidence, &gateway, at).await,
        (None, true) => all_safe(&found, &evidence, &gateway, at).await,
        (None, false) => Ok(told(wanted.format, &found, at)),
    }
}

/// By the worst finding.
fn exit(found: &[Finding]) -> Exit {
    match found.iter().map(|finding| finding.rule.severity).max() {
        None | Some(Severity::Note) => Exit::Ok,
        Some(Severity::Warning) => Exit::Program(7),
        Some(Severity::Error) => Exit::Program(8),
    }
}

fn told(format: Option<Format>, found: &[Finding], at: &Invocation<'_>) -> Output {
    let told = || found.iter().map(|finding| export::Told::of(finding, at.words())).collect::<Vec<_>>();
    match format {
        Some(Format::Sarif) => Output::json(export::sarif(&told(), env!("CARGO_PKG_VERSION")), exit(found)),
        Some(Format::Junit) => {
            let text = export::junit(&told(), all().map(|rule| rule.id));
            Output { text, exit: exit(found), ..Output::default() }
        }
        None if at.flags.json => {
            let list: Vec<Value> = found.iter().map(|finding| shape(finding, at)).collect();
            Output::json(json!({ "schema": 1, "rules": all().count(), "findings": list }), exit(found))
        }
        None => Output { text: text(found, at), exit: exit(found), ..Output::default() },
    }
}

fn shape(finding: &Finding, at: &Invocation<'_>) -> Value {
    let told = export::Told::of(finding, at.words());
    json!({
        "rule": told.rule, "severity": told.severity, "area": finding.rule.area, "what": told.what, "why": told.why,
        "values": finding.values, "command": command(finding).map(|command| at.page().paste(&command)),
        "fixable": finding.rule.remedy.is_a_fix(), "safe": finding.rule.remedy.is_safe(),
        "docs": format!("docs/doctor.md#{}", told.rule),
    })
}

fn command(finding: &Finding) -> Option<String> {
    match finding.rule.remedy {
        Remedy::Advice(command) => Some(command.to_owned()),
        Remedy::Nothing => None,
        Remedy::Reinstall
        | Remedy::Restart
        | Remedy::Start
        | Remedy::Linger
        | Remedy::Close
        | Remedy::Remove => Some(format!("gateward doctor --fix {}", finding.rule.id)),
    }
}

fn text(found: &[Finding], at: &Invocation<'_>) -> String {
    let rules = all().count().to_string();
    if found.is_empty() {
        return at.say("doctor-well", &[("rules", &rules)]) + "\n";
    }
    let blocks: Vec<String> = found.iter().map(|finding| block(finding, at)).collect();
    let count = found.len().to_string();
    let heading = at.say("doctor-heading", &[("n", &count), ("rules", &rules)]);
    format!("{heading}\n\n{}", blocks.join("\n"))
}

fn block(finding: &Finding, at: &Invocation<'_>) -> String {
    let told = export::Told::of(finding, at.words());
    let mark = at.say(&format!("doctor-{}", told.severity.name()), &[]);
    let area = at.say(&format!("doctor-area-{}", finding.rule.area.name()), &[]);
    let help = command(finding).map(|command| format!("    {}\n", at.page().paste(&command)));
    let head = at.say("text-headed", &[("head", &mark), ("text", &told.what)]);
    format!("{head}\n    {}\n    {} · {area}\n{}", told.why, told.rule, help.unwrap_or_default())
}

async fn mended(
    rule: &str,
    found: &[Finding],
    evidence: &Evidence,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    if !all().any(|known| known.id == rule) {
        return Err(Problem::new(Code::NoSuchRule)
            .with("rule", crate::problem::clean(rule))
            .hint_command("see-findings", "gateward doctor"));
    }
    let Some(finding) = found.iter().find(|finding| finding.rule.id == rule) else {
        return Ok(done(Done::worded("nothing-found", "not-broken").with("rule", rule), at));
    };
    if at.flags.dry_run {
        return Ok(applied(finding, evidence, gateway, at).await);
    }
    consented(finding, evidence, gateway, at).await?;
    let output = applied(finding, evidence, gateway, at).await;
    if output.exit != Exit::Ok {
        return Ok(output);
    }
    verified(rule, gateway, at).await.map(|fixed| done(fixed, at))
}

/// The plan is shown, and nothing is done without a yes.
async fn consented(
    finding: &Finding,
    evidence: &Evidence,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Result<(), Problem> {
    if at.flags.yes {
        return Ok(());
    }
    let flags = Flags { dry_run: true, json: false, ..at.flags.clone() };
    let looking = Invocation::new(at.world, &flags, at.console);
    let shown = applied(finding, evidence, gateway, &looking).await;
    at.console.warn(&format!("{}{}", shown.text, shown.complaint));
    match at.console.confirm(&at.say("ask-fix", &[("rule", finding.rule.id)])) {
        Some(true) => Ok(()),
        Some(false) => Err(Problem::new(Code::Cancelled)),
        None => Err(Problem::new(Code::Cancelled)
            .because(at.say("cause-nobody-to-ask", &[]))
            .hint_command("say-yes", format!("gateward doctor --fix {} --yes", finding.rule.id))),
    }
}

async fn applied(finding: &Finding, evidence: &Evidence, gateway: &Gateway, at: &Invocation<'_>) -> Output {
    match finding.rule.remedy {
        Remedy::Reinstall => match reinstallation(evidence) {
            Ok(wanted) => install::install_one(&wanted, gateway, at).await,
            Err(problem) => failure(VERB, problem, at),
        },
        Remedy::Restart => lifecycle::change_one(Change::Restart, gateway, at).await,
        Remedy::Start => lifecycle::change_one(Change::Start, gateway, at).await,
        Remedy::Linger | Remedy::Close | Remedy::Remove => {
            carried(finding, gateway, at).await.unwrap_or_else(|problem| failure(VERB, problem, at))
        }
        Remedy::Advice(_) | Remedy::Nothing => {
            let problem = Problem::new(Code::NotPossibleNow).because(at.say("cause-no-fix", &[]));
            failure(VERB, problem, at)
        }
    }
}

/// OpenClaw is looked for anew; another program stays what it is.
fn reinstallation(evidence: &Evidence) -> Result<Install, Problem> {
    let found = evidence.registration().ok_or_else(Problem::not_installed)?;
    let is_openclaw = found.command.iter().any(|word| word.contains("openclaw"));
    let program = if is_openclaw { Vec::new() } else { found.command.clone() };
    if program.iter().any(|word| word.contains(DOTS)) {
        return Err(Problem::new(Code::NotPossibleNow)
            .hint_command("install-any-program", "gateward install --force -- /path/to/program arguments"));
    }
    let wanted = Wanted { program, workdir: found.working_dir.clone(), ..Wanted::default() };
    Ok(Install { wanted, force: true, ..Install::default() })
}

async fn carried(finding: &Finding, gateway: &Gateway, at: &Invocation<'_>) -> Result<Output, Problem> {
    let plan = steps(finding, at)?;
    if at.flags.dry_run {
        return Ok(dry_run::output(VERB, &plan, at));
    }
    let turn = at.turn_for_files("fix").await?;
    carry(gateway.stage(at.world).in_turn(&turn), &plan, at).await?;
    Ok(Output::default())
}

fn steps(finding: &Finding, at: &Invocation<'_>) -> Result<Plan, Problem> {
    let now = finding.values.get("path").map(|path| at.world.system.read(path)).transpose()?.flatten();
    plan(finding, now, at.world.around.user.as_deref())
}

/// Looks again: what is still found was not mended.
async fn verified(rule: &str, gateway: &Gateway, at: &Invocation<'_>) -> Result<Done, Problem> {
    let again = examine(&gather(at.world, gateway).await);
    match again.iter().any(|finding| finding.rule.id == rule) {
        true => {
            Err(Problem::new(Code::NotMended).with("rule", rule).hint_command("take-back", "gateward undo"))
        }
        false => Ok(Done::new("mended").with("rule", rule).hint("take-back", "gateward undo")),
    }
}

fn done(done: Done, at: &Invocation<'_>) -> Output {
    Report { action: VERB, outcome: Ok(done), seen: None }.output(at)
}

/// One rule after the other; each looks again at what the one before has left.
async fn all_safe(
    found: &[Finding],
    evidence: &Evidence,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    let safe: Vec<&Finding> = found.iter().filter(|finding| finding.rule.remedy.is_safe()).collect();
    let mut outputs = Vec::new();
    for finding in &safe {
        outputs.push(mended(finding.rule.id, found, evidence, gateway, at).await?);
    }
    if outputs.is_empty() {
        return Ok(done(Done::new("nothing-safe"), at));
    }
    let exit = outputs.iter().map(|output| output.exit).find(|exit| *exit != Exit::Ok).unwrap_or_default();
    let json = at.flags.json.then(|| outputs.iter().filter_map(|output| output.json.clone()).collect());
    let text = outputs.iter().map(|output| output.text.as_str()).collect();
    let complaint = outputs.iter().map(|output| output.complaint.as_str()).collect();
    Ok(Output { text, complaint, json, exit })
}
