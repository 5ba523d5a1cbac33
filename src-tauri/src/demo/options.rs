use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use super::generation::Generation;

/// What the demo gateway plays.
///
/// A duration is a number with a unit, as in `250ms`, `5s` or `1m 30s`. It counts from the end of the start delay, unless
/// its option says otherwise.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Port for HTTP and WebSocket; 0 takes a free one and prints it.
    /// [default: OPENCLAW_GATEWAY_PORT, then gateway.port of --config, then 18789]
    #[arg(long)]
    pub port: Option<u16>,

    /// The one address to listen on. [default: both 127.0.0.1 and ::1]
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<IpAddr>,

    /// The OpenClaw generation to imitate.
    #[arg(long, value_enum, default_value = "new")]
    pub generation: Generation,

    /// Version to answer with. [default: the imitated one's]
    #[arg(long, value_name = "TEXT")]
    pub version_text: Option<String>,

    /// File that holds the shared token. [default: OPENCLAW_GATEWAY_TOKEN, then gateway.auth.token of --config]
    #[arg(long, value_name = "PATH")]
    pub token_file: Option<PathBuf>,

    /// OpenClaw configuration to check: exits with 78 (old: 1) when missing, broken or without gateway.mode=local.
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,

    /// Starts although gateway.mode isn't local.
    #[arg(long)]
    pub allow_unconfigured: bool,

    /// Answers over TLS with this certificate (PEM).
    #[arg(long, value_name = "PATH", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The key of --tls-cert (PEM).
    #[arg(long, value_name = "PATH", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// File to append the JSON-lines application log to.
    #[arg(long, value_name = "PATH")]
    pub log_file: Option<PathBuf>,

    /// A store in the form of auth-profiles.json, from which `models.authStatus` is answered; read anew for each answer.
    #[arg(long, value_name = "PATH")]
    pub profiles: Option<PathBuf>,

    /// Writes arguments, environment and working folder of this process to a JSON file, then goes on.
    #[arg(long, value_name = "PATH")]
    pub print_launch: Option<PathBuf>,

    /// Waits before it starts (a TIME is a number with a unit: 250ms, 5s, 1m30s); a signal ends it at once meanwhile,
    /// as before the real one's handlers are up.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s", hide_default_value = true)]
    pub start_delay: Duration,

    /// Is live but not ready for this long.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s", hide_default_value = true)]
    pub ready_delay: Duration,

    /// Never opens its port.
    #[arg(long)]
    pub never_listen: bool,

    /// Is never ready: /readyz answers 503 and names these parts as failing.
    #[arg(long, value_name = "PARTS", num_args = 0..=1, require_equals = true, value_delimiter = ',', default_missing_value = "channels")]
    pub not_ready: Option<Vec<String>>,

    /// Answers every path with a page, as the old generation does.
    #[arg(long)]
    pub html_only: bool,

    /// Exits by itself.
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with_all = ["die_by_signal", "self_restart_after"])]
    pub exit_after: Option<Duration>,

    /// Exit code for --exit-after.
    #[arg(long, value_name = "CODE", default_value_t = 1, requires = "exit_after")]
    pub exit_code: u8,

    /// Ends itself with this signal (on Windows: aborts).
    #[arg(
        long,
        value_name = "SIGNAL",
        value_enum,
        ignore_case = true,
        conflicts_with = "self_restart_after"
    )]
    pub die_by_signal: Option<Fatal>,

    /// When --die-by-signal happens.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s", hide_default_value = true, requires = "die_by_signal")]
    pub after: Duration,

    /// Restarts as planned: exits with 0 so that the service manager starts it again.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub self_restart_after: Option<Duration>,

    /// Last words on stderr before it ends by itself.
    #[arg(long, value_name = "TEXT")]
    pub say: Option<String>,

    /// Stops answering this long after it began to listen, but keeps its port; still ends on SIGTERM unless
    /// --ignore-term.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub hang_after: Option<Duration>,

    /// Logs SIGTERM and SIGINT and goes on.
    #[arg(long, conflicts_with = "slow_stop")]
    pub ignore_term: bool,

    /// Drains for this long before it stops.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s", hide_default_value = true)]
    pub slow_stop: Duration,

    /// Writes this many log lines each second.
    #[arg(long, value_name = "LINES_PER_S", default_value_t = 0, hide_default_value = true)]
    pub flood: u32,

    /// When a silent WebSocket client is closed. [default: 15s, old: 10s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub handshake_deadline: Option<Duration>,

    /// How often WebSocket clients get a tick.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30s")]
    pub tick_every: Duration,

    // The service's command line has the real gateway's form. Flags are listed one by one: a misspelt behaviour must be
    // an error, or a test that asks for it could not fail.
    #[arg(long, hide = true)]
    bind: Option<String>,

    #[arg(long, hide = true)]
    force: bool,

    #[arg(hide = true)]
    words: Vec<OsString>,
}

