//! A child's output: into rotated files, through to the host's own streams, and the last of it kept.
//!
//! Each stream has a thread of its own: a slow disk delays the gateway's log, never the host's answer to a signal.

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Log;

/// How much of a stream is kept in memory for the exit record.
const TAIL: usize = 64 * 1024;
const CHUNK: usize = 64 * 1024;
/// How long an ended child's pipe may stay open: a helper in another session can hold it for ever.
const PATIENCE: Duration = Duration::from_millis(300);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    Out,
    Err,
}

/// One stream on its way.
pub struct Capture {
    tail: Arc<Mutex<Vec<u8>>>,
    done: Option<oneshot::Receiver<()>>,
}

impl Capture {
    pub fn start(stream: File, log: Log, echo: Option<Echo>) -> Self {
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

fn pass_on(mut stream: File, log: &Log, echo: Option<Echo>, tail: &Mutex<Vec<u8>>) {
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

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_last_64_kib() {
        let mut kept = Vec::new();
        (0..100).for_each(|number| remember(&mut kept, &[number; 4096]));
        assert!(kept.len() >= TAIL && kept.len() <= 2 * TAIL);
        assert_eq!(kept.last(), Some(&99));
    }
}
