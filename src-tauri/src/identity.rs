//! Profile → names, state folder, config file and port, as one complete set (OC 1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::layout::{self, Os};
use crate::problem::{Code, Problem};

/// One gateway among several on one machine. `default` is the nameless one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Profile(Option<String>);

/// The names that one profile has everywhere. Text, in the target system's own syntax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub profile: Profile,
    /// With `.service`.
    pub unit: String,
    pub label: String,
    pub task: String,
    pub home: String,
    pub state_dir: String,
    pub config_path: String,
    pub port: u16,
}

/// What the process found around itself: facts, read once by the machine floor.
#[derive(Clone)]
pub struct Surroundings {
    pub os: Os,
    pub uid: u32,
    pub user: Option<String>,
    pub cwd: String,
    /// The path of the running `gateward`.
    pub exe: String,
    pub wsl: bool,
    /// Name or kind of the container we are in, if any.
    pub container: Option<String>,
    pub systemd: SystemdMarks,
    /// The locale that the system is set to, where no variable says it.
    pub language: Option<String>,
    /// The process environment. Holds secrets: never printed.
    pub variables: BTreeMap<String, String>,
}

/// Signs of systemd on this machine. They decide which manager is meant, not whether it can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SystemdMarks {
    /// It runs this machine: sd_booted(3).
    pub booted: bool,
    /// A user manager's own socket is there.
    pub user_manager: bool,
}

/// What decides where the gateways and Gateward's own files are; a user manager knows nothing of the shell's variables.
const CARRIED: [&str; 7] = [
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "OPENCLAW_STATE_DIR",
    "OPENCLAW_CONFIG_PATH",
    "OPENCLAW_GATEWAY_PORT",
    "GATEWARD_MANAGER",
    "GATEWARD_TOOLS",
];

impl Surroundings {
    /// The variables that a service of Gateward's own needs to find what its installer found.
    pub fn carried(&self) -> impl Iterator<Item = (&'static str, &str)> {
        CARRIED.into_iter().filter_map(|name| Some((name, self.variable(name)?)))
    }

    /// A variable's trimmed text; blank counts as unset.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// Whether this is GNOME's desktop, which has no place for icons without an extension.
    pub fn is_gnome(&self) -> bool {
        self.variable("XDG_CURRENT_DESKTOP").is_some_and(|name| name.to_ascii_uppercase().contains("GNOME"))
    }

    /// The locale of messages: `LC_ALL`, `LC_MESSAGES`, `LANG`, else the system's own.
    pub fn locale(&self) -> &str {
        let told = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| self.variable(name));
        told.or(self.language.as_deref()).unwrap_or_default()
    }

    /// `HOME`, else `USERPROFILE` (OC 1.2).
    ///
    /// # Errors
    /// `NoHome` when both are unset.
    pub fn home(&self) -> Result<&str, Problem> {
        let name = if self.os == Os::Windows { ["USERPROFILE", "HOME"] } else { ["HOME", "USERPROFILE"] };
        name.iter()
            .find_map(|name| self.variable(name))
            .ok_or_else(|| Problem::new(Code::NoHome).hint_command("set-home", "export HOME=/home/you"))
    }
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").field("os", &self.os).field("uid", &self.uid).finish_non_exhaustive()
    }
}

pub const DEFAULT_PORT: u16 = 18789;

impl Profile {
    /// Reads a profile name as OpenClaw's CLI does: `[a-z0-9][a-z0-9_-]{0,63}` in any case; blank or `default` is the default
    /// profile. On systems whose file names ignore case, names are lower case (OC 1.1).
    ///
    /// # Errors
    /// `BadProfile`, with the name and the reason.
    pub fn parse(text: &str, os: Os) -> Result<Self, Problem> {
        let name = text.trim();
        if name.is_empty() || name.eq_ignore_ascii_case("default") {
            return Ok(Self(None));
        }
        match refusal(name, os) {
            Some(reason) => Err(bad_profile(name, reason)),
            None => Ok(Self(Some(name.to_owned()))),
        }
    }

    pub fn name(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl std::fmt::Display for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name().unwrap_or("default"))
    }
}

fn refusal(name: &str, os: Os) -> Option<&'static str> {
    let letters_fit = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !letters_fit {
        return Some("letters");
    }
    if name.len() > 64 {
        return Some("length");
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Some("start");
    }
    if os != Os::Linux && name.chars().any(|c| c.is_ascii_uppercase()) {
        return Some("case");
    }
    (os == Os::MacOs && (name == "gateway" || name == "node")).then_some("reserved")
}

