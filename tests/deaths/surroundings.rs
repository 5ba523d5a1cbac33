//! Every action of the command line times what goes wrong around it, at every act, as a second table of docs/reliability.md.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use clap::Parser;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared, join};
use gateward::changes::Journal;
use gateward::cli::{Args, Exit, run};
use gateward::identity::Surroundings;
use gateward::layout;
use gateward::model::Verdict;
use gateward::observe::observe;
use gateward::plan::{Answer, Call};
use gateward::settings;
use gateward::system::System;
use gateward::system::scripted::mortal::{Fault, Mortal};
use gateward::system::scripted::on_disk::OnDisk;
use gateward::system::scripted::{Machine, Scripted, Simulator};
use gateward::system::store::Store;
use gateward::verdict::judge;
use gateward::world::World;
use jiff::SignedDuration;
use rusqlite::Connection;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use walkdir::WalkDir;

use super::matrix::met_by;
use super::nobody::Nobody;
use super::table::{self, Ending};
use super::{MANY, Tree, Undisturbed, assert_same, tree};

/// What goes wrong around an action, beside what [`Mortal`] knows itself.
#[derive(Clone, Copy)]
enum Trouble {
    Of(Fault),
    /// A day ahead at one act, a day back at the next.
    Clock,
    /// The manager, for so long.
    Gone(Duration),
    /// Somebody types the same command once more.
    Twice,
    /// Another program takes the incident database and keeps it; it is waited for in vain, so this is tried at the first act only.
    HistoryLocked,
    /// The history at one act, the settings at the next.
    Broken,
}

const TROUBLES: &[(&str, Trouble)] = &[
    ("clock set ahead or back", Trouble::Clock),
    ("manager gone", Trouble::Gone(Duration::MAX)),
    ("manager gone for 2 s", Trouble::Gone(Duration::from_secs(2))),
    ("tool's answer lost", Trouble::Of(Fault::Unheard)),
    ("typed twice", Trouble::Twice),
    ("history locked", Trouble::HistoryLocked),
    ("history or settings broken", Trouble::Broken),
];

const BROKEN: &[u8] = b"{ this is neither settings nor a database";

/// A manager, simulated, and somebody who types commands.
#[derive(Clone, Copy)]
pub struct Desk<S> {
    /// Of its table.
    pub name: &'static str,
    /// With a program for the gateway, and a home for the incident database in that folder.
    pub machine: fn(&Path) -> (Scripted<S>, Surroundings),
    /// What the gateway is started with.
    pub gateway: &'static str,
    /// What a tool says while its manager is gone; `None` for one that needs none.
    pub nobody: fn(&Call) -> Option<Answer>,
}

impl<S: Simulator + Clone + Sync> Desk<S> {
    /// Holds the second table of this manager in docs/reliability.md to what happens.
    pub fn assert_reliable(&self) {
        let install = format!("install --port 18789 -- {}", self.gateway);
        let over = install.replace("install", "install --force");
        let here: &[&str] = &[&install];
        let rows: [(&str, &[&str], &str); 7] = [
            ("install", &[], &install),
            ("install --force", here, &over),
            ("start", &[&install, "stop"], "start"),
            ("stop", here, "stop"),
            ("stop --stay", here, "stop --stay"),
            ("restart", here, "restart"),
            ("uninstall", here, "uninstall --yes"),
        ];
        // Each in a thread of its own: whoever waits for a locked database waits for real.
        let rows = thread::scope(|scope| {
            let rows = rows.map(|(name, before, words)| scope.spawn(move || self.row(name, before, words)));
            rows.map(|row| row.join().unwrap())
        });
        let name = format!("{} and what is around it", self.name);
        table::assert_documented(&name, TROUBLES.iter().map(|(name, _)| *name), &rows);
    }

    fn row(&self, name: &str, before: &[&str], words: &str) -> String {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.line(name, before, words))
    }

    async fn line(&self, name: &str, before: &[&str], words: &str) -> String {
        let lot = Lot::begun(self, before).await;
        let wanted = lot.house().undisturbed(words).await;
        let mut line = format!("| {name} ({} acts)", wanted.acts);
        for (trouble_name, trouble) in TROUBLES {
            let mut endings = Vec::new();
            for acts in trouble.met_by(&wanted) {
                let house = lot.house();
                let at = format!("{name}, {trouble_name} at act {acts}");
                endings.extend(house.ending(words, &wanted, acts, *trouble, &at).await);
            }
            line += &table::cell(endings);
        }
        line + " |"
    }
}

/// Where the same machine is set up again and again, always at the same paths, so that what it comes to can be compared.
struct Lot<S> {
    folder: tempfile::TempDir,
    around: Surroundings,
    nobody: fn(&Call) -> Option<Answer>,
    /// As they are at the beginning.
    machine: Machine,
    simulator: S,
    /// The incident database's files.
    own: Vec<(PathBuf, Vec<u8>)>,
}

