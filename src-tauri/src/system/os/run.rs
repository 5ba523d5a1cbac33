//! Runs outside programs with a deadline.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{Sender, UnboundedSender};
use tokio::task::JoinHandle;

use crate::plan::{Answer, Call, End, Tool};
use crate::system::{Hearer, Watching};

/// Where tools are looked up: `GATEWARD_TOOLS` first, then the system's own folders, never the current one or `PATH`.
pub struct Tools {
    first: Option<PathBuf>,
    /// In place of the process's own variables.
    variables: Option<BTreeMap<String, String>>,
}

#[cfg(not(windows))]
const SYSTEM_FOLDERS: &[&str] = &["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/run/current-system/sw/bin"];
#[cfg(windows)]
const SYSTEM_FOLDERS: &[&str] = &[r"C:\Windows\System32"];

impl Tools {
    pub fn new(first: Option<String>) -> Self {
        Self { first: first.map(PathBuf::from), variables: None }
    }

    pub fn within(variables: BTreeMap<String, String>, first: Option<String>) -> Self {
        Self { first: first.map(PathBuf::from), variables: Some(variables) }
    }

    pub fn has_doubles(&self) -> bool {
        self.first.is_some()
    }

    /// The variables a program gets besides those it inherits.
    fn equip(&self, command: &mut Command) {
        if let Some(variables) = &self.variables {
            command.env_clear().envs(variables);
        } else if std::env::var_os("XDG_RUNTIME_DIR").is_none() && Path::new(runtime_dir()).is_dir() {
            // After `su`, and in many ssh and cron sessions, it is missing while the manager runs (A8).
            command.env("XDG_RUNTIME_DIR", runtime_dir());
        }
        command.env("LC_ALL", "C").env("SYSTEMD_PAGER", "").env("SYSTEMD_COLORS", "0");
    }

    fn find(&self, tool: &Tool) -> Option<PathBuf> {
        if let Tool::At(path) = tool {
            return Some(PathBuf::from(path));
        }
        let folders = self.first.as_deref().into_iter().chain(SYSTEM_FOLDERS.iter().map(Path::new));
        folders.map(|folder| folder.join(tool.name())).find(|path| path.is_file())
    }
}

/// Where logind puts an account's runtime folder.
pub fn runtime_dir() -> &'static str {
    static DIR: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| format!("/run/user/{}", super::around::uid()));
    &DIR
}

pub async fn run(tools: &Tools, call: &Call) -> Answer {
    match spawned(tools, call, Stdio::null()) {
        Ok(child) => finish(child, call.deadline).await,
        Err(answer) => answer,
    }
}

/// The same; `tell` gets each line of either stream as it comes.
pub async fn narrate(tools: &Tools, call: &Call, tell: &Hearer<'_>) -> Answer {
    let child = match spawned(tools, call, Stdio::null()) {
        Ok(child) => child,
        Err(answer) => return answer,
    };
    let (heard, mut lines) = tokio::sync::mpsc::unbounded_channel::<String>();
    let finished = finish_telling(child, call.deadline, Some(heard));
    tokio::pin!(finished);
    loop {
        tokio::select! {
            biased;
            Some(line) = lines.recv() => tell(&line),
            answer = &mut finished => {
                while let Ok(line) = lines.try_recv() {
                    tell(&line);
                }
                return answer;
            }
        }
    }
}

/// A console window would flash up for each question that the tray asks (A24).
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// A program that does not read its input is no failure: its own end says how it went.
pub async fn feed(tools: &Tools, call: &Call, input: &[u8]) -> Answer {
    let mut child = match spawned(tools, call, Stdio::piped()) {
        Ok(child) => child,
        Err(answer) => return answer,
    };
    let (input, pipe) = (input.to_vec(), child.stdin.take());
    let writing = tokio::spawn(async move {
        if let Some(mut pipe) = pipe {
            let _ = pipe.write_all(&input).await;
        }
    });
    let answer = finish(child, call.deadline).await;
    writing.abort();
    answer
}

