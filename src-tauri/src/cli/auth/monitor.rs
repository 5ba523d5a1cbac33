//! `auth monitor`: one look, and what has to be told is told; or the timer that does it.

use std::collections::BTreeMap;

use serde_json::json;

use super::{limits, look};
use crate::alerts::{Alert, machine, parcel, send};
use crate::auth::routes::{self, Way};
use crate::auth::sign_in;
use crate::auth::stages::{Memory, News, due};
use crate::auth::timer::{Pace, Timer};
use crate::cli::args::AuthMonitor;
use crate::cli::chronicle::record;
use crate::cli::invocation::Invocation;
use crate::cli::lifecycle::carry;
use crate::cli::{Exit, Output, dry_run};
use crate::layout;
use crate::model::Notice;
use crate::plan::{Call, Plan, Tool};
use crate::problem::{Code, Problem};
use crate::programs;
use crate::settings;
use crate::view::credential::notice::{Reader, gathered, notice};
use crate::world::Gateway;

/// # Errors
/// As [`Invocation::gateway`], and the plan's.
pub async fn run(wanted: &AuthMonitor, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let manager = gateway.adapter.manager();
    let mut timer = Timer { id: &gateway.id, around: &at.world.around, pace: pace(at)?, is_there: false };
    let definition = timer.definition(manager);
    timer.is_there = definition.is_some_and(|path| at.world.system.entry(&path).is_some());
    if wanted.install {
        let plan = timer.install(manager, routes::kept(&at.world.around))?;
        return change("auth-monitor-install", plan, "auth-monitor-installed", &gateway, at).await;
    }
    if wanted.uninstall {
        let plan = timer.uninstall(manager)?;
        return change("auth-monitor-uninstall", plan, "auth-monitor-removed", &gateway, at).await;
    }
    once(&gateway, &timer, at).await
}

/// GATEWARD_MONITOR_EVERY shortens the pace, for tests and the impatient.
fn pace(at: &Invocation<'_>) -> Result<Pace, Problem> {
    let Some(text) = at.world.around.variable("GATEWARD_MONITOR_EVERY") else { return Ok(Pace::default()) };
    let span = text.parse::<jiff::SignedDuration>().ok().and_then(|span| span.try_into().ok());
    let every: std::time::Duration = span.ok_or_else(|| {
        Problem::new(Code::BadValue)
            .with("variable", "GATEWARD_MONITOR_EVERY")
            .with("value", crate::problem::clean(text))
    })?;
    Ok(Pace { after_boot: every.min(Pace::default().after_boot), every })
}

async fn change(
    action: &'static str,
    plan: Plan,
    done: &str,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    if at.flags.dry_run {
        return Ok(dry_run::output(action, &plan, at));
    }
    let turn = at.turn_for_files("auth").await?;
    carry(gateway.stage(at.world).in_turn(&turn), &plan, at).await?;
    let every = crate::view::short_duration(pace(at)?.every.as_secs() as i64, at.words());
    let message = at.say(done, &[("every", &every)]);
    if at.flags.json {
        return Ok(Output::json(json!({ "action": action, "ok": true, "message": message }), Exit::Ok));
    }
    Ok(Output { text: message + "\n", ..Output::default() })
}

