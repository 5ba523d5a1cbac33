//! Finds the process that was started with a mark in its environment.

#[cfg(target_os = "linux")]
use super::MARK;

/// The oldest leader of a group whose environment has `mark`; its helpers have it too, and are younger.
#[cfg(target_os = "linux")]
pub fn marked(mark: &str) -> Option<u32> {
    let wanted = format!("{MARK}={mark}");
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let leaders = pids.filter_map(|pid| Some((led_since(pid)?, pid)));
    leaders.filter(|(_, pid)| has_variable(*pid, &wanted)).min().map(|(_, pid)| pid)
}

#[cfg(not(target_os = "linux"))]
pub fn marked(_mark: &str) -> Option<u32> {
    None
}

/// When the process began, if it leads its group: fields 5 and 22 of proc_pid_stat(5).
#[cfg(target_os = "linux")]
fn led_since(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let leads = fields.get(2)?.parse() == Ok(pid) && !fields[0].starts_with('Z');
    if leads { fields.get(19)?.parse().ok() } else { None }
}

#[cfg(target_os = "linux")]
fn has_variable(pid: u32, wanted: &str) -> bool {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
}
