//! Looks, and changes nothing: everything that goes into the archive, veiled only when all of it is known.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Archive, Entry, Kind, Secrets, Veil};
use crate::changes::text_in;
use crate::doctor::{Evidence, examine, export, gather};
use crate::identity::Identity;
use crate::layout::{self, Os};
use crate::logs::sinks::LogFile;
use crate::model::{DOTS, GatewayState, Manager};
use crate::observe::manager_reports;
use crate::plan::{Call, Tool};
use crate::problem::Problem;
use crate::system::store::Store;
use crate::system::{Ask, ProcessSeen, Report, Seen};
use crate::view::text::Page;
use crate::words::Words;
use crate::world::{Gateway, World};

/// One gateway, and what is found true of it.
#[derive(Clone)]
pub struct Subject {
    pub gateway: Gateway,
    pub state: GatewayState,
}

/// So much of the end of each log.
const LOG_BYTES: u64 = 512 * 1024;
const JOURNAL_LINES: &str = "2000";
/// Logs of one gateway; the newest come first in the list of its sinks.
const MOST_LOGS: usize = 6;
const MOST_INCIDENTS: u32 = 500;
const SHORT: Duration = Duration::from_secs(20);

/// What something is, before it is veiled.
enum Raw {
    Value(Value),
    Definition(String),
    Log(String),
}

/// Everything that is to be in the archive, and every secret that was met on the way.
struct Folder<'a> {
    world: &'a World,
    words: &'a Words,
    secrets: Secrets,
    pages: Vec<(String, Kind, Raw)>,
}

/// # Errors
/// `Internal` when nothing can be veiled: there is no archive then.
pub async fn collect(world: &World, subjects: &[Subject], words: &Words) -> Result<Archive, Problem> {
    let mut folder = Folder { world, words, secrets: Secrets::default(), pages: Vec::new() };
    folder.secrets.learn_environment(&world.around);
    folder.learn_own();
    folder.about(subjects);
    for subject in subjects {
        folder.gateway(subject).await;
    }
    let veil = Veil::new(&folder.secrets, world.around.home().unwrap_or_default())?;
    Ok(Archive { at: world.system.now(), entries: veiled(folder.pages, &veil) })
}

/// Names that are the same once they are veiled are told apart by a number.
fn veiled(pages: Vec<(String, Kind, Raw)>, veil: &Veil) -> Vec<Entry> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let entry = |(name, kind, raw): (String, Kind, Raw)| {
        let name = name.split('/').map(|part| veil.over_name(part)).collect::<Vec<_>>().join("/");
        let count = known.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
        let name = if *count == 1 { name } else { numbered(&name, *count) };
        let text = match raw {
            Raw::Value(value) => pretty(&veil.over_value(&value)),
            Raw::Definition(text) => veil.over_definition(&text),
            Raw::Log(text) => veil.over_log(&text),
        };
        Entry { name, kind, text }
    };
    pages.into_iter().map(entry).collect()
}

