//! Windows' own calls that no safe crate offers: the one room of the project with `unsafe` in it. Each function takes and gives safe
//! types; handles are owned and close themselves.

#![allow(unsafe_code)]

pub mod console;
pub mod job;
pub mod pipe;
pub mod process;
pub mod question;
pub mod scheduler;
pub mod security;
pub mod services;
pub mod session;
pub mod sockets;
pub mod start_menu;
pub mod taskbar;

use std::os::windows::io::{FromRawHandle, OwnedHandle};

use windows::Win32::Foundation::HANDLE;

/// Takes a handle that a call has just made; it is closed when dropped.
fn owned(handle: HANDLE) -> OwnedHandle {
    // SAFETY: every caller passes a handle that Windows made for it alone, and forgets it.
    unsafe { OwnedHandle::from_raw_handle(handle.0) }
}

/// The handle as the calls take it; it stays the owner's.
fn raw(handle: &OwnedHandle) -> HANDLE {
    use std::os::windows::io::AsRawHandle;
    HANDLE(handle.as_raw_handle())
}

/// The code page of this Windows' consoles.
pub fn oem_code_page() -> u16 {
    // SAFETY: it takes nothing and only reads a setting.
    let page = unsafe { windows::Win32::Globalization::GetOEMCP() };
    u16::try_from(page).unwrap_or_default()
}