fn bad_profile(name: &str, reason: &str) -> Problem {
    Problem::new(Code::BadProfile)
        .with("name", crate::problem::clean(name))
        .with("reason", reason)
        .hint("profile-form")
}

/// Gives the complete set of names for `profile`.
///
/// `config_port` is `gateway.port` of the profile's config, read by the caller; see [`paths`] for where that config is.
///
/// # Errors
/// `NoHome`; `BadValue` when an override variable is not a valid name or names another identity than a named profile's;
/// `BadPort` when `OPENCLAW_GATEWAY_PORT` is no port.
pub fn identify(
    profile: &Profile,
    around: &Surroundings,
    config_port: Option<u16>,
) -> Result<Identity, Problem> {
    let Paths { home, state_dir, config_path } = paths(profile, around)?;
    Ok(Identity {
        unit: overridden(profile, around, "OPENCLAW_SYSTEMD_UNIT", unit_name(profile))?,
        label: overridden(profile, around, "OPENCLAW_LAUNCHD_LABEL", launchd_label(profile))?,
        task: overridden(profile, around, "OPENCLAW_WINDOWS_TASK_NAME", task_name(profile))?,
        port: port_from_environment(around)?.or(config_port).unwrap_or(DEFAULT_PORT),
        profile: profile.clone(),
        home,
        state_dir,
        config_path,
    })
}

/// Where a profile lives, before its config has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    pub home: String,
    pub state_dir: String,
    pub config_path: String,
}

/// State folder: `OPENCLAW_STATE_DIR`, else `<home>/.openclaw[-<profile>]`; config: `OPENCLAW_CONFIG_PATH`, else
/// `<state>/openclaw.json` (OC 1.2, 1.3).
///
/// # Errors
/// `NoHome`.
pub fn paths(profile: &Profile, around: &Surroundings) -> Result<Paths, Problem> {
    let home = around.home()?.to_owned();
    let absolute = |text: &str| layout::absolute(text, &home, &around.cwd, around.os);
    let folder = profile.name().map_or(".openclaw".to_owned(), |name| format!(".openclaw-{name}"));
    let state_dir = match around.variable("OPENCLAW_STATE_DIR") {
        Some(text) => absolute(text),
        None => layout::join(&home, &[&folder], around.os),
    };
    let config_path = match around.variable("OPENCLAW_CONFIG_PATH") {
        Some(text) => absolute(text),
        None => layout::join(&state_dir, &["openclaw.json"], around.os),
    };
    Ok(Paths { home, state_dir, config_path })
}

fn unit_name(profile: &Profile) -> String {
    profile
        .name()
        .map_or("openclaw-gateway.service".to_owned(), |name| format!("openclaw-gateway-{name}.service"))
}

/// The profile replaces `gateway`; it is not appended (OC 1.1).
fn launchd_label(profile: &Profile) -> String {
    format!("ai.openclaw.{}", profile.name().unwrap_or("gateway"))
}

fn task_name(profile: &Profile) -> String {
    profile.name().map_or("OpenClaw Gateway".to_owned(), |name| format!("OpenClaw Gateway ({name})"))
}

/// The override variable's name if it is set. A named profile must use its derived identity: an inherited override of another
/// one is an error, not a silent switch of services (OC 1.1, N).
fn overridden(
    profile: &Profile,
    around: &Surroundings,
    variable: &str,
    derived: String,
) -> Result<String, Problem> {
    let Some(given) = around.variable(variable) else { return Ok(derived) };
    let name = if variable == "OPENCLAW_SYSTEMD_UNIT" && !given.ends_with(".service") {
        format!("{given}.service")
    } else {
        given.to_owned()
    };
    let refused = |reason: &str| {
        Err(Problem::new(Code::BadValue)
            .with("variable", variable)
            .with("value", crate::problem::clean(given))
            .with("reason", reason)
            .hint_command("unset-variable", format!("unset {variable}")))
    };
    if !is_valid_name(&name, variable) {
        return refused("letters");
    }
    if profile.name().is_some() && name != derived {
        return refused("other-profile");
    }
    Ok(name)
}

