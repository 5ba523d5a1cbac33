use super::*;

fn free() -> crate::model::PortUse {
    crate::model::PortUse::Free { port: 18789 }
}

fn seeing(registered: Registered, supervised: Supervised) -> Observation {
    observation(registered, supervised, free(), crate::model::Answers::Refused)
}

fn on() -> Registered {
    registration(Autostart::On)
}

fn missing() -> Registered {
    Registered::Missing { file: PLIST.to_owned() }
}

/// What our own installation of `spec` looks like afterwards.
fn installed(spec: &ServiceSpec) -> Registered {
    let env_file = layout::launchd_env_file(&id());
    let secrets = spec.environment.iter().filter_map(|(name, value)| match value {
        Value::Secret(secret) => Some(read::secret(name, secret.reveal(), &env_file)),
        Value::Plain(_) => None,
    });
    let found = read::described(PLIST.to_owned(), &plist::Agent::of(spec), secrets.collect());
    Registered::Present(Box::new(crate::model::Registration { autostart: Autostart::On, ..found }))
}

fn plan(intent: &Intent<'_>, seen: &Observation) -> Result<Plan, Problem> {
    Launchd::new(&mac(&[])).plan(intent, &id(), seen)
}

/// The steps in short: calls as typed, files with their mode, waits by name.
fn shape(plan: &Plan) -> Vec<String> {
    let short = |step: &Step| match step {
        Step::MakeDir { path, mode } => format!("mkdir {path} {mode:o}"),
        Step::Write { path, text: Text::Plain(_) | Text::Utf16(_) | Text::Bytes(_), mode } => {
            format!("write {path} {mode:o}")
        }
        Step::Write { path, text: Text::Secret(_), mode } => format!("write secret {path} {mode:o}"),
        Step::Keep { from, to } => format!("keep {from} {to}"),
        Step::Remove { path } => format!("remove {path}"),
        Step::Run { call, .. } => call.to_string(),
        Step::Await { until, .. } => format!("until {until:?}"),
    };
    plan.steps
        .iter()
        .map(short)
        .map(|line| line.replace("ai.openclaw.gateway", "LABEL").replace("/Users/anna", "~"))
        .collect()
}

const CHECKED: [&str; 3] = [
    "/bin/test -x /opt/node/bin/node",
    "/bin/test '!' -e /Library/LaunchDaemons/LABEL.plist",
    "launchctl print system/LABEL",
];

const UP: [&str; 3] = ["launchctl kickstart gui/501/LABEL", "until Running", "until Answering"];

#[test]
fn a_first_installation_checks_writes_enables_and_bootstraps() {
    let plan = plan(&Intent::Install { spec: &spec(), force: false }, &seeing(missing(), Supervised::Absent))
        .unwrap();
    let wanted: Vec<&str> = [
        &CHECKED[..],
        &[
            "mkdir ~/Library/LaunchAgents 755",
            "mkdir ~/Library/Logs/openclaw 700",
            "mkdir ~/.openclaw 700",
            "mkdir ~/.openclaw/tmp 700",
        ],
        &[
            "remove ~/.openclaw/service-env/LABEL.env",
            "remove ~/.openclaw/service-env/LABEL-env-wrapper.sh",
            "write ~/Library/LaunchAgents/LABEL.plist 644",
            "launchctl enable gui/501/LABEL",
            "launchctl bootstrap gui/501 ~/Library/LaunchAgents/LABEL.plist",
        ],
        &UP,
    ]
    .concat();
    assert_eq!(shape(&plan), wanted);
}

#[test]
fn secrets_are_written_before_the_plist_that_names_them() {
    let plan =
        plan(&Intent::Install { spec: &secret_spec(), force: false }, &seeing(missing(), Supervised::Absent))
            .unwrap();
    let writes: Vec<String> = shape(&plan).into_iter().filter(|line| line.starts_with("write")).collect();
    assert_eq!(
        writes,
        [
            "write secret ~/.openclaw/service-env/LABEL.env 600",
            "write ~/.openclaw/service-env/LABEL-env-wrapper.sh 700",
            "write ~/Library/LaunchAgents/LABEL.plist 644",
        ]
    );
    assert!(shape(&plan).contains(&"mkdir ~/.openclaw/service-env 700".to_owned()));
    assert!(!format!("{plan:?}").contains("hunter2"));
}

