//! What started a process, where no unit and no container tells: the supervisor or desktop application it descends from.

use std::collections::BTreeMap;

use crate::system::child::MARK;

/// Supervisors, by the file name of a program or script of theirs.
const SUPERVISORS: &[(&str, &str)] = &[
    ("supervisord", "supervisor"),
    ("runsv", "runit"),
    ("s6-supervise", "s6"),
    ("supervise", "daemontools"),
    ("circusd", "circus"),
    ("monit", "monit"),
];

/// By these a person started it, and what is above them is only where that person sat.
const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh", "fish", "cmd.exe", "powershell.exe", "pwsh.exe"];

/// By the command lines of a process's ancestors, nearest first.
pub fn of(ancestors: &[Vec<String>]) -> Option<String> {
    // Where runit is the init system, every login descends from it.
    let below_login = |command: &&Vec<String>| !command.first().is_some_and(|word| is_login(word));
    let below_shell = |command: &&Vec<String>| !command.first().is_some_and(|word| is_shell(word));
    let supervisor = ancestors.iter().take_while(below_login).find_map(|command| supervisor(command));
    let application = || ancestors.iter().take_while(below_shell).find_map(|it| application(it.first()?));
    supervisor.or_else(application)
}

/// By its own variables: a supervisor that OpenClaw's CLI knows of announces itself (OC 9.4). Our host does so too, and says whose
/// it is: what it leaves behind is nobody's any more.
pub fn said(variables: &BTreeMap<String, String>) -> Option<String> {
    let is_external = variables.get(MODE).is_some_and(|mode| mode == "external");
    (is_external && !variables.contains_key(MARK)).then(|| format!("{MODE}=external"))
}

const MODE: &str = "OPENCLAW_SUPERVISOR_MODE";

fn supervisor(command: &[String]) -> Option<String> {
    // pm2 renames itself to `PM2 v5.4.2: God Daemon (/home/anna/.pm2)`.
    if command.join(" ").contains("God Daemon") {
        return Some("pm2".to_owned());
    }
    // The second word where the first is an interpreter.
    let names: Vec<&str> = command.iter().take(2).map(|word| file_name(word)).collect();
    let found = SUPERVISORS.iter().find(|(mark, _)| names.contains(mark));
    found.map(|(_, name)| (*name).to_owned())
}

/// A bundle of macOS.
fn application(program: &str) -> Option<String> {
    program.split_once(".app/Contents/").map(|(path, _)| format!("{}.app", file_name(path)))
}

fn is_login(word: &str) -> bool {
    // A login shell bears a dash; a session of sshd calls itself `sshd: anna@pts/0`.
    word.starts_with('-') || word.starts_with("sshd: ") || file_name(word) == "login"
}

fn is_shell(word: &str) -> bool {
    is_login(word) || SHELLS.contains(&file_name(word))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(ancestors: &[&str]) -> Option<String> {
        let words = |line: &&str| line.split(' ').map(str::to_owned).collect();
        of(&ancestors.iter().map(words).collect::<Vec<_>>())
    }

    #[test]
    fn a_supervisor_is_named_through_the_scripts_between() {
        for (ancestors, wanted) in [
            (&["PM2 v5.4.2: God Daemon (/home/anna/.pm2)"][..], "pm2"),
            (&["sh ./run", "/usr/bin/runsv gateway", "runsvdir"], "runit"),
            (&["/usr/bin/python3 /usr/bin/supervisord -n"], "supervisor"),
            (&["s6-supervise gateway", "s6-svscan"], "s6"),
        ] {
            assert_eq!(found(ancestors).as_deref(), Some(wanted));
        }
    }

    #[test]
    fn an_application_is_named_and_a_terminal_in_which_a_person_types_is_none() {
        let terminal = "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal";
        assert_eq!(
            found(&["/Applications/OpenClaw.app/Contents/MacOS/OpenClaw"]).as_deref(),
            Some("OpenClaw.app")
        );
        assert_eq!(found(&["-zsh", "login -fp anna", terminal]), None);
        assert_eq!(found(&["bash", "-bash", "runsv agetty-tty1"]), None);
    }

    #[test]
    fn who_announces_itself_is_believed_except_our_own_host() {
        let variables = |names: &[(&str, &str)]| {
            names.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(
            said(&variables(&[(MODE, "external")])).as_deref(),
            Some("OPENCLAW_SUPERVISOR_MODE=external")
        );
        assert_eq!(said(&variables(&[(MODE, "external"), (MARK, "1")])), None);
        assert_eq!(said(&variables(&[(MODE, "auto")])), None);
    }
}
