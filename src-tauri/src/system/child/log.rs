//! A log that is replaced when it is full, with its lines whole, and beside it a file that says when they were written.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::lock::owner_only;
use super::output::lock;
use times::Times;

mod times;

/// A log that could not be written is tried again after this long.
const RETRY: Duration = Duration::from_secs(5);

/// `x.log` becomes `x.log.1` when it is full, and so on up to `keep`. `x.times` goes with it: a line `<time> <offset>` says that the
/// bytes from there on were written at that time or later. Both together hold at most `keep + 1` times `limit` and an eighth.
#[derive(Clone)]
pub struct Log(Arc<Mutex<Rotating>>);

struct Rotating {
    path: String,
    /// Bytes; exceeded by at most one line, as lines are never torn.
    limit: u64,
    keep: u32,
    open: Option<Open>,
    /// Lines are whole up to here.
    ends_line: bool,
    failure: Option<Failure>,
}

struct Open {
    file: File,
    size: u64,
    /// Where the last whole line ends.
    whole: u64,
    times: Times,
}

/// Why and since when nothing is kept.
struct Failure {
    at: Instant,
    cause: String,
    lost: u64,
    /// The lost part ended within a line.
    torn: bool,
}

impl Log {
    pub fn new(path: String, limit: u64, keep: u32) -> Self {
        let log = Rotating { path, limit, keep, open: None, ends_line: true, failure: None };
        Self(Arc::new(Mutex::new(log)))
    }

    /// Appends. What cannot be written is counted and dropped: a full disk must not stop the gateway.
    pub fn append(&self, bytes: &[u8]) {
        let mut log = lock(&self.0);
        let mut rest = bytes;
        if log.is_given_up() {
            return log.lose(rest);
        }
        let done = match log.failure.take() {
            Some(failure) => log.recover(failure, &mut rest),
            None => log.append(&mut rest),
        };
        if let Err(error) = done {
            log.give_way(rest, &error);
        }
    }
}

impl Rotating {
    fn is_given_up(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.at.elapsed() < RETRY)
    }

    fn lose(&mut self, bytes: &[u8]) {
        if let Some(failure) = &mut self.failure {
            failure.lost += bytes.len() as u64;
            failure.torn = !bytes.ends_with(b"\n");
        }
    }

    /// Leaves `rest` at what is not written.
    fn append(&mut self, rest: &mut &[u8]) -> io::Result<()> {
        while !rest.is_empty() {
            let (size, is_full) = self.fill()?;
            let is_whole = self.ends_line || size >= 2 * self.limit;
            let room = if is_full { 0 } else { self.limit.saturating_sub(size) };
            match cut(rest, room) {
                Cut::At(at) => self.write(rest, at)?,
                Cut::Full if size > 0 && is_whole => self.rotate()?,
                // A line longer than a whole log, or the end of one that was begun.
                Cut::Full => {
                    let line = end_of_line(rest).unwrap_or(rest.len());
                    self.write(rest, line)?;
                }
            }
        }
        Ok(())
    }

    /// The open log's size, and whether there is no room left to say when.
    fn fill(&mut self) -> io::Result<(u64, bool)> {
        if self.open.is_none() {
            self.open = Some(Open::append(&self.path)?);
        }
        Ok(self.open.as_ref().map_or((0, false), |open| (open.size, open.times.size > self.limit / 8)))
    }

    fn write(&mut self, rest: &mut &[u8], count: usize) -> io::Result<()> {
        let (now, later) = rest.split_at(count);
        if let Some(open) = &mut self.open {
            open.write(now)?;
            self.ends_line = now.ends_with(b"\n");
        }
        *rest = later;
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.open = None;
        self.ends_line = true;
        // The log goes last: its times alone would be taken for another's.
        let _ = set_aside(&times::path(&self.path), self.keep);
        set_aside(&self.path, self.keep)
    }

    fn give_way(&mut self, rest: &[u8], error: &io::Error) {
        tracing::warn!(path = self.path, %error, "the gateway's output cannot be kept");
        self.fail(rest, error, 0);
    }

    /// No torn line stays behind, where the disk still lets us cut it off.
    fn fail(&mut self, rest: &[u8], error: &io::Error, lost_before: u64) {
        let mut lost = lost_before + rest.len() as u64;
        if let Some(open) = self.open.take().filter(|open| open.file.set_len(open.whole).is_ok()) {
            lost += open.size - open.whole;
            self.ends_line = true;
        }
        self.failure = Some(Failure {
            at: Instant::now(),
            cause: error.to_string(),
            lost,
            torn: !rest.ends_with(b"\n"),
        });
    }

    /// Begins again with a whole line, after one that says what is missing.
    fn recover(&mut self, failure: Failure, rest: &mut &[u8]) -> io::Result<()> {
        let torn = if failure.torn { end_of_line(rest).unwrap_or(rest.len()) } else { 0 };
        let lost = failure.lost + torn as u64;
        let gap = format!("{}[gateward] {lost} bytes are missing here: {}\n", self.line_end(), failure.cause);
        match self.append(&mut gap.as_bytes()) {
            Ok(()) => {
                tracing::warn!(path = self.path, lost, "the gateway's output is kept again");
                *rest = &rest[torn..];
                self.append(rest)
            }
            Err(error) => {
                self.fail(rest, &error, failure.lost);
                Ok(())
            }
        }
    }

    fn line_end(&self) -> &'static str {
        if self.ends_line { "" } else { "\n" }
    }
}