fn numbered(name: &str, count: usize) -> String {
    match name.rsplit_once('.') {
        Some((stem, kind)) => format!("{stem}-{count}.{kind}"),
        None => format!("{name}-{count}"),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

impl Folder<'_> {
    fn put(&mut self, name: String, kind: Kind, raw: Raw) {
        self.pages.push((name, kind, raw));
    }

    fn about(&mut self, subjects: &[Subject]) {
        let at = self.world.system.now().to_string();
        let version = env!("CARGO_PKG_VERSION");
        let text = self.words.say("diagnostics-about", &[("version", version), ("at", &at)]) + "\n";
        self.put("about.txt".to_owned(), Kind::About, Raw::Log(text));
        let line = |subject: &Subject| {
            let state = &subject.state;
            json!({ "profile": state.profile, "manager": state.manager, "verdict": state.verdict, "remarks": state.remarks })
        };
        let verdicts: Value = subjects.iter().map(line).collect();
        self.put("verdicts.json".to_owned(), Kind::Verdicts, Raw::Value(verdicts));
    }

    async fn gateway(&mut self, subject: &Subject) {
        let (gateway, state) = (&subject.gateway, &subject.state);
        let profile = state.profile.clone();
        let evidence = gather(self.world, gateway).await;
        let reports = manager_reports(&*self.world.system, &*gateway.adapter, &gateway.id).await;
        self.learn(gateway, &evidence, &reports).await;
        let named = |name: &str| format!("{profile}/{name}");
        self.put(named("versions.json"), Kind::Versions, Raw::Value(self.versions(gateway, &evidence).await));
        self.put(named("state.json"), Kind::State, Raw::Value(json!(state)));
        self.put(named("state.txt"), Kind::State, Raw::Log(self.page().state(state)));
        self.put(named("doctor.json"), Kind::Doctor, Raw::Value(self.findings(&evidence)));
        for (name, kind, raw) in reports.iter().flat_map(told) {
            self.put(named(&name), kind, raw);
        }
        self.config(&gateway.id, &named("config-shape.json"));
        let incidents = Raw::Value(json!(self.incidents(&profile)));
        self.put(named("incidents.json"), Kind::Incidents, incidents);
        self.logs(gateway, &named("logs")).await;
    }

    fn page(&self) -> Page<'_> {
        let now = self.world.system.now();
        Page { words: self.words, zone: TimeZone::system(), now, colour: false, profile: None }
    }

    fn read(&self, path: &str) -> Option<String> {
        self.world.system.read(path).ok().flatten().map(|contents| text_in(&contents.bytes))
    }

    /// Gateward's own: the addresses and tokens of alert routes.
    fn learn_own(&mut self) {
        let Ok(folder) = layout::own_config_dir(&self.world.around) else { return };
        let names = self.world.system.names(&folder);
        let secret = names.iter().filter(|name| name.contains("secret") || name.ends_with(".env"));
        for name in secret {
            let text = self.read(&layout::join(&folder, &[name], self.world.around.os));
            let text = text.unwrap_or_default();
            // A route's address is its secret too.
            let values = serde_json::from_str::<Value>(&text).ok().map(|value| strings_in(&value));
            values.into_iter().flatten().for_each(|value| self.secrets.learn(&value));
            self.secrets.learn_text(&text);
        }
    }

    async fn learn(&mut self, gateway: &Gateway, evidence: &Evidence, reports: &[Report]) {
        for path in secret_files(self.world, &gateway.id) {
            let text = self.read(&path).unwrap_or_default();
            self.secrets.learn_text(&text);
        }
        for report in reports {
            match &report.seen {
                Seen::File(contents) => self.secrets.learn_text(&readable(&contents.bytes)),
                Seen::Answered(answer) => self.secrets.learn_text(&answer.stdout),
                Seen::Properties(all) => all.values().for_each(|text| self.secrets.learn_text(text)),
                Seen::Process(process) => self.secrets.learn_command(&process.command),
                Seen::Processes(all) => all.iter().for_each(|it| self.secrets.learn_command(&it.command)),
                Seen::Listeners(_)
                | Seen::Http(_)
                | Seen::Greeting { .. }
                | Seen::Lines(_)
                | Seen::Load(_)
                | Seen::Missing
                | Seen::Refused
                | Seen::Silent { .. }
                | Seen::Failed(_) => {}
            }
        }
        for process in self.processes(evidence).await {
            self.secrets.learn_command(&process.command);
        }
    }

    /// The service's own, and whoever listens.
    async fn processes(&self, evidence: &Evidence) -> Vec<ProcessSeen> {
        let mut found = Vec::new();
        if let Some(pid) = evidence.seen.supervised.value.pid()
            && let Seen::Process(process) = self.world.system.answer(&Ask::Process { pid }).await.seen
        {
            found.push(process);
        }
        let port = evidence.seen.port.value.port();
        if let Seen::Listeners(listeners) = self.world.system.answer(&Ask::Port { port }).await.seen {
            found.extend(listeners.into_iter().filter_map(|listener| listener.process));
        }
        found
    }

    async fn versions(&self, gateway: &Gateway, evidence: &Evidence) -> Value {
        let around = &self.world.around;
        let programs = match &evidence.programs {
            Ok(found) => json!({
                "node": { "path": found.node.path, "version": found.node.version.to_string() },
                "openclaw": { "entry": found.openclaw.entry, "version": found.openclaw.version },
            }),
            Err(problem) => json!({ "missing": problem.code }),
        };
        json!({
            "gateward": env!("CARGO_PKG_VERSION"),
            "system": around.os,
            "release": self.release().await,
            "manager": gateway.adapter.manager(),
            "manager_version": self.manager_version(gateway.adapter.manager()).await,
            "container": around.container,
            "wsl": around.wsl,
            "locale": around.locale(),
            "programs": programs,
        })
    }

    async fn release(&self) -> Option<String> {
        let (path, mark) = match self.world.around.os {
            Os::Linux => ("/etc/os-release", "PRETTY_NAME="),
            Os::MacOs => ("/System/Library/CoreServices/SystemVersion.plist", "<key>ProductVersion</key>"),
            Os::Windows => return self.world.around.variable("OS").map(str::to_owned),
        };
        let text = self.read(path)?;
        let rest = text.split_once(mark)?.1.trim_start();
        let line = rest.lines().next()?.trim_matches('"');
        Some(line.trim_start_matches("<string>").trim_end_matches("</string>").to_owned())
    }

    async fn manager_version(&self, manager: Manager) -> Option<String> {
        let call = match manager {
            Manager::Systemd => Call::new(Tool::Systemctl, &["--version"], SHORT),
            Manager::Launchd => Call::new(Tool::Launchctl, &["version"], SHORT),
            Manager::Schtasks | Manager::Builtin => return None,
        };
        let answer = self.world.system.run(&call).await;
        answer.is_success().then(|| answer.stdout.lines().next().map(str::to_owned)).flatten()
    }

    fn findings(&self, evidence: &Evidence) -> Value {
        let found = examine(evidence);
        json!(found.iter().map(|finding| export::Told::of(finding, self.words)).collect::<Vec<_>>())
    }

    /// Names, numbers and switches of the config; of a text only how long it is: it may be anything private.
    fn config(&mut self, id: &Identity, name: &str) {
        let Some(text) = self.read(&id.config_path) else { return };
        let shape = match json5::from_str::<Value>(&text) {
            Ok(value) => shape(&value),
            Err(_) => json!({ "unreadable": text.len() }),
        };
        self.put(name.to_owned(), Kind::Config, Raw::Value(shape));
    }

    fn incidents(&self, profile: &str) -> Value {
        let read = || -> Result<Value, Problem> {
            let store = Store::read(&layout::database(&self.world.around)?)?;
            let newest = store.map(|store| store.newest(profile, MOST_INCIDENTS)).transpose()?;
            Ok(json!(newest.unwrap_or_default()))
        };
        read().unwrap_or_else(|problem| json!({ "unreadable": problem }))
    }

    async fn logs(&mut self, gateway: &Gateway, folder: &str) {
        let find = gateway.sinks(self.world).await;
        let sinks = find();
        for (number, file) in sinks.files.iter().filter(|file| !file.is_rotated()).take(MOST_LOGS).enumerate()
        {
            let Some(text) = self.end_of(file) else { continue };
            let name = format!("{folder}/{}-{}", number + 1, layout::file_name(&file.path));
            self.put(name, Kind::Log, Raw::Log(text));
        }
        if let Some(unit) = &sinks.unit {
            let args = [
                "--user-unit",
                unit,
                "--lines",
                JOURNAL_LINES,
                "--output=short-iso",
                "--no-pager",
                "--quiet",
            ];
            let answer = self.world.system.run(&Call::new(Tool::Journalctl, &args, SHORT)).await;
            self.put(format!("{folder}/journal.log"), Kind::Log, Raw::Log(answer.stdout));
        }
    }

    /// From the first whole line on: a half one might begin within a secret.
    fn end_of(&self, file: &LogFile) -> Option<String> {
        let from = file.length.saturating_sub(LOG_BYTES);
        let most = usize::try_from(LOG_BYTES).unwrap_or(usize::MAX);
        let part = self.world.system.read_part(&file.path, from, most).ok()??;
        let text = String::from_utf8_lossy(&part.bytes).into_owned();
        match from {
            0 => Some(text),
            _ => text.split_once('\n').map(|(_, rest)| rest.to_owned()),
        }
    }
}

