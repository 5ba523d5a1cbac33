//! Follows the gateway's log for the window.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gateward::layout;
use gateward::logs::{Tail, line, plain};
use gateward::model::LogLine;
use gateward::observe::log_files;
use gateward::plan::{Call, Tool};
use gateward::problem::{Code, Problem};
use gateward::world::{Gateway, World};
use tauri::async_runtime::JoinHandle;
use tauri::ipc::Channel;
use tokio::sync::mpsc;

/// Sent at once; more wait, and hold back the program that reads the journal.
const BATCH: usize = 2000;
/// Between two batches: 20 a second keep the page at full speed (test-rigs 7).
const PAUSE: Duration = Duration::from_millis(50);
/// Between two looks at a file that nothing tells us of.
const LOOK: Duration = Duration::from_millis(250);
/// The most lines that a page can ask for from the past.
const MOST: u32 = 10_000;

/// Everyone who follows, by number.
#[derive(Default)]
pub struct Followers(Mutex<(u32, BTreeMap<u32, JoinHandle<()>>)>);

impl Followers {
    pub fn follow(
        &self,
        world: &World,
        gateway: &Gateway,
        channel: Channel<Vec<LogLine>>,
        lines: u32,
    ) -> u32 {
        let (world, gateway, lines) = (world.clone(), gateway.clone(), lines.min(MOST));
        let task = tauri::async_runtime::spawn(async move {
            let paths = log_files(&*world.system, &*gateway.adapter, &gateway.id).await;
            let followed = match paths {
                Some(paths) => files(&world, &paths, &channel, lines).await,
                None => journal(&world, &gateway, &channel, lines).await,
            };
            if let Err(problem) = followed {
                tracing::warn!(%problem, "the log cannot be followed");
            }
        });
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0 += 1;
        let id = inner.0;
        inner.1.insert(id, task);
        id
    }

    pub fn stop(&self, id: u32) {
        if let Some(task) = self.0.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&id) {
            task.abort();
        }
    }

    /// The page is gone, and with it whoever followed.
    pub fn stop_all(&self) {
        let tasks = std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).1);
        tasks.into_values().for_each(|task| task.abort());
    }
}

/// Without `--user`: the messages of root's user services are in the system's journal.
async fn journal(
    world: &World,
    gateway: &Gateway,
    channel: &Channel<Vec<LogLine>>,
    lines: u32,
) -> Result<(), Problem> {
    let (unit, lines) = (gateway.id.unit.as_str(), lines.to_string());
    let arguments =
        ["--user-unit", unit, "--lines", &lines, "--output=json", "--no-pager", "--quiet", "--follow"];
    let (tell, mut told) = mpsc::channel(256);
    let _streaming =
        world.system.stream(&Call::new(Tool::Journalctl, &arguments, Duration::from_secs(20)), tell);
    let mut batch = Vec::new();
    while told.recv_many(&mut batch, BATCH).await > 0 {
        send(channel, batch.drain(..).filter_map(|json: String| line::of_journal(&json)).collect())?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

async fn files(
    world: &World,
    paths: &[String],
    channel: &Channel<Vec<LogLine>>,
    lines: u32,
) -> Result<(), Problem> {
    let system = Arc::clone(&world.system);
    let mut tails = Vec::new();
    for path in paths {
        let (tail, last) = Tail::open(&*system, path, lines as usize)?;
        send(channel, lines_of(last, layout::file_name(path)))?;
        tails.push((layout::file_name(path), tail));
    }
    loop {
        for (name, tail) in &mut tails {
            send(channel, lines_of(tail.read(&*system)?, name))?;
        }
        system.pause(LOOK).await;
    }
}

fn lines_of(texts: Vec<String>, source: &str) -> Vec<LogLine> {
    texts.iter().map(|text| line::of_file(&plain(text), source)).collect()
}

fn send(channel: &Channel<Vec<LogLine>>, batch: Vec<LogLine>) -> Result<(), Problem> {
    if batch.is_empty() {
        return Ok(());
    }
    channel.send(batch).map_err(|error| Problem::new(Code::Internal).because(error.to_string()))
}
