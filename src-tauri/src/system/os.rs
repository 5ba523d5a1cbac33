//! The real machine.

// The one place that touches the machine.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use super::{
    Ask, Contents, Door, DoorKey, Entry, Fetch, Hearer, Held, Hint, Part, Post, Report, Seen, System, Watch,
    Watching,
};
use crate::model::TrayHost;
use crate::plan::{Answer, Call, Tool};
use crate::problem::Problem;
use crate::system::child::lock::Lock;

mod around;
mod clocks;
mod files;
mod net;
mod process;
mod rpc;
mod run;
mod task;
mod tls;
mod tray;
mod unit;
mod web;

use files::Durable;

pub use around::{called_as, own_program, surroundings};
#[cfg(windows)]
pub(super) use process::descendants;
pub(super) use process::seen as process_seen;
#[cfg(target_os = "linux")]
pub(super) use unit::{Lines, object_name};

pub struct Os {
    tools: run::Tools,
    begun: Instant,
    units: unit::Units,
}

impl Os {
    /// `tools` is the folder of `GATEWARD_TOOLS`, looked up before the system's own folders.
    pub fn new(tools: Option<String>) -> Self {
        let variables = around::variables();
        Self {
            units: unit::Units::new(&variables, tools.is_some()),
            tools: run::Tools::new(tools),
            begun: Instant::now(),
        }
    }

    /// Another user's machine, for tests: programs are started with these variables only, and the managers they name are asked.
    pub fn within(variables: BTreeMap<String, String>, tools: Option<String>) -> Self {
        Self {
            units: unit::Units::new(&variables, tools.is_some()),
            tools: run::Tools::within(variables, tools),
            begun: Instant::now(),
        }
    }

    #[cfg(target_os = "linux")]
    pub(super) fn addresses(&self) -> Vec<String> {
        self.units.addresses()
    }

    #[cfg(target_os = "linux")]
    pub(super) fn session(&self) -> Option<&str> {
        self.units.session()
    }

    #[cfg(target_os = "linux")]
    pub(super) fn lines(&self) -> std::sync::Arc<Lines> {
        self.units.lines()
    }

    fn has_doubles(&self) -> bool {
        self.tools.has_doubles()
    }

    fn uid(&self) -> u32 {
        around::uid()
    }
}

/// Such tools answer within milliseconds; launchd, while a domain is being torn down, may take its time.
const TOOL_PATIENCE: Duration = Duration::from_secs(5);

/// From here on the runtime's timer wakes before it is due: its wheel has 64 slots a level, of 64 ms the second and of 4 s the third.
const LONG: Duration = Duration::from_secs(4);

/// launchd has no other door than its tool: the exit code and the words are part of the answer.
async fn launchctl(os: &Os, args: &[&str]) -> (Seen, String) {
    let call = Call::new(Tool::Launchctl, args, TOOL_PATIENCE);
    (Seen::Answered(os.run(&call).await), call.to_string())
}

/// What a secured scheme has behind its name.
fn secured(door: Door) -> &'static str {
    match door {
        Door::Plain => "",
        Door::Tls(_) => "s",
    }
}

