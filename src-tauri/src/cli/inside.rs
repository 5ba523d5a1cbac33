//! When the command runs inside the gateway it is about to stop: an agent that restarts its own gateway (A34).

use crate::adapter::inside::refusal;
use crate::identity::Identity;
use crate::model::{Manager, Observation};
use crate::plan::{Call, Plan, Step, Tool};
use crate::problem::Problem;
use crate::system::{Ask, Seen, System};

/// Whether this very process belongs to the service: by its cgroup, or because an ancestor is the supervised process.
pub async fn is_inside(system: &dyn System, id: &Identity, seen: &Observation) -> bool {
    if own_cgroup(system).is_some_and(|group| names(&group, &id.unit)) {
        return true;
    }
    match seen.supervised.value.pid() {
        Some(service) => descends_from(system, service).await,
        None => false,
    }
}

fn own_cgroup(system: &dyn System) -> Option<String> {
    system.read("/proc/self/cgroup").ok().flatten().map(|contents| contents.text())
}

/// Whether a line of `/proc/self/cgroup` has the unit as a folder.
fn names(group: &str, unit: &str) -> bool {
    group.lines().any(|line| line.split('/').any(|part| part == unit))
}

async fn descends_from(system: &dyn System, service: u32) -> bool {
    let mut next = own_parent(system);
    for _ in 0..64 {
        let Some(pid) = next.filter(|pid| *pid > 1) else { return false };
        if pid == service {
            return true;
        }
        next = match system.answer(&Ask::Process { pid }).await.seen {
            Seen::Process(process) => Some(process.parent),
            _ => None,
        };
    }
    false
}

/// The fourth field of proc_pid_stat(5); the second one may hold spaces and ends with the last `)`.
fn own_parent(system: &dyn System) -> Option<u32> {
    let stat = system.read("/proc/self/stat").ok().flatten()?.text();
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// The same plan, handed over to the manager: it begins when we have told of it, and nothing waits for an end that would be our own.
///
/// # Errors
/// `InsideService` under a manager that takes no orders for later.
pub fn handed_over(plan: Plan, manager: Manager) -> Result<Plan, Problem> {
    match manager {
        Manager::Systemd => Ok(postponed(plan)),
        Manager::Launchd | Manager::Schtasks | Manager::Builtin => Err(refusal()),
    }
}

fn postponed(plan: Plan) -> Plan {
    let steps = plan.steps.into_iter().filter_map(|step| match step {
        Step::Await { .. } => None,
        Step::Run { call, tolerate, retry } => Some(Step::Run { call: on_timer(call), tolerate, retry }),
        Step::MakeDir { .. } | Step::Write { .. } | Step::Keep { .. } | Step::Remove { .. } => Some(step),
    });
    Plan { steps: steps.collect(), on_undo: plan.on_undo }
}

/// A timer of the manager's own. `--no-block` is not enough: systemd kills what is left of the service, and that is us, as soon as
/// its main process has ended, before we could say a word.
fn on_timer(call: Call) -> Call {
    let job = |word: &String| ["start", "stop", "restart"].contains(&word.as_str());
    let Some(verb) = call.args.iter().position(job).filter(|_| call.tool == Tool::Systemctl) else {
        return call;
    };
    let (scope, order) = call.args.split_at(verb);
    let timer = ["--collect", "--quiet", "--on-active=2", "--timer-property=AccuracySec=100ms", "systemctl"];
    let args = [scope, &timer.map(str::to_owned), scope, order].concat();
    Call { tool: Tool::SystemdRun, args, deadline: call.deadline }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_cgroup_names_its_unit_exactly() {
        let line = "0::/user.slice/user@1000.service/app.slice/openclaw-gateway.service/agent\n";
        assert!(names(line, "openclaw-gateway.service"));
        assert!(!names(line, "openclaw-gateway-work.service"));
        assert!(!names("0::/my-openclaw-gateway.service", "openclaw-gateway.service"));
    }

    #[test]
    fn a_restart_from_inside_is_postponed_and_not_waited_for() {
        let call = |words: &[&str]| Step::run(Call::new(Tool::Systemctl, words, Duration::from_secs(1)));
        let wait = Step::Await {
            until: crate::plan::Until::Answering,
            deadline: Duration::from_secs(1),
            otherwise: Box::new(Problem::new(crate::problem::Code::NotAnswering)),
        };
        let plan = Plan {
            steps: vec![call(&["--user", "reset-failed", "u"]), call(&["--user", "restart", "u"]), wait],
            on_undo: Vec::new(),
        };
        let told: Vec<String> = handed_over(plan, Manager::Systemd)
            .unwrap()
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Run { call, .. } => Some(call.to_string()),
                _ => None,
            })
            .collect();
        let timer = "systemd-run --user --collect --quiet --on-active=2 --timer-property=AccuracySec=100ms";
        assert_eq!(told, ["systemctl --user reset-failed u", &format!("{timer} systemctl --user restart u")]);
    }
}
