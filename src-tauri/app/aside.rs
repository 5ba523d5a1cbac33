//! Work with files and programs holds its thread up: it is done on one beside those that everything else runs on.

use gateward::problem::{Code, Problem};
use tauri::async_runtime::{block_on, spawn_blocking};

/// Does what may hold a thread up, aside.
///
/// # Errors
/// The work's own; `Internal` when it panicked.
pub async fn from<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Problem::new(Code::Internal).because(error.to_string())))
}

/// The same for what waits in between.
///
/// # Errors
/// As [`from`].
pub async fn aside<T: Send + 'static>(
    work: impl Future<Output = Result<T, Problem>> + Send + 'static,
) -> Result<T, Problem> {
    from(move || block_on(work)).await
}
