//! Who holds the service's port, and whose process that is as far as it is proven.

use jiff::Timestamp;

use crate::environment::mask_command;
use crate::layout::file_name;
use crate::model::{Belongs, Fact, Listener, PortUse};
use crate::problem::{Code, Problem};
use crate::system::{Ask, ListenerSeen, ProcessSeen, Report, Seen};

/// By what a process is known as the service's.
#[derive(Clone, Debug)]
pub struct Marks<'a> {
    /// The supervised process and the one that runs it: they and their descendants are the service.
    pub roots: Vec<u32>,
    /// The service's own names: unit, label, task.
    pub names: [&'a str; 3],
    /// What else is known to start a gateway here: one of which nobody knows where it is from, is from there.
    pub rival: Option<&'a str>,
}

/// Reads who listens on `port`.
pub fn read(port: u16, marks: &Marks<'_>, reports: &[Report]) -> Fact<PortUse> {
    let Some(report) = reports.iter().find(|report| report.ask == Ask::Port { port }) else {
        let why = Problem::new(Code::Internal).with("report", "port");
        return Fact {
            value: PortUse::Unknown { port, why },
            source: String::new(),
            read_at: Timestamp::UNIX_EPOCH,
        };
    };
    let value = match &report.seen {
        Seen::Listeners(listeners) => judge(port, marks, listeners),
        Seen::Failed(why) => PortUse::Unknown { port, why: why.clone() },
        Seen::Properties(_)
        | Seen::File(_)
        | Seen::Process(_)
        | Seen::Processes(_)
        | Seen::Load(_)
        | Seen::Http(_)
        | Seen::Greeting { .. }
        | Seen::Lines(_)
        | Seen::Answered(_)
        | Seen::Missing
        | Seen::Refused
        | Seen::Silent { .. } => {
            PortUse::Unknown { port, why: Problem::new(Code::Internal).with("report", "port") }
        }
    };
    Fact { value, source: report.source.clone(), read_at: report.at }
}

/// A listener of the service beats a stranger on another address of the same port; a visible owner beats a hidden one.
fn judge(port: u16, marks: &Marks<'_>, listeners: &[ListenerSeen]) -> PortUse {
    let owners = listeners.iter().filter_map(|seen| Some((seen, seen.process.as_ref()?)));
    let best = owners
        .map(|(seen, process)| (whose(process, &seen.ancestors, marks), seen, process))
        .min_by_key(|(belongs, _, _)| rank(*belongs));
    match best {
        Some((belongs, seen, process)) => {
            let rival = marks.rival.filter(|_| belongs == Belongs::Gateway);
            PortUse::Owned { port, owner: listener(process, belongs, rival, seen.address.clone()) }
        }
        None if listeners.is_empty() => PortUse::Free { port },
        None => PortUse::Hidden { port },
    }
}

fn rank(belongs: Belongs) -> u8 {
    match belongs {
        Belongs::Service => 0,
        Belongs::Gateway => 1,
        Belongs::Stranger => 2,
    }
}

fn whose(process: &ProcessSeen, ancestors: &[u32], marks: &Marks<'_>) -> Belongs {
    let descends = marks.roots.iter().any(|root| process.pid == *root || ancestors.contains(root));
    // A child that outlived its parent has another ancestor, but stays in the unit's cgroup.
    if descends || process.unit.as_deref().is_some_and(|unit| marks.names.contains(&unit)) {
        Belongs::Service
    } else if is_gateway(&process.command) {
        Belongs::Gateway
    } else {
        Belongs::Stranger
    }
}

/// Whether a command line is a gateway's (OC 9.6): the word `gateway` and OpenClaw's entry file, OpenClaw's own process title,
/// or our demo gateway. Process names are no evidence (observed 3.1).
pub fn is_gateway(command: &[String]) -> bool {
    let words: Vec<String> = command.iter().map(|word| word.to_lowercase().replace('\\', "/")).collect();
    let Some(program) = words.first() else { return false };
    let program = file_name(program);
    let program = program.strip_suffix(".exe").or(program.strip_suffix(".cmd")).unwrap_or(program);
    if program == "openclaw-gateway"
        || (program == "gateward" && words.get(1).is_some_and(|word| word == "demo"))
    {
        return true;
    }
    let entries = [
        "dist/index.js",
        "dist/entry.js",
        "openclaw.mjs",
        "scripts/run-node.mjs",
        "src/index.ts",
        "src/entry.ts",
    ];
    let is_entry = words.iter().any(|word| entries.iter().any(|entry| word.ends_with(entry)));
    words.iter().any(|word| word == "gateway") && (is_entry || program == "openclaw")
}

