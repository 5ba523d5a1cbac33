//! A host that waits needs a tenth of the code that started it: the rest is given back.

#[cfg(target_os = "linux")]
pub use linux::give_back_code;

#[cfg(not(target_os = "linux"))]
pub fn give_back_code() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::ops::Range;

    /// Takes this program's code and constants out of the memory of this process. They stay in the page cache; what is still
    /// needed comes back from there, 64 KiB at a time.
    pub fn give_back_code() {
        let told = (std::fs::read_to_string("/proc/self/maps"), std::fs::read_link("/proc/self/exe"));
        let (Ok(maps), Ok(program)) = told else { return };
        for range in constant_parts(&maps, &program.display().to_string()) {
            if let Err(error) = give_back(&range) {
                tracing::debug!(%error, "the start's memory cannot be given back");
            }
        }
    }

    #[expect(unsafe_code, reason = "the system offers no other way; see below")]
    fn give_back(range: &Range<usize>) -> rustix::io::Result<()> {
        let start = std::ptr::with_exposed_provenance_mut(range.start);
        // SAFETY: The range is a mapping of this program's file that nobody can write: neither this process, as it is mapped
        // without the right to, nor others, as the file runs. Its pages come back as they were, so nobody sees a difference.
        unsafe { rustix::mm::madvise(start, range.len(), rustix::mm::Advice::LinuxDontNeed) }
    }

    /// Where `program` is mapped and never written, by proc_pid_maps(5): its code, and its first part, which holds constants.
    /// Read-only parts further back were written by the dynamic linker before they were protected.
    fn constant_parts(maps: &str, program: &str) -> Vec<Range<usize>> {
        let part = |line: &str| {
            let (fields, path) = line.split_at_checked(line.find('/')?)?;
            let fields: Vec<&str> = fields.split_whitespace().collect();
            let [range, rights, offset, ..] = fields[..] else { return None };
            let is_first = rights == "r--p" && offset.bytes().all(|digit| digit == b'0');
            let (start, end) = range.split_once('-')?;
            let address = |text| usize::from_str_radix(text, 16).ok();
            (path == program && (rights == "r-xp" || is_first)).then_some(address(start)?..address(end)?)
        };
        maps.lines().filter_map(part).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        const MAPS: &str = "\
55947cfbb000-55947d0df000 r--p 00000000 fe:00 1973               /usr/bin/gateward
55947d0df000-55947d8cd000 r-xp 00123000 fe:00 1973               /usr/bin/gateward
55947d8cd000-55947d908000 r--p 00910000 fe:00 1973               /usr/bin/gateward
55947d908000-55947d90a000 rw-p 0094a000 fe:00 1973               /usr/bin/gateward
55949d000000-55949d040000 rw-p 00000000 00:00 0                  [heap]
7f1700000000-7f1700155000 r-xp 00026000 fe:00 55                 /usr/lib/x86_64-linux-gnu/libc.so.6
";

        #[test]
        fn only_what_was_never_written_is_given_back() {
            let parts = constant_parts(MAPS, "/usr/bin/gateward");
            assert_eq!(parts, [0x5594_7cfb_b000..0x5594_7d0d_f000, 0x5594_7d0d_f000..0x5594_7d8c_d000]);
        }

        #[test]
        fn a_program_goes_on_without_the_memory_of_its_code() {
            let sum = || (0..1000).map(|number| number.to_string().len()).sum::<usize>();
            let before = sum();
            give_back_code();
            assert_eq!(sum(), before);
        }
    }
}