#[test]
fn a_loaded_job_is_taken_down_only_when_its_definition_changed() {
    let bootouts = |registered| {
        let plan =
            plan(&Intent::Install { spec: &secret_spec(), force: false }, &seeing(registered, run(9, 0)))
                .unwrap();
        let lines = shape(&plan);
        ["launchctl bootout gui/501/LABEL", "until Gone", "until ProcessGone { pid: 42 }"]
            .map(|wanted| lines.iter().filter(|line| *line == wanted).count())
    };
    assert_eq!(bootouts(installed(&secret_spec())), [0, 0, 0]);
    assert_eq!(bootouts(installed(&spec())), [1, 1, 1]);
    assert_eq!(bootouts(on()), [1, 1, 1]);
}

#[test]
fn no_plan_kills_what_run_at_load_has_just_started() {
    for intent in [Intent::Install { spec: &spec(), force: false }, Intent::Start, Intent::Restart] {
        for (registered, supervised) in [(on(), run(9, 0)), (on(), Supervised::Unloaded), (on(), stopped())] {
            let lines = shape(&plan(&intent, &seeing(registered, supervised)).unwrap());
            let bootstrap = lines.iter().position(|line| line.starts_with("launchctl bootstrap"));
            let kill = lines.iter().position(|line| line.starts_with("launchctl kickstart -k"));
            assert!(bootstrap.is_none() || kill.is_none(), "{lines:?}");
        }
    }
}

#[test]
fn every_way_up_enables_first() {
    for intent in [Intent::Install { spec: &spec(), force: false }, Intent::Start, Intent::Restart] {
        for supervised in [Supervised::Unloaded, stopped()] {
            let lines = shape(&plan(&intent, &seeing(on(), supervised)).unwrap());
            let at = |wanted: &str| lines.iter().position(|line| line.starts_with(wanted));
            let first = at("launchctl bootstrap").or(at("launchctl kickstart")).unwrap();
            assert!(at("launchctl enable").unwrap() < first, "{lines:?}");
        }
    }
}

fn stopped() -> Supervised {
    Supervised::Stopped { last_exit: None }
}

#[test]
fn an_unloaded_job_is_started_from_its_plist() {
    let plan = plan(&Intent::Start, &seeing(on(), Supervised::Unloaded)).unwrap();
    let wanted: Vec<&str> = [
        &["launchctl enable gui/501/LABEL", "launchctl bootstrap gui/501 ~/Library/LaunchAgents/LABEL.plist"]
            [..],
        &UP,
    ]
    .concat();
    assert_eq!(shape(&plan), wanted);
}

#[test]
fn a_loaded_job_is_started_by_demand_and_not_loaded_again() {
    let plan = plan(&Intent::Start, &seeing(on(), stopped())).unwrap();
    let wanted: Vec<&str> = [&["launchctl enable gui/501/LABEL"][..], &UP].concat();
    assert_eq!(shape(&plan), wanted);
}

#[test]
fn starting_a_running_gateway_takes_no_step() {
    assert_eq!(plan(&Intent::Start, &seeing(on(), run(9, 0))).unwrap(), Plan::default());
    let off = seeing(registration(Autostart::Off), run(9, 0));
    assert_eq!(shape(&plan(&Intent::Start, &off).unwrap()), ["launchctl enable gui/501/LABEL"]);
}

#[test]
fn a_plain_restart_never_boots_out() {
    let plan = plan(&Intent::Restart, &seeing(on(), run(9, 0))).unwrap();
    assert_eq!(
        shape(&plan),
        [
            "launchctl enable gui/501/LABEL",
            "launchctl kickstart -k gui/501/LABEL",
            "until ProcessGone { pid: 42 }",
            "until Running",
            "until Answering",
        ]
    );
}

