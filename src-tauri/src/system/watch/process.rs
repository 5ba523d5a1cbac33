//! A process's end, through a pidfd.

use std::os::fd::OwnedFd;

use jiff::Timestamp;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use tokio::io::unix::AsyncFd;

use super::{Teller, is_the_one, on_reactor};

pub async fn watch(pid: u32, started: Option<Timestamp>, told: Teller) {
    match descriptor(pid) {
        // Only with the descriptor in hand the pid cannot be used again while its start time is read.
        Ok(Some(_)) if !is_the_one(pid, started) => told.changed(None).await,
        Ok(Some(process)) => {
            told.watching().await;
            match process.readable().await {
                Ok(_) => told.changed(None).await,
                Err(error) => told.lost(error.to_string()).await,
            }
        }
        Ok(None) => told.changed(None).await,
        Err(error) => told.lost(error.to_string()).await,
    }
}

/// `None` when the process is gone.
fn descriptor(pid: u32) -> std::io::Result<Option<AsyncFd<OwnedFd>>> {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return Ok(None) };
    match pidfd_open(pid, PidfdFlags::NONBLOCK) {
        Ok(process) => on_reactor(process).map(Some),
        Err(rustix::io::Errno::SRCH) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
