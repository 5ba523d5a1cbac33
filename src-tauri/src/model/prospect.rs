//! What becomes of the gateway by itself.

use serde::{Deserialize, Serialize};

/// What will happen on one occasion, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Prospect {
    pub occasion: Occasion,
    pub becomes: Becomes,
    /// The facts that decide it.
    pub because: Vec<Ground>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// The account's last login session ends.
    Logout,
    Login,
    /// The machine starts anew, with nobody logged in yet.
    Reboot,
}

impl Occasion {
    pub const ALL: &[Occasion] = &[Occasion::Logout, Occasion::Login, Occasion::Reboot];

    /// The catalogue has `prospect-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Occasion::Logout => "logout",
            Occasion::Login => "login",
            Occasion::Reboot => "reboot",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Becomes {
    RunsOn,
    Ends,
    /// Unless it runs already.
    Starts,
    /// The occasion itself starts nothing; the login after it does.
    StartsAtLogin,
    StaysStopped,
    /// Somebody has forbidden each start.
    Refused,
    Unknown,
}

impl Becomes {
    pub const ALL: &[Becomes] = &[
        Becomes::RunsOn,
        Becomes::Ends,
        Becomes::Starts,
        Becomes::StartsAtLogin,
        Becomes::StaysStopped,
        Becomes::Refused,
        Becomes::Unknown,
    ];

    /// The catalogue has `becomes-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Becomes::RunsOn => "runs-on",
            Becomes::Ends => "ends",
            Becomes::Starts => "starts",
            Becomes::StartsAtLogin => "starts-at-login",
            Becomes::StaysStopped => "stays-stopped",
            Becomes::Refused => "refused",
            Becomes::Unknown => "unknown",
        }
    }
}

/// A fact that decides what becomes of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    AtRest,
    ManagerSilent,
    /// loginctl(1)'s linger.
    Lingers,
    LingersNot,
    LingerUnknown,
    /// It starts by itself: an enabled unit, `RunAtLoad`, a logon trigger, an autostart entry.
    Autostart,
    NoAutostart,
    /// Masked, or disabled against its definition.
    Forbidden,
    AutostartUnknown,
    /// The manager keeps its services within the login session.
    SessionsManager,
    /// The built-in manager's process is its own session; logind's `KillUserProcesses` is off unless somebody has set it.
    Detached,
    /// Windows ends every process of the session.
    SessionsProcess,
    /// A line `@reboot` in the account's crontab(5).
    Cron,
}

impl Ground {
    pub const ALL: &[Ground] = &[
        Ground::AtRest,
        Ground::ManagerSilent,
        Ground::Lingers,
        Ground::LingersNot,
        Ground::LingerUnknown,
        Ground::Autostart,
        Ground::NoAutostart,
        Ground::Forbidden,
        Ground::AutostartUnknown,
        Ground::SessionsManager,
        Ground::Detached,
        Ground::SessionsProcess,
        Ground::Cron,
    ];

    /// The catalogue has `ground-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Ground::AtRest => "at-rest",
            Ground::ManagerSilent => "manager-silent",
            Ground::Lingers => "lingers",
            Ground::LingersNot => "lingers-not",
            Ground::LingerUnknown => "linger-unknown",
            Ground::Autostart => "autostart",
            Ground::NoAutostart => "no-autostart",
            Ground::Forbidden => "forbidden",
            Ground::AutostartUnknown => "autostart-unknown",
            Ground::SessionsManager => "sessions-manager",
            Ground::Detached => "detached",
            Ground::SessionsProcess => "sessions-process",
            Ground::Cron => "cron",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::assert_lists_all;

    #[test]
    fn none_is_left_out() {
        assert_lists_all(Occasion::ALL);
        assert_lists_all(Becomes::ALL);
        assert_lists_all(Ground::ALL);
    }
}
