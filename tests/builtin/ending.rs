//! Gateways that end by themselves, lose their host, are restarted gracefully, or do not want to end.

use gateward::adapter::Intent;
use gateward::model::{Supervised, Verdict};
use gateward::verdict::judge;
use rustix::process::{Pid, Signal, kill_process};

use super::rig::{Rig, is_gone, kill, pid};

#[tokio::test]
async fn a_gateway_that_was_given_up_is_shown_so_and_started_again() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&[]);
    spec.restart.burst = 1;
    let seen = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    kill(pid(&seen));
    let seen = rig.until(Verdict::GaveUp).await;
    let Supervised::GaveUp { last_exit, .. } = seen.supervised.value else { panic!() };
    assert!(last_exit.is_some());
    assert_eq!(judge(&rig.act(&Intent::Start).await.unwrap()), Verdict::Ready);
}

#[tokio::test]
async fn a_crash_is_healed_and_counted() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    kill(pid(&seen));
    rig.until_other_pid(pid(&seen)).await;
    let seen = rig.until(Verdict::Ready).await;
    let Supervised::Running(run) = seen.supervised.value else { panic!() };
    assert_eq!(run.restarts, 1);
}

#[tokio::test]
async fn without_its_host_a_gateway_is_an_orphan_until_a_start_adopts_it() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    kill(rig.host());
    rig.until(Verdict::Orphan).await;
    let adopted = rig.act(&Intent::Start).await.unwrap();
    assert_eq!((judge(&adopted), pid(&adopted)), (Verdict::Ready, pid(&seen)));
}

#[tokio::test]
async fn an_orphan_can_be_stopped() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    kill(rig.host());
    rig.until(Verdict::Orphan).await;
    rig.act(&Intent::Stop { stay: false }).await.unwrap();
    assert!(is_gone(pid(&seen)));
}

#[tokio::test]
async fn what_a_gateway_said_last_is_asked_of_the_host_and_not_of_a_journal() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&["--exit-after", "1s", "--say", "the last straw"]);
    spec.restart.burst = 1;
    rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    rig.until(Verdict::GaveUp).await;
    let path = rig.gateway.adapter.last_words(&rig.gateway.id).unwrap();
    let words = std::fs::read_to_string(path).unwrap();
    assert!(words.contains("the last straw"), "{words}");
}

#[tokio::test]
async fn a_graceful_restart_keeps_the_host_and_proves_the_new_gateway() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let host = rig.host();
    let told = rig.cli(&["restart", "--graceful", "--json"]);
    assert_eq!((&told["ok"], &told["result"]), (&true.into(), &"restarted".into()), "{told}");
    assert!(is_gone(pid(&seen)) && rig.host() == host);
    assert_eq!(judge(&rig.observe().await), Verdict::Ready);
}

#[tokio::test]
async fn a_stop_that_does_not_wait_needs_no_drain_to_begin_with() {
    let rig = Rig::new(None);
    rig.act(&Intent::Install { spec: &rig.spec(&["--slow-stop", "10m"]), force: false }).await.unwrap();
    let told = rig.cli(&["stop", "--now", "--json"]);
    assert_eq!(told["result"], "stopped", "{told}");
}

#[tokio::test]
async fn a_graceful_restart_into_a_broken_configuration_says_so() {
    let rig = Rig::new(None);
    let config = rig.path("demo.json");
    std::fs::write(&config, "{}").unwrap();
    let spec = rig.spec(&["--config", &config.display().to_string()]);
    rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    std::fs::write(&config, "{").unwrap();
    let told = rig.cli(&["restart", "--graceful", "--json"]);
    assert_eq!((&told["ok"], &told["code"]), (&false.into(), &"config-error".into()), "{told}");
}

#[tokio::test]
async fn a_stop_that_drains_is_seen_with_its_clock_and_can_be_cut_short() {
    let rig = Rig::new(None);
    let spec = rig.spec(&["--slow-stop", "10m"]);
    rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    kill_process(Pid::from_raw(rig.host().cast_signed()).unwrap(), Signal::TERM).unwrap();
    let seen = rig.until(Verdict::Stopping).await;
    let Supervised::Stopping { until: Some(until), .. } = seen.supervised.value else { panic!("no clock") };
    let left = until.duration_since(seen.supervised.read_at).as_secs();
    assert!((1..=20).contains(&left), "{left}");
    let told = rig.cli(&["stop", "--now", "--json"]);
    assert_eq!((&told["ok"], &told["result"]), (&true.into(), &"stopped".into()), "{told}");
    assert!(matches!(rig.observe().await.supervised.value, Supervised::Stopped { .. }));
}

#[tokio::test]
async fn a_restart_is_told_once_and_as_ours() {
    let rig = Rig::new(None);
    rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    rig.cli(&["restart", "--json"]);
    let history = rig.cli(&["history", "--json"]);
    let told: Vec<_> = history["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|incident| (incident["kind"].as_str().unwrap(), incident["by"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("restarted", "gateward"), ("started", "itself")], "{history:#}");
}
