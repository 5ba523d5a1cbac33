//! A process's end, by waiting on its handle.

use jiff::Timestamp;

use super::{Teller, is_the_one};
use crate::system::child::Other;

pub async fn watch(pid: u32, started: Option<Timestamp>, told: Teller) {
    // Only with the handle in hand the pid cannot be used again while its start time is read.
    let Some(process) = Other::open(pid).filter(|_| is_the_one(pid, started)) else {
        return told.changed(None).await;
    };
    told.watching().await;
    process.ended().await;
    told.changed(None).await;
}
