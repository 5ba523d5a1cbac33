//! The real machine, a real gateway process (the demo), and the simulator as `launchctl` under it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use gateward::adapter::launchd::Launchd as Adapter;
use gateward::adapter::{Adapter as _, Intent};
use gateward::execute::{Stage, act};
use gateward::identity::{Identity, Profile, Surroundings, identify};
use gateward::model::{Observation, Redacted, ServiceSpec, Supervised, Value, Verdict};
use gateward::observe::observe;
use gateward::problem::{Code, Problem};
use gateward::system::os::Os;
use gateward::verdict::judge;
use tempfile::TempDir;

use crate::desk;
use crate::driven::{free_port, kill, place_double};
use crate::mac::LABEL;

/// Far beyond what anything here takes: the machine may be busy.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// A Mac's home and tools in a folder of their own.
pub struct Mac {
    home: TempDir,
    pub around: Surroundings,
    pub id: Identity,
    system: Os,
}

impl Mac {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let tools = home.path().join("tools");
        std::fs::create_dir(&tools).unwrap();
        place_double("launchctl-double", &tools.join("launchctl"));
        let port = free_port();
        let text = |path: &Path| path.display().to_string();
        let around = Surroundings {
            uid: rustix::process::getuid().as_raw(),
            variables: [("HOME", text(home.path())), ("GATEWARD_TOOLS", text(&tools))]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            ..desk::surroundings(&[])
        };
        let id = identify(&Profile::default(), &around, Some(port)).unwrap();
        let system = Os::new(Some(text(&tools)));
        Self { home, around, id, system }
    }

    fn launch_record(&self) -> PathBuf {
        self.home.path().join("launch.json")
    }

    pub fn spec(&self) -> ServiceSpec {
        let record = self.launch_record().display().to_string();
        let port = self.id.port.to_string();
        let words = [env!("CARGO_BIN_EXE_gateward"), "demo", "--port", &port, "--print-launch", &record];
        ServiceSpec {
            command: words.map(str::to_owned).into(),
            environment: [("X_TOKEN".to_owned(), Value::Secret(Redacted::new("it's hunter2")))].into(),
            ..desk::spec(&self.id)
        }
    }

    /// A service whose gateway does not end when it is asked to, under our host.
    fn hosted(&self) -> ServiceSpec {
        let program = env!("CARGO_BIN_EXE_gateward");
        let port = self.id.port.to_string();
        let words = [program, "run", "--", program, "demo", "--port", &port, "--ignore-term"];
        let mut environment = self.around.variables.clone();
        environment.insert("GATEWARD_MANAGER".to_owned(), "launchd".to_owned());
        ServiceSpec {
            command: words.map(str::to_owned).into(),
            environment: environment.into_iter().map(|(name, text)| (name, Value::Plain(text))).collect(),
            ..desk::spec(&self.id)
        }
    }

    fn adapter(&self, inside: bool) -> Adapter {
        let mut around = self.around.clone();
        if inside {
            around.variables.insert("XPC_SERVICE_NAME".to_owned(), LABEL.to_owned());
        }
        Adapter::new(&around)
    }

    async fn act_from(&self, inside: bool, intent: &Intent<'_>) -> Result<Observation, Problem> {
        let adapter = self.adapter(inside);
        act(Stage { system: &self.system, adapter: &adapter, id: &self.id, turn: None }, intent, &|_| ())
            .await
    }

    async fn act(&self, intent: &Intent<'_>) -> Result<Observation, Problem> {
        self.act_from(false, intent).await
    }

    pub async fn install(&self) -> Result<Observation, Problem> {
        self.act(&Intent::Install { spec: &self.spec(), force: false }).await
    }

    async fn seen(&self) -> Observation {
        observe(&self.system, &self.adapter(false), &self.id).await
    }

    pub async fn pid(&self) -> Option<u32> {
        self.seen().await.supervised.value.pid()
    }

    /// Waits until the service is ready in another process than `before`.
    pub async fn ready_after(&self, before: u32) -> u32 {
        let begun = Instant::now();
        loop {
            let seen = self.seen().await;
            let pid = seen.supervised.value.pid().filter(|pid| *pid != before);
            if let Some(pid) = pid.filter(|_| judge(&seen) == Verdict::Ready) {
                return pid;
            }
            assert!(begun.elapsed() < DEADLINE, "{seen:#?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.home.path().join(below)
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        let target = format!("gui/{}/{LABEL}", self.around.uid);
        let launchctl = || Command::new(self.path("tools/launchctl"));
        let _ = launchctl().args(["bootout", &target]).output();
        let begun = Instant::now();
        while begun.elapsed() < DEADLINE
            && launchctl().args(["print", &target]).output().is_ok_and(|o| o.status.success())
        {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[tokio::test]
async fn a_gateway_lives_through_install_crash_restart_stop_start_and_uninstall() {
    let mac = Mac::new();
    let seen = mac.install().await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready, "{seen:#?}");
    let first = mac.pid().await.unwrap();

    kill(first);
    let second = mac.ready_after(first).await;

    mac.act(&Intent::Restart).await.unwrap();
    let third = mac.ready_after(second).await;

    let seen = mac.act(&Intent::Stop { stay: false }).await.unwrap();
    assert_eq!(seen.supervised.value, Supervised::Unloaded);
    assert!(!Path::new(&format!("/proc/{third}")).exists());
    assert!(std::net::TcpListener::bind(("127.0.0.1", mac.id.port)).is_ok());

    mac.act(&Intent::Start).await.unwrap();
    mac.ready_after(third).await;

    let seen = mac.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(judge(&seen), Verdict::NotInstalled);
    let left = [".openclaw/service-env", "Library/LaunchAgents"]
        .map(|folder| std::fs::read_dir(mac.path(folder)).unwrap().count());
    assert_eq!(left, [0, 0]);
}

#[tokio::test]
async fn the_gateway_finds_its_secret_in_its_environment_and_nobody_else_does() {
    let mac = Mac::new();
    mac.install().await.unwrap();
    let launch = std::fs::read_to_string(mac.launch_record()).unwrap();
    assert!(launch.contains("it's hunter2"), "{launch}");
    let plist = std::fs::read_to_string(mac.path(&format!("Library/LaunchAgents/{LABEL}.plist"))).unwrap();
    assert!(!plist.contains("hunter2"));
    let pid = mac.pid().await.unwrap();
    let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap();
    assert!(!command.contains("hunter2") && command.contains("demo"), "{command}");
}

#[tokio::test]
async fn a_restart_from_inside_returns_at_once_and_happens_after() {
    let mac = Mac::new();
    mac.install().await.unwrap();
    let before = mac.pid().await.unwrap();
    let plan = mac.adapter(true).plan(&Intent::Restart, &mac.id, &mac.seen().await).unwrap();
    assert!(plan.is_scheduled());
    let seen = mac.act_from(true, &Intent::Restart).await.unwrap();
    assert_eq!(seen.supervised.value.pid(), Some(before));
    mac.ready_after(before).await;
}

/// Its own patience would be 5 min 30 s, launchd's is the plist's 20 s: the host has asked for it.
#[tokio::test]
async fn a_host_as_agent_has_ended_a_stubborn_gateway_before_launchd_would_kill_the_host() {
    let mac = Mac::new();
    mac.act(&Intent::Install { spec: &mac.hosted(), force: false }).await.unwrap();
    mac.act(&Intent::Stop { stay: false }).await.unwrap();
    let log = std::fs::read_to_string(mac.path("Library/Logs/openclaw/gateway.log")).unwrap();
    assert!(log.contains("whole group is killed") && log.contains("the gateway ended"), "{log}");
}

#[tokio::test]
async fn without_a_session_the_real_machine_says_so_too() {
    let mac = Mac::new();
    let state = format!("{{\"uid\":{},\"session\":false}}", mac.around.uid);
    std::fs::create_dir_all(mac.path("tools/launchd")).unwrap();
    std::fs::write(mac.path("tools/launchd/state.json"), state).unwrap();
    assert_eq!(mac.install().await.unwrap_err().code, Code::NoGuiSession);
    assert!(!mac.path("Library").exists());
}
