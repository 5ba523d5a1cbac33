//! What a service is to be, made from wishes and what is already there.

use std::collections::BTreeMap;

use crate::environment::{self, generated, is_blocked, split_path};
use crate::identity::{Identity, Surroundings, port_in};
use crate::layout::{self, Os};
use crate::model::{Registration, RestartPolicy, ServiceSpec, Value};
use crate::problem::{Code, Problem};
use crate::programs::Found;

/// What a person or the wizard asked for, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    pub port: u16,
    /// Absolute.
    pub working_dir: Option<String>,
    /// Program first, absolute.
    pub command: Vec<String>,
    pub variables: BTreeMap<String, Value>,
    /// For the end of PATH, absolute.
    pub folders: Vec<String>,
}

/// The command line that runs OpenClaw's gateway (OC 10.6), with `options` for node.
pub fn openclaw_command(found: &Found, options: &[String], port: u16) -> Vec<String> {
    let port = port.to_string();
    let words = [&found.openclaw.entry, "gateway", "--port", &port].map(str::to_owned);
    [&found.node.path].into_iter().chain(options).cloned().chain(words).collect()
}

/// What stands between node and its script: the newest OpenClaw sets the limit of node's memory there, and people change it.
pub fn node_options(command: &[String]) -> &[String] {
    let is_script = |word: &String| [".js", ".mjs", ".cjs"].iter().any(|ending| word.ends_with(ending));
    let script = command.iter().position(is_script).unwrap_or_default();
    match command.get(1..script) {
        Some(options @ [first, ..]) if first.starts_with('-') => options,
        Some(_) | None => &[],
    }
}

/// The folders of a definition's PATH.
pub fn path_of(old: &Registration, os: Os) -> Vec<String> {
    let path = old.environment.iter().find(|variable| variable.name == "PATH");
    let folders = path.into_iter().flat_map(|variable| split_path(&variable.shown, os));
    folders.filter(|folder| layout::is_absolute(folder)).map(str::to_owned).collect()
}

/// The port the gateway will listen on: its own command's, where it names one.
pub fn effective_port(wish: &Wish) -> u16 {
    port_in(&wish.command).unwrap_or(wish.port)
}

/// The service: generated variables win over what is `kept` of the definition before (OC 10.2), wished ones over both.
pub fn service(
    id: &Identity,
    around: &Surroundings,
    wish: &Wish,
    kept: BTreeMap<String, Value>,
) -> ServiceSpec {
    let port = effective_port(wish);
    let first: Vec<String> =
        wish.command.first().map(|program| layout::parent(program).to_owned()).into_iter().collect();
    let mut set = kept;
    set.extend(generated(id, around, port, [&first, &wish.folders]));
    set.extend(wish.variables.clone());
    ServiceSpec {
        identity: Identity { port, ..id.clone() },
        description: id.description(),
        command: wish.command.clone(),
        working_dir: wish.working_dir.clone(),
        environment: set,
        restart: RestartPolicy::default(),
    }
}

/// Whether a variable of the old definition is a person's own and survives a reinstallation (OC 10.2, A).
pub fn is_custom(name: &str) -> bool {
    !["HOME", "PATH", "TMPDIR"].contains(&name) && !name.starts_with("OPENCLAW_") && !is_blocked(name)
}

/// The plain custom values of the old definition. Those of drop-ins stay where they are and need no copy.
pub fn kept(old: &Registration) -> BTreeMap<String, Value> {
    let own = old.environment.iter().filter(|variable| {
        !variable.secret && is_custom(&variable.name) && !old.drop_ins.contains(&variable.source)
    });
    own.map(|variable| (variable.name.clone(), Value::Plain(variable.shown.clone()))).collect()
}

/// The `NAME=VALUE` lines of a file; blank lines and those that begin with `#` are passed over, `export ` and quotes around a
/// whole value are dropped.
///
/// # Errors
/// `BadVariable`, with the line's number and never its value.
pub fn variables(text: &str) -> Result<BTreeMap<String, Value>, Problem> {
    let lines = text.lines().map(str::trim).enumerate();
    let telling = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    telling
        .map(|(at, line)| {
            assignment(line.strip_prefix("export ").unwrap_or(line))
                .map_err(|problem| problem.because(format!("line {} of the file", at + 1)))
        })
        .collect()
}

fn assignment(line: &str) -> Result<(String, Value), Problem> {
    let Some((name, value)) = line.split_once('=') else { return environment::assignment(line) };
    let quoted = |mark: char| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
    let bare = if quoted('"') || quoted('\'') { &value[1..value.len() - 1] } else { value };
    environment::assignment(&format!("{}={bare}", name.trim()))
}

