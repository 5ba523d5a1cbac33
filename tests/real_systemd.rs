//! The systemd adapter against a real `systemd --user` in a home and cgroup of its own.

#![cfg(target_os = "linux")]
// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod rig;

#[path = "real_systemd/bench.rs"]
mod bench;
#[path = "real_systemd/life.rs"]
mod life;
#[path = "real_systemd/quoting.rs"]
mod quoting;
#[path = "real_systemd/routes.rs"]
mod routes;

use std::collections::BTreeMap;

use gateward::adapter::{Adapter, native};
use gateward::identity::{Identity, Profile, Surroundings, identify};
use gateward::model::{Manager, RestartPolicy, ServiceSpec, Value};
use gateward::system::os::{Os, surroundings};
use rig::{UserManager, free_port};

/// One account with its manager, as Gateward finds it.
struct Account {
    system: Os,
    adapter: Box<dyn Adapter>,
    id: Identity,
    // Last, so that it ends last.
    manager: UserManager,
}

impl Account {
    fn new() -> Self {
        Self::of(UserManager::start(), None)
    }

    fn of(manager: UserManager, tools: Option<&str>) -> Self {
        let variables: BTreeMap<String, String> = manager.environment().into_iter().collect();
        let around = Surroundings {
            cwd: manager.home().display().to_string(),
            variables: variables.clone(),
            ..surroundings()
        };
        let port = free_port();
        Self {
            system: Os::within(variables, tools.map(str::to_owned)),
            adapter: native(Manager::Systemd, &around).unwrap(),
            id: identify(&Profile::default(), &around, Some(port)).unwrap(),
            manager,
        }
    }

    fn stage(&self) -> gateward::execute::Stage<'_> {
        gateward::execute::Stage { system: &self.system, adapter: &*self.adapter, id: &self.id, turn: None }
    }

    /// A service of this account that runs `command`.
    fn spec(&self, command: &[&str]) -> ServiceSpec {
        ServiceSpec {
            identity: self.id.clone(),
            description: "OpenClaw Gateway".to_owned(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            working_dir: None,
            environment: BTreeMap::from([("HOME".to_owned(), Value::Plain(self.id.home.clone()))]),
            restart: RestartPolicy { delay_s: 1, burst: 3, ..RestartPolicy::default() },
        }
    }
}

/// Everything here waits for answers from elsewhere, one after the other.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
