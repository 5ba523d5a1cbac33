//! The four facts in words.

use jiff::Timestamp;

use super::chain::{answers_stand, port_stands, registered_stands, supervised_stands};
use super::{FactKey, FactView, Standing};
use crate::model::{
    Answers, Belongs, Exit, ExitRecord, Fact, GatewayState, Listener, Origin, PortUse, Registered,
    Registration, Run, Supervised,
};
use crate::problem::Problem;
use crate::view;
use crate::words::Words;

pub fn facts(state: &GatewayState, words: &Words) -> Vec<FactView> {
    let seen = &state.observation;
    let fact = |key, standing, (value, details)| Line { key, standing, value, details };
    vec![
        fact(FactKey::Registered, registered_stands(seen), registered(&seen.registered.value, words))
            .read(&seen.registered, words),
        fact(FactKey::Supervised, supervised_stands(state), supervised(&seen.supervised, words))
            .read(&seen.supervised, words),
        fact(FactKey::Port, port_stands(state), port(&seen.port.value, words)).read(&seen.port, words),
        fact(FactKey::Answers, answers_stand(state), answers(&seen.answers.value, words))
            .read(&seen.answers, words),
    ]
}

struct Line {
    key: FactKey,
    standing: Standing,
    value: String,
    details: Vec<String>,
}

impl Line {
    fn read<T>(self, fact: &Fact<T>, words: &Words) -> FactView {
        FactView {
            key: self.key,
            title: words.say(&format!("window-fact-{}", self.key.name()), &[]),
            standing: self.standing,
            value: self.value,
            details: self.details,
            source: fact.source.clone(),
            read_at: fact.read_at,
        }
    }
}

type Told = (String, Vec<String>);

fn registered(value: &Registered, words: &Words) -> Told {
    match value {
        Registered::Missing { file } => (
            words.say("window-registered-missing", &[]),
            vec![words.say("window-registered-missing-at", &[("file", file)])],
        ),
        Registered::Present(registration) => (origin(registration.origin, words), drift(registration, words)),
        Registered::Unknown { why, .. } => (words.say("window-registered-unknown", &[]), because(why, words)),
    }
}

fn origin(origin: Origin, words: &Words) -> String {
    let openclaw = |generation| words.say("window-registered-by-openclaw", &[("generation", generation)]);
    match origin {
        Origin::Gateward => words.say("window-registered-by-gateward", &[]),
        Origin::OpenclawF => openclaw("2026.2"),
        Origin::OpenclawA => openclaw("2026.4"),
        Origin::OpenclawN => openclaw("2026.9"),
        Origin::Foreign => words.say("window-registered-by-foreign", &[]),
    }
}

fn drift(registration: &Registration, words: &Words) -> Vec<String> {
    let count = registration.drop_ins.len();
    let stale = registration.stale.then(|| words.say("window-registered-stale", &[]));
    let drop_ins = (count > 0).then(|| words.say("window-registered-drop-ins", &[("n", &count.to_string())]));
    stale.into_iter().chain(drop_ins).chain(flaws(registration, words)).collect()
}

/// What will surprise the owner, and once, that it can be mended.
fn flaws(registration: &Registration, words: &Words) -> Vec<String> {
    let told = registration.flaws.iter().map(|flaw| words.flaw(flaw));
    let mendable = registration.flaws.iter().any(|flaw| flaw.mendable);
    told.chain(mendable.then(|| words.say("flaw-mend", &[]))).collect()
}

fn supervised(fact: &Fact<Supervised>, words: &Words) -> Told {
    let say = |key| words.say(key, &[]);
    match &fact.value {
        Supervised::Running(run) => {
            (running(run, fact.read_at, words), past(run.last_exit.as_ref(), run.restarts, words))
        }
        Supervised::Starting => (say("window-supervised-starting"), Vec::new()),
        Supervised::Waiting { last_exit, restarts } => {
            (say("window-supervised-waiting"), past(last_exit.as_ref(), *restarts, words))
        }
        Supervised::Stopping { until, .. } => {
            (say("window-supervised-stopping"), killed_at(*until, fact.read_at, words))
        }
        Supervised::Stopped { last_exit } => {
            (say("window-supervised-stopped"), past(last_exit.as_ref(), 0, words))
        }
        Supervised::GaveUp { last_exit, restarts } => {
            (say("window-supervised-gave-up"), past(last_exit.as_ref(), *restarts, words))
        }
        Supervised::Unloaded => (say("window-supervised-unloaded"), Vec::new()),
        Supervised::Absent => (say("window-supervised-absent"), Vec::new()),
        Supervised::Unknown { why } => (say("window-supervised-unknown"), because(why, words)),
    }
}

