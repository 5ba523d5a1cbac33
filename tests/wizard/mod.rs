//! The wizard on a scripted machine: answers in, and what `gateward setup --json` says.

use std::sync::Arc;

use clap::Parser;
use gateward::cli::{Args, run};
use gateward::identity::Surroundings;
use gateward::plan::{Answer, Call, End};
use gateward::system::System;
use gateward::system::scripted::{Machine, Scripted, Simulator};
use gateward::world::World;
use serde_json::Value;

use crate::deaths::nobody::Nobody;

/// A scripted machine whose incident database, a real file, goes with the folder.
pub struct Wizard<S: Simulator> {
    pub system: Arc<Scripted<S>>,
    pub around: Surroundings,
    pub answers: &'static str,
}

impl<S: Simulator> Wizard<S> {
    /// What the wizard says after it was given `answers`.
    pub async fn told(&self, answers: &str) -> Value {
        self.system.write(self.answers, answers.as_bytes(), 0o600).unwrap();
        let args = Args::try_parse_from(["gateward", "setup", "--json", "--answers", self.answers]).unwrap();
        let world = World { system: self.system.clone(), around: self.around.clone() };
        run(args, &world, &Nobody).await.json.unwrap()
    }
}

pub fn step<'a>(told: &'a Value, id: &str) -> &'a Value {
    let steps = told["steps"].as_array().unwrap();
    steps.iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("{id}: {told:#}"))
}

pub fn state<'a>(told: &'a Value, id: &str) -> &'a str {
    step(told, id)["state"].as_str().unwrap()
}

/// What node and npm do on a scripted machine; npm brings the package to `package`.
pub fn brought(call: &Call, machine: &mut Machine, package: &str) -> Option<Answer> {
    let said = |text: &str| Some(Answer { stdout: text.to_owned(), ..Answer::default() });
    let program = [call.tool.name()].into_iter().chain(call.args.iter().map(String::as_str));
    let program = program.filter(|word| !word.contains('=')).find(|word| !word.ends_with("/env"))?;
    let separator = if package.contains('\\') { '\\' } else { '/' };
    let below = |name: &str| format!("{package}{separator}{}", name.replace('/', &separator.to_string()));
    if program.ends_with("/security") {
        // The keychain has no such item.
        return Some(Answer { end: End::Exited(44), ..Answer::default() });
    }
    if program.ends_with("npm") || program.ends_with("npm.cmd") {
        let manifest = br#"{"name":"openclaw","version":"2026.9.6","engines":{"node":">=22"}}"#;
        machine.write(&below("package.json"), manifest, 0o644).unwrap();
        machine.write(&below("dist/index.js"), b"", 0o644).unwrap();
        return said("added 1 package in 1s\n");
    }
    let is_node = program.ends_with("node") || program.ends_with("node.exe");
    if is_node && call.args.iter().any(|word| word == "process.versions.node") {
        return said("24.16.0\n");
    }
    is_node.then(Answer::default)
}
