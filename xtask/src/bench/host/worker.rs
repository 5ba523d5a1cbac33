//! What every supervisor runs: a shell script that tells through a FIFO when it runs.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// pm2 takes seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A script with a FIFO of its own beside it.
pub struct Worker {
    pub script: PathBuf,
    heard: Receiver<Word>,
}

/// A line from the worker, and when it came.
pub struct Word {
    pub at: Instant,
    pub text: String,
}

impl Worker {
    /// One that tells its process id and stays.
    pub fn sleeper(folder: &Path) -> Result<Self, String> {
        Self::write(folder, "echo $$ >&9; exec 9>&-; exec sleep 1000")
    }

    /// One that prints `file` and tells before and after it.
    pub fn talker(folder: &Path, file: &Path) -> Result<Self, String> {
        Self::write(
            folder,
            &format!("echo begin >&9; cat '{}'; echo end >&9; exec sleep 1000", file.display()),
        )
    }

    fn write(folder: &Path, script: &str) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        let (path, fifo) = (folder.join("worker"), folder.join("words"));
        fs::write(&path, format!("#!/bin/sh\nexec 9>'{}'\n{script}\n", fifo.display())).map_err(failed)?;
        fs::set_permissions(&path, Permissions::from_mode(0o755)).map_err(failed)?;
        Command::new("mkfifo").arg(&fifo).status().map_err(failed)?;
        // Open for writing as well: otherwise it would end whenever a worker does.
        let words = OpenOptions::new().read(true).write(true).open(&fifo).map_err(failed)?;
        Ok(Self { script: path, heard: listen(words) })
    }

    /// The next word.
    pub fn wait(&self) -> Result<Word, String> {
        self.heard.recv_timeout(PATIENCE).map_err(|_| format!("{} was not started.", self.script.display()))
    }

    /// The process id that the next start tells, with the moment.
    pub fn wait_pid(&self) -> Result<(u32, Instant), String> {
        let Word { at, text } = self.wait()?;
        text.parse().map(|pid| (pid, at)).map_err(|_| format!("`{text}` is no process id."))
    }
}

fn listen(words: File) -> Receiver<Word> {
    let (tell, heard) = mpsc::channel();
    thread::spawn(move || {
        for text in BufReader::new(words).lines().map_while(Result::ok) {
            if tell.send(Word { at: Instant::now(), text }).is_err() {
                return;
            }
        }
    });
    heard
}