#[test]
fn a_restart_reads_an_edited_plist_again() {
    let Registered::Present(mut found) = on() else { panic!() };
    found.stale = true;
    let lines = shape(&plan(&Intent::Restart, &seeing(Registered::Present(found), run(9, 0))).unwrap());
    assert_eq!(
        lines[1..5],
        [
            "launchctl bootout gui/501/LABEL",
            "until Gone",
            "until ProcessGone { pid: 42 }",
            "launchctl bootstrap gui/501 ~/Library/LaunchAgents/LABEL.plist",
        ]
    );
}

#[test]
fn a_stop_until_the_next_login_and_one_for_good_are_two_plans() {
    let mut seen = seeing(on(), run(9, 0));
    seen.port = fact(owned(Belongs::Service, None));
    let out =
        ["launchctl bootout gui/501/LABEL", "until Gone", "until ProcessGone { pid: 42 }", "until PortFree"];
    assert_eq!(shape(&plan(&Intent::Stop { stay: false }, &seen).unwrap()), out);
    let for_good = [&["launchctl disable gui/501/LABEL", "until SwitchedOff"][..], &out].concat();
    assert_eq!(shape(&plan(&Intent::Stop { stay: true }, &seen).unwrap()), for_good);
}

#[test]
fn stopping_a_stopped_gateway_takes_no_step() {
    let seen = seeing(on(), Supervised::Unloaded);
    assert_eq!(plan(&Intent::Stop { stay: false }, &seen).unwrap(), Plan::default());
}

#[test]
fn an_uninstallation_leaves_no_file_behind() {
    let plan = plan(&Intent::Uninstall, &seeing(on(), run(9, 0))).unwrap();
    assert_eq!(
        shape(&plan)[3..],
        [
            "remove ~/Library/LaunchAgents/LABEL.plist",
            "remove ~/Library/LaunchAgents/LABEL.plist.bak",
            "remove ~/.openclaw/service-env/LABEL.env",
            "remove ~/.openclaw/service-env/LABEL-env-wrapper.sh",
        ]
    );
}

#[test]
fn a_failed_change_puts_the_previous_job_back() {
    let undo = |seen| {
        let plan = plan(&Intent::Install { spec: &spec(), force: false }, &seen).unwrap();
        plan.on_undo.iter().map(|call| call.args[0].clone()).collect::<Vec<_>>()
    };
    assert_eq!(undo(seeing(missing(), Supervised::Absent)), ["bootout"]);
    assert_eq!(undo(seeing(on(), run(9, 0))), ["bootout", "bootstrap"]);
    assert_eq!(undo(seeing(registration(Autostart::Off), Supervised::Unloaded)), ["bootout", "disable"]);
}

#[test]
fn another_profile_has_no_ghosts() {
    let work = identify(&Profile::parse("work", Os::MacOs).unwrap(), &mac(&[]), None).unwrap();
    assert_eq!(Launchd::new(&mac(&[])).ghost_asks(&work), []);
}

#[test]
fn a_ghost_goes_out_of_launchd_and_its_plist_into_the_trash() {
    let ghost = |file: Option<&str>| Ghost {
        label: "bot.molt.gateway".to_owned(),
        file: file.map(str::to_owned),
        pid: None,
    };
    let steps = |ghost| Plan { steps: Launchd::new(&mac(&[])).retire(&[ghost], &id()), on_undo: Vec::new() };
    let plist = "/Users/anna/Library/LaunchAgents/bot.molt.gateway.plist";
    assert_eq!(
        shape(&steps(ghost(Some(plist)))),
        [
            "launchctl bootout gui/501/bot.molt.gateway",
            "mkdir ~/.Trash 700",
            "keep ~/Library/LaunchAgents/bot.molt.gateway.plist ~/.Trash/bot.molt.gateway.plist",
            "remove ~/Library/LaunchAgents/bot.molt.gateway.plist",
        ]
    );
    assert_eq!(shape(&steps(ghost(None))), ["launchctl bootout gui/501/bot.molt.gateway"]);
}

