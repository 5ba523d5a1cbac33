//! A child's output: into rotated files, through to the host's own streams, and the last of it kept.
//!
//! Each stream has a thread of its own: a slow disk delays the gateway's log, never the host's answer to a signal.

use std::fs::{File, OpenOptions};
use std::io::{self, PipeReader, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::lock::owner_only;

/// How much of a stream is kept in memory for the exit record.
const TAIL: usize = 64 * 1024;
const CHUNK: usize = 64 * 1024;
/// A log that could not be written is tried again after this long.
const RETRY: Duration = Duration::from_secs(5);
/// How long an ended child's pipe may stay open: a helper in another session can hold it for ever.
const PATIENCE: Duration = Duration::from_millis(300);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    Out,
    Err,
}

/// A file that is replaced when it grows over its limit: `x.log` becomes `x.log.1`, and so on up to `keep`.
#[derive(Clone)]
pub struct Log(Arc<Mutex<Rotating>>);

struct Rotating {
    path: String,
    /// Bytes; exceeded by at most one line, as lines are never torn.
    limit: u64,
    keep: u32,
    open: Option<(File, u64)>,
    /// Lines are whole up to here.
    ends_line: bool,
    failed_at: Option<Instant>,
    lost: u64,
}

impl Log {
    pub fn new(path: String, limit: u64, keep: u32) -> Self {
        Self(Arc::new(Mutex::new(Rotating {
            path,
            limit,
            keep,
            open: None,
            ends_line: true,
            failed_at: None,
            lost: 0,
        })))
    }

    /// Appends. What cannot be written is counted and dropped: a full disk must not stop the gateway.
    fn append(&self, bytes: &[u8]) {
        let mut log = lock(&self.0);
        if log.failed_at.is_some_and(|at| at.elapsed() < RETRY) {
            log.lost += bytes.len() as u64;
            return;
        }
        match log.append(bytes) {
            Ok(()) => log.recovered(),
            Err(error) => log.gave_way(bytes, &error),
        }
    }
}

impl Rotating {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let size = self.size()?;
            let is_whole = self.ends_line || size >= 2 * self.limit;
            match cut(rest, self.limit.saturating_sub(size)) {
                Cut::At(at) => {
                    self.write(&rest[..at])?;
                    rest = &rest[at..];
                }
                Cut::Full if size > 0 && is_whole => self.rotate()?,
                // A line longer than a whole log, or the end of one that was begun.
                Cut::Full => {
                    let line = end_of_line(rest).unwrap_or(rest.len());
                    self.write(&rest[..line])?;
                    rest = &rest[line..];
                }
            }
        }
        Ok(())
    }

    fn size(&mut self) -> io::Result<u64> {
        if let Some((_, size)) = &self.open {
            return Ok(*size);
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        owner_only(&mut options);
        let file = options.open(&self.path)?;
        let size = file.metadata()?.len();
        self.open = Some((file, size));
        Ok(size)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some((file, size)) = &mut self.open {
            file.write_all(bytes)?;
            *size += bytes.len() as u64;
            self.ends_line = bytes.ends_with(b"\n");
        }
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.open = None;
        let numbered = |number: u32| format!("{}.{number}", self.path);
        for number in (1..self.keep).rev() {
            let _ = std::fs::rename(numbered(number), numbered(number + 1));
        }
        self.ends_line = true;
        std::fs::rename(&self.path, numbered(1))
    }

    fn gave_way(&mut self, bytes: &[u8], error: &io::Error) {
        if self.failed_at.is_none() {
            tracing::warn!(path = self.path, %error, "the gateway's output cannot be kept");
        }
        self.open = None;
        self.failed_at = Some(Instant::now());
        self.lost += bytes.len() as u64;
    }

    fn recovered(&mut self) {
        if self.failed_at.take().is_some() {
            tracing::warn!(path = self.path, bytes = self.lost, "the gateway's output is kept again");
            self.lost = 0;
        }
    }
}

/// How much goes into the current file.
enum Cut {
    /// So many bytes: all, or up to the end of a line.
    At(usize),
    /// Not one whole line fits.
    Full,
}

