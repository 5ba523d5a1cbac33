//! Where it is measured: a real user manager that runs a demo gateway, and a real desktop with a panel beside it.

use super::monitor::{Heard, Monitor, What};
use super::process::Running;
use crate::demo::free_port;
use crate::rig::desktop::Desktop;
use crate::rig::screen::{self, Screen};
use crate::rig::tray::TrayItem;
use crate::rig::user_manager::{UserManager, wait_for_state};
use crate::rig::wait::{PATIENCE, wait_until};
use crate::rig::webdriver::Window;
use std::io;
use std::net::TcpListener;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The default profile's unit, which both programs look at.
pub const UNIT: &str = "openclaw-gateway.service";

/// Fields go in this order: the desktop stands on the manager.
pub struct Scene {
    pub monitor: Monitor,
    desktop: Desktop,
    pub manager: UserManager,
}

impl Scene {
    pub fn set(gateward: &Path) -> Result<Self, String> {
        let manager = UserManager::start();
        manager.write_unit(UNIT, &unit(gateward, free_port()?));
        manager.systemctl(&["start", UNIT]);
        wait_for_state(&manager, UNIT, "active");
        let desktop = Desktop::with().panel().recorded_notifications().on(&manager).start();
        tell_all(desktop.command(gateward))?;
        let monitor = Monitor::start(desktop.variable("DBUS_SESSION_BUS_ADDRESS"))?;
        Ok(Self { monitor, desktop, manager })
    }

    /// Starts `program` and waits until its icon is announced on the bus.
    pub fn start(&self, program: &Path, arguments: &[&str]) -> Result<Started, String> {
        self.monitor.forget();
        let mut command = self.desktop.command(program);
        let begun = Instant::now();
        let running = Running::spawn(silent(command.args(arguments)))?;
        let heard = self.monitor.wait(|what| *what == What::ItemRegistered);
        let Heard { at, .. } =
            heard.ok_or_else(|| format!("{} has shown no tray item.", program.display()))?;
        Ok(Started { running, took: at.duration_since(begun) })
    }

    /// Starts the measured program as at login and waits until it has seen the gateway ready.
    pub fn start_watching(&self, tray: &Path) -> Result<Running, String> {
        let started = self.start(tray, &["--hidden"])?;
        self.await_headline("Gateway running · ready");
        Ok(started.running)
    }

    /// A command that sees the scene's manager, home and desktop.
    pub fn command(&self, program: &Path) -> Command {
        self.desktop.command(program)
    }

    /// Starts `program`, which opens its window by itself.
    pub async fn open_window(&mut self, program: &Path) -> Window {
        Window::open(&mut self.desktop, &program.display().to_string(), &[]).await
    }

    /// Installs and starts more gateways, of profiles with these numbers.
    pub fn run_profiles(&self, gateward: &Path, numbers: Range<usize>) -> Result<(), String> {
        let units = self.manager.home().join(".config/systemd/user");
        let mut names = Vec::new();
        for (number, port) in numbers.clone().zip(free_ports(numbers.len())?) {
            let name = format!("openclaw-gateway-p{number}.service");
            let text = unit(gateward, port).replace(" demo ", &format!(" --profile p{number} demo "));
            std::fs::write(units.join(&name), text).map_err(|error| format!("{name}: {error}"))?;
            names.push(name);
        }
        if names.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.manager.systemctl(&["daemon-reload"]);
        self.manager.systemctl(&[&["start"], &names[..]].concat());
        names.iter().for_each(|name| wait_for_state(&self.manager, name, "active"));
        Ok(())
    }

    /// The icon of the application with this id.
    pub fn icon(&self, id: &str) -> TrayItem {
        TrayItem::wait_for(&self.desktop, |item| item.try_property::<String>("Id").is_ok_and(|it| it == id))
    }

    pub fn screen(&self) -> Screen {
        Screen::of(&self.desktop)
    }

    /// Closes the window whose title matches, as its cross does.
    pub fn close_window(&self, title: &str) {
        screen::close_window(&self.desktop, title);
    }

    /// Waits until the first line of the tray's menu begins with `headline`.
    pub fn await_headline(&self, headline: &str) {
        let shows = |item: &TrayItem| {
            item.try_property::<String>("Id").is_ok_and(|id| id == "app.gateward.tray")
                && item.labels().first().is_some_and(|label| label.starts_with(headline))
        };
        TrayItem::wait_for(&self.desktop, shows);
    }

    pub fn gateway_pid(&self) -> Option<u32> {
        self.manager.property(UNIT, "MainPID").parse().ok().filter(|pid| *pid != 0)
    }

    /// Waits for the manager's own restart after `old` was killed.
    pub fn await_restart(&self, old: u32) {
        wait_until(PATIENCE, "the manager has restarted the gateway", || {
            self.gateway_pid().is_some_and(|pid| pid != old)
        });
        wait_for_state(&self.manager, UNIT, "active");
    }
}

pub struct Started {
    pub running: Running,
    /// From before the program's start to the call that announces its icon.
    pub took: std::time::Duration,
}

/// The unit as it is installed, but it restarts at once and for ever: dozens of kills are to follow each other.
/// Hundreds of kills are measured, of which a person would be told twenty in an hour.
fn tell_all(mut gateward: Command) -> Result<(), String> {
    let set = gateward.args(["settings", "set", "notices.per_hour", "100000"]).stdout(Stdio::null()).status();
    match set {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("The limit of notices could not be raised: {other:?}.")),
    }
}

fn unit(gateward: &Path, port: u16) -> String {
    format!(
        "[Unit]\nDescription=OpenClaw Gateway\nStartLimitBurst=1000\n\n[Service]\n\
         ExecStart={} demo --port {port}\nRestart=always\nRestartSec=200ms\n\
         Environment=OPENCLAW_SERVICE_MARKER=openclaw\nEnvironment=OPENCLAW_SERVICE_KIND=gateway\n",
        gateward.display()
    )
}

/// All at once, so that they are different ones.
fn free_ports(count: usize) -> Result<Vec<u16>, String> {
    let bound: io::Result<Vec<TcpListener>> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect();
    let ports = bound.and_then(|bound| bound.iter().map(|it| it.local_addr().map(|at| at.port())).collect());
    ports.map_err(|error: io::Error| format!("No free port: {error}."))
}

fn silent(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}
