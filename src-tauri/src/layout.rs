//! Where files live, as text in the target system's own path syntax. Nothing here touches a file.

use serde::{Deserialize, Serialize};

use crate::identity::{Identity, Surroundings};
use crate::problem::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Os {
    Linux,
    MacOs,
    Windows,
}

impl Os {
    fn separator(self) -> char {
        match self {
            Os::Linux | Os::MacOs => '/',
            Os::Windows => '\\',
        }
    }
}

/// Joins with the system's separator; an empty part is left out.
pub fn join(base: &str, parts: &[&str], os: Os) -> String {
    let separator = os.separator();
    parts.iter().filter(|part| !part.is_empty()).fold(trimmed(base, separator), |path, part| {
        if path.ends_with(separator) { format!("{path}{part}") } else { format!("{path}{separator}{part}") }
    })
}

fn trimmed(base: &str, separator: char) -> String {
    let text = base.trim_end_matches(separator);
    if text.is_empty() { base.chars().take(1).collect() } else { text.to_owned() }
}

/// The folder a path lies in; the path itself when it has no parent.
pub fn parent(path: &str) -> &str {
    match path.rfind(['/', '\\']) {
        Some(0) => &path[..1],
        Some(at) => &path[..at],
        None => path,
    }
}

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Makes a path a person typed absolute: `~` alone or before a separator is `home`; a Windows path (`X:\…`, `\\server\…`) is
/// left alone on every system (OC 1.2).
pub fn absolute(text: &str, home: &str, cwd: &str, os: Os) -> String {
    if let Some(rest) = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
    {
        return join(home, &[rest.trim_start_matches(['/', '\\'])], os);
    }
    if is_absolute(text) { text.to_owned() } else { join(cwd, &[text.trim_start_matches("./")], os) }
}

