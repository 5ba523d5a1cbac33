//! A process's end, by waiting on its handle.

use jiff::{SignedDuration, Timestamp};

use super::Teller;
use crate::system::Seen;
use crate::system::child::Other;
use crate::system::os::process_seen;

/// Start times are exact to a second.
const SAME_START: SignedDuration = SignedDuration::from_secs(2);

pub async fn watch(pid: u32, started: Option<Timestamp>, told: Teller) {
    // Only with the handle in hand the pid cannot be used again while its start time is read.
    let Some(process) = Other::open(pid).filter(|_| is_the_one(pid, started)) else {
        return told.changed(None).await;
    };
    told.watching().await;
    process.ended().await;
    told.changed(None).await;
}

fn is_the_one(pid: u32, started: Option<Timestamp>) -> bool {
    let Seen::Process(seen) = process_seen(pid) else { return false };
    match (seen.started, started) {
        (Some(seen), Some(wanted)) => seen.duration_since(wanted).abs() <= SAME_START,
        (Some(_) | None, _) => true,
    }
}
