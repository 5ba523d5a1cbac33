//! Other managers and apps that run a gateway, or may (A29, A43).

use crate::layout::{self, Os};
use crate::model::{Belongs, Observation, PortUse};
use crate::system::{Ask, ProcessSeen, Seen, System};

/// Something else that has a hand in gateways here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rival {
    /// As it calls itself, or the unit or container that the system names.
    pub name: String,
    pub pid: Option<u32>,
    /// Whether a gateway is its own at this moment.
    pub runs_gateway: bool,
}

/// A program that is known to start gateways: its name, what its command line holds, and where it is installed.
struct App {
    name: &'static str,
    words: &'static [&'static str],
    paths: &'static [&'static str],
}

const APPS: &[App] = &[
    App {
        name: "OpenClaw.app",
        words: &["OpenClaw.app/Contents/MacOS"],
        paths: &["/Applications/OpenClaw.app"],
    },
    App { name: "ClawX", words: &["ClawX.app/", "ClawX.exe", "/clawx"], paths: &["/Applications/ClawX.app"] },
    App {
        name: "ClawPanel",
        words: &["clawpanel", "ClawPanel.app/"],
        paths: &["/Applications/ClawPanel.app"],
    },
];

/// PM2's own process names itself so.
const PM2: &str = "God Daemon";

pub async fn rivals(system: &dyn System, home: &str, os: Os, seen: &Observation) -> Vec<Rival> {
    let naming = APPS.iter().flat_map(|app| app.words).chain([&PM2]).map(|word| (*word).to_owned()).collect();
    let running = match system.answer(&Ask::Commands { naming }).await.seen {
        Seen::Processes(found) => found,
        _ => Vec::new(),
    };
    let apps = APPS.iter().filter_map(|app| app_here(app, &running, system));
    let pm2 = keeps_gateway(system, home, os).then(|| Rival {
        name: "PM2".to_owned(),
        pid: running.iter().find(|it| names(it, PM2)).map(|it| it.pid),
        runs_gateway: running.iter().any(|it| names(it, PM2)),
    });
    owner(seen).into_iter().chain(second(seen)).chain(apps).chain(pm2).collect()
}

fn app_here(app: &App, running: &[ProcessSeen], system: &dyn System) -> Option<Rival> {
    let process = running.iter().find(|it| app.words.iter().any(|word| names(it, word)));
    let installed = app.paths.iter().any(|path| system.entry(path).is_some());
    let here = process.is_some() || installed;
    here.then(|| Rival { name: app.name.to_owned(), pid: process.map(|it| it.pid), runs_gateway: false })
}

fn names(process: &ProcessSeen, word: &str) -> bool {
    process.command.iter().any(|part| part.contains(word))
}

/// Of the processes that PM2 starts at boot, one is a gateway.
fn keeps_gateway(system: &dyn System, home: &str, os: Os) -> bool {
    let dump = layout::join(home, &[".pm2", "dump.pm2"], os);
    system.read(&dump).ok().flatten().is_some_and(|contents| contents.text().contains("openclaw"))
}

/// Who has started the gateway that holds the port, and is not this service.
fn owner(seen: &Observation) -> Option<Rival> {
    match &seen.port.value {
        PortUse::Owned { owner, .. } if owner.belongs == Belongs::Gateway => Some(Rival {
            name: owner.started_by.clone().unwrap_or_else(|| owner.program.clone()),
            pid: Some(owner.pid),
            runs_gateway: true,
        }),
        PortUse::Owned { .. } | PortUse::Free { .. } | PortUse::Hidden { .. } | PortUse::Unknown { .. } => {
            None
        }
    }
}

/// A second definition that starts a gateway of the same profile.
fn second(seen: &Observation) -> Option<Rival> {
    let path = seen.registration()?.rival()?;
    Some(Rival { name: path.to_owned(), pid: None, runs_gateway: false })
}
