//! Numbers for displays. `Xvfb -displayfd` picks one by itself, but two that start and end at the same moment take each
//! other's socket away.

use super::processes;
use std::fs;
use std::ops::Range;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

/// Far from the numbers that real displays have.
const NUMBERS: Range<u32> = 100..600;

/// A display number that is nobody else's as long as this lives; the kernel frees it with the process.
pub struct DisplayNumber {
    pub number: u32,
    _claim: UnixListener,
}

impl DisplayNumber {
    #[track_caller]
    pub fn claim() -> Self {
        NUMBERS.filter(|number| !is_taken(*number)).find_map(Self::try_claim).expect("a free display number")
    }

    fn try_claim(number: u32) -> Option<Self> {
        let name = SocketAddr::from_abstract_name(format!("gateward-rig-display-{number}")).ok()?;
        let claim = UnixListener::bind_addr(&name).ok()?;
        // Its last owner may have been killed without its display.
        (!is_taken(number)).then_some(Self { number, _claim: claim })
    }
}

fn is_taken(number: u32) -> bool {
    let lock = fs::read_to_string(format!("/tmp/.X{number}-lock")).unwrap_or_default();
    lock.trim().parse().is_ok_and(processes::is_alive)
}