fn listener(process: &ProcessSeen, belongs: Belongs, rival: Option<&str>, address: String) -> Listener {
    Listener {
        pid: process.pid,
        program: file_name(&process.program).to_owned(),
        command: mask_command(&process.command),
        user: process.user.clone(),
        since: process.started,
        address,
        started_by: process.unit.clone().or_else(|| rival.map(str::to_owned)),
        belongs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(pid: u32, command: &str, unit: Option<&str>) -> ProcessSeen {
        ProcessSeen {
            pid,
            parent: 1,
            program: "/usr/bin/node".to_owned(),
            command: command.split(' ').map(str::to_owned).collect(),
            user: "anna".to_owned(),
            started: None,
            unit: unit.map(str::to_owned),
        }
    }

    fn on_port(process: Option<ProcessSeen>, ancestors: &[u32]) -> Vec<Report> {
        let seen =
            ListenerSeen { address: "127.0.0.1:80".to_owned(), process, ancestors: ancestors.to_vec() };
        reported(vec![seen])
    }

    fn reported(listeners: Vec<ListenerSeen>) -> Vec<Report> {
        vec![Report {
            ask: Ask::Port { port: 80 },
            seen: Seen::Listeners(listeners),
            source: "procfs".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        }]
    }

    const MARKS: Marks<'_> = Marks {
        roots: Vec::new(),
        names: ["openclaw-gateway.service", "ai.openclaw.gateway", "OpenClaw Gateway"],
        rival: None,
    };

    fn belongs(reports: &[Report]) -> Belongs {
        match read(80, &Marks { roots: vec![7], ..MARKS }, reports).value {
            PortUse::Owned { owner, .. } => owner.belongs,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_descendant_of_the_supervised_process_or_of_its_host_is_the_service() {
        assert_eq!(belongs(&on_port(Some(process(9, "node x", None)), &[8, 7])), Belongs::Service);
    }

    #[test]
    fn a_survivor_in_the_units_cgroup_is_the_service() {
        let survivor = process(9, "node x", Some("openclaw-gateway.service"));
        assert_eq!(belongs(&on_port(Some(survivor), &[1])), Belongs::Service);
    }

    #[test]
    fn another_gateway_is_told_from_a_stranger() {
        let gateway = process(9, "node /opt/openclaw/dist/index.js gateway --port 80", None);
        assert_eq!(belongs(&on_port(Some(gateway), &[1])), Belongs::Gateway);
        assert_eq!(
            belongs(&on_port(Some(process(9, "python3 -m http.server", None)), &[1])),
            Belongs::Stranger
        );
    }

    #[test]
    fn only_a_gateway_of_unknown_origin_is_the_rivals() {
        let marks = Marks { rival: Some("item.cmd"), ..MARKS };
        let gateway = "node /opt/openclaw/dist/index.js gateway";
        for (command, unit, wanted) in [
            (gateway, None, Some("item.cmd")),
            (gateway, Some("other.service"), Some("other.service")),
            ("python3 -m http.server", None, None),
        ] {
            let PortUse::Owned { owner, .. } =
                read(80, &marks, &on_port(Some(process(9, command, unit)), &[1])).value
            else {
                panic!()
            };
            assert_eq!(owner.started_by.as_deref(), wanted, "{command}");
        }
    }

    #[test]
    fn a_listener_without_a_visible_owner_is_hidden_not_free() {
        assert_eq!(read(80, &MARKS, &on_port(None, &[])).value, PortUse::Hidden { port: 80 });
        assert_eq!(read(80, &MARKS, &reported(vec![])).value, PortUse::Free { port: 80 });
    }

    #[test]
    fn an_owners_token_is_masked() {
        let reports = on_port(Some(process(9, "x --token hunter2", None)), &[]);
        assert!(!format!("{:?}", read(80, &MARKS, &reports)).contains("hunter2"));
    }
}
