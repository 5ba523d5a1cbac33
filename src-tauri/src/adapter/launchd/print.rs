//! What `launchctl print` and `launchctl print-disabled` say. Apple calls the output no API; it is read by its structure, and what
//! is not understood stays unknown.

use std::collections::BTreeMap;

/// One job of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Job {
    /// launchd's word: `running`, `not running`, `spawn scheduled`, `spawning`, `xpcproxy`, `exited`, `SIGTERMed`, `SIGKILLed`,
    /// `languishing`; before macOS 11 also `waiting`.
    pub state: String,
    pub pid: Option<u32>,
    /// Starts since the job was bootstrapped, by hand or not.
    pub runs: Option<u32>,
    /// Crashes in a row; macOS up to 10.15 tells them.
    pub crashes: Option<u32>,
    pub ended: Option<Ended>,
    /// The running instance was demanded, as by `kickstart`, and not started by launchd's own doing.
    pub demanded: bool,
    /// launchd's own word on why it ended, such as `OS_REASON_CODESIGNING`.
    pub reason: Option<String>,
    /// launchd could not start the program at all; the exit code is then its own.
    pub spawn_failed: bool,
    /// Why launchd puts a start off that nobody asked for (`speculative`, `inefficient`): it may do so for ever (Low Power Mode,
    /// sessions begun over SSH).
    pub pended: Option<String>,
    pub keep_alive: bool,
    /// Seconds from SIGTERM to SIGKILL that launchd goes by; 0 means for ever.
    pub exit_timeout_s: Option<u64>,
    /// The plist it was bootstrapped from.
    pub path: Option<String>,
    /// The command launchd has in memory.
    pub command: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Code(i32),
    Signal(i32),
}

/// Reads `launchctl print <domain>/<label>`; `None` when the job's own state is not in there.
pub fn job(output: &str) -> Option<Job> {
    let entries = entries(output);
    let find = |key: &str| {
        entries.iter().find_map(|entry| match entry {
            Entry::Pair(name, value) if *name == key => Some(*value),
            Entry::Pair(..) | Entry::Block(..) => None,
        })
    };
    Some(Job {
        state: find("state")?.to_owned(),
        pid: find("pid").and_then(|text| text.parse().ok()).filter(|pid| *pid > 0),
        runs: find("runs").and_then(|text| text.parse().ok()),
        crashes: find("successive crashes").and_then(|text| text.parse().ok()),
        ended: ended(&find),
        demanded: find("immediate reason") == Some("non-ipc demand"),
        reason: find("last exit reason").map(str::to_owned),
        spawn_failed: find("job state") == Some(crate::model::SPAWN_FAILED),
        pended: find("pended nondemand spawn").filter(|text| !is_no(text)).map(str::to_owned),
        keep_alive: keeps_alive(&entries, find("properties")),
        exit_timeout_s: find("exit timeout").and_then(|text| text.parse().ok()),
        path: find("path").map(str::to_owned),
        command: block(&entries, "arguments")
            .unwrap_or_default()
            .iter()
            .map(|line| (*line).to_owned())
            .collect(),
    })
}

/// A line `key = value` of the job itself, or a block `key = { … }` with the lines one level below it.
enum Entry<'a> {
    Pair(&'a str, &'a str),
    Block(&'a str, Vec<&'a str>),
}

/// Only the job's own level counts: sub-blocks have a `state = active` of their own, and it comes later (OC 7.1). The level is
/// that of the first line below the heading: a tab, unless somebody's transcript turned tabs into blanks.
fn entries(output: &str) -> Vec<Entry<'_>> {
    let body = || output.lines().filter(|line| !line.trim().is_empty());
    let headed = body().next().is_some_and(|line| line.trim_end().ends_with("= {"));
    let Some(level) = body().nth(usize::from(headed)).map(indent) else { return Vec::new() };
    let mut entries = Vec::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in body().skip(usize::from(headed)) {
        let closes = indent(line) == level && line.trim() == "}";
        match open.take() {
            Some((key, lines)) if closes => entries.push(Entry::Block(key, lines)),
            Some((key, mut lines)) => {
                lines.push(line.trim());
                open = Some((key, lines));
            }
            None if indent(line) != level => {}
            None => match line.trim().split_once(" = ") {
                Some((key, "{")) => open = Some((key, Vec::new())),
                Some((key, value)) => entries.push(Entry::Pair(key, value)),
                None => {}
            },
        }
    }
    entries
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn block<'a, 'b>(entries: &'b [Entry<'a>], key: &str) -> Option<&'b [&'a str]> {
    entries.iter().find_map(|entry| match entry {
        Entry::Block(name, lines) if *name == key => Some(lines.as_slice()),
        Entry::Block(..) | Entry::Pair(..) => None,
    })
}

/// The signal's line wins: after a signal launchd prints that one alone (`Killed: 9`), and older versions a bare number.
fn ended<'a>(find: &impl Fn(&str) -> Option<&'a str>) -> Option<Ended> {
    let number = |text: &str| text.rsplit(':').next().and_then(|last| last.trim().parse().ok());
    if let Some(signal) = find("last terminating signal").and_then(number) {
        return Some(Ended::Signal(signal));
    }
    // `0`, `78: EX_CONFIG`, `(never exited)`; `last exit status` in upstream's own samples (OC 7.3).
    let code = find("last exit code").or_else(|| find("last exit status"))?;
    code.split(':').next().and_then(|first| first.trim().parse().ok()).map(Ended::Code)
}

fn is_no(text: &str) -> bool {
    matches!(text, "0" | "false" | "none" | "(null)")
}

/// `properties = keepalive | runatload | …`, before macOS 11 a block of `keepalive = 1` lines.
fn keeps_alive(entries: &[Entry<'_>], line: Option<&str>) -> bool {
    let in_line = line.is_some_and(|line| line.split(" | ").any(|word| word == "keepalive"));
    in_line || block(entries, "properties").is_some_and(|lines| lines.contains(&"keepalive = 1"))
}

/// Reads `launchctl print-disabled <domain>`: label → switched off. Since macOS 12 the words are `enabled` and `disabled`, before
/// it `false` and `true` (true: disabled). `None` when there is no such list in the output.
pub fn overrides(output: &str) -> Option<BTreeMap<String, bool>> {
    let (_, list) = output.split_once("disabled services = {")?;
    let (list, _) = list.split_once('}')?;
    Some(list.lines().filter_map(switch).collect())
}

fn switch(line: &str) -> Option<(String, bool)> {
    let (label, word) = line.trim().strip_prefix('"')?.rsplit_once("\" => ")?;
    match word.trim() {
        "disabled" | "true" => Some((label.to_owned(), true)),
        "enabled" | "false" => Some((label.to_owned(), false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
