//! What Gateward, OpenClaw's services and its earlier generations leave on an account, found by the names of files and jobs, whatever
//! is installed at the moment (A30, A31). Looks, and changes nothing.

use serde::Serialize;

use crate::adapter::Ghost;
use crate::adapter::schtasks::{Schtasks, query};
use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::model::Manager;
use crate::observe;
use crate::plan::{Plan, Step};
use crate::problem::Problem;
use crate::programs;
use crate::system::{Ask, Seen, System};
use crate::world::{Gateway, World};

/// What is left, beside the services that are installed.
#[derive(Debug, Default)]
pub struct Leftovers {
    /// Gateward's own jobs, and services under earlier names.
    pub jobs: Vec<Ghost>,
    /// Gateward's own files, and what services left that are gone: environment files, wrappers, copies.
    pub files: Vec<String>,
    pub stays: Vec<Stay>,
}

/// Something that is not Gateward's to remove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stay {
    /// A path, or what it is called by.
    pub what: String,
    /// The catalogue's `stays-<why>`.
    pub why: &'static str,
}

/// What OpenClaw was called before (OC 1.3).
const EARLIER: [&str; 3] = ["clawdbot", "moltbot", "moldbot"];

fn is_earlier(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    EARLIER.iter().any(|earlier| name.contains(earlier))
}

/// # Errors
/// `NoHome`.
pub async fn find(world: &World, gateway: &Gateway) -> Result<Leftovers, Problem> {
    let account = Account { world, home: world.around.home()? };
    let mut jobs = observe::ghosts(&*world.system, &*gateway.adapter, &gateway.id).await;
    for job in account.jobs(gateway).await {
        if !jobs.iter().any(|known| known.label == job.label) {
            jobs.push(job);
        }
    }
    Ok(Leftovers { jobs, files: account.files()?, stays: account.stays()? })
}

impl Leftovers {
    /// The steps that remove all of it.
    pub fn plan(&self, gateway: &Gateway) -> Plan {
        let mut steps = gateway.adapter.retire(&self.jobs, &gateway.id);
        let is_named = |path: &String| steps.iter().any(|step| step.target() == Some(path));
        let files: Vec<String> = self.files.iter().filter(|path| !is_named(path)).cloned().collect();
        steps.extend(files.into_iter().map(|path| Step::Remove { path }));
        Plan { steps, on_undo: gateway.adapter.revive(&self.jobs, &gateway.id) }
    }

    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.files.is_empty()
    }
}

struct Account<'a> {
    world: &'a World,
    home: &'a str,
}

