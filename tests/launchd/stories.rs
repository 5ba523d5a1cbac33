//! What users met (users-need A2, A3, A22, A29, A30) and what upstream's tests say (OC 7.3), as whole flows.

use std::time::Duration;

use gateward::adapter::Intent;
use gateward::model::{Origin, Registered, Supervised, Verdict};
use gateward::problem::Code;

use crate::mac::{Behaviour, Desk, LABEL, NODE, PLIST, spec};
use crate::simulator::Ended;

const UNTIL_LOGIN: Intent<'_> = Intent::Stop { stay: false };
const FOR_GOOD: Intent<'_> = Intent::Stop { stay: true };

mod a2_a_restart_never_loses_the_job {
    use super::*;

    /// Upstream #40905: bootout and bootstrap for a plain restart.
    #[tokio::test]
    async fn a_restart_stays_in_the_domain_and_changes_the_process() {
        let desk = Desk::running().await;
        let before = desk.pid().await;
        desk.act(&Intent::Restart).await.unwrap();
        assert_eq!(desk.verbs(), ["enable", "kickstart -k"]);
        assert_ne!(desk.pid().await, before);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    /// Upstream #84630: bootout returns before the job has left, and bootstrap then fails with 5.
    #[tokio::test]
    async fn a_changed_definition_waits_for_a_draining_gateway() {
        let desk = Desk::new();
        desk.with(|_, mac| mac.behaviour.drains_ms = 12_000);
        desk.install().await.unwrap();
        desk.forget_calls();
        let mut changed = spec(&desk.id);
        changed.command.push("--verbose".to_owned());
        desk.act(&Intent::Install { spec: &changed, force: false }).await.unwrap();
        assert_eq!(desk.verbs(), ["enable", "bootout", "bootstrap", "kickstart"]);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    /// Upstream #133647: bootstrap fails for a while although `print` no longer knows the label.
    #[tokio::test]
    async fn a_bootstrap_is_tried_again_while_launchd_settles() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.quirks.settles_ms = 4000);
        desk.act(&UNTIL_LOGIN).await.unwrap();
        desk.forget_calls();
        desk.act(&Intent::Start).await.unwrap();
        let tries = desk.verbs().iter().filter(|verb| *verb == "bootstrap").count();
        assert!((5..=10).contains(&tries), "{tries}");
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_bootstrap_that_never_works_ends_within_a_minute_with_launchds_words() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.quirks.settles_ms = 3_600_000);
        desk.act(&UNTIL_LOGIN).await.unwrap();
        let begun = desk.elapsed();
        let problem = desk.act(&Intent::Start).await.unwrap_err();
        assert!(problem.cause.unwrap().contains("5: Input/output error"));
        assert!((30..60).contains(&(desk.elapsed() - begun).as_secs()));
    }

    /// Upstream #84721: the app and the CLI bootstrap at the same moment.
    #[tokio::test]
    async fn another_programs_bootstrap_is_as_good_as_ours() {
        let desk = Desk::running().await;
        desk.act(&UNTIL_LOGIN).await.unwrap();
        desk.launchd(|launchd| launchd.quirks.rival = true);
        let begun = desk.elapsed();
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
        assert!(desk.elapsed() - begun < Duration::from_secs(5));
    }

    /// Upstream #41952, #52208: `kickstart -k` takes a job that has just started out of its domain.
    #[tokio::test]
    async fn a_job_that_drops_out_during_a_restart_is_brought_back() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.quirks.fragile_ms = 3_600_000);
        desk.act(&Intent::Restart).await.unwrap();
        assert_eq!(desk.verbs(), ["enable", "kickstart -k", "enable", "bootstrap", "kickstart"]);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_job_that_vanished_is_unloaded_and_a_start_repairs_it() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.jobs.clear());
        desk.pass(Duration::from_secs(1));
        desk.with(|_, mac| mac.forget_processes());
        assert_eq!(desk.verdict().await, Verdict::Unloaded);
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_change_that_does_not_come_up_is_rolled_back_to_the_running_job() {
        let desk = Desk::running().await;
        let before = desk.with(|machine, _| machine.text(PLIST));
        let mute = Behaviour { listens_after_ms: None, ..Behaviour::default() };
        desk.with(|_, mac| mac.otherwise = Some(("--mute", mute)));
        let mut changed = spec(&desk.id);
        changed.command.push("--mute".to_owned());
        let problem = desk.act(&Intent::Install { spec: &changed, force: false }).await.unwrap_err();
        assert_eq!(problem.code, Code::NotAnswering);
        assert_eq!(desk.with(|machine, _| machine.text(PLIST)), before);
        desk.pass(Duration::from_secs(20));
        desk.seen().await;
        desk.pass(Duration::from_secs(5));
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    /// Upstream #849, #39211: a disabled label survives bootout and plist, and bootstrap fails with 119 or 5.
    #[tokio::test]
    async fn a_disabled_label_is_enabled_before_bootstrap() {
        for answer in [119, 5] {
            let desk = Desk::new();
            desk.launchd(|launchd| {
                launchd.disabled.insert(LABEL.to_owned(), true);
                launchd.quirks.disabled_answer = answer;
            });
            desk.install().await.unwrap();
            assert_eq!(desk.verdict().await, Verdict::Ready);
        }
    }

    #[tokio::test]
    async fn other_versions_answers_change_nothing() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| {
            launchd.quirks.bootout_says_36 = true;
            launchd.quirks.running_answer = 37;
            launchd.quirks.loaded_answer = 5;
            launchd.quirks.booleans = true;
        });
        desk.act(&FOR_GOOD).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Disabled);
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }
}

