//! Who may import whom, and where the operating system may be asked at compile time (docs/architecture.md, "The floors").

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every module of the library, with the modules it may use. A name stands for its submodules too.
const MAY_USE: &[(&str, &str)] = &[
    ("problem", ""),
    ("markup", ""),
    ("model", "identity problem"),
    ("layout", "identity problem"),
    ("identity", "layout problem"),
    ("environment", "identity layout model problem"),
    ("config", "problem"),
    ("redact", "environment model problem"),
    (
        "auth",
        "adapter config environment identity layout logs model plan problem programs redact settings system",
    ),
    ("plan", "model problem"),
    ("system", "environment identity layout model plan problem redact"),
    ("health", "model problem system"),
    ("ports", "environment layout model problem system"),
    ("programs", "identity layout model plan problem system"),
    ("spec", "environment identity layout model plan problem programs"),
    ("logs", "config identity layout model plan problem redact system"),
    ("adapter", "environment identity layout model observe plan problem system"),
    ("observe", "adapter config health identity model ports problem programs system"),
    ("verdict", "model"),
    ("settings", "auth environment identity layout model problem programs system"),
    ("incidents", "model"),
    ("explanations", "model problem"),
    ("history", "explanations model problem system"),
    ("alerts", "identity model plan problem settings system"),
    ("run_loop", "model"),
    ("update", "explanations identity incidents model plan problem redact system verdict view"),
    ("words", "model problem"),
    ("watcher", "adapter identity layout model plan problem"),
    (
        "setup",
        "adapter auth changes config environment explanations identity last_words layout model observe plan ports problem programs settings system \
         verdict world",
    ),
    ("releases", "identity layout model problem programs settings system world"),
    (
        "view",
        "auth environment explanations history identity incidents layout model plan problem programs redact releases settings setup variables words",
    ),
    ("changes", "environment identity layout model plan problem redact system"),
    (
        "doctor",
        "adapter auth changes config environment identity layout logs markup model observe plan problem programs settings system verdict \
         words world",
    ),
    (
        "diagnostics",
        "adapter changes config doctor environment identity layout logs markup model observe plan problem redact settings system \
         verdict view words world",
    ),
    ("leftovers", "adapter identity layout model observe plan problem programs system world"),
    ("last_words", "adapter identity logs observe redact system"),
    ("execute", "adapter changes explanations identity last_words model observe plan problem system"),
    ("variables", "auth environment identity model"),
    (
        "alteration",
        "auth changes environment execute identity layout model observe plan problem programs settings spec system variables world",
    ),
    ("world", "adapter config execute identity layout logs model observe problem system"),
    (
        "host",
        "adapter config environment execute identity layout model plan problem redact run_loop settings system \
         world",
    ),
    (
        "engine",
        "adapter alerts alteration auth changes config environment execute health identity incidents last_words layout logs model observe plan ports problem \
         redact settings system update verdict words world",
    ),
    ("demo", "markup"),
    ("fuzz", "adapter auth cli config explanations logs model programs redact"),
    (
        "cli",
        "adapter alerts alteration auth changes config demo diagnostics doctor engine environment execute explanations health history host identity incidents layout leftovers logs \
         model observe plan ports problem programs redact releases settings setup spec system update variables verdict view watcher words world",
    ),
];

/// The files in which the target system decides what is compiled.
const MAY_ASK_FOR_THE_SYSTEM: &[&str] = &["system", "demo", "lib.rs"];

/// Files that may name a shell: to start one, with the reason in docs/security.md, or to tell who started a process.
const MAY_NAME_A_SHELL: &[&str] =
    &["auth/routes.rs", "launchd/wrapper.rs", "src/plan.rs", "view/terminal.rs", "process/starter.rs"];

