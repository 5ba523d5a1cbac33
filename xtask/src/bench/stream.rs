//! 20,000 log lines a second, as they come, in the real window: whether it goes on drawing, and whether every line arrives.
//!
//! Frames are those of the page's `requestAnimationFrame`: on Xvfb the web view draws with the processor and takes 60 a second at most.

use super::logs::line;
use super::scene::Scene;
use super::tell;
use crate::statistics::{Line, Unit, percentile, range};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const RATE: u64 = 20_000;
const WATCHED_S: u64 = 20;
/// Until the page's 20,000 lines have been replaced several times.
const SETTLED: Duration = Duration::from_secs(5);
const FRAME_MS: f64 = 1000.0 / 60.0;

const WATCH: &str = r"
    const [seconds, done] = arguments;
    const newest = () => Number(/request (\d+) done/.exec([...document.querySelectorAll('.log-row')].at(-1)?.textContent)?.[1] ?? 0);
    const bottom = (css) => document.querySelector(css).getBoundingClientRect().bottom;
    const first = newest(), begun = performance.now(), times = [];
    let blank = 0;
    const frame = (now) => {
        times.push(now);
        if (bottom('.log-rows') < bottom('.log-list') - 22) blank += 1;
        if (performance.now() - begun < seconds * 1000) return requestAnimationFrame(frame);
        const took = (performance.now() - begun) / 1000;
        done({ intervals: times.slice(1).map((at, index) => at - times[index]), lines: newest() - first, took, blank });
    };
    requestAnimationFrame(frame);";

pub fn compare(scene: &mut Scene, tray: &Path) -> Result<Vec<Line>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("No runtime: {error}."))?;
    let log = configured(&scene.manager.home())?;
    let writer = Writer::start(&log)?;
    let seen = runtime.block_on(watched(scene, tray))?;
    let written = writer.end()?;
    judged(&seen, written)
}

async fn watched(scene: &mut Scene, tray: &Path) -> Result<Value, String> {
    let window = scene.open_window(tray).await;
    window.click("button[data-page=logs]").await;
    window.find(".log-row").await;
    tokio::time::sleep(SETTLED).await;
    let seen = window.client.execute_async(WATCH, vec![json!(WATCHED_S)]).await;
    window.close().await;
    seen.map_err(|error| format!("The page could not be measured: {error}."))
}

fn judged(seen: &Value, written: f64) -> Result<Vec<Line>, String> {
    let number = |name: &str| seen[name].as_f64().ok_or_else(|| format!("The page told no {name}: {seen}."));
    let intervals: Vec<f64> =
        seen["intervals"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let (shown, blank) = (number("lines")? / number("took")?, number("blank")?);
    #[allow(clippy::cast_precision_loss)]
    let frames = intervals.len() as f64 / number("took")?;
    let late = percentile(&intervals, 99).unwrap_or_default();
    tell(
        "20,000 lines a second",
        &format!(
            "{frames:.1} frames a second, {} ms apart, 99th percentile {late:.1} ms; {written:.0} lines a second written, \
             {shown:.0} shown; {blank} frames with a blank row",
            range(&intervals)
        ),
    );
    Ok(vec![
        Line::compare(
            "20,000 log lines a second: 60 frames a second / shown",
            Unit::PerSecond,
            &[60.0],
            &[frames],
            1.1,
        )?,
        Line::compare("the same: frame interval / 1/60 s", Unit::Milliseconds, &intervals, &[FRAME_MS], 1.1)?,
        Line::compare("the same: lines written / shown", Unit::PerSecond, &[written], &[shown], 1.05)?,
        Line::Claim { name: "the same: no frame with a blank row".into(), holds: blank == 0.0 },
    ])
}

/// The log that the gateway's config names, with a line in it.
fn configured(home: &Path) -> Result<PathBuf, String> {
    let (log, folder) = (home.join("openclaw.log"), home.join(".openclaw"));
    let text = json!({ "logging": { "file": log } }).to_string();
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("openclaw.json"), text))
        .and_then(|()| fs::write(&log, line(0, "request 0 done")))
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(log)
}

/// Appends lines at the rate until it is ended, a hundredth of a second's at a time.
struct Writer {
    goes_on: Arc<AtomicBool>,
    writing: JoinHandle<std::io::Result<f64>>,
}

impl Writer {
    fn start(log: &Path) -> Result<Self, String> {
        let file =
            File::options().append(true).open(log).map_err(|error| format!("{}: {error}", log.display()))?;
        let goes_on = Arc::new(AtomicBool::new(true));
        let writing = thread::spawn({
            let goes_on = Arc::clone(&goes_on);
            move || write(file, &goes_on)
        });
        Ok(Self { goes_on, writing })
    }

    /// Lines a second.
    fn end(self) -> Result<f64, String> {
        self.goes_on.store(false, Ordering::Relaxed);
        let written = self.writing.join().map_err(|_| "The writer broke off.".to_owned())?;
        written.map_err(|error| format!("The log could not be written: {error}."))
    }
}

fn write(mut file: File, goes_on: &AtomicBool) -> std::io::Result<f64> {
    let (begun, mut number) = (Instant::now(), 0_u64);
    while goes_on.load(Ordering::Relaxed) {
        let due = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX) * RATE / 1_000_000;
        let lines: String =
            (number..due).map(|number| line(number, &format!("request {number} done"))).collect();
        file.write_all(lines.as_bytes())?;
        number = due.max(number);
        thread::sleep(Duration::from_millis(10));
    }
    #[allow(clippy::cast_precision_loss)]
    Ok(number as f64 / begun.elapsed().as_secs_f64())
}