fn spawned(tools: &Tools, call: &Call, input: Stdio) -> Result<Child, Answer> {
    let not_started = |words| Answer { end: End::NotStarted(words), ..Answer::default() };
    let program = tools.find(&call.tool).ok_or_else(|| {
        not_started(format!("{}: not found in {}", call.tool.name(), SYSTEM_FOLDERS.join(", ")))
    })?;
    let mut command = quiet(tools, program, call);
    command.stdin(input).stderr(Stdio::piped()).spawn().map_err(|error| not_started(error.to_string()))
}

/// Without input, in English, without pager and colours, ended with us.
fn quiet(tools: &Tools, program: PathBuf, call: &Call) -> Command {
    let mut command = Command::new(program);
    command.args(&call.args);
    tools.equip(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    #[cfg(windows)]
    command.creation_flags(CREATE_NO_WINDOW);
    command
}

/// Tells the program's output line by line; the channel closes when it ends or cannot be started.
pub fn stream(tools: &Tools, call: &Call, tell: Sender<String>) -> Watching {
    let child =
        tools.find(&call.tool).and_then(|path| quiet(tools, path, call).stderr(Stdio::null()).spawn().ok());
    let reading = tokio::spawn(async move {
        let Some(mut child) = child else { return };
        let Some(stdout) = child.stdout.take() else { return };
        let mut lines = BufReader::new(stdout).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if tell.send(line).await.is_err() {
                return;
            }
        }
    });
    Watching::until_dropped(move || reading.abort())
}

/// How long the pipes may stay open after the program itself has ended: a grandchild can hold them for ever.
const PIPES_GRACE: Duration = Duration::from_millis(300);

/// More than this of one stream is not kept; no tool we ask says so much.
const LONGEST_STREAM: u64 = 4 * 1024 * 1024;

async fn finish(child: Child, deadline: Duration) -> Answer {
    finish_telling(child, deadline, None).await
}

async fn finish_telling(
    mut child: Child,
    deadline: Duration,
    tell: Option<UnboundedSender<String>>,
) -> Answer {
    let stdout = Hearing::of(child.stdout.take(), tell.clone());
    let stderr = Hearing::of(child.stderr.take(), tell);
    let end = match tokio::time::timeout(deadline, child.wait()).await {
        Ok(Ok(status)) => end_of(status),
        Ok(Err(error)) => End::NotStarted(error.to_string()),
        Err(_) => {
            let _ = child.start_kill();
            End::TimedOut
        }
    };
    Answer { end, stdout: stdout.text().await, stderr: stderr.text().await }
}

/// One stream of a program while it is read.
struct Hearing {
    heard: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

impl Hearing {
    /// Each line that is complete is told at once.
    fn of(
        stream: Option<impl AsyncRead + Unpin + Send + 'static>,
        tell: Option<UnboundedSender<String>>,
    ) -> Self {
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let hears = Arc::clone(&heard);
        let reading = tokio::spawn(async move {
            let Some(stream) = stream else { return };
            let mut stream = stream.take(LONGEST_STREAM);
            let mut piece = Vec::new();
            let mut line = Vec::new();
            while stream.read_buf(&mut piece).await.is_ok_and(|count| count > 0) {
                if let Some(tell) = &tell {
                    tell_lines(&piece, &mut line, tell);
                }
                hears.lock().unwrap_or_else(PoisonError::into_inner).append(&mut piece);
            }
        });
        Self { heard, reading }
    }