mod a3_stopped_is_not_gone {
    use super::*;

    #[tokio::test]
    async fn a_stop_and_a_start_need_no_installation() {
        let desk = Desk::running().await;
        let seen = desk.act(&UNTIL_LOGIN).await.unwrap();
        assert_eq!(seen.supervised.value, Supervised::Unloaded);
        assert_eq!(desk.verdict().await, Verdict::Unloaded);
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_plain_stop_ends_with_the_next_login() {
        let desk = Desk::running().await;
        desk.act(&UNTIL_LOGIN).await.unwrap();
        desk.log_in_again();
        desk.pass(Duration::from_secs(2));
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_stop_for_good_outlives_the_login_and_ends_with_a_start() {
        let desk = Desk::running().await;
        desk.act(&FOR_GOOD).await.unwrap();
        desk.log_in_again();
        desk.pass(Duration::from_secs(2));
        assert_eq!(desk.verdict().await, Verdict::Disabled);
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
        desk.log_in_again();
        desk.pass(Duration::from_secs(2));
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    /// Upstream #71060: a second of polling was too short for a draining gateway.
    #[tokio::test]
    async fn a_stop_ends_when_process_and_port_are_gone() {
        let desk = Desk::new();
        desk.with(|_, mac| mac.behaviour.drains_ms = 15_000);
        desk.install().await.unwrap();
        let begun = desk.elapsed();
        desk.act(&UNTIL_LOGIN).await.unwrap();
        assert!(desk.elapsed() - begun >= Duration::from_secs(15));
        assert_eq!(desk.verdict().await, Verdict::Unloaded);
    }

    #[tokio::test]
    async fn a_gateway_that_ignores_the_signal_is_killed_by_launchd_in_time() {
        let desk = Desk::new();
        desk.with(|_, mac| mac.behaviour.ignores_term = true);
        desk.install().await.unwrap();
        let begun = desk.elapsed();
        desk.act(&UNTIL_LOGIN).await.unwrap();
        let took = desk.elapsed() - begun;
        assert!((20..30).contains(&took.as_secs()), "{took:?}");
    }

    #[tokio::test]
    async fn an_uninstallation_leaves_nothing_and_a_second_one_is_no_failure() {
        let desk = Desk::running().await;
        for _ in 0..2 {
            desk.act(&Intent::Uninstall).await.unwrap();
            assert_eq!(desk.verdict().await, Verdict::NotInstalled);
        }
    }

    #[tokio::test]
    async fn an_installation_repeated_changes_nothing() {
        let desk = Desk::running().await;
        let pid = desk.pid().await;
        desk.install().await.unwrap();
        assert_eq!(desk.verbs(), ["enable", "kickstart"]);
        assert_eq!(desk.pid().await, pid);
    }
}

mod a22_sleep_and_power {
    use super::*;

    #[tokio::test]
    async fn a_night_asleep_is_no_crash() {
        let desk = Desk::running().await;
        let pid = desk.pid().await;
        desk.pass(Duration::from_secs(4 * 3600 + 3000));
        assert_eq!((desk.verdict().await, desk.pid().await), (Verdict::Ready, pid));
    }

    /// Low Power Mode: launchd puts off every start that nobody demanded, for ever.
    #[tokio::test]
    async fn an_installation_on_a_saving_mac_demands_the_start() {
        let desk = Desk::new();
        desk.launchd(|launchd| launchd.quirks.pends = true);
        desk.install().await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_start_put_off_at_login_is_shown_as_stopped_and_can_be_started() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.quirks.pends = true);
        desk.log_in_again();
        desk.pass(Duration::from_secs(600));
        assert_eq!(desk.verdict().await, Verdict::Stopped);
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn without_a_desktop_session_nothing_is_changed_and_the_way_out_is_told() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.session = false);
        let files = desk.with(|machine, _| machine.files.clone());
        for intent in [Intent::Start, Intent::Restart, UNTIL_LOGIN, Intent::Uninstall] {
            let problem = desk.act(&intent).await.unwrap_err();
            assert_eq!((problem.code, problem.hints.len()), (Code::NoGuiSession, 2));
        }
        assert_eq!(desk.verdict().await, Verdict::Unknown);
        assert!(desk.with(|machine, _| machine.files == files && machine.calls.is_empty()));
    }
}

mod a29_two_owners {
    use super::*;

