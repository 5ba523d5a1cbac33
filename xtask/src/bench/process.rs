//! Started programs, and what `/proc` tells of them.

use crate::rig::processes::{self, children_of};
use crate::rig::wait::wait_at_most;
use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, ChildStdout, Command};
use std::time::Duration;

/// A started program; dropping it ends it.
pub struct Running(Child);

impl Running {
    pub fn spawn(command: &mut Command) -> Result<Self, String> {
        command.spawn().map(Self).map_err(|error| format!("{}: {error}", command.get_program().display()))
    }

    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Its standard output, where that is a pipe; once.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }
}

impl Drop for Running {
    /// Asks first: the next one needs its name on the bus and its place in the panel.
    fn drop(&mut self) {
        processes::signal("TERM", &[self.pid()]);
        wait_at_most(Duration::from_secs(5), || self.0.try_wait().ok().flatten());
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Memory of one process in MiB.
pub struct Memory {
    /// Pages shared with others count by their share.
    pub proportional: f64,
    pub resident: f64,
}

pub fn memory(pid: u32) -> Result<Memory, String> {
    let path = format!("/proc/{pid}/smaps_rollup");
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let field = |name: &str| mebibytes(&text, name).ok_or_else(|| format!("{path} has no {name}."));
    Ok(Memory { proportional: field("Pss:")?, resident: field("Rss:")? })
}

/// Memory of a process and of all below it.
pub fn memory_of_all(pid: u32) -> Result<Memory, String> {
    let mut sum = memory(pid)?;
    // What has ended meanwhile has none.
    for below in all_below(pid).into_iter().filter_map(|pid| memory(pid).ok()) {
        sum.proportional += below.proportional;
        sum.resident += below.resident;
    }
    Ok(sum)
}

/// Reads `NAME  12345 kB`.
fn mebibytes(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

/// What the process has had of the processors so far, threads that have ended included.
pub fn cpu_time(pid: u32) -> Result<Duration, String> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    ticks(&text).map(|ticks| Duration::from_millis(10 * ticks)).ok_or_else(|| format!("{path}: {text}"))
}

/// `utime` and `stime`, fields 14 and 15 of proc(5), in hundredths of a second on every Linux.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let fields: Vec<u64> =
        after_name.split_whitespace().skip(11).take(2).filter_map(|it| it.parse().ok()).collect();
    (fields.len() == 2).then(|| fields.iter().sum())
}

/// Thread id → name and how often the kernel has put it to sleep, which is as often as it woke.
pub type Sleeps = BTreeMap<u32, (String, u64)>;

pub fn sleeps(pid: u32) -> Sleeps {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks
        .filter_map(|task| {
            let status = fs::read_to_string(task.path().join("status")).ok()?;
            Some((task.file_name().to_str()?.parse().ok()?, slept(&status)?))
        })
        .collect()
}

fn slept(status: &str) -> Option<(String, u64)> {
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    Some((field("Name:")?.to_owned(), field("voluntary_ctxt_switches:")?.parse().ok()?))
}

/// How often each thread woke from `before` to `after`, by name; threads that ended meanwhile are not seen.
pub fn woken(before: &Sleeps, after: &Sleeps) -> BTreeMap<String, u64> {
    let mut woken = BTreeMap::new();
    for (thread, (name, count)) in after {
        let earlier = before.get(thread).map_or(0, |(_, count)| *count);
        *woken.entry(name.clone()).or_default() += count.saturating_sub(earlier);
    }
    woken
}

/// Names of all processes below `ancestor`, itself excluded.
pub fn names_below(ancestor: u32) -> Vec<String> {
    let names = all_below(ancestor).into_iter().map(|pid| fs::read_to_string(format!("/proc/{pid}/comm")));
    names.flatten().map(|name| name.trim().to_owned()).collect()
}

fn all_below(ancestor: u32) -> Vec<u32> {
    let children = children_of(ancestor);
    let grandchildren: Vec<u32> = children.iter().flat_map(|pid| all_below(*pid)).collect();
    [children, grandchildren].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_mebibytes() {
        assert_eq!(mebibytes("Rss:           2048 kB\nPss:   512 kB\n", "Pss:"), Some(0.5));
    }

    #[test]
    fn the_time_is_read_behind_whatever_name_a_program_has() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 120 30 0 0 20 0 4 0 99 0 0";
        assert_eq!(ticks(stat), Some(150));
        assert_eq!(ticks("7 (a"), None);
    }

    #[test]
    fn a_process_of_our_own_has_memory() {
        assert!(memory(std::process::id()).unwrap().resident > 0.1);
    }

    #[test]
    fn a_thread_that_came_meanwhile_counts_from_nothing() {
        let before = Sleeps::from([(1, ("main".into(), 5))]);
        let after = Sleeps::from([(1, ("main".into(), 7)), (2, ("worker".into(), 4))]);
        assert_eq!(woken(&before, &after), BTreeMap::from([("main".into(), 2), ("worker".into(), 4)]));
    }

    #[test]
    fn a_status_is_read_with_the_threads_name() {
        let status = "Name:\tgateward-tray\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t3\n";
        assert_eq!(slept(status), Some(("gateward-tray".into(), 12)));
    }

    #[test]
    fn grandchildren_are_found() {
        let mut shell = Command::new("sh").args(["-c", "sh -c 'sleep 60; :'; :"]).spawn().unwrap();
        let found = wait_at_most(Duration::from_secs(10), || {
            names_below(shell.id()).contains(&"sleep".to_owned()).then_some(())
        });
        let sleepers = children_of(shell.id()).into_iter().flat_map(children_of).collect::<Vec<_>>();
        processes::signal("KILL", &sleepers);
        shell.wait().unwrap();
        assert_eq!(found, Some(()));
    }
}
