//! What only this account may open: files with secrets, and the pipe by which a host is asked.

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::windows::io::{AsRawHandle, OwnedHandle};
use std::path::Path;
use std::sync::OnceLock;

use windows::Win32::Foundation::{GENERIC_READ, GENERIC_WRITE, HANDLE, HLOCAL, LocalFree};
use windows::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, ConvertSidToStringSidW,
    ConvertStringSecurityDescriptorToSecurityDescriptorW, ConvertStringSidToSidW, GetSecurityInfo,
    SDDL_REVISION_1, SE_FILE_OBJECT,
};
use windows::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetTokenInformation, LookupAccountSidW, OWNER_SECURITY_INFORMATION,
    PSECURITY_DESCRIPTOR, PSID, SECURITY_ATTRIBUTES, SID_NAME_USE, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE,
};
use windows::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};
use windows::core::{HSTRING, PCWSTR, PWSTR};

use super::{owned, raw};
use crate::system::sddl::{self, Reach};

/// A security descriptor in memory of Windows' own.
pub struct Descriptor(PSECURITY_DESCRIPTOR);

impl Descriptor {
    /// Lets this account and the system in, and inherits nothing.
    ///
    /// # Errors
    /// The system's words.
    pub fn owner_only() -> io::Result<Self> {
        let account = account()?;
        Self::of(&format!("O:{account}D:P(A;;FA;;;{account})(A;;FA;;;SY)"))
    }

    fn of(text: &str) -> io::Result<Self> {
        let mut made = Self(PSECURITY_DESCRIPTOR::default());
        let text = HSTRING::from(text);
        // SAFETY: the text outlives the call; what it allocates is freed by `drop`.
        unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                &text,
                SDDL_REVISION_1,
                &raw mut made.0,
                None,
            )?;
        }
        Ok(made)
    }

    /// As calls that make something take it; it must not outlive this value.
    pub fn attributes(&self) -> SECURITY_ATTRIBUTES {
        SECURITY_ATTRIBUTES {
            nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or_default(),
            lpSecurityDescriptor: self.0.0,
            bInheritHandle: false.into(),
        }
    }

    fn text(&self) -> io::Result<String> {
        let mut text = PWSTR::null();
        // SAFETY: the descriptor is whole; the text it allocates is taken over.
        unsafe {
            let parts = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
            ConvertSecurityDescriptorToStringSecurityDescriptorW(
                self.0,
                SDDL_REVISION_1,
                parts,
                &raw mut text,
                None,
            )?;
            taken(text)
        }
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: Windows allocated it for us, and nobody else frees it.
        unsafe { LocalFree(Some(HLOCAL(self.0.0))) };
    }
}

/// Makes a new file that nobody else can open from its first moment on. `path` is taken as it is: one of more than 260 letters has
/// to begin with `\\?\`.
///
/// # Errors
/// The system's words; `AlreadyExists`.
pub fn new_file(path: &Path) -> io::Result<File> {
    let descriptor = Descriptor::owner_only()?;
    let attributes = descriptor.attributes();
    // SAFETY: path, descriptor and attributes outlive the call.
    let handle = unsafe {
        CreateFileW(
            &HSTRING::from(path),
            GENERIC_READ.0 | GENERIC_WRITE.0,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            Some(&raw const attributes),
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            None,
        )?
    };
    Ok(File::from(owned(handle)))
}

/// Who may open a file.
///
/// # Errors
/// The system's words.
pub fn reach(file: &File) -> io::Result<Reach> {
    let mut found = Descriptor(PSECURITY_DESCRIPTOR::default());
    let (handle, put) = (HANDLE(file.as_raw_handle()), Some(&raw mut found.0));
    // SAFETY: the file outlives the call; what it allocates is freed by `drop`.
    unsafe {
        let parts = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
        GetSecurityInfo(handle, SE_FILE_OBJECT, parts, None, None, None, None, put).ok()?;
    }
    Ok(sddl::reach(&found.text()?, own_name()?))
}

/// This account as descriptors name it: some accounts, such as a machine's first administrator, are two letters there.
fn own_name() -> io::Result<&'static str> {
    static NAME: OnceLock<String> = OnceLock::new();
    if let Some(name) = NAME.get() {
        return Ok(name);
    }
    let text = Descriptor::owner_only()?.text()?;
    Ok(NAME.get_or_init(|| sddl::owner(&text).unwrap_or_default().to_owned()))
}

/// The SID of the account we run under.
pub fn account() -> io::Result<String> {
    let mut token = HANDLE::default();
    // SAFETY: the handle of this process needs no closing.
    unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token)? };
    user(&owned(token))
}

/// The SID of a token's account.
///
/// # Errors
/// The system's words.
pub fn user(token: &OwnedHandle) -> io::Result<String> {
    // The structure is followed by the SID it points to; u64 for its alignment.
    let mut room = [0_u64; 32];
    let mut used = 0;
    // SAFETY: the room is as large as is said, aligned for the structure, and outlives its use.
    unsafe {
        let start = room.as_mut_ptr().cast::<c_void>();
        let size = u32::try_from(size_of_val(&room)).unwrap_or_default();
        GetTokenInformation(raw(token), TokenUser, Some(start), size, &raw mut used)?;
        let mut text = PWSTR::null();
        ConvertSidToStringSidW((*start.cast::<TOKEN_USER>()).User.Sid, &raw mut text)?;
        taken(text)
    }
}

/// The name of the account with a SID in its text form, without its domain.
///
/// # Errors
/// The system's words: nobody knows it, or its domain cannot be asked.
pub fn account_name(sid: &str) -> io::Result<String> {
    let (mut name, mut domain) = ([0_u16; 257], [0_u16; 257]);
    let (mut name_size, mut domain_size) = (257, 257);
    let (mut found, mut kind) = (PSID::default(), SID_NAME_USE::default());
    // SAFETY: both rooms are as large as is said and outlive the call; what the first call allocates is freed once.
    unsafe {
        ConvertStringSidToSidW(&HSTRING::from(sid), &raw mut found)?;
        let told = LookupAccountSidW(
            PCWSTR::null(),
            found,
            Some(PWSTR(name.as_mut_ptr())),
            &raw mut name_size,
            Some(PWSTR(domain.as_mut_ptr())),
            &raw mut domain_size,
            &raw mut kind,
        );
        LocalFree(Some(HLOCAL(found.0)));
        told?;
    }
    let length = usize::try_from(name_size).unwrap_or_default().min(name.len());
    Ok(String::from_utf16_lossy(&name[..length]))
}

/// # Safety
/// `text` was allocated by Windows for its caller.
unsafe fn taken(text: PWSTR) -> io::Result<String> {
    // SAFETY: as the caller says; it is freed once.
    let told = unsafe { text.to_string() };
    // SAFETY: as above.
    unsafe { LocalFree(Some(HLOCAL(text.0.cast()))) };
    told.map_err(io::Error::other)
}
