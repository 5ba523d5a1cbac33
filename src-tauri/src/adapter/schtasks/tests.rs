use std::collections::BTreeMap;

use super::*;
use crate::identity::{Profile, identify, tests::around};
use crate::model::{Autostart, Belongs, Exit, Origin, Redacted, Registration, RestartPolicy};
use crate::plan::{End, Step, Text, Tool};
use crate::system::scripted::answered;
use crate::system::{Contents, ListenerSeen, ProcessSeen, Seen};
use crate::verdict::tests::{fact, observation, owned};

/// Anna's PC, with `variables` in her session.
pub fn pc(variables: &[(&str, &str)]) -> Surroundings {
    let own = [
        ("USERPROFILE", r"C:\Users\anna"),
        ("APPDATA", r"C:\Users\anna\AppData\Roaming"),
        ("LOCALAPPDATA", r"C:\Users\anna\AppData\Local"),
        ("USERNAME", "anna"),
        ("USERDOMAIN", "PC"),
    ];
    let all: Vec<_> = own.iter().chain(variables).copied().collect();
    let exe = r"C:\Program Files\Gateward\gateward.exe".to_owned();
    Surroundings { os: Os::Windows, exe, ..around(&all) }
}

pub fn id() -> Identity {
    identify(&Profile::default(), &pc(&[]), None).unwrap()
}

pub fn spec() -> ServiceSpec {
    let plain = |(name, value): (&str, &str)| (name.to_owned(), Value::Plain(value.to_owned()));
    ServiceSpec {
        identity: id(),
        description: "OpenClaw Gateway".to_owned(),
        command: [
            r"C:\Program Files\nodejs\node.exe",
            r"C:\openclaw\dist\index.js",
            "gateway",
            "--port",
            "18789",
        ]
        .map(str::to_owned)
        .into(),
        working_dir: None,
        environment: [("OPENCLAW_SERVICE_MARKER", "openclaw"), ("OPENCLAW_GATEWAY_PORT", "18789")]
            .map(plain)
            .into(),
        restart: RestartPolicy::default(),
    }
}

fn adapter() -> Schtasks {
    Schtasks::new(&pc(&[])).unwrap()
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schtasks/xml/", $name))
    };
}

mod judging;
mod observing;
mod planning;
