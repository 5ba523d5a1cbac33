//! Kills an action before each of its acts, and sees that it can be finished and put back from there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt;

use gateward::adapter::{Adapter, Intent};
use gateward::changes::{Change, Journal, Way};
use gateward::execute::{self, Stage, act};
use gateward::identity::{Identity, Surroundings};
use gateward::observe::observe;
use gateward::problem::Problem;
use gateward::system::System;
use gateward::system::scripted::mortal::Mortal;
use gateward::system::scripted::on_disk::OnDisk;
use gateward::system::scripted::{Scripted, Simulator};
use gateward::verdict::judge;
use walkdir::{DirEntry, WalkDir};

pub mod matrix;
#[path = "../rig/nobody.rs"]
pub mod nobody;
pub mod surroundings;
pub mod table;

/// A machine in some state, with its files in a folder of their own, and a service on it.
pub struct Scene<S> {
    system: Arc<OnDisk<S>>,
    adapter: Box<dyn Adapter>,
    id: Identity,
    around: Surroundings,
    folder: tempfile::TempDir,
}

/// Relative path → bytes and mode.
type Tree = BTreeMap<String, (Vec<u8>, u32)>;

/// What `intent` comes to when nothing happens to it: how often it acts, and the definitions it leaves.
pub struct Undisturbed {
    acts: usize,
    /// Which of them call a tool.
    calls: Vec<usize>,
    after: Tree,
    verdict: gateward::model::Verdict,
}

/// Far more acts than any plan has.
const MANY: usize = 1000;

impl<S: Simulator> Scene<S> {
    pub fn new(
        machine: Scripted<S>,
        adapter: impl Adapter + 'static,
        id: &Identity,
        around: Surroundings,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let system = Arc::new(OnDisk::new(folder.path().to_owned(), machine));
        Self { system, adapter: Box::new(adapter), id: id.clone(), around, folder }
    }

    fn stage<'a>(&'a self, system: &'a dyn System) -> Stage<'a> {
        Stage { system, adapter: &*self.adapter, id: &self.id, turn: None }
    }

    fn journal(&self) -> Journal {
        Journal::new(&self.around).unwrap()
    }

    /// The same machine, after `intent`.
    pub async fn after(self, intent: &Intent<'_>) -> Self {
        self.act(&*self.system, intent).await.unwrap();
        self
    }

    /// # Errors
    /// As [`act`].
    pub async fn act(&self, system: &dyn System, intent: &Intent<'_>) -> Result<(), Problem> {
        let turn = self.journal().turn(system, "install", &|_| ()).await?;
        act(self.stage(system).in_turn(&turn), intent, &|_| ()).await.map(|_| ())
    }

    /// `None` when it died.
    async fn act_until(&self, acts: usize, intent: &Intent<'_>) -> Option<Result<(), Problem>> {
        let mortal = Mortal::new(Arc::clone(&self.system), acts, || resume_unwind(Box::new("killed")));
        AssertUnwindSafe(self.act(&mortal, intent)).catch_unwind().await.ok()
    }

    async fn settle(&self, change: Change, way: Way) -> Result<(), Problem> {
        let system = &*self.system;
        let turn = self.journal().turn(system, "changes", &|_| ()).await?;
        match way {
            Way::Finish => execute::finish(self.stage(system), &turn, change, false, &|_| ()).await,
            Way::Revert => execute::revert(self.stage(system), &turn, change, false).await,
        }
    }

    /// The definitions: neither the journal nor what a running gateway writes about itself.
    fn tree(&self) -> Tree {
        tree(self.folder.path())
    }

    fn left_open(&self) -> Vec<String> {
        let folder = self.journal().folder().to_owned();
        let mut names = self.system.names(&folder);
        names.retain(|name| name.ends_with(".open") || name.ends_with(".secret"));
        names
    }
}

/// Kills `intent` before each of its acts on a scene that `make` sets up anew every time. Afterwards either the journal offers to go
/// on, and both ways lead where they should, or everything is as before, or as it should be. Gives the number of acts.
///
pub async fn survives_every_death<S: Simulator, F: Future<Output = Scene<S>>>(
    make: impl Fn() -> F,
    intent: &Intent<'_>,
) -> usize {
    let wanted = undisturbed(&make().await, intent).await;
    for acts in 0..wanted.acts {
        for way in [Way::Finish, Way::Revert] {
            let scene = make().await;
            let before = scene.tree();
            assert!(scene.act_until(acts, intent).await.is_none(), "it acts {acts} times only");
            check(&scene, &before, &wanted, way, acts).await;
        }
    }
    wanted.acts
}

async fn undisturbed<S: Simulator>(scene: &Scene<S>, intent: &Intent<'_>) -> Undisturbed {
    let mortal = Mortal::new(Arc::clone(&scene.system), MANY, || panic!("so many acts"));
    scene.act(&mortal, intent).await.unwrap();
    let seen = observe(&*scene.system, &*scene.adapter, &scene.id).await;
    Undisturbed {
        acts: MANY - mortal.acts_left(),
        calls: mortal.calls(),
        after: scene.tree(),
        verdict: judge(&seen),
    }
}

async fn check<S: Simulator>(scene: &Scene<S>, before: &Tree, wanted: &Undisturbed, way: Way, acts: usize) {
    let at = format!("killed before act {acts}, {way:?}");
    let mut interrupted = scene.journal().interrupted(&*scene.system);
    let Some(change) = interrupted.pop() else {
        let now = scene.tree();
        assert!(now == *before || now == wanted.after, "{at}: nothing is told, and files changed");
        return;
    };
    let settled = scene.settle(change, way).await;
    assert!(settled.is_ok(), "{at}: {settled:?}");
    assert_eq!(scene.left_open(), Vec::<String>::new(), "{at}");
    match way {
        Way::Revert => assert_same(&scene.tree(), before, &at),
        Way::Finish => {
            assert_same(&scene.tree(), &wanted.after, &at);
            let seen = observe(&*scene.system, &*scene.adapter, &scene.id).await;
            assert_eq!(judge(&seen), wanted.verdict, "{at}");
        }
    }
}

fn tree(root: &Path) -> Tree {
    let files = WalkDir::new(root).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let described = |file: DirEntry| {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        let below = format!("/{}", file.path().strip_prefix(root).unwrap().display());
        (below, (fs::read(file.path()).unwrap(), mode))
    };
    let mut found: Tree = files.map(described).collect();
    found.retain(|path, _| !["/changes/", "/run/"].iter().any(|part| path.contains(part)));
    found
}

/// Names the files that differ, not their bytes.
fn assert_same(now: &Tree, wanted: &Tree, at: &str) {
    let all = now.keys().chain(wanted.keys());
    let different: Vec<&String> = all.filter(|path| now.get(*path) != wanted.get(*path)).collect();
    assert!(different.is_empty(), "{at}: {different:?}");
}