/// Labels and units: `[A-Za-z0-9._-]+` (a unit may hold `@` and `:` too); task names: no character that a file name forbids.
fn is_valid_name(name: &str, variable: &str) -> bool {
    let fits = |c: char| match variable {
        "OPENCLAW_WINDOWS_TASK_NAME" => !c.is_control() && !r#"<>:"/\|?*"#.contains(c),
        "OPENCLAW_SYSTEMD_UNIT" => c.is_ascii_alphanumeric() || "._-@:".contains(c),
        _ => c.is_ascii_alphanumeric() || "._-".contains(c),
    };
    !name.is_empty() && name.len() <= 255 && !name.starts_with(['-', '.']) && name.chars().all(fits)
}

/// Digits, `host:port` or `[v6]:port`: compose publish strings leak in through `.env` files (OC 1.6).
fn port_from_environment(around: &Surroundings) -> Result<Option<u16>, Problem> {
    let Some(text) = around.variable("OPENCLAW_GATEWAY_PORT") else { return Ok(None) };
    let digits = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || (host.starts_with('[') && host.ends_with(']')) => port,
        Some(_) => "",
        None => text,
    };
    port(digits)
        .map(Some)
        .map_err(|problem| problem.with("variable", "OPENCLAW_GATEWAY_PORT").with("value", text))
}

/// Reads a TCP port a person typed.
///
/// # Errors
/// `BadPort` unless `text` is a whole number from 1 to 65535.
pub fn port(text: &str) -> Result<u16, Problem> {
    let digits_only = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u16>() {
        Ok(number) if digits_only && number > 0 => Ok(number),
        Ok(_) | Err(_) => {
            Err(Problem::new(Code::BadPort).with("value", crate::problem::clean(text)).hint("port-form"))
        }
    }
}

impl Identity {
    /// What the managers call the service: unit, label, task.
    pub fn names(&self) -> [&str; 3] {
        [&self.unit, &self.label, &self.task]
    }

    /// Without a version: a version stamp makes every update look like a changed definition (OC 1.1, N).
    pub fn description(&self) -> String {
        match self.profile.name() {
            Some(name) => format!("OpenClaw Gateway (profile: {name})"),
            None => "OpenClaw Gateway".to_owned(),
        }
    }
}