    const OPENCLAWS: &[u8] = include_bytes!("../fixtures/launchd/plist/openclaw-2026.4.plist");

    /// OpenClaw's own CLI installed and started it.
    async fn attached() -> Desk {
        let desk = Desk::new();
        desk.with(|machine, _| {
            machine.write(PLIST, OPENCLAWS, 0o644).unwrap();
            machine.write("/opt/homebrew/opt/node/bin/node", b"", 0o755).unwrap();
        });
        desk.log_in_again();
        desk.pass(Duration::from_secs(2));
        desk
    }

    #[tokio::test]
    async fn a_gateway_that_openclaw_started_is_attached_to() {
        let desk = attached().await;
        assert_eq!(desk.verdict().await, Verdict::Ready);
        let Registered::Present(found) = desk.seen().await.registered.value else { panic!() };
        assert_eq!(found.origin, Origin::OpenclawA);
    }

    #[tokio::test]
    async fn starting_and_restarting_it_rewrites_nothing() {
        let desk = attached().await;
        desk.act(&Intent::Start).await.unwrap();
        desk.act(&Intent::Restart).await.unwrap();
        desk.act(&UNTIL_LOGIN).await.unwrap();
        assert_eq!(desk.with(|machine, _| machine.files[PLIST].bytes.clone()), OPENCLAWS);
    }

    #[tokio::test]
    async fn a_strangers_agent_under_the_label_is_not_taken_over_unasked() {
        let desk = Desk::new();
        let stranger = include_str!("../fixtures/launchd/plist/homebrew.plist");
        desk.with(|machine, _| machine.write(PLIST, stranger.as_bytes(), 0o644)).unwrap();
        assert_eq!(desk.install().await.unwrap_err().code, Code::UnitForeign);
        assert_eq!(desk.act(&Intent::Uninstall).await.unwrap_err().code, Code::UnitForeign);
        assert!(desk.verbs().is_empty());
        assert_eq!(desk.with(|machine, _| machine.text(PLIST)).as_deref(), Some(stranger));
    }

