//! When whoever runs the host would kill it after asking it to stop. The host's own stops are fitted into that (A13).
//!
//! The manager is asked and not told by what we render: a drop-in or an edited plist changes the number behind our back, and a
//! definition somebody else wrote never had ours. Only a container's runtime cannot be asked from inside; its number may be said
//! with `--kill-limit` or `GATEWARD_KILL_LIMIT`.

use std::time::Duration;

use super::Options;
use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::plan::{Call, Tool};
use crate::problem::{Code, Problem};
use crate::system::System;
use crate::world::World;

/// `docker stop` without `--time`; also what Podman does.
const CONTAINER: Duration = Duration::from_secs(10);
/// launchd.plist(5): ExitTimeOut where the plist has none.
const LAUNCHD: u64 = 20;

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
        Os::MacOs => launchd(&*world.system, &world.around),
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
    let answer = system.run(&Call::new(Tool::Systemctl, &args, Duration::from_secs(5))).await;
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

/// The job's own plist; a program in a terminal has a service name too, but no such file.
fn launchd(system: &dyn System, around: &Surroundings) -> Option<Duration> {
    let label = around.variable("XPC_SERVICE_NAME")?;
    let file = format!("{label}.plist");
    let path = layout::join(around.home().ok()?, &["Library", "LaunchAgents", &file], around.os);
    exit_timeout(&system.read(&path).ok().flatten()?.bytes)
}

/// 0 means that launchd waits for ever.
fn exit_timeout(plist: &[u8]) -> Option<Duration> {
    let plist = plist::Value::from_reader(std::io::Cursor::new(plist)).ok()?;
    let set = plist.as_dictionary()?.get("ExitTimeOut").and_then(plist::Value::as_unsigned_integer);
    Some(set.unwrap_or(LAUNCHD)).filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_plists_exit_timeout_counts_and_its_default_is_20_s() {
        let plist = |inside: &str| format!("<plist version=\"1.0\"><dict>{inside}</dict></plist>");
        let of = |inside: &str| exit_timeout(plist(inside).as_bytes());
        assert_eq!(of("<key>ExitTimeOut</key><integer>45</integer>"), Some(Duration::from_secs(45)));
        assert_eq!(of("<key>Label</key><string>x</string>"), Some(Duration::from_secs(20)));
        assert_eq!(of("<key>ExitTimeOut</key><integer>0</integer>"), None);
        assert_eq!(exit_timeout(b"none"), None);
    }

    #[test]
    fn systemds_times_are_understood() {
        for (text, seconds) in [("1min 30s", 90), ("5min 30s", 330), ("45s", 45), ("1h", 3600)] {
            assert_eq!(super::super::duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert!(super::super::duration("infinity").is_err());
    }
}
