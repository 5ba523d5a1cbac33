//! What the service finds in its environment, beside what this session has and what OpenClaw's config says: one row for each name,
//! with what is wrong about it. Pure; secrets are compared and shown by their fingerprints.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::auth::survey::Survey;
use crate::environment::{self, MANAGED_NAMES, is_blocked, is_secret};
use crate::identity::Surroundings;
use crate::model::{DOTS, Finding, Registration, Variable};

/// One variable on all sides. A value is text, or dots and a fingerprint for a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Row {
    pub name: String,
    pub secret: bool,
    /// What the service is given.
    pub service: Option<String>,
    /// Where that stands: `inline`, or the path of the environment file or drop-in.
    pub source: Option<String>,
    /// What this process was given: the shell's environment, or the desktop session's.
    pub session: Option<String>,
    /// What OpenClaw's config brings itself.
    pub config: Option<String>,
    /// What `<state>/.env` brings.
    pub dotenv: Option<String>,
    /// The config refers to it.
    pub wanted: bool,
    pub signs: Vec<Sign>,
}

/// What is to be known of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The config refers to it, and nobody gives it to the gateway.
    Missing,
    /// Programs load foreign code through it, or the config may not set it; the gateway does not get it from there (OC 10.4).
    Blocked,
    /// The service has an old copy of what config, `.env` or token say by now.
    Stale,
    /// The service's value hides another one, of the config or `.env`.
    Shadowed,
    /// This session has it, the service does not: what works in a shell fails in the service.
    OnlyInSession,
    /// This session has another value.
    Differs,
}

impl Sign {
    pub const ALL: &[Sign] =
        &[Sign::Missing, Sign::Blocked, Sign::Stale, Sign::Shadowed, Sign::OnlyInSession, Sign::Differs];

    /// The catalogue has `sign-<name>` and `sign-why-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Sign::Missing => "missing",
            Sign::Blocked => "blocked",
            Sign::Stale => "stale",
            Sign::Shadowed => "shadowed",
            Sign::OnlyInSession => "only-in-session",
            Sign::Differs => "differs",
        }
    }

    /// Whether the gateway itself suffers from it.
    pub fn harms(self) -> bool {
        match self {
            Sign::Missing | Sign::Blocked | Sign::Stale => true,
            Sign::Shadowed | Sign::OnlyInSession | Sign::Differs => false,
        }
    }
}

/// By name. Of the session only what concerns a gateway is in it: what the others name, and what looks as if it were meant for one.
pub fn table(registration: &Registration, around: &Surroundings, said: &Survey) -> Vec<Row> {
    let (mut missing, mut drifted) = (BTreeSet::new(), BTreeSet::new());
    for finding in said.compared(&registration.environment) {
        match finding {
            Finding::VariablesMissing { names } => missing.extend(names),
            Finding::TokenDrift { variable, .. } => drop(drifted.insert(variable)),
            Finding::TokenBaked { .. } => {}
        }
    }
    let sides = Sides { registration, around, said, missing, drifted };
    sides.names().into_iter().map(|name| sides.row(name)).collect()
}

struct Sides<'a> {
    registration: &'a Registration,
    around: &'a Surroundings,
    said: &'a Survey,
    missing: BTreeSet<String>,
    /// The gateway's token or password, of which the service has another one than the config.
    drifted: BTreeSet<String>,
}

