//! GTK and WebKit, found when the tray starts and not when the program does: so one file is the command line on a machine that has
//! neither, too. `build.rs` makes a function for each of theirs that is used here; it goes on to what stands in the table below.
//!
//! A function that is missing in `late/functions.txt` is linked as usual: the program then needs its library, which the tests notice.

// The libraries' functions have no types here.
#![allow(unsafe_code)]

use std::ffi::c_void;

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_LAZY};

/// Brings all the others with it.
const LIBRARY: &str = "libwebkit2gtk-4.1.so.0";

const FUNCTIONS: &str = include_str!("late/functions.txt");

std::arch::global_asm!(include_str!(concat!(env!("OUT_DIR"), "/late.s")));

unsafe extern "C" {
    /// The first of as many places as there are functions, in the order of the list.
    static mut late_first: *mut c_void;
}

/// Finds the libraries' functions. To be called once, before anything draws.
///
/// # Errors
/// The loader's words, when a library or a function is missing.
pub fn load() -> Result<(), String> {
    // SAFETY: the initialisers of GTK's and WebKit's libraries are those that the loader would have run at the start.
    let library = unsafe { Library::open(Some(LIBRARY), RTLD_LAZY | RTLD_GLOBAL) }
        .map_err(|error| error.to_string())?;
    for (index, name) in FUNCTIONS.lines().enumerate() {
        // SAFETY: whoever calls the function brings its type; here it is an address.
        let function =
            unsafe { library.get::<*mut c_void>(name.as_bytes()) }.map_err(|error| error.to_string())?;
        // SAFETY: build.rs makes one place for each line, and no other thread runs yet.
        unsafe { (&raw mut late_first).add(index).write(function.into_raw()) };
    }
    // What is drawing cannot do without it.
    std::mem::forget(library);
    Ok(())
}