    /// Upstream #120481.
    #[tokio::test]
    async fn a_daemon_of_the_same_label_refuses_the_installation() {
        let loaded = Desk::new();
        loaded.launchd(|launchd| launchd.daemons.insert(LABEL.to_owned()));
        let on_disk = Desk::new();
        on_disk
            .with(|machine, _| machine.write(&format!("/Library/LaunchDaemons/{LABEL}.plist"), b"x", 0o644))
            .unwrap();
        for desk in [loaded, on_disk] {
            let problem = desk.install().await.unwrap_err();
            assert_eq!(problem.code, Code::SystemUnitExists);
            assert!(desk.verbs().is_empty());
            assert!(desk.with(|machine, _| machine.text(PLIST)).is_none());
        }
    }
}

mod a30_ghosts {
    use super::*;

    #[tokio::test]
    async fn a_legacy_agent_is_retired_and_its_port_is_ours() {
        let legacy = "/Users/anna/Library/LaunchAgents/com.clawdbot.gateway.plist";
        let desk = Desk::new();
        let mut old = spec(&desk.id);
        old.identity.label = "com.clawdbot.gateway".to_owned();
        let text =
            gateward::adapter::launchd::plist::render(&gateward::adapter::launchd::plist::Agent::of(&old));
        desk.with(|machine, _| machine.write(legacy, text.unwrap().as_bytes(), 0o644)).unwrap();
        desk.load(legacy);
        desk.pass(Duration::from_secs(2));
        desk.install().await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
        assert!(desk.with(|machine, _| machine.text(legacy)).is_none());
        assert!(desk.launchd(|launchd| !launchd.jobs.contains_key("com.clawdbot.gateway")));
    }

    #[tokio::test]
    async fn a_label_launchd_still_has_after_its_plist_went_is_told_and_can_be_removed() {
        let desk = Desk::running().await;
        desk.with(|machine, _| machine.files.remove(PLIST));
        assert_eq!(desk.verdict().await, Verdict::Degraded);
        desk.act(&Intent::Uninstall).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::NotInstalled);
    }
}

/// OC 7.3, the rows on repair, stop and restart; the rows on `print` are in adapter/launchd/print/tests.rs.
mod upstreams_rows {
    use super::*;

    async fn unloaded() -> Desk {
        let desk = Desk::running().await;
        desk.act(&UNTIL_LOGIN).await.unwrap();
        desk.forget_calls();
        desk
    }

    #[tokio::test]
    async fn repair_repairs() {
        let desk = unloaded().await;
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.verbs(), ["enable", "bootstrap", "kickstart"]);
    }

    #[tokio::test]
    async fn repair_of_a_job_that_is_loaded_after_all_is_one_kickstart() {
        for answer in [37, 5, 130] {
            let desk = unloaded().await;
            desk.launchd(|launchd| launchd.quirks.loaded_answer = answer);
            let plan = desk.plan(&Intent::Start).await.unwrap();
            desk.load(PLIST);
            desk.carry_out(&plan).await.unwrap();
            assert_eq!(desk.verbs(), ["enable", "bootstrap", "kickstart"], "{answer}");
        }
    }

    #[tokio::test]
    async fn repair_that_cannot_bootstrap_does_not_kickstart() {
        let desk = unloaded().await;
        desk.launchd(|launchd| launchd.quirks.denied.insert("bootstrap".to_owned()));
        let problem = desk.act(&Intent::Start).await.unwrap_err();
        assert!(problem.values["command"].starts_with("launchctl bootstrap"), "{problem:?}");
        assert_eq!(desk.verbs(), ["enable", "bootstrap"]);
    }

    #[tokio::test]
    async fn repair_whose_kickstart_is_denied_names_it() {
        let desk = unloaded().await;
        desk.launchd(|launchd| launchd.quirks.denied.insert("kickstart".to_owned()));
        let problem = desk.act(&Intent::Start).await.unwrap_err();
        assert!(problem.values["command"].starts_with("launchctl kickstart"), "{problem:?}");
    }

    #[tokio::test]
    async fn stopping_an_unloaded_service_succeeds_without_bootout() {
        let desk = unloaded().await;
        desk.act(&UNTIL_LOGIN).await.unwrap();
        assert!(desk.verbs().is_empty());
    }

    /// Upstream boots out and calls it degraded; we were asked for a stop that stays, so a stop that does not is no success.
    #[tokio::test]
    async fn a_stop_for_good_that_may_not_disable_stops_nothing() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.quirks.denied.insert("disable".to_owned()));
        assert_eq!(desk.act(&FOR_GOOD).await.unwrap_err().code, Code::AccessDenied);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_stop_whose_print_is_denied_is_not_called_stopped() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.quirks.denied.insert("print".to_owned()));
        assert_eq!(desk.act(&UNTIL_LOGIN).await.unwrap_err().code, Code::AccessDenied);
        assert!(desk.verbs().is_empty());
    }

    #[tokio::test]
    async fn a_bootout_that_is_denied_is_a_failed_stop() {
        let desk = Desk::running().await;
        desk.launchd(|launchd| launchd.quirks.denied.insert("bootout".to_owned()));
        assert_eq!(desk.act(&UNTIL_LOGIN).await.unwrap_err().code, Code::AccessDenied);
    }

    #[tokio::test]
    async fn a_restart_of_an_unloaded_service_bootstraps_it() {
        let desk = unloaded().await;
        desk.act(&Intent::Restart).await.unwrap();
        assert_eq!(desk.verbs(), ["enable", "bootstrap", "kickstart"]);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }
}

