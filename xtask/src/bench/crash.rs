//! From `kill -9` of the gateway to the notification that tells a person, and to the incident in the database.

use super::monitor::What;
use super::scene::{Scene, UNIT};
use super::watch::Watcher;
use super::{Programs, tell};
use crate::rig::processes;
use crate::statistics::{Line, Unit, milliseconds, percentile, range};
use std::time::Instant;

const KILLS: usize = 200;
/// Milliseconds: how long a person may wait for the news, and for the news on a bad day.
const MEDIAN_GOAL: f64 = 100.0;
const WORST_GOAL: f64 = 250.0;

pub fn compare(scene: &Scene, programs: &Programs) -> Result<Vec<Line>, String> {
    let _own = scene.start_watching(&programs.tray)?;
    let watcher = Watcher::start(scene, &programs.gateward, &[])?;
    let mut told = Vec::new();
    let (mut lost, mut repeated) = (0, 0);
    for _ in 0..KILLS {
        let kill = kill(scene, &watcher)?;
        told.extend(kill.told_after);
        lost += usize::from(kill.told_after.is_none());
        repeated += kill.repeated;
        calm_down(scene);
    }
    let name = "crash: kill -9 to stored and notified";
    let counts = format!("{KILLS} kills, {lost} not told, {repeated} told twice");
    tell(name, &format!("{counts}, {} ms", range(&told)));
    if told.is_empty() {
        // Never is later than any goal; the other lines are still worth their table.
        told.push(f64::INFINITY);
    }
    let worst: Vec<f64> = percentile(&told, 99).into_iter().collect();
    Ok(vec![
        Line::compare(&format!("{name} / 100 ms"), Unit::Milliseconds, &told, &[MEDIAN_GOAL], 1.0)?,
        Line::compare("the same, 99th percentile / 250 ms", Unit::Milliseconds, &worst, &[WORST_GOAL], 1.0)?,
        Line::Claim { name: "each kill is told exactly once".into(), holds: lost + repeated == 0 },
    ])
}

struct Kill {
    /// Milliseconds until both was done; `None` when it was never told.
    told_after: Option<f64>,
    /// Further notices of the same crash.
    repeated: usize,
}

fn kill(scene: &Scene, watcher: &Watcher) -> Result<Kill, String> {
    let pid = scene.gateway_pid().ok_or("The gateway does not run.")?;
    scene.monitor.forget();
    let begun = Instant::now();
    processes::signal("KILL", &[pid]);
    let notice = scene.monitor.wait(is_crash);
    let stored = watcher.stored_crash(pid);
    scene.await_restart(pid);
    if notice.is_none() || stored.is_none() {
        tell(
            "a kill was lost",
            &format!("of process {pid}: noticed {}, stored {}", notice.is_some(), stored.is_some()),
        );
    }
    let since = |at: Instant| milliseconds(at.duration_since(begun));
    Ok(Kill {
        told_after: notice.zip(stored).map(|(notice, stored)| since(notice.at.max(stored))),
        repeated: scene.monitor.rest().iter().filter(|what| is_crash(what)).count(),
    })
}

/// The notice of the recovery has no such button. After a few kills it is the notice of a loop.
fn is_crash(what: &What) -> bool {
    let offers = |label: &String| ["Restart", "Stop the loop"].contains(&label.as_str());
    matches!(what, What::Notified { buttons } if buttons.iter().any(offers))
}

/// A person is told of the first crash and of what is worse, not of each; a stop on purpose ends the story.
fn calm_down(scene: &Scene) {
    scene.manager.systemctl(&["stop", UNIT]);
    scene.await_headline("Gateway stopped");
    scene.manager.systemctl(&["start", UNIT]);
    scene.await_headline("Gateway running · ready");
}