/// Whether `text` is an absolute path in POSIX or Windows syntax.
pub fn is_absolute(text: &str) -> bool {
    let drive = matches!(text.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    text.starts_with('/') || text.starts_with(r"\\") || drive
}

/// `~/.config/systemd/user/<unit>`; OpenClaw ignores `XDG_CONFIG_HOME` here, and so must we (OC 1.4).
pub fn unit_file(id: &Identity) -> String {
    join(&id.home, &[".config/systemd/user", &id.unit], Os::Linux)
}

/// The owner-only file that holds a systemd service's secrets (OC 1.4, N).
pub fn systemd_env_file(id: &Identity) -> String {
    join(&id.state_dir, &["gateway.systemd.env"], Os::Linux)
}

/// `~/Library/LaunchAgents/<label>.plist` (OC 1.4).
pub fn launch_agent(home: &str, label: &str) -> String {
    join(home, &["Library/LaunchAgents", &format!("{label}.plist")], Os::MacOs)
}

/// Where a system-wide service of the same label would be.
pub fn launch_daemon(label: &str) -> String {
    format!("/Library/LaunchDaemons/{label}.plist")
}

/// The owner-only folder for a LaunchAgent's secrets (OC 1.4, N).
pub fn launchd_env_dir(id: &Identity) -> String {
    join(&id.state_dir, &["service-env"], Os::MacOs)
}

pub fn launchd_env_file(id: &Identity) -> String {
    join(&launchd_env_dir(id), &[&format!("{}.env", id.label)], Os::MacOs)
}

/// The script that reads the secrets and becomes the gateway.
pub fn launchd_wrapper(id: &Identity) -> String {
    join(&launchd_env_dir(id), &[&format!("{}-env-wrapper.sh", id.label)], Os::MacOs)
}

/// What Gateward's own jobs are called by, before their name.
pub const OWN_LABELS: &str = "app.gateward.";

/// Both output streams of a LaunchAgent: `~/Library/Logs/openclaw/gateway[-<profile>].log` (OC 1.5, N); those of our own jobs go to
/// `~/Library/Logs/Gateward`.
pub fn launchd_log(id: &Identity) -> String {
    if let Some(own) = id.label.strip_prefix(OWN_LABELS) {
        return join(&id.home, &["Library/Logs/Gateward", &format!("{own}.log")], Os::MacOs);
    }
    let name = id.profile.name().map_or("gateway.log".to_owned(), |name| format!("gateway-{name}.log"));
    join(&id.home, &["Library/Logs/openclaw", &name], Os::MacOs)
}

/// Gateward's own folder for its database, journal and the built-in manager's state: `$XDG_STATE_HOME/gateward`, else
/// `~/.local/state/gateward`; on macOS `~/Library/Application Support/app.gateward`; on Windows `%LOCALAPPDATA%\Gateward`.
///
/// # Errors
/// `NoHome`.
pub fn own_state_dir(around: &Surroundings) -> Result<String, Problem> {
    own_dir(around, "XDG_STATE_HOME", ".local/state/gateward")
}

/// Gateward's settings folder: `$XDG_CONFIG_HOME/gateward`, else `~/.config/gateward`; elsewhere the state folder.
///
/// # Errors
/// `NoHome`.
pub fn own_config_dir(around: &Surroundings) -> Result<String, Problem> {
    own_dir(around, "XDG_CONFIG_HOME", ".config/gateward")
}

fn own_dir(around: &Surroundings, xdg: &str, fallback: &str) -> Result<String, Problem> {
    let home = around.home()?;
    Ok(match around.os {
        // The XDG specification: a relative path in these variables is to be ignored.
        Os::Linux => match around.variable(xdg).filter(|path| path.starts_with('/')) {
            Some(base) => join(base, &["gateward"], Os::Linux),
            None => join(home, &[fallback], Os::Linux),
        },
        Os::MacOs => join(home, &["Library/Application Support/app.gateward"], Os::MacOs),
        Os::Windows => match around.variable("LOCALAPPDATA") {
            Some(base) => join(base, &["Gateward"], Os::Windows),
            None => join(home, &["AppData", "Local", "Gateward"], Os::Windows),
        },
    })
}

/// The incident database.
///
/// # Errors
/// `NoHome`.
pub fn database(around: &Surroundings) -> Result<String, Problem> {
    Ok(join(&own_state_dir(around)?, &["incidents.sqlite"], around.os))
}

/// The folder into which the host captures the gateway's output: `<state>/logs`.
pub fn host_log_dir(id: &Identity, os: Os) -> String {
    join(&id.state_dir, &["logs"], os)
}

/// What the gateway says, and what it complains of, as the host captures it.
pub fn host_logs(id: &Identity, os: Os) -> [String; 2] {
    let folder = host_log_dir(id, os);
    ["gateward-gateway.log", "gateward-gateway.err.log"].map(|name| join(&folder, &[name], os))
}

/// The command-line program: the tray's executable has it beside itself.
pub fn own_cli(around: &Surroundings) -> String {
    let name = file_name(&around.exe);
    if !name.starts_with("gateward-tray") {
        return around.exe.clone();
    }
    join(parent(&around.exe), &[&name.replacen("gateward-tray", "gateward", 1)], around.os)
}

/// With `~` for the home folder, whose path tells the account's name. The root is no such folder.
pub fn at_home(home: &str, line: &str) -> String {
    let home = home.trim_end_matches(['/', '\\']);
    if home.is_empty() {
        return line.to_owned();
    }
    // `/home/anna` is not the beginning of `/home/annabel`.
    let goes_on = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let mut parts = line.split(home);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        out += if rest.starts_with(goes_on) { home } else { "~" };
        out += rest;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;

    #[test]
    fn joining_keeps_one_separator() {
        assert_eq!(join("/", &["a", "", "b"], Os::Linux), "/a/b");
        assert_eq!(join("/a/", &["b"], Os::Linux), "/a/b");
        assert_eq!(join(r"C:\x\", &["y"], Os::Windows), r"C:\x\y");
    }

    #[test]
    fn only_the_home_itself_is_shortened() {
        let line = "/home/anna/x /home/annabel /home/anna";
        for (home, shown) in [
            ("/home/anna", "~/x /home/annabel ~"),
            ("/home/anna/", "~/x /home/annabel ~"),
            ("/", line),
            ("", line),
        ] {
            assert_eq!(at_home(home, line), shown, "{home}");
        }
    }

    #[test]
    fn absolute_means_absolute_in_either_syntax() {
        for path in ["/a", r"C:\a", "c:/a", r"\\server\share"] {
            assert!(is_absolute(path), "{path}");
        }
        for path in ["a", "./a", "C:a", "~", ""] {
            assert!(!is_absolute(path), "{path}");
        }
    }

    #[test]
    fn our_own_folder_follows_xdg_when_it_is_absolute() {
        assert_eq!(own_state_dir(&around(&[])).unwrap(), "/home/anna/.local/state/gateward");
        assert_eq!(own_state_dir(&around(&[("XDG_STATE_HOME", "/s")])).unwrap(), "/s/gateward");
        assert_eq!(
            own_state_dir(&around(&[("XDG_STATE_HOME", "rel")])).unwrap(),
            "/home/anna/.local/state/gateward"
        );
    }

    #[test]
    fn a_parent_of_a_root_file_is_the_root() {
        assert_eq!(parent("/a"), "/");
        assert_eq!(parent("/a/b"), "/a");
        assert_eq!(parent(r"C:\a\b"), r"C:\a");
        assert_eq!(file_name(r"C:\a\b.cmd"), "b.cmd");
    }
}
