//! One service from nothing to nothing, seen through the adapter at every turn.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use gateward::adapter::Intent;
use gateward::execute::act;
use gateward::model::{
    Autostart, Exit, ExitRecord, Observation, Origin, Redacted, Registered, ServiceSpec, Supervised, Value,
    Verdict,
};
use gateward::observe::observe;
use gateward::problem::{Code, Problem};
use gateward::verdict::judge;

use crate::rig::processes;
use crate::rig::wait::{PATIENCE, wait_for};
use crate::{Account, block_on};

impl Account {
    fn seen(&self) -> Observation {
        block_on(observe(&self.system, &*self.adapter, &self.id))
    }

    fn act(&self, intent: &Intent<'_>) -> Result<Observation, Problem> {
        block_on(act(self.stage(), intent, &|_| ()))
    }

    fn install(&self, spec: &ServiceSpec) -> Observation {
        self.act(&Intent::Install { spec, force: false }).unwrap()
    }

    fn wait(&self, what: &str, is_so: impl Fn(&Observation) -> bool) -> Observation {
        wait_for(PATIENCE, what, || Some(self.seen()).filter(|seen| is_so(seen)))
    }

    /// The demo gateway on this account's port.
    fn gateway(&self) -> ServiceSpec {
        let port = self.id.port.to_string();
        let mut spec = self.spec(&[env!("CARGO_BIN_EXE_gateward"), "demo", "--port", &port]);
        spec.environment.insert("DEMO_TOKEN".to_owned(), Value::Secret(Redacted::new("s e c r e t")));
        spec
    }

    fn unit_file(&self) -> PathBuf {
        gateward::layout::unit_file(&self.id).into()
    }

    fn env_file(&self) -> PathBuf {
        gateward::layout::systemd_env_file(&self.id).into()
    }
}

