//! The gateway's log for the window: pages of it, what is written since, and searches.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gateward::layout;
use gateward::logs::filter::{Filter, expression, here};
use gateward::logs::live::Live;
use gateward::logs::page::Reader;
use gateward::logs::search::{Found, Search};
use gateward::logs::{line, save, sinks::Sinks};
use gateward::model::{Anchor, LogFilter, LogNews, LogPage, Position, Searched, Sink, Spot};
use gateward::problem::Problem;
use gateward::view::logs::Saved;
use gateward::world::{Gateway, World};
use tauri::async_runtime::JoinHandle;
use tauri::ipc::Channel;

use crate::aside::aside;

/// The most bytes of one line that the page is given.
const LONGEST_LINE: usize = 1024 * 1024;

/// Everyone who follows, by number, and the last number that was given.
type Followers = (u32, BTreeMap<u32, JoinHandle<()>>);

/// What the page reads the log with.
#[derive(Clone, Default)]
pub struct Librarian {
    followers: Arc<Mutex<Followers>>,
    found: Arc<Mutex<Found>>,
    /// The number of the newest search: an older one ends.
    search: Arc<AtomicU32>,
}

/// One gateway's log.
#[derive(Clone)]
struct Book {
    world: World,
    gateway: Gateway,
}

impl Book {
    async fn sinks(&self) -> Sinks {
        let find = self.gateway.sinks(&self.world).await;
        find()
    }

    fn filter(&self, typed: &LogFilter) -> Result<Filter, Problem> {
        Filter::of(typed, &here(self.world.system.now()))
    }
}

impl Librarian {
    pub async fn sinks(&self, world: &World, gateway: &Gateway) -> Vec<Sink> {
        let find = gateway.sinks(world).await;
        find().list()
    }

    /// # Errors
    /// As [`Reader::page`]; `NotPossibleNow` for a hit that no search has found.
    pub async fn page(
        &self,
        world: &World,
        gateway: &Gateway,
        anchor: Anchor,
        typed: LogFilter,
        count: u32,
    ) -> Result<LogPage, Problem> {
        let hit = match &anchor {
            Anchor::Hit { hit } => lock(&self.found).kept.get(*hit as usize).cloned(),
            Anchor::End | Anchor::Before { .. } | Anchor::After { .. } | Anchor::Time { .. } => None,
        };
        let book = Book { world: world.clone(), gateway: gateway.clone() };
        aside(async move {
            let (sinks, filter) = (book.sinks().await, book.filter(&typed)?);
            let reader = Reader { system: &*book.world.system, sinks: &sinks, filter: &filter };
            match hit {
                Some(hit) => reader.around_line(hit.at, &hit.spot, count as usize).await,
                None => reader.page(&anchor, count as usize).await,
            }
        })
        .await
    }

    /// The whole line at `spot`, redacted.
    ///
    /// # Errors
    /// `BadValue` for a spot in none of the sinks; `ReadFailed`.
    pub async fn line(
        &self,
        world: &World,
        gateway: &Gateway,
        spot: Spot,
    ) -> Result<Option<String>, Problem> {
        let book = Book { world: world.clone(), gateway: gateway.clone() };
        aside(async move {
            let sinks = book.sinks().await;
            let Some((file, byte)) = sinks.file_at(&spot)? else { return Ok(None) };
            let part = book.world.system.read_part(&file.path, byte, LONGEST_LINE)?;
            let bytes = part.map(|part| part.bytes).unwrap_or_default();
            let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            Ok(Some(line::whole(line, LONGEST_LINE)))
        })
        .await
    }

