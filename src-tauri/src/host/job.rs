//! What the host runs, and with what: an installed service, or the program on its command line.

use std::collections::BTreeMap;

use super::{Options, Place};
use crate::adapter::builtin::registration::{self, Installed};
use crate::environment::SUPERVISOR_VARIABLES;
use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::model::{Redacted, RestartPolicy};
use crate::problem::Problem;
use crate::run_loop::Rules;
use crate::settings;
use crate::system::System;
use crate::system::child::{Echo, Launch, Log, Logs, MARK, Offspring, Stream};
use crate::world::World;

pub struct Job {
    pub launch: Launch,
    pub rules: Rules,
    pub log_dir: String,
    pub logs: Logs,
    /// Values that must not stand in a record.
    pub secrets: Vec<Redacted>,
    /// Tells whether a gateway that is found alive is one of this job.
    pub fingerprint: String,
}

/// How many rotated logs are kept beside the current one.
const KEEP: u32 = 5;

pub fn job(world: &World, place: &Place, options: &Options) -> Result<Job, Problem> {
    let order = match options.program.is_empty() {
        true => installed(world, place)?,
        false => typed(world, place, options),
    };
    let declared = options.workdir.as_deref().map(|path| absolute(path, place, world)).or(order.working_dir);
    // Of what is written down, as whoever reads the definition makes it.
    let fingerprint = registration::fingerprint(&order.command, declared.as_deref());
    let working_dir = declared.or(order.otherwise_in);
    let launch = Launch { command: order.command, working_dir, environment: order.environment };
    let log_size =
        options.log_size.unwrap_or_else(|| settings::current(&*world.system, &world.around).logs.limit());
    let stream = |log: String, pipe: String, echo: Echo| Stream {
        log: Log::new(log, log_size, KEEP),
        echo: (!options.is_apart()).then_some(echo),
        pipe,
    };
    let [out, err] = layout::host_logs(&place.id, world.around.os);
    let [out_pipe, err_pipe] = place.own.pipes(&place.id);
    let logs = Logs { out: stream(out, out_pipe, Echo::Out), err: stream(err, err_pipe, Echo::Err) };
    let rules = rules(&order.policy, options);
    Ok(Job { launch, rules, log_dir: order.log_dir, logs, secrets: order.secrets, fingerprint })
}

struct Order {
    command: Vec<String>,
    working_dir: Option<String>,
    /// Where a gateway without a folder of its own runs; where the host does, if there is none either.
    otherwise_in: Option<String>,
    environment: BTreeMap<String, String>,
    log_dir: String,
    policy: RestartPolicy,
    secrets: Vec<Redacted>,
}

/// An installed service has the same environment whoever starts it, and from whichever shell.
fn installed(world: &World, place: &Place) -> Result<Order, Problem> {
    let path = place.own.registration(&place.id);
    let Some(contents) = world.system.read(&path)? else {
        return Err(Problem::not_installed());
    };
    let Installed { command, working_dir, environment, log_dir, restart, .. } =
        registration::parse(&contents.text(), &path)?;
    let secrets = secrets(&*world.system, &place.own.secrets(&place.id))?;
    let mut all = base(&world.around);
    all.extend(environment);
    all.extend(secrets.iter().map(|(name, secret)| (name.clone(), secret.reveal().to_owned())));
    Ok(Order {
        command,
        working_dir,
        otherwise_in: own_folder(&place.id.home, world.around.os),
        environment: supervised(all),
        log_dir,
        policy: (&restart).into(),
        secrets: secrets.into_values().collect(),
    })
}

/// The home, as systemd does it; otherwise it would be wherever the host happened to be started.
fn own_folder(home: &str, os: Os) -> Option<String> {
    // Windows starts nothing in a folder with a longer name, however it is written (CreateProcess, lpCurrentDirectory).
    const LONGEST: usize = 258;
    let fits = os != Os::Windows || home.encode_utf16().count() <= LONGEST;
    fits.then(|| home.to_owned())
}

fn secrets(system: &dyn System, path: &str) -> Result<BTreeMap<String, Redacted>, Problem> {
    match system.read(path)? {
        Some(contents) => registration::parse_secrets(&contents.text(), path),
        None => Ok(BTreeMap::new()),
    }
}

fn typed(world: &World, place: &Place, options: &Options) -> Order {
    let variables = &world.around.variables;
    let is_secret =
        |(name, value): &(&String, &String)| crate::environment::is_secret(name) && value.len() > 5;
    Order {
        command: options.program.clone(),
        working_dir: None,
        otherwise_in: None,
        environment: supervised(variables.clone()),
        log_dir: layout::host_log_dir(&place.id, world.around.os),
        policy: RestartPolicy::default(),
        secrets: variables.iter().filter(is_secret).map(|(_, value)| Redacted::new(value)).collect(),
    }
}

/// What a login gives to every program, and the manager that an agent's `gateward` is to find; the rest of a shell's environment is its
/// own affair.
fn base(around: &Surroundings) -> BTreeMap<String, String> {
    const NAMES: &[&str] =
        &["HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "PATH", "TMPDIR", "GATEWARD_MANAGER"];
    let is_base = |name: &str| {
        around.os == Os::Windows
            || NAMES.contains(&name)
            || name.starts_with("LC_")
            || name.starts_with("XDG_")
    };
    let kept = around.variables.iter().filter(|(name, _)| is_base(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Takes out what an outer supervisor left and says who the supervisor is (OC 9.4, 9.5).
///
/// `external` makes the newest generation exit for a restart and keeps its CLI from fighting over the service. The one before it
/// doesn't know that word: unsupervised it would start a detached copy of itself and exit, and we would start a second gateway.
/// `OPENCLAW_NO_RESPAWN` makes it restart in its own process instead.
fn supervised(mut environment: BTreeMap<String, String>) -> BTreeMap<String, String> {
    environment.retain(|name, _| !SUPERVISOR_VARIABLES.contains(&name.as_str()));
    environment.insert("OPENCLAW_SUPERVISOR_MODE".to_owned(), "external".to_owned());
    environment.insert("OPENCLAW_NO_RESPAWN".to_owned(), "1".to_owned());
    environment.remove(MARK);
    environment.extend(Offspring::ours().map(|ours| (MARK.to_owned(), ours.value().to_owned())));
    environment
}

fn absolute(path: &str, place: &Place, world: &World) -> String {
    layout::absolute(path, &place.id.home, &world.around.cwd, world.around.os)
}

fn rules(policy: &RestartPolicy, options: &Options) -> Rules {
    let policy = RestartPolicy { burst: options.give_up_after.unwrap_or(policy.burst), ..policy.clone() };
    let rules = Rules::new(&policy);
    Rules {
        drain: options.stop_timeout.unwrap_or(rules.drain),
        first_delay: options.restart_delay.unwrap_or(rules.first_delay),
        hangup_stops: !options.is_apart(),
        ..rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_that_windows_can_start_nothing_in_is_no_working_folder() {
        let long = format!(r"C:\Users\{}", "ü".repeat(260));
        assert_eq!(own_folder(&long, Os::Windows), None);
        assert_eq!(own_folder(&long, Os::Linux), Some(long));
        assert_eq!(own_folder(r"C:\Users\me", Os::Windows).as_deref(), Some(r"C:\Users\me"));
    }
}
