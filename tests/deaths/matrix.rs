//! Every action times every fault, at every act, as a table of docs/reliability.md.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use futures_util::FutureExt;
use gateward::adapter::Intent;
use gateward::changes::Way;
use gateward::model::ServiceSpec;
use gateward::observe::observe;
use gateward::system::scripted::Simulator;
use gateward::system::scripted::mortal::{Fault, Mortal};
use gateward::verdict::judge;

use super::table::{self, Ending};
use super::{Scene, Undisturbed, assert_same, undisturbed};

const FAULTS: &[(&str, Fault)] = &[
    ("killed", Fault::Death(|| resume_unwind(Box::new("killed")))),
    ("tool hangs", Fault::Hang),
    ("tool fails", Fault::Refusal),
    ("tool lies", Fault::Lie),
    ("disk full", Fault::FullDisk),
    ("read-only or denied", Fault::Closed("Read-only file system (os error 30)")),
];

/// Holds the table of `manager` in docs/reliability.md to what happens on an `empty` machine and on one where the service runs.
pub async fn assert_reliable<S: Simulator, E, R>(
    manager: &str,
    spec: &ServiceSpec,
    empty: impl Fn() -> E,
    running: impl Fn() -> R,
) where
    E: Future<Output = Scene<S>>,
    R: Future<Output = Scene<S>>,
{
    let [anew, over] = [false, true].map(|force| Intent::Install { spec, force });
    let [stop, stay] = [false, true].map(|stay| Intent::Stop { stay });
    let rows = [
        row("install", &empty, &anew).await,
        row("install --force", &running, &over).await,
        row("start", || async { running().await.after(&stop).await }, &Intent::Start).await,
        row("stop", &running, &stop).await,
        row("stop --stay", &running, &stay).await,
        row("restart", &running, &Intent::Restart).await,
        row("uninstall", &running, &Intent::Uninstall).await,
    ];
    table::assert_documented(manager, FAULTS.iter().map(|(name, _)| *name), &rows);
}

/// One line of the table: `name`, and for each fault how often it ended how.
async fn row<S: Simulator, F: Future<Output = Scene<S>>>(
    name: &str,
    make: impl Fn() -> F,
    intent: &Intent<'_>,
) -> String {
    let wanted = undisturbed(&make().await, intent).await;
    let mut line = format!("| {name} ({} acts)", wanted.acts);
    for (fault_name, fault) in FAULTS {
        let mut endings = Vec::new();
        for acts in met_by(*fault, &wanted) {
            let scene = make().await;
            let at = format!("{name}, {fault_name} at act {acts}");
            endings.extend(ending(&scene, intent, &wanted, acts, *fault, &at).await);
        }
        line += &table::cell(endings);
    }
    line + " |"
}

/// The acts that a fault can spoil; a tool that hangs spoils no writing.
pub fn met_by(fault: Fault, wanted: &Undisturbed) -> Vec<usize> {
    match fault {
        Fault::Hang | Fault::Refusal | Fault::Lie | Fault::Unheard => wanted.calls.clone(),
        Fault::Death(_)
        | Fault::FullDisk
        | Fault::Closed(_)
        | Fault::Gone(..)
        | Fault::Clock(_)
        | Fault::Beside => (0..wanted.acts).collect(),
    }
}

/// `None` where the fault had nothing to spoil at that act.
async fn ending<S: Simulator>(
    scene: &Scene<S>,
    intent: &Intent<'_>,
    wanted: &Undisturbed,
    acts: usize,
    fault: Fault,
    at: &str,
) -> Option<Ending> {
    let before = scene.tree();
    let system = Mortal::with(Arc::clone(&scene.system), acts, fault);
    // `None` when it died.
    let result = AssertUnwindSafe(scene.act(&system, intent)).catch_unwind().await.ok();
    system.heal();
    if !system.has_struck() {
        return None;
    }
    if let Some(change) = scene.journal().interrupted(&*scene.system).pop() {
        scene.settle(change, Way::Revert).await.unwrap_or_else(|problem| panic!("{at}: {problem}"));
        assert_eq!(scene.left_open(), Vec::<String>::new(), "{at}");
        assert_same(&scene.tree(), &before, at);
        return Some(Ending::Offered);
    }
    let is_as_before = scene.tree() == before;
    Some(match result {
        Some(Ok(())) => {
            let seen = observe(&*scene.system, &*scene.adapter, &scene.id).await;
            assert_eq!(judge(&seen), wanted.verdict, "{at}: it said that it was done");
            if scene.tree() == wanted.after { Ending::Done } else { Ending::Detour }
        }
        Some(Err(_)) | None if is_as_before => Ending::PutBack,
        // Killed after its last act.
        Some(Err(_)) | None => {
            assert_same(&scene.tree(), &wanted.after, at);
            Ending::Done
        }
    })
}
