//! A desktop without a screen: Xvfb, a session bus, a window manager, and on demand a real panel and a notification
//! daemon.

use super::display::DisplayNumber;
use super::folder;
use super::notifications::{ALL, Notifications};
use super::processes;
use super::user_manager::UserManager;
use super::wait::{PATIENCE, wait_at_most};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;

/// A running desktop; dropping it ends every program on it.
pub struct Desktop {
    folder: PathBuf,
    /// Given back only when Xvfb has ended.
    display: DisplayNumber,
    environment: Vec<(String, String)>,
    /// In the order of their start.
    parts: Vec<Part>,
    notifications: Option<Notifications>,
}

struct Part {
    name: String,
    child: Child,
}

/// What a desktop is to consist of besides display, bus and window manager.
#[derive(Default)]
pub struct Order<'a> {
    panel: bool,
    daemon: Daemon,
    manager: Option<&'a UserManager>,
    variables: Vec<(String, String)>,
}

#[derive(Default, PartialEq, Eq)]
enum Daemon {
    #[default]
    None,
    Recorder,
    PlainRecorder,
    Dunst,
}

impl<'a> Order<'a> {
    /// A real xfce4-panel, which shows tray icons.
    pub fn panel(self) -> Self {
        Self { panel: true, ..self }
    }

    /// A notification service that records what it is sent and can press buttons: [`Desktop::notifications`].
    pub fn recorded_notifications(self) -> Self {
        Self { daemon: Daemon::Recorder, ..self }
    }

    /// The same, but one that knows neither buttons nor markup.
    pub fn plain_notifications(self) -> Self {
        Self { daemon: Daemon::PlainRecorder, ..self }
    }

    /// A real notification daemon.
    pub fn dunst(self) -> Self {
        Self { daemon: Daemon::Dunst, ..self }
    }

    /// Home, runtime folder and bus of `manager`, so that programs see both. It must outlive the desktop.
    pub fn on(self, manager: &'a UserManager) -> Self {
        Self { manager: Some(manager), ..self }
    }

    /// What programs on this desktop have in their environment besides, or in another value's place.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    #[track_caller]
    pub fn start(self) -> Desktop {
        let folder = folder::create("gd-");
        let display = DisplayNumber::claim();
        let session = self.manager.map_or_else(|| own_session(&folder), UserManager::environment);
        let mut environment = [session, screen_variables(display.number, &folder)].concat();
        environment.retain(|(name, _)| self.variables.iter().all(|(other, _)| other != name));
        environment.extend(self.variables);
        let mut desktop = Desktop { folder, display, environment, parts: Vec::new(), notifications: None };
        desktop.start_display();
        match self.manager {
            None => desktop.start_bus(),
            Some(_) => desktop.tell_bus(),
        }
        desktop.start_window_manager();
        match self.daemon {
            Daemon::None => {}
            Daemon::Recorder => desktop.notifications = Some(Notifications::record(&desktop, &ALL)),
            Daemon::PlainRecorder => desktop.notifications = Some(Notifications::record(&desktop, &["body"])),
            Daemon::Dunst => desktop.start_owner("dunst", &[], "org.freedesktop.Notifications"),
        }
        if self.panel {
            desktop.start_panel();
        }
        desktop
    }
}

impl Desktop {
    /// Display, bus and window manager only: neither tray nor notifications.
    #[track_caller]
    pub fn start() -> Self {
        Self::with().start()
    }

    pub fn with<'a>() -> Order<'a> {
        Order::default()
    }

    /// Starts the panel; also on a desktop that had none so far.
    #[track_caller]
    pub fn start_panel(&mut self) {
        self.start_owner("xfce4-panel", &["--disable-wm-check"], "org.kde.StatusNotifierWatcher");
    }

    /// Ends one part by its program name, as if it had crashed.
    #[track_caller]
    pub fn kill(&mut self, name: &str) {
        let at = self.parts.iter().position(|part| part.name == name);
        let mut part = self.parts.remove(at.unwrap_or_else(|| panic!("no {name} on this desktop")));
        part.end();
    }

    /// The recording notification service.
    #[track_caller]
    pub fn notifications(&self) -> &Notifications {
        self.notifications.as_ref().expect("a desktop with recorded_notifications()")
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The value of a variable that programs on this desktop have.
    #[track_caller]
    pub fn variable(&self, name: &str) -> &str {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no variable {name}"))
    }

    /// A command with this desktop's environment, and nothing of this process' own.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment.iter().cloned()).current_dir(self.variable("HOME"));
        command
    }

    /// Starts a program on this desktop, output to a file; it ends with the desktop.
    #[track_caller]
    pub fn spawn(&mut self, mut command: Command) -> u32 {
        let name = Path::new(command.get_program()).file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let log = File::create(self.log_path(&name)).expect("log file");
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("log file"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{name}: {error}; run `cargo xtask setup --for test`"));
        let pid = child.id();
        self.parts.push(Part { name, child });
        pid
    }

    /// What the program of this name has printed so far.
    pub fn log(&self, name: &str) -> String {
        fs::read_to_string(self.log_path(name)).unwrap_or_default()
    }

    /// A connection of its own to the session bus.
    #[track_caller]
    pub fn connect(&self) -> Connection {
        let address = self.variable("DBUS_SESSION_BUS_ADDRESS");
        Builder::address(address).and_then(Builder::build).expect("the session bus")
    }

    /// Writes what the screen shows as PNG.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        let status = self.command("import").args(["-window", "root"]).arg(path).status().expect("import");
        assert!(status.success() && path.is_file(), "no screenshot at {}", path.display());
    }

