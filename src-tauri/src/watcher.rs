//! Gateward's own light service: `gateward watch --alert`, for machines without a tray.
//!
//! It is installed by the same adapters as the gateway, under names of its own, and answers on no port.

use std::collections::BTreeMap;

use crate::adapter::builtin::autostart;
use crate::adapter::schtasks::Schtasks;
use crate::adapter::{Adapter, Intent};
use crate::identity::{Identity, Surroundings};
use crate::layout;
use crate::model::{Manager, Observation, RestartPolicy, ServiceSpec, Value};
use crate::plan::{Plan, Step, Text, Until};
use crate::problem::{Code, Problem};

/// Which gateways it is to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One, by its profile's name; `default` is the nameless one.
    One(String),
    /// Every gateway that is installed for this account when the watcher starts.
    All,
}

impl Scope {
    fn arguments(&self) -> Vec<String> {
        match self {
            Scope::One(profile) if profile == "default" => Vec::new(),
            Scope::One(profile) => vec!["--profile".to_owned(), profile.clone()],
            Scope::All => vec!["--all".to_owned()],
        }
    }

    fn suffix(&self) -> String {
        match self {
            Scope::One(profile) if profile != "default" => format!("-{profile}"),
            Scope::One(_) | Scope::All => String::new(),
        }
    }
}

/// The watcher's names beside those of `gateway`.
///
/// # Errors
/// `NoHome`.
pub fn identity(gateway: &Identity, scope: &Scope, around: &Surroundings) -> Result<Identity, Problem> {
    let suffix = scope.suffix();
    Ok(Identity {
        unit: format!("gateward-watch{suffix}.service"),
        label: format!("{}watch{suffix}", layout::OWN_LABELS),
        task: format!("Gateward watch{suffix}"),
        // Its own files are Gateward's; the gateway's must not go with it.
        state_dir: layout::own_state_dir(around)?,
        port: 0,
        ..gateway.clone()
    })
}

pub fn spec(id: &Identity, scope: &Scope, around: &Surroundings) -> ServiceSpec {
    let words = ["watch", "--alert"].map(str::to_owned);
    let carried = around.carried().map(|(name, text)| (name.to_owned(), Value::Plain(text.to_owned())));
    ServiceSpec {
        identity: id.clone(),
        description: format!("Gateward watcher{}", scope.suffix().replace('-', " ")),
        command: [around.exe.clone()].into_iter().chain(words).chain(scope.arguments()).collect(),
        working_dir: None,
        environment: carried.collect::<BTreeMap<_, _>>(),
        restart: RestartPolicy { delay_s: 10, stop_timeout_s: 15, ..RestartPolicy::default() },
    }
}

/// The steps that install the watcher, or install it anew.
///
/// # Errors
/// As [`Adapter::plan`]; `Unsupported` where nothing starts programs at login.
pub fn install(
    spec: &ServiceSpec,
    adapter: &dyn Adapter,
    around: &Surroundings,
    seen: &Observation,
) -> Result<Plan, Problem> {
    match adapter.manager() {
        Manager::Systemd | Manager::Launchd => {
            let plan = adapter.plan(&Intent::Install { spec, force: false }, &spec.identity, seen)?;
            Ok(without_answers(plan))
        }
        Manager::Schtasks => Schtasks::new(around)?.install_watcher(spec),
        Manager::Builtin => at_login(spec, around),
    }
}

/// Another way, where `problem` says that the first one is closed.
///
/// # Errors
/// As [`install`].
pub fn install_otherwise(
    spec: &ServiceSpec,
    adapter: &dyn Adapter,
    around: &Surroundings,
    problem: &Problem,
) -> Option<Result<Plan, Problem>> {
    match adapter.manager() {
        Manager::Schtasks => match Schtasks::new(around) {
            Ok(schtasks) => schtasks.install_watcher_otherwise(spec, problem),
            Err(problem) => Some(Err(problem)),
        },
        Manager::Systemd | Manager::Launchd | Manager::Builtin => None,
    }
}

/// # Errors
/// As [`install`].
pub fn uninstall(
    id: &Identity,
    adapter: &dyn Adapter,
    around: &Surroundings,
    seen: &Observation,
) -> Result<Plan, Problem> {
    match adapter.manager() {
        Manager::Systemd | Manager::Launchd => adapter.plan(&Intent::Uninstall, id, seen),
        Manager::Schtasks => Ok(Schtasks::new(around)?.uninstall_watcher(id, seen)),
        Manager::Builtin => {
            Ok(Plan { steps: vec![Step::Remove { path: entry(id, around)? }], on_undo: Vec::new() })
        }
    }
}

