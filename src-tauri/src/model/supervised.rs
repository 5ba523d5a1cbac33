//! What the manager says of the process, and how processes end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// What the manager says of the process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Supervised {
    Running(Run),
    /// The manager is starting it; systemd's `activating` without a pending restart.
    Starting,
    /// It ended and the manager will start it again by itself.
    Waiting {
        last_exit: Option<ExitRecord>,
        restarts: u32,
    },
    Stopping {
        pid: Option<u32>,
        /// When what is left of it is killed, where the manager tells.
        #[serde(default)]
        #[cfg_attr(test, ts(type = "string | null"))]
        until: Option<Timestamp>,
    },
    Stopped {
        last_exit: Option<ExitRecord>,
    },
    /// The manager stopped restarting it; start is refused until that is cleared.
    GaveUp {
        last_exit: Option<ExitRecord>,
        restarts: u32,
    },
    /// The file is there, but the manager does not know the service.
    Unloaded,
    /// Neither file nor manager know the service.
    Absent,
    Unknown {
        why: Problem,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Run {
    pub pid: u32,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub since: Option<Timestamp>,
    /// Automatic restarts since the last start by hand; planned ones count too.
    pub restarts: u32,
    /// How the run before this one ended, where the manager still knows.
    pub last_exit: Option<ExitRecord>,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExitRecord {
    pub exit: Exit,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Timestamp>,
    pub pid: Option<u32>,
    /// The manager's own verdict on it, such as systemd's `Result` (`success`, `signal`, `oom-kill`, `timeout`).
    pub result: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Exit {
    Code { code: i32 },
    Signal { signal: i32, core: bool },
}

/// [`ExitRecord::result`] where launchd itself could not start the program; it then reports exit code 78, as a gateway that
/// refuses its configuration does.
pub const SPAWN_FAILED: &str = "spawn failed";

impl ExitRecord {
    pub fn is_config_error(&self) -> bool {
        self.exit.is_config_error() && self.result.as_deref() != Some(SPAWN_FAILED)
    }
}

/// EX_CONFIG of sysexits(3): OpenClaw's "do not start me again like this" (OC 9.9).
pub const EXIT_CONFIG: i32 = 78;

impl Exit {
    pub fn is_success(self) -> bool {
        match self {
            // 143 = 128 + SIGTERM: stopped before its handlers were up (observed 3.4).
            Exit::Code { code } => code == 0 || code == 143,
            Exit::Signal { .. } => false,
        }
    }

    pub fn is_config_error(self) -> bool {
        self == Exit::Code { code: EXIT_CONFIG }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_launchd_could_not_start_is_no_config_error() {
        let record = |result: Option<&str>| ExitRecord {
            exit: Exit::Code { code: EXIT_CONFIG },
            at: None,
            pid: None,
            result: result.map(str::to_owned),
        };
        assert!(record(None).is_config_error());
        assert!(!record(Some(SPAWN_FAILED)).is_config_error());
    }

    #[test]
    fn an_early_term_is_no_crash() {
        assert!(Exit::Code { code: 143 }.is_success());
        assert!(!Exit::Signal { signal: 9, core: false }.is_success());
    }
}
