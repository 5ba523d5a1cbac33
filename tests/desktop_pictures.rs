//! Pictures of the real program with a real service on a real panel: those of the documentation, and each page in each theme and
//! language beside the approved one.
//!
//! They go to `target/tmp`; `GATEWARD_PICTURES=docs/images cargo test --features gui --test desktop_pictures` renews those of the
//! repository, and with `GATEWARD_APPROVE=1` the approved ones too.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "desktop/approved.rs"]
mod approved;
mod program;
mod rig;

use program::page::{PAGES, open_page};
use program::{PROGRAM, UNIT, main_pid};
use rig::wait::PATIENCE;
use rig::{Desktop, UserManager, Window, processes, script, wait_until};
use serde_json::json;
use std::path::{Path, PathBuf};

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_light_and_english() {
    pages("light", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_dark_and_english() {
    pages("dark", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_light_and_chinese() {
    pages("light", "zh-cn").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_dark_and_chinese() {
    pages("dark", "zh-cn").await;
}

#[test]
fn tray_menu_and_notification() {
    let manager = UserManager::start();
    program::write_service(&manager, 3600);
    manager.systemctl(&["start", UNIT]);
    let mut desktop = Desktop::with().panel().dunst().on(&manager).start();
    let item = program::start_in_tray(&mut desktop);
    wait_until(PATIENCE, "it is seen running", || item.labels()[0].starts_with("Gateway running · ready"));
    let screen = desktop.folder().join("screen.png");
    wait_until(PATIENCE, "the panel draws the icon", || is_icon_drawn(&desktop, &screen));
    open_menu(&desktop);
    desktop.screenshot(&screen);
    cut(&desktop, &screen, "440x300+840+0", "tray-menu.png");
    // Away from the icon, whose tooltip would lie over the notification.
    let _ = desktop.command("xdotool").args(["key", "Escape", "mousemove", "300", "600"]).status();
    processes::signal("KILL", &[main_pid(&manager).unwrap()]);
    wait_until(PATIENCE, "dunst shows it", || desktop.shown_by_dunst() == 1);
    std::thread::sleep(std::time::Duration::from_millis(500));
    desktop.screenshot(&screen);
    cut(&desktop, &screen, "440x150+840+0", "notification.png");
}

async fn pages(theme: &str, language: &str) {
    let manager = UserManager::start_with_journal();
    // With tools of its own the program has no bus to hear from, so the pause is longer than that between two of its looks.
    program::write_service(&manager, 10);
    manager.systemctl(&["enable", "--now", UNIT]);
    bring_settings(&manager, theme, language);
    bring_credentials(&manager);
    let fonts = bring_fonts(&manager);
    let mut desktop = Desktop::with()
        .panel()
        .variable("FONTCONFIG_FILE", &fonts)
        .variable("PATH", "/usr/local/bin:/usr/bin:/bin")
        .on(&manager)
        .start();
    let starter = starter(&manager);
    let window = Window::open(&mut desktop, starter.to_str().unwrap(), &[]).await;
    let mut faults = Vec::new();
    for (page, sign) in PAGES {
        open_page(&window, page).await;
        if page == "history" {
            processes::signal("KILL", &[tokio::task::block_in_place(|| main_pid(&manager)).unwrap()]);
        }
        for sign in [&[sign], more_signs(page)].concat() {
            window.find(sign).await;
        }
        let name = named(page, theme, language);
        approved::level(&window, &machines_own(&manager, &desktop)).await;
        let levelled = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-levelled.png"));
        take_still(&desktop, &levelled);
        approved::unlevel(&window).await;
        take(&desktop, &folder().join(format!("{name}.png")));
        faults.extend(approved::fault(&desktop, &levelled, &name));
    }
    window.close().await;
    drop((desktop, manager));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a page shows in this scene besides once it has heard all.
fn more_signs(page: &str) -> &'static [&'static str] {
    match page {
        "overview" => &[".hero p > button.small", ".hero .command", ".pulse path:not([d=''])"],
        "logs" => &[".log-row[aria-setsize='3'][aria-posinset='3']"],
        "history" => &[".incidents li[data-kind=crash]", ".incidents li[data-kind=recovered]"],
        "credentials" => &[".credentials li", ".calendar"],
        "settings" => &[".checks li:nth-child(4)"],
        "setup" => &[".setup > li[data-step=proof][data-state=done]"],
        _ => &[],
    }
}

/// The paths that another machine or run has elsewhere.
fn machines_own(manager: &UserManager, desktop: &Desktop) -> Vec<String> {
    let programs = Path::new(PROGRAM).parent().unwrap();
    [manager.folder(), desktop.folder(), programs].map(|path| path.display().to_string()).into()
}

/// The two fonts that `cargo xtask setup` installs, whatever else the machine has.
fn bring_fonts(manager: &UserManager) -> String {
    let file = manager.folder().join("fonts.conf");
    let text = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\">\n<fontconfig>\n\
         <dir>/usr/share/fonts/truetype/dejavu</dir><dir>/usr/share/fonts/opentype/noto</dir>\n\
         <include ignore_missing=\"yes\">/etc/fonts/conf.d</include><cachedir>{}</cachedir>\n</fontconfig>\n",
        manager.folder().join("fonts").display()
    );
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn named(page: &str, theme: &str, language: &str) -> String {
    match language {
        "en" => format!("{page}-{theme}"),
        language => format!("{page}-{theme}-{language}"),
    }
}

/// Not WebDriver's own picture: on the Environment page it did not come within two minutes, while the window was well.
fn take(desktop: &Desktop, picture: &Path) {
    let shown = program::await_window(desktop);
    let done = desktop.command("import").args(["-window", &shown]).arg(picture).status();
    assert!(done.is_ok_and(|status| status.success()), "import");
}

/// Once two in a row are alike.
fn take_still(desktop: &Desktop, picture: &Path) {
    let again = picture.with_extension("again.png");
    take(desktop, picture);
    wait_until(PATIENCE, "the window is still", || {
        take(desktop, &again);
        let is_still = approved::points_between(desktop, picture, &again) < 1.0;
        std::fs::rename(&again, picture).unwrap();
        is_still
    });
}

/// A notification would lie over the window.
fn bring_settings(manager: &UserManager, theme: &str, language: &str) {
    let settings = json!({
        "notices": { "credential": false, "crash": false, "recovered": false },
        "window": { "theme": theme, "language": language },
    });
    write(manager, ".config/gateward/settings.json", &settings);
}

fn write(manager: &UserManager, path: &str, value: &serde_json::Value) {
    let path = manager.home().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, value.to_string()).unwrap();
}

/// What an account has after some months.
fn bring_credentials(manager: &UserManager) {
    let ends = |hours: i64| (jiff::Timestamp::now().as_second() + hours * 3600) * 1000;
    let token =
        |hours| json!({ "type": "token", "provider": "anthropic", "token": "t", "expires": ends(hours) });
    let profiles = json!({
        "anthropic:manual": token(3),
        "anthropic:work": token(12 * 24),
        "openai:default": { "type": "api_key", "provider": "openai", "key": "k" },
        "openai-codex:default": {
            "type": "oauth", "provider": "openai-codex", "access": "a", "refresh": "r", "expires": ends(9 * 24),
        },
    });
    let used_up = json!({ "disabledReason": "auth", "errorCount": 2, "lastFailureAt": ends(-1) });
    let store =
        json!({ "version": 1, "profiles": profiles, "usageStats": { "openai-codex:default": used_up } });
    let claude =
        json!({ "claudeAiOauth": { "accessToken": "a", "refreshToken": "r", "expiresAt": ends(5) } });
    write(manager, ".openclaw/agents/main/agent/auth-profiles.json", &store);
    write(manager, ".claude/.credentials.json", &claude);
}

/// The journal of the private manager is in its own mounts, so the program gets a `journalctl` that goes there.
fn starter(manager: &UserManager) -> PathBuf {
    let tools = manager.folder().join("tools");
    std::fs::create_dir_all(&tools).unwrap();
    let journalctl = format!(
        "#!/bin/sh\nexec /usr/bin/nsenter --target={} --mount --cgroup -- /usr/bin/journalctl \"$@\"\n",
        manager.pid()
    );
    script(&tools.join("journalctl"), &journalctl);
    let starter = manager.folder().join("start");
    script(
        &starter,
        &format!("#!/bin/sh\nexport GATEWARD_TOOLS={}\nexec {PROGRAM} \"$@\"\n", tools.display()),
    );
    starter
}

/// Where the icon will be, the panel shows grey until it has laid it out, and a click would open its own menu.
fn is_icon_drawn(desktop: &Desktop, screen: &Path) -> bool {
    desktop.screenshot(screen);
    let greenness = ["-crop", "24x24+1143+1", "-format", "%[fx:mean.g-mean.r]", "info:"];
    let told = desktop.command("convert").arg(screen).args(greenness).output().unwrap();
    String::from_utf8_lossy(&told.stdout).trim().parse::<f64>().is_ok_and(|amount| amount > 0.1)
}

fn open_menu(desktop: &Desktop) {
    program::right_click_icon(desktop);
    std::thread::sleep(std::time::Duration::from_millis(800));
}

fn cut(desktop: &Desktop, screen: &Path, area: &str, name: &str) {
    let picture = folder().join(name);
    let done = desktop.command("convert").arg(screen).args(["-crop", area, "+repage"]).arg(&picture).status();
    assert!(done.is_ok_and(|status| status.success()), "convert");
}

fn folder() -> PathBuf {
    match std::env::var_os("GATEWARD_PICTURES") {
        Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        None => PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
    }
}
