//! `explain`: problems and verdicts by their names.

use serde_json::json;

use super::args::Explain;
use super::invocation::Invocation;
use super::{Exit, Output};
use crate::model::Verdict;
use crate::problem::Code;
use crate::view;

pub fn run(wanted: &Explain, at: &Invocation<'_>) -> Output {
    let Some(name) = wanted.name.as_deref() else { return list(at) };
    match explained(name, at) {
        Some(text) if at.flags.json => Output::json(json!({ "name": name, "text": text }), Exit::Ok),
        Some(text) => Output { text: text + "\n", ..Output::default() },
        None => {
            let name = crate::problem::clean(name);
            let complaint = at.say("explain-unknown-name", &[("name", &name)]) + "\n";
            Output { complaint, exit: Exit::Usage, ..Output::default() }
        }
    }
}

fn explained(name: &str, at: &Invocation<'_>) -> Option<String> {
    let verdict = Verdict::ALL.iter().find(|verdict| view::name(**verdict) == name).map(|_| {
        format!(
            "{}\n{}",
            at.say(&format!("verdict-{name}"), &[]),
            at.say(&format!("verdict-why-{name}"), &[])
        )
    });
    let code =
        Code::ALL.iter().find(|code| code.as_str() == name).map(|_| at.say(&format!("explain-{name}"), &[]));
    // A few names are both, such as `gave-up`.
    let texts: Vec<String> = verdict.into_iter().chain(code).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn list(at: &Invocation<'_>) -> Output {
    let verdicts: Vec<&str> = Verdict::ALL.iter().map(|verdict| view::name(*verdict)).collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    if at.flags.json {
        return Output::json(json!({ "verdicts": verdicts, "problems": codes }), Exit::Ok);
    }
    let block = |key: &str, names: &[&str]| format!("{}\n  {}\n", at.say(key, &[]), names.join("\n  "));
    let text = block("explain-verdicts", &verdicts) + "\n" + &block("explain-problems", &codes);
    Output { text, ..Output::default() }
}
