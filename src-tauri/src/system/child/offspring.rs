//! What a gateway started and what left its group, in a session of its own or as a daemon: nobody's child that anybody could find.
//! The gateway gets a variable that each process hands down to those it starts; what has it in its environment is the gateway's.

use std::time::Duration;

use super::Other;

/// Who hosts the gateway: `<pid>/<start in ticks since boot>/<boot id>`. What is not to end with the gateway must be started without.
pub const MARK: &str = "GATEWARD_RUN";

/// The processes of one gateway, wherever they went.
pub struct Offspring {
    /// As it stands in their environment.
    mark: String,
}

impl Offspring {
    /// Of a gateway that is still alive; `None` when no host of ours started it, or the system does not tell.
    pub fn of(pid: u32) -> Option<Self> {
        native::environment(pid)?.into_iter().find(|entry| is_mark(entry)).map(|mark| Self { mark })
    }

    /// Of the gateway that we start.
    pub fn ours() -> Option<Self> {
        native::birth().map(|birth| Self { mark: format!("{MARK}={birth}") })
    }

    /// The variable's value.
    pub fn value(&self) -> &str {
        self.mark.split_once('=').map_or("", |(_, value)| value)
    }

    /// Kills all there are at this moment.
    pub fn kill(&self) -> Vec<Other> {
        let killed = native::holders(&self.mark);
        killed.iter().for_each(Other::kill_group);
        killed
    }

    /// Kills until there are none, as one may start another meanwhile; gives up after `patience`.
    pub async fn end(&self, patience: Duration) {
        let all_gone = async {
            loop {
                let killed = self.kill();
                if killed.is_empty() {
                    return;
                }
                futures_util::future::join_all(killed.iter().map(Other::ended)).await;
            }
        };
        if tokio::time::timeout(patience, all_gone).await.is_err() {
            tracing::warn!("what the gateway started does not end, not even killed");
        }
    }
}

fn is_mark(entry: &str) -> bool {
    entry.strip_prefix(MARK).is_some_and(|rest| rest.starts_with('='))
}

#[cfg(target_os = "linux")]
mod native {
    use super::Other;

    pub fn birth() -> Option<String> {
        let ticks = procfs::process::Process::myself().ok()?.stat().ok()?.starttime;
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(format!("{}/{ticks}/{}", std::process::id(), boot.trim()))
    }

    /// `None` for another account's process; empty for one that has ended.
    pub fn environment(pid: u32) -> Option<Vec<String>> {
        let bytes = std::fs::read(format!("/proc/{pid}/environ")).ok()?;
        let entries = bytes.split(|byte| *byte == 0);
        Some(entries.map(|entry| String::from_utf8_lossy(entry).into_owned()).collect())
    }

    pub fn holders(mark: &str) -> Vec<Other> {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let has_mark = |pid| has(pid, mark);
        pids.filter(|pid| has_mark(*pid))
            .filter_map(|pid| Some((pid, Other::open(pid)?)))
            // Its pid may be another's since: what is held now is what is looked at now.
            .filter(|(pid, _)| has_mark(*pid))
            .map(|(_, other)| other)
            .collect()
    }

    fn has(pid: u32, mark: &str) -> bool {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry == mark.as_bytes())
    }
}

/// launchd and Job objects end what is theirs; elsewhere nobody tells another process's environment.
#[cfg(not(target_os = "linux"))]
mod native {
    use super::Other;

    pub fn birth() -> Option<String> {
        None
    }

    pub fn environment(_pid: u32) -> Option<Vec<String>> {
        None
    }

    pub fn holders(_mark: &str) -> Vec<Other> {
        Vec::new()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_name_is_the_mark() {
        assert!(is_mark("GATEWARD_RUN=1/2/x"));
        assert!(!is_mark("GATEWARD_RUNS=1") && !is_mark("XGATEWARD_RUN=1"));
    }

    #[test]
    fn two_hosts_have_different_marks_and_one_always_the_same() {
        let ours = Offspring::ours().unwrap();
        assert_eq!(ours.value(), Offspring::ours().unwrap().value());
        assert!(ours.value().starts_with(&format!("{}/", std::process::id())));
    }
}
