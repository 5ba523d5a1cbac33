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

/// Programs that hold a port on behalf of a container or another system inside this one, by file name: the gateway is in there.
const FORWARDERS: &[(&str, &str)] = &[
    ("docker-proxy", "docker container"),
    ("com.docker.backend", "docker container"),
    ("com.docker.vpnkit", "docker container"),
    ("vpnkit", "docker container"),
    ("rootlesskit", "rootless container"),
    ("rootlessport", "podman container"),
    ("slirp4netns", "rootless container"),
    ("pasta.avx2", "podman container"),
    ("pasta", "podman container"),
    ("gvproxy", "podman machine"),
    ("OrbStack Helper", "OrbStack container"),
    ("wslrelay", "WSL"),
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

/// Where a program that only forwards a port forwards it to.
pub fn forwards(program: &str) -> Option<String> {
    let name = file_name(program);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    FORWARDERS.iter().find(|(mark, _)| *mark == name).map(|(_, place)| (*place).to_owned())
}

/// The launchd job whose process this is, by the label that launchd gives it. Programs in a terminal have the terminal's, which is
/// an application's or `0` (OC, upstream #20555); what a login lies above is a person's.
#[cfg(any(test, not(any(target_os = "linux", windows))))]
pub fn job(variables: &BTreeMap<String, String>, ancestors: &[Vec<String>]) -> Option<String> {
    let by_person = ancestors.iter().any(|command| command.first().is_some_and(|word| is_login(word)));
    let label = variables.get("XPC_SERVICE_NAME").filter(|_| !by_person)?;
    (label != "0" && !label.starts_with("application.")).then(|| label.clone())
}

/// By the processes from itself upwards: the task that runs in one of them, else the service. Task Scheduler is a service itself,
/// and says less than its task does.
#[cfg(any(test, windows))]
pub fn within(chain: &[u32], tasks: &[(u32, String)], services: &[(u32, String)]) -> Option<String> {
    let named = |all: &[(u32, String)]| {
        let of = |pid: &u32| all.iter().find(|(own, _)| own == pid).map(|(_, name)| name.clone());
        chain.iter().find_map(of)
    };
    named(tasks).or_else(|| named(services).map(|name| format!("service {name}")))
}

/// By its own variables: a supervisor that OpenClaw's CLI knows of announces itself (OC 9.4). Our host does so too, and says whose
/// it is: what it leaves behind is nobody's any more.
pub fn said(variables: &BTreeMap<String, String>) -> Option<String> {
    let is_external = variables.get(MODE).is_some_and(|mode| mode == "external");
    (is_external && !is_hosted(variables)).then(|| format!("{MODE}=external"))
}

/// Whether our own host started it.
pub fn is_hosted(variables: &BTreeMap<String, String>) -> bool {
    variables.contains_key(MARK)
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
    fn who_forwards_a_port_names_what_is_behind_it() {
        for (program, wanted) in [
            ("/usr/libexec/docker/docker-proxy", Some("docker container")),
            (r"C:\Program Files\Docker\Docker\resources\com.docker.backend.exe", Some("docker container")),
            ("/usr/bin/node", None),
        ] {
            assert_eq!(forwards(program).as_deref(), wanted, "{program}");
        }
    }

    #[test]
    fn a_job_of_launchds_is_named_and_a_terminals_program_is_none() {
        let named = |label: &str, ancestors: &[&str]| {
            let variables = [("XPC_SERVICE_NAME".to_owned(), label.to_owned())].into();
            let ancestors: Vec<Vec<String>> = ancestors.iter().map(|word| vec![(*word).to_owned()]).collect();
            job(&variables, &ancestors)
        };
        assert_eq!(named("com.clawdbot.gateway", &["/bin/sh"]).as_deref(), Some("com.clawdbot.gateway"));
        assert_eq!(named("0", &["-zsh", "login"]), None);
        assert_eq!(named("application.com.microsoft.VSCode.1.2", &[]), None);
        assert_eq!(named("com.openssh.sshd.4711", &["-zsh", "sshd: anna@ttys001"]), None);
    }

    #[test]
    fn a_task_says_more_than_the_service_that_runs_it() {
        let all = |names: &[(u32, &str)]| {
            names.iter().map(|(pid, name)| (*pid, (*name).to_owned())).collect::<Vec<_>>()
        };
        let (tasks, services) =
            (all(&[(40, "Clawdbot Gateway")]), all(&[(9, "Schedule"), (12, "nssm-gateway")]));
        assert_eq!(within(&[50, 40, 9], &tasks, &services).as_deref(), Some("Clawdbot Gateway"));
        assert_eq!(within(&[50, 41, 12], &tasks, &services).as_deref(), Some("service nssm-gateway"));
        assert_eq!(within(&[50, 41], &tasks, &services), None);
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
