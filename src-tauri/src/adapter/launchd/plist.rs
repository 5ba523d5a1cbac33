//! LaunchAgent property lists (launchd.plist(5), OC 6.2): ours are written in the newest OpenClaw form, anybody's are read.

use std::collections::BTreeMap;

use plist::{Dictionary, Value as Node};

use super::wrapper;
use crate::layout;
use crate::model::{self, ServiceSpec};
use crate::problem::{Code, Problem};

/// A LaunchAgent as its file says it. Keys that no one here needs are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Agent {
    pub label: String,
    pub comment: Option<String>,
    /// What launchd runs, a wrapper included.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    pub environment: BTreeMap<String, String>,
    pub stdout: Option<String>,
    pub stderr: Option<String>,
    pub run_at_load: bool,
    /// `KeepAlive` is true, or a dictionary of conditions.
    pub keep_alive: bool,
    pub disabled: bool,
    pub throttle_s: Option<u64>,
    pub exit_timeout_s: Option<u64>,
    pub umask: Option<u64>,
    pub process_type: Option<String>,
    /// The file still bears our flaw: nobody has rewritten it since.
    pub ours: bool,
}

/// Seconds from one start to the next. 60 made every restart wait a minute, 1 let crashes storm (OC 6.2).
pub const THROTTLE_S: u64 = 10;

/// Seconds from SIGTERM to SIGKILL. The gateway reads it and keeps its own stop within it: at most 5 s of drain, 10 s of reserve
/// for closing its channels and stores, 5 s for nothing (OC 9.3).
pub const EXIT_TIMEOUT_S: u64 = 20;

/// 0o077: what the gateway writes is its owner's business (#31905). Property lists know no octal numbers.
const UMASK: u64 = 63;

/// Neither App Nap nor the background throttles, which froze gateways on sleeping and busy Macs (A22).
const PROCESS_TYPE: &str = "Interactive";

/// Tells our files from OpenClaw's. Whoever rewrites the file with a property list tool drops it, and the file is theirs then.
const REMARK: &str = "<!-- Written by Gateward. -->\n";

impl Agent {
    /// The agent that runs `spec`: directly, or through the wrapper when there are secrets to keep out of the plist.
    pub fn of(spec: &ServiceSpec) -> Self {
        let id = &spec.identity;
        let plain = |(name, value): (&String, &model::Value)| match value {
            model::Value::Plain(text) => Some((name.clone(), text.clone())),
            model::Value::Secret(_) => None,
        };
        let log = layout::launchd_log(id);
        Self {
            label: id.label.clone(),
            comment: Some(spec.description.clone()).filter(|text| !text.is_empty()),
            command: match wrapper::has_secrets(spec) {
                true => wrapper::wrapped(
                    &layout::launchd_wrapper(id),
                    &layout::launchd_env_file(id),
                    &spec.command,
                ),
                false => spec.command.clone(),
            },
            working_dir: spec.working_dir.clone(),
            environment: spec.environment.iter().filter_map(plain).collect(),
            stdout: Some(log.clone()),
            stderr: Some(log),
            run_at_load: true,
            // Plain true, no condition: the gateway exits 0 to be restarted (OC 6.2).
            keep_alive: true,
            disabled: false,
            throttle_s: Some(THROTTLE_S),
            exit_timeout_s: Some(EXIT_TIMEOUT_S),
            umask: Some(UMASK),
            process_type: Some(PROCESS_TYPE.to_owned()),
            ours: true,
        }
    }
}