/// A machine, and the command line on it. Its incident database is a real one.
struct House<S> {
    system: Arc<OnDisk<S>>,
    around: Surroundings,
    nobody: fn(&Call) -> Option<Answer>,
    disk: PathBuf,
}

impl<S: Simulator + Clone> Lot<S> {
    /// With a machine on which these commands were typed before.
    async fn begun(desk: &Desk<S>, before: &[&str]) -> Self {
        // In memory, where there is such a place: thousands of machines come and go.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let [own, disk] = ["own", "disk"].map(|name| folder.path().join(name));
        [&own, &disk].into_iter().for_each(|folder| fs::create_dir(folder).unwrap());
        let (machine, around) = (desk.machine)(&own);
        let house = House {
            system: Arc::new(OnDisk::new(disk.clone(), machine)),
            around: around.clone(),
            nobody: desk.nobody,
            disk,
        };
        for words in before {
            assert_eq!(house.typed(house.system.clone(), words).await, Exit::Ok, "{words}");
        }
        let (machine, simulator) =
            house.system.with(|machine, simulator| (machine.clone(), simulator.clone()));
        let files = WalkDir::new(&own).into_iter().flatten().filter(|entry| entry.file_type().is_file());
        let own = files.map(|file| (file.path().to_owned(), fs::read(file.path()).unwrap())).collect();
        Self { folder, around, nobody: desk.nobody, machine, simulator, own }
    }

    fn house(&self) -> House<S> {
        let [own, disk] = ["own", "disk"].map(|name| self.folder.path().join(name));
        for folder in [&own, &disk] {
            fs::remove_dir_all(folder).unwrap();
            fs::create_dir(folder).unwrap();
        }
        for (path, bytes) in &self.own {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let machine = Scripted::new(self.simulator.clone());
        machine.with(|it, _| *it = self.machine.clone());
        House {
            system: Arc::new(OnDisk::new(disk.clone(), machine)),
            around: self.around.clone(),
            nobody: self.nobody,
            disk,
        }
    }
}

impl Trouble {
    fn met_by(self, wanted: &Undisturbed) -> Vec<usize> {
        match self {
            Self::Of(fault) => met_by(fault, wanted),
            Self::Clock | Self::Gone(_) | Self::Twice | Self::Broken => (0..wanted.acts).collect(),
            Self::HistoryLocked => vec![0],
        }
    }
}

thread_local! {
    /// A command that is typed at the next opportunity. No future of the command line can be sent to another thread.
    static SECOND: Cell<Option<Shared<LocalBoxFuture<'static, Exit>>>> = const { Cell::new(None) };
}

impl<S: Simulator> House<S> {
    fn world(&self, system: Arc<dyn System>) -> World {
        World { system, around: self.around.clone() }
    }

    fn typed(&self, system: Arc<dyn System>, words: &str) -> LocalBoxFuture<'static, Exit> {
        let args = Args::try_parse_from(["gateward"].into_iter().chain(words.split(' '))).unwrap();
        let world = self.world(system);
        async move { run(args, &world, &Nobody).await.exit }.boxed_local()
    }

    async fn undisturbed(&self, words: &str) -> Undisturbed {
        let mortal = Arc::new(Mortal::new(self.system.clone(), MANY, || panic!("so many acts")));
        assert_eq!(self.typed(mortal.clone(), words).await, Exit::Ok, "{words}");
        Undisturbed {
            acts: MANY - mortal.acts_left(),
            calls: mortal.calls(),
            after: self.tree(),
            verdict: self.verdict().await,
        }
    }

    /// As it is once whatever has begun has had its time.
    async fn verdict(&self) -> Verdict {
        let gateway = self.world(self.system.clone()).gateway(None).unwrap();
        let mut verdict = Verdict::Unknown;
        // A simulated manager does what is due when it is asked.
        for _ in 0..3 {
            self.system.with(|machine, _| machine.elapsed += Duration::from_secs(20));
            verdict = judge(&observe(&*self.system, &*gateway.adapter, &gateway.id).await);
        }
        verdict
    }

    /// The definitions.
    fn tree(&self) -> Tree {
        let mut found = tree(&self.disk);
        found.retain(|path, _| !path.ends_with("settings.json"));
        found
    }

    fn database(&self) -> String {
        layout::database(&self.around).unwrap()
    }

