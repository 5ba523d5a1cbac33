//! From the manager's signal that the gateway was killed to the notification that tells a person.

use super::monitor::What;
use super::scene::{Scene, UNIT};
use super::{Programs, tell};
use crate::rig::processes;
use crate::statistics::{Line, Unit, milliseconds, range};

const KILLS: usize = 24;
/// Milliseconds: how long a person may wait for the news.
const GOAL: f64 = 100.0;

pub fn compare(scene: &Scene, programs: &Programs) -> Result<Vec<Line>, String> {
    let _own = scene.start_watching(&programs.tray)?;
    let mut told = Vec::new();
    let (mut lost, mut repeated) = (0, 0);
    for _ in 0..KILLS {
        let kill = kill(scene)?;
        told.extend(kill.told_after);
        lost += usize::from(kill.told_after.is_none());
        repeated += kill.repeated;
        calm_down(scene);
    }
    let name = "crash: manager's signal to notification / 100 ms";
    let counts = format!("{KILLS} kills, {lost} not told, {repeated} told twice");
    tell(name, &format!("{counts}, {} ms", range(&told)));
    if told.is_empty() {
        // Never is later than any goal; the other lines are still worth their table.
        told.push(f64::INFINITY);
    }
    Ok(vec![
        Line::compare(name, Unit::Milliseconds, &told, &[GOAL], 1.0)?,
        Line::Claim { name: "each kill is told exactly once".into(), holds: lost + repeated == 0 },
    ])
}

struct Kill {
    /// Milliseconds; `None` when it was never told.
    told_after: Option<f64>,
    /// Further notices of the same crash.
    repeated: usize,
}

fn kill(scene: &Scene) -> Result<Kill, String> {
    let pid = scene.gateway_pid().ok_or("The gateway does not run.")?;
    scene.monitor.forget();
    processes::signal("KILL", &[pid]);
    let signal = scene.monitor.wait(|what| *what == What::UnitChanged);
    let signal = signal.ok_or("The manager has sent no signal.")?.at;
    let notice = scene.monitor.wait(is_crash);
    scene.await_restart(pid);
    scene.await_headline("Gateway running");
    Ok(Kill {
        told_after: notice.map(|heard| milliseconds(heard.at.duration_since(signal))),
        repeated: scene.monitor.rest().iter().filter(|what| is_crash(what)).count(),
    })
}

/// The notice of the recovery has no such button.
fn is_crash(what: &What) -> bool {
    matches!(what, What::Notified { buttons } if buttons.iter().any(|label| label == "Restart"))
}

/// A person is told of the first crash and of what is worse, not of each; a stop on purpose ends the story.
fn calm_down(scene: &Scene) {
    scene.manager.systemctl(&["stop", UNIT]);
    scene.await_headline("Gateway stopped");
    scene.manager.systemctl(&["start", UNIT]);
    scene.await_headline("Gateway running · ready");
}