impl Open {
    fn append(path: &str) -> io::Result<Self> {
        let file = open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { file, size, whole: size, times: Times::append(path) })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.times.note(self.size);
        self.file.write_all(bytes)?;
        let line_end = bytes.iter().rposition(|byte| *byte == b'\n');
        self.whole = line_end.map_or(self.whole, |at| self.size + at as u64 + 1);
        self.size += bytes.len() as u64;
        Ok(())
    }
}

fn open(path: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    owner_only(&mut options);
    options.open(path)
}

/// Renames `x` to `x.1`, what had that name to `x.2`, and so on up to `keep`; what had the last name is lost.
///
/// # Errors
/// The system's words when `x` itself stays; that it is not there is none.
pub fn set_aside(path: &str, keep: u32) -> io::Result<()> {
    for number in (0..keep).rev() {
        match std::fs::rename(numbered(path, number), numbered(path, number + 1)) {
            // Somebody removed it.
            Err(error) if number == 0 && error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn numbered(path: &str, number: u32) -> String {
    if number == 0 { path.to_owned() } else { format!("{path}.{number}") }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn log(folder: &tempfile::TempDir, limit: u64, keep: u32) -> (Log, String) {
        let path = folder.path().join("x.log").display().to_string();
        (Log::new(path.clone(), limit, keep), path)
    }

    fn read(path: &str) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn lines_stay_whole_when_a_log_is_rotated() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = log(&folder, 10, 3);
        log.append(b"one\ntwo\nthree\nfour\nfi");
        log.append(b"ve\nsix\n");
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
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["x.log", "x.log.1", "x.log.2", "x.times", "x.times.1", "x.times.2"]);
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
        log.append(b"too\n");
        assert_eq!(lock(&log.0).failure.as_ref().unwrap().lost, 9);
    }

    #[test]
    fn after_a_gap_the_log_begins_with_a_whole_line_and_says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = log(&folder, 1000, 2);
        log.append(b"kept\nbegun");
        let full = io::Error::from(io::ErrorKind::StorageFull);
        lock(&log.0).give_way(b" and lost", &full);
        lock(&log.0).failure.as_mut().unwrap().at -= RETRY;
        log.append(b" end of it\nnext\n");
        assert_eq!(read(&path), format!("kept\n[gateward] 25 bytes are missing here: {full}\nnext\n"));
    }

    #[test]
    fn after_a_gap_of_whole_lines_the_next_line_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = log(&folder, 1000, 2);
        log.append(b"kept\n");
        let full = io::Error::from(io::ErrorKind::StorageFull);
        lock(&log.0).give_way(b"lost\n", &full);
        lock(&log.0).failure.as_mut().unwrap().at -= RETRY;
        log.append(b"next\n");
        assert_eq!(read(&path), format!("kept\n[gateward] 5 bytes are missing here: {full}\nnext\n"));
    }

    #[test]
    fn the_times_say_from_which_byte_on() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = log(&folder, 1000, 2);
        log.append(b"first\n");
        lock(&log.0).open.as_mut().unwrap().times.noted = None;
        log.append(b"second\n");
        let times = read(&times::path(&path));
        let offsets: Vec<&str> = times.lines().map(|line| line.split_once(' ').unwrap().1).collect();
        assert_eq!(offsets, ["0", "6"]);
        assert!(times.lines().all(|line| line.split(' ').next().unwrap().parse::<jiff::Timestamp>().is_ok()));
    }
}
