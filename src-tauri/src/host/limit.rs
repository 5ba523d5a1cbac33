//! When whoever runs the host would kill it after asking it to stop. The host's own stops are fitted into that (A13).
//!
//! The manager is asked and not told by what we render: a drop-in or an edited plist changes the number behind our back, and a
//! definition somebody else wrote never had ours. Only a container's runtime cannot be asked from inside; its number may be said
//! with `--kill-limit` or `GATEWARD_KILL_LIMIT`.

use std::time::Duration;

use super::Options;
use crate::adapter::launchd::{plist, print};
use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::plan::{Call, Tool};
use crate::problem::{Code, Problem};
use crate::system::System;
use crate::world::World;

/// `docker stop` without `--time`; also what Podman does.
const CONTAINER: Duration = Duration::from_secs(10);
/// Where the plist has no ExitTimeOut. launchd.plist(5) says 20 s; every recorded job without the key has 5
/// (tests/fixtures/launchd/print).
const LAUNCHD: u64 = 5;

/// The time from SIGTERM to the manager's own SIGKILL; `None` when nobody would kill us, or it is unknown.
///
/// # Errors
/// `BadValue` when `GATEWARD_KILL_LIMIT` is no time.
pub async fn limit(world: &World, options: &Options) -> Result<Option<Duration>, Problem> {
    let told = world.around.variable(VARIABLE).map(told).transpose()?;
    if let Some(limit) = options.kill_limit.or(told) {
        return Ok(Some(limit));
    }
    if std::process::id() == 1 {
        // A drain that somebody chose for this container fits it.
        return Ok(options.stop_timeout.is_none().then_some(CONTAINER));
    }
    Ok(match world.around.os {
        Os::Linux => systemd(&*world.system).await,
        Os::MacOs => launchd(&*world.system, &world.around).await,
        Os::Windows => None,
    })
}

const VARIABLE: &str = "GATEWARD_KILL_LIMIT";

fn told(text: &str) -> Result<Duration, Problem> {
    super::duration(text).map_err(|why| {
        let value = crate::problem::clean(text);
        Problem::new(Code::BadValue)
            .with("variable", VARIABLE)
            .with("value", value)
            .with("reason", "time")
            .because(why)
    })
}

/// Asked through `systemctl`, once: a connection to the bus would stay in memory for as long as the host lives.
async fn systemd(system: &dyn System) -> Option<Duration> {
    let group = system.read("/proc/self/cgroup").ok().flatten()?.text();
    let (unit, is_users) = own_service(&group)?;
    let mut args = vec!["show", "--no-pager", "--property=TimeoutStopUSec", "--value", unit];
    if is_users {
        args.insert(0, "--user");
    }
    let answer = system.run(&Call::new(Tool::Systemctl, &args, PATIENCE)).await;
    // `infinity` is no time, and no limit.
    super::duration(answer.stdout.trim()).ok().filter(|limit| !limit.is_zero())
}

/// The service whose processes are ours in `/proc/self/cgroup`, and whether it is one of a user manager.
fn own_service(group: &str) -> Option<(&str, bool)> {
    // On a mixed machine only one of the two trees may be the manager's.
    let mut paths = group.lines().filter_map(|line| {
        line.strip_prefix("0::").or_else(|| line.split_once(":name=systemd:").map(|(_, path)| path))
    });
    let path = paths.find(|path| path.ends_with(".service"))?;
    let unit = path.rsplit('/').next()?;
    let is_users = path.split('/').any(|part| part.starts_with("user@"));
    // A user manager in a container of its own has no `user@` above it.
    Some((unit, is_users || path.contains("/app.slice/")))
}

