//! Gateward's own start at login. The gateway's is the service manager's business.

use auto_launch::{AutoLaunch, AutoLaunchBuilder, WindowsEnableMode};
use gateward::adapter::builtin::autostart;

/// `None` where the system offers no such thing or the program's own path is unknown.
pub struct LoginStart(Option<AutoLaunch>);

impl LoginStart {
    /// Of the program that looks after `profile`; `None` for the default one.
    pub fn new(profile: Option<&str>) -> Self {
        Self(
            gateward::system::os::own_program()
                .ok()
                .and_then(|program| entry(&program.to_string_lossy(), profile)),
        )
    }

    pub fn is_on(&self) -> Option<bool> {
        let entry = self.0.as_ref()?;
        Some(entry.is_enabled().ok()? && !is_off_in_the_desktop(entry))
    }

    pub fn set(&self, on: bool) -> Result<(), auto_launch::Error> {
        let Some(entry) = &self.0 else { return Err(auto_launch::Error::UnsupportedOS) };
        if on { entry.enable() } else { entry.disable() }
    }
}

/// Desktops leave the file there that they switch off.
#[cfg(target_os = "linux")]
fn is_off_in_the_desktop(entry: &AutoLaunch) -> bool {
    // Where auto-launch writes it.
    let name = format!(".config/autostart/{}.desktop", entry.get_app_name());
    let text = dirs::home_dir().and_then(|home| std::fs::read_to_string(home.join(name)).ok());
    text.is_some_and(|text| autostart::is_switched_off(&text))
}

#[cfg(not(target_os = "linux"))]
fn is_off_in_the_desktop(_entry: &AutoLaunch) -> bool {
    false
}

fn entry(program: &str, profile: Option<&str>) -> Option<AutoLaunch> {
    let mut arguments = vec!["--hidden".to_owned()];
    let mut name = "Gateward".to_owned();
    if let Some(profile) = profile {
        arguments.extend(["--profile".to_owned(), profile.to_owned()]);
        name.push_str(&format!(" {profile}"));
    }
    let path = match std::env::consts::OS {
        // auto-launch writes it as it gets it.
        "linux" => autostart::argument(program),
        // auto-launch puts it before the arguments as it is, and C:\Program.exe could be started for C:\Program Files.
        "windows" => format!("\"{program}\""),
        _ => program.to_owned(),
    };
    let label = login_item(profile);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_login_item_is_no_service_of_openclaws() {
        assert_eq!(login_item(None), "app.gateward.tray.login");
        assert_eq!(login_item(Some("work")), "app.gateward.tray.login.work");
        assert!(include_str!("../../tauri.conf.json").contains(&format!("\"identifier\": \"{IDENTIFIER}\"")));
    }
}
