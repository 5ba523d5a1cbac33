//! Unit files: written in the form of OpenClaw's newest generation, read as any generation or person wrote them (OC 6.1).

use std::collections::BTreeMap;

use super::specifiers::Specifiers;
use super::syntax::{self, Entry};
use super::{env_file, origin};
use crate::environment;
use crate::layout;
use crate::model::{Origin, ServiceSpec, Value};
use crate::problem::{Code, Problem};

/// The comment by which Gateward knows its own units. A section of our own would be ignored by systemd as well, but `openclaw doctor`
/// complains of it (docs/interplay.md).
pub const MARK: &str = "# Written by Gateward, format 1.";

/// Renders `spec` as a unit file for `systemctl --user`.
///
/// Secrets are not in it: it names the owner-only file that [`env_file::render`] makes. Values are quoted by the rules of
/// systemd.syntax(7), so that [`parse`] gives them back. Ends with a newline.
///
/// # Errors
/// `BadValue`, `BadVariable` or `BadWorkingDir`, naming the place and never a secret, when systemd could not hold a value.
pub fn render(spec: &ServiceSpec) -> Result<String, Problem> {
    let restart = &spec.restart;
    let mut lines = vec![
        MARK.to_owned(),
        "[Unit]".to_owned(),
        format!("Description={}", description(&spec.description)?),
        "After=network-online.target".to_owned(),
        "Wants=network-online.target".to_owned(),
        format!("StartLimitBurst={}", restart.burst),
        format!("StartLimitIntervalSec={}", restart.interval_s),
        String::new(),
        "[Service]".to_owned(),
        format!("ExecStart={}", command_line(&spec.command)?),
        "Restart=always".to_owned(),
        format!("RestartSec={}", restart.delay_s),
        // A configuration that the gateway refuses would otherwise be a restart storm (OC 15, #63913).
        "RestartPreventExitStatus=78".to_owned(),
        format!("TimeoutStopSec={}", restart.stop_timeout_s),
        format!("TimeoutStartSec={}", restart.start_timeout_s),
        "SuccessExitStatus=0 143".to_owned(),
        // A tool that ran out of memory must not take the gateway with it (OC 15, #93585).
        "OOMPolicy=continue".to_owned(),
        // `process` leaves orphans, `control-group` kills children before the drain ends (OC 15, #541, #33699).
        "KillMode=mixed".to_owned(),
    ];
    lines.extend(spec.working_dir.as_deref().map(working_dir).transpose()?);
    lines.extend(environment_file(spec)?);
    lines.extend(environment(&spec.environment)?);
    lines.extend(["", "[Install]", "WantedBy=default.target"].map(str::to_owned));
    Ok(lines.join("\n") + "\n")
}

fn description(text: &str) -> Result<String, Problem> {
    let text = writable(text, "Description")?.trim();
    // A backslash at the end would swallow the next line.
    Ok(syntax::literal(text.trim_end_matches('\\')))
}

fn writable<'a>(text: &'a str, place: &str) -> Result<&'a str, Problem> {
    match syntax::is_writable(text) {
        true => Ok(text),
        false => Err(Problem::new(Code::BadValue).with("variable", place).with("reason", "newline")),
    }
}

/// The value of `ExecStart=`.
///
/// # Errors
/// `BadValue` when systemd could not hold a word.
pub fn command_line(command: &[String]) -> Result<String, Problem> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Problem::new(Code::BadValue).with("variable", "ExecStart").with("reason", "empty"));
    };
    // With `:` systemd expands no variable at all; it is needed only here, because a program's path knows no `$$`.
    let prefix = if program.contains('$') { ":" } else { "" };
    let mut words = vec![format!("{prefix}{}", program_word(program)?)];
    for (at, argument) in arguments.iter().enumerate() {
        let text = syntax::literal(writable(argument, &format!("ExecStart[{}]", at + 1))?);
        let text = if prefix.is_empty() { text.replace('$', "$$") } else { text };
        words.push(syntax::quoted(&text));
    }
    Ok(words.join(" "))
}

fn program_word(program: &str) -> Result<String, Problem> {
    let program = writable(program, "ExecStart[0]")?;
    let refused = |reason: &str| {
        let problem = Problem::new(Code::BadValue).with("variable", "ExecStart").with("reason", reason);
        Err(problem.with("value", crate::problem::clean(program)))
    };
    if !program.starts_with('/') {
        return refused("not-absolute");
    }
    // "Executable name contains special characters" (systemd 252): a fatal error, however it is quoted.
    if program.contains(['"', '\'', '\\', '\t']) {
        return refused("letters");
    }
    Ok(syntax::quoted(&syntax::literal(program)))
}

/// The value stands bare: systemd unquotes nothing here, strips white space and takes a backslash at the end for a continuation.
/// `/.` at the end, which it simplifies away, protects both.
fn working_dir(path: &str) -> Result<String, Problem> {
    let path = writable(path, "WorkingDirectory")?;
    if !path.starts_with('/') {
        return Err(Problem::new(Code::BadWorkingDir)
            .with("path", crate::problem::clean(path))
            .with("reason", "not-absolute"));
    }
    let guard = if path.ends_with([' ', '\t', '\\']) { "/." } else { "" };
    Ok(format!("WorkingDirectory={}{guard}", syntax::literal(path)))
}

/// `-`: a file that is gone must not keep the gateway from starting. Bare like the working folder, but a glob.
fn environment_file(spec: &ServiceSpec) -> Result<Option<String>, Problem> {
    if env_file::render(&spec.environment)?.is_none() {
        return Ok(None);
    }
    let path = layout::systemd_env_file(&spec.identity);
    let path = writable(&path, "EnvironmentFile")?;
    let is_glob = |c: char| r"*?[\".contains(c);
    let escape = |c: char| if is_glob(c) { format!("\\{c}") } else { c.to_string() };
    Ok(Some(format!("EnvironmentFile=-{}", syntax::literal(&path.chars().map(escape).collect::<String>()))))
}

