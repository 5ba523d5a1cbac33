//! Anna at the screen of a scripted Mac, with her gateway on it.

use gateward::adapter::launchd::Launchd as Adapter;
use gateward::identity::{Identity, Profile, Surroundings, SystemdMarks, identify};
use gateward::layout::Os;
use gateward::model::{RestartPolicy, ServiceSpec, Value};
use gateward::plan::{End, Plan};
use gateward::problem::Problem;
use gateward::system::scripted::Scripted;

use crate::mac::{LABEL, Mac, NODE, PLIST, UID};
use crate::scripted;
use crate::simulator::{Host as _, Launchd};

/// Anna's Mac and her gateway on it.
pub type Desk = scripted::Desk<Mac, Adapter>;

pub fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Surroundings {
        os: Os::MacOs,
        uid: UID,
        user: Some("anna".to_owned()),
        cwd: "/Users/anna".to_owned(),
        exe: "/Applications/Gateward.app/Contents/MacOS/gateward".to_owned(),
        wsl: false,
        language: None,
        container: None,
        systemd: SystemdMarks::default(),
        variables: [("HOME", "/Users/anna")].iter().chain(variables).map(own).collect(),
    }
}

pub fn spec(id: &Identity) -> ServiceSpec {
    ServiceSpec {
        identity: id.clone(),
        description: "OpenClaw Gateway".to_owned(),
        command: [NODE, "/opt/openclaw/dist/index.js", "gateway", "--port", "18789"]
            .map(str::to_owned)
            .into(),
        working_dir: None,
        environment: [("OPENCLAW_SERVICE_MARKER".to_owned(), Value::Plain("openclaw".to_owned()))].into(),
        restart: RestartPolicy::default(),
    }
}

impl Desk {
    pub fn new() -> Self {
        let system = Scripted::new(Mac::default());
        system.with(|machine, mac| {
            mac.launchd.uid = UID;
            machine.write(NODE, b"", 0o755).unwrap();
        });
        let around = surroundings(&[]);
        let id = identify(&Profile::default(), &around, None).unwrap();
        let spec = spec(&id);
        Self { system, adapter: Adapter::new(&around), id, spec }
    }

    /// With the gateway installed and answering.
    pub async fn running() -> Self {
        let desk = Self::new();
        desk.install().await.unwrap();
        desk.forget_calls();
        desk
    }

    pub fn launchd<T>(&self, change: impl FnOnce(&mut Launchd) -> T) -> T {
        self.with(|_, mac| change(&mut mac.launchd))
    }

    pub fn forget_calls(&self) {
        self.with(|machine, _| machine.calls.clear());
    }

    /// The calls that changed something, without the domain: `bootstrap`, `kickstart -k`, ….
    pub fn verbs(&self) -> Vec<String> {
        let verb = |call: &String| {
            let words: Vec<&str> = call.strip_prefix("launchctl ")?.split(' ').collect();
            let about_us = call.contains(LABEL) && words[0] != "print";
            about_us.then(|| if words[1] == "-k" { "kickstart -k".to_owned() } else { words[0].to_owned() })
        };
        self.system.calls().iter().filter_map(verb).collect()
    }

    pub fn log_in_again(&self) {
        self.with(|machine, mac| {
            let path = machine.files.keys().find(|path| *path == PLIST).cloned();
            let plists: Vec<&str> = path.iter().map(String::as_str).collect();
            mac.under(machine, |launchd, host| launchd.log_in_again(&plists, host));
        });
    }

    /// Bootstraps a plist as some other program would.
    pub fn load(&self, path: &str) {
        self.order(&["bootstrap", &format!("gui/{UID}"), path]);
    }

    /// Calls launchctl as some other program would.
    pub fn order(&self, args: &[&str]) {
        let args: Vec<String> = args.iter().map(|word| (*word).to_owned()).collect();
        let answer = self.with(|machine, mac| mac.obey(&args, machine));
        assert_eq!(answer.end, End::Exited(0), "{answer:?}");
    }

    pub async fn cut_short(&self) -> Result<(), Problem> {
        gateward::execute::cut_short(self.stage()).await
    }

    pub async fn carry_out(&self, plan: &Plan) -> Result<(), Problem> {
        gateward::execute::execute(self.stage(), plan, &|_| ()).await
    }

    /// Ends the process behind launchd's back.
    pub async fn kill(&self, signal: i32) {
        let pid = self.pid().await.unwrap();
        self.with(|machine, mac| mac.under(machine, |_, host| host.signal(pid, signal)));
    }
}
