//! The pipe by which a host is asked: named after its process, and for this account alone.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::time::{Duration, Instant};

use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use windows::Win32::Foundation::{ERROR_PIPE_BUSY, HANDLE};
use windows::Win32::Security::{RevertToSelf, TOKEN_QUERY};
use windows::Win32::Storage::FileSystem::SECURITY_IDENTIFICATION;
use windows::Win32::System::Pipes::{GetNamedPipeServerProcessId, ImpersonateNamedPipeClient};
use windows::Win32::System::Threading::{GetCurrentThread, OpenThreadToken};

use super::owned;
use super::security::{self, Descriptor};

/// Opens the door; with `first`, only if nobody else has taken the name.
///
/// # Errors
/// The system's words: another process has the name.
pub fn open(name: &str, first: bool) -> io::Result<NamedPipeServer> {
    let descriptor = Descriptor::owner_only()?;
    let mut attributes = descriptor.attributes();
    let mut options = ServerOptions::new();
    options.first_pipe_instance(first).reject_remote_clients(true);
    // SAFETY: the attributes are whole, and they and the descriptor outlive the call.
    unsafe { options.create_with_security_attributes_raw(name, (&raw mut attributes).cast()) }
}

/// Whether whoever has spoken through `door` is this account. The pipe's own list says so already; this is the second lock.
///
/// # Errors
/// The system's words: nothing has been said yet, or who speaks does not let itself be identified.
pub fn is_own_account(door: &NamedPipeServer) -> io::Result<bool> {
    let mut token = HANDLE::default();
    // SAFETY: the handle is the door's and outlives the call. This thread is itself again before anything else can happen on it.
    let visitor = unsafe {
        ImpersonateNamedPipeClient(HANDLE(door.as_raw_handle()))?;
        let opened = OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, true, &raw mut token);
        RevertToSelf()?;
        opened?;
        owned(token)
    };
    Ok(security::user(&visitor)? == security::account()?)
}

/// How long a host may take to open its door again after another visitor.
const BUSY: Duration = Duration::from_secs(5);

/// Says `word` at the door of process `pid` and gives what is answered. Blocks until the other side has closed.
///
/// # Errors
/// `NotFound` when there is no such door; `PermissionDenied` when it is another process's or account's.
pub fn say(name: &str, pid: u32, word: &str) -> io::Result<String> {
    let mut door = knock(name)?;
    if server(&door)? != pid {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    door.write_all(word.as_bytes())?;
    let mut answer = String::new();
    door.read_to_string(&mut answer)?;
    Ok(answer)
}

/// The host may learn who we are, and not act in our name.
fn knock(name: &str) -> io::Result<File> {
    let begun = Instant::now();
    let busy = |error: &io::Error| error.raw_os_error() == Some(ERROR_PIPE_BUSY.0.cast_signed());
    loop {
        let options = OpenOptions::new()
            .read(true)
            .write(true)
            .security_qos_flags(SECURITY_IDENTIFICATION.0)
            .open(name);
        match options {
            Err(error) if busy(&error) && begun.elapsed() < BUSY => {
                std::thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
}

/// The process behind the door: anybody may make a pipe of any name before its owner does.
fn server(door: &File) -> io::Result<u32> {
    let mut pid = 0;
    // SAFETY: the handle is the door's and outlives the call.
    unsafe { GetNamedPipeServerProcessId(HANDLE(door.as_raw_handle()), &raw mut pid)? };
    Ok(pid)
}
