//! What a command or the engine works in: the machine, its surroundings, and one gateway on it.

use std::sync::Arc;

use crate::adapter::builtin::OwnFolders;
use crate::adapter::{self, Adapter};
use crate::config::{self, Config};
use crate::execute::Stage;
use crate::identity::{self, Identity, Profile, Surroundings, SystemdMarks};
use crate::layout::{self, Os};
use crate::logs::sinks::{Sinks, sinks};
use crate::model::Manager;
use crate::observe::log_files;
use crate::problem::{Code, Problem};
use crate::system::System;

mod installed;

/// The machine and what the process found around itself. `system` is real in the two binaries and scripted in tests.
#[derive(Clone)]
pub struct World {
    pub system: Arc<dyn System>,
    pub around: Surroundings,
}

/// One gateway: its names, its manager, and its config as far as it can be read.
#[derive(Clone)]
pub struct Gateway {
    pub id: Identity,
    pub adapter: Arc<dyn Adapter>,
    /// A config that cannot be read does not hide the service's state; installing and starting tell of it.
    pub config: Result<Config, Problem>,
}

impl World {
    /// Finds the gateway of `profile`, else of `OPENCLAW_PROFILE`, else the default one.
    ///
    /// # Errors
    /// `BadProfile`, `NoHome`, `BadValue`, `BadPort`, `Unsupported`.
    pub fn gateway(&self, profile: Option<&str>) -> Result<Gateway, Problem> {
        let name = profile.or_else(|| self.around.variable("OPENCLAW_PROFILE")).unwrap_or_default();
        let profile = Profile::parse(name, self.around.os)?;
        let paths = identity::paths(&profile, &self.around)?;
        let config = self.config(&paths.config_path);
        let port = config.as_ref().ok().and_then(|config| config.port);
        let id = identity::identify(&profile, &self.around, port)?;
        let adapter = Arc::from(adapter::native(self.manager(&id)?, &self.around)?);
        Ok(Gateway { id, adapter, config })
    }

    fn config(&self, path: &str) -> Result<Config, Problem> {
        match self.system.read(path) {
            Ok(Some(contents)) => config::parse(&contents.text(), path),
            Ok(None) => Ok(Config::default()),
            Err(problem) => Err(Problem::new(Code::ConfigUnreadable)
                .with("path", path)
                .because(problem.cause.unwrap_or_default())),
        }
    }

    /// # Errors
    /// `BadValue` when `GATEWARD_MANAGER` names none.
    fn manager(&self, id: &Identity) -> Result<Manager, Problem> {
        let own = OwnFolders::new(&self.around)?;
        // A file that cannot be opened is there all the same.
        let is_there = |path: &str| self.system.read(path).map_or(true, |found| found.is_some());
        choose(&Signs {
            forced: self.around.variable("GATEWARD_MANAGER"),
            os: self.around.os,
            systemd: self.around.systemd,
            unit_file: self.around.os == Os::Linux && is_there(&layout::unit_file(id)),
            registration: is_there(&own.registration(id)),
        })
    }
}

/// What decides which manager is meant.
#[derive(Clone, Debug)]
struct Signs<'a> {
    forced: Option<&'a str>,
    os: Os,
    systemd: SystemdMarks,
    /// The profile has a systemd user unit.
    unit_file: bool,
    /// The profile is installed under the built-in manager.
    registration: bool,
}

/// What is installed decides, then what the machine offers. A unit without a reachable manager is still systemd's: *unknown*, with
/// hints, is then the truth.
fn choose(signs: &Signs<'_>) -> Result<Manager, Problem> {
    match signs.forced {
        Some("systemd") => Ok(Manager::Systemd),
        Some("launchd") => Ok(Manager::Launchd),
        Some("schtasks") => Ok(Manager::Schtasks),
        Some("builtin") => Ok(Manager::Builtin),
        Some(other) => Err(Problem::new(Code::BadValue)
            .with("variable", "GATEWARD_MANAGER")
            .with("value", crate::problem::clean(other))
            .with("reason", "letters")),
        None => Ok(match signs.os {
            Os::Linux if signs.unit_file => Manager::Systemd,
            Os::Linux if signs.registration => Manager::Builtin,
            Os::Linux => linux(signs.systemd),
            Os::MacOs => Manager::Launchd,
            Os::Windows => Manager::Schtasks,
        }),
    }
}

/// A session bus is no sign: OpenRC desktops and containers have one too, on which Debian's systemd package makes a name that only
/// fails (`Exec=/bin/false`).
fn linux(systemd: SystemdMarks) -> Manager {
    if systemd.booted || systemd.user_manager { Manager::Systemd } else { Manager::Builtin }
}

impl Gateway {
    pub fn stage<'a>(&'a self, world: &'a World) -> Stage<'a> {
        Stage { system: &*world.system, adapter: &*self.adapter, id: &self.id, turn: None }
    }

    /// Finds the places that this gateway's lines go to, anew each time: the application log has another name every day.
    pub async fn sinks(&self, world: &World) -> impl Fn() -> Sinks + Clone + Send + Sync + 'static {
        let output = log_files(&*world.system, &*self.adapter, &self.id).await;
        let (world, id, config) = (world.clone(), self.id.clone(), self.config.clone().unwrap_or_default());
        move || sinks(&*world.system, &world.around, &id, &config, output.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: SystemdMarks = SystemdMarks { booted: false, user_manager: false };

    fn chosen(systemd: SystemdMarks, unit_file: bool, registration: bool) -> Manager {
        choose(&Signs { forced: None, os: Os::Linux, systemd, unit_file, registration }).unwrap()
    }

    #[test]
    fn the_manager_follows_what_is_installed_and_what_the_machine_offers() {
        let desktop = SystemdMarks { booted: true, user_manager: true };
        let ssh_without_bus = SystemdMarks { booted: true, ..NONE };
        let rootless_rig = SystemdMarks { user_manager: true, ..NONE };
        for (case, systemd, unit_file, registration, wanted) in [
            ("desktop", desktop, false, false, Manager::Systemd),
            ("ssh without a bus", ssh_without_bus, false, false, Manager::Systemd),
            ("a private user manager", rootless_rig, false, false, Manager::Systemd),
            ("OpenRC, a container, WSL without systemd", NONE, false, false, Manager::Builtin),
            ("container, but a unit of ours", NONE, true, false, Manager::Systemd),
            ("built-in installed before systemd came", desktop, false, true, Manager::Builtin),
            ("both installed", desktop, true, true, Manager::Systemd),
        ] {
            assert_eq!(chosen(systemd, unit_file, registration), wanted, "{case}");
        }
    }

    #[test]
    fn the_variable_wins_and_must_name_a_manager() {
        let forced = |forced| {
            choose(&Signs {
                forced: Some(forced),
                os: Os::Linux,
                systemd: NONE,
                unit_file: true,
                registration: true,
            })
        };
        assert_eq!(forced("builtin").unwrap(), Manager::Builtin);
        assert_eq!(forced("launchd").unwrap(), Manager::Launchd);
        assert_eq!(forced("schtasks").unwrap(), Manager::Schtasks);
        assert_eq!(forced("upstart").unwrap_err().code, Code::BadValue);
    }
}