/// What launchd has in memory, else the job's own plist: an edited one counts from its next bootstrap on. 0 means for ever.
///
/// A program in a terminal has a service name too, but no such file.
async fn launchd(system: &dyn System, around: &Surroundings) -> Option<Duration> {
    let label = around.variable("XPC_SERVICE_NAME")?;
    let path = layout::launch_agent(around.home().ok()?, label);
    let agent = plist::parse(&system.read(&path).ok().flatten()?.bytes).ok()?;
    let target = format!("gui/{}/{label}", around.uid);
    let answer = system.run(&Call::new(Tool::Launchctl, &["print", &target], PATIENCE)).await;
    let told = print::job(&answer.stdout).and_then(|job| job.exit_timeout_s);
    let seconds = told.or(agent.exit_timeout_s).unwrap_or(LAUNCHD);
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

/// The host's start waits for the answer.
const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::plan::Answer;
    use crate::system::scripted::{Machine, Scripted, Simulator};
    use crate::system::{Ask, Seen};

    #[test]
    fn the_service_is_the_last_part_of_the_group() {
        let users = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/openclaw-gateway.service\n";
        assert_eq!(own_service(users), Some(("openclaw-gateway.service", true)));
        assert_eq!(own_service("0::/system.slice/gw.service\n"), Some(("gw.service", false)));
        assert_eq!(
            own_service("12:pids:/x\n1:name=systemd:/system.slice/gw.service\n0::/\n"),
            Some(("gw.service", false))
        );
    }

    #[test]
    fn a_login_shell_is_in_no_service() {
        assert_eq!(own_service("0::/user.slice/user-1000.slice/session-3.scope\n"), None);
        assert_eq!(own_service("0::/\n"), None);
    }

    /// launchd that says this of every job.
    struct Says(&'static str);

    impl Simulator for Says {
        fn run(&mut self, call: &Call, _machine: &mut Machine) -> Answer {
            assert_eq!(call.args, ["print", "gui/1000/x"]);
            Answer { stdout: self.0.to_owned(), ..Answer::default() }
        }

        fn answer(&mut self, _ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
            None
        }
    }

    /// The limit of a job `x` with this in its plist.
    async fn of(inside: &str, says: &'static str) -> Option<u64> {
        let around = Surroundings { os: Os::MacOs, ..around(&[("XPC_SERVICE_NAME", "x")]) };
        let system = Scripted::new(Says(says));
        let begin =
            "<key>Label</key><string>x</string><key>ProgramArguments</key><array><string>/x</string></array>";
        let text = format!("<plist version=\"1.0\"><dict>{begin}{inside}</dict></plist>");
        system.write(&layout::launch_agent(around.home().unwrap(), "x"), text.as_bytes(), 0o644).unwrap();
        launchd(&system, &around).await.map(|limit| limit.as_secs())
    }

    #[tokio::test]
    async fn launchds_own_number_counts_before_an_edited_plists() {
        let edited = "<key>ExitTimeOut</key><integer>600</integer>";
        assert_eq!(of(edited, "gui/1000/x = {\n\tstate = running\n\texit timeout = 20\n}\n").await, Some(20));
        assert_eq!(of(edited, "gui/1000/x = {\n\tstate = running\n\texit timeout = 0\n}\n").await, None);
        assert_eq!(of(edited, "").await, Some(600));
    }

    #[tokio::test]
    async fn a_job_without_a_number_has_the_recorded_5_s() {
        assert_eq!(of("", "").await, Some(5));
        assert_eq!(of("<key>ExitTimeOut</key><integer>0</integer>", "").await, None);
    }

    #[tokio::test]
    async fn a_terminal_has_no_limit() {
        let around = Surroundings {
            os: Os::MacOs,
            ..around(&[("XPC_SERVICE_NAME", "application.com.apple.Terminal.1")])
        };
        assert_eq!(launchd(&Scripted::new(Says("")), &around).await, None);
    }

    #[test]
    fn systemds_times_are_understood() {
        for (text, seconds) in [("1min 30s", 90), ("5min 30s", 330), ("45s", 45), ("1h", 3600)] {
            assert_eq!(super::super::duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert!(super::super::duration("infinity").is_err());
    }
}