/// A signal that ends a process which doesn't expect it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Fatal {
    Abrt,
    Bus,
    Hup,
    Ill,
    Int,
    Kill,
    Quit,
    Segv,
    Term,
}

/// How and when the demo gateway ends without being told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    pub after: Duration,
    pub end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Exit(u8),
    Signal(Fatal),
    PlannedRestart,
}

impl Options {
    pub(super) fn fate(&self) -> Option<Fate> {
        let exit = self.exit_after.map(|after| Fate { after, end: End::Exit(self.exit_code) });
        let signal = self.die_by_signal.map(|fatal| Fate { after: self.after, end: End::Signal(fatal) });
        let restart = self.self_restart_after.map(|after| Fate { after, end: End::PlannedRestart });
        exit.or(signal).or(restart)
    }

    pub(super) fn version(&self) -> &str {
        self.version_text.as_deref().unwrap_or(self.generation.version())
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let signed: SignedDuration = text
        .parse()
        .map_err(|_| format!("`{text}` is no duration: write a number and a unit, as in `5s` or `250ms`"))?;
    Duration::try_from(signed).map_err(|_| format!("`{text}` is negative"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn durations_are_numbers_with_units() {
        let read = ["250ms", "5s", "1m 30s", "0s"].map(|text| duration(text).unwrap().as_millis());
        assert_eq!(read, [250, 5_000, 90_000, 0]);
    }

    #[test]
    fn a_duration_without_unit_or_below_zero_is_refused() {
        assert!(["5", "-5s", "", "soon"].into_iter().all(|text| duration(text).is_err()));
    }

    #[test]
    fn the_real_gateways_command_line_is_accepted() {
        let options = parse(&["gateway", "--port", "4711", "--bind", "loopback", "--force"]).unwrap();
        assert_eq!(options.port, Some(4711));
    }

    #[test]
    fn words_after_a_double_dash_are_never_read_as_flags() {
        let options = parse(&["--port", "4711", "--", "--port", "-x", "%h $HOME"]).unwrap();
        assert_eq!((options.port, options.words.len()), (Some(4711), 3));
    }

    #[test]
    fn a_misspelt_behaviour_is_refused() {
        assert!(parse(&["--exit-aftr", "5s"]).is_err());
    }

    #[test]
    fn two_fates_at_once_are_refused() {
        assert!(parse(&["--exit-after", "5s", "--die-by-signal", "KILL"]).is_err());
    }

    #[test]
    fn a_fatal_signal_may_be_written_in_any_case() {
        let fate = parse(&["--die-by-signal", "kill", "--after", "5s"]).unwrap().fate();
        assert_eq!(fate, Some(Fate { after: Duration::from_secs(5), end: End::Signal(Fatal::Kill) }));
    }

    #[test]
    fn not_ready_without_names_blames_the_channels() {
        assert_eq!(parse(&["--not-ready"]).unwrap().not_ready, Some(vec!["channels".to_owned()]));
    }

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        options: Options,
    }

    fn parse(arguments: &[&str]) -> Result<Options, clap::Error> {
        Program::try_parse_from([&["demo"], arguments].concat()).map(|program| program.options)
    }
}
