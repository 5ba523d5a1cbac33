//! What users met (users-need A11, A12, A23–A28, A34) and what upstream's tests say (OC 5.3), as whole flows.

use std::time::Duration;

use gateward::adapter::Intent;
use gateward::adapter::schtasks::Schtasks;
use gateward::model::{Autostart, Origin, Registered, Supervised, Verdict};
use gateward::problem::Code;

use crate::pc::{Desk, HOST, OPENCLAWS_SCRIPT, SCRIPT, STARTUP, TASK, spec, surroundings};

const UNTIL_SIGN_IN: Intent<'_> = Intent::Stop { stay: false };
const FOR_GOOD: Intent<'_> = Intent::Stop { stay: true };

mod a11_a_stop_ends_the_gateway_and_nothing_else {
    use super::*;

    #[tokio::test]
    async fn our_gateway_its_task_and_its_port_are_gone() {
        let desk = Desk::running().await;
        let pid = desk.pid().await.unwrap();
        desk.act(&UNTIL_SIGN_IN).await.unwrap();
        assert!(!desk.is_alive(pid));
        assert_eq!(desk.verdict().await, Verdict::Stopped);
    }

    /// Upstream #52049: /End ends cmd.exe, and node keeps the port.
    #[tokio::test]
    async fn openclaws_node_is_ended_too_though_end_leaves_it() {
        let desk = Desk::openclaws();
        let node = desk.pid().await.unwrap();
        desk.act(&UNTIL_SIGN_IN).await.unwrap();
        assert_eq!(desk.deeds(), ["/End"]);
        assert!(!desk.is_alive(node));
        assert_eq!(desk.verdict().await, Verdict::Stopped);
    }

    #[tokio::test]
    async fn a_stranger_on_the_port_survives_every_stop() {
        let desk = Desk::openclaws();
        desk.schtasks(&["/End", "/TN", TASK]);
        let node = desk.pid().await;
        assert_eq!(node, None);
        desk.with(|_, pc| pc.processes.values_mut().for_each(|process| process.ended = Some((0, 0))));
        let stranger = desk.stranger();
        let _ = desk.act(&UNTIL_SIGN_IN).await;
        assert!(desk.is_alive(stranger));
    }

    #[tokio::test]
    async fn a_gateway_that_drains_for_long_is_waited_for() {
        let desk = Desk::running().await;
        desk.with(|_, pc| pc.drains_ms = 60_000);
        let pid = desk.pid().await.unwrap();
        desk.act(&UNTIL_SIGN_IN).await.unwrap();
        assert!(!desk.is_alive(pid));
    }

    #[tokio::test]
    async fn a_stop_that_stays_switches_the_task_off_and_a_start_switches_it_on() {
        let desk = Desk::running().await;
        desk.act(&FOR_GOOD).await.unwrap();
        assert_eq!(desk.registration().await.autostart, Autostart::Off);
        desk.act(&Intent::Start).await.unwrap();
        assert_eq!(desk.registration().await.autostart, Autostart::On);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }
}

mod a12_a_restart_that_starts_nothing_is_a_failure {
    use super::*;

