//! A program with its arguments as a value: printed before it runs, compared in tests.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long output is still read after the program itself has ended: a child it left behind may hold the pipe.
const AFTERGLOW: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    folder: PathBuf,
    /// Program first.
    words: Vec<String>,
    environment: Vec<(String, String)>,
}

impl CommandLine {
    pub fn new(folder: &Path, program: &str, arguments: &[&str]) -> Self {
        let words = std::iter::once(&program).chain(arguments).map(ToString::to_string).collect();
        Self { folder: folder.to_path_buf(), words, environment: Vec::new() }
    }

    /// The same with an environment variable set.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// The same with `folder` before all others where programs are looked for.
    pub fn finding_first(self, folder: &Path) -> Self {
        let others = std::env::var("PATH").unwrap_or_default();
        self.with("PATH", &format!("{}:{others}", folder.display()))
    }

    /// Runs it with the terminal's own input and output.
    ///
    /// # Errors
    /// When it can't be started or ends with another code than 0.
    pub fn run(&self) -> Result<(), String> {
        println!("$ {self}");
        let status = self.command()?.status().map_err(|error| self.not_started(&error))?;
        if status.success() { Ok(()) } else { Err(format!("`{self}` failed ({status}).")) }
    }

    /// Runs it in silence and returns its standard output, whatever it ends with.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn output(&self) -> Result<String, String> {
        let output =
            self.command()?.stdin(Stdio::null()).output().map_err(|error| self.not_started(&error))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it in silence and returns its standard output.
    ///
    /// # Errors
    /// When it can't be started or ends with another code than 0; holds its standard error then.
    pub fn capture(&self) -> Result<String, String> {
        let output =
            self.command()?.stdin(Stdio::null()).output().map_err(|error| self.not_started(&error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let cause = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(format!("`{self}` failed ({}). {cause}", output.status))
    }

    /// Runs it, shows its standard output and hands each line of it to `heed`.
    ///
    /// # Errors
    /// Also when `limit` has passed; it and everything it started is killed then.
    pub fn follow(&self, limit: Duration, mut heed: impl FnMut(&str)) -> Result<(), String> {
        println!("$ {self}");
        let mut child = self
            .command()?
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.not_started(&error))?;
        let deadline = Instant::now() + limit;
        let lines = child.stdout.take().map(lines_of);
        let in_time = lines.is_none_or(|lines| read_until_end(&lines, &mut child, deadline, &mut heed));
        if !in_time {
            kill_with_descendants(&mut child);
            return Err(format!("`{self}` did not end within {} minutes.", limit.as_secs() / 60));
        }
        let status = child.wait().map_err(|error| self.not_started(&error))?;
        if status.success() { Ok(()) } else { Err(format!("`{self}` failed ({status}).")) }
    }

    fn command(&self) -> Result<Command, String> {
        let Some((program, arguments)) = self.words.split_first() else {
            return Err("An empty command line can't be run.".into());
        };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder).envs(self.environment.iter().cloned());
        Ok(command)
    }

    fn not_started(&self, error: &std::io::Error) -> String {
        format!("`{self}` could not be started in {}: {error}.", self.folder.display())
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.words.iter().enumerate().map(|(at, word)| match at {
            // The full path of a cargo under ~/.rustup tells the reader nothing.
            0 => Path::new(word).file_name().unwrap_or_default().to_string_lossy().into_owned(),
            _ => word.clone(),
        });
        f.write_str(&shown.collect::<Vec<_>>().join(" "))
    }
}

/// Reads until the output ends; false when `deadline` came first.
fn read_until_end(
    lines: &mpsc::Receiver<String>,
    child: &mut Child,
    deadline: Instant,
    heed: &mut impl FnMut(&str),
) -> bool {
    let mut ended: Option<Instant> = None;
    while Instant::now() < deadline {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                println!("{line}");
                heed(&line);
            }
            Err(RecvTimeoutError::Disconnected) => return true,
            Err(RecvTimeoutError::Timeout) => {
                if ended.is_none() && matches!(child.try_wait(), Ok(Some(_))) {
                    ended = Some(Instant::now());
                }
                if ended.is_some_and(|at| at.elapsed() > AFTERGLOW) {
                    eprintln!("xtask: a process left behind still holds the output; going on without it.");
                    return true;
                }
            }
        }
    }
    false
}

fn lines_of(stream: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(count) if count > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    receiver
}

fn kill_with_descendants(child: &mut Child) {
    let here = Path::new(".");
    let table = CommandLine::new(here, "ps", &["-A", "-o", "pid=,ppid="]).capture().unwrap_or_default();
    let kill = descendants(child.id(), &table).iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    // A shell's builtin, as `kill` itself is a package of its own on Debian.
    let _ = Command::new("sh").args(["-c", &format!("kill -9 {kill}")]).stderr(Stdio::null()).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// All processes below `ancestor`, itself included, from lines of `PID PARENT`.
fn descendants(ancestor: u32, table: &str) -> Vec<u32> {
    let pairs: Vec<(u32, u32)> = table.lines().filter_map(pid_and_parent).collect();
    let mut family = vec![ancestor];
    let mut at = 0;
    while let Some(&parent) = family.get(at) {
        family.extend(pairs.iter().filter(|(pid, of)| *of == parent && *pid != parent).map(|(pid, _)| *pid));
        at += 1;
    }
    family
}

fn pid_and_parent(line: &str) -> Option<(u32, u32)> {
    let mut numbers = line.split_whitespace().map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn shell(script: &str) -> CommandLine {
        CommandLine::new(Path::new("/"), "sh", &["-c", script])
    }

    #[test]
    fn descendants_are_found_over_several_generations() {
        assert_eq!(descendants(10, " 10 1\n 11 10\n 12 11\n 20 1\n 13 10\n"), [10, 11, 13, 12]);
    }

    #[test]
    fn every_line_of_the_output_is_heeded() {
        let mut seen = Vec::new();
        shell("echo one; printf two").follow(MINUTE, |line| seen.push(line.to_owned())).unwrap();
        assert_eq!(seen, ["one", "two"]);
    }

    #[test]
    fn a_failing_program_is_an_error_with_its_code() {
        let message = shell("exit 3").follow(MINUTE, |_| ()).unwrap_err();
        assert!(message.contains("exit status: 3"), "{message}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_over_its_limit_is_killed_with_its_children() {
        use crate::rig::{processes::is_alive, wait::wait_until};
        let mut pid = String::new();
        let started = Instant::now();
        let line = shell("sleep 600 & echo $!; wait");
        let message = line.follow(Duration::from_secs(1), |line| pid = line.to_owned()).unwrap_err();
        assert!(message.contains("did not end"), "{message}");
        assert!(started.elapsed() < MINUTE);
        wait_until(MINUTE, "the child is gone", || !is_alive(pid.parse().unwrap()));
    }

    #[test]
    fn an_orphan_holding_the_output_does_not_hang_the_run() {
        let mut pid = String::new();
        shell("sleep 600 & echo $!").follow(MINUTE, |line| pid = line.to_owned()).unwrap();
        shell(&format!("kill {pid}")).run().unwrap();
    }

    #[test]
    fn a_missing_program_is_an_error_that_names_it() {
        let message = CommandLine::new(Path::new("/"), "no-such-program", &[]).run().unwrap_err();
        assert!(message.starts_with("`no-such-program` could not be started in /: "), "{message}");
    }
}
