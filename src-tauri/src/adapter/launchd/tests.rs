use std::collections::BTreeMap;

use super::*;
use crate::identity::{Profile, identify, tests::around};
use crate::layout::Os;
use crate::model::{Autostart, Belongs, Exit, Origin, Redacted, RestartPolicy, SPAWN_FAILED, Value};
use crate::plan::{End, Step, Text, Tool};
use crate::system::scripted::answered;
use crate::system::{Contents, Seen};
use crate::verdict::tests::{fact, observation, owned, registration, run};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/launchd/", $name))
    };
}

/// Anna's Mac, with `variables` in her shell.
pub fn mac(variables: &[(&str, &str)]) -> Surroundings {
    let all: Vec<_> = [("HOME", "/Users/anna")].iter().chain(variables).copied().collect();
    Surroundings { os: Os::MacOs, uid: 501, ..around(&all) }
}

pub fn id() -> Identity {
    identify(&Profile::default(), &mac(&[]), None).unwrap()
}

pub fn spec() -> ServiceSpec {
    let plain = |(name, value): (&str, &str)| (name.to_owned(), Value::Plain(value.to_owned()));
    let marks = [("OPENCLAW_SERVICE_MARKER", "openclaw"), ("TMPDIR", "/Users/anna/.openclaw/tmp")];
    ServiceSpec {
        identity: id(),
        description: "OpenClaw Gateway".to_owned(),
        command: ["/opt/node/bin/node", "/opt/openclaw/dist/index.js", "gateway", "--port", "18789"]
            .map(str::to_owned)
            .into(),
        working_dir: None,
        environment: marks.map(plain).into(),
        restart: RestartPolicy::default(),
    }
}

fn secret_spec() -> ServiceSpec {
    let mut spec = spec();
    spec.environment.insert("X_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter2")));
    spec
}

const PLIST: &str = "/Users/anna/Library/LaunchAgents/ai.openclaw.gateway.plist";

mod judging;

mod observing;

mod planning;
