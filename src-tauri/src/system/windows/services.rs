//! Which service runs in which process, from the service control manager. Any account may ask.

use windows::Win32::System::Services::{
    CloseServiceHandle, ENUM_SERVICE_STATUS_PROCESSW, EnumServicesStatusExW, OpenSCManagerW,
    SC_ENUM_PROCESS_INFO, SC_HANDLE, SC_MANAGER_CONNECT, SC_MANAGER_ENUMERATE_SERVICE, SERVICE_ACTIVE,
    SERVICE_WIN32,
};
use windows::core::{PCWSTR, Result};

/// The running services by their processes, under the names that `sc query` shows. Several may share a process.
///
/// # Errors
/// The system's words.
pub fn running() -> Result<Vec<(u32, String)>> {
    let control = Control::open()?;
    let mut room = vec![0_u64; 16 * 1024];
    let mut resume = 0;
    let mut found = Vec::new();
    loop {
        let (mut missing, mut count) = (0, 0);
        // SAFETY: the room is aligned for the rows, as large as is said, and outlives what is read of it here.
        let outcome = unsafe {
            let bytes = std::slice::from_raw_parts_mut(room.as_mut_ptr().cast::<u8>(), room.len() * 8);
            EnumServicesStatusExW(
                control.0,
                SC_ENUM_PROCESS_INFO,
                SERVICE_WIN32,
                SERVICE_ACTIVE,
                Some(bytes),
                &raw mut missing,
                &raw mut count,
                Some(&raw mut resume),
                PCWSTR::null(),
            )
        };
        // SAFETY: Windows has written that many rows to the room's beginning; their names lie in the room too.
        found.extend(unsafe { rows(&room, count as usize) });
        match outcome {
            Ok(()) => return Ok(found),
            // There was no room for all of them, and the next call goes on.
            Err(_) if count > 0 && missing > 0 => {}
            Err(error) => return Err(error),
        }
    }
}

/// # Safety
/// `room` begins with `count` rows of EnumServicesStatusExW.
unsafe fn rows(room: &[u64], count: usize) -> Vec<(u32, String)> {
    // SAFETY: the caller's.
    let rows =
        unsafe { std::slice::from_raw_parts(room.as_ptr().cast::<ENUM_SERVICE_STATUS_PROCESSW>(), count) };
    let named = rows.iter().filter_map(|row| {
        // SAFETY: a name ends with a zero.
        let name = unsafe { row.lpServiceName.to_string() }.ok()?;
        Some((row.ServiceStatusProcess.dwProcessId, name))
    });
    named.collect()
}

/// The service control manager; closed when dropped.
struct Control(SC_HANDLE);

impl Control {
    fn open() -> Result<Self> {
        let rights = SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE;
        // SAFETY: it takes no memory of ours.
        Ok(Self(unsafe { OpenSCManagerW(PCWSTR::null(), PCWSTR::null(), rights) }?))
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, and nobody uses it after this.
        let _ = unsafe { CloseServiceHandle(self.0) };
    }
}