impl<'a> Sides<'a> {
    fn names(&self) -> BTreeSet<&'a str> {
        let facts = &self.said.facts;
        let own = self.registration.environment.iter().map(|variable| variable.name.as_str());
        let said = facts.wanted.iter().chain(facts.brought.keys()).chain(&facts.blocked);
        let session = self.around.variables.keys().filter(|name| concerns_gateway(name));
        own.chain(said.chain(self.said.assigned.keys()).chain(session).map(String::as_str)).collect()
    }

    fn row(&self, name: &str) -> Row {
        let own = self.own(name);
        let secret = own.map_or_else(|| is_secret(name), |variable| variable.secret);
        let as_shown = |value: &str| match secret {
            true => format!("{DOTS} ({})", environment::fingerprint(value)),
            false => value.to_owned(),
        };
        let facts = &self.said.facts;
        let row = Row {
            name: name.to_owned(),
            secret,
            service: own.map(|variable| variable.shown.clone()),
            source: own.map(|variable| variable.source.clone()),
            session: self.around.variable(name).map(as_shown),
            config: facts.brought.get(name).map(|value| as_shown(value.reveal())),
            dotenv: self.said.assigned.get(name).map(|value| as_shown(value.reveal())),
            wanted: facts.wanted.contains(name),
            signs: Vec::new(),
        };
        let signs = Sign::ALL.iter().filter(|sign| self.shows(**sign, &row)).copied().collect();
        Row { signs, ..row }
    }

    fn own(&self, name: &str) -> Option<&'a Variable> {
        self.registration.environment.iter().find(|variable| variable.name == name)
    }

    fn shows(&self, sign: Sign, row: &Row) -> bool {
        let name = row.name.as_str();
        let hides =
            |other: &Option<String>| other.is_some() && row.service.is_some() && *other != row.service;
        let hides_any = hides(&row.config) || hides(&row.dotenv);
        match sign {
            Sign::Missing => self.missing.contains(name),
            Sign::Blocked => {
                (row.service.is_some() && is_blocked(name)) || self.said.facts.blocked.contains(name)
            }
            Sign::Stale => (hides_any && self.is_copied(name)) || self.drifted.contains(name),
            Sign::Shadowed => hides_any && !self.is_copied(name),
            Sign::OnlyInSession => {
                let elsewhere = row.config.is_some() || row.dotenv.is_some();
                row.session.is_some() && row.service.is_none() && !elsewhere && !is_sessions_own(name)
            }
            Sign::Differs => {
                let both = row.session.is_some() && row.service.is_some();
                both && row.session != row.service && !is_sessions_own(name) && !is_made(name)
            }
        }
    }

    /// OpenClaw's installer took it from the config or `.env`.
    fn is_copied(&self, name: &str) -> bool {
        let names = self.own(MANAGED_NAMES).map(|variable| variable.shown.as_str()).unwrap_or_default();
        names.split(',').any(|copied| copied.trim().eq_ignore_ascii_case(name))
    }
}

/// Of the session: OpenClaw's own, secrets, proxies, node's, and whom to trust.
fn concerns_gateway(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let begins = ["OPENCLAW_", "NODE_", "SSL_CERT_"].iter().any(|start| upper.starts_with(start));
    !is_sessions_own(name) && (begins || is_secret(name) || upper.ends_with("_PROXY"))
}

/// What each session and each program gets anew; that they differ says nothing.
fn is_sessions_own(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["SSH_", "XDG_", "DBUS_", "GATEWARD_"].iter().any(|start| upper.starts_with(start))
        || ["XAUTHORITY", "SESSION_MANAGER", "ICEAUTHORITY"].contains(&upper.as_str())
}

/// What an installation generates, so that it differs from any session's.
fn is_made(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["PATH", "TMPDIR"].contains(&upper.as_str()) || upper.starts_with("OPENCLAW_SERVICE_")
}

/// Why a name cannot be set or taken away by a person: the reason of `BadVariable`; `None` when it can. `source` is where
/// it stands, if it does.
pub fn locked(name: &str, source: &str, registration: &Registration) -> Option<&'static str> {
    if IDENTITY.contains(&name) || name.starts_with("OPENCLAW_SERVICE_") {
        return Some("identity");
    }
    if registration.drop_ins.iter().any(|path| path == source) {
        return Some("drop-in");
    }
    is_blocked(name).then_some("blocked")
}

/// What ties the definition to its profile and its manager.
const IDENTITY: &[&str] = &[
    "HOME",
    "OPENCLAW_PROFILE",
    "OPENCLAW_STATE_DIR",
    "OPENCLAW_CONFIG_PATH",
    "OPENCLAW_GATEWAY_PORT",
    "OPENCLAW_SYSTEMD_UNIT",
    "OPENCLAW_LAUNCHD_LABEL",
    "OPENCLAW_WINDOWS_TASK_NAME",
];

#[cfg(test)]
mod tests;
