//! Commands that the gateway's own child gives: an agent that restarts its gateway (A34).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gateward::adapter::Intent;
use gateward::model::{Observation, Value, Verdict};

use super::rig::{Rig, is_gone, pid};

/// Runs `args` once, when it is told to; after a restart the same gateway only serves.
fn with_agent(rig: &Rig, args: &str) -> gateward::model::ServiceSpec {
    let mut spec = rig.spec(&[]);
    let (demo, gateward) = (spec.command.join(" "), &spec.command[0]);
    let script = format!(
        "[ -e $HOME/asked ] && exec {demo}; {demo} & until [ -e $HOME/go ]; do sleep 0.1; done; \
         touch $HOME/asked; {gateward} {args} --json > $HOME/saying; mv $HOME/saying $HOME/said; wait"
    );
    // The port is read off the command, as of any gateway's.
    let port = spec.command.split_off(spec.command.len() - 2);
    spec.command = ["/bin/sh", "-c", &script, "gateway"].map(str::to_owned).into();
    spec.command.extend(port);
    let marks = [("OPENCLAW_SERVICE_MARKER", "openclaw"), ("OPENCLAW_SERVICE_KIND", "gateway")];
    let plain = |(name, text): (&str, &str)| (name.to_owned(), Value::Plain(text.to_owned()));
    spec.environment = BTreeMap::from_iter(marks.map(plain));
    spec
}

/// The gateway before its agent spoke, and what the agent was told.
async fn told_inside(rig: &Rig, args: &str) -> (Observation, serde_json::Value) {
    let spec = with_agent(rig, args);
    let before = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    std::fs::write(rig.path("go"), "").unwrap();
    let begun = Instant::now();
    while !rig.path("said").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the agent was told nothing");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (before, serde_json::from_slice(&std::fs::read(rig.path("said")).unwrap()).unwrap())
}

#[tokio::test]
async fn a_restart_is_left_to_a_helper_that_outlives_the_agent() {
    let rig = Rig::new(None);
    let (before, told) = told_inside(&rig, "restart").await;
    assert_eq!(told["result"], "scheduled", "{told}");
    rig.until_other_pid(pid(&before)).await;
    rig.until(Verdict::Ready).await;
    assert!(is_gone(pid(&before)));
}

#[tokio::test]
async fn a_graceful_restart_is_left_to_a_helper_and_keeps_the_host() {
    let rig = Rig::new(None);
    let (before, told) = told_inside(&rig, "restart --graceful").await;
    let host = rig.host();
    assert_eq!(told["result"], "scheduled", "{told}");
    rig.until_other_pid(pid(&before)).await;
    rig.until(Verdict::Ready).await;
    assert_eq!(rig.host(), host);
}

#[tokio::test]
async fn what_nobody_could_carry_on_is_refused() {
    for args in ["stop", "uninstall --yes"] {
        let rig = Rig::new(None);
        let (before, told) = told_inside(&rig, args).await;
        assert_eq!(told["code"], "inside-service", "{args}: {told}");
        assert_eq!(pid(&rig.until(Verdict::Ready).await), pid(&before), "{args}");
    }
}
