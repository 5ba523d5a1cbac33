//! `schtasks.exe` for machines without Task Scheduler, and for wine, whose own one answers 0 to whatever it does not know: the
//! project's simulator as a program that starts real processes.
//!
//! ```text
//! cargo build --package gateward-doubles
//! mkdir tools && cp target/debug/schtasks-double tools/schtasks.exe
//! GATEWARD_MANAGER=schtasks GATEWARD_TOOLS=$PWD/tools gateward status
//! ```
//! Its state is `schtasks/state.json` beside the program; edit it to make this Task Scheduler misbehave (`quirks`). What it says is in
//! the code page of its language's consoles. Every task that runs has a minder, a copy of this program, that waits for its end.

// A program of its own that stands in for a foreign one; its failures are test failures.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

// The stories use more of it.
#[allow(dead_code)]
#[path = "schtasks/simulator.rs"]
mod simulator;

use simulator::{Action, Host, Scheduler, Words};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let program = std::env::current_exe().unwrap();
    let machine = Machine { folder: program.parent().unwrap().join("schtasks"), program };
    fs::create_dir_all(machine.folder.join("ended")).unwrap();
    if let [mind, pid_file, action] = args.as_slice()
        && mind == "--mind"
    {
        machine.mind(Path::new(pid_file), &serde_json::from_str(action).unwrap());
        return ExitCode::SUCCESS;
    }
    let (reply, page) = machine.locked(|scheduler, host| {
        let reply = scheduler.obey(&args, host);
        (reply, Words::of(&scheduler.quirks.language).page)
    });
    if reply.hangs {
        std::thread::sleep(Duration::from_secs(3600));
    }
    std::io::stdout().write_all(&encoded(&reply.stdout, page)).unwrap();
    std::io::stderr().write_all(&encoded(&reply.stderr, page)).unwrap();
    exit(reply.code)
}

/// An HRESULT as Windows' processes end with one; elsewhere only its last byte would be left, and none of them may be 0.
fn exit(code: u32) -> ExitCode {
    if cfg!(windows) {
        std::process::exit(code.cast_signed());
    }
    ExitCode::from(u8::from(code != 0))
}

fn encoded(text: &str, page: u16) -> Vec<u8> {
    let bytes = |encoding: &'static encoding_rs::Encoding| encoding.encode(text).0.into_owned();
    match page {
        932 => bytes(encoding_rs::SHIFT_JIS),
        936 => bytes(encoding_rs::GBK),
        page => oem_cp::encode_string_lossy(text, oem_cp::code_table::ENCODING_TABLE_CP_MAP[&page]),
    }
}

#[derive(Clone)]
struct Machine {
    folder: PathBuf,
    program: PathBuf,
}

impl Machine {
    /// One at a time, as in the one Task Scheduler: the lock is a file lock that ends with the process.
    fn locked<T>(&self, act: impl FnOnce(&mut Scheduler, &mut dyn Host) -> T) -> T {
        let lock = fs::File::create(self.folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let state = self.folder.join("state.json");
        let mut scheduler: Scheduler = fs::read(&state)
            .map_or_else(|_| Scheduler::default(), |bytes| serde_json::from_slice(&bytes).unwrap());
        let outcome = act(&mut scheduler, &mut self.clone());
        fs::write(&state, serde_json::to_vec_pretty(&scheduler).unwrap()).unwrap();
        outcome
    }

    /// Starts a task's program and waits for its end.
    fn mind(&self, pid_file: &Path, action: &Action) {
        let started = start(action);
        let new = pid_file.with_extension("new");
        let pid = started.as_ref().map_or(0, Child::id);
        fs::write(&new, pid.to_string()).unwrap();
        fs::rename(&new, pid_file).unwrap();
        let Ok(mut child) = started else { return };
        let status = child.wait().unwrap();
        let code = status.code().map_or(0x0004_1306, i32::cast_unsigned);
        fs::write(self.end_of(pid), code.to_string()).unwrap();
    }

    fn end_of(&self, pid: u32) -> PathBuf {
        self.folder.join("ended").join(pid.to_string())
    }
}

fn start(action: &Action) -> std::io::Result<Child> {
    let mut command = Command::new(action.command.trim_matches('"'));
    with_arguments(&mut command, &action.arguments);
    action.working_dir.iter().for_each(|folder| {
        command.current_dir(folder);
    });
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}

#[cfg(windows)]
fn with_arguments(command: &mut Command, arguments: &str) {
    use std::os::windows::process::CommandExt;
    command.raw_arg(arguments);
}

/// The tests' tasks have no arguments with spaces.
#[cfg(not(windows))]
fn with_arguments(command: &mut Command, arguments: &str) {
    command.args(arguments.split_whitespace());
}

#[cfg(windows)]
fn in_background(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn in_background(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

impl Host for Machine {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(path).ok()
    }

    fn spawn(&mut self, action: &Action) -> Result<u32, u32> {
        const MISSING: u32 = 0x8007_0002;
        let pid_file = self.folder.join("started.pid");
        let _ = fs::remove_file(&pid_file);
        let mut minder = Command::new(&self.program);
        minder.arg("--mind").arg(&pid_file).arg(serde_json::to_string(action).unwrap());
        minder.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        in_background(&mut minder);
        minder.spawn().map_err(|_| MISSING)?;
        // The minder writes the pid at once; a machine under load may take its time.
        for _ in 0..3000 {
            match fs::read_to_string(&pid_file).ok().and_then(|text| text.parse().ok()) {
                Some(0) => return Err(MISSING),
                Some(pid) => return Ok(pid),
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        Err(MISSING)
    }

    #[cfg(windows)]
    fn kill(&mut self, pid: u32) {
        let _ = Command::new("taskkill").args(["/F", "/PID", &pid.to_string()]).output();
    }

    #[cfg(not(windows))]
    fn kill(&mut self, pid: u32) {
        let process = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
        let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
    }

    fn ended(&mut self, pid: u32) -> Option<u32> {
        let path = self.end_of(pid);
        let code = fs::read_to_string(&path).ok()?.parse().ok()?;
        let _ = fs::remove_file(path);
        Some(code)
    }
}