fn killed_at(until: Option<Timestamp>, read_at: Timestamp, words: &Words) -> Vec<String> {
    let left = until.map(|until| view::short_duration(until.duration_since(read_at).as_secs(), words));
    left.map(|left| words.say("window-supervised-killed-in", &[("left", &left)])).into_iter().collect()
}

fn running(run: &Run, read_at: Timestamp, words: &Words) -> String {
    let pid = run.pid.to_string();
    match run.since {
        Some(since) => {
            let age = view::short_duration(read_at.duration_since(since).as_secs(), words);
            words.say("window-supervised-running-for", &[("pid", &pid), ("for", &age)])
        }
        None => words.say("window-supervised-running", &[("pid", &pid)]),
    }
}

fn past(last_exit: Option<&ExitRecord>, restarts: u32, words: &Words) -> Vec<String> {
    let again =
        (restarts > 0).then(|| words.say("window-supervised-restarts", &[("n", &restarts.to_string())]));
    let ended = last_exit.map(|record| {
        words.say("window-supervised-last-exit", &[("exit", &how_it_ended(record.exit, words))])
    });
    ended.into_iter().chain(again).collect()
}

/// `exit code 1`, `signal 9`.
pub fn how_it_ended(exit: Exit, words: &Words) -> String {
    match exit {
        Exit::Code { code } => words.say("window-exit-code", &[("code", &code.to_string())]),
        Exit::Signal { signal, core } => {
            let key = if core { "window-exit-core" } else { "window-exit-signal" };
            words.say(key, &[("signal", &signal.to_string())])
        }
    }
}

fn port(value: &PortUse, words: &Words) -> Told {
    match value {
        PortUse::Free { port } => at_port("window-port-free", *port, words, Vec::new()),
        PortUse::Owned { port, owner } => {
            let key = match owner.belongs {
                Belongs::Service => "window-port-service",
                Belongs::Gateway => "window-port-gateway",
                Belongs::Stranger => "window-port-stranger",
            };
            let named = [("port", port.to_string()), ("program", owner.program.clone())];
            (
                words.say(key, &named.each_ref().map(|(name, text)| (*name, text.as_str()))),
                listener(owner, words),
            )
        }
        PortUse::Hidden { port } => at_port("window-port-hidden", *port, words, Vec::new()),
        PortUse::Unknown { port, why } => at_port("window-port-unknown", *port, words, because(why, words)),
    }
}

fn at_port(key: &str, port: u16, words: &Words, details: Vec<String>) -> Told {
    (words.say(key, &[("port", &port.to_string())]), details)
}

fn listener(owner: &Listener, words: &Words) -> Vec<String> {
    let pid = owner.pid.to_string();
    let who = [("program", owner.program.as_str()), ("pid", pid.as_str()), ("user", owner.user.as_str())];
    let mut lines = vec![words.say("window-port-owner", &who)];
    lines.extend(owner.started_by.iter().map(|unit| words.say("window-port-started-by", &[("unit", unit)])));
    lines.push(words.say("window-port-address", &[("address", &owner.address)]));
    lines
}

fn answers(value: &Answers, words: &Words) -> Told {
    let within = |key, ms: u32| words.say(key, &[("ms", &ms.to_string())]);
    match value {
        Answers::Ready { version, latency_ms } => (
            within("window-answers-ready", *latency_ms),
            version.iter().map(|it| words.say("window-answers-version", &[("version", it)])).collect(),
        ),
        Answers::Live { failing, .. } => (words.say("window-answers-live", &[]), missing(failing, words)),
        Answers::Silent { waited_ms } => (within("window-answers-silent", *waited_ms), Vec::new()),
        Answers::Refused => (words.say("window-answers-refused", &[]), Vec::new()),
        Answers::NotGateway { saw } => (
            words.say("window-answers-not-gateway", &[]),
            vec![words.say("window-answers-saw", &[("saw", saw)])],
        ),
        Answers::Unknown { why } => (words.say("window-answers-unknown", &[]), because(why, words)),
    }
}

fn missing(failing: &[String], words: &Words) -> Vec<String> {
    let names = failing.join(", ");
    failing.first().map(|_| words.say("window-answers-failing", &[("names", &names)])).into_iter().collect()
}

fn because(why: &Problem, words: &Words) -> Vec<String> {
    std::iter::once(words.problem(why)).chain(why.cause.clone()).collect()
}
