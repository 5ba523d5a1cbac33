//! `explain`: problems, verdicts and causes by their names, exit codes, and the gateway's own words.

use serde_json::{Value, json};

use super::args::Explain;
use super::invocation::Invocation;
use super::{Exit, Output};
use crate::explanations::{self, Explanation, KNOWN};
use crate::model::{self, Verdict};
use crate::problem::Code;
use crate::view;
use crate::view::incident::{cause_words, exit_words, fix_words};

pub fn run(wanted: &Explain, at: &Invocation<'_>) -> Output {
    let text = wanted.text.join(" ");
    if text.trim().is_empty() {
        return list(at);
    }
    let told: Vec<Told> = [by_name(&text, at), by_exit(&text, at), by_words(&text, at)].concat();
    match told.as_slice() {
        [] => {
            let name = crate::problem::clean(&text);
            let complaint = at.say("explain-unknown-name", &[("name", &name)]) + "\n";
            Output { complaint, exit: Exit::Usage, ..Output::default() }
        }
        told if at.flags.json => Output::json(as_json(&text, told), Exit::Ok),
        told => {
            let texts: Vec<String> = told.iter().map(|told| told.text.clone()).collect();
            Output { text: texts.join("\n\n") + "\n", ..Output::default() }
        }
    }
}

/// One thing the text may mean.
#[derive(Clone)]
struct Told {
    text: String,
    /// The cause's name, where it is one.
    cause: Option<&'static str>,
    command: Option<&'static str>,
}

impl Told {
    fn plain(text: String) -> Self {
        Self { text, cause: None, command: None }
    }
}

fn as_json(name: &str, told: &[Told]) -> Value {
    let texts: Vec<&str> = told.iter().map(|told| told.text.as_str()).collect();
    let cause = told.iter().find_map(|told| told.cause);
    let command = told.iter().find_map(|told| told.command);
    json!({ "name": name, "text": texts.join("\n\n"), "cause": cause, "command": command })
}

/// A few names are several things, such as `gave-up`.
fn by_name(name: &str, at: &Invocation<'_>) -> Vec<Told> {
    let verdict = Verdict::ALL.iter().find(|verdict| view::name(**verdict) == name).map(|_| {
        let parts =
            ["verdict", "verdict-why", "verdict-wont"].map(|part| at.say(&format!("{part}-{name}"), &[]));
        Told::plain(parts.join("\n"))
    });
    let code = Code::ALL.iter().find(|code| code.as_str() == name);
    let code = code.map(|_| Told::plain(at.say(&format!("explain-{name}"), &[])));
    let cause = explanations::named(name).map(|found| cause(&found, at));
    [verdict, code, cause].into_iter().flatten().collect()
}

/// `78`, `exit code 78`, `signal 9`.
fn by_exit(text: &str, at: &Invocation<'_>) -> Vec<Told> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = words.last().and_then(|word| word.parse::<i32>().ok());
    let exit = match (&words[..words.len().saturating_sub(1)], number) {
        ([] | ["exit"] | ["code"] | ["exit", "code"] | ["status"], Some(code)) => model::Exit::Code { code },
        (["signal"], Some(signal)) => model::Exit::Signal { signal, core: false },
        _ => return Vec::new(),
    };
    let how = Told::plain(exit_words(exit, at.words()));
    std::iter::once(how).chain(explanations::of_exit(exit).map(|found| cause(&found, at))).collect()
}

fn by_words(text: &str, at: &Invocation<'_>) -> Vec<Told> {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    explanations::explain(&lines, None).map(|found| cause(&found, at)).into_iter().collect()
}

fn cause(found: &Explanation, at: &Invocation<'_>) -> Told {
    let command = found.known.command;
    let tried = command.map(|command| at.say("text-try", &[("command", &at.page().paste(command))]));
    let text = at.say(
        "cause-and-fix",
        &[("cause", &cause_words(found, at.words())), ("fix", &fix_words(found, at.words()))],
    );
    let lines: Vec<String> = std::iter::once(text).chain(tried).collect();
    Told { text: lines.join("\n"), cause: Some(found.known.id), command }
}

fn list(at: &Invocation<'_>) -> Output {
    let verdicts: Vec<&str> = Verdict::ALL.iter().map(|verdict| view::name(*verdict)).collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let causes: Vec<&str> = KNOWN.iter().map(|known| known.id).collect();
    if at.flags.json {
        return Output::json(json!({ "verdicts": verdicts, "problems": codes, "causes": causes }), Exit::Ok);
    }
    let block = |key: &str, names: &[&str]| format!("{}\n  {}\n", at.say(key, &[]), names.join("\n  "));
    let blocks = [
        block("explain-verdicts", &verdicts),
        block("explain-problems", &codes),
        block("explain-causes", &causes),
    ];
    Output { text: blocks.join("\n"), ..Output::default() }
}