fn environment(variables: &BTreeMap<String, Value>) -> Result<Vec<String>, Problem> {
    let plain = variables.iter().filter_map(|(name, value)| match value {
        Value::Plain(text) => Some((name, text)),
        Value::Secret(_) => None,
    });
    plain.map(|(name, text)| environment_line(name, text)).collect()
}

/// One variable as a line of `[Service]`, without a newline.
///
/// # Errors
/// `BadValue`.
pub fn environment_line(name: &str, text: &str) -> Result<String, Problem> {
    env_file::check(name, text)?;
    Ok(format!("Environment={}", syntax::quoted(&syntax::literal(&format!("{name}={text}")))))
}

/// One text that makes up a unit: its file, or a drop-in.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

/// What a unit file says, with its drop-ins applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub description: String,
    /// Program and arguments as the process gets them, but for `$VARIABLES`, which only its start expands.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    /// By name: the value and the path of the text it stands in.
    pub environment: BTreeMap<String, Assigned>,
    pub environment_files: Vec<EnvironmentFile>,
    /// Names that are taken out of everything above.
    pub unset: Vec<String>,
    pub origin: Origin,
    /// All other directives of `[Unit]`, `[Service]` and `[Install]` as written, the last one of each.
    pub directives: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    pub value: String,
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentFile {
    pub path: String,
    /// A missing one is no error.
    pub optional: bool,
}

/// Reads a unit: its file first, then its drop-ins in the order in which the manager applies them.
pub fn parse(parts: &[Part<'_>], specifiers: &Specifiers) -> Unit {
    let mut unit = Unit {
        description: String::new(),
        command: Vec::new(),
        working_dir: None,
        environment: BTreeMap::new(),
        environment_files: Vec::new(),
        unset: Vec::new(),
        origin: Origin::Foreign,
        directives: BTreeMap::new(),
    };
    for (at, part) in parts.iter().enumerate() {
        let entries = syntax::entries(part.text);
        entries.iter().for_each(|entry| unit.take(entry, part.path, specifiers));
        // Who wrote the unit shows in its own file; a drop-in may be anybody's.
        if at == 0 {
            unit.origin = origin::judge(part.text, &unit);
        }
    }
    unit
}

impl Unit {
    fn take(&mut self, entry: &Entry, source: &str, specifiers: &Specifiers) {
        let value = entry.value.as_str();
        match (entry.section.as_str(), entry.key.as_str()) {
            ("Unit", "Description") => self.description = specifiers.expand(value),
            ("Service", "ExecStart") => self.command = command(value, specifiers),
            ("Service", "WorkingDirectory") => self.working_dir = folder(value, specifiers),
            ("Service", "Environment") => self.assign(value, source, specifiers),
            ("Service", "EnvironmentFile") => self.take_environment_file(value, specifiers),
            ("Service", "UnsetEnvironment") => self.take_unset(value, specifiers),
            ("Unit" | "Service" | "Install", key) => {
                self.directives.insert(key.to_owned(), value.to_owned());
            }
            _ => {}
        }
    }

    fn assign(&mut self, value: &str, source: &str, specifiers: &Specifiers) {
        if value.is_empty() {
            self.environment.clear();
        }
        for word in syntax::expanded_words(value, specifiers) {
            let Some((name, value)) = word.split_once('=').filter(|(name, _)| environment::is_name(name))
            else {
                continue;
            };
            let assigned = Assigned { value: value.to_owned(), source: source.to_owned() };
            self.environment.insert(name.to_owned(), assigned);
        }
    }

    fn take_environment_file(&mut self, value: &str, specifiers: &Specifiers) {
        let path = value.strip_prefix('-').unwrap_or(value);
        let optional = path.len() < value.len();
        let path = without_glob_escapes(&specifiers.expand(path));
        match value {
            "" => self.environment_files.clear(),
            // systemd ignores any other path.
            _ if path.starts_with('/') => self.environment_files.push(EnvironmentFile { path, optional }),
            _ => {}
        }
    }

    fn take_unset(&mut self, value: &str, specifiers: &Specifiers) {
        if value.is_empty() {
            self.unset.clear();
        }
        self.unset.extend(syntax::expanded_words(value, specifiers));
    }
}

fn without_glob_escapes(path: &str) -> String {
    let mut chars = path.chars();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

/// An empty value takes back what an earlier file said.
fn command(value: &str, specifiers: &Specifiers) -> Vec<String> {
    let mut words = syntax::command_words(value).unwrap_or_default().into_iter();
    let Some(first) = words.next() else { return Vec::new() };
    let program = first.trim_start_matches(['@', '-', ':', '+', '!', '|']);
    let prefixes = &first[..first.len() - program.len()];
    if prefixes.contains('@') {
        // The next word is only the name that the process sees.
        words.next();
    }
    let argument = |word: String| {
        let word = specifiers.expand(&word);
        if prefixes.contains(':') { word } else { word.replace("$$", "$") }
    };
    std::iter::once(specifiers.expand(program)).chain(words.map(argument)).collect()
}

fn folder(value: &str, specifiers: &Specifiers) -> Option<String> {
    let path = specifiers.expand(value.strip_prefix('-').unwrap_or(value));
    match path.as_str() {
        "" => None,
        "~" => Some(specifiers.home.clone()),
        path => Some(path.strip_suffix("/.").filter(|rest| !rest.is_empty()).unwrap_or(path).to_owned()),
    }
}

#[cfg(test)]
pub mod tests;