/// What one news came to.
struct Told {
    notice: Notice,
    arrived: Vec<&'static str>,
    failed: Vec<(&'static str, Problem)>,
}

async fn once(gateway: &Gateway, timer: &Timer<'_>, at: &Invocation<'_>) -> Result<Output, Problem> {
    let variables = variables(timer, at)?;
    let limits = limits(&variables, at);
    let shelf = shelf(timer, at)?;
    let mut memory = remembered(&shelf, at);
    let survey = look(gateway, &memory, at).await.survey;
    let now = at.world.system.now();
    let mut told = Vec::new();
    let news = due(&memory, &survey.credentials, now, limits);
    let profile = gateway.id.profile.to_string();
    record(&news.iter().map(|it| it.incident(&profile, now)).collect::<Vec<_>>(), at);
    let apart = if news.len() > MOST_APART { news.len() } else { 1 };
    for some in news.chunks(apart) {
        let one = tell(letter(some, gateway, at), &variables, gateway, at).await;
        // News that reached nobody stays news: the next run tries again.
        if !one.arrived.is_empty() {
            some.iter().for_each(|it| memory.keep(it, now, limits));
            keep(&shelf, &memory, at)?;
        }
        told.push(one);
    }
    Ok(output(&told, at))
}

/// What the timer kept, then the process's own.
fn variables(timer: &Timer<'_>, at: &Invocation<'_>) -> Result<BTreeMap<String, String>, Problem> {
    let text =
        at.world.system.read(&timer.notify_file()?)?.map(|contents| contents.text()).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    let mut set: BTreeMap<String, String> =
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for name in routes::VARIABLES {
        set.extend(at.world.around.variable(name).map(|text| (name.to_owned(), text.to_owned())));
    }
    Ok(set)
}

fn shelf(timer: &Timer<'_>, at: &Invocation<'_>) -> Result<String, Problem> {
    let around = &at.world.around;
    Ok(layout::join(&layout::own_state_dir(around)?, &[&format!("{}.json", timer.name())], around.os))
}

/// A damaged memory is none: telling twice is better than never.
fn remembered(shelf: &str, at: &Invocation<'_>) -> Memory {
    let contents = at.world.system.read(shelf).ok().flatten();
    contents.and_then(|contents| serde_json::from_slice(&contents.bytes).ok()).unwrap_or_default()
}

fn keep(shelf: &str, memory: &Memory, at: &Invocation<'_>) -> Result<(), Problem> {
    at.world.system.make_dir(layout::parent(shelf), 0o700)?;
    at.world.system.write(shelf, json!(memory).to_string().as_bytes(), 0o600)
}

/// One news, or several in one letter.
fn letter(news: &[News], gateway: &Gateway, at: &Invocation<'_>) -> Notice {
    let page = at.page();
    let reader = Reader { words: at.words(), zone: page.zone, now: page.now };
    let own = super::own_sources(at);
    let (profile, id) = (gateway.id.profile.to_string(), &gateway.id.profile);
    let worded =
        |it: &News| notice(it, sign_in::command(&it.credential, id, &own).as_deref(), &profile, &reader);
    match news {
        [one] => worded(one),
        several => gathered(&several.iter().map(worded).collect::<Vec<_>>(), &profile, at.words()),
    }
}

async fn tell(
    notice: Notice,
    variables: &BTreeMap<String, String>,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Told {
    let page = at.page();
    let profile = gateway.id.profile.to_string();
    let machine = machine(&*at.world.system, &at.world.around);
    let alert = Alert::new(&notice, &profile, &machine, page.now);
    let mut told = Told { notice, arrived: Vec::new(), failed: Vec::new() };
    for way in ways(variables, at) {
        match over(&way, &alert, gateway, at).await {
            Ok(()) => told.arrived.push(way.name()),
            Err(problem) => told.failed.push((way.name(), problem)),
        }
    }
    told
}

/// The environment's ways, and the routes of the settings under their own name.
fn ways(variables: &BTreeMap<String, String>, at: &Invocation<'_>) -> Vec<Way> {
    let around = &at.world.around;
    let secrets = settings::Secrets::load(&*at.world.system, around).unwrap_or_default();
    let routes = settings::current(&*at.world.system, around).alerts.routes;
    let set = routes.into_iter().filter(|(_, route)| route.on).map(|(name, route)| Way::Route {
        name: "settings",
        secrets: secrets.of(&name),
        route,
    });
    routes::ways(variables, around).into_iter().chain(set).collect()
}

async fn over(way: &Way, alert: &Alert, gateway: &Gateway, at: &Invocation<'_>) -> Result<(), Problem> {
    match way {
        Way::Route { name, route, secrets } => {
            send(&*at.world.system, name, parcel(alert, name, route, secrets)?).await
        }
        Way::Phone { target } => {
            let (system, around) = (&*at.world.system, &at.world.around);
            let found = programs::find(system, around, &settings::current(system, around).programs).await?;
            let profile = gateway.id.profile.name().map(|name| ["--profile", name]);
            let text = format!("{}\n{}", alert.subject(), alert.text);
            let mut args = vec![found.openclaw.entry.as_str()];
            args.extend(profile.iter().flatten());
            args.extend(["message", "send", "--target", target.reveal(), "--message", &text]);
            let answer =
                at.world.system.run(&Call::new(Tool::At(found.node.path), &args, PHONE_PATIENCE)).await;
            match answer.is_success() {
                true => Ok(()),
                false => {
                    Err(Problem::new(Code::AlertFailed).with("route", way.name()).because(answer.words()))
                }
            }
        }
    }
}

/// More news than that, of one run, come in one letter: nobody reads a hundred.
const MOST_APART: usize = 5;

/// Node's start and the channel's own time.
const PHONE_PATIENCE: std::time::Duration = std::time::Duration::from_secs(90);

fn output(told: &[Told], at: &Invocation<'_>) -> Output {
    let failed = told.iter().any(|it| !it.failed.is_empty());
    let exit = if failed { Exit::Failed } else { Exit::Ok };
    if at.flags.json {
        let list: Vec<_> = told.iter().map(shape).collect();
        return Output::json(json!({ "ok": !failed, "told": list }), exit);
    }
    let mut text: String = told.iter().map(|it| line(it, at) + "\n").collect();
    if told.is_empty() {
        text = at.say("auth-monitor-quiet", &[]) + "\n";
    } else if told.iter().any(|it| it.arrived.is_empty() && it.failed.is_empty()) {
        text += &(at.say("auth-monitor-no-routes", &[]) + "\n");
    }
    let failures =
        told.iter().flat_map(|it| &it.failed).map(|(_, problem)| at.page().problem(problem) + "\n");
    Output { text, complaint: failures.collect(), exit, ..Output::default() }
}

fn shape(told: &Told) -> serde_json::Value {
    let failed: Vec<_> =
        told.failed.iter().map(|(name, problem)| json!({ "route": name, "problem": problem })).collect();
    json!({ "title": told.notice.title, "text": told.notice.body, "urgent": told.notice.urgent,
            "arrived": told.arrived, "failed": failed })
}

fn line(told: &Told, at: &Invocation<'_>) -> String {
    let title = told.notice.title.as_str();
    let failed: Vec<&str> = told.failed.iter().map(|(name, _)| *name).collect();
    match (told.arrived.as_slice(), failed.as_slice()) {
        ([], []) => at.say("auth-monitor-nobody", &[("title", title)]),
        ([], failed) => at.say("auth-monitor-untold", &[("routes", &failed.join(", ")), ("title", title)]),
        (arrived, _) => at.say("auth-monitor-told", &[("routes", &arrived.join(", ")), ("title", title)]),
    }
}
