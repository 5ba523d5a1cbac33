//! The Logs page of the real window, with a real service and the file that its gateway logs to.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
mod rig;

use fantoccini::Locator;
use jiff::{SignedDuration, Timestamp};
use program::page::{open_page, paste, press_named};
use program::{PROGRAM, UNIT};
use rig::{Desktop, UserManager, Window, eventually, processes};
use serde_json::json;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const PLANTED: &str = "planted-0a1b2c3d4e5f";

const SEARCH: &str = "[role=search] input[type=search]";
const IGNORE_CASE: &str = "[role=search] input[type=checkbox]";
const HITS: &str = "[role=search] .hits";
const FILTER: &str = ".controls > label:nth-of-type(1) input";
const LEVEL: &str = ".controls > label:nth-of-type(2) select";
const SUBSYSTEM: &str = ".controls > label:nth-of-type(3) input";
const TIME: &str = ".controls > label:nth-of-type(4) select";
const FROM: &str = ".controls > label:nth-of-type(5) input";
const TO: &str = ".controls > label:nth-of-type(6) input";
const COUNTS: &str = ".log-foot .counts";
const COLLAPSE: &str = ".log-foot input[type=checkbox]";
const COPY: &str = ".log-foot button[aria-label^=Copy]";

/// The rows inside the list's frame, as the person reads them.
const SEEN: &str = "const list = document.querySelector('.log-list'); if (!list) return []; \
     const { top, bottom } = list.getBoundingClientRect(); \
     return [...list.querySelectorAll('.log-row')] \
         .filter((row) => row.getBoundingClientRect().bottom > top + 1) \
         .filter((row) => row.getBoundingClientRect().top < bottom - 1) \
         .map((row) => row.querySelector('.said').textContent)";
const CHOSEN: &str = "return document.querySelector('.log-row[aria-selected=true] .text')?.textContent ?? ''";

/// When the crash was, as the list of incidents has it.
const CRASH: &str = "return [...document.querySelectorAll('.controls option')] \
     .find((option) => option.textContent.endsWith('· Crashed'))?.value ?? ''";