/// Files of OpenClaw's that hold secrets and are not in the archive.
fn secret_files(world: &World, id: &Identity) -> Vec<String> {
    let os = world.around.os;
    let below = |parts: &[&str]| layout::join(&id.state_dir, parts, os);
    let agents = below(&["agents"]);
    let stores = world.system.names(&agents).into_iter();
    let stores = stores.map(|name| layout::join(&agents, &[&name, "agent", "auth-profiles.json"], os));
    [id.config_path.clone(), below(&[".env"]), layout::systemd_env_file(id)]
        .into_iter()
        .chain(stores)
        .collect()
}

/// A report as an entry: files as they are, and what the manager says.
fn told(report: &Report) -> Option<(String, Kind, Raw)> {
    match (&report.ask, &report.seen) {
        // How a process is, and not how a service is defined.
        (Ask::File { path }, Seen::File(_)) if path.starts_with("/proc/") => None,
        (Ask::File { path }, Seen::File(contents)) => Some((
            format!("definitions/{}", layout::file_name(path)),
            Kind::Definition,
            Raw::Definition(readable(&contents.bytes)),
        )),
        (Ask::TaskDefinition { name }, Seen::Answered(answer)) => Some((
            format!("definitions/{name}.xml"),
            Kind::Definition,
            Raw::Definition(answer.stdout.clone()),
        )),
        (_, Seen::Properties(all)) => {
            let lines: String = all.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
            Some(("manager/properties.txt".to_owned(), Kind::Manager, Raw::Definition(lines)))
        }
        (_, Seen::Answered(answer)) => {
            let words = format!("{}{}", answer.stdout, answer.stderr);
            Some(("manager/answer.txt".to_owned(), Kind::Manager, Raw::Definition(words)))
        }
        (_, Seen::Failed(problem)) => {
            Some(("manager/failure.json".to_owned(), Kind::Manager, Raw::Value(json!(problem))))
        }
        (
            _,
            Seen::File(_)
            | Seen::Process(_)
            | Seen::Processes(_)
            | Seen::Listeners(_)
            | Seen::Http(_)
            | Seen::Greeting { .. }
            | Seen::Lines(_)
            | Seen::Load(_)
            | Seen::Missing
            | Seen::Refused
            | Seen::Silent { .. },
        ) => None,
    }
}

/// A binary property list as XML; scripts and tasks of Windows may be UTF-16.
fn readable(bytes: &[u8]) -> String {
    if bytes.starts_with(b"bplist") {
        let mut xml = Vec::new();
        let read = plist::Value::from_reader(std::io::Cursor::new(bytes));
        if read.and_then(|value| value.to_writer_xml(&mut xml)).is_err() {
            return String::new();
        }
        return String::from_utf8_lossy(&xml).into_owned();
    }
    text_in(bytes)
}

/// Numbers up to ports are no secrets by themselves.
const LARGEST_SHOWN: f64 = 99_999.0;

fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, inner)| (name.clone(), shape(inner))).collect())
        }
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(text) => Value::from(format!("<{}>", text.chars().count())),
        Value::Number(number) if number.as_f64().is_none_or(|it| it.abs() > LARGEST_SHOWN) => DOTS.into(),
        Value::Number(_) | Value::Bool(_) | Value::Null => value.clone(),
    }
}

fn strings_in(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members.values().flat_map(strings_in).collect(),
        Value::Array(items) => items.iter().flat_map(strings_in).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