fn without_answers(mut plan: Plan) -> Plan {
    plan.steps.retain(|step| !matches!(step, Step::Await { until: Until::Answering, .. }));
    plan
}

/// The desktop's start at login: without a service manager nothing else starts it.
fn at_login(spec: &ServiceSpec, around: &Surroundings) -> Result<Plan, Problem> {
    if around.os != layout::Os::Linux {
        return Err(unsupported());
    }
    let path = entry(&spec.identity, around)?;
    let command: Vec<&str> = spec.command.iter().map(String::as_str).collect();
    let text = Text::Plain(autostart::render(&spec.description, &command)?);
    let folder = layout::parent(&path).to_owned();
    let steps = vec![Step::MakeDir { path: folder, mode: 0o700 }, Step::Write { path, text, mode: 0o644 }];
    Ok(Plan { steps, on_undo: Vec::new() })
}

fn entry(id: &Identity, around: &Surroundings) -> Result<String, Problem> {
    let config = layout::own_config_dir(around)?;
    let name = format!("{}.desktop", id.unit.trim_end_matches(".service"));
    Ok(layout::join(layout::parent(&config), &["autostart", &name], around.os))
}

fn unsupported() -> Problem {
    Problem::new(Code::Unsupported)
        .with("manager", "builtin")
        .hint_command("watch-by-hand", "gateward watch --alert")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::systemd::Systemd;
    use crate::identity::tests::around;
    use crate::identity::{Profile, identify};

    fn text(scope: &Scope, variables: &[(&str, &str)]) -> String {
        let here = around(variables);
        let gateway = identify(&Profile::default(), &here, None).unwrap();
        let id = identity(&gateway, scope, &here).unwrap();
        Systemd::new(&here).render(&spec(&id, scope, &here)).unwrap()
    }

    #[test]
    fn the_unit_watches_what_was_asked_for_and_alerts() {
        let exe = &around(&[]).exe;
        for (scope, arguments) in [
            (Scope::One("default".to_owned()), "watch --alert"),
            (Scope::One("work".to_owned()), "watch --alert --profile work"),
            (Scope::All, "watch --alert --all"),
        ] {
            let text = text(&scope, &[]);
            assert!(text.contains(&format!("\nExecStart={exe} {arguments}\n")), "{text}");
        }
    }

    #[test]
    fn it_finds_the_same_files_as_the_shell_that_installed_it() {
        let text = text(&Scope::All, &[("XDG_STATE_HOME", "/s p"), ("MY_TOKEN", "hunter2")]);
        assert!(text.contains("Environment=\"XDG_STATE_HOME=/s p\"\n"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn on_windows_it_is_a_task_that_shows_no_console() {
        let here = crate::adapter::schtasks::tests::pc(&[]);
        let gateway = identify(&Profile::default(), &here, None).unwrap();
        let id = identity(&gateway, &Scope::All, &here).unwrap();
        let plan = Schtasks::new(&here).unwrap().install_watcher(&spec(&id, &Scope::All, &here)).unwrap();
        let text = plan.steps.iter().find_map(|step| match step {
            Step::Write { text: Text::Utf16(text), .. } => Some(text.clone()),
            _ => None,
        });
        let text = text.unwrap();
        assert!(text.contains("gateward-host.exe</Command>"), "{text}");
        assert!(text.contains("<Arguments>watch --alert --all</Arguments>"), "{text}");
        let calls: Vec<String> = plan
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Run { call, .. } => Some(call.args[..3].join(" ")),
                _ => None,
            })
            .collect();
        assert_eq!(
            calls,
            ["/Create /TN Gateward watch", "/End /TN Gateward watch", "/Run /TN Gateward watch"]
        );
    }

    #[test]
    fn its_names_are_never_the_gateways() {
        let here = around(&[]);
        let gateway = identify(&Profile::default(), &here, None).unwrap();
        let own = identity(&gateway, &Scope::One("default".to_owned()), &here).unwrap();
        assert_eq!(own.unit, "gateward-watch.service");
        assert_ne!(own.state_dir, gateway.state_dir);
    }
}
