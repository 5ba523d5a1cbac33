//! What a command or the engine works in: the machine, its surroundings, and one gateway on it.

use std::sync::Arc;

use crate::adapter::{self, Adapter};
use crate::config::{self, Config};
use crate::execute::Stage;
use crate::identity::{self, Identity, Profile, Surroundings};
use crate::layout::Os;
use crate::model::Manager;
use crate::problem::{Code, Problem};
use crate::system::System;

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
        let adapter = Arc::from(adapter::native(self.manager()?, &self.around)?);
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

    /// `GATEWARD_MANAGER`, else the system's own.
    fn manager(&self) -> Result<Manager, Problem> {
        match self.around.variable("GATEWARD_MANAGER") {
            Some("systemd") => Ok(Manager::Systemd),
            Some("launchd") => Ok(Manager::Launchd),
            Some("builtin") => Ok(Manager::Builtin),
            Some(other) => Err(Problem::new(Code::BadValue)
                .with("variable", "GATEWARD_MANAGER")
                .with("value", other)
                .with("reason", "letters")),
            None => Ok(match self.around.os {
                Os::Linux => Manager::Systemd,
                Os::MacOs => Manager::Launchd,
                Os::Windows => Manager::Schtasks,
            }),
        }
    }
}

impl Gateway {
    pub fn stage<'a>(&'a self, world: &'a World) -> Stage<'a> {
        Stage { system: &*world.system, adapter: &*self.adapter, id: &self.id }
    }
}
