//! Job objects: a gateway and everything it starts, as one thing that ends with its host.

use std::os::windows::io::OwnedHandle;

use windows::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, TH32CS_SNAPTHREAD, THREADENTRY32, Thread32First, Thread32Next,
};
use windows::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_BREAKAWAY_OK,
    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
    JobObjectExtendedLimitInformation, SetInformationJobObject, TerminateJobObject,
};
use windows::Win32::System::Threading::{
    OpenProcess, OpenThread, PROCESS_SET_QUOTA, PROCESS_TERMINATE, ResumeThread, THREAD_SUSPEND_RESUME,
};

use super::{owned, raw};

/// A job whose processes are killed when its last handle closes, however its owner dies. Only who asks for it by name
/// (CREATE_BREAKAWAY_FROM_JOB) leaves it: a helper that restarts the gateway from inside.
pub struct Job(OwnedHandle);

impl Job {
    /// # Errors
    /// The system's words.
    pub fn new() -> std::io::Result<Self> {
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        limits.BasicLimitInformation.LimitFlags =
            JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_BREAKAWAY_OK;
        // SAFETY: the structure is the one the information class names, and outlives the call.
        unsafe {
            let job = owned(CreateJobObjectW(None, None)?);
            let size = u32::try_from(size_of_val(&limits)).unwrap_or_default();
            SetInformationJobObject(
                raw(&job),
                JobObjectExtendedLimitInformation,
                (&raw const limits).cast(),
                size,
            )?;
            Ok(Self(job))
        }
    }

    /// Takes a process in that was started suspended, and lets it run: nothing that it starts is outside.
    ///
    /// # Errors
    /// The system's words; the process is still suspended then.
    pub fn adopt(&self, pid: u32) -> std::io::Result<()> {
        // SAFETY: the handle is owned until the end of the call.
        unsafe {
            let process = owned(OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE, false, pid)?);
            AssignProcessToJobObject(raw(&self.0), raw(&process))?;
        }
        resume(pid)
    }

    /// Kills everything in it.
    pub fn kill(&self) {
        // SAFETY: the handle is ours. 1 is the exit code that Task Manager gives too.
        if let Err(error) = unsafe { TerminateJobObject(raw(&self.0), 1) } {
            tracing::warn!(%error, "the gateway's job could not be ended");
        }
    }
}

/// Resumes the threads of a process that was started suspended: the standard library keeps no handle of the first one.
fn resume(pid: u32) -> std::io::Result<()> {
    let mut entry = THREADENTRY32 {
        dwSize: u32::try_from(size_of::<THREADENTRY32>()).unwrap_or_default(),
        ..Default::default()
    };
    // SAFETY: the entry's size is set as the calls demand, and each handle is owned while it is used.
    unsafe {
        let snapshot = owned(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0)?);
        let mut more = Thread32First(raw(&snapshot), &raw mut entry).is_ok();
        while more {
            if entry.th32OwnerProcessID == pid {
                let thread = owned(OpenThread(THREAD_SUSPEND_RESUME, false, entry.th32ThreadID)?);
                ResumeThread(raw(&thread));
            }
            more = Thread32Next(raw(&snapshot), &raw mut entry).is_ok();
        }
    }
    Ok(())
}
