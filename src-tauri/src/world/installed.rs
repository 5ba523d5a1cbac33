//! Every gateway that is installed for this account, told by the names of its definitions.

use super::{Gateway, World};
use crate::adapter::builtin::OwnFolders;
use crate::layout::{self, Os};
use crate::problem::Problem;

impl World {
    /// Sorted by profile; one whose definition bears a name that no profile has is passed over.
    ///
    /// # Errors
    /// `NoHome`; `NotInstalled` when there is none.
    pub fn installed(&self) -> Result<Vec<Gateway>, Problem> {
        let profiles = self.profiles()?;
        let gateways: Vec<Gateway> =
            profiles.iter().filter_map(|profile| self.gateway(Some(profile)).ok()).collect();
        if gateways.is_empty() { Err(Problem::not_installed()) } else { Ok(gateways) }
    }

    /// What the definitions' names call their profiles, sorted; a profile may be called so or not. Reads no definition.
    ///
    /// # Errors
    /// `NoHome`.
    pub fn profiles(&self) -> Result<Vec<String>, Problem> {
        let mut profiles = self.names(&OwnFolders::new(&self.around)?.services(), "", ".json", "default");
        let home = self.around.home()?;
        profiles.extend(match self.around.os {
            Os::Linux => self.units(home),
            Os::MacOs => self.names(
                &layout::join(home, &["Library/LaunchAgents"], Os::MacOs),
                "ai.openclaw.",
                ".plist",
                "gateway",
            ),
            // Tasks are no files; the built-in manager's registrations are.
            Os::Windows => Vec::new(),
        });
        profiles.sort();
        profiles.dedup();
        Ok(profiles)
    }

    fn units(&self, home: &str) -> Vec<String> {
        let folder = layout::join(home, &[".config/systemd/user"], Os::Linux);
        let named = self.names(&folder, "openclaw-gateway", ".service", "");
        named
            .into_iter()
            .filter_map(|name| match name.strip_prefix('-') {
                Some(profile) => Some(profile.to_owned()),
                None => name.is_empty().then(|| "default".to_owned()),
            })
            .collect()
    }

    /// What stands between `before` and `after` in the file names of a folder; `nameless` is the default profile's.
    fn names(&self, folder: &str, before: &str, after: &str, nameless: &str) -> Vec<String> {
        let files = self.system.names(folder);
        let middles = files.iter().filter_map(|name| name.strip_prefix(before)?.strip_suffix(after));
        middles
            .map(|name| if name == nameless && !name.is_empty() { "default" } else { name }.to_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::problem::Code;
    use crate::system::System;
    use crate::system::scripted::still;

    fn world(files: &[&str]) -> World {
        let system = still();
        files.iter().for_each(|path| system.write(path, b"", 0o600).unwrap());
        World { system, around: around(&[]) }
    }

    fn profiles(files: &[&str]) -> Vec<String> {
        world(files).installed().unwrap().iter().map(|gateway| gateway.id.profile.to_string()).collect()
    }

    #[test]
    fn every_unit_and_registration_is_found_once() {
        let units = "/home/anna/.config/systemd/user";
        let files = [
            &format!("{units}/openclaw-gateway.service"),
            &format!("{units}/openclaw-gateway-work.service"),
            &format!("{units}/openclaw-gatewayed.service"),
            &format!("{units}/other.service"),
            "/home/anna/.config/gateward/services/work.json",
            "/home/anna/.config/gateward/services/box.json",
        ];
        assert_eq!(profiles(&files), ["box", "default", "work"]);
    }

    #[test]
    fn without_any_it_says_so() {
        assert_eq!(world(&[]).installed().map(|_| ()).unwrap_err().code, Code::NotInstalled);
    }
}
