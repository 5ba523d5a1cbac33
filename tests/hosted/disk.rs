//! A small file system that only the processes of one rig see; it needs root.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A tmpfs in a mount namespace. It lasts as long as the process that holds it, which ends with its standard input: with this
/// value, or with the test, however that ends.
pub struct Disk {
    holder: Child,
    folder: PathBuf,
}

/// Mounts on `$1` with the options `$2` and stays.
const HOLD: &str = "mount -t tmpfs -o \"$2\" none \"$1\" && echo mounted && exec cat";

impl Disk {
    #[track_caller]
    pub fn mount(folder: &Path, options: &str) -> Self {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-c", HOLD, "sh"]);
        command.arg(folder).arg(options).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "mounted\n", "a file system of its own needs root: run the tests as root");
        Self { holder, folder: folder.to_owned() }
    }

    /// `program` in the file system's root.
    pub fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("/usr/bin/nsenter");
        command.arg(format!("--target={}", self.holder.id())).arg("--mount");
        command.arg(format!("--wdns={}", self.folder.display())).arg("--").arg(program);
        command
    }

    /// Makes a folder of it read-only, for root too.
    #[track_caller]
    pub fn protect(&self, name: &str) {
        let folder = self.folder.join(name);
        let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"";
        let status = self.inside("sh").args(["-c", script, "sh"]).arg(folder).status().unwrap();
        assert!(status.success(), "{name} cannot be protected");
    }

    /// Its root, as other processes reach it.
    pub fn seen_from_outside(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.holder.id(), self.folder.display()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
