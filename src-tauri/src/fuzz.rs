//! What the fuzzer and the tests feed to every reader of text that others wrote: no input may end the program, let a planted secret
//! out, or come back as something else than was read.
//!
//! `cargo xtask fuzz` begins with the inputs in `fuzz/corpus/`, which are seeds from `tests/fixtures/`. An input that once failed is
//! kept in `fuzz/cases/`, and the tests read both.

use std::borrow::Cow;

use clap::Parser;

use crate::adapter::launchd::{plist, print, wrapper};
use crate::adapter::schtasks::{query, script, task::Task};
use crate::adapter::systemd::{env_file, journal, unit};
use crate::auth::{certificate, cli_answer, config_facts, gateway_answer, native, profiles};
use crate::cli::Args;
use crate::model::{Redacted, Request, Spot, Value};
use crate::{adapter::builtin::record, config, explanations, logs, programs, redact};

/// A reader, or several of one kind of text.
pub struct Target {
    /// Of its files: `fuzz_targets/NAME.rs`, `corpus/NAME/`.
    pub name: &'static str,
    pub read: fn(&[u8]),
}

pub const TARGETS: &[Target] = &[
    Target { name: "unit", read: unit },
    Target { name: "env_file", read: env_file },
    Target { name: "journal", read: journal },
    Target { name: "plist", read: plist },
    Target { name: "launchctl_print", read: launchctl_print },
    Target { name: "task_xml", read: task_xml },
    Target { name: "schtasks_query", read: schtasks_query },
    Target { name: "cmd_script", read: cmd_script },
    Target { name: "config", read: config },
    Target { name: "auth", read: auth },
    Target { name: "log_line", read: log_line },
    Target { name: "arguments", read: arguments },
    Target { name: "request", read: request },
    Target { name: "redact", read: redacted },
    Target { name: "record", read: record },
    Target { name: "version", read: version },
];

/// Feeds `input` to the target of that name.
///
/// # Panics
/// When a reader breaks its promise, which is what the fuzzer looks for, or there is no such target.
#[allow(clippy::panic)]
pub fn feed(name: &str, input: &[u8]) {
    match TARGETS.iter().find(|target| target.name == name) {
        Some(target) => (target.read)(input),
        None => panic!("there is no target {name}"),
    }
}

fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

fn unit(input: &[u8]) {
    let text = text(input);
    // A drop-in begins after the first NUL.
    let parts: Vec<unit::Part<'_>> =
        text.split('\0').map(|text| unit::Part { path: "/unit", text }).collect();
    let _ = unit::parse(&parts, &Default::default());
}

fn env_file(input: &[u8]) {
    let read = env_file::parse(&text(input));
    let secrets = read
        .iter()
        .map(|(name, value)| (name.clone(), Value::Secret(Redacted::new(value.clone()))))
        .collect();
    // What systemd reads may hold characters that we do not write.
    if let Ok(Some(written)) = env_file::render(&secrets) {
        assert_eq!(env_file::parse(written.reveal()), read);
    }
}

fn journal(input: &[u8]) {
    let text = text(input);
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let _ = journal::incidents("default", "openclaw-gateway.service", &lines);
    for line in &lines {
        let _ = logs::line::of_journal(line);
    }
}

fn plist(input: &[u8]) {
    let Ok(agent) = plist::parse(input) else { return };
    if let Ok(written) = plist::render(&agent) {
        assert_eq!(plist::parse(written.as_bytes()), Ok(agent));
    }
}

fn launchctl_print(input: &[u8]) {
    let text = text(input);
    let _ = (print::job(&text), print::overrides(&text), wrapper::parse(&text));
}

fn task_xml(input: &[u8]) {
    let Ok(task) = Task::parse(&text(input)) else { return };
    let written = task.render();
    assert_eq!(Task::parse(&written).map(|task| task.render()), Ok(written));
}

fn schtasks_query(input: &[u8]) {
    let text = text(input);
    let _ = (query::of_report(&text), query::code(&text));
}

fn cmd_script(input: &[u8]) {
    let _ = script::parse(input);
    let _ = script::split(&text(input));
}

fn config(input: &[u8]) {
    let text = text(input);
    let _ = (config::parse(&text, "/openclaw.json"), config_facts::read(&text));
}

fn auth(input: &[u8]) {
    let _ = profiles::read(input, "main", "/file");
    let _ = profiles::read_legacy(input, "main", "/file");
    let _ = (native::claude(input, "/file"), native::codex(input, "/file"), native::gemini(input, "/file"));
    let _ = (certificate::read(input, "label", "/file"), gateway_answer::read(input));
    let _ = cli_answer::read(&text(input));
}

fn log_line(input: &[u8]) {
    let line = logs::line::of_file(input, "gateway.log", Spot::File { file: 0, byte: 0 });
    assert!(line.text.chars().count() <= logs::line::MOST_CHARACTERS + 1);
    let _ = explanations::of_line(&text(input));
    let _ = logs::filter::expression(&text(input), true);
}

fn arguments(input: &[u8]) {
    let text = text(input);
    let words = text.split('\0').map(str::to_owned);
    let _ = Args::try_parse_from(std::iter::once("gateward".to_owned()).chain(words));
}

fn request(input: &[u8]) {
    let Ok(request) = serde_json::from_slice::<Request>(input) else { return };
    let again = serde_json::to_vec(&request).map(|json| serde_json::from_slice::<Request>(&json).ok());
    assert_eq!(again.ok().flatten(), Some(request));
}

/// As issuers form them; nothing before or behind it may keep it from being masked.
const PLANTED: &str = "ghp_Pl4nt3dPl4nt3dPl4nt3dPl4nt3dPl4n";

fn redacted(input: &[u8]) {
    let text = text(input);
    let once = redact::redact(&text);
    assert_eq!(redact::redact(&once), once);
    // A piece of it that stands there by chance is nobody's secret.
    if text.contains("Pl4nt3d") {
        return;
    }
    let (before, after) = text.split_once('\0').unwrap_or((&text, ""));
    let line = format!("{before} {PLANTED} {after}");
    assert!(!redact::redact(&line).contains("Pl4nt3dPl4nt3d"), "{line}");
}

fn record(input: &[u8]) {
    let Ok(record) = record::parse(&text(input), "/record") else { return };
    let again = serde_json::to_string(&record).map(|json| record::parse(&json, "/record").ok());
    assert_eq!(again.ok().flatten(), Some(record));
}

fn version(input: &[u8]) {
    let text = text(input);
    let _ = programs::range::Range::parse(&text)
        .map(|range| range.admits(programs::range::Version::new(22, 1, 0)));
    let _ = (programs::range::Version::parse(&text), programs::range::Version::in_name(&text));
}

#[cfg(test)]
mod tests;