#[tokio::test(flavor = "multi_thread")]
async fn a_search_counts_its_hits_and_goes_from_one_to_the_next() {
    let mut logs = Logs::new();
    let names = [(10, "Needle-1"), (1200, "needle-2"), (2400, "needle-3")];
    let said = |number| names.iter().find(|(at, _)| *at == number).map(|(_, name)| (*name).to_owned());
    let text = |at| said(at).unwrap_or(format!("request {at}"));
    logs.write(&(0..2500).map(|at| line(3600 - at, "info", "gateway/ws", &text(at))).collect::<String>());
    let window = logs.open().await;
    see_last(&window, "gateway/ws request 2499").await;

    window.find(SEARCH).await.send_keys(r"needle-\d").await.unwrap();
    press_named(&window, "Find").await;
    see_hit(&window, "3 of 3", "needle-3").await;
    press_named(&window, "Older hit").await;
    see_hit(&window, "2 of 3", "needle-2").await;
    press_named(&window, "Older hit").await;
    see_hit(&window, "1 of 3", "Needle-1").await;
    press_named(&window, "Older hit").await;
    see_hit(&window, "3 of 3", "needle-3").await;
    press_named(&window, "Newer hit").await;
    see_hit(&window, "1 of 3", "Needle-1").await;

    window.click(IGNORE_CASE).await;
    press_named(&window, "Find").await;
    see_hit(&window, "2 of 2", "needle-3").await;
    retype(&window, SEARCH, "no such line").await;
    press_named(&window, "Find").await;
    window.text(HITS, "Found in no line").await;
    let older = window.client.find(Locator::XPath("//button[.='Older hit']")).await.unwrap();
    assert!(!older.is_enabled().await.unwrap(), "there is no hit to go to");
    retype(&window, SEARCH, "(").await;
    press_named(&window, "Find").await;
    eventually("the expression is refused", async || said_at(&window, HITS).await.contains("unclosed group"))
        .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_leaves_the_lines_that_fit() {
    let mut logs = Logs::new();
    let full = logs.manager.home().join("openclaw.1.log");
    fs::write(full, line(3 * HOUR, "info", "gateway", "of a full file")).unwrap();
    logs.write(&line(2 * HOUR, "debug", "gateway", "Old trace"));
    logs.write(&line(600, "info", "channels/telegram", "message came"));
    logs.write(&line(300, "warn", "channels", "slow Answer"));
    logs.write(&line(10, "error", "gateway", "answer lost"));
    let [rotated, old, came, slow, lost] = [
        "gateway of a full file",
        "gateway Old trace",
        "channels/telegram message came",
        "channels slow Answer",
        "gateway answer lost",
    ];
    let window = logs.open().await;
    see(&window, &[rotated, old, came, slow, lost]).await;
    window.text(COUNTS, "5 lines loaded").await;

    retype(&window, FILTER, "ANSWER").await;
    see(&window, &[slow, lost]).await;
    window.text(COUNTS, "2 lines loaded").await;
    retype(&window, FILTER, "an.wer").await;
    window.text(".logs .empty", "No line fits the filter").await;
    retype(&window, FILTER, "").await;
    see(&window, &[rotated, old, came, slow, lost]).await;

    for (level, wanted) in [
        ("error", &[lost][..]),
        ("warn", &[slow, lost]),
        ("info", &[rotated, came, slow, lost]),
        ("all", &[rotated, old, came, slow, lost]),
    ] {
        choose(&window, LEVEL, level).await;
        see(&window, wanted).await;
    }

    retype(&window, SUBSYSTEM, "channels\u{e007}").await;
    see(&window, &[came, slow]).await;
    retype(&window, SUBSYSTEM, "chan\u{e007}").await;
    window.text(".logs .empty", "No line fits the filter").await;
    retype(&window, SUBSYSTEM, "\u{e007}").await;
    see(&window, &[rotated, old, came, slow, lost]).await;

    choose(&window, TIME, "1h").await;
    see(&window, &[came, slow, lost]).await;
    choose(&window, TIME, "own").await;
    retype(&window, FROM, "150m\u{e007}").await;
    see(&window, &[old, came, slow, lost]).await;
    retype(&window, TO, "4m\u{e007}").await;
    see(&window, &[old, came, slow]).await;
    choose(&window, TIME, "").await;
    see(&window, &[rotated, old, came, slow, lost]).await;

    window.text(".sources summary", "Sources: 3 of 3").await;
    window.click(".sources summary").await;
    switch_source(&window, "openclaw.1.log").await;
    window.text(".sources summary", "Sources: 2 of 3").await;
    see(&window, &[old, came, slow, lost]).await;
    switch_source(&window, "openclaw.log").await;
    window.text(".sources summary", "Sources: 1 of 3").await;
    window.text(".logs .empty", "No line fits the filter").await;
    switch_source(&window, "openclaw.1.log").await;
    see(&window, &[rotated]).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_lines_are_collapsed_held_back_and_cleared() {
    let mut logs = Logs::new();
    logs.write(&line(60, "info", "ws", "begun"));
    let window = logs.open().await;
    see(&window, &["ws begun"]).await;
    for age in [30, 20, 10] {
        logs.write(&line(age, "warn", "ws", "no answer"));
    }
    see(&window, &["ws begun", "ws no answer", "ws no answer", "ws no answer"]).await;
    window.click(COLLAPSE).await;
    see(&window, &["ws begun", "3 ×ws no answer"]).await;
    window.click(COLLAPSE).await;
    see(&window, &["ws begun", "ws no answer", "ws no answer", "ws no answer"]).await;

    press_named(&window, "Pause").await;
    logs.write(&line(5, "info", "ws", "fifth"));
    logs.write(&line(4, "info", "ws", "sixth"));
    eventually("two lines wait", async || {
        said_at(&window, COUNTS).await.contains("Paused · 2 new lines wait")
    })
    .await;
    see(&window, &["ws begun", "ws no answer", "ws no answer", "ws no answer"]).await;
    press_named(&window, "Resume").await;
    let all = ["ws begun", "ws no answer", "ws no answer", "ws no answer", "ws fifth", "ws sixth"];
    see(&window, &all).await;
    assert!(!said_at(&window, COUNTS).await.contains("Paused"));

    press_named(&window, "Clear").await;
    window.text(COUNTS, "0 lines loaded").await;
    see(&window, &[]).await;
    logs.write(&line(0, "info", "ws", "afterwards"));
    see(&window, &["ws afterwards"]).await;
    logs.write(&line(0, "info", "ws", "and then"));
    see(&window, &["ws afterwards", "ws and then"]).await;
    open_page(&window, "overview").await;
    open_page(&window, "logs").await;
    see(&window, &[&all[..], &["ws afterwards", "ws and then"]].concat()).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_copied_or_saved_has_no_secrets() {
    let mut logs = Logs::new();
    logs.write(&line(30, "info", "gateway", "first line"));
    logs.write(&line(20, "warn", "auth", &format!("refused token={PLANTED} twice")));
    logs.write(&line(10, "error", "gateway", "last line"));
    let window = logs.open().await;
    window.text(COUNTS, "3 lines loaded").await;
    eventually("all are seen", async || seen(&window).await.len() == 3).await;
    assert!(!seen(&window).await.concat().contains(PLANTED));

    window.click(".log-row:nth-child(2)").await;
    let whole = window.text(".whole-line pre", "{\"0\":").await;
    assert!(whole.contains(r#""logLevelName":"WARN""#) && whole.contains("refused token="), "{whole}");
    assert!(!whole.contains(PLANTED), "{whole}");
    let from = said_at(&window, ".whole-line .muted").await;
    assert!(from.ends_with(" · openclaw.log"), "{from}");

    window.click(COPY).await;
    window.text(COPY, "Copied").await;
    let pasted = paste(&window, &logs.desktop, SEARCH).await;
    let [first, secret, last] =
        ["first line", "refused token=", "last line"].map(|part| pasted.find(part).expect("a copied line"));
    assert!(first < secret && secret < last && !pasted.contains(PLANTED), "{pasted}");

    choose(&window, LEVEL, "warn").await;
    window.text(COUNTS, "2 lines loaded").await;
    press_named(&window, "Save").await;
    let told = window.text(".log-foot .saved", "2 lines were saved as ").await;
    let path = Path::new(told.split_once(" saved as ").unwrap().1);
    assert!(path.starts_with(logs.manager.home()), "{told}");
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].contains("Z warn  openclaw.log [auth] refused token="), "{text}");
    assert!(lines[1].ends_with("Z error openclaw.log [gateway] last line"), "{text}");
    assert!(!text.contains(PLANTED), "{text}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_can_be_gone_to() {
    let mut logs = Logs::new();
    let before = (0..300).map(|at| line(600 - at, "info", "ws", &format!("before {at}")));
    logs.write(&before.collect::<String>());
    let window = logs.open().await;
    window.text("#headline, .verdict", "Gateway running · ready").await;
    let pid = tokio::task::block_in_place(|| program::main_pid(&logs.manager)).unwrap();
    processes::signal("KILL", &[pid]);
    eventually("the crash can be gone to", async || window.run(CRASH, &[]).await != "").await;
    let at = window.run(CRASH, &[]).await.as_str().unwrap().to_owned();
    let time: Timestamp = at.parse().unwrap();
    let after = |number| {
        line_at(time + SignedDuration::from_millis(number), "info", "ws", &format!("after {number}"))
    };
    logs.write(&(1..=300).map(after).collect::<String>());
    see_last(&window, "ws after 300").await;

    eventually("the crash is gone to", async || {
        let list = Locator::XPath("//label[span='Go to']/select");
        window.client.find(list).await.unwrap().select_by_value(&at).await.is_ok()
    })
    .await;
    eventually("the first line since then is chosen", async || window.run(CHOSEN, &[]).await == "after 1")
        .await;
    let lines = seen(&window).await;
    let is_seen = |text: &str| lines.iter().any(|line| line == text);
    assert!(is_seen("ws before 299") && is_seen("ws after 1") && !is_seen("ws after 300"), "{lines:?}");
    window.text(".whole-line pre", "{\"0\":").await;
    press_named(&window, "Go to newest").await;
    see_last(&window, "ws after 300").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scrolling_up_reads_older_lines_up_to_the_first() {
    let mut logs = Logs::new();
    let lines = (0..3500).map(|at| line(7200 - at, "info", "ws", &format!("request {at}")));
    logs.write(&lines.collect::<String>());
    let window = logs.open().await;
    see_last(&window, "ws request 3499").await;
    assert!(said_at(&window, COUNTS).await.starts_with("1,000 lines loaded"));
    eventually("the first line of all is seen", async || {
        turn_wheel_up(&logs.desktop);
        seen(&window).await.first().is_some_and(|line| line == "ws request 0")
    })
    .await;
    window.text(COUNTS, "3,500 lines loaded").await;
    logs.write(&line(0, "info", "ws", "the newest"));
    window.text(COUNTS, "3,501 lines loaded").await;
    assert_eq!(seen(&window).await[0], "ws request 0", "what is read stays where it is");
    press_named(&window, "Go to newest").await;
    see_last(&window, "ws the newest").await;
    window.close().await;
}

const HOUR: i64 = 3600;

/// An account whose gateway runs and logs to a file of its own home. What shows them ends first.
struct Logs {
    desktop: Desktop,
    manager: UserManager,
}

impl Logs {
    fn new() -> Self {
        let manager = UserManager::start();
        program::write_service(&manager, 1);
        let state = manager.home().join(".openclaw");
        fs::create_dir_all(&state).unwrap();
        let config = json!({ "logging": { "file": log_file(&manager) } });
        fs::write(state.join("openclaw.json"), config.to_string()).unwrap();
        manager.systemctl(&["start", UNIT]);
        let desktop = Desktop::with().panel().on(&manager).start();
        Self { desktop, manager }
    }

    fn write(&self, lines: &str) {
        let mut file = File::options().create(true).append(true).open(log_file(&self.manager)).unwrap();
        file.write_all(lines.as_bytes()).unwrap();
    }

    async fn open(&mut self) -> Window {
        let window = Window::open(&mut self.desktop, PROGRAM, &[]).await;
        window.text("#headline", "Gateway running · ready").await;
        open_page(&window, "logs").await;
        window
    }
}

fn log_file(manager: &UserManager) -> PathBuf {
    manager.home().join("openclaw.log")
}

/// A line as OpenClaw wrote it `age_s` seconds ago.
fn line(age_s: i64, level: &str, subsystem: &str, message: &str) -> String {
    line_at(Timestamp::now() - SignedDuration::from_secs(age_s), level, subsystem, message)
}

fn line_at(time: Timestamp, level: &str, subsystem: &str, message: &str) -> String {
    let name = json!({ "subsystem": subsystem }).to_string();
    let meta = json!({ "runtime": "node", "logLevelName": level.to_uppercase(), "name": name });
    let line =
        json!({ "0": name, "1": message, "_meta": meta, "time": format!("{time:.3}"), "message": message });
    format!("{line}\n")
}

async fn seen(window: &Window) -> Vec<String> {
    serde_json::from_value(window.run(SEEN, &[]).await).unwrap()
}

async fn see(window: &Window, wanted: &[&str]) {
    eventually(&format!("seen are {wanted:?}"), async || seen(window).await == wanted).await;
}

async fn see_last(window: &Window, wanted: &str) {
    let is_last = async || seen(window).await.last().is_some_and(|line| line == wanted);
    eventually(&format!("the last line is {wanted:?}"), is_last).await;
}

/// Which hit it is, and that its line is chosen and on the screen.
async fn see_hit(window: &Window, which: &str, wanted: &str) {
    window.text(HITS, which).await;
    eventually(&format!("{wanted} is chosen"), async || window.run(CHOSEN, &[]).await == wanted).await;
    eventually(&format!("{wanted} is seen"), async || {
        seen(window).await.iter().any(|line| line.ends_with(wanted))
    })
    .await;
}

async fn said_at(window: &Window, css: &str) -> String {
    window.find(css).await.text().await.unwrap_or_default()
}

/// `keys` in the place of what stands in a field.
async fn retype(window: &Window, css: &str, keys: &str) {
    let all_selected = "const field = document.querySelector(arguments[0]); field.focus(); field.select()";
    window.run(all_selected, &[css]).await;
    window.find(css).await.send_keys(&format!("\u{e017}{keys}")).await.unwrap();
}

async fn choose(window: &Window, css: &str, value: &str) {
    window.find(css).await.select_by_value(value).await.unwrap();
}

async fn switch_source(window: &Window, name: &str) {
    let path = format!("//details//label[span[.='{name}']]/input");
    window.client.find(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
}

/// With the pointer over the list.
fn turn_wheel_up(desktop: &Desktop) {
    let shown = tokio::task::block_in_place(|| program::await_window(desktop));
    let wheel =
        ["mousemove", "--window", &shown, "500", "400", "click", "--repeat", "50", "--delay", "1", "4"];
    let turned = desktop.command("xdotool").args(wheel).status();
    assert!(turned.is_ok_and(|status| status.success()), "xdotool click");
}
