//! How a LaunchAgent gets its secrets: an owner-only file of `export` lines, and a script that reads it and becomes the gateway
//! (OC 6.2, N). The plist then names the two before the gateway's own command.

use std::collections::BTreeMap;

use crate::model::{Redacted, ServiceSpec, Value};
use crate::plan::shell_quoted;
use crate::problem::{Code, Problem};

/// The script's text. Exit 78 is the gateway's own word for "not like this" (OC 9.9).
pub const SCRIPT: &str = r#"#!/bin/sh
# Written by Gateward. Reads the service's secrets from the file named first, then becomes the command that follows.
env_file=$1
shift
if [ ! -f "$env_file" ] || [ ! -r "$env_file" ]; then
    echo "gateward: $env_file is missing or unreadable; install the service again" >&2
    exit 78
fi
# A file that does not parse would end this shell with a code of its own.
if ! /bin/sh -n "$env_file"; then
    echo "gateward: $env_file is damaged; install the service again" >&2
    exit 78
fi
. "$env_file"
exec "$@"
"#;

pub fn has_secrets(spec: &ServiceSpec) -> bool {
    spec.environment.values().any(|value| matches!(value, Value::Secret(_)))
}

/// The command as launchd runs it.
pub fn wrapped(script: &str, env_file: &str, command: &[String]) -> Vec<String> {
    [SHELL, script, env_file].iter().map(|word| (*word).to_owned()).chain(command.iter().cloned()).collect()
}

const SHELL: &str = "/bin/sh";

/// What a command really runs: the environment file of a wrapper in front of it, if there is one, and the command behind it.
///
/// Knows OpenClaw's two forms, with `/bin/sh` first (2026.9) and without it (summer of 2026).
pub fn unwrapped(command: &[String]) -> (Option<&str>, &[String]) {
    let behind_shell = command.strip_prefix(&[SHELL.to_owned()]).unwrap_or(command);
    match behind_shell {
        [script, env_file, rest @ ..]
            if is_wrapper(script) && env_file.ends_with(".env") && !rest.is_empty() =>
        {
            (Some(env_file), rest)
        }
        _ => (None, command),
    }
}

fn is_wrapper(script: &str) -> bool {
    script.ends_with("-env-wrapper.sh")
}

/// Renders the secrets of `spec` as `export NAME='value'` lines. [`parse`] returns exactly them.
///
/// # Errors
/// `BadValue` naming the variable whose value holds a line break or NUL.
pub fn render(spec: &ServiceSpec) -> Result<Redacted, Problem> {
    let mut text = String::from("# Written by Gateward. Owner-only: holds secrets.\n");
    for (name, value) in &spec.environment {
        let Value::Secret(secret) = value else { continue };
        if secret.reveal().contains(['\n', '\r', '\0']) {
            return Err(Problem::new(Code::BadValue).with("variable", name).with("reason", "newline"));
        }
        text.push_str(&format!("export {name}={}\n", always_quoted(secret.reveal())));
    }
    Ok(Redacted::new(text))
}

/// Single quotes always, as OpenClaw writes them: its own reader knows no other form.
fn always_quoted(value: &str) -> String {
    let quoted = shell_quoted(value);
    if quoted.starts_with('\'') { quoted } else { format!("'{quoted}'") }
}

/// Reads an environment file of Gateward or OpenClaw: comments, blank lines and `export NAME='value'` lines, `'\''` for a quote.
///
/// # Errors
/// The number of the first line that is anything else: such a file does something besides setting variables.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, String> {
    let says_something = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let numbered = text.lines().enumerate().filter(|(_, line)| says_something(line));
    numbered.map(|(at, line)| assignment(line).ok_or(format!("line {} is no export", at + 1))).collect()
}

fn assignment(line: &str) -> Option<(String, String)> {
    let (name, quoted) = line.trim().strip_prefix("export ")?.split_once('=')?;
    let inner = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
    let value = inner.replace(r"'\''", "\u{0}");
    (!value.contains('\'') && crate::environment::is_name(name))
        .then(|| (name.to_owned(), value.replace('\u{0}', "'")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::launchd::tests::spec;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn both_of_openclaws_wrapper_forms_are_seen_through() {
        for command in [
            "/bin/sh /s/service-env/l-env-wrapper.sh /s/service-env/l.env node gateway",
            "/s/service-env/l-env-wrapper.sh /s/service-env/l.env node gateway",
        ] {
            let command = words(command);
            assert_eq!(unwrapped(&command), (Some("/s/service-env/l.env"), &words("node gateway")[..]));
        }
    }

    #[test]
    fn a_command_of_its_own_shell_is_left_alone() {
        let command = words("/bin/sh -c exec");
        assert_eq!(unwrapped(&command), (None, &command[..]));
    }

    #[test]
    fn a_line_that_runs_something_is_no_export() {
        for bad in ["rm -rf /", "export X=$(id)", "export X='a';id", "export X='a'b'", "X='a'"] {
            assert_eq!(parse(&format!("# c\n{bad}\n")).unwrap_err(), "line 2 is no export", "{bad}");
        }
    }

    #[test]
    fn a_secret_with_a_line_break_is_refused_and_not_repeated() {
        let mut spec = spec();
        spec.environment.insert("X_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter2\n")));
        let problem = render(&spec).unwrap_err();
        assert_eq!(problem.values["variable"], "X_TOKEN");
        assert!(!format!("{problem:?}").contains("hunter2"));
    }

    proptest! {
        #[test]
        fn secrets_survive_their_file(value in "[^\\r\\n\\x00]*") {
            let mut spec = spec();
            spec.environment.insert("X_TOKEN".to_owned(), Value::Secret(Redacted::new(value.clone())));
            let read = parse(render(&spec).unwrap().reveal()).unwrap();
            prop_assert_eq!(&read["X_TOKEN"], &value);
        }

        #[test]
        fn reading_never_panics(text in "\\PC*") {
            let _ = parse(&text);
        }
    }
}
