//! Where everything of a Windows service lies.

use std::collections::BTreeMap;

use super::script::{self, Script};
use super::task::Action;
use crate::identity::{Identity, Surroundings};
use crate::layout::{self, Os};
use crate::model::{ServiceSpec, Value};
use crate::problem::Problem;

/// Folders and programs of one account.
pub struct Place {
    os: Os,
    /// `gateward`, which has a console to answer on.
    pub program: String,
    /// `gateward-host`, which has none to show.
    pub host: String,
    startup: String,
    /// Folders that a script can name by a variable, the longest first: they may hold letters a script cannot.
    known: Vec<(String, String)>,
}

/// Below the folder for roaming data.
const STARTUP: &[&str] = &["Microsoft", "Windows", "Start Menu", "Programs", "Startup"];

impl Place {
    pub fn new(around: &Surroundings) -> Self {
        let os = around.os;
        let folder = layout::parent(&around.exe);
        let ending = if os == Os::Windows { ".exe" } else { "" };
        let program = |name: &str| layout::join(folder, &[&format!("{name}{ending}")], os);
        let home = around.home().unwrap_or_default();
        let roaming = around.variable("APPDATA").map(str::to_owned);
        let roaming = roaming.unwrap_or_else(|| layout::join(home, &["AppData", "Roaming"], os));
        Self {
            os,
            program: program("gateward"),
            host: program("gateward-host"),
            startup: layout::join(&roaming, STARTUP, os),
            known: known_folders(around),
        }
    }

    /// `<state>\gateway.cmd`: what OpenClaw's CLI reads the service from (OC 1.4).
    pub fn script(&self, id: &Identity) -> String {
        layout::join(&id.state_dir, &["gateway.cmd"], self.os)
    }

    /// The hidden launcher of 2026.9 beside it.
    pub fn launcher(&self, id: &Identity) -> String {
        layout::join(&id.state_dir, &["gateway.vbs"], self.os)
    }

    /// `<Startup folder>\<task name>.cmd`.
    pub fn startup_item(&self, id: &Identity) -> String {
        layout::join(&self.startup, &[&format!("{}.cmd", file_name(&id.task))], self.os)
    }

    /// As 2026.9 writes it when it has a hidden launcher.
    pub fn openclaws_startup_item(&self, id: &Identity) -> String {
        layout::join(&self.startup, &[&format!("{}.vbs", file_name(&id.task))], self.os)
    }

    /// Whether a registration is of a Startup item of either author.
    pub fn is_startup_item(&self, file: &str) -> bool {
        layout::parent(file) == self.startup
    }

    pub fn startup_folder(&self) -> &str {
        &self.startup
    }

    /// What a task of ours runs.
    pub fn action(&self, id: &Identity) -> Action {
        Action {
            command: self.host.clone(),
            arguments: host_words(id).join(" "),
            working_dir: Some(layout::parent(&self.host).to_owned()),
        }
    }

    /// Whether a task's action is our host for this profile, wherever that is installed.
    pub fn is_host(&self, action: &Action, id: &Identity) -> bool {
        let name = layout::file_name(action.command.trim_matches('"')).to_lowercase();
        name.starts_with("gateward-host") && action.arguments == host_words(id).join(" ")
    }

    /// The script for OpenClaw's eyes, which also starts the gateway by hand. It runs the host, so that no secret and no letter
    /// outside of ASCII needs to stand in it.
    ///
    /// # Errors
    /// `BadValue` when not even the host can be named in a script.
    pub fn gateway_script(&self, spec: &ServiceSpec) -> Result<String, Problem> {
        let line = [self.named(&self.host)].into_iter().chain(host_words(&spec.identity)).collect();
        self.rendered(spec, told_to_openclaw(spec), line)
    }

    /// The item in the Startup folder: `start` waits for nothing, so no window stays.
    ///
    /// # Errors
    /// As [`Place::gateway_script`].
    pub fn startup_script(&self, spec: &ServiceSpec) -> Result<String, Problem> {
        self.starter(spec, host_words(&spec.identity))
    }

    /// The same for our own watcher, which the windowless program runs too.
    ///
    /// # Errors
    /// As [`Place::gateway_script`].
    pub fn watcher_script(&self, spec: &ServiceSpec) -> Result<String, Problem> {
        self.starter(spec, spec.command.iter().skip(1).cloned().collect())
    }

