//! Gateward's own start at login. The gateway's is the service manager's business.

use auto_launch::{AutoLaunch, AutoLaunchBuilder, WindowsEnableMode};

use crate::options::Options;

/// `None` where the system offers no such thing or the program's own path is unknown.
pub struct LoginStart(Option<AutoLaunch>);

impl LoginStart {
    pub fn new(options: &Options) -> Self {
        Self(std::env::current_exe().ok().and_then(|program| entry(&program.to_string_lossy(), options)))
    }

    pub fn is_on(&self) -> Option<bool> {
        self.0.as_ref()?.is_enabled().ok()
    }

    pub fn set(&self, on: bool) -> Result<(), auto_launch::Error> {
        let Some(entry) = &self.0 else { return Err(auto_launch::Error::UnsupportedOS) };
        if on { entry.enable() } else { entry.disable() }
    }
}

fn entry(program: &str, options: &Options) -> Option<AutoLaunch> {
    let mut arguments = vec!["--hidden".to_owned()];
    let mut name = "Gateward".to_owned();
    if let Some(profile) = &options.profile {
        arguments.extend(["--profile".to_owned(), profile.clone()]);
        name.push_str(&format!(" {profile}"));
    }
    let path = match std::env::consts::OS {
        "linux" => quoted(program),
        // auto-launch puts it before the arguments as it is, and C:\Program.exe could be started for C:\Program Files.
        "windows" => format!("\"{program}\""),
        _ => program.to_owned(),
    };
    let label = login_item(options.profile.as_deref());
    let name = if cfg!(target_os = "macos") { &label } else { &name };
    AutoLaunchBuilder::new()
        .set_app_name(name)
        .set_app_path(&path)
        .set_args(&arguments)
        // The system settings then show the login item under the application's name and icon.
        .set_bundle_identifiers(&[IDENTIFIER])
        // Whoever has more rights must not start it for everybody.
        .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
        .build()
        .ok()
}

/// As in tauri.conf.json.
pub const IDENTIFIER: &str = "app.gateward.tray";

/// The LaunchAgent's label and file name on macOS. Ours, and never one of OpenClaw's (OC 16.11).
fn login_item(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("{IDENTIFIER}.login.{profile}"),
        None => format!("{IDENTIFIER}.login"),
    }
}

/// One argument of `Exec=` in a desktop entry: auto-launch writes the path as it gets it.
///
/// By the Desktop Entry Specification `"`, `` ` ``, `$` and `\` are escaped inside the quotes, backslashes once more as in every
/// string of such a file, and `%` begins a field code.
fn quoted(path: &str) -> String {
    let escaped: String = path
        .chars()
        .map(|c| match c {
            '\\' => r"\\\\".to_owned(),
            '"' | '`' | '$' => format!(r"\\{c}"),
            '%' => "%%".to_owned(),
            other => other.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_login_item_is_no_service_of_openclaws() {
        assert_eq!(login_item(None), "app.gateward.tray.login");
        assert_eq!(login_item(Some("work")), "app.gateward.tray.login.work");
        assert!(include_str!("../../tauri.conf.json").contains(&format!("\"identifier\": \"{IDENTIFIER}\"")));
    }

    #[test]
    fn a_path_is_one_argument_of_a_desktop_entry() {
        assert_eq!(quoted("/opt/a b/100%/x"), r#""/opt/a b/100%%/x""#);
        assert_eq!(quoted(r"/a$b\c"), r#""/a\\$b\\\\c""#);
    }
}
