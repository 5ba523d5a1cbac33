//! `launchctl` for machines without launchd: the project's simulator as a program that starts real processes.
//!
//! ```text
//! cargo build --package gateward-doubles
//! mkdir tools && cp target/debug/launchctl-double tools/launchctl
//! GATEWARD_MANAGER=launchd GATEWARD_TOOLS=$PWD/tools gateward status
//! ```
//! Its state is `launchd/state.json` beside the program; edit it to make this launchd misbehave (`quirks`, `session`). Every job has
//! a minder, a detached copy of this program, that starts it, waits for its end and restarts it as launchd would.

// A program of its own that stands in for a foreign one; its failures are test failures.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

// Logins and processes are the stories' business.
#[allow(dead_code)]
#[path = "launchctl/simulator.rs"]
mod simulator;

use simulator::{Ended, File, Host, Job, Launchd};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let program = std::env::current_exe().unwrap();
    let machine = Machine { folder: program.parent().unwrap().join("launchd"), program };
    fs::create_dir_all(machine.folder.join("ended")).unwrap();
    if let [mind, pid_file, rest @ ..] = args.as_slice()
        && mind == "--mind"
    {
        machine.mind(Path::new(pid_file), rest);
        return ExitCode::SUCCESS;
    }
    let reply = machine.locked(|launchd, host| launchd.obey(&args, host));
    print!("{}", reply.stdout);
    eprint!("{}", reply.stderr);
    ExitCode::from(u8::try_from(reply.code).unwrap_or(1))
}

#[derive(Clone)]
struct Machine {
    folder: PathBuf,
    program: PathBuf,
}

impl Machine {
    /// One at a time, as in the one launchd: the lock is a file lock that ends with the process.
    fn locked<T>(&self, act: impl FnOnce(&mut Launchd, &mut dyn Host) -> T) -> T {
        let lock = fs::File::create(self.folder.join("lock")).unwrap();
        rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
        let state = self.folder.join("state.json");
        let fresh = || Launchd { uid: rustix::process::getuid().as_raw(), ..Launchd::default() };
        let mut launchd =
            fs::read(&state).map_or_else(|_| fresh(), |bytes| serde_json::from_slice(&bytes).unwrap());
        let outcome = act(&mut launchd, &mut self.clone());
        fs::write(&state, serde_json::to_vec_pretty(&launchd).unwrap()).unwrap();
        outcome
    }

    /// Starts a job's program, waits for its end, and keeps the jobs going until the next end or start is due.
    fn mind(&self, pid_file: &Path, job: &[String]) {
        let job: Job = serde_json::from_str(&job[0]).unwrap();
        let Ok(mut child) = command(&job).spawn() else {
            fs::write(pid_file, "0").unwrap();
            return;
        };
        fs::write(pid_file.with_extension("new"), child.id().to_string()).unwrap();
        fs::rename(pid_file.with_extension("new"), pid_file).unwrap();
        let status = child.wait().unwrap();
        let end = status.code().map_or_else(|| Ended::Signal(status.signal().unwrap()), Ended::Code);
        // launchd ends what is left of the job's process group.
        let group = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        fs::write(self.end_of(child.id()), serde_json::to_vec(&end).unwrap()).unwrap();
        while let Some(due) = self.locked(|launchd, host| {
            launchd.tick(host);
            launchd.next_due_ms()
        }) {
            std::thread::sleep(Duration::from_millis(due.saturating_sub(self.now_ms()).clamp(10, 1000)));
        }
    }

    fn end_of(&self, pid: u32) -> PathBuf {
        self.folder.join("ended").join(pid.to_string())
    }
}

fn command(job: &Job) -> Command {
    let mut command = Command::new(&job.command[0]);
    let log = |path: &Option<String>| {
        let path = path.clone().unwrap_or_else(|| "/dev/null".to_owned());
        fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_or_else(|_| Stdio::null(), Stdio::from)
    };
    command
        .args(&job.command[1..])
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .envs(std::env::var_os("HOME").map(|home| ("HOME", home)))
        .envs(&job.environment)
        .env("XPC_SERVICE_NAME", &job.label)
        .current_dir(job.working_dir.as_deref().unwrap_or("/"))
        .stdin(Stdio::null())
        .stdout(log(&job.stdout))
        .stderr(log(&job.stderr))
        .process_group(0);
    command
}

impl Host for Machine {
    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(since.as_millis()).unwrap()
    }

    fn read(&self, path: &str) -> Option<File> {
        use std::os::unix::fs::MetadataExt;
        let meta = fs::metadata(path).ok()?;
        Some(File { bytes: fs::read(path).ok()?, mode: meta.mode() & 0o7777, owner: meta.uid() })
    }

    fn spawn(&mut self, job: &Job) -> Result<u32, i32> {
        let pid_file = self.folder.join(format!("{}.pid", job.label));
        let _ = fs::remove_file(&pid_file);
        let mut minder = Command::new(&self.program);
        minder.arg("--mind").arg(&pid_file).arg(serde_json::to_string(job).unwrap());
        minder.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        minder.spawn().map_err(|_| 78)?;
        // The minder writes the pid at once; a machine under load may take its time.
        for _ in 0..1000 {
            match fs::read_to_string(&pid_file).ok().and_then(|text| text.parse().ok()) {
                Some(0) => return Err(78),
                Some(pid) => return Ok(pid),
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        Err(78)
    }

    fn signal(&mut self, pid: u32, signal: i32) {
        let process = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
        let signal = match signal {
            9 => rustix::process::Signal::KILL,
            _ => rustix::process::Signal::TERM,
        };
        let _ = rustix::process::kill_process(process, signal);
    }

    fn ended(&mut self, pid: u32) -> Option<Ended> {
        let path = self.end_of(pid);
        let end = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
        let _ = fs::remove_file(path);
        Some(end)
    }
}
