//! The program's name towards the shell: notifications are shown only for an AppUserModelID that a shortcut in the Start menu bears.

use std::io;
use std::path::Path;

use windows::Win32::Storage::EnhancedStorage::PKEY_AppUserModel_ID;
use windows::Win32::System::Com::StructuredStorage::PROPVARIANT;
use windows::Win32::System::Com::{
    CLSCTX_INPROC_SERVER, COINIT_APARTMENTTHREADED, CoCreateInstance, CoInitializeEx, IPersistFile, STGM_READ,
};
use windows::Win32::UI::Shell::PropertiesSystem::IPropertyStore;
use windows::Win32::UI::Shell::{IShellLinkW, SetCurrentProcessExplicitAppUserModelID, ShellLink};
use windows::core::{HSTRING, Interface, Result};

/// Names this process; before it has any window.
///
/// # Errors
/// The system's words.
pub fn name_process(id: &str) -> io::Result<()> {
    // SAFETY: the text outlives the call.
    Ok(unsafe { SetCurrentProcessExplicitAppUserModelID(&HSTRING::from(id)) }?)
}

/// Makes sure that the shortcut at `link` bears `id`. One that is there keeps what it starts; a new one starts `program`.
///
/// # Errors
/// The system's words.
pub fn name_shortcut(link: &Path, program: &Path, id: &str) -> io::Result<()> {
    let (link, is_new) = (HSTRING::from(link), !link.exists());
    // SAFETY: COM is initialised for this thread first; interfaces release themselves, texts outlive the calls.
    unsafe {
        // An earlier call on this thread, in whatever mode, is no failure.
        let _ = CoInitializeEx(None, COINIT_APARTMENTTHREADED);
        let shortcut: IShellLinkW = CoCreateInstance(&ShellLink, None, CLSCTX_INPROC_SERVER)?;
        let file: IPersistFile = shortcut.cast()?;
        if is_new {
            shortcut.SetPath(&HSTRING::from(program))?;
        } else {
            file.Load(&link, STGM_READ)?;
        }
        if named(&shortcut, id)? || is_new {
            file.Save(&link, true)?;
        }
    }
    Ok(())
}

/// Puts the name on; whether it was another one.
///
/// # Safety
/// COM is initialised on this thread.
unsafe fn named(shortcut: &IShellLinkW, id: &str) -> Result<bool> {
    let store: IPropertyStore = shortcut.cast()?;
    let name = PROPVARIANT::from(id);
    // SAFETY: key and value outlive the calls; the interface is of this thread.
    unsafe {
        if store.GetValue(&PKEY_AppUserModel_ID).is_ok_and(|old| old == name) {
            return Ok(false);
        }
        store.SetValue(&PKEY_AppUserModel_ID, &name)?;
        store.Commit()?;
    }
    Ok(true)
}
