//! D-Bus and `systemctl` tell the same of every state.

use std::collections::BTreeMap;
use std::process::Command;

use gateward::system::{Ask, Scope, Seen, System};

use crate::Account;
use crate::rig::UserManager;
use crate::rig::wait::{PATIENCE, wait_until};

const UNITS: &[(&str, &str)] = &[
    ("active", "ExecStart=/bin/sleep infinity\nEnvironmentFile=-%h/a b.env\nEnvironmentFile=-/c.env"),
    ("waiting", "ExecStart=/bin/false\nRestart=always\nRestartSec=600"),
    ("config", "ExecStart=/bin/sh -c 'exit 78'\nRestart=always\nRestartPreventExitStatus=78"),
    ("killed", "ExecStart=/bin/sh -c 'kill -9 $$$$'"),
    ("bad", "ExecStart=bin/relative"),
    ("idle", "ExecStart=/bin/true"),
];

fn properties(account: &Account, unit: &str) -> (BTreeMap<String, String>, String) {
    let ask = Ask::Unit { unit: unit.to_owned(), scope: Scope::User };
    let report = crate::block_on(account.system.answer(&ask));
    let Seen::Properties(seen) = report.seen else { panic!("{:?}", report.seen) };
    (seen, report.source)
}

#[test]
fn both_routes_tell_the_same_of_every_state() {
    let account = Account::new();
    for (name, service) in UNITS {
        let text = format!("[Service]\n{service}\n\n[Install]\nWantedBy=default.target\n");
        account.manager.write_unit(&format!("{name}.service"), &text);
    }
    let drop_ins = account.manager.home().join(".config/systemd/user/active.service.d");
    std::fs::create_dir_all(&drop_ins).unwrap();
    std::fs::write(drop_ins.join("10 first.conf"), "[Service]\nEnvironment=A=1\n").unwrap();
    std::fs::write(drop_ins.join("20$x.conf"), "[Service]\nEnvironment=B=1\n").unwrap();
    for args in [&["mask", "masked.service"], &["enable", "active.service"], &["start", "active.service"]] {
        account.manager.try_systemctl(args);
    }
    account.manager.systemctl(&["daemon-reload"]);
    account.manager.systemctl(&["start", "waiting.service", "config.service", "killed.service"]);
    for unit in ["waiting", "config", "killed"] {
        wait_until(PATIENCE, unit, || {
            account.manager.property(&format!("{unit}.service"), "ExecMainCode") != "0"
        });
        wait_until(PATIENCE, unit, || {
            account.manager.property(&format!("{unit}.service"), "ActiveState") != "active"
        });
    }
    let doubles = account.manager.home().join("no tools").display().to_string();
    let through_tool =
        gateward::system::os::Os::within(account.manager.environment().into_iter().collect(), Some(doubles));
    let mut states = Vec::new();
    for unit in ["active", "waiting", "config", "killed", "bad", "idle", "masked", "unheard-of"] {
        let unit = format!("{unit}.service");
        let (over_bus, route) = properties(&account, &unit);
        assert!(route.starts_with("D-Bus"), "{route}");
        let ask = Ask::Unit { unit: unit.clone(), scope: Scope::User };
        let report = crate::block_on(through_tool.answer(&ask));
        assert_eq!(report.source, "systemctl show");
        assert_eq!(report.seen, Seen::Properties(over_bus.clone()), "{unit}");
        states.push(format!("{}/{}", over_bus["LoadState"], over_bus["SubState"]));
    }
    let wanted = [
        "loaded/running",
        "loaded/auto-restart",
        "loaded/failed",
        "loaded/failed",
        "bad-setting/dead",
        "loaded/dead",
        "masked/dead",
        "not-found/dead",
    ];
    assert_eq!(states, wanted);
}