/// An absolute working folder.
///
/// # Errors
/// `BadWorkingDir` when `is_folder` says that there is none.
pub fn working_dir(
    text: &str,
    around: &Surroundings,
    is_folder: impl FnOnce(&str) -> bool,
) -> Result<String, Problem> {
    let path = layout::absolute(text, around.home()?, &around.cwd, around.os);
    match is_folder(&path) {
        true => Ok(path),
        false => Err(Problem::new(Code::BadWorkingDir)
            .with("path", crate::problem::clean(&path))
            .with("reason", "missing")
            .hint_command("make-folder", format!("mkdir -p {}", crate::plan::shell_quoted(&path)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::identity::{Profile, identify};
    use crate::model::{Autostart, Origin, Redacted, Variable};

    fn wish(command: &[&str]) -> Wish {
        Wish {
            port: 5000,
            working_dir: None,
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            variables: BTreeMap::new(),
            folders: Vec::new(),
        }
    }

    fn plain(text: &str) -> Value {
        Value::Plain(text.to_owned())
    }

    fn built(wish: &Wish, kept: BTreeMap<String, Value>) -> ServiceSpec {
        let here = around(&[]);
        service(&identify(&Profile::default(), &here, None).unwrap(), &here, wish, kept)
    }

    #[test]
    fn the_commands_own_port_is_the_services() {
        let spec = built(&wish(&["/x/gateward", "demo", "--port", "6000"]), BTreeMap::new());
        assert_eq!(spec.environment["OPENCLAW_GATEWAY_PORT"], plain("6000"));
        assert_eq!(spec.identity.port, 6000);
    }

    #[test]
    fn the_programs_folder_leads_path() {
        let spec = built(&wish(&["/opt/node/bin/node"]), BTreeMap::new());
        assert!(
            matches!(&spec.environment["PATH"], Value::Plain(path) if path.starts_with("/opt/node/bin:"))
        );
    }

    #[test]
    fn folders_are_divided_as_the_system_divides_them() {
        let folders = |path: &'static str, os| split_path(path, os).collect::<Vec<_>>();
        assert_eq!(folders("/a:/b", Os::Linux), ["/a", "/b"]);
        assert_eq!(folders(r"C:\a;D:\b", Os::Windows), [r"C:\a", r"D:\b"]);
    }

    #[test]
    fn what_node_itself_is_told_is_known_by_the_script_behind_it() {
        let options = |words: &str| {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            node_options(&words).join(" ")
        };
        assert_eq!(
            options("/n --max-old-space-size=8192 /o/dist/index.js gateway"),
            "--max-old-space-size=8192"
        );
        assert_eq!(
            options("/n --max-old-space-size 4096 /o/dist/index.mjs gateway"),
            "--max-old-space-size 4096"
        );
        assert_eq!(options("/n /o/dist/index.js gateway --port 1"), "");
        assert_eq!(options("/usr/bin/env node /o/index.js"), "");
        assert_eq!(options("/x/gateward demo"), "");
    }

    #[test]
    fn wishes_beat_generated_values_and_these_beat_kept_ones() {
        let mut wish = wish(&["/x"]);
        wish.variables.insert("TMPDIR".to_owned(), plain("/wished"));
        let kept = [("TMPDIR", "/kept"), ("HOME", "/kept"), ("MINE", "/kept")];
        let kept = kept.map(|(name, value)| (name.to_owned(), plain(value))).into();
        let spec = built(&wish, kept);
        let text = |name: &str| spec.environment[name].clone();
        assert_eq!(
            (text("TMPDIR"), text("HOME"), text("MINE")),
            (plain("/wished"), plain("/home/anna"), plain("/kept"))
        );
    }

    #[test]
    fn only_custom_plain_values_outside_drop_ins_are_copied() {
        let variable = |name: &str, secret: bool, source: &str| Variable {
            name: name.to_owned(),
            shown: "v".to_owned(),
            secret,
            source: source.to_owned(),
        };
        let old = Registration {
            file: "/u".to_owned(),
            drop_ins: vec!["/u.d/x.conf".to_owned()],
            autostart: Autostart::On,
            origin: Origin::OpenclawA,
            command: Vec::new(),
            working_dir: None,
            environment: vec![
                variable("MINE", false, "inline"),
                variable("PATH", false, "inline"),
                variable("OPENCLAW_SERVICE_VERSION", false, "inline"),
                variable("NODE_OPTIONS", false, "inline"),
                variable("X_TOKEN", true, "/env"),
                variable("DROPPED_IN", false, "/u.d/x.conf"),
            ],
            stale: false,
            lingers: None,
            flaws: Vec::new(),
            text: None,
        };
        assert_eq!(kept(&old), [("MINE".to_owned(), plain("v"))].into());
    }

    #[test]
    fn a_file_of_variables_may_have_comments_exports_and_quotes() {
        let read = variables("# mine\n\nexport A=1\nB=\"two words\"\nMY_TOKEN='x'\n").unwrap();
        assert_eq!((&read["A"], &read["B"]), (&plain("1"), &plain("two words")));
        assert_eq!(read["MY_TOKEN"], Value::Secret(Redacted::new("x")));
    }

    #[test]
    fn a_bad_line_is_named_by_number_and_not_repeated() {
        let problem = variables("A=1\n2X_TOKEN=hunter2").unwrap_err();
        assert_eq!(problem.cause.as_deref(), Some("line 2 of the file"));
        assert!(!format!("{problem:?}").contains("hunter2"));
    }

    #[test]
    fn a_working_folder_must_be_there() {
        assert_eq!(working_dir("~/x", &around(&[]), |path| path == "/home/anna/x").unwrap(), "/home/anna/x");
        assert_eq!(working_dir("x", &around(&[]), |_| false).unwrap_err().code, Code::BadWorkingDir);
    }
}