#[test]
fn nothing_is_planned_on_a_guess() {
    let why = Problem::new(Code::NoGuiSession);
    let blind = seeing(on(), Supervised::Unknown { why: why.clone() });
    let damaged =
        seeing(Registered::Unknown { file: PLIST.to_owned(), why: why.clone() }, Supervised::Unloaded);
    for intent in
        [Intent::Install { spec: &spec(), force: false }, Intent::Uninstall, Intent::Start, Intent::Restart]
    {
        assert_eq!(plan(&intent, &blind).unwrap_err(), why);
        assert_eq!(plan(&intent, &damaged).unwrap_err(), why);
    }
    assert_eq!(plan(&Intent::Stop { stay: false }, &blind).unwrap_err(), why);
}

#[test]
fn a_strangers_plist_is_left_alone() {
    let Registered::Present(mut found) = on() else { panic!() };
    found.origin = Origin::Foreign;
    let seen = seeing(Registered::Present(found), run(9, 0));
    for intent in [Intent::Install { spec: &spec(), force: false }, Intent::Uninstall] {
        assert_eq!(plan(&intent, &seen).unwrap_err().code, Code::UnitForeign);
    }
}

#[test]
fn a_strangers_plist_is_overwritten_by_force_only_and_kept_beside() {
    let Registered::Present(mut found) = on() else { panic!() };
    found.origin = Origin::Foreign;
    let seen = seeing(Registered::Present(found), Supervised::Unloaded);
    let lines = shape(&plan(&Intent::Install { spec: &spec(), force: true }, &seen).unwrap());
    let plist = "~/Library/LaunchAgents/LABEL.plist";
    let at = |wanted: String| lines.iter().position(|line| *line == wanted).unwrap();
    assert!(at(format!("keep {plist} {plist}.bak")) < at(format!("write {plist} 644")));
}

#[test]
fn what_is_not_installed_cannot_be_started() {
    for intent in [Intent::Start, Intent::Restart] {
        let problem = plan(&intent, &seeing(missing(), Supervised::Absent)).unwrap_err();
        assert_eq!(problem.code, Code::NotInstalled);
    }
}

fn from_inside(variables: &[(&str, &str)], intent: &Intent<'_>) -> Result<Plan, Problem> {
    Launchd::new(&mac(variables)).plan(intent, &id(), &seeing(on(), run(9, 0)))
}

#[test]
fn a_restart_from_inside_the_service_is_handed_off() {
    let plan = from_inside(&[("XPC_SERVICE_NAME", "ai.openclaw.gateway")], &Intent::Restart).unwrap();
    assert!(plan.is_scheduled());
    let Step::Run { call, .. } = &plan.steps[0] else { panic!() };
    assert_eq!(call.args[3..], ["/bin/launchctl", "gui/501/ai.openclaw.gateway", "gui/501", PLIST]);
}

#[test]
fn a_stop_from_inside_the_service_is_refused() {
    for intent in
        [Intent::Stop { stay: false }, Intent::Uninstall, Intent::Install { spec: &spec(), force: false }]
    {
        let problem = from_inside(&[("LAUNCH_JOB_LABEL", "ai.openclaw.gateway")], &intent).unwrap_err();
        assert_eq!(problem.code, Code::InsideService);
    }
}

#[test]
fn a_terminals_own_job_is_not_the_service() {
    for variables in [
        [("XPC_SERVICE_NAME", "0")],
        [("XPC_SERVICE_NAME", "application.com.apple.Terminal.1.2")],
        [("OPENCLAW_LAUNCHD_LABEL", "ai.openclaw.gateway")],
    ] {
        assert!(!from_inside(&variables, &Intent::Restart).unwrap().is_scheduled(), "{variables:?}");
    }
}