    /// Tells of new lines behind `position` until `stop`, or the window's end.
    ///
    /// # Errors
    /// `BadValue` for a filter that cannot be understood.
    pub async fn follow(
        &self,
        world: &World,
        gateway: &Gateway,
        channel: Channel<LogNews>,
        position: Position,
        typed: LogFilter,
    ) -> Result<u32, Problem> {
        let filter = Filter::of(&typed, &here(world.system.now()))?;
        let sinks = gateway.sinks(world).await;
        let mut live = Live::from(Arc::clone(&world.system), sinks, filter, position)?;
        let task = tauri::async_runtime::spawn(async move {
            loop {
                match live.next().await {
                    Ok(news) => {
                        if channel.send(news).is_err() {
                            return;
                        }
                    }
                    Err(problem) => return tracing::warn!(%problem, "the log cannot be followed"),
                }
            }
        });
        let mut inner = lock(&self.followers);
        inner.0 += 1;
        let id = inner.0;
        inner.1.insert(id, task);
        Ok(id)
    }

    pub fn stop(&self, id: u32) {
        if let Some(task) = lock(&self.followers).1.remove(&id) {
            task.abort();
        }
    }

    /// The page is gone, and with it whoever followed and searched.
    pub fn stop_all(&self) {
        self.search.fetch_add(1, Ordering::Relaxed);
        let tasks = std::mem::take(&mut lock(&self.followers).1);
        tasks.into_values().for_each(|task| task.abort());
    }

    /// Looks for `pattern`, telling how far it has come; its hits are kept for [`Anchor::Hit`]. A newer search ends it.
    ///
    /// # Errors
    /// `BadPattern`, `BadValue`, `ReadFailed`.
    pub async fn search(
        &self,
        world: &World,
        gateway: &Gateway,
        channel: Channel<Searched>,
        wanted: (String, bool),
        typed: LogFilter,
    ) -> Result<Searched, Problem> {
        let expression = expression(&wanted.0, wanted.1)?;
        let own = self.search.fetch_add(1, Ordering::Relaxed) + 1;
        let (book, this) = (Book { world: world.clone(), gateway: gateway.clone() }, self.clone());
        aside(async move {
            let (sinks, filter) = (book.sinks().await, book.filter(&typed)?);
            let search = Search {
                system: &*book.world.system,
                sinks: &sinks,
                filter: &filter,
                expression: &expression,
            };
            let told = Mutex::new(0);
            let goes_on = |so_far: Searched| {
                let mut told = lock(&told);
                if so_far.entries > 0 || so_far.bytes >= *told + TOLD_EVERY {
                    *told = so_far.bytes;
                    let _ = channel.send(so_far);
                }
                this.search.load(Ordering::Relaxed) == own
            };
            let found = search.run(&goes_on).await?;
            let kept = u32::try_from(found.kept.len()).unwrap_or(u32::MAX);
            let Found { hits, bytes, .. } = found;
            if this.search.load(Ordering::Relaxed) == own {
                *lock(&this.found) = found;
            }
            Ok(Searched { hits, kept, bytes, of: sinks.bytes(), done: true, ..Searched::default() })
        })
        .await
    }

    /// Writes what fits the filter into the person's downloads, else their home.
    ///
    /// # Errors
    /// `ReadFailed`, `WriteFailed`, `BadValue`.
    pub async fn save(&self, world: &World, gateway: &Gateway, typed: LogFilter) -> Result<Saved, Problem> {
        let book = Book { world: world.clone(), gateway: gateway.clone() };
        aside(async move {
            let (sinks, filter) = (book.sinks().await, book.filter(&typed)?);
            let system = &*book.world.system;
            let saved = save::newest(Reader { system, sinks: &sinks, filter: &filter }).await?;
            let os = book.world.around.os;
            let folder = save::folder(system, &book.gateway.id.home, os);
            let time = here(system.now()).strftime("%Y-%m-%d-%H%M%S").to_string();
            let path =
                layout::join(&folder, &[&format!("gateward-{}-{time}.log", book.gateway.id.profile)], os);
            system.write(&path, saved.text.as_bytes(), 0o600)?;
            Ok(Saved { path, lines: u32::try_from(saved.lines).unwrap_or(u32::MAX), cut: saved.cut })
        })
        .await
    }
}

/// Bytes between two words of how far a search has come.
const TOLD_EVERY: u64 = 64 * 1024 * 1024;

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