    #[tokio::test]
    async fn a_restart_gives_a_new_process_that_listens() {
        let desk = Desk::running().await;
        let before = desk.pid().await;
        desk.act(&Intent::Restart).await.unwrap();
        assert_ne!(desk.pid().await, before);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    /// Upstream #149019: `/Run` is refused without a word, and the log says "finished".
    #[tokio::test]
    async fn a_refused_run_is_told_even_when_it_says_nothing() {
        let desk = Desk::running().await;
        desk.scheduler(|scheduler| {
            scheduler.quirks.refuses_runs = Some(0x8004_1328);
            scheduler.quirks.silent = true;
            scheduler.quirks.only_one = true;
        });
        let problem = desk.act(&Intent::Restart).await.unwrap_err();
        assert_eq!(problem.code, Code::StepFailed);
        assert_eq!(problem.cause.as_deref(), Some("exit code 1, without a word"));
    }

    /// Upstream #91926: IgnoreNew swallows the start, and `/Run` says SUCCESS.
    #[tokio::test]
    async fn a_run_that_is_swallowed_is_told_within_a_minute() {
        let desk = Desk::running().await;
        desk.scheduler(|scheduler| scheduler.quirks.swallows_runs = true);
        let begun = desk.elapsed();
        let problem = desk.act(&Intent::Restart).await.unwrap_err();
        assert_eq!(problem.code, Code::DidNotStart);
        assert!(desk.elapsed() - begun < Duration::from_secs(60));
    }

    /// Qclaw#79: the task is left and its program is gone.
    #[tokio::test]
    async fn a_task_whose_program_is_gone_fails_at_once_and_names_it() {
        let desk = Desk::running().await;
        desk.act(&UNTIL_SIGN_IN).await.unwrap();
        desk.with(|machine, _| machine.files.remove(HOST));
        let begun = desk.elapsed();
        let problem = desk.act(&Intent::Start).await.unwrap_err();
        assert_eq!((problem.code, problem.values["path"].as_str()), (Code::ProgramMissing, HOST));
        assert!(desk.elapsed() - begun < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn a_gateway_that_never_answers_is_no_success() {
        let desk = Desk::running().await;
        desk.with(|_, pc| pc.mute = true);
        assert_eq!(desk.act(&Intent::Restart).await.unwrap_err().code, Code::NotAnswering);
    }

    #[tokio::test]
    async fn the_state_is_the_same_in_every_language_and_by_com() {
        for language in ["en", "de", "fr", "es", "zh", "ja", "xx"] {
            for com in [false, true] {
                let desk = Desk::openclaws();
                desk.scheduler(|scheduler| scheduler.quirks.language = language.to_owned());
                desk.with(|_, pc| pc.com = com);
                assert_eq!(desk.verdict().await, Verdict::Ready, "{language} {com}");
                desk.schtasks(&["/End", "/TN", TASK]);
                desk.with(|_, pc| pc.processes.clear());
                assert_eq!(desk.verdict().await, Verdict::Stopped, "{language} {com}");
            }
        }
    }
}

mod a23_the_defaults_of_create_do_not_end_the_gateway {
    use super::*;

    #[tokio::test]
    async fn taking_a_task_over_mends_battery_limit_and_idle() {
        let desk = Desk::openclaws();
        assert!(desk.registration().await.flaws.iter().any(|flaw| flaw.rule == "task-stops-on-battery"));
        desk.install().await.unwrap();
        let found = desk.registration().await;
        assert_eq!(found.origin, Origin::Gateward);
        assert!(found.flaws.iter().all(|flaw| !flaw.mendable), "{:?}", found.flaws);
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    /// Upstream #59335: `/Create /F` wiped what the user had set.
    #[tokio::test]
    async fn what_the_user_tuned_survives_installations() {
        let desk = Desk::new();
        desk.register(include_str!("../fixtures/schtasks/xml/tuned.xml"));
        desk.write(SCRIPT, OPENCLAWS_SCRIPT.as_bytes());
        desk.install().await.unwrap();
        for kept in ["PT45S", "SessionUnlock", "<Priority>4<", "HighestAvailable", "P10D", "<Count>9<"] {
            assert!(desk.xml().contains(kept), "{kept}");
        }
    }

    #[tokio::test]
    async fn a_persons_own_variables_survive_the_change_of_hands() {
        let desk = Desk::openclaws();
        let kept = gateward::observe::carried_over(&desk.system, &desk.adapter, &desk.id).await;
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["MINE"]);
    }

    #[tokio::test]
    async fn an_installation_that_does_not_answer_gives_openclaws_gateway_back() {
        let desk = Desk::openclaws();
        desk.with(|_, pc| pc.mute = true);
        assert_eq!(desk.install().await.unwrap_err().code, Code::NotAnswering);
        assert_eq!(desk.text(SCRIPT).as_deref(), Some(OPENCLAWS_SCRIPT));
        assert!(desk.xml().contains("gateway.cmd"), "{}", desk.xml());
        assert_eq!(desk.registration().await.origin, Origin::OpenclawA);
        assert!(desk.deeds().ends_with(&["/Change".to_owned(), "/Run".to_owned()]), "{:?}", desk.deeds());
    }
}

mod a24_a28_no_shell_no_script_host_no_powershell {
    use super::*;

    #[tokio::test]
    async fn the_task_starts_our_windowless_host_itself() {
        let desk = Desk::running().await;
        assert!(desk.xml().contains(&format!("<Command>{HOST}</Command>")), "{}", desk.xml());
    }

    #[tokio::test]
    async fn whole_lives_call_nothing_but_schtasks_and_ourselves() {
        let desk = Desk::openclaws();
        desk.install().await.unwrap();
        desk.act(&Intent::Restart).await.unwrap();
        desk.act(&UNTIL_SIGN_IN).await.unwrap();
        desk.act(&Intent::Start).await.unwrap();
        desk.act(&Intent::Uninstall).await.unwrap();
        for call in desk.system.calls() {
            assert!(
                call.starts_with("schtasks.exe ")
                    || call.starts_with(r"C:\Program Files\Gateward\gateward.exe run "),
                "{call}"
            );
        }
    }
}

mod a25_where_task_scheduler_refuses {
    use super::*;

    #[tokio::test]
    async fn a_denied_creation_falls_back_to_the_startup_folder_in_any_language() {
        for language in ["en", "de", "fr", "es", "zh", "ja", "xx"] {
            let desk = Desk::new();
            desk.scheduler(|scheduler| {
                scheduler.quirks.language = language.to_owned();
                scheduler.quirks.denied.insert("/Create".to_owned());
            });
            desk.install().await.unwrap();
            assert_eq!(desk.registration().await.file, STARTUP, "{language}");
            assert_eq!(desk.verdict().await, Verdict::Ready, "{language}");
        }
    }

    /// Where `/HRESULT` is not known, the translations are the last resort.
    #[tokio::test]
    async fn without_codes_six_languages_are_understood_and_the_seventh_is_told() {
        for (language, understood) in
            [("de", true), ("es", true), ("fr", true), ("zh", true), ("ja", true), ("xx", false)]
        {
            let desk = Desk::new();
            desk.scheduler(|scheduler| {
                scheduler.quirks.language = language.to_owned();
                scheduler.quirks.only_one = true;
                scheduler.quirks.denied.insert("/Create".to_owned());
            });
            let outcome = desk.install().await;
            assert_eq!(outcome.is_ok(), understood, "{language} {outcome:?}");
        }
    }

    #[tokio::test]
    async fn a_creation_that_hangs_falls_back_too() {
        let desk = Desk::new();
        desk.scheduler(|scheduler| scheduler.quirks.hangs.insert("/Create".to_owned()));
        desk.install().await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    /// A41: no refusal is asked for again and again.
    #[tokio::test]
    async fn one_refusal_is_enough() {
        let desk = Desk::new();
        desk.scheduler(|scheduler| scheduler.quirks.denied.insert("/Create".to_owned()));
        desk.install().await.unwrap();
        let creations = desk
            .scheduler(|scheduler| scheduler.asked.iter().filter(|line| line.starts_with("/Create")).count());
        assert_eq!(creations, 1);
    }

    #[tokio::test]
    async fn the_makeshift_says_what_it_is() {
        let desk = Desk::new();
        desk.scheduler(|scheduler| scheduler.quirks.denied.insert("/Create".to_owned()));
        desk.install().await.unwrap();
        let rules: Vec<String> = desk.registration().await.flaws.into_iter().map(|flaw| flaw.rule).collect();
        assert_eq!(rules, ["startup-item"]);
    }

    #[tokio::test]
    async fn a_gateway_of_the_startup_folder_restarts_stops_and_goes_like_any_other() {
        let desk = Desk::new();
        desk.scheduler(|scheduler| scheduler.quirks.denied.extend(["/Create", "/Query"].map(str::to_owned)));
        let denied = desk.install().await;
        assert!(denied.is_err(), "nothing is changed where nothing can be asked");
        desk.scheduler(|scheduler| scheduler.quirks.denied.remove("/Query"));
        desk.install().await.unwrap();
        let before = desk.pid().await;
        desk.act(&Intent::Restart).await.unwrap();
        assert_ne!(desk.pid().await, before);
        desk.act(&UNTIL_SIGN_IN).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Stopped);
        desk.act(&Intent::Uninstall).await.unwrap();
        assert_eq!(desk.text(STARTUP), None);
        assert_eq!(desk.verdict().await, Verdict::NotInstalled);
    }

    #[tokio::test]
    async fn a_task_that_works_again_replaces_the_startup_item() {
        let desk = Desk::new();
        desk.scheduler(|scheduler| scheduler.quirks.denied.insert("/Create".to_owned()));
        desk.install().await.unwrap();
        desk.scheduler(|scheduler| scheduler.quirks.denied.clear());
        desk.install().await.unwrap();
        assert_eq!(desk.text(STARTUP), None);
        assert_eq!(desk.registration().await.file, format!("\\{TASK}"));
    }
}

mod a26_what_needs_a_sign_in_says_so {
    use super::*;

    #[tokio::test]
    async fn the_remark_has_words_in_the_catalogue() {
        let desk = Desk::running().await;
        let flaw = desk
            .registration()
            .await
            .flaws
            .into_iter()
            .find(|flaw| flaw.rule == "task-sign-in-only")
            .unwrap();
        let sentence = gateward::words::Words::english().flaw(&flaw);
        assert!(sentence.contains("sign"), "{sentence}");
    }
}

mod a27_names_outside_of_ascii {
    use super::*;

    #[tokio::test]
    async fn any_user_and_folder_is_installed_with_ascii_scripts() {
        let long = format!("C:\\Users\\{}", "x".repeat(300));
        for home in [
            r"C:\Users\苗振",
            r"C:\Users\Türkçe Ğüş",
            r"C:\Users\🦞 lobster",
            r"C:\Users\O'Neil & Söhne",
            &long,
        ] {
            let roaming = format!("{home}\\AppData\\Roaming");
            let desk =
                Desk::with_variables(&[("USERPROFILE", home), ("APPDATA", &roaming), ("USERNAME", "苗振")]);
            desk.install().await.unwrap();
            assert_eq!(desk.verdict().await, Verdict::Ready, "{home}");
            assert!(desk.xml().contains("<UserId>PC\\苗振</UserId>"));
            let script = desk.text(&format!("{home}\\.openclaw\\gateway.cmd")).unwrap();
            assert!(script.is_ascii(), "{script}");
        }
    }
}

mod a34_from_inside {
    use super::*;

    const MARKS: &[(&str, &str)] =
        &[("OPENCLAW_SERVICE_MARKER", "openclaw"), ("OPENCLAW_SERVICE_KIND", "gateway")];

    async fn from_inside() -> Desk {
        let mut desk = Desk::running().await;
        desk.adapter = Schtasks::new(&surroundings(MARKS)).unwrap();
        desk
    }

    #[tokio::test]
    async fn a_restart_is_handed_to_a_helper_and_nothing_else_is_done() {
        let desk = from_inside().await;
        let before = desk.pid().await.unwrap();
        assert!(desk.plan(&Intent::Restart).await.unwrap().is_scheduled());
        desk.act(&Intent::Restart).await.unwrap();
        assert!(desk.is_alive(before));
        let calls = desk.system.calls();
        assert_eq!(calls.len(), 1, "{calls:?}");
        assert!(calls[0].contains("--restart-later"), "{calls:?}");
    }

    #[tokio::test]
    async fn what_would_end_the_caller_is_refused() {
        let desk = from_inside().await;
        for intent in
            [UNTIL_SIGN_IN, Intent::Uninstall, Intent::Install { spec: &spec(&desk.id), force: true }]
        {
            assert_eq!(desk.act(&intent).await.unwrap_err().code, Code::InsideService);
        }
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }
}

/// OC 5.3, the sequences of upstream's tests. Each begins with the question whether there is a task.
mod sequences {
    use super::*;

    #[tokio::test]
    async fn a_missing_task_is_created_and_run() {
        let desk = Desk::new();
        desk.install().await.unwrap();
        assert_eq!(desk.verbs()[..4], ["/Query", "/Create", "/Run", "/Query"].map(str::to_owned)[..]);
        assert_eq!(desk.deeds(), ["/Create", "/Run"]);
    }

    #[tokio::test]
    async fn an_existing_task_is_changed_and_run() {
        let desk = Desk::running().await;
        desk.install().await.unwrap();
        assert_eq!(desk.deeds(), ["/Change", "/Run"]);
    }

    #[tokio::test]
    async fn a_denied_change_is_followed_by_a_creation() {
        let desk = Desk::running().await;
        desk.scheduler(|scheduler| scheduler.quirks.denied.insert("/Change".to_owned()));
        desk.install().await.unwrap();
        let deeds = desk.deeds();
        assert_eq!(deeds.first().map(String::as_str), Some("/Change"));
        assert!(deeds.ends_with(&["/Create".to_owned(), "/Run".to_owned()]), "{deeds:?}");
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }

    #[tokio::test]
    async fn an_uninstallation_deletes_and_leaves_no_file() {
        let desk = Desk::running().await;
        desk.act(&Intent::Uninstall).await.unwrap();
        assert_eq!(desk.deeds(), ["/Delete"]);
        let left: Vec<String> = desk
            .with(|machine, _| machine.files.keys().filter(|path| path.contains("anna")).cloned().collect());
        assert_eq!(left, Vec::<String>::new());
        assert_eq!(desk.seen().await.supervised.value, Supervised::Absent);
    }
}

mod bad_input {
    use super::*;

    #[tokio::test]
    async fn somebody_elses_task_of_the_same_name_is_left_alone() {
        let desk = Desk::new();
        let xml = include_str!("../fixtures/schtasks/xml/foreign.xml");
        desk.register(xml);
        assert_eq!(desk.install().await.unwrap_err().code, Code::UnitForeign);
        assert_eq!(desk.xml(), xml);
    }

    #[tokio::test]
    async fn a_definition_that_cannot_be_read_changes_nothing() {
        let desk = Desk::new();
        desk.register(include_str!("../fixtures/schtasks/xml/openclaw-2026.2.xml"));
        desk.scheduler(|scheduler| scheduler.tasks.get_mut(TASK).unwrap().xml = "<Task><broken".to_owned());
        desk.forget_calls();
        assert_eq!(desk.install().await.unwrap_err().code, Code::UnitUnreadable);
        assert_eq!(desk.deeds(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn without_appdata_the_startup_folder_is_found_below_the_profile() {
        let desk = Desk::with_variables(&[("APPDATA", " ")]);
        desk.scheduler(|scheduler| scheduler.quirks.denied.insert("/Create".to_owned()));
        desk.install().await.unwrap();
        assert!(
            matches!(desk.seen().await.registered.value, Registered::Present(found) if found.file == STARTUP)
        );
    }

    #[tokio::test]
    async fn a_value_with_a_line_break_or_nul_is_refused_before_anything_is_done() {
        let desk = Desk::new();
        let mut bad = spec(&desk.id);
        bad.command.push("a\0b".to_owned());
        let problem = desk.act(&Intent::Install { spec: &bad, force: false }).await.unwrap_err();
        assert_eq!(problem.code, Code::BadValue);
        assert_eq!(desk.deeds(), Vec::<String>::new());
    }
}
