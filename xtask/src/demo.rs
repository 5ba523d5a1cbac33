//! What `cargo xtask run` shows where OpenClaw is not installed: the built-in demo gateway, as a service of the built-in manager
//! in a home of its own. Nothing of the user's is touched, and with the tray it goes.

use crate::command_line::CommandLine;
use crate::project::Project;
use std::net::TcpListener;
use std::path::PathBuf;

pub struct Demo {
    folder: PathBuf,
    gateward: String,
    home: PathBuf,
}

impl Demo {
    /// For a machine with neither a service nor OpenClaw.
    pub fn if_needed(project: &Project, is_release: bool) -> Option<Self> {
        let gateward =
            project.root.join(project.built("gateward", is_release)).to_string_lossy().into_owned();
        let look = CommandLine::new(&project.root, &gateward, &["install", "--dry-run", "--json"]);
        // Ends with 1 where there is no OpenClaw, but says what it saw all the same.
        let told = look.output().ok()?;
        let home = project.root.join(&project.target).join("demo-home");
        is_needed(&told).then(|| Self { folder: project.root.clone(), gateward, home })
    }

    /// Shows the tray, and takes everything down again after it. Ctrl-C ends the tray, not this program.
    pub fn show(&self, tray: &str, arguments: &[&str]) -> Result<(), String> {
        println!(
            "\nOpenClaw is not installed here: the tray shows the built-in demo gateway, with a home of its own in\n{}.\n\
             It goes when the tray does. For the real one: npm install -g openclaw\n",
            self.home.display()
        );
        let port = free_port()?.to_string();
        ctrlc::set_handler(|| ()).map_err(|error| format!("Ctrl-C could not be watched: {error}."))?;
        std::fs::create_dir_all(&self.home)
            .map_err(|error| format!("{} could not be made: {error}.", self.home.display()))?;
        self.program(&self.gateward, &install_words(&self.gateward, &port)).run()?;
        let shown = self.program(tray, arguments).run();
        self.program(&self.gateward, &["uninstall", "--yes"]).run()?;
        shown
    }

    fn program(&self, program: &str, arguments: &[&str]) -> CommandLine {
        let below = |name: &str| self.home.join(name).to_string_lossy().into_owned();
        CommandLine::new(&self.folder, program, arguments)
            .with("HOME", &below(""))
            .with("XDG_CONFIG_HOME", &below(".config"))
            .with("XDG_STATE_HOME", &below(".local/state"))
            .with("XDG_DATA_HOME", &below(".local/share"))
            .with("GATEWARD_MANAGER", "builtin")
    }
}

fn is_needed(told: &str) -> bool {
    told.contains("\"code\": \"no-openclaw\"") && told.contains("\"verdict\": \"not-installed\"")
}

fn install_words<'a>(gateward: &'a str, port: &'a str) -> [&'a str; 9] {
    ["install", "--yes", "--port", port, "--", gateward, "demo", "--port", port]
}

/// A port of the loopback interface that was free a moment ago.
pub fn free_port() -> Result<u16, String> {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    free.map(|address| address.port()).map_err(|error| format!("There is no free port: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: &str =
        "{\n  \"code\": \"no-openclaw\",\n  \"ok\": false,\n  \"verdict\": \"not-installed\"\n}";

    #[test]
    fn a_machine_without_openclaw_and_without_a_service_needs_it() {
        assert!(is_needed(NOTHING));
    }

    #[test]
    fn a_service_that_somebody_installed_is_shown_instead() {
        assert!(!is_needed(&NOTHING.replace("not-installed", "stopped")));
    }

    #[test]
    fn an_openclaw_that_cannot_be_installed_for_another_reason_is_told_by_the_tray() {
        assert!(!is_needed(&NOTHING.replace("no-openclaw", "unit-foreign")));
    }

    #[test]
    fn the_demo_listens_where_its_service_says() {
        assert_eq!(
            install_words("/g", "4711"),
            ["install", "--yes", "--port", "4711", "--", "/g", "demo", "--port", "4711"]
        );
    }
}
