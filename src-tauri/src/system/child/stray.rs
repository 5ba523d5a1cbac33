//! A child that nobody wrote down: its host died before it could, or its disk was full.

/// The process that speaks into one of `pipes`, as a host starts it: leader of a group, but of no session, which tells it from
/// helpers that left their group. The oldest, where there are several; `None` where the system has no named pipes for it.
#[cfg(target_os = "linux")]
pub fn speaker(pipes: &[String]) -> Option<u32> {
    let pipes: Vec<_> = pipes.iter().filter_map(|path| pipe(path.as_ref())).collect();
    if pipes.is_empty() {
        return None;
    }
    let processes = procfs::process::all_processes().ok()?.flatten();
    let speakers = processes.filter(|process| {
        let streams = [1, 2].map(|stream| format!("/proc/{}/fd/{stream}", process.pid));
        streams.iter().any(|path| pipe(path.as_ref()).is_some_and(|pipe| pipes.contains(&pipe)))
    });
    let leaders = speakers.filter_map(|process| process.stat().ok());
    let leaders = leaders.filter(|stat| stat.pgrp == stat.pid && stat.session != stat.pid);
    u32::try_from(leaders.min_by_key(|stat| stat.starttime)?.pid).ok()
}

#[cfg(not(target_os = "linux"))]
pub fn speaker(_pipes: &[String]) -> Option<u32> {
    None
}

/// Device and number of the named pipe at `path`.
#[cfg(target_os = "linux")]
fn pipe(path: &std::path::Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let meta = std::fs::metadata(path).ok().filter(|meta| meta.file_type().is_fifo())?;
    Some((meta.dev(), meta.ino()))
}
