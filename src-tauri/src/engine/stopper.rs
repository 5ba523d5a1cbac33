//! Who asks the manager for a stop or restart, judged by the command lines of the moment.

use crate::layout::file_name;
use crate::model::By;
use crate::system::{Ask, ProcessSeen};

/// The question for the processes among which the asker may be. It waits for the manager, so it is there while the stop lasts.
pub fn ask(unit: &str) -> Ask {
    Ask::Commands { naming: vec![unit.to_owned(), "openclaw".to_owned(), "gateward".to_owned()] }
}

/// The asker, the one farthest up where one calls the other: OpenClaw's command line and ours call systemctl. Beside a systemctl that
/// somebody else called, they are busy with another gateway.
pub fn find(unit: &str, processes: &[ProcessSeen]) -> Option<By> {
    let systemctl: Vec<_> = processes.iter().filter(|process| is_systemctl(process, unit)).collect();
    if systemctl.is_empty() {
        return processes.iter().find_map(caller);
    }
    let callers = systemctl.iter().flat_map(|tool| ancestors(tool, processes)).filter_map(caller);
    Some(callers.min_by_key(|by| *by != By::Gateward).unwrap_or(By::Systemctl))
}

fn caller(process: &ProcessSeen) -> Option<By> {
    match (is_gateward(process), is_openclaw(process)) {
        (true, _) => Some(By::Gateward),
        (false, true) => Some(By::Openclaw),
        (false, false) => None,
    }
}

/// Those of `all` that called `process`, the nearest first.
fn ancestors<'a>(process: &ProcessSeen, all: &'a [ProcessSeen]) -> impl Iterator<Item = &'a ProcessSeen> {
    let parent = |pid: u32| all.iter().find(|other| other.pid == pid);
    // No chain is longer than the list; pids read one after the other could form a ring.
    std::iter::successors(parent(process.parent), move |at| parent(at.parent)).take(all.len())
}

fn is_gateward(process: &ProcessSeen) -> bool {
    let is_cli = process.command.first().is_some_and(|program| file_name(program) == "gateward");
    is_cli && has(process, &["stop", "restart", "uninstall", "install"])
}

fn is_openclaw(process: &ProcessSeen) -> bool {
    let is_entry = |word: &String| {
        ["openclaw", "openclaw.mjs"].contains(&file_name(word)) || word.ends_with("openclaw/dist/entry.js")
    };
    process.command.iter().take(3).any(is_entry)
        && has(process, &["gateway", "daemon"])
        && has(process, &["stop", "restart", "uninstall", "install"])
}

fn is_systemctl(process: &ProcessSeen, unit: &str) -> bool {
    let is_tool = process.command.first().is_some_and(|program| file_name(program) == "systemctl");
    let short = unit.trim_end_matches(".service");
    is_tool
        && has(process, &["stop", "restart", "try-restart", "kill", "disable"])
        && has(process, &[unit, short])
}

fn has(process: &ProcessSeen, words: &[&str]) -> bool {
    process.command.iter().any(|part| words.contains(&part.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: &str = "openclaw-gateway.service";

    /// The first is called by nobody of them, each other by the one before it.
    fn found(commands: &[&str]) -> Option<By> {
        let process = |(pid, command): (u32, &&str)| ProcessSeen {
            pid,
            parent: pid - 1,
            program: String::new(),
            command: command.split(' ').map(str::to_owned).collect(),
            user: "anna".to_owned(),
            started: None,
            unit: None,
        };
        find(UNIT, &(1..).zip(commands).map(process).collect::<Vec<_>>())
    }

    #[test]
    fn a_typed_systemctl_is_told() {
        assert_eq!(found(&["systemctl --user stop openclaw-gateway"]), Some(By::Systemctl));
    }

    #[test]
    fn who_calls_systemctl_counts_for_more_than_systemctl() {
        let systemctl = "/usr/bin/systemctl --user stop openclaw-gateway.service";
        let openclaw = "node /opt/bin/openclaw gateway stop --force";
        assert_eq!(found(&[openclaw, systemctl]), Some(By::Openclaw));
        assert_eq!(found(&["/usr/bin/gateward restart", systemctl]), Some(By::Gateward));
        assert_eq!(found(&["/usr/bin/gateward restart", openclaw, systemctl]), Some(By::Gateward));
        assert_eq!(found(&[openclaw]), Some(By::Openclaw), "its systemctl has ended, or is still to come");
    }

    #[test]
    fn who_is_busy_with_another_gateway_did_not_call_this_systemctl() {
        let systemctl = "systemctl --user stop openclaw-gateway.service";
        assert_eq!(found(&[systemctl, "gateward --profile work restart"]), Some(By::Systemctl));
    }

    #[test]
    fn the_gateway_itself_and_other_units_are_no_askers() {
        let gateway = "node /opt/openclaw/dist/index.js gateway --port 18789";
        assert_eq!(found(&[gateway, "systemctl --user stop other.service", "gateward watch"]), None);
    }
}