    /// How many notifications dunst shows.
    #[track_caller]
    pub fn shown_by_dunst(&self) -> u32 {
        let bus = self.connect();
        let path = "/org/freedesktop/Notifications";
        let dunst =
            zbus::blocking::Proxy::new(&bus, "org.freedesktop.Notifications", path, "org.dunstproject.cmd0");
        dunst.and_then(|dunst| dunst.get_property("displayedLength")).expect("dunst")
    }

    /// Presses the default or only button of the newest notification in dunst.
    #[track_caller]
    pub fn press_in_dunst(&self) {
        let status = self.command("dunstctl").args(["action", "0"]).status().expect("dunstctl");
        assert!(status.success(), "dunstctl action");
    }

    #[track_caller]
    fn start_display(&mut self) {
        let mut display = self.command("Xvfb");
        // Without -noreset it starts anew, deaf for a moment, whenever its last client leaves.
        display.arg(format!(":{}", self.display.number)).args([
            "-displayfd",
            "1",
            "-noreset",
            "-nolisten",
            "tcp",
            "-screen",
            "0",
            "1280x800x24",
        ]);
        // The pixels in a file, so that they can be read while they change.
        display.arg("-fbdir").arg(&self.folder);
        self.spawn(display);
        let ready = format!("{}\n", self.display.number);
        self.await_part("Xvfb", |desktop| desktop.log("Xvfb").contains(&ready).then_some(()));
    }

    #[track_caller]
    fn start_bus(&mut self) {
        let mut bus = self.command("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile"])
            .arg(format!("--address={}", self.variable("DBUS_SESSION_BUS_ADDRESS")));
        self.spawn(bus);
        let socket = PathBuf::from(self.variable("XDG_RUNTIME_DIR")).join("bus");
        self.await_part("dbus-daemon", |_| UnixStream::connect(&socket).ok());
        self.tell_bus();
    }

    /// Programs started by the bus need the display as well.
    #[track_caller]
    fn tell_bus(&self) {
        let names = [
            "DISPLAY",
            "GDK_BACKEND",
            "XDG_CURRENT_DESKTOP",
            "XDG_SESSION_TYPE",
            "WEBKIT_DISABLE_DMABUF_RENDERER",
        ];
        let mut tell = self.command("dbus-update-activation-environment");
        // A private manager takes them too; without one the option is only a warning.
        let output = tell.arg("--systemd").args(names).output().expect("dbus-update-activation-environment");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[track_caller]
    fn start_window_manager(&mut self) {
        let openbox = self.command("openbox");
        self.spawn(openbox);
        self.await_part("openbox", |desktop| {
            let output = desktop.command("xprop").args(["-root", "_NET_SUPPORTING_WM_CHECK"]).output();
            output
                .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("window id"))
                .then_some(())
        });
    }

    #[track_caller]
    fn start_owner(&mut self, program: &str, arguments: &[&str], bus_name: &'static str) {
        let mut command = self.command(program);
        command.args(arguments);
        let pid = self.spawn(command);
        let bus = self.connect();
        let dbus = DBusProxy::new(&bus).expect("the session bus");
        let name = zbus::names::BusName::try_from(bus_name).expect("a bus name");
        // The bus can start another one by itself, which would not be ours.
        self.await_part(program, |_| {
            let owner = dbus.get_connection_unix_process_id(name.clone()).ok()?;
            (owner == pid || parent(owner) == Some(pid)).then_some(())
        });
    }

    /// Waits for a sign of life of a part; fails with its output when it ends or the time is over.
    #[track_caller]
    fn await_part<T>(&mut self, name: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let found = wait_at_most(PATIENCE, || {
            let part = self.parts.iter_mut().find(|part| part.name == name)?;
            let has_ended = matches!(part.child.try_wait(), Ok(Some(_)));
            if has_ended { Some(None) } else { look(self).map(Some) }
        });
        found.flatten().unwrap_or_else(|| panic!("{name} did not come up:\n{}", self.log(name)))
    }

    fn log_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.notifications = None;
        // Everything that shows the folder first, the display last: without it programs die in their own ways.
        while let Some(mut part) = self.parts.pop() {
            part.end();
        }
        let stubborn = processes::kill_all(&self.folder);
        let _ = fs::remove_dir_all(&self.folder);
        if !std::thread::panicking() {
            assert!(stubborn.is_empty(), "processes of the desktop would not go: {stubborn:?}");
        }
    }
}

impl Part {
    /// Asks the whole process group, then kills it; Xvfb removes its lock file only when asked.
    fn end(&mut self) {
        let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) else {
            return;
        };
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::TERM);
        wait_at_most(Duration::from_secs(2), || self.child.try_wait().ok().flatten());
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.child.wait();
    }
}

fn own_session(folder: &Path) -> Vec<(String, String)> {
    let run = folder.join("run").display().to_string();
    let variables = [
        ("HOME", folder.join("home").display().to_string()),
        ("LANG", "C.UTF-8".into()),
        ("PATH", std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".into())),
        ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={run}/bus")),
        ("XDG_RUNTIME_DIR", run),
    ];
    variables.map(|(name, value)| (name.to_owned(), value)).into()
}

fn screen_variables(display: u32, folder: &Path) -> Vec<(String, String)> {
    let variables = [
        ("DISPLAY", format!(":{display}")),
        ("GDK_BACKEND", "x11".into()),
        ("XDG_SESSION_TYPE", "x11".into()),
        ("XDG_CURRENT_DESKTOP", "XFCE".into()),
        // There is no graphics card to share memory with; saves 55 MiB and is faster here.
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".into()),
        // How `processes` recognises what belongs to this desktop.
        ("GATEWARD_DESKTOP", format!("{}/", folder.display())),
    ];
    variables.map(|(name, value)| (name.to_owned(), value)).into()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}
