//! A wall clock of one's own for single programs: libfaketime between them and their C library. The monotonic clock is left alone, as
//! it is when somebody sets the machine's clock.

use std::path::PathBuf;
use std::process::Command;

/// # Panics
/// When the library is missing: a test that can't run must not pass.
#[track_caller]
pub fn library() -> PathBuf {
    let arch = std::env::consts::ARCH;
    let path = PathBuf::from(format!("/usr/lib/{arch}-linux-gnu/faketime/libfaketime.so.1"));
    assert!(path.exists(), "{} is missing: run `cargo xtask setup --for test`", path.display());
    path
}

/// The program sees the wall clock so much beside the real one, as in `+5m`.
pub fn shifted<'a>(command: &'a mut Command, offset: &str) -> &'a mut Command {
    command.env("LD_PRELOAD", library()).env("FAKETIME", offset).env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
}
