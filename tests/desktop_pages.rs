//! What a person presses besides starting and stopping: the pages' own buttons and the tray's further entries, with a
//! real service behind them.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
mod rig;

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::Locator;
use jiff::{SignedDuration, Timestamp};
use program::page::{open_page, paste, press, press_named};
use program::{PROGRAM, UNIT, start_in_tray};
use rig::user_manager::wait_for_state;
use rig::wait::PATIENCE;
use rig::{Desktop, Notification, UserManager, Window, eventually, free_port, processes, script, wait_for};
use serde_json::{Value, json};

const READY: &str = "Gateway running · ready";
const TOKEN: &str = "planted-token-5c1e0f";
const HOSTILE: &str = "<img src=x onerror=window.broken=1>";

#[test]
fn the_tray_opens_the_configuration_once_there_is_one() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    let mut desktop = opening_desktop(&manager);
    let item = start_in_tray(&mut desktop);
    let entry = ["More", "Open OpenClaw’s configuration"];
    let config = config_path(&manager);
    item.click(&entry);
    let told = refusal(&desktop, "could not be read");
    assert!(told.body.contains(config.to_str().unwrap()), "{told:?}");
    assert!(told.body.contains("no such file"), "{told:?}");
    assert_eq!(opened(&manager), None);
    bring_config(&manager, &json!({}));
    item.click(&entry);
    assert_eq!(await_opened(&manager), config.display().to_string());
}

