//! What a wait status says, without the system's own macros: the same numbers are tested on every system.

use crate::model::Exit;

/// Reads a status as wait(2) and NOTE_EXITSTATUS give it: the signal in the low 7 bits, 0x80 for a core file, else the exit code in
/// the next 8.
pub fn exit_of(status: i64) -> Exit {
    let byte = |shift: u32| i32::try_from((status >> shift) & 0xff).unwrap_or_default();
    match byte(0) & 0x7f {
        0 => Exit::Code { code: byte(8) },
        signal => Exit::Signal { signal, core: byte(0) & 0x80 != 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_status_means_what_the_system_says_it_means() {
        use std::os::unix::process::ExitStatusExt;
        use std::process::ExitStatus;

        for status in [0, 1 << 8, 78 << 8, 255 << 8, 9, 15, 6 | 0x80, 11 | 0x80] {
            let system = ExitStatus::from_raw(status);
            let wanted = match (system.code(), system.signal()) {
                (Some(code), _) => Exit::Code { code },
                (None, Some(signal)) => Exit::Signal { signal, core: system.core_dumped() },
                (None, None) => panic!("{system:?}"),
            };
            assert_eq!(exit_of(i64::from(status)), wanted, "{status:#x}");
        }
    }
}