    /// `None` where there was nothing to spoil at that act.
    async fn ending(
        &self,
        words: &str,
        wanted: &Undisturbed,
        acts: usize,
        trouble: Trouble,
        at: &str,
    ) -> Option<Ending> {
        let (before, was) = (self.tree(), self.verdict().await);
        let exit = self.met(words, acts, trouble).await?;
        let is_offered = !Journal::new(&self.around).unwrap().interrupted(&*self.system).is_empty();
        if is_offered {
            assert_eq!(self.typed(self.system.clone(), "changes --revert").await, Exit::Ok, "{at}");
        }
        let is = self.verdict().await;
        if exit == Exit::Ok {
            assert_eq!(is, wanted.verdict, "{at}: it said that it was done");
            return Some(if self.tree() == wanted.after { Ending::Done } else { Ending::Detour });
        }
        assert_same(&self.tree(), &before, at);
        if is != was {
            // A stop that was to last has at least come to its first half.
            let wants = |verdict| is == verdict || (is, verdict) == (Verdict::Stopped, Verdict::Disabled);
            assert!(wants(wanted.verdict), "{at}: it was {was:?} and is {is:?}");
            return Some(Ending::Unproven);
        }
        Some(if is_offered { Ending::Offered } else { Ending::PutBack })
    }

    /// Types `words`, which meets the trouble after so many acts.
    async fn met(&self, words: &str, acts: usize, trouble: Trouble) -> Option<Exit> {
        match trouble {
            Trouble::Of(fault) => self.faulty(words, acts, fault).await,
            Trouble::Clock => {
                let hours = if acts.is_multiple_of(2) { 24 } else { -24 };
                self.faulty(words, acts, Fault::Clock(SignedDuration::from_hours(hours))).await
            }
            Trouble::Gone(time) => self.faulty(words, acts, Fault::Gone(time, self.nobody)).await,
            Trouble::Twice => self.twice(words, acts).await,
            Trouble::HistoryLocked => self.beside_a_lock(words, acts).await,
            Trouble::Broken if acts.is_multiple_of(2) => self.with_broken_history(words, acts).await,
            Trouble::Broken => self.with_broken_settings(words, acts).await,
        }
    }

    async fn faulty(&self, words: &str, acts: usize, fault: Fault) -> Option<Exit> {
        self.carried(Arc::new(Mortal::with(self.system.clone(), acts, fault)), words).await
    }

    async fn carried(&self, mortal: Arc<Mortal<OnDisk<S>>>, words: &str) -> Option<Exit> {
        let exit = self.typed(mortal.clone(), words).await;
        mortal.heal();
        mortal.has_struck().then_some(exit)
    }

    /// The second command looks and plans in the middle of the first one, and then has to wait.
    async fn twice(&self, words: &str, acts: usize) -> Option<Exit> {
        let other = Arc::new(Mortal::beside(self.system.clone(), MANY, || ()));
        let second = self.typed(other, words).shared();
        SECOND.set(Some(second.clone()));
        let begun = Arc::new(Notify::new());
        let begins = {
            let begun = begun.clone();
            move || {
                // Before the first one has its turn, it may even be done at once.
                let _ = SECOND.take().and_then(FutureExt::now_or_never);
                begun.notify_one();
            }
        };
        let first = self.carried(Arc::new(Mortal::beside(self.system.clone(), acts, begins)), words);
        let first = async {
            let exit = first.await;
            begun.notify_one();
            exit
        };
        let second = async {
            begun.notified().await;
            second.await
        };
        let (first, second) = join(first, second).await;
        first.map(|first| if first == Exit::Ok { second } else { first })
    }

    async fn beside_a_lock(&self, words: &str, acts: usize) -> Option<Exit> {
        let database = self.database();
        drop(Store::open(&database).unwrap());
        let held = Arc::new(Mutex::new(None));
        let holds = {
            let held = held.clone();
            move || {
                let other = Connection::open(&database).unwrap();
                other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
                *held.lock().unwrap() = Some(other);
            }
        };
        let exit = self.carried(Arc::new(Mortal::beside(self.system.clone(), acts, holds)), words).await;
        held.lock().unwrap().take();
        exit
    }

    async fn with_broken_history(&self, words: &str, acts: usize) -> Option<Exit> {
        let database = self.database();
        let breaks = {
            let database = database.clone();
            move || {
                fs::create_dir_all(layout::parent(&database)).unwrap();
                fs::write(&database, BROKEN).unwrap();
            }
        };
        let exit = self.carried(Arc::new(Mortal::beside(self.system.clone(), acts, breaks)), words).await?;
        // Where there was nothing to tell, nobody has opened it.
        let place =
            [format!("{database}.broken-1"), database].into_iter().find(|path| Path::new(path).exists());
        assert_eq!(fs::read(place.unwrap()).unwrap(), BROKEN, "nobody's bytes are thrown away");
        Some(exit)
    }

    async fn with_broken_settings(&self, words: &str, acts: usize) -> Option<Exit> {
        let path = settings::path(&self.around).unwrap();
        let breaks = {
            let (system, path) = (self.system.clone(), path.clone());
            move || system.write(&path, BROKEN, 0o600).unwrap()
        };
        let exit = self.carried(Arc::new(Mortal::beside(self.system.clone(), acts, breaks)), words).await?;
        assert_eq!(self.system.read(&path).unwrap().unwrap().bytes, BROKEN, "they are the person's to mend");
        Some(exit)
    }
}