#[test]
fn a_manager_without_a_bus_is_asked_by_systemctl() {
    let account = Account::new();
    account.manager.write_unit("idle.service", "[Service]\nExecStart=/bin/true\n");
    let mut variables: BTreeMap<String, String> = account.manager.environment().into_iter().collect();
    variables.insert("DBUS_SESSION_BUS_ADDRESS".to_owned(), "unix:path=/nowhere".to_owned());
    std::fs::remove_file(account.manager.runtime_dir().join("bus")).unwrap();
    let system = gateward::system::os::Os::within(variables, None);
    let ask = Ask::Unit { unit: "idle.service".to_owned(), scope: Scope::User };
    let report = crate::block_on(system.answer(&ask));
    assert!(matches!(report.seen, Seen::Properties(_)), "{report:?}");
    assert_eq!(report.source, "systemctl show");
}

#[test]
fn a_session_bus_without_systemd_is_passed_over() {
    let account = Account::new();
    let mut variables: BTreeMap<String, String> = account.manager.environment().into_iter().collect();
    variables.insert("DBUS_SESSION_BUS_ADDRESS".to_owned(), "unix:path=/nowhere".to_owned());
    let system = gateward::system::os::Os::within(variables, None);
    let ask = Ask::Unit { unit: "idle.service".to_owned(), scope: Scope::User };
    let report = crate::block_on(system.answer(&ask));
    assert!(matches!(report.seen, Seen::Properties(_)) && report.source.ends_with("/run/bus"), "{report:?}");
}

#[test]
fn a_manager_behind_its_bus_only_is_found_too() {
    let account = Account::new();
    let mut variables: BTreeMap<String, String> = account.manager.environment().into_iter().collect();
    variables.insert("XDG_RUNTIME_DIR".to_owned(), "/nowhere".to_owned());
    let system = gateward::system::os::Os::within(variables, None);
    let ask = Ask::Unit { unit: "idle.service".to_owned(), scope: Scope::User };
    let report = crate::block_on(system.answer(&ask));
    assert!(matches!(report.seen, Seen::Properties(_)) && report.source.ends_with("/bus"), "{report:?}");
}

#[test]
fn no_manager_at_all_is_told_in_the_tools_own_words() {
    let variables = BTreeMap::from([("XDG_RUNTIME_DIR".to_owned(), "/nowhere".to_owned())]);
    let system = gateward::system::os::Os::within(variables, None);
    let ask = Ask::Unit { unit: "idle.service".to_owned(), scope: Scope::User };
    let Seen::Answered(answer) = crate::block_on(system.answer(&ask)).seen else { panic!("a manager?") };
    assert!(answer.words().contains("Failed to connect to bus"), "{}", answer.words());
}

#[test]
fn the_last_words_are_what_the_service_printed() {
    let manager = UserManager::start_with_journal();
    // It stays: of a process that is gone before journald has looked at it, nobody knows the unit.
    manager.write_unit(
        "speaker.service",
        "[Service]\nExecStart=/bin/sh -c 'echo first; printf \"b\\\\377d\\\\n\"; echo last >&2; exec sleep 600'\n",
    );
    manager.systemctl(&["start", "speaker.service"]);
    // A double that looks into the manager's own mounts, where its journal is.
    let tools = manager.folder().join("tools");
    std::fs::create_dir(&tools).unwrap();
    let double = tools.join("journalctl");
    let script =
        format!("#!/bin/sh\nexec nsenter --target={} --mount -- /usr/bin/journalctl \"$@\"\n", manager.pid());
    std::fs::write(&double, script).unwrap();
    assert!(Command::new("chmod").arg("755").arg(&double).status().unwrap().success());
    let account = Account::of(manager, tools.to_str());
    let ask = Ask::LastWords { unit: "speaker.service".to_owned(), lines: 10 };
    let mut lines = Vec::new();
    wait_until(PATIENCE, "the journal has the lines", || {
        if let Seen::Lines(seen) = crate::block_on(account.system.answer(&ask)).seen {
            lines = seen;
        }
        lines.len() >= 3
    });
    assert_eq!(lines, ["first", "b\u{fffd}d", "last"]);
}
