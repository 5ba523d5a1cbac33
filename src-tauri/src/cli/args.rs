//! The command line's grammar. Help texts are here and not in the catalogue: clap and the manual are generated from them.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use jiff::{SignedDuration, SpanRelativeTo};

use crate::model::Manager;
use crate::setup::Legacy;
use crate::{demo, host};

mod changes;
mod diagnostics;
mod doctor;
mod env;
mod setup;
mod update;

pub use changes::{Changes, Undo};
pub use diagnostics::Diagnostics;
pub use doctor::{Doctor, Format};
pub use env::{Env, EnvChange};
pub use setup::Setup;
pub use update::Update;

const EXIT_CODES: &str = "\
Exit codes: 0 done · 1 failed · 2 wrong arguments
With `wait`: 124 not in time
With `update --check`: 0 nothing newer · 7 a newer version is there
With `status --check`: 0 ready · 3 not running · 4 unknown · 5 starting or stopping · 6 running, but not well";

/// Keeps an OpenClaw gateway running and tells the truth about it.
#[derive(Parser, Clone, Debug)]
#[command(name = "gateward", version, max_term_width = 100, after_help = EXIT_CODES)]
#[command(disable_help_subcommand = true)]
pub struct Args {
    #[command(flatten)]
    pub flags: Flags,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes, before or after its name.
#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Flags {
    /// The gateway to work on, when there are several. [default: OPENCLAW_PROFILE, else the default one]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Global options")]
    pub profile: Option<String>,

    /// Prints one JSON value instead of text.
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,

    /// Shows what would be done, step by step and with the files' differences, and changes nothing.
    #[arg(long, global = true, help_heading = "Global options")]
    pub dry_run: bool,

    /// Answers every question with yes.
    #[arg(long, short = 'y', global = true, help_heading = "Global options")]
    pub yes: bool,
}

#[derive(Subcommand, Clone, Debug)]
pub enum Command {
    /// Leads from an empty machine to a gateway that is proven to run, step by step; goes on where it was left.
    Setup(Setup),
    /// Installs the gateway as a service, starts it and waits until it answers.
    Install(Install),
    /// Stops the service and removes its definition; the gateway's own data stays.
    Uninstall(Uninstall),
    /// Starts the service and waits until it answers.
    Start,
    /// Stops the service and verifies that it ended.
    Stop(Stop),
    /// Restarts the service and verifies that a new process answers.
    Restart(Restart),
    /// After OpenClaw or node was updated: checks the definition, restarts or mends it, and proves that the new version answers.
    AfterUpdate,
    /// Tells what is installed, what runs, who holds the port and what answers.
    Status(Status),
    /// Shows the service's log.
    Logs(Logs),
    /// Shows what the service is given, beside what this shell has and the config says; `set`, `take`, `unset`, `workdir` and `node` change it.
    Env(Env),
    /// Prints the definition that `install` would write.
    Render(Render),
    /// Runs the gateway as a child, restarts it and keeps its output: the built-in manager's work.
    Run(Box<host::Options>),
    /// Plays a gateway, without OpenClaw.
    Demo(Box<demo::Options>),
    /// Tells every change of the gateway's state as it happens.
    Watch(Watch),
    /// Waits until the gateway is in a state.
    Wait(Wait),
    /// Lists what happened to the gateway, the newest first.
    History(History),
    /// Lists what Gateward has changed, the newest first, and ends what was cut off.
    Changes(Changes),
    /// Takes a change back: the files as they were, and the service manager as it was.
    Undo(Undo),
    /// Tells what about the service will surprise its owner, and mends it on request; looking changes nothing.
    Doctor(Doctor),
    /// Collects what whoever helps needs to know in one file, without secrets; shows first what would be in it.
    Diagnostics(Diagnostics),
    /// Explains a problem, a verdict, an exit code or a line of the gateway's log.
    Explain(Explain),
    /// Shows and changes what you have set: notices, quiet hours, alert routes, thresholds.
    #[command(subcommand)]
    Settings(Settings),
    /// Tells whether a newer Gateward was published, and where; installs nothing.
    Update(Update),
    /// Tells when logins, keys and tokens end, and warns in time.
    #[command(subcommand)]
    Auth(Auth),
}

