//! The port is somebody else's.

use super::invocation::Invocation;
use crate::model::{Belongs, Listener, PortUse};
use crate::plan::shell_quoted;
use crate::problem::{Code, Problem};
use crate::view::text::owner_named;

/// The problem of a port whose owner is not the service; `None` when it is.
pub fn port_taken(port: u16, owner: &Listener, at: &Invocation<'_>) -> Option<Problem> {
    match owner.belongs {
        Belongs::Service => None,
        Belongs::Gateway | Belongs::Stranger => Some(taken(port, owner, at)),
    }
}

/// The problem of a use of a port that keeps the service from having it.
pub fn occupied(used: &PortUse, at: &Invocation<'_>) -> Option<Problem> {
    match used {
        PortUse::Free { .. } | PortUse::Unknown { .. } => None,
        PortUse::Owned { port, owner } => port_taken(*port, owner, at),
        PortUse::Hidden { port } => Some(
            Problem::new(Code::PortTaken)
                .with("port", port)
                .with("owner", at.say("text-hidden-owner", &[]))
                .hint_command("see-port-owner", format!("sudo ss -ltnp 'sport = :{port}'"))
                .hint_command("install-other-port", "gateward install --port PORT"),
        ),
    }
}

fn taken(port: u16, owner: &Listener, at: &Invocation<'_>) -> Problem {
    let problem = Problem::new(Code::PortTaken)
        .with("port", port)
        .with("owner", owner_named(owner, at.words()))
        .because(owner.command.join(" "));
    let problem = match owner.started_by.as_deref().filter(|unit| unit.ends_with(".service")) {
        Some(unit) => {
            problem.hint_command("see-owner", format!("systemctl --user status {}", shell_quoted(unit)))
        }
        None => problem.hint_command("see-owner", format!("ps -fp {}", owner.pid)),
    };
    problem.hint_command("install-other-port", "gateward install --port PORT")
}
