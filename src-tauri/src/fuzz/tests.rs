use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// What all kept inputs may weigh together.
const MOST_BYTES: u64 = 1024 * 1024;

#[test]
fn every_kept_input_is_read() {
    for target in TARGETS {
        for file in kept(target.name) {
            (target.read)(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn every_target_has_its_program_and_seeds() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for Target { name, .. } in TARGETS {
        let program = fs::read_to_string(folder().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("feed(\"{name}\", ")), "{name}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        assert!(!inputs(&folder().join("corpus").join(name)).is_empty(), "{name} has no seed");
    }
}

/// A workspace of its own has a lock file of its own, which nothing else holds to the library's manifest.
#[test]
fn the_lock_file_of_the_targets_has_all_that_the_library_needs() {
    let [manifest, lock] =
        ["../Cargo.toml", "Cargo.lock"].map(|name| fs::read_to_string(folder().join(name)).unwrap());
    let own = lock.split("[[package]]").find(|part| part.contains("name = \"gateward\"\n")).unwrap();
    let sections = manifest.split("\n[").filter_map(|part| part.split_once("dependencies]\n"));
    let needed = sections.filter(|(kind, _)| !kind.ends_with("dev-") && !kind.ends_with("build-"));
    let lines = needed.flat_map(|(_, lines)| lines.lines()).filter(|line| !line.contains("optional = true"));
    for line in lines.filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase())) {
        let name = line.split(' ').next().unwrap();
        assert!(own.contains(&format!("\"{name}\"")) || own.contains(&format!("\"{name} ")), "{name}");
    }
}

#[test]
fn no_input_is_kept_for_a_target_that_is_gone() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    for kind in ["corpus", "cases"] {
        let kept = fs::read_dir(folder().join(kind)).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(kept.map(|name| name.into_string().unwrap()).all(|name| targets.contains(&name)), "{kind}");
    }
}

#[test]
fn the_kept_inputs_are_small() {
    let all = TARGETS.iter().flat_map(|target| kept(target.name));
    let bytes: u64 = all.map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
}

/// The fuzzer itself needs another build; these few thousand inputs are the same on every machine.
#[test]
fn damaged_inputs_break_no_promise() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for target in TARGETS {
        let seeds: Vec<Vec<u8>> = kept(target.name).iter().map(|file| fs::read(file).unwrap()).collect();
        for _ in 0..200 {
            let mut input = seeds[dice.below(seeds.len())].clone();
            (0..=dice.below(4)).for_each(|_| damage(&mut input, &seeds, &mut dice));
            (target.read)(&input);
        }
    }
}

/// Overwrites, cuts, repeats, or joins with another seed.
fn damage(input: &mut Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(input.len() + 1);
    match dice.below(4) {
        0 if at < input.len() => input[at] = u8::try_from(dice.below(256)).unwrap(),
        1 => input.truncate(at),
        2 => {
            let piece = input[at..].to_vec();
            input.extend(piece);
        }
        _ => {
            let other = &seeds[dice.below(seeds.len())];
            input.truncate(at);
            input.extend_from_slice(&other[dice.below(other.len() + 1)..]);
        }
    }
    input.truncate(16 * 1024);
}

/// xorshift64, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn kept(target: &str) -> Vec<PathBuf> {
    ["corpus", "cases"].iter().flat_map(|kind| inputs(&folder().join(kind).join(target))).collect()
}

fn inputs(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
