//! From a click on the icon to the painted window, and the memory after it was closed.

use super::process::memory_of_all;
use super::scene::Scene;
use super::{Programs, tell};
use crate::rig::screen::Screen;
use crate::rig::wait::{PATIENCE, wait_until};
use crate::statistics::{Line, Unit, milliseconds, range};
use std::thread;
use std::time::{Duration, Instant};

/// A process of WebKit comes late now and then, by half a second, in either program: the median wants many.
const RUNS: usize = 15;
/// Between two looks at the screen.
const PAUSE: Duration = Duration::from_millis(2);
/// From the start, or from closing the window, to the click.
const SETTLED: Duration = Duration::from_secs(5);
/// From closing the window to the reading of the memory.
const A_MINUTE: Duration = Duration::from_secs(60);
/// MiB.
const MEMORY_GOAL: f64 = 80.0;

/// How icon and window are found.
struct Marks {
    icon: &'static str,
    title: &'static str,
}

const OWN: Marks = Marks { icon: "app.gateward.tray", title: "^Gateward" };
const BARE: Marks = Marks { icon: "bare-tray", title: "^Bare" };

pub fn compare(scene: &Scene, programs: &Programs) -> Result<Vec<Line>, String> {
    let (mut own, mut bare) = (Times::default(), Times::default());
    for _ in 0..RUNS {
        let running = scene.start_watching(&programs.tray)?;
        own.take(scene, &OWN);
        drop(running);
        let running = scene.start(&programs.bare, &[])?.running;
        bare.take(scene, &BARE);
        drop(running);
    }
    let name = "click to painted window: gateward-tray / bare Tauri tray";
    tell(name, &format!("{RUNS} runs each; first window {}", own.told(&bare)));
    let first = Line::compare(name, Unit::Milliseconds, &own.first, &bare.first, 1.5)?;
    let later = Line::compare("the same, a later window", Unit::Milliseconds, &own.later, &bare.later, 1.5)?;
    Ok(vec![first, later, memory_after(scene, programs)?])
}

#[derive(Default)]
struct Times {
    first: Vec<f64>,
    later: Vec<f64>,
}

impl Times {
    /// Opens the window twice.
    fn take(&mut self, scene: &Scene, marks: &Marks) {
        self.first.push(milliseconds(opened(scene, marks)));
        self.later.push(milliseconds(opened(scene, marks)));
    }

    fn told(&self, bare: &Self) -> String {
        let [first, later, bare_first, bare_later] =
            [&self.first, &self.later, &bare.first, &bare.later].map(|times| range(times));
        format!("{first} ms / {bare_first} ms, a later one {later} ms / {bare_later} ms")
    }
}

/// Opens the window and closes it again.
fn opened(scene: &Scene, marks: &Marks) -> Duration {
    let (icon, screen) = (scene.icon(marks.icon), scene.screen());
    thread::sleep(SETTLED);
    let begun = Instant::now();
    icon.activate();
    await_painted(&screen);
    let took = begun.elapsed();
    scene.close_window(marks.title);
    wait_until(PATIENCE, "the screen is empty again", || !screen.is_painted());
    took
}

fn await_painted(screen: &Screen) {
    let end = Instant::now() + PATIENCE;
    while !screen.is_painted() {
        assert!(Instant::now() < end, "no window was ever painted");
        thread::sleep(PAUSE);
    }
}

/// Of the program and of all that it has started.
fn memory_after(scene: &Scene, programs: &Programs) -> Result<Line, String> {
    let running = scene.start_watching(&programs.tray)?;
    opened(scene, &OWN);
    let closed = Instant::now();
    let right_after = memory_of_all(running.pid())?;
    thread::sleep(A_MINUTE.saturating_sub(closed.elapsed()));
    let left = memory_of_all(running.pid())?;
    let name = "total memory a minute after the window closed";
    let both = [&right_after, &left].map(|it| format!("{:.1} MiB (PSS {:.1})", it.resident, it.proportional));
    tell(name, &format!("{} at first, then {}", both[0], both[1]));
    Line::compare(name, Unit::Mebibytes, &[left.resident], &[MEMORY_GOAL], 1.0)
}
