//! What an installed gateway is started with, and what starts it at login or boot.

use std::os::unix::fs::PermissionsExt;

use gateward::adapter::Intent;
use gateward::model::{Autostart, Redacted, Value, Verdict};
use gateward::verdict::judge;

use super::rig::{Rig, autostart};

#[tokio::test]
async fn the_gateway_gets_its_secret_and_only_its_owners_file_has_it() {
    let rig = Rig::new(None);
    let launch = rig.path("launch.json");
    let mut spec = rig.spec(&["--print-launch", &launch.display().to_string()]);
    spec.environment.insert("MY_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter22")));
    spec.environment.insert("PLAIN".to_owned(), Value::Plain("a b='c' $d\u{e9}".to_owned()));
    spec.environment.insert("OPENCLAW_SYSTEMD_UNIT".to_owned(), Value::Plain("x.service".to_owned()));
    let seen = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    let launched = std::fs::read_to_string(&launch).unwrap();
    assert!(launched.contains("hunter22") && launched.contains("a b='c' $d\u{e9}"), "{launched}");
    assert!(!launched.contains("OPENCLAW_SYSTEMD_UNIT"), "{launched}");
    assert!(!serde_json::to_string(&seen).unwrap().contains("hunter22"));
    std::fs::remove_file(&launch).unwrap();
    let holders = rig.files_with("hunter22");
    assert_eq!(holders, [rig.path(".local/state/gateward/run/default.secrets")]);
    assert_eq!(std::fs::metadata(&holders[0]).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn profiles_do_not_touch_each_other() {
    let one = Rig::new(None);
    let two = one.sibling("work");
    one.act(&Intent::Install { spec: &one.spec(&[]), force: false }).await.unwrap();
    two.act(&Intent::Install { spec: &two.spec(&[]), force: false }).await.unwrap();
    one.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(judge(&two.observe().await), Verdict::Ready);
    two.act(&Intent::Uninstall).await.unwrap();
}

#[tokio::test]
async fn a_desktop_gets_a_valid_autostart_entry() {
    let rig = Rig::new(Some(("XDG_CURRENT_DESKTOP", "XFCE")));
    rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let entry = rig.path(".config/autostart/gateward-gateway.desktop");
    let text = std::fs::read_to_string(&entry).unwrap();
    assert!(text.contains("\nExec=") && text.contains(" run --profile default --detach\n"), "{text}");
    rig.act(&Intent::Uninstall).await.unwrap();
    assert!(!entry.exists());
}

#[tokio::test]
async fn where_there_is_cron_it_starts_the_gateway_at_boot_and_nobody_elses_line_is_touched() {
    let rig = Rig::new(None);
    let table = rig.with_cron("5 4 * * * backup\n");
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let lines = std::fs::read_to_string(&table).unwrap();
    assert!(lines.contains("@reboot ") && lines.contains(" run --profile default --detach"), "{lines}");
    assert_eq!(autostart(&seen), Autostart::On);
    rig.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(std::fs::read_to_string(&table).unwrap(), "5 4 * * * backup\n");
}

#[tokio::test]
async fn without_desktop_and_cron_nothing_is_said_to_start_it() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    assert_eq!(autostart(&seen), Autostart::Off);
}
