//! Who asks the manager for a stop or restart, judged by the command lines of the moment.

use crate::layout::file_name;
use crate::model::By;
use crate::system::{Ask, ProcessSeen};

/// The question for the processes among which the asker may be. It waits for the manager, so it is there while the stop lasts.
pub fn ask(unit: &str) -> Ask {
    Ask::Commands { naming: vec![unit.to_owned(), "openclaw".to_owned(), "gateward".to_owned()] }
}

/// The asker, the one farthest up where one calls the other: OpenClaw's command line and ours call systemctl.
pub fn find(unit: &str, processes: &[ProcessSeen]) -> Option<By> {
    let any = |is: fn(&ProcessSeen, &str) -> bool| processes.iter().any(|process| is(process, unit));
    let ranked = [
        (any(is_gateward), By::Gateward),
        (any(is_openclaw), By::Openclaw),
        (any(is_systemctl), By::Systemctl),
    ];
    ranked.into_iter().find_map(|(is, by)| is.then_some(by))
}

fn is_gateward(process: &ProcessSeen, _unit: &str) -> bool {
    let is_cli = process.command.first().is_some_and(|program| file_name(program) == "gateward");
    is_cli && has(process, &["stop", "restart", "uninstall", "install"])
}

fn is_openclaw(process: &ProcessSeen, _unit: &str) -> bool {
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

    fn process(command: &str) -> ProcessSeen {
        ProcessSeen {
            pid: 7,
            parent: 1,
            program: String::new(),
            command: command.split(' ').map(str::to_owned).collect(),
            user: "anna".to_owned(),
            started: None,
            unit: None,
        }
    }

    fn found(commands: &[&str]) -> Option<By> {
        let processes: Vec<_> = commands.iter().map(|command| process(command)).collect();
        find(UNIT, &processes)
    }

    #[test]
    fn a_typed_systemctl_is_told() {
        assert_eq!(found(&["systemctl --user stop openclaw-gateway"]), Some(By::Systemctl));
    }

    #[test]
    fn who_calls_systemctl_counts_for_more_than_systemctl() {
        let systemctl = "/usr/bin/systemctl --user stop openclaw-gateway.service";
        assert_eq!(found(&[systemctl, "node /opt/bin/openclaw gateway stop --force"]), Some(By::Openclaw));
        assert_eq!(found(&[systemctl, "/usr/bin/gateward restart"]), Some(By::Gateward));
    }

    #[test]
    fn the_gateway_itself_and_other_units_are_no_askers() {
        let gateway = "node /opt/openclaw/dist/index.js gateway --port 18789";
        assert_eq!(found(&[gateway, "systemctl --user stop other.service", "gateward watch"]), None);
    }
}