/// How the service is to be.
#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Install {
    #[command(flatten)]
    pub wanted: Wanted,

    /// Writes the definition anew although the service is installed.
    #[arg(long)]
    pub force: bool,

    /// Lets the account's services start at boot and run on after logout (systemd: `loginctl enable-linger`).
    #[arg(long)]
    pub linger: bool,

    /// What becomes of services under OpenClaw's earlier names. [default: asks; with --yes: remove]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub legacy: Option<Legacy>,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Wanted {
    /// The gateway's TCP port. [default: OPENCLAW_GATEWAY_PORT, then gateway.port of the config, then 18789]
    #[arg(long, value_name = "PORT")]
    pub port: Option<String>,

    /// The gateway's working folder. [default: the service manager's own]
    #[arg(long, value_name = "DIR")]
    pub workdir: Option<String>,

    /// A variable for the gateway; repeatable. Secrets, told by their names, go into an owner-only file.
    #[arg(long = "env", value_name = "NAME=VALUE")]
    pub env: Vec<String>,

    /// A file with one NAME=VALUE in each line, so that secrets need not stand on the command line; `#` begins a comment.
    #[arg(long, value_name = "FILE")]
    pub env_file: Option<String>,

    /// The node to run OpenClaw with. [default: the first fitting one that is found]
    #[arg(long, value_name = "PATH", conflicts_with = "program")]
    pub node: Option<String>,

    /// Another program than OpenClaw, with its arguments.
    #[arg(last = true, value_name = "PROGRAM")]
    pub program: Vec<String>,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Uninstall {
    /// Every gateway of this account, what services have left, earlier names too, and Gateward's own jobs, settings and history; shows
    /// first what goes and what stays.
    #[arg(long, conflicts_with = "profile")]
    pub everything: bool,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Stop {
    /// Kills what is left of a gateway that is being stopped, instead of waiting until it has finished its work.
    #[arg(long, conflicts_with = "stay")]
    pub now: bool,

    /// Stays stopped after the next login or boot too, until `gateward start`. [default: it starts by itself again then]
    #[arg(long)]
    pub stay: bool,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Restart {
    /// Lets the host that runs the gateway restart it: with a one-time token and a signal, without ending the host. Without a host
    /// the service manager does it, which lets the gateway finish its work as well.
    #[arg(long)]
    pub graceful: bool,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Status {
    /// Tells by the exit code how the gateway is: 0 ready, 3 not running, 4 unknown, 5 starting or stopping, 6 anything else.
    #[arg(long)]
    pub check: bool,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Logs {
    /// Goes on as the log grows.
    #[arg(long, short)]
    pub follow: bool,

    /// How many lines to begin with.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 50)]
    pub lines: u32,

    /// OpenClaw's own application log instead of the service's output.
    #[arg(long)]
    pub app: bool,

    /// Everything there is, merged by time: application log, output, journal, starts and stops.
    #[arg(long, conflicts_with = "app")]
    pub all: bool,

    #[command(flatten)]
    pub of: Wanting,
}

/// Which lines of the merged log; each implies --all.
#[derive(ClapArgs, Clone, Debug, Default)]
#[command(next_help_heading = "Only of the merged log (implies --all)")]
pub struct Wanting {
    /// The least level: debug, info, warn or error.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub level: Option<Loudness>,

    /// A part of OpenClaw, with what is below it, such as channels.
    #[arg(long, value_name = "NAME")]
    pub subsystem: Option<String>,

    /// From this time on: 15m, 12:00, "2026-11-22 12:00" or RFC 3339.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,

    /// Up to this time.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,

    /// Lines in which this regular expression is found.
    #[arg(long, short = 'g', value_name = "REGEX")]
    pub grep: Option<String>,

    /// Says only how many lines these are.
    #[arg(long, requires = "grep", conflicts_with = "follow")]
    pub count: bool,
}

impl Wanting {
    pub fn is_given(&self) -> bool {
        let texts = [&self.subsystem, &self.since, &self.until, &self.grep];
        self.level.is_some() || texts.iter().any(|text| text.is_some())
    }
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loudness {
    Debug,
    Info,
    Warn,
    Error,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct Render {
    /// The service manager to write for.
    #[arg(long = "for", value_enum, value_name = "MANAGER")]
    pub target: Target,

    #[command(flatten)]
    pub wanted: Wanted,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Systemd,
    Launchd,
    Schtasks,
    Builtin,
}

impl Target {
    pub fn manager(self) -> Manager {
        match self {
            Target::Systemd => Manager::Systemd,
            Target::Launchd => Manager::Launchd,
            Target::Schtasks => Manager::Schtasks,
            Target::Builtin => Manager::Builtin,
        }
    }
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Watch {
    /// Watches every gateway that is installed for this account.
    #[arg(long)]
    pub all: bool,

    /// Also sends alerts over the routes of the settings.
    #[arg(long)]
    pub alert: bool,

    /// Installs `watch --alert` as a light service, for machines without a tray.
    #[arg(long, conflicts_with_all = ["alert", "uninstall"])]
    pub install: bool,

    /// Removes that service.
    #[arg(long, conflicts_with = "alert")]
    pub uninstall: bool,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct Wait {
    /// What to wait for: `ready`, it answers that it is; `running`, a process runs; `stopped`, none runs or will start by itself.
    #[arg(long = "for", value_enum, value_name = "STATE")]
    pub target: Awaited,

    /// Gives up after this time, as in 30s, 5m or 1m 30s.
    #[arg(long, value_name = "TIME", value_parser = span, default_value = "60s")]
    pub timeout: SignedDuration,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    Ready,
    Running,
    Stopped,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct History {
    /// How many at most.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    pub lines: u32,

    /// Only what happened within this time, as in 30d, 12h or 1d 6h.
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub since: Option<SignedDuration>,
}

/// Days have 24 hours here.
fn span(text: &str) -> Result<SignedDuration, String> {
    let span: jiff::Span = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|error| error.to_string())
}

#[derive(ClapArgs, Clone, Debug)]
pub struct Explain {
    /// A code, verdict or cause by its name, an exit code, or a line of the gateway's log; without it, lists all names.
    #[arg(value_name = "CODE_OR_TEXT")]
    pub text: Vec<String>,
}

#[derive(Subcommand, Clone, Debug)]
pub enum Auth {
    /// Lists every credential with its end, and what to do about it.
    Status(AuthStatus),
    /// Looks once and tells what has to be told; `--install` has it done every half hour.
    Monitor(AuthMonitor),
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct AuthStatus {
    /// Tells by the exit code how they are: 0 fine, 1 one has expired or is missing, 2 one is about to expire, 4 one is unknown.
    #[arg(long)]
    pub check: bool,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct AuthMonitor {
    /// Installs a timer of the service manager that runs this: 5 minutes after boot and then every half hour.
    #[arg(long, conflicts_with = "uninstall")]
    pub install: bool,

    /// Removes the timer.
    #[arg(long)]
    pub uninstall: bool,
}

#[derive(Subcommand, Clone, Debug)]
pub enum Settings {
    /// Shows all settings, one in each line; secrets as dots.
    Show,
    /// Shows one setting, or all below one.
    Get(Field),
    /// Sets one. A route's url and token are never taken from the command line, but typed unseen or read from standard input.
    Set(Setting),
    /// Puts one back to its default, or removes a route.
    Unset(Field),
    /// Sends a test alert over one route, or all, and tells what became of it.
    Try(Try),
}

#[derive(ClapArgs, Clone, Debug)]
pub struct Try {
    /// The route's name. [default: all]
    pub route: Option<String>,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct Field {
    /// As `show` names it, such as `notices.crash` or `alerts.routes.phone`.
    pub field: String,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct Setting {
    /// As `show` names it.
    pub field: String,
    /// JSON, or a text: `false`, `12`, `22:00-07:00`, `{"via":"ntfy"}`.
    pub value: Option<String>,
}

impl Command {
    /// The word a person typed.
    pub fn verb(&self) -> &'static str {
        match self {
            Command::Setup(_) => "setup",
            Command::Install(_) => "install",
            Command::Uninstall(_) => "uninstall",
            Command::Start => "start",
            Command::Stop(_) => "stop",
            Command::Restart(_) => "restart",
            Command::AfterUpdate => "after-update",
            Command::Status(_) => "status",
            Command::Logs(_) => "logs",
            Command::Env(_) => "env",
            Command::Render(_) => "render",
            Command::Run(_) => "run",
            Command::Demo(_) => "demo",
            Command::Watch(_) => "watch",
            Command::Wait(_) => "wait",
            Command::History(_) => "history",
            Command::Changes(_) => "changes",
            Command::Undo(_) => "undo",
            Command::Doctor(_) => "doctor",
            Command::Diagnostics(_) => "diagnostics",
            Command::Explain(_) => "explain",
            Command::Settings(_) => "settings",
            Command::Update(_) => "update",
            Command::Auth(_) => "auth",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Args {
        Args::try_parse_from(words.split(' ')).unwrap()
    }

    #[test]
    fn the_grammar_is_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for words in ["gateward --profile work --json status", "gateward status --json --profile work"] {
            let flags = parsed(words).flags;
            assert_eq!((flags.profile.as_deref(), flags.json), (Some("work"), true), "{words}");
        }
    }

    #[test]
    fn a_programs_own_flags_are_not_ours() {
        let Command::Install(install) = parsed("gateward install --port 1 -- /x --port 2 --json").command
        else {
            panic!()
        };
        assert_eq!(install.wanted.port.as_deref(), Some("1"));
        assert_eq!(install.wanted.program, ["/x", "--port", "2", "--json"]);
    }
}