fn cut(bytes: &[u8], fits: u64) -> Cut {
    let fits = usize::try_from(fits).unwrap_or(usize::MAX);
    if bytes.len() <= fits {
        return Cut::At(bytes.len());
    }
    bytes[..fits].iter().rposition(|byte| *byte == b'\n').map_or(Cut::Full, |at| Cut::At(at + 1))
}

fn end_of_line(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1)
}

/// One stream on its way.
pub struct Capture {
    tail: Arc<Mutex<Vec<u8>>>,
    done: Option<oneshot::Receiver<()>>,
}

impl Capture {
    pub fn start(stream: PipeReader, log: Log, echo: Option<Echo>) -> Self {
        let tail = Arc::new(Mutex::new(Vec::new()));
        let (tell, done) = oneshot::channel();
        let kept = Arc::clone(&tail);
        let reading =
            std::thread::Builder::new().name("output".to_owned()).stack_size(256 * 1024).spawn(move || {
                pass_on(stream, &log, echo, &kept);
                let _ = tell.send(());
            });
        if let Err(error) = reading {
            tracing::error!(%error, "no thread for the gateway's output");
        }
        Self { tail, done: Some(done) }
    }

    /// Waits until the stream has ended, but not for ever.
    pub async fn settle(&mut self) {
        if let Some(done) = self.done.take() {
            let _ = tokio::time::timeout(PATIENCE, done).await;
        }
    }

    pub fn tail(&self) -> Vec<u8> {
        let kept = lock(&self.tail);
        kept[kept.len().saturating_sub(TAIL)..].to_vec()
    }
}

fn pass_on(mut stream: PipeReader, log: &Log, echo: Option<Echo>, tail: &Mutex<Vec<u8>>) {
    let mut chunk = vec![0; CHUNK];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => return,
            Ok(count) => {
                let bytes = &chunk[..count];
                remember(&mut lock(tail), bytes);
                log.append(bytes);
                pass_through(echo, bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

fn remember(kept: &mut Vec<u8>, bytes: &[u8]) {
    kept.extend_from_slice(bytes);
    if kept.len() > 2 * TAIL {
        kept.drain(..kept.len() - TAIL);
    }
}

/// A terminal that is gone is no reason to stop.
fn pass_through(echo: Option<Echo>, bytes: &[u8]) {
    let _ = match echo {
        Some(Echo::Out) => io::stdout().lock().write_all(bytes).and_then(|()| io::stdout().flush()),
        Some(Echo::Err) => io::stderr().lock().write_all(bytes),
        None => Ok(()),
    };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(folder: &tempfile::TempDir, limit: u64, keep: u32) -> (Log, String) {
        let path = folder.path().join("x.log").display().to_string();
        (Log::new(path.clone(), limit, keep), path)
    }

    #[test]
    fn lines_stay_whole_when_a_log_is_rotated() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = log(&folder, 10, 3);
        log.append(b"one\ntwo\nthree\nfour\nfi");
        log.append(b"ve\nsix\n");
        let read = |path: &str| std::fs::read_to_string(path).unwrap();
        let all =
            [&format!("{path}.3"), &format!("{path}.2"), &format!("{path}.1"), &path].map(|path| read(path));
        assert_eq!(all.concat(), "one\ntwo\nthree\nfour\nfive\nsix\n");
        assert!(all.iter().all(|text| text.ends_with('\n')), "{all:?}");
    }

    #[test]
    fn only_so_many_old_logs_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (log, _) = log(&folder, 4, 2);
        for _ in 0..20 {
            log.append(b"line\n");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn output_without_line_ends_is_bounded_too() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = log(&folder, 100, 2);
        (0..100).for_each(|_| log.append(&[b'x'; 50]));
        assert!(std::fs::metadata(&path).unwrap().len() <= 250);
    }

    #[test]
    fn a_log_that_cannot_be_written_is_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("logs"), "a file in the folder's place").unwrap();
        let log = Log::new(folder.path().join("logs/x.log").display().to_string(), 100, 2);
        log.append(b"lost\n");
        assert_eq!(lock(&log.0).lost, 5);
    }

    #[test]
    fn the_tail_is_the_last_64_kib() {
        let mut kept = Vec::new();
        (0..100).for_each(|number| remember(&mut kept, &[number; 4096]));
        assert!(kept.len() >= TAIL && kept.len() <= 2 * TAIL);
        assert_eq!(kept.last(), Some(&99));
    }
}