#[test]
fn the_tray_opens_the_folder_of_the_logs_once_something_is_written() {
    let manager = UserManager::start();
    let log = write_logging_service(&manager, 1);
    let mut desktop = opening_desktop(&manager);
    let item = start_in_tray(&mut desktop);
    let entry = ["More", "Open the folder of the logs"];
    item.click(&entry);
    let told = refusal(&desktop, "That is not possible now.");
    assert!(told.body.contains("gateward logs --all"), "{told:?}");
    assert_eq!(opened(&manager), None);
    manager.systemctl(&["start", UNIT]);
    wait_for(PATIENCE, "the gateway writes", || fs::metadata(&log).ok().filter(|log| log.len() > 0));
    item.click(&entry);
    assert_eq!(await_opened(&manager), log.parent().unwrap().display().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overviews_dashboard_button_hands_the_browser_an_address_without_the_token() {
    let manager = UserManager::start();
    let port = program::write_service(&manager, 1);
    bring_config(&manager, &json!({ "gateway": { "port": port, "auth": { "token": TOKEN } } }));
    manager.systemctl(&["start", UNIT]);
    let mut desktop = opening_desktop(&manager);
    let window = ready_window(&mut desktop).await;
    press_named(&window, "Open dashboard").await;
    let address = tokio::task::block_in_place(|| await_opened(&manager));
    assert!(address.starts_with("http://127.0.0.1:") && !address.contains(TOKEN), "{address}");
    let held = "return document.documentElement.outerHTML + JSON.stringify(window.gatewardOpening)";
    let held = window.run(held, &[]).await;
    assert!(held.as_str().is_some_and(|held| held.contains(READY) && !held.contains(TOKEN)), "{held}");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_failed_is_told_until_it_is_dismissed() {
    let manager = UserManager::start();
    // Its program refuses a configuration that is not there, as OpenClaw does.
    let missing = manager.home().join("no-such.json");
    let options = format!("--config {}", missing.display());
    write_unit(&manager, 1, &options, "RestartPreventExitStatus=78\n");
    let mut desktop = opening_desktop(&manager);
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway stopped").await;
    press(&window, "Start").await;
    let card = window.text(".card.problem", "The gateway refuses its configuration (exit code 78).").await;
    assert!(card.contains("What to do next") && card.contains("gateward logs"), "{card}");
    wait_for_state(&manager, UNIT, "failed");
    let headline = window.text("#headline", "Gateway refuses").await;
    press_named(&window, "Dismiss").await;
    eventually("the card is gone", async || is_gone(&window, ".card.problem").await).await;
    press_named(&window, "Check now").await;
    window.text("#headline", &headline).await;
    assert!(is_gone(&window, ".card.problem").await, "a look does not bring it back");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remarks_command_is_copied_and_can_be_pasted() {
    let manager = UserManager::start();
    let port = free_port();
    let unit = |seconds: u32| unit(port, seconds, "", "");
    manager.write_unit(UNIT, &unit(1));
    manager.systemctl(&["start", UNIT]);
    let mut desktop = opening_desktop(&manager);
    let window = ready_window(&mut desktop).await;
    // Behind the manager's back.
    fs::write(manager.home().join(".config/systemd/user").join(UNIT), unit(7)).unwrap();
    press_named(&window, "Check now").await;
    window.text(".hero .command ~ .command", "What runs is not what the definition says").await;
    let command = window.find(".hero .command ~ .command code").await.text().await.unwrap();
    assert!(command.starts_with("gateward "), "{command}");
    window.click(".hero .command ~ .command button").await;
    window.text(".hero .command ~ .command button", "Copied").await;
    open_page(&window, "logs").await;
    assert_eq!(paste(&window, &desktop, "[role=search] input").await, command);
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn check_now_looks_anew_each_time() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    manager.systemctl(&["start", UNIT]);
    let mut desktop = opening_desktop(&manager);
    let window = ready_window(&mut desktop).await;
    // By itself it looks every thirty seconds.
    let begun = Instant::now();
    for _ in 0..3 {
        let before = looked_at(&window).await;
        press_named(&window, "Check now").await;
        eventually("it has looked again", async || looked_at(&window).await > before).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_shows_as_many_days_as_are_asked_for() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    manager.systemctl(&["start", UNIT]);
    let mut desktop = opening_desktop(&manager);
    let window = ready_window(&mut desktop).await;
    open_page(&window, "history").await;
    await_days(&window, 7).await;
    for (days, label) in [(1, "1 day"), (30, "30 days"), (7, "7 days")] {
        press_named(&window, label).await;
        window.text(".choices [aria-pressed=true]", label).await;
        await_days(&window, days).await;
    }
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn show_the_log_at_a_crash_opens_the_log_there() {
    let manager = UserManager::start();
    let log = write_logging_service(&manager, 3600);
    manager.systemctl(&["start", UNIT]);
    let mut desktop = opening_desktop(&manager);
    let window = ready_window(&mut desktop).await;
    let pid = tokio::task::block_in_place(|| program::main_pid(&manager)).unwrap();
    processes::signal("KILL", &[pid]);
    open_page(&window, "history").await;
    let crash = ".incidents li[data-kind=crash]";
    let at = window.find(&format!("{crash} time")).await.attr("datetime").await.unwrap().unwrap();
    append_lines(&log, at.parse().unwrap(), 3000);
    window.click(&format!("{crash} .when button")).await;
    window.find("main[data-page=logs]").await;
    let chosen = window.text(".log-row[aria-selected=true]", "").await;
    let line = window.text(".whole-line pre", "").await;
    assert!(chosen.contains("line 1 after it") && line.contains("line 1 after it"), "{chosen}\n{line}");
    window.text(".to-end", "Go to newest").await;
    window.click(".to-end").await;
    let at_end = "const rows = [...document.querySelectorAll('.log-row')]; const list = document.querySelector('.log-list'); \
         return !document.querySelector('.to-end') && list.scrollTop + list.clientHeight > list.scrollHeight - 23 \
         && rows.some((row) => row.textContent.includes('line 3000 after it'))";
    eventually("the newest line is reached", async || window.run(at_end, &[]).await == true).await;
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_login_is_quiet_after_remind_me_later() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    manager.systemctl(&["start", UNIT]);
    let store = manager.home().join(".openclaw/agents/main/agent/auth-profiles.json");
    fs::create_dir_all(store.parent().unwrap()).unwrap();
    let ended = (Timestamp::now() - SignedDuration::from_hours(1)).as_millisecond();
    let token = json!({ "type": "token", "provider": "anthropic", "token": "t", "expires": ended });
    fs::write(store, json!({ "version": 1, "profiles": { "anthropic:default": token } }).to_string())
        .unwrap();
    let mut desktop = opening_desktop(&manager);
    let window = ready_window(&mut desktop).await;
    window.text(".hero p:has(button)", "A login needs you").await;
    press_named(&window, "Show credentials").await;
    window.find("main[data-page=credentials]").await;
    press_named(&window, "Remind me later").await;
    window.text(".credentials .buttons .muted", "quiet until").await;
    let later = "//main//button[normalize-space()='Remind me later']";
    assert!(window.client.find(Locator::XPath(later)).await.is_err(), "it need not be asked again");
    let card = window.text(".credentials li[data-tone=problem]", "").await;
    assert!(card.contains("ended 1 h ago"), "it stays what it is: {card}");
    open_page(&window, "overview").await;
    let plea = "return document.querySelector('.hero').textContent.includes('A login needs you')";
    eventually("the overview asks no more", async || window.run(plea, &[]).await == false).await;
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tray_check_sees_a_panel_that_came_when_it_is_asked_again() {
    let mut desktop = Desktop::with().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    open_page(&window, "settings").await;
    let step = "[aria-labelledby=settings-tray] .checks li:last-child";
    window.text(step, "Gateward’s icon is not shown.").await;
    tokio::task::block_in_place(|| {
        desktop.start_panel();
        program::item(&desktop);
    });
    // It is told as it was found, until it is looked at again.
    window.text(step, "Gateward’s icon is not shown.").await;
    let again = async || {
        press_named(&window, "Check again").await;
        window.find(step).await.text().await.is_ok_and(|last| last == "Gateward’s icon is shown.")
    };
    eventually("it holds now", again).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zoom_out_of_range_is_refused_at_its_field_and_escape_brings_back_what_holds() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    open_page(&window, "settings").await;
    window.find(".checks li:nth-child(2)").await;
    let width = window.run("return innerWidth", &[]).await;
    let field = "[data-field='window.zoom']";
    window.find(&format!("{field} input")).await.clear().await.unwrap();
    let input = window.find(&format!("{field} input")).await;
    input.send_keys("20\u{e007}").await.unwrap();
    let refusal =
        window.text(&format!("{field} .refusal"), "The setting “window.zoom” was not changed").await;
    assert!(refusal.contains("50") && refusal.contains("300"), "{refusal}");
    assert_eq!(input.attr("aria-invalid").await.unwrap().as_deref(), Some("true"));
    let file = Path::new(desktop.variable("HOME")).join(".config/gateward/settings.json");
    assert!(!file.exists(), "nothing is saved");
    assert_eq!(window.run("return innerWidth", &[]).await, width, "nothing is drawn otherwise");
    input.send_keys("\u{e00c}").await.unwrap();
    let value = "return document.querySelector(\"[data-field='window.zoom'] input\").value";
    eventually("what holds is back", async || window.run(value, &[]).await == "100").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_runs_no_foreign_script_and_reaches_no_other_address() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.find("main h1").await;
    let elsewhere = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}/", elsewhere.local_addr().unwrap());
    let attempts = "
        const [address, done] = arguments;
        window.refused = [];
        document.addEventListener('securitypolicyviolation', (it) => window.refused.push(it.effectiveDirective));
        const inline = document.createElement('script');
        inline.textContent = 'window.ran = true';
        document.head.append(inline);
        const handled = document.createElement('p');
        handled.setAttribute('onclick', 'window.ran = true');
        document.body.append(handled);
        handled.click();
        const attempt = (what) => { try { return String(what()) } catch (error) { return error.name } };
        const evaluated = [attempt(() => eval('1 + 1')), attempt(() => new Function('return 2')())];
        const image = new Promise((end) => {
            const it = new Image();
            it.onload = () => end('came');
            it.onerror = () => end('refused');
            it.src = address;
        });
        const fetched = fetch(address, { mode: 'no-cors' }).then(() => 'came', () => 'refused');
        Promise.all([image, fetched]).then((loaded) => done({ ran: window.ran ?? false, evaluated, loaded }));";
    let outcome = window.client.execute_async(attempts, vec![json!(address)]).await.unwrap();
    let wanted =
        json!({ "ran": false, "evaluated": ["EvalError", "EvalError"], "loaded": ["refused", "refused"] });
    assert_eq!(outcome, wanted);
    for directive in ["script-src-elem", "script-src-attr", "connect-src", "img-src"] {
        let told = "return window.refused.includes(arguments[0])";
        eventually(directive, async || window.run(told, &[directive]).await == true).await;
    }
    assert_eq!(elsewhere.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "nobody has come");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_unit_and_a_gateway_say_stays_text() {
    let manager = UserManager::start();
    let options = format!("\"--not-ready={HOSTILE}\"");
    let more = format!("Environment=\"GREETING={HOSTILE}\"\n");
    write_unit(&manager, 1, &options, &more);
    manager.systemctl(&["start", UNIT]);
    let mut desktop = opening_desktop(&manager);
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    let said = "return [...document.querySelectorAll(arguments[0])]\
         .some((it) => it.textContent.includes(arguments[1]))";
    let shows = async |css: &str| {
        eventually(css, async || window.run(said, &[css, HOSTILE]).await == true).await;
        let made = "return [document.querySelectorAll('main img').length, window.broken ?? 0]";
        assert_eq!(window.run(made, &[]).await, json!([0, 0]), "{css}");
    };
    shows("[data-fact=answers] .detail").await;
    open_page(&window, "environment").await;
    shows(".variables td code").await;
    shows(".argv li").await;
    window.close().await;
    drop((desktop, manager));
}

/// A desktop whose opener writes down what it is to open.
fn opening_desktop(manager: &UserManager) -> Desktop {
    let bin = manager.home().join("bin");
    fs::create_dir_all(&bin).unwrap();
    let record = opened_path(manager);
    let text = format!("#!/bin/sh\nprintf '%s' \"$*\" > {0}.part && mv {0}.part {0}\n", record.display());
    script(&bin.join("xdg-open"), &text);
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display());
    Desktop::with().panel().recorded_notifications().variable("PATH", &path).on(manager).start()
}

fn opened_path(manager: &UserManager) -> PathBuf {
    manager.home().join("opened")
}

fn opened(manager: &UserManager) -> Option<String> {
    fs::read_to_string(opened_path(manager)).ok()
}

fn await_opened(manager: &UserManager) -> String {
    wait_for(PATIENCE, "the desktop is asked to open it", || opened(manager))
}

fn refusal(desktop: &Desktop, words: &str) -> Notification {
    let is_it =
        |shown: &Notification| shown.summary == "That could not be done" && shown.body.contains(words);
    desktop.notifications().wait_for("a refusal", is_it)
}

fn config_path(manager: &UserManager) -> PathBuf {
    manager.home().join(".openclaw/openclaw.json")
}

fn bring_config(manager: &UserManager, config: &Value) {
    let path = config_path(manager);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, config.to_string()).unwrap();
}

/// A demo gateway with a log file that OpenClaw's configuration names; nothing has been written to it.
fn write_logging_service(manager: &UserManager, pause_s: u32) -> PathBuf {
    let log = manager.home().join("written/openclaw.log");
    let options = format!("--log-file {}", log.display());
    let port = program::write_service_with(manager, pause_s, &options);
    bring_config(manager, &json!({ "gateway": { "port": port }, "logging": { "file": log } }));
    log
}

/// One each second after `begin`.
fn append_lines(log: &Path, begin: Timestamp, count: i64) {
    let mut text = fs::read_to_string(log).unwrap();
    for n in 1..=count {
        let time = begin + SignedDuration::from_secs(n);
        writeln!(text, "{}", json!({ "1": format!("line {n} after it"), "time": time })).unwrap();
    }
    fs::write(log, text).unwrap();
}

fn write_unit(manager: &UserManager, pause_s: u32, options: &str, more: &str) {
    manager.write_unit(UNIT, &unit(free_port(), pause_s, options, more));
}

/// A demo gateway with `options`, and `more` lines of its service.
fn unit(port: u16, pause_s: u32, options: &str, more: &str) -> String {
    let program = env!("CARGO_BIN_EXE_gateward");
    format!(
        "[Unit]\nDescription={HOSTILE}\n\n[Service]\nExecStart={program} demo --port {port} {options}\nRestart=always\n\
         RestartSec={pause_s}\nEnvironment=OPENCLAW_SERVICE_MARKER=openclaw\n\
         Environment=OPENCLAW_SERVICE_KIND=gateway\n{more}\n\
         [Install]\nWantedBy=default.target\n"
    )
}

async fn ready_window(desktop: &mut Desktop) -> Window {
    let window = Window::open(desktop, PROGRAM, &[]).await;
    window.text("#headline", READY).await;
    window
}

async fn is_gone(window: &Window, css: &str) -> bool {
    window.run("return document.querySelector(arguments[0]) === null", &[css]).await == true
}

/// When the service manager was last asked.
async fn looked_at(window: &Window) -> Timestamp {
    let time = "return document.querySelector('[data-fact=supervised] time').dateTime";
    window.run(time, &[]).await.as_str().unwrap().parse().unwrap()
}

/// From the begin to the end that stand below the picture.
async fn await_days(window: &Window, days: i64) {
    let told = "const ends = [...document.querySelectorAll('.timeline figcaption > span')]\
         .map((it) => Date.parse(it.textContent)); \
         return Math.round((ends[1] - ends[0]) / 86_400_000)";
    eventually(&format!("{days} days"), async || window.run(told, &[]).await == days).await;
}
