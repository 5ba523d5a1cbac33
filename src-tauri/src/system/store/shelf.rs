//! One connection and at most one thread for everybody in this process who works with one database: dozens of gateways may be watched.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::Store;
use crate::problem::{Code, Problem};
use crate::system::child;

/// A database that is opened when it is first needed, and anew after a failure. Clones are the same one.
#[derive(Clone)]
pub struct Shelf {
    path: Arc<str>,
    closes: bool,
    desk: Arc<Mutex<Desk>>,
}

#[derive(Default)]
struct Desk {
    waiting: VecDeque<Work>,
    has_worker: bool,
    /// The connection, while nobody works with it.
    store: Option<Store>,
}

/// Takes the connection, if there is one, and gives back what is to be used on.
type Work = Box<dyn FnOnce(&str, Option<Store>) -> Option<Store> + Send>;

/// What became of something that was asked for.
#[derive(Debug)]
pub struct Done<T> {
    pub result: Result<T, Problem>,
    /// The previous database was unreadable and lies at the path in this problem's `moved`.
    pub moved: Option<Problem>,
}

impl Shelf {
    pub fn new(path: String) -> Self {
        Self { path: path.into(), closes: false, desk: Arc::default() }
    }

    /// For who is to be small: the database is a large part of the program, and is closed while nothing is to be done.
    pub fn closing_at_rest(path: String) -> Self {
        Self { closes: true, ..Self::new(path) }
    }

    /// Does `work` after all that was asked for before, beside the caller: SQLite waits for the disk and for other processes.
    pub fn ask<T, W>(&self, work: W) -> impl Future<Output = Done<T>> + Send + 'static + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&mut Store) -> Result<T, Problem> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        self.enqueue(Box::new(move |path, store| {
            let (done, store) = carry_out(path, store, work);
            let _ = tell.send(done);
            store
        }));
        async move {
            let nobody =
                || Done { result: Err(Problem::new(Code::Internal).with("report", "store")), moved: None };
            told.await.unwrap_or_else(|_| nobody())
        }
    }

    /// How much is still to be done.
    pub fn waiting(&self) -> usize {
        lock(&self.desk).waiting.len()
    }

    fn enqueue(&self, work: Work) {
        let mut desk = lock(&self.desk);
        desk.waiting.push_back(work);
        if !std::mem::replace(&mut desk.has_worker, true) {
            let own = self.clone();
            if let Err(error) = std::thread::Builder::new().name("store".to_owned()).spawn(move || own.work())
            {
                tracing::error!(%error, "no thread for the incident database");
                *desk = Desk { store: desk.store.take(), ..Desk::default() };
            }
        }
    }

    /// A thread that nobody waits for: a program's end comes before a database that does not answer.
    fn work(&self) {
        let mut store = lock(&self.desk).store.take();
        while let Some(work) = self.next(&mut store) {
            store = work(&self.path, store);
        }
        if self.closes {
            drop(store);
            child::give_back_code();
        }
    }

    fn next(&self, store: &mut Option<Store>) -> Option<Work> {
        let mut desk = lock(&self.desk);
        let next = desk.waiting.pop_front();
        desk.has_worker = next.is_some();
        if next.is_none() && !self.closes {
            desk.store = store.take();
        }
        next
    }
}

fn carry_out<T>(
    path: &str,
    store: Option<Store>,
    work: impl FnOnce(&mut Store) -> Result<T, Problem>,
) -> (Done<T>, Option<Store>) {
    let opened = match store {
        Some(store) => Ok((store, None)),
        None => Store::open(path).map(|opened| (opened.store, opened.problem)),
    };
    let (mut store, moved) = match opened {
        Ok(opened) => opened,
        Err(problem) => return (Done { result: Err(problem), moved: None }, None),
    };
    let result = work(&mut store);
    let kept = result.is_ok().then_some(store);
    (Done { result, moved }, kept)
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, target_os = "linux"))]
// Helpers of tests are tests to us, not to clippy.
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{By, Incident, IncidentKind};

    fn incident(profile: &str) -> Incident {
        let at = "2026-11-22T12:00:00Z".parse().unwrap();
        Incident::plain(profile, IncidentKind::Started, at, By::Outside)
    }

    /// A shelf in a folder of its own, and that folder.
    fn shelf(new: fn(String) -> Shelf) -> (Shelf, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (new(folder.path().join("incidents.sqlite").display().to_string()), folder)
    }

    /// How often this process has the database's own file open.
    fn open_files(folder: &tempfile::TempDir) -> usize {
        let database = folder.path().join("incidents.sqlite");
        let all = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        all.filter(|entry| std::fs::read_link(entry.path()).is_ok_and(|to| to == database)).count()
    }

    #[tokio::test]
    async fn many_who_write_at_once_share_one_connection() {
        let (shelf, folder) = shelf(Shelf::new);
        let asked: Vec<_> = (0..50)
            .map(|number| shelf.clone().ask(move |store| store.record(&incident(&format!("p{number}")))))
            .collect();
        let mut ids = Vec::new();
        for one in asked {
            ids.push(one.await.result.unwrap());
        }
        assert_eq!(ids, (1..=50).collect::<Vec<i64>>(), "in the order in which they asked");
        shelf.ask(|_| Ok(())).await.result.unwrap();
        assert_eq!(open_files(&folder), 1);
    }

    #[tokio::test]
    async fn a_failure_is_told_and_the_next_one_opens_anew() {
        let (shelf, folder) = shelf(Shelf::new);
        let failed = shelf.ask(|_| Err::<(), _>(Problem::new(Code::DatabaseUnusable))).await;
        assert_eq!(failed.result.unwrap_err().code, Code::DatabaseUnusable);
        std::fs::remove_dir_all(folder.path()).unwrap();
        let written = shelf.ask(|store| store.record(&incident("default"))).await;
        assert!(written.result.is_ok() && open_files(&folder) == 1);
    }

    #[tokio::test]
    async fn who_is_to_be_small_has_it_open_only_while_something_is_to_be_done() {
        let (shelf, folder) = shelf(Shelf::closing_at_rest);
        shelf.ask(|store| store.record(&incident("default"))).await.result.unwrap();
        let closed = async {
            while open_files(&folder) > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), closed).await.unwrap();
    }
}