#[async_trait]
impl System for Os {
    async fn answer(&self, ask: &Ask) -> Report {
        let (seen, source) = match ask {
            Ask::Unit { unit, scope } => self.units.answer(self, unit, scope).await,
            Ask::Linger { user } => unit::linger(self, user).await,
            Ask::LastWords { unit, lines } => unit::last_words(self, unit, *lines).await,
            Ask::Journal { unit, since } => unit::journal(self, unit, *since).await,
            Ask::Commands { naming } => (process::naming(naming).await, process::ALL.to_owned()),
            Ask::File { path } => (files::seen(path), path.clone()),
            Ask::Process { pid } => (process::seen(*pid), process::source(*pid)),
            Ask::Load { pid } => (process::load(*pid), process::source(*pid)),
            Ask::Port { port } => net::listeners(*port).await,
            Ask::Http { port, path, door } => {
                let url = format!("http{}://127.0.0.1:{port}{path}", secured(*door));
                (net::http(*port, path, *door).await, format!("GET {url}"))
            }
            Ask::Greeting { port, door } => {
                (net::greeting(*port, *door).await, format!("ws{}://127.0.0.1:{port}", secured(*door)))
            }
            Ask::Job { domain, label } => launchctl(self, &["print", &format!("{domain}/{label}")]).await,
            Ask::Overrides { domain } => launchctl(self, &["print-disabled", domain]).await,
            Ask::Crontab => {
                let call = Call::new(Tool::Crontab, &["-l"], TOOL_PATIENCE);
                (Seen::Answered(self.run(&call).await), call.to_string())
            }
            Ask::Task { name } => task::state(self, name).await,
            Ask::TaskDefinition { name } => task::definition(self, name).await,
            Ask::Tasks => task::all(self).await,
        };
        Report { ask: ask.clone(), seen, source, at: self.now() }
    }

    async fn run(&self, call: &Call) -> Answer {
        run::run(&self.tools, call).await
    }

    async fn feed(&self, call: &Call, input: &[u8]) -> Answer {
        run::feed(&self.tools, call, input).await
    }

    async fn narrate(&self, call: &Call, tell: &Hearer<'_>) -> Answer {
        run::narrate(&self.tools, call, tell).await
    }

    async fn tray_host(&self) -> Option<TrayHost> {
        tray::host(self).await
    }

    async fn post(&self, post: &Post) -> Result<u16, String> {
        web::post(post).await
    }

    async fn fetch(&self, wanted: &Fetch) -> Result<Vec<u8>, String> {
        web::fetch(wanted).await
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Problem> {
        files::read(path)
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        files::write(path, bytes, mode, Durable::AtOnce)
    }

    fn write_fleeting(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        files::write(path, bytes, mode, Durable::InTime)
    }

    fn remove(&self, path: &str) -> Result<bool, Problem> {
        files::remove(path)
    }

    fn make_dir(&self, path: &str, mode: u32) -> Result<(), Problem> {
        files::make_dir(path, mode)
    }

    fn lock(&self, path: &str) -> Result<Option<Held>, Problem> {
        Ok(Lock::take(path)?.map(Held::until_dropped))
    }

    fn entry(&self, path: &str) -> Option<Entry> {
        files::entry(path)
    }

    fn free_space(&self, path: &str) -> Option<u64> {
        files::free_space(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        files::names(folder)
    }

    fn read_part(&self, path: &str, from: u64, most: usize) -> Result<Option<Part>, Problem> {
        files::read_part(path, from, most)
    }

    fn rotate(&self, path: &str, most: u64) -> Result<bool, Problem> {
        files::rotate(path, most)
    }

    fn stream(&self, call: &Call, tell: Sender<String>) -> Watching {
        run::stream(&self.tools, call, tell)
    }

    async fn call_gateway(&self, port: u16, key: &DoorKey, method: &str) -> Result<String, Problem> {
        rpc::call(port, key, method).await
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn clock(&self) -> Duration {
        self.begun.elapsed()
    }

    fn slept(&self) -> Duration {
        clocks::slept()
    }

    fn uptime(&self) -> Duration {
        clocks::uptime()
    }

    async fn pause(&self, duration: Duration) {
        let is_over = duration >= LONG && super::watch::rest(duration).await;
        // The runtime's timer has milliseconds and rounds up.
        if !is_over && !duration.is_zero() {
            tokio::time::sleep(duration).await;
        }
    }

    async fn pause_until(&self, moment: Timestamp) {
        if !super::watch::alarm(moment).await {
            let left = Duration::try_from(moment.duration_since(self.now())).unwrap_or_default();
            self.pause(left.min(super::LONGEST_NAP)).await;
        }
    }

    fn watch(&self, watch: Watch, tell: Sender<Hint>) -> Watching {
        super::watch::watch(self, watch, tell)
    }
}
