//! `gateward run`: the process that runs the gateway as its child, answers signals and keeps what the gateway says.
//!
//! | Exit code | Meaning |
//! |---|---|
//! | 0 | stopped as asked; with `--detach`, the host runs; with `--stop`, nothing runs |
//! | 1 | the host could not do its work: see the message |
//! | 3 | gave up: the gateway failed too often |
//! | 78 | the gateway refuses its configuration |
//! | 124 | the drain deadline passed and the whole group was killed |
//! | other | stopped as asked, but the gateway ended with this code, or 128 and the signal's number |
//!
//! | Signal | Answer |
//! |---|---|
//! | SIGTERM, SIGINT | graceful stop; the second one shortens the wait to 3 s, the third kills at once |
//! | SIGQUIT | stop without a drain; while a restart drains, it goes on to its start |
//! | SIGHUP | graceful stop in a terminal; nothing in a detached host |
//! | SIGUSR1 | restart, when a token or the config's `commands.restart` allows it |
//! | SIGUSR2 | nothing; neither is ever passed on, as USR1 opens a debugger in the gateway and USR2 kills old ones |

use std::time::Duration;

use clap::Args;

use crate::adapter::builtin::OwnFolders;
use crate::identity::{self, Identity, Profile};
use crate::problem::{Code, Problem};
use crate::system::{System, child};
use crate::world::World;

mod boot;
mod desk;
mod detach;
mod evict;
mod gateway;
mod history;
mod hosting;
mod job;
mod later;
mod limit;
mod orphan;
mod renew;
mod stop;
mod token;

/// What to host and how.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// The profile; filled in from the command line's general option.
    #[arg(skip)]
    pub profile: Option<String>,

    /// Starts the host in the background and returns when it runs.
    #[arg(long)]
    pub detach: bool,

    /// Ends the profile's host and its gateway instead of starting one.
    #[arg(long, conflicts_with_all = ["detach", "program"])]
    pub stop: bool,

    /// The same without waiting for the gateway: its whole group is killed. Cuts a stop or restart under way short.
    #[arg(long, conflicts_with_all = ["detach", "program", "stop"])]
    pub stop_now: bool,

    /// Lets the profile's host restart its gateway gracefully, and waits for the new one.
    #[arg(long, conflicts_with_all = ["detach", "program", "stop", "stop_now"])]
    pub renew: bool,

    // What `install` and `uninstall` call: the line in the account's crontab.
    #[arg(long, hide = true, value_enum, conflicts_with_all = ["detach", "program", "stop", "stop_now", "renew"])]
    pub at_boot: Option<boot::AtBoot>,

    /// Folder to run the program in. [default: the installed one, else the current one]
    #[arg(long, value_name = "DIR")]
    pub workdir: Option<String>,

    /// How long the gateway may take to stop before its group is killed, as in 30s or 5m 30s. [default: 5m 30s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub stop_timeout: Option<Duration>,

    /// When whoever runs this host kills it after asking it to stop; every stop is over before. [default: asked of
    /// systemd or launchd; GATEWARD_KILL_LIMIT; 10s as process 1 of a container]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub kill_limit: Option<Duration>,

    /// Wait before the first restart after a failure; it doubles up to a minute. [default: 1s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub restart_delay: Option<Duration>,

    /// Failures after which the host gives up. [default: 10]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub give_up_after: Option<u32>,

    /// Size at which a log is rotated. [default: the setting logs.max_mib]
    #[arg(long, value_name = "BYTES", hide = true)]
    pub log_size: Option<u64>,

    /// Tells a failure as JSON on standard output.
    #[arg(long, hide = true)]
    pub report: bool,

    // What `--detach` starts.
    #[arg(long, hide = true)]
    pub detached: bool,

    // What a Scheduled Task starts: nobody sits before it or reads its streams.
    #[arg(long, hide = true)]
    pub scheduled: bool,

    // Restarts the service (with `--renew`: gracefully) when whoever calls is gone; it may be the service's own child.
    #[arg(long, hide = true)]
    pub restart_later: bool,

    // Sends Ctrl-C to another console.
    #[arg(long, hide = true, value_name = "PID")]
    pub interrupt: Option<u32>,

    #[command(flatten)]
    pub eviction: evict::Eviction,

    /// The program to run and its arguments. [default: the installed service]
    #[arg(last = true, value_name = "PROGRAM")]
    pub program: Vec<String>,
}

impl Options {
    /// Whether the host is on its own: no terminal shows its words, and none takes it along when it closes.
    fn is_apart(&self) -> bool {
        self.detached || self.scheduled
    }
}

/// Hosts a gateway until it is stopped, starts a host in the background, or ends one; gives the exit code of this process.
///
/// # Errors
/// `BadProfile`, `NoHome`, `BadValue`, `BadPort`; `NotInstalled` without a program or an installed service; `HostAlreadyRuns`;
/// `ProgramMissing`, `BadWorkingDir`; `WriteFailed` when the state folder cannot be used; `StillRunning` when `--stop` failed;
/// `DidNotStart` when `--detach` did; `NoHost` or what became of it when `--renew` failed. With `--report` they are printed instead, and the code is 1.
pub async fn run(world: World, options: Options) -> Result<i32, Problem> {
    let report = options.report || options.detached;
    match dispatch(&world, &options).await {
        Err(problem) if report => {
            say(&serde_json::to_string(&problem).unwrap_or_default());
            Ok(1)
        }
        Err(problem) if options.scheduled => {
            tracing::error!(%problem, "the host ends");
            Err(problem)
        }
        result => result,
    }
}

/// Whoever started us may be gone by now.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn dispatch(world: &World, options: &Options) -> Result<i32, Problem> {
    let place = Place::new(world, options.profile.as_deref())?;
    if options.stop {
        return stop::stop(world, &place).await.map(|()| 0);
    }
    if options.stop_now {
        return stop::force(world, &place).await.map(|()| 0);
    }
    if let Some(wanted) = options.at_boot {
        return boot::set(world, &place, wanted).await.map(|()| 0);
    }
    if let Some(proof) = options.eviction.proof() {
        return evict::evict(world, &proof).await.map(|()| 0);
    }
    if options.restart_later {
        return later::restart(world, &place, options).await.map(|()| 0);
    }
    if options.renew {
        return renew::renew(world, &place).await.map(|()| 0);
    }
    if let Some(pid) = options.interrupt {
        return child::interrupt(pid)
            .map(|()| 0)
            .map_err(|error| Problem::new(Code::Internal).because(error.to_string()));
    }
    if options.detach {
        return detach::detach(world, &place, options).await.map(|()| 0);
    }
    hosting::host(world, place, options).await
}

/// Where one profile's host works.
#[derive(Clone)]
struct Place {
    id: Identity,
    own: OwnFolders,
}

impl Place {
    fn new(world: &World, profile: Option<&str>) -> Result<Self, Problem> {
        let name = profile.or_else(|| world.around.variable("OPENCLAW_PROFILE")).unwrap_or_default();
        let profile = Profile::parse(name, world.around.os)?;
        let id = identity::identify(&profile, &world.around, None)?;
        Ok(Self { id, own: OwnFolders::new(&world.around)? })
    }

    /// Nobody writes to them any more. They are no files: whoever opens one waits for a writer.
    fn remove_pipes(&self, system: &dyn System) {
        for path in self.own.pipes(&self.id) {
            if let Err(problem) = system.remove(&path) {
                tracing::debug!(%problem, "a pipe stays behind");
            }
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let signed: jiff::SignedDuration = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    signed.try_into().map_err(|_| "less than nothing".to_owned())
}
