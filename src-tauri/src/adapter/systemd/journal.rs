//! What happened while nobody watched, from systemd's own entries in the journal (observed 6). Entries are known by their message
//! id and fields, never by their text.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::model::{By, Exit, Incident, IncidentKind};

// Message ids of sd-messages.h.
const STARTED: &str = "39f53479d3a045ac8e11786248231fbf";
const STOPPING: &str = "de5b426a63be47a7b6ac3eaac82e2f6f";
const STOPPED: &str = "9d1aaa27d60140bd96365438aad20286";
const PROCESS_EXIT: &str = "98e322203f7a4ed290d09fe03c09fe15";
const FAILED: &str = "d9b373ed55a64feb8242e02dbe79a49c";
const RESTART_SCHEDULED: &str = "5eb03494b6584870a536b337290809b3";

/// The unit whose start is the end of a session's services.
const SESSION_END: &str = "exit.target";
/// The services are stopped before that target is reached.
const SESSION_ENDS_WITHIN: SignedDuration = SignedDuration::from_mins(6);

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "__REALTIME_TIMESTAMP")]
    micros: String,
    #[serde(rename = "MESSAGE_ID", default)]
    message: String,
    #[serde(rename = "USER_UNIT", default)]
    unit: String,
    #[serde(rename = "EXIT_CODE")]
    how: Option<String>,
    #[serde(rename = "EXIT_STATUS")]
    status: Option<String>,
    #[serde(rename = "UNIT_RESULT", default)]
    result: String,
    #[serde(rename = "N_RESTARTS")]
    restarts: Option<String>,
    #[serde(rename = "_BOOT_ID", default)]
    boot: String,
}

/// The ends, stops and starts that the entries prove, oldest first. `lines`: one JSON object each; others are passed over.
pub fn incidents(profile: &str, unit: &str, lines: &[String]) -> Vec<Incident> {
    let entries: Vec<Entry> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut reading = Reading { profile, told: Vec::new(), started: None, stopping: false, restarts: false };
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.unit == unit) {
        if let Some(at) = entry.at() {
            reading.take(entry, at, &entries[index..]);
        }
    }
    reading.told
}

struct Reading<'a> {
    profile: &'a str,
    told: Vec<Incident>,
    started: Option<Timestamp>,
    /// A stop was asked for: what ends now is no crash.
    stopping: bool,
    /// An automatic restart is under way: its stop and start are nobody's doing.
    restarts: bool,
}

impl Reading<'_> {
    fn take(&mut self, entry: &Entry, at: Timestamp, rest: &[Entry]) {
        match entry.message.as_str() {
            STARTED => self.start(at),
            STOPPING => self.stopping = !self.restarts,
            STOPPED if !self.restarts => self.tell(IncidentKind::Stopped, at, stopper(rest, at)),
            PROCESS_EXIT if !self.stopping => self.end(entry, at),
            FAILED => self.failed(entry, at),
            RESTART_SCHEDULED => self.schedule(entry),
            _ => {}
        }
    }

    fn start(&mut self, at: Timestamp) {
        self.started = Some(at);
        self.stopping = false;
        if !std::mem::take(&mut self.restarts) {
            self.tell(IncidentKind::Started, at, By::Outside);
        }
    }

    fn end(&mut self, entry: &Entry, at: Timestamp) {
        let Some(exit) = entry.exit().filter(|exit| !exit.is_success()) else { return };
        let kind = if exit.is_config_error() { IncidentKind::ConfigError } else { IncidentKind::Crash };
        let uptime_s = self.started.and_then(|since| u64::try_from(at.duration_since(since).as_secs()).ok());
        let plain = Incident::plain(self.profile, kind, at, By::Itself);
        self.told.push(Incident { exit: Some(exit), uptime_s, ..plain });
    }

    /// The unit's own result names who ended it, and whether the manager gave up.
    fn failed(&mut self, entry: &Entry, at: Timestamp) {
        match entry.result.as_str() {
            "oom-kill" => {
                let newest = self.told.last_mut().filter(|told| told.kind == IncidentKind::Crash);
                newest.into_iter().for_each(|crash| crash.by = By::OomKiller);
            }
            "start-limit-hit" => self.tell(IncidentKind::GaveUp, at, By::Itself),
            _ => {}
        }
    }

    fn schedule(&mut self, entry: &Entry) {
        self.restarts = true;
        let count = entry.restarts.as_ref().and_then(|count| count.parse().ok());
        if let Some(crash) = self.told.last_mut().filter(|told| told.kind == IncidentKind::Crash) {
            // The count is of restarts, this one included; the crash came before it.
            crash.restarts = count.map(|count: u32| count.saturating_sub(1));
        }
    }

    fn tell(&mut self, kind: IncidentKind, at: Timestamp, by: By) {
        self.told.push(Incident::plain(self.profile, kind, at, by));
    }
}

impl Entry {
    fn at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.micros.parse().ok()?).ok()
    }

    fn exit(&self) -> Option<Exit> {
        let status = self.status.as_ref()?;
        match self.how.as_deref()? {
            "exited" => status.parse().ok().map(|code| Exit::Code { code }),
            "killed" => status.parse().ok().map(|signal| Exit::Signal { signal, core: false }),
            "dumped" => status.parse().ok().map(|signal| Exit::Signal { signal, core: true }),
            _ => None,
        }
    }
}

/// Whether the session ended with the stop at `at`, the first of `rest`; and if nothing of that boot came after it, the boot did.
fn stopper(rest: &[Entry], at: Timestamp) -> By {
    let Some(stop) = rest.first() else { return By::Outside };
    let is_soon =
        |entry: &Entry| entry.at().is_some_and(|then| then.duration_since(at) <= SESSION_ENDS_WITHIN);
    let mut after = rest.iter().filter(|entry| entry.boot == stop.boot);
    let session_ended = after.any(|entry| entry.unit == SESSION_END && is_soon(entry));
    let same_boot_goes_on = after.next().is_some();
    let other_boot_follows = rest.iter().any(|entry| entry.boot != stop.boot);
    match (session_ended, other_boot_follows && !same_boot_goes_on) {
        (true, true) => By::Shutdown,
        (true, false) => By::Logout,
        (false, _) => By::Outside,
    }
}

#[cfg(test)]
mod tests;