impl Account<'_> {
    fn around(&self) -> &Surroundings {
        &self.world.around
    }

    fn system(&self) -> &dyn System {
        &*self.world.system
    }

    fn at_home(&self, parts: &[&str]) -> String {
        layout::join(self.home, parts, self.around().os)
    }

    /// The paths in a folder whose names fit.
    fn named(&self, folder: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
        let names = self.system().names(folder).into_iter().filter(|name| fits(name));
        names.map(|name| layout::join(folder, &[&name], self.around().os)).collect()
    }

    async fn jobs(&self, gateway: &Gateway) -> Vec<Ghost> {
        match gateway.adapter.manager() {
            Manager::Systemd => {
                let is_unit = |name: &str| name.ends_with(".service") || name.ends_with(".timer");
                let fits = |name: &str| is_unit(name) && (name.starts_with("gateward-") || is_earlier(name));
                let paths = self.named(&self.at_home(&[".config/systemd/user"]), fits);
                paths.into_iter().map(|path| job(layout::file_name(&path).to_owned(), path)).collect()
            }
            Manager::Launchd => {
                let fits = |name: &str| {
                    name.ends_with(".plist") && (name.starts_with(layout::OWN_LABELS) || is_earlier(name))
                };
                let paths = self.named(&self.at_home(&["Library/LaunchAgents"]), fits);
                let label = |path: &str| layout::file_name(path).trim_end_matches(".plist").to_owned();
                paths.into_iter().map(|path| job(label(&path), path)).collect()
            }
            Manager::Schtasks => self.tasks().await,
            Manager::Builtin => Vec::new(),
        }
    }

    async fn tasks(&self) -> Vec<Ghost> {
        let Seen::Answered(answer) = self.system().answer(&Ask::Tasks).await.seen else { return Vec::new() };
        let name = |line: &str| Some(query::cells(line).first()?.strip_prefix('\\')?.to_owned());
        let names = answer.stdout.lines().filter_map(name);
        let fits = |name: &String| name.starts_with("Gateward ") || is_earlier(name);
        let mut names: Vec<String> = names.filter(fits).collect();
        names.dedup();
        names.into_iter().map(|label| Ghost { label, file: None, pid: None }).collect()
    }

    fn files(&self) -> Result<Vec<String>, Problem> {
        let around = self.around();
        let journal = layout::join(&layout::own_state_dir(around)?, &["changes"], around.os);
        let mut files = self.below(&layout::own_config_dir(around)?, &journal);
        files.extend(self.below(&layout::own_state_dir(around)?, &journal));
        files.extend(self.login_entries());
        files.extend(
            self.states(|name| name.starts_with(".openclaw"))
                .iter()
                .flat_map(|folder| self.of_services(folder)),
        );
        files.extend(self.copies());
        files.extend(self.stamps());
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// Every file below `folder`, links as they stand; the journal is what brings all of it back.
    fn below(&self, folder: &str, journal: &str) -> Vec<String> {
        let paths = self.named(folder, |_| true);
        let deeper = |path: String| match self.system().entry(&path) {
            Some(entry) if entry.folder && path == journal => Vec::new(),
            Some(entry) if entry.folder && entry.real_path == path => self.below(&path, journal),
            Some(_) | None => vec![path],
        };
        paths.into_iter().flat_map(deeper).collect()
    }

    /// What starts the tray, the watcher or an earlier gateway at login.
    fn login_entries(&self) -> Vec<String> {
        let fits = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.starts_with("gateward") || is_earlier(&name)
        };
        match self.around().os {
            Os::Linux => {
                let config = layout::own_config_dir(self.around()).unwrap_or_default();
                self.named(&layout::join(layout::parent(&config), &["autostart"], Os::Linux), fits)
            }
            Os::MacOs => Vec::new(),
            Os::Windows => {
                let folder = Schtasks::new(self.around()).map(|it| it.startup_folder().to_owned());
                folder.map(|folder| self.named(&folder, fits)).unwrap_or_default()
            }
        }
    }

    fn states(&self, fits: impl Fn(&str) -> bool) -> Vec<String> {
        let paths = self.named(self.home, fits).into_iter();
        paths.filter(|path| self.system().entry(path).is_some_and(|entry| entry.folder)).collect()
    }

    /// What a service keeps in its state folder: never the gateway's own data (OC 1.4).
    fn of_services(&self, state: &str) -> Vec<String> {
        let own = ["gateway.systemd.env", "gateway.cmd", "gateway.cmd.bak", "gateway.vbs"];
        let mut files = self.named(state, |name| own.contains(&name));
        let folder = layout::join(state, &["service-env"], self.around().os);
        let is_wrapper = |name: &str| name.ends_with(".env") || name.ends_with("-env-wrapper.sh");
        files.extend(self.named(&folder, is_wrapper));
        files
    }

    /// Copies of definitions that an installation had replaced.
    fn copies(&self) -> Vec<String> {
        let is_copy = |name: &str| {
            name.ends_with(".bak")
                && (name.starts_with("openclaw-gateway") || name.starts_with("ai.openclaw."))
        };
        let folders = [".config/systemd/user", "Library/LaunchAgents"];
        folders.iter().flat_map(|folder| self.named(&self.at_home(&[folder]), is_copy)).collect()
    }

    /// When systemd ran a timer last: it keeps that beside, and for ever (systemd.timer(5), `Persistent=`).
    fn stamps(&self) -> Vec<String> {
        let is_own = |name: &str| name.starts_with("stamp-gateward-");
        self.named(&self.at_home(&[".local/share/systemd/timers"]), is_own)
    }

    fn stays(&self) -> Result<Vec<Stay>, Problem> {
        let around = self.around();
        let stay = |what: String, why: &'static str| Stay { what, why };
        let mut stays: Vec<Stay> = self
            .states(|name| name.starts_with(".openclaw"))
            .into_iter()
            .map(|path| stay(path, "data"))
            .collect();
        stays.extend(self.states(is_earlier).into_iter().map(|path| stay(path, "earlier-data")));
        stays.extend(self.mentioning().into_iter().map(|path| stay(path, "shell")));
        stays.extend(programs::openclaw(self.system(), around).map(|found| stay(found.entry, "openclaw")));
        stays.push(stay(layout::parent(&around.exe).to_owned(), "programs"));
        stays.push(stay(layout::join(&layout::own_state_dir(around)?, &["changes"], around.os), "journal"));
        Ok(stays)
    }

    /// Start files of shells that name OpenClaw: only their owner knows what else stands there.
    fn mentioning(&self) -> Vec<String> {
        let files =
            [".bashrc", ".bash_profile", ".profile", ".zshrc", ".zprofile", ".config/fish/config.fish"];
        let names = |path: &String| {
            let text = self.system().read(path).ok().flatten().map(|contents| contents.text());
            text.is_some_and(|text| text.to_ascii_lowercase().contains("openclaw") || is_earlier(&text))
        };
        files.iter().map(|file| self.at_home(&[file])).filter(names).collect()
    }
}

fn job(label: String, path: String) -> Ghost {
    Ghost { label, file: Some(path), pid: None }
}
