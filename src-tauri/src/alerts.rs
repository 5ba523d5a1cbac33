//! Alerts: what a notice says, sent over routes that need neither the gateway nor a desktop.
//!
//! An alert becomes one letter for each route and lies in the database until it has arrived: whoever of tray and watcher comes first
//! takes it, a failed one is tried again, by the next run if need be, and no incident is told twice over one route.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identity::Surroundings;
use crate::model::{Notice, NoticeKind};
use crate::system::System;

mod mail;
mod office;
mod parcel;

pub use office::{Office, send, serve};
pub use parcel::{Parcel, parcel};

/// Version of the JSON shape of [`Alert`].
pub const SCHEMA: u32 = 1;

/// What a command gets on its standard input and a webhook in its body (docs/watching.md).
///
/// It holds no line of the gateway's log: what leaves the machine is what Gateward itself says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub schema: u32,
    pub event: NoticeKind,
    /// `default`, or the profile's name.
    pub profile: String,
    /// The machine's own name; empty where it has none.
    pub machine: String,
    pub at: Timestamp,
    pub title: String,
    pub text: String,
    pub urgent: bool,
}

impl Alert {
    pub fn new(notice: &Notice, profile: &str, machine: &str, at: Timestamp) -> Self {
        Self {
            schema: SCHEMA,
            event: notice.kind,
            profile: profile.to_owned(),
            machine: machine.to_owned(),
            at,
            title: notice.title.clone(),
            text: notice.body.clone(),
            urgent: notice.urgent,
        }
    }

    /// One line that also says where.
    pub fn subject(&self) -> String {
        match self.machine.as_str() {
            "" => self.title.clone(),
            machine => format!("[{machine}] {}", self.title),
        }
    }
}

/// The name by which this machine is told from others.
pub fn machine(system: &dyn System, around: &Surroundings) -> String {
    let variable =
        || around.variable("COMPUTERNAME").or_else(|| around.variable("HOSTNAME")).map(str::to_owned);
    let file =
        |path: &&str| system.read(path).ok().flatten().map(|contents| contents.text().trim().to_owned());
    let files = ["/proc/sys/kernel/hostname", "/etc/hostname"];
    files.iter().find_map(file).or_else(variable).unwrap_or_default()
}