    fn starter(&self, spec: &ServiceSpec, words: Vec<String>) -> Result<String, Problem> {
        let start = ["start", "", "/min", &self.named(&self.host)].map(str::to_owned);
        self.rendered(spec, BTreeMap::new(), start.into_iter().chain(words).collect())
    }

    fn rendered(
        &self,
        spec: &ServiceSpec,
        environment: BTreeMap<String, String>,
        command: Vec<String>,
    ) -> Result<String, Problem> {
        let description = spec.description.chars().filter(char::is_ascii).collect();
        let text = script::render(&Script { description, command, working_dir: None, environment })?;
        // A percent sign of a known folder's name is meant to be one.
        Ok(self.known.iter().fold(text, |text, (variable, _)| {
            text.replace(&format!("%%{variable}%%"), &format!("%{variable}%"))
        }))
    }

    /// A path with the folder it lies in named by its variable, where there is one.
    fn named(&self, path: &str) -> String {
        let below = |(variable, folder): &(String, String)| {
            let rest = path.strip_prefix(folder.as_str()).filter(|rest| rest.starts_with('\\'))?;
            Some(format!("%{variable}%{rest}"))
        };
        self.known.iter().find_map(below).unwrap_or_else(|| path.to_owned())
    }
}

fn known_folders(around: &Surroundings) -> Vec<(String, String)> {
    let names = ["LOCALAPPDATA", "APPDATA", "USERPROFILE", "ProgramFiles"];
    let folder =
        |name: &str| Some((name.to_owned(), around.variable(name)?.trim_end_matches('\\').to_owned()));
    let mut known: Vec<(String, String)> = names.into_iter().filter_map(folder).collect();
    known.retain(|(_, folder)| around.os == Os::Windows && !folder.is_empty());
    known.sort_by_key(|(_, folder)| std::cmp::Reverse(folder.len()));
    known
}

fn host_words(id: &Identity) -> Vec<String> {
    let profile = id.profile.to_string();
    ["run", "--profile", &profile, "--scheduled"].map(str::to_owned).into()
}

/// What OpenClaw's CLI looks for in a script: its marks, the port, the folders. Only what a script can carry.
fn told_to_openclaw(spec: &ServiceSpec) -> BTreeMap<String, String> {
    let plain = spec.environment.iter().filter_map(|(name, value)| match value {
        Value::Plain(text) => Some((name.clone(), text.clone())),
        Value::Secret(_) => None,
    });
    plain
        .filter(|(name, text)| name.starts_with("OPENCLAW_") && text.is_ascii() && !text.contains('"'))
        .collect()
}

/// A task's name as a file name (OC 1.4).
fn file_name(task: &str) -> String {
    let forbidden = |c: char| c.is_control() || r#"<>:"/\|?*"#.contains(c);
    task.chars().map(|c| if forbidden(c) { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::schtasks::tests::{pc, spec};

    #[test]
    fn a_home_outside_of_ascii_is_named_by_its_variable() {
        let around =
            pc(&[("USERPROFILE", r"C:\Users\苗振"), ("LOCALAPPDATA", r"C:\Users\苗振\AppData\Local")]);
        let exe = r"C:\Users\苗振\AppData\Local\Programs\Gateward\gateward.exe".to_owned();
        let place = Place::new(&Surroundings { exe, ..around });
        let text = place.startup_script(&spec()).unwrap();
        assert!(text.is_ascii());
        assert!(
            text.contains(
                r#"start "" /min "%LOCALAPPDATA%\Programs\Gateward\gateward-host.exe" run --profile default"#
            ),
            "{text}"
        );
    }

    #[test]
    fn a_folder_that_no_variable_names_is_refused_with_the_reason() {
        let place = Place::new(&Surroundings { exe: r"D:\程序\gateward.exe".to_owned(), ..pc(&[]) });
        assert_eq!(place.startup_script(&spec()).unwrap_err().values["reason"], "ascii");
    }

    #[test]
    fn the_script_tells_openclaw_the_port_and_nobody_a_secret() {
        let mut spec = spec();
        spec.environment
            .insert("OPENCLAW_X_TOKEN".into(), Value::Secret(crate::model::Redacted::new("hunter2")));
        let text = Place::new(&pc(&[])).gateway_script(&spec).unwrap();
        assert!(text.contains("set \"OPENCLAW_GATEWAY_PORT=18789\"\r\n"), "{text}");
        assert!(!text.contains("hunter2"));
    }

    #[test]
    fn a_tasks_name_becomes_a_file_name() {
        assert_eq!(file_name("a:b/c\u{7}"), "a_b_c_");
    }
}