/// Renders `agent` as an XML property list. [`parse`] returns exactly `agent`. Ends with a newline.
///
/// # Errors
/// `BadValue` naming the place of a text that XML 1.0 cannot hold (control characters, U+FFFE, U+FFFF) or would change (a carriage
/// return), or of a line break where a name or a variable stands; `Internal` when the writer fails.
pub fn render(agent: &Agent) -> Result<String, Problem> {
    check(agent)?;
    let mut bytes = Vec::new();
    Node::Dictionary(dictionary(agent))
        .to_writer_xml(&mut bytes)
        .map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if let Some(at) = text.find("<plist").filter(|_| agent.ours) {
        text.insert_str(at, REMARK);
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

fn dictionary(agent: &Agent) -> Dictionary {
    let mut dict = Dictionary::new();
    let mut put = |key: &str, value: Option<Node>| {
        if let Some(value) = value {
            dict.insert(key.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(Node::String);
    let number = |number: Option<u64>| number.map(|number| Node::Integer(number.into()));
    let strings = |words: &[String]| Node::Array(words.iter().cloned().map(Node::String).collect());
    put("Label", Some(Node::String(agent.label.clone())));
    put("Comment", text(&agent.comment));
    put("Disabled", agent.disabled.then_some(Node::Boolean(true)));
    put("RunAtLoad", Some(Node::Boolean(agent.run_at_load)));
    put("KeepAlive", Some(Node::Boolean(agent.keep_alive)));
    put("ExitTimeOut", number(agent.exit_timeout_s));
    put("ProcessType", text(&agent.process_type));
    put("ThrottleInterval", number(agent.throttle_s));
    put("Umask", number(agent.umask));
    put("StandardInPath", Some(Node::String("/dev/null".to_owned())));
    put("ProgramArguments", Some(strings(&agent.command)));
    put("WorkingDirectory", text(&agent.working_dir));
    put("StandardOutPath", text(&agent.stdout));
    put("StandardErrorPath", text(&agent.stderr));
    let variables: Dictionary =
        agent.environment.iter().map(|(name, value)| (name.clone(), Node::String(value.clone()))).collect();
    put("EnvironmentVariables", (!variables.is_empty()).then_some(Node::Dictionary(variables)));
    dict
}

fn check(agent: &Agent) -> Result<(), Problem> {
    one_line("Label", &agent.label)?;
    agent.comment.iter().try_for_each(|text| one_line("Comment", text))?;
    agent.working_dir.iter().try_for_each(|text| one_line("WorkingDirectory", text))?;
    agent.stdout.iter().chain(&agent.stderr).try_for_each(|text| one_line("StandardOutPath", text))?;
    if agent.command.first().is_none_or(String::is_empty) {
        return Err(Problem::new(Code::BadValue)
            .with("variable", "ProgramArguments")
            .with("reason", "empty"));
    }
    for (at, word) in agent.command.iter().enumerate() {
        legal(&format!("ProgramArguments[{at}]"), word)?;
    }
    for (name, value) in &agent.environment {
        one_line("EnvironmentVariables", name)?;
        one_line(&format!("EnvironmentVariables.{name}"), value)?;
    }
    Ok(())
}

fn one_line(place: &str, text: &str) -> Result<(), Problem> {
    if text.contains('\n') { Err(unfit(place)) } else { legal(place, text) }
}

/// The text itself is not repeated: it may be a secret that somebody put in the wrong place.
fn legal(place: &str, text: &str) -> Result<(), Problem> {
    // XML 1.0, 2.2; a carriage return is legal but comes back as a line feed (2.11).
    let fits = |c: char| (c >= ' ' || c == '\t' || c == '\n') && !matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.chars().all(fits) { Ok(()) } else { Err(unfit(place)) }
}

fn unfit(place: &str) -> Problem {
    Problem::new(Code::BadValue).with("variable", place).with("reason", "newline")
}

/// Reads a property list, XML or binary, of any author.
///
/// # Errors
/// Why it is no LaunchAgent: the parser's own words, or the key that is missing or of another type. Never a guess.
pub fn parse(bytes: &[u8]) -> Result<Agent, String> {
    let root =
        Node::from_reader(std::io::Cursor::new(prepared(bytes)?)).map_err(|error| error.to_string())?;
    let dict = root.as_dictionary().ok_or("the property list is no dictionary")?;
    Ok(Agent {
        label: text(dict, "Label")?.ok_or("there is no Label")?,
        comment: text(dict, "Comment")?,
        command: command(dict)?,
        working_dir: text(dict, "WorkingDirectory")?,
        environment: environment(dict)?,
        stdout: text(dict, "StandardOutPath")?,
        stderr: text(dict, "StandardErrorPath")?,
        run_at_load: flag(dict, "RunAtLoad")?,
        keep_alive: matches!(dict.get("KeepAlive"), Some(Node::Dictionary(_))) || flag(dict, "KeepAlive")?,
        disabled: flag(dict, "Disabled")?,
        throttle_s: number(dict, "ThrottleInterval"),
        exit_timeout_s: number(dict, "ExitTimeOut"),
        umask: number(dict, "Umask"),
        process_type: text(dict, "ProcessType")?,
        ours: bytes.windows(REMARK.len()).any(|window| window == REMARK.as_bytes()),
    })
}

/// The parser we use skips CDATA sections and unknown entities in silence; a text would come out shorter than launchd reads it.
fn prepared(bytes: &[u8]) -> Result<Vec<u8>, String> {
    if bytes.starts_with(b"bplist") {
        return Ok(bytes.to_vec());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let text = without_cdata(text)?;
    if !text.contains("</plist>") {
        return Err("the property list has no end".to_owned());
    }
    match text.split('&').skip(1).find(|rest| !is_reference(rest)) {
        Some(rest) => Err(format!("unknown entity at “&{}”", rest.chars().take(12).collect::<String>())),
        None => Ok(text.into_bytes()),
    }
}

fn without_cdata(text: &str) -> Result<String, String> {
    let mut parts = text.split("<![CDATA[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (data, rest) = part.split_once("]]>").ok_or("a CDATA section has no end")?;
        plain.push_str(&data.replace('&', "&amp;").replace('<', "&lt;"));
        plain.push_str(rest);
    }
    Ok(plain)
}

fn is_reference(rest: &str) -> bool {
    let named = ["amp;", "lt;", "gt;", "quot;", "apos;"];
    let digits = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    let numbered = rest.strip_prefix('#').and_then(|rest| rest.split_once(';')).is_some_and(|(number, _)| {
        number.strip_prefix('x').map_or_else(|| digits(number, 10), |hex| digits(hex, 16))
    });
    numbered || named.iter().any(|name| rest.starts_with(name))
}

/// `ProgramArguments`, else `Program` alone (launchd.plist(5): one of the two must be there).
fn command(dict: &Dictionary) -> Result<Vec<String>, String> {
    let Some(node) = dict.get("ProgramArguments") else {
        return text(dict, "Program")?.map(|program| vec![program]).ok_or("there is no program".to_owned());
    };
    let words = node.as_array().ok_or("ProgramArguments is no array")?;
    let word = |node: &Node| node.as_string().map(str::to_owned).ok_or("an argument is no text".to_owned());
    let words = words.iter().map(word).collect::<Result<Vec<_>, _>>()?;
    if words.is_empty() { Err("ProgramArguments is empty".to_owned()) } else { Ok(words) }
}

fn environment(dict: &Dictionary) -> Result<BTreeMap<String, String>, String> {
    let Some(node) = dict.get("EnvironmentVariables") else { return Ok(BTreeMap::new()) };
    let variables = node.as_dictionary().ok_or("EnvironmentVariables is no dictionary")?;
    let pair = |(name, value): (&String, &Node)| match value.as_string() {
        Some(text) => Ok((name.clone(), text.to_owned())),
        None => Err(format!("the variable {name} is no text")),
    };
    variables.iter().map(pair).collect()
}

fn text(dict: &Dictionary, key: &str) -> Result<Option<String>, String> {
    match dict.get(key) {
        None => Ok(None),
        Some(node) => node.as_string().map(|text| Some(text.to_owned())).ok_or(format!("{key} is no text")),
    }
}

fn flag(dict: &Dictionary, key: &str) -> Result<bool, String> {
    match dict.get(key) {
        None => Ok(false),
        Some(node) => node.as_boolean().ok_or(format!("{key} is neither true nor false")),
    }
}

fn number(dict: &Dictionary, key: &str) -> Option<u64> {
    dict.get(key).and_then(Node::as_unsigned_integer)
}

/// Every top key with its value as text; `{}` for a dictionary or list.
pub fn scalars(bytes: &[u8]) -> Vec<(String, String)> {
    let Ok(Node::Dictionary(keys)) = Node::from_reader(std::io::Cursor::new(bytes)) else {
        return Vec::new();
    };
    keys.into_iter().map(|(key, node)| (key, scalar(&node))).collect()
}

fn scalar(node: &Node) -> String {
    let number = || node.as_unsigned_integer().map(|number| number.to_string());
    let text = node.as_string().map(str::to_owned);
    text.or_else(|| node.as_boolean().map(|truth| truth.to_string()))
        .or_else(number)
        .unwrap_or("{}".to_owned())
}

#[cfg(test)]
mod tests;
