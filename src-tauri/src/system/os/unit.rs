//! Asks systemd about a unit: over D-Bus, else through `systemctl show`. Both give the same properties.

use std::collections::BTreeMap;
#[cfg(target_os = "linux")]
use std::sync::Arc;
use std::time::Duration;

use super::Os;
use crate::plan::{Answer, Call, Tool};
use crate::problem::{Code, Problem};
use crate::system::{Scope, Seen, System, properties};

#[cfg(target_os = "linux")]
mod bus;
mod journal;

#[cfg(target_os = "linux")]
pub use bus::{Lines, object_name};
pub use journal::{journal, last_words};

const PATIENCE: Duration = Duration::from_secs(5);

/// The ways to the managers; connections are opened when they are first needed, and kept.
pub struct Units {
    #[cfg(target_os = "linux")]
    bus: bus::Bus,
    /// The bus would bypass them.
    #[cfg(target_os = "linux")]
    with_doubles: bool,
}

impl Units {
    /// `variables` are those of the process; with doubles of the tools in place no manager is asked over the bus.
    #[cfg(target_os = "linux")]
    pub fn new(variables: &BTreeMap<String, String>, with_doubles: bool) -> Self {
        Self { bus: bus::Bus::new(variables), with_doubles }
    }

    #[cfg(not(target_os = "linux"))]
    pub fn new(_variables: &BTreeMap<String, String>, _with_doubles: bool) -> Self {
        Self {}
    }

    /// The buses on which the user's manager may be; none with doubles in place.
    #[cfg(target_os = "linux")]
    pub fn addresses(&self) -> Vec<String> {
        if self.with_doubles { Vec::new() } else { self.bus.addresses().to_vec() }
    }

    /// The desktop's bus, which no double stands for.
    #[cfg(target_os = "linux")]
    pub fn session(&self) -> Option<&str> {
        self.bus.addresses().first().map(String::as_str)
    }

    /// The connections to those buses.
    #[cfg(target_os = "linux")]
    pub fn lines(&self) -> Arc<Lines> {
        self.bus.lines()
    }

    pub async fn answer(&self, os: &Os, unit: &str, scope: &Scope) -> (Seen, String) {
        match self.over_bus(unit, scope).await {
            Some((properties, route)) => (Seen::Properties(properties), route),
            None => (through_systemctl(os, unit, scope).await, "systemctl show".to_owned()),
        }
    }

    #[cfg(target_os = "linux")]
    async fn over_bus(&self, unit: &str, scope: &Scope) -> Option<(BTreeMap<String, String>, String)> {
        match scope {
            Scope::User if !self.with_doubles => self.bus.properties(unit).await,
            // systemctl knows how to get into another account's session; the system's manager is rarely asked.
            Scope::User | Scope::UserOf(_) | Scope::System => None,
        }
    }

    #[cfg(not(target_os = "linux"))]
    async fn over_bus(&self, _unit: &str, _scope: &Scope) -> Option<(BTreeMap<String, String>, String)> {
        None
    }
}

async fn through_systemctl(os: &Os, unit: &str, scope: &Scope) -> Seen {
    let wanted = format!("--property={}", properties::NAMES.join(","));
    let show = async {
        let args = ["show", "--no-pager", "--timestamp=us+utc", &wanted, unit];
        let answer = os.run(&call(scope, &args)).await;
        // Before systemd 247 the option is unknown; times are then not understood and left out.
        match answer.words().contains("unrecognized option") {
            true => os.run(&call(scope, &["show", "--no-pager", &wanted, unit])).await,
            false => answer,
        }
    };
    let is_enabled = call(scope, &["is-enabled", unit]);
    let (answer, enabled) = futures_util::future::join(show, os.run(&is_enabled)).await;
    if !answer.is_success() {
        return Seen::Answered(answer);
    }
    let mut seen = properties::parse(&answer.stdout);
    if let Some(state) = unit_file_state(&enabled) {
        seen.insert("UnitFileState".to_owned(), state);
    }
    Seen::Properties(seen)
}

/// The state as read from disk at this moment; the property of that name is the manager's memory of it and can be old.
fn unit_file_state(answer: &Answer) -> Option<String> {
    let word = answer.stdout.lines().next()?.trim();
    let is_state =
        !word.is_empty() && word != "not-found" && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    is_state.then(|| word.to_owned())
}

fn call(scope: &Scope, args: &[&str]) -> Call {
    let machine;
    let scope: &[&str] = match scope {
        Scope::User => &["--user"],
        Scope::UserOf(user) => {
            machine = format!("{user}@");
            &["--machine", &machine, "--user"]
        }
        Scope::System => &[],
    };
    Call::new(Tool::Systemctl, &[scope, args].concat(), PATIENCE)
}

/// logind keeps one file for each account that lingers, and reads it itself.
const LINGERING: &str = "/var/lib/systemd/linger";
/// The folder that sd_booted(3) looks for.
const BOOTED: &str = "/run/systemd/system";

pub async fn linger(os: &Os, user: &str) -> (Seen, String) {
    let is_name = !user.contains('/') && !user.starts_with('.');
    if os.has_doubles() || !is_name || !std::path::Path::new(BOOTED).is_dir() {
        return (through_loginctl(os, user).await, "loginctl show-user".to_owned());
    }
    let file = format!("{LINGERING}/{user}");
    let answer = if std::path::Path::new(&file).exists() { "yes" } else { "no" };
    let seen = BTreeMap::from([("Linger".to_owned(), answer.to_owned())]);
    (Seen::Properties(seen), file)
}

async fn through_loginctl(os: &Os, user: &str) -> Seen {
    // Without systemd there is no logind to ask, and asking takes longer than everything else together.
    if !os.has_doubles() && !std::path::Path::new(BOOTED).is_dir() {
        return Seen::Failed(Problem::new(Code::NotSystemd));
    }
    let answer =
        os.run(&Call::new(Tool::Loginctl, &["show-user", user, "--property=Linger"], PATIENCE)).await;
    match answer.is_success() {
        true => Seen::Properties(properties::parse(&answer.stdout)),
        false => Seen::Answered(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::scripted::answered;

    #[test]
    fn the_unit_file_state_is_a_word_of_systemd() {
        for (stdout, wanted) in
            [("enabled\n", Some("enabled")), ("not-found\n", None), ("", None), ("Failed to …\n", None)]
        {
            assert_eq!(unit_file_state(&answered(1, stdout, "")).as_deref(), wanted);
        }
    }

    #[test]
    fn another_accounts_manager_is_reached_by_machine_only() {
        let call = call(&Scope::UserOf("anna".to_owned()), &["show", "x"]);
        assert_eq!(call.to_string(), "systemctl --machine anna@ --user show x");
    }
}
