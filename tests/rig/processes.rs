//! The processes of one rig, recognised by its folder in their environment: also those that left their process group
//! or were started by a bus.

use super::wait::wait_at_most;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::time::Duration;

/// Process ids, this process excluded. Zombies have no environment, so they are not among them.
pub fn living_in(folder: &Path) -> Vec<u32> {
    let mark = [folder.as_os_str().as_bytes(), b"/"].concat();
    let is_marked = |pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.windows(mark.len()).any(|part| part == mark)
    };
    all().into_iter().filter(|pid| *pid != process::id()).filter(is_marked).collect()
}

/// Those of [`living_in`] that run `program`, an absolute path.
pub fn running(program: &Path, folder: &Path) -> Vec<u32> {
    let runs = |pid: &u32| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program);
    living_in(folder).into_iter().filter(runs).collect()
}

/// Whether `pid` runs; a zombie does not.
pub fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state follows the name, which is in parentheses and may hold some itself.
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// Kills all that live in `folder`, and what they start meanwhile. Returns those that would not go.
pub fn kill_all(folder: &Path) -> Vec<u32> {
    let gone = wait_at_most(Duration::from_secs(5), || {
        let left = living_in(folder);
        signal("KILL", &left);
        left.is_empty().then_some(())
    });
    if gone.is_some() { Vec::new() } else { living_in(folder) }
}

/// Sends the signal of this name, without `SIG`; processes that are gone are no error.
pub fn signal(name: &str, pids: &[u32]) {
    if pids.is_empty() {
        return;
    }
    let words: Vec<String> = pids.iter().map(u32::to_string).collect();
    let script = format!("kill -{name} {}", words.join(" "));
    let _ = Command::new("/bin/sh").args(["-c", &script]).stderr(Stdio::null()).status();
}

/// Those that any thread of `pid` has started.
pub fn children_of(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let lists: Vec<String> = lists.collect();
    lists.iter().flat_map(|list| list.split_whitespace()).filter_map(|pid| pid.parse().ok()).collect()
}

fn all() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}
