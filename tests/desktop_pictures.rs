//! The pictures of the documentation, taken from the real program with a real service on a real panel. They go to
//! `target/tmp`; `GATEWARD_PICTURES=docs/images cargo test --features gui --test desktop_pictures` renews those of the repository.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
mod rig;

use fantoccini::Locator;
use program::{PROGRAM, UNIT, main_pid};
use rig::wait::PATIENCE;
use rig::{Desktop, UserManager, Window, processes, script, wait_until};
use serde_json::json;
use std::path::{Path, PathBuf};

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_light() {
    pages("light", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_dark() {
    pages("dark", 1).await;
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

async fn pages(name: &str, dark: u8) {
    let manager = UserManager::start_with_journal();
    // With tools of its own the program has no bus to hear from, so the pause is longer than that between two of its looks.
    program::write_service(&manager, 10);
    manager.systemctl(&["enable", "--now", UNIT]);
    bring_credentials(&manager);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let settings = manager.home().join(".config/gtk-3.0");
    std::fs::create_dir_all(&settings).unwrap();
    let text = format!("[Settings]\ngtk-application-prefer-dark-theme={dark}\n");
    std::fs::write(settings.join("settings.ini"), text).unwrap();
    let starter = starter(&manager);
    let window = Window::open(&mut desktop, starter.to_str().unwrap(), &[]).await;
    let pages = [
        ("overview", "#headline"),
        ("logs", "[role=search]"),
        ("environment", ".variables"),
        ("credentials", ".credentials li"),
        ("settings", "#settings-logs"),
        ("history", ".incidents li[data-kind=crash]"),
    ];
    for (page, ready) in pages {
        if page == "history" {
            processes::signal("KILL", &[tokio::task::block_in_place(|| main_pid(&manager)).unwrap()]);
        }
        let wait = || window.client.wait().at_most(PATIENCE);
        let button = format!("[data-page={page}]");
        wait().for_element(Locator::Css(&button)).await.unwrap().click().await.unwrap();
        wait().for_element(Locator::Css(ready)).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        // Not WebDriver's own picture: on the Environment page it did not come within two minutes, while the window was well.
        let shown = program::await_window(&desktop);
        let picture = folder().join(format!("{page}-{name}.png"));
        let done = desktop.command("import").args(["-window", &shown]).arg(picture).status();
        assert!(done.is_ok_and(|status| status.success()), "import");
    }
    window.close().await;
    drop((desktop, manager));
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
    // A notification would lie over the window.
    let settings = json!({ "notices": { "credential": false, "crash": false, "recovered": false } });
    for (path, text) in [
        (".openclaw/agents/main/agent/auth-profiles.json", store),
        (".claude/.credentials.json", claude),
        (".config/gateward/settings.json", settings),
    ] {
        let path = manager.home().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.to_string()).unwrap();
    }
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

/// The icon is the only one, left of the panel's clock.
fn open_menu(desktop: &Desktop) {
    let done = desktop.command("xdotool").args(["mousemove", "1155", "13", "click", "3"]).status();
    assert!(done.is_ok_and(|status| status.success()), "xdotool click");
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