#[test]
fn shells_are_started_in_few_places() {
    let names = |text: &str| text.contains("\"/bin/sh\"") || text.contains("cmd.exe\"");
    let may = |path: &Path| MAY_NAME_A_SHELL.iter().any(|known| path.ends_with(known));
    let found: Vec<PathBuf> = sources()
        .into_iter()
        .map(|(_, path)| path)
        .filter(|path| names(&production(path)) && !may(path))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, Vec<&str>> =
        MAY_USE.iter().map(|(module, others)| (*module, others.split_whitespace().collect())).collect();
    let mut broken = Vec::new();
    for (module, path) in sources() {
        let Some(others) = allowed.get(module.as_str()) else { continue };
        for used in imports(&production(&path)) {
            if used != module && !others.contains(&used.as_str()) {
                broken.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_module_has_its_place() {
    let known: Vec<&str> = MAY_USE.iter().map(|(module, _)| *module).collect();
    let mut homeless: Vec<String> = sources().into_iter().map(|(module, _)| module).collect();
    homeless.retain(|module| {
        !known.contains(&module.as_str()) && !["lib", "bindings"].contains(&module.as_str())
    });
    assert!(homeless.is_empty(), "say in tests/boundaries.rs what these may use: {homeless:?}");
}

#[test]
fn only_the_machine_floor_asks_for_the_system_at_compile_time() {
    let asks = |text: &str| {
        [
            "cfg(target_os",
            "cfg(windows",
            "cfg(unix",
            "cfg(not(unix",
            "cfg(not(windows",
            "cfg(not(target_os",
            "cfg!(",
        ]
        .iter()
        .any(|mark| text.contains(mark))
    };
    let askers: Vec<String> = sources()
        .into_iter()
        .filter(|(module, _)| !MAY_ASK_FOR_THE_SYSTEM.contains(&module.as_str()))
        .filter(|(_, path)| asks(&production(path)))
        .map(|(_, path)| path.display().to_string())
        .collect();
    assert!(askers.is_empty(), "differences between systems are data (STYLE.md): {askers:?}");
}

#[test]
fn the_library_names_no_tauri() {
    let namers: Vec<String> = sources()
        .into_iter()
        .filter(|(_, path)| production(path).contains("tauri::"))
        .map(|(_, path)| path.display().to_string())
        .collect();
    assert!(namers.is_empty(), "{namers:?}");
}

#[test]
fn the_check_sees_what_it_forbids() {
    let text = "use crate::view::tone;\nfn f() { crate::engine::run() }\n// crate::cli is only talked of\nuse crate::{demo, host};\n";
    assert_eq!(imports(text), ["demo", "engine", "host", "view"]);
}

/// Every source file of the library with the name of its top module.
fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src");
    let files = below(&root);
    assert!(files.len() > 30, "{files:?}");
    let module = |path: &Path| {
        let inner = path.strip_prefix(&root).unwrap().components().next().unwrap();
        inner.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
    };
    files.into_iter().filter(|path| !is_test(path)).map(|path| (module(&path), path)).collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => below(&path),
            false if path.extension().is_some_and(|kind| kind == "rs") => vec![path],
            false => Vec::new(),
        })
        .collect()
}

/// Tests may look everywhere: `tests.rs`, `tests/`, and modules that are declared for tests only.
fn is_test(path: &Path) -> bool {
    let named = path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs");
    named || is_declared_for_tests(path)
}

fn is_declared_for_tests(path: &Path) -> bool {
    let parent = path.parent().unwrap().with_extension("rs");
    let Ok(text) = fs::read_to_string(parent) else { return false };
    let name = path.file_stem().unwrap().to_string_lossy();
    ["", "pub ", "pub(crate) "]
        .iter()
        .any(|sight| text.contains(&format!("#[cfg(test)]\n{sight}mod {name};")))
}

/// A file's text without its comments and without what follows the first `#[cfg(test)]` module: tests come last.
fn production(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let end = ["#[cfg(test)]\nmod ", "#[cfg(test)]\npub mod ", "#[cfg(test)]\n#[cfg(unix)]"]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len());
    text[..end].to_owned()
}

/// The modules behind `crate::`, sorted, each once.
fn imports(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut found: Vec<String> = code.split("crate::").skip(1).flat_map(first_names).collect();
    found.sort();
    found.dedup();
    found
}

/// `view::tone` gives `view`; `{demo, host::Options}` gives both.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| {
        let name: String =
            text.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        Some(name).filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
    };
    match rest.strip_prefix('{') {
        Some(list) => {
            outer(list.split('}').next().unwrap_or_default()).iter().filter_map(|part| name(part)).collect()
        }
        None => name(rest).into_iter().collect(),
    }
}

fn outer(list: &str) -> Vec<&str> {
    list.split(',').collect()
}