/// The port a service definition asks for: `--port N` or `--port=N` in its command, the last one wins.
pub fn port_in(command: &[String]) -> Option<u16> {
    let joined =
        command.iter().filter_map(|word| word.strip_prefix("--port=")).filter_map(|text| port(text).ok());
    let apart = command.windows(2).filter(|pair| pair[0] == "--port").filter_map(|pair| port(&pair[1]).ok());
    apart.chain(joined).last()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A quiet Linux machine with the given variables.
    pub fn around(variables: &[(&str, &str)]) -> Surroundings {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Surroundings {
            os: Os::Linux,
            uid: 1000,
            user: Some("anna".to_owned()),
            cwd: "/work".to_owned(),
            exe: "/usr/bin/gateward".to_owned(),
            wsl: false,
            language: None,
            container: None,
            systemd: SystemdMarks { booted: true, ..SystemdMarks::default() },
            variables: [("HOME", "/home/anna")].iter().chain(variables).map(own).collect(),
        }
    }

    fn named(name: &str) -> Profile {
        Profile::parse(name, Os::Linux).unwrap()
    }

    #[test]
    fn the_default_profile_bears_openclaws_own_names() {
        let id = identify(&Profile::default(), &around(&[]), None).unwrap();
        assert_eq!(
            (id.unit.as_str(), id.label.as_str(), id.task.as_str(), id.state_dir.as_str(), id.port),
            (
                "openclaw-gateway.service",
                "ai.openclaw.gateway",
                "OpenClaw Gateway",
                "/home/anna/.openclaw",
                18789
            )
        );
        assert_eq!(id.config_path, "/home/anna/.openclaw/openclaw.json");
    }

    #[test]
    fn a_named_profile_has_its_own_everything() {
        let id = identify(&named("jbphoenix"), &around(&[]), Some(19000)).unwrap();
        assert_eq!(id.unit, "openclaw-gateway-jbphoenix.service");
        assert_eq!(id.label, "ai.openclaw.jbphoenix");
        assert_eq!(id.task, "OpenClaw Gateway (jbphoenix)");
        assert_eq!(id.config_path, "/home/anna/.openclaw-jbphoenix/openclaw.json");
        assert_eq!(id.port, 19000);
    }

    #[test]
    fn a_unit_override_is_read_with_or_without_its_suffix() {
        for text in ["custom-unit", "custom-unit.service", "  custom-unit  "] {
            let id =
                identify(&Profile::default(), &around(&[("OPENCLAW_SYSTEMD_UNIT", text)]), None).unwrap();
            assert_eq!(id.unit, "custom-unit.service");
        }
    }

    #[test]
    fn an_override_of_another_identity_is_refused_for_a_named_profile() {
        let problem =
            identify(&named("work"), &around(&[("OPENCLAW_SYSTEMD_UNIT", "other")]), None).unwrap_err();
        assert_eq!((problem.code, problem.values["reason"].as_str()), (Code::BadValue, "other-profile"));
    }

    #[test]
    fn names_with_shell_or_path_characters_are_refused() {
        for bad in ["../x", "a b", "a;b", "-x", "x/y", "ä", "a\nb"] {
            assert_eq!(Profile::parse(bad, Os::Linux).unwrap_err().code, Code::BadProfile, "{bad:?}");
            let label = around(&[("OPENCLAW_LAUNCHD_LABEL", bad)]);
            assert!(identify(&Profile::default(), &label, None).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn profile_names_may_be_64_characters_and_no_more() {
        assert!(Profile::parse(&"a".repeat(64), Os::Linux).is_ok());
        assert_eq!(Profile::parse(&"a".repeat(65), Os::Linux).unwrap_err().values["reason"], "length");
    }

    #[test]
    fn case_and_reserved_names_follow_the_system() {
        assert!(Profile::parse("Work", Os::Linux).is_ok());
        assert_eq!(Profile::parse("Work", Os::MacOs).unwrap_err().values["reason"], "case");
        assert_eq!(Profile::parse("node", Os::MacOs).unwrap_err().values["reason"], "reserved");
        assert!(Profile::parse("node", Os::Linux).is_ok());
    }

    #[test]
    fn blank_and_default_are_the_default_profile() {
        for text in ["", "  ", "default", "Default"] {
            assert_eq!(Profile::parse(text, Os::MacOs).unwrap(), Profile::default());
        }
    }

    #[test]
    fn a_state_folder_override_expands_tilde_and_wins() {
        for (given, wanted) in [
            ("~/claw", "/home/anna/claw"),
            ("~", "/home/anna"),
            ("~x/claw", "/work/~x/claw"),
            ("rel", "/work/rel"),
            ("/s", "/s"),
        ] {
            let id = identify(&Profile::default(), &around(&[("OPENCLAW_STATE_DIR", given)]), None).unwrap();
            assert_eq!(id.state_dir, wanted, "{given}");
        }
    }

    #[test]
    fn a_windows_path_is_left_alone_on_any_system() {
        let id =
            identify(&Profile::default(), &around(&[("OPENCLAW_STATE_DIR", r"C:\State\openclaw")]), None)
                .unwrap();
        assert_eq!(id.state_dir, r"C:\State\openclaw");
    }

    #[test]
    fn the_environments_port_beats_the_configs() {
        for (text, wanted) in [("19001", 19001), ("127.0.0.1:19001", 19001), ("[::1]:19001", 19001)] {
            let id =
                identify(&Profile::default(), &around(&[("OPENCLAW_GATEWAY_PORT", text)]), Some(5)).unwrap();
            assert_eq!(id.port, wanted);
        }
    }

    #[test]
    fn a_port_that_is_none_is_refused() {
        for text in ["0", "65536", "-1", "80x", "+80", "::1:80", "eighty"] {
            let problem =
                identify(&Profile::default(), &around(&[("OPENCLAW_GATEWAY_PORT", text)]), None).unwrap_err();
            assert_eq!(problem.code, Code::BadPort, "{text}");
        }
    }

    #[test]
    fn without_home_the_problem_says_so() {
        let mut bare = around(&[]);
        bare.variables.remove("HOME");
        assert_eq!(identify(&Profile::default(), &bare, None).unwrap_err().code, Code::NoHome);
    }

    #[test]
    fn the_commands_port_is_found_in_both_spellings() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(port_in(&words("node x gateway --port 18790")), Some(18790));
        assert_eq!(port_in(&words("node x gateway --port=18791")), Some(18791));
        assert_eq!(port_in(&words("node x gateway --port")), None);
    }
}