mod crashes {
    use super::*;

    async fn ending(after_ms: u64, end: Ended) -> Desk {
        let desk = Desk::running().await;
        let behaviour = Behaviour {
            ends_after_ms: Some((after_ms, end)),
            listens_after_ms: None,
            ..Behaviour::default()
        };
        desk.with(|_, mac| mac.behaviour = behaviour);
        desk.kill(9).await;
        for _ in 0..60 {
            desk.pass(Duration::from_secs(1));
            desk.seen().await;
        }
        desk
    }

    #[tokio::test]
    async fn a_crash_is_followed_by_a_start_within_the_throttle() {
        let desk = Desk::running().await;
        desk.pass(Duration::from_secs(60));
        desk.kill(9).await;
        assert!(matches!(desk.seen().await.supervised.value, Supervised::Running(_)));
        desk.pass(Duration::from_secs(1));
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn a_gateway_that_fails_again_and_again_is_a_crash_loop() {
        let desk = ending(500, Ended::Code(1)).await;
        assert_eq!(desk.verdict().await, Verdict::CrashLoop);
    }

    #[tokio::test]
    async fn a_refused_configuration_is_named_although_launchd_goes_on() {
        let desk = ending(500, Ended::Code(78)).await;
        assert_eq!(desk.verdict().await, Verdict::ConfigError);
    }

    #[tokio::test]
    async fn an_installation_whose_configuration_is_refused_says_so() {
        let desk = Desk::new();
        let refusing = Behaviour {
            ends_after_ms: Some((500, Ended::Code(78))),
            listens_after_ms: None,
            ..Behaviour::default()
        };
        desk.with(|_, mac| mac.behaviour = refusing);
        assert_eq!(desk.install().await.unwrap_err().code, Code::ConfigError);
        desk.pass(Duration::from_secs(1));
        assert_eq!(desk.verdict().await, Verdict::NotInstalled);
    }

    #[tokio::test]
    async fn a_program_that_went_away_is_a_loop_and_no_configuration_error() {
        let desk = Desk::running().await;
        desk.with(|machine, _| machine.files.remove(NODE));
        desk.kill(9).await;
        for _ in 0..60 {
            desk.pass(Duration::from_secs(1));
            desk.seen().await;
        }
        assert_eq!(desk.verdict().await, Verdict::CrashLoop);
    }

    #[tokio::test]
    async fn planned_exits_are_no_crashes() {
        let desk = ending(2000, Ended::Code(0)).await;
        assert_eq!(desk.verdict().await, Verdict::Starting);
    }
}