    /// What it has said by now, even if somebody still holds its pipe open.
    async fn text(mut self) -> String {
        if tokio::time::timeout(PIPES_GRACE, &mut self.reading).await.is_err() {
            self.reading.abort();
        }
        decoded(&self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// `begun` is what a piece before has left without an end of line.
fn tell_lines(piece: &[u8], begun: &mut Vec<u8>, tell: &UnboundedSender<String>) {
    begun.extend(piece);
    while let Some(end) = begun.iter().position(|byte| *byte == b'\n') {
        let line: Vec<u8> = begun.drain(..=end).collect();
        let _ = tell.send(decoded(line.trim_ascii_end()));
    }
}

#[cfg(not(windows))]
fn decoded(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Tools of Windows speak in the code page of its consoles, ours in UTF-8.
#[cfg(windows)]
fn decoded(bytes: &[u8]) -> String {
    use crate::system::{code_page, windows::oem_code_page};
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => code_page::decode(bytes, oem_code_page())
            .unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()),
    }
}

#[cfg(unix)]
fn end_of(status: ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exited(code),
        (None, Some(signal)) => End::Killed(signal),
        (None, None) => End::NotStarted("ended without a status".to_owned()),
    }
}

#[cfg(not(unix))]
fn end_of(status: ExitStatus) -> End {
    status.code().map_or(End::NotStarted("ended without a status".to_owned()), End::Exited)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    async fn sh(script: &str, deadline: Duration) -> Answer {
        let call = Call::new(Tool::At("/bin/sh".to_owned()), &["-c", script], deadline);
        run(&Tools::new(None), &call).await
    }

    #[tokio::test]
    async fn both_streams_and_the_code_are_kept() {
        let answer = sh("echo out; echo err >&2; exit 4", Duration::from_secs(5)).await;
        assert_eq!(
            (answer.end, answer.stdout.as_str(), answer.stderr.as_str()),
            (End::Exited(4), "out\n", "err\n")
        );
    }

    #[tokio::test]
    async fn a_tool_that_hangs_is_killed_at_its_deadline() {
        let begun = std::time::Instant::now();
        assert_eq!(sh("exec sleep 60", Duration::from_millis(100)).await.end, End::TimedOut);
        assert!(begun.elapsed() < Duration::from_secs(60));
    }

    #[tokio::test]
    async fn a_grandchild_that_keeps_the_pipe_neither_holds_us_nor_takes_the_words_away() {
        let begun = std::time::Instant::now();
        let answer = sh("echo done; sleep 60 & exit 0", Duration::from_secs(60)).await;
        assert_eq!((answer.end, answer.stdout.as_str()), (End::Exited(0), "done\n"));
        assert!(begun.elapsed() < Duration::from_secs(60));
    }

    #[tokio::test]
    async fn a_program_that_takes_its_time_is_told_of_line_by_line_and_kept_whole() {
        let script = "echo one; echo two >&2; printf thr; echo ee; exit 3";
        let call = Call::new(Tool::At("/bin/sh".to_owned()), &["-c", script], Duration::from_secs(60));
        let told = Mutex::new(Vec::new());
        let answer =
            narrate(&Tools::new(None), &call, &|line| told.lock().unwrap().push(line.to_owned())).await;
        let mut lines = told.into_inner().unwrap();
        lines.sort();
        assert_eq!(lines, ["one", "three", "two"]);
        assert_eq!((answer.end, answer.stdout.as_str()), (End::Exited(3), "one\nthree\n"));
    }

    #[tokio::test]
    async fn a_stream_tells_lines_and_then_closes() {
        let call =
            Call::new(Tool::At("/bin/sh".to_owned()), &["-c", "echo a; echo b"], Duration::from_secs(5));
        let (tell, mut told) = tokio::sync::mpsc::channel(4);
        let _streaming = stream(&Tools::new(None), &call, tell);
        let mut lines = Vec::new();
        while let Some(line) = told.recv().await {
            lines.push(line);
        }
        assert_eq!(lines, ["a", "b"]);
    }

    #[tokio::test]
    async fn tools_speak_english() {
        assert_eq!(sh("printf %s \"$LC_ALL\"", Duration::from_secs(5)).await.stdout, "C");
    }

    #[tokio::test]
    async fn a_missing_tool_says_where_it_was_looked_for() {
        let call = Call::new(Tool::Launchctl, &["print"], Duration::from_secs(1));
        let End::NotStarted(words) = run(&Tools::new(None), &call).await.end else {
            panic!("launchctl on this system?")
        };
        assert!(words.contains("launchctl: not found"), "{words}");
    }

    #[tokio::test]
    async fn the_tools_folder_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let double = folder.path().join("systemctl");
        write_script(&double, "#!/bin/sh\necho double");
        let call = Call::new(Tool::Systemctl, &[], Duration::from_secs(5));
        let tools = Tools::new(Some(folder.path().display().to_string()));
        assert_eq!(run(&tools, &call).await.stdout, "double\n");
    }

    fn write_script(path: &Path, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(path, text).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}