fn pid(seen: &Observation) -> u32 {
    seen.supervised.value.pid().expect("a running service")
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

const KILLED: Exit = Exit::Signal { signal: 9, core: false };

fn how(record: Option<&ExitRecord>) -> Option<Exit> {
    record.map(|record| record.exit)
}

#[test]
fn a_service_lives_from_install_to_uninstall() {
    let account = Account::new();
    assert_eq!(judge(&account.seen()), Verdict::NotInstalled);

    let seen = account.install(&account.gateway());
    assert_eq!(judge(&account.wait("ready", |seen| judge(seen) == Verdict::Ready)), Verdict::Ready);
    let Registered::Present(unit) = &seen.registered.value else { panic!("{:?}", seen.registered) };
    assert_eq!((unit.origin, unit.autostart, unit.stale), (Origin::Gateward, Autostart::On, false));
    assert_eq!([mode(&account.unit_file()), mode(&account.env_file())], [0o600, 0o600]);
    let secret = unit.environment.iter().find(|variable| variable.name == "DEMO_TOKEN").unwrap();
    assert!(secret.secret && secret.source.ends_with("gateway.systemd.env") && !secret.shown.contains("e c"));
    assert!(!format!("{seen:?}").contains("s e c r e t"));

    let before = pid(&account.seen());
    processes::signal("KILL", &[before]);
    let waiting = account
        .wait("waits for its restart", |seen| matches!(seen.supervised.value, Supervised::Waiting { .. }));
    let Supervised::Waiting { last_exit, .. } = &waiting.supervised.value else { unreachable!() };
    assert_eq!(how(last_exit.as_ref()), Some(KILLED));
    let again = account.wait("runs again", |seen| judge(seen) == Verdict::Ready);
    let Supervised::Running(run) = &again.supervised.value else { unreachable!() };
    assert!(run.pid != before && run.restarts == 1, "{run:?}");

    let gave_up = wait_for(PATIENCE, "the start limit", || {
        let seen = account.seen();
        if let Supervised::Running(run) = &seen.supervised.value {
            processes::signal("KILL", &[run.pid]);
        }
        matches!(seen.supervised.value, Supervised::GaveUp { .. }).then_some(seen)
    });
    assert_eq!(judge(&gave_up), Verdict::GaveUp);

    account.act(&Intent::Start).unwrap();
    let seen = account.wait("ready after the limit", |seen| judge(seen) == Verdict::Ready);
    let seen_again = account.act(&Intent::Restart).unwrap();
    assert_ne!(pid(&seen_again), pid(&seen));

    let stopped = account.act(&Intent::Stop { stay: false }).unwrap();
    assert!(matches!(stopped.supervised.value, Supervised::Stopped { .. }), "{:?}", stopped.supervised);
    assert_eq!(judge(&stopped), Verdict::Stopped);

    let gone = account.act(&Intent::Uninstall).unwrap();
    assert_eq!(judge(&gone), Verdict::NotInstalled);
    assert_eq!(gone.supervised.value, Supervised::Absent);
    assert!(!account.unit_file().exists() && !account.env_file().exists());
    let links = account.unit_file().with_file_name("default.target.wants");
    assert!(!links.join("openclaw-gateway.service").exists() && std::fs::symlink_metadata(links).is_err());
    account.act(&Intent::Uninstall).unwrap();
}

#[test]
fn installing_again_changes_nothing_but_the_process() {
    let account = Account::new();
    let spec = account.gateway();
    account.install(&spec);
    let files = || [account.unit_file(), account.env_file()].map(|path| std::fs::read(path).unwrap());
    let before = files();
    let seen = account.install(&spec);
    assert_eq!(files(), before);
    assert!(matches!(seen.supervised.value, Supervised::Running(_)));
    assert!(!account.unit_file().with_extension("service.bak").exists());
}

#[test]
fn a_refused_configuration_is_told_and_the_old_service_runs_on() {
    let account = Account::new();
    account.install(&account.gateway());
    let before = std::fs::read(account.unit_file()).unwrap();
    let port = account.id.port.to_string();
    let broken = account.spec(&[
        env!("CARGO_BIN_EXE_gateward"),
        "demo",
        "--port",
        &port,
        "--exit-after",
        "0s",
        "--exit-code",
        "78",
    ]);
    let problem = account.act(&Intent::Install { spec: &broken, force: false }).unwrap_err();
    assert_eq!(problem.code, Code::ConfigError, "{problem:?}");
    assert_eq!(std::fs::read(account.unit_file()).unwrap(), before);
    account.wait("the old service is ready again", |seen| judge(seen) == Verdict::Ready);
}

#[test]
fn a_first_install_that_fails_leaves_nothing() {
    let account = Account::new();
    let broken = account.spec(&["/bin/sh", "-c", "exit 78"]);
    let problem = account.act(&Intent::Install { spec: &broken, force: false }).unwrap_err();
    assert_eq!(problem.code, Code::ConfigError, "{problem:?}");
    let seen = account.seen();
    assert_eq!((judge(&seen), &seen.supervised.value), (Verdict::NotInstalled, &Supervised::Absent));
    let links = account.unit_file().with_file_name("default.target.wants/openclaw-gateway.service");
    assert!(std::fs::symlink_metadata(links).is_err());
}

#[test]
fn a_unit_written_behind_the_managers_back_is_unloaded_until_it_starts() {
    let account = Account::new();
    let text = account.adapter.render(&account.gateway()).unwrap();
    account.manager.systemctl(&["show", "openclaw-gateway.service"]);
    std::fs::create_dir_all(account.unit_file().parent().unwrap()).unwrap();
    std::fs::write(account.unit_file(), text).unwrap();
    account.act(&Intent::Start).unwrap();
    account.wait("ready", |seen| judge(seen) == Verdict::Ready);
}

#[test]
fn a_masked_unit_is_blocked_and_says_how_to_free_it() {
    let account = Account::new();
    account.manager.systemctl(&["mask", &account.id.unit]);
    let seen = account.seen();
    let Registered::Present(unit) = &seen.registered.value else { panic!("{:?}", seen.registered) };
    assert_eq!((unit.autostart, judge(&seen)), (Autostart::Blocked, Verdict::Disabled));
    for intent in
        [Intent::Start, Intent::Uninstall, Intent::Install { spec: &account.gateway(), force: true }]
    {
        assert_eq!(account.act(&intent).unwrap_err().code, Code::UnitMasked);
    }
}

#[test]
fn drop_ins_and_their_environment_files_count() {
    let account = Account::new();
    account.install(&account.gateway());
    let folder = account.unit_file().with_extension("service.d");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(account.manager.home().join("my own.env"), "FROM_FILE='a b'\n").unwrap();
    let text =
        "[Service]\nEnvironment=FROM_DROP_IN=x\nEnvironmentFile=%h/my own.env\nUnsetEnvironment=DEMO_TOKEN\n";
    std::fs::write(folder.join("50 mine.conf"), text).unwrap();
    account.manager.systemctl(&["daemon-reload"]);
    let seen = account.seen();
    let Registered::Present(unit) = &seen.registered.value else { panic!("{:?}", seen.registered) };
    let shown: Vec<_> = unit.environment.iter().map(|v| format!("{}={}", v.name, v.shown)).collect();
    assert_eq!(
        shown,
        ["FROM_DROP_IN=x".to_owned(), "FROM_FILE=a b".to_owned(), format!("HOME={}", account.id.home)]
    );
    assert_eq!(unit.drop_ins, [folder.join("50 mine.conf").display().to_string()]);
}
