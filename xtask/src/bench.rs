//! `cargo xtask bench`: measures the release programs against references in the same run, so that the machine's speed and
//! load cancel out. What the lines mean is written in docs/performance.md.

mod crash;
mod host;
mod logs;
mod monitor;
mod process;
mod rest;
mod scene;
mod size;
mod start;
mod status;
mod stream;
mod watch;
mod window;

use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use crate::statistics::{Line, table};
use scene::Scene;
use std::path::{Path, PathBuf};

/// The measured programs.
struct Programs {
    gateward: PathBuf,
    tray: PathBuf,
    bare: PathBuf,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    Everything,
    /// The programs in a scene with a user manager and a desktop.
    Scene,
    /// `gateward run` beside other supervisors: that of this path, else a release build.
    Host(Option<PathBuf>),
    /// The reading of a long log: by that program, else a release build.
    Logs(Option<PathBuf>),
    /// One line of the scene: by the programs in that folder, else by a release build.
    Part(Part, Option<PathBuf>),
}

/// What can be measured by itself in the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Size,
    Status,
    Start,
    Rest,
    Window,
    /// One gateway and many, watched.
    Watch,
    /// A log that grows while its page is open.
    Stream,
}

impl Part {
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "size" => Some(Self::Size),
            "status" => Some(Self::Status),
            "start" => Some(Self::Start),
            "rest" => Some(Self::Rest),
            "window" => Some(Self::Window),
            "watch" => Some(Self::Watch),
            "stream" => Some(Self::Stream),
            _ => None,
        }
    }
}

pub fn bench(project: &Project, extent: &Extent) -> Result<(), String> {
    setup::prepare(project, Purpose::Bench)?;
    let pm2 = || host::pm2::prepare(project);
    let given = |program: &Option<PathBuf>| program.clone().map_or_else(|| release(project), Ok);
    let lines = match extent {
        Extent::Everything => {
            let (pm2, programs) = (pm2()?, build(project)?);
            let host = host::compare(&programs.gateward, &pm2)?;
            [host, measure(&programs)?, logs::compare(&programs.gateward)?].concat()
        }
        Extent::Scene => measure(&build(project)?)?,
        Extent::Host(program) => host::compare(&given(program)?, &pm2()?)?,
        Extent::Logs(program) => logs::compare(&given(program)?)?,
        Extent::Part(part, folder) => alone(project, *part, folder.as_deref())?,
    };
    told(&lines)
}

fn alone(project: &Project, part: Part, folder: Option<&Path>) -> Result<Vec<Line>, String> {
    let programs = folder.map_or_else(|| build(project), within)?;
    match part {
        Part::Size => size::compare(&programs),
        Part::Status => status::compare(&Scene::set(&programs.gateward)?, &programs.gateward),
        Part::Start => start::compare(&Scene::set(&programs.gateward)?, &programs),
        Part::Rest => rest::compare(&Scene::set(&programs.gateward)?, &programs),
        Part::Window => window::compare(&Scene::set(&programs.gateward)?, &programs),
        Part::Watch => watch::compare(&Scene::set(&programs.gateward)?, &programs.gateward),
        Part::Stream => stream::compare(&mut Scene::set(&programs.gateward)?, &programs.tray),
    }
}

fn within(folder: &Path) -> Result<Programs, String> {
    let folder = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
    let [gateward, tray, bare] = NAMES.map(|name| folder.join(name));
    Ok(Programs { gateward, tray, bare })
}

fn told(lines: &[Line]) -> Result<(), String> {
    println!("\n{}", table(lines));
    match lines.iter().all(Line::is_met) {
        true => Ok(()),
        false => Err("A goal was missed.".into()),
    }
}

fn release(project: &Project) -> Result<PathBuf, String> {
    project.cargo(&["build", "--release", "--bin", "gateward"]).run()?;
    Ok(built(project, "gateward"))
}

fn build(project: &Project) -> Result<Programs, String> {
    project.cargo(&["build", "--release", "--features", "gui", "--bins"]).run()?;
    project.cargo(&["build", "--release", "--features", "bare-tray", "--bin", "bare-tray"]).run()?;
    let [gateward, tray, bare] = NAMES.map(|name| built(project, name));
    Ok(Programs { gateward, tray, bare })
}

const NAMES: [&str; 3] = ["gateward", "gateward-tray", "bare-tray"];

fn built(project: &Project, name: &str) -> PathBuf {
    project.root.join(project.built(name, true))
}

fn measure(programs: &Programs) -> Result<Vec<Line>, String> {
    let mut scene = Scene::set(&programs.gateward)?;
    let mut lines = size::compare(programs)?;
    lines.extend(status::compare(&scene, &programs.gateward)?);
    lines.extend(start::compare(&scene, programs)?);
    lines.extend(rest::compare(&scene, programs)?);
    lines.extend(window::compare(&scene, programs)?);
    lines.extend(crash::compare(&scene, programs)?);
    lines.extend(watch::compare(&scene, &programs.gateward)?);
    lines.extend(stream::compare(&mut scene, &programs.tray)?);
    Ok(lines)
}

/// One line per measurement while it runs, with what the table leaves out.
fn tell(name: &str, details: &str) {
    println!("{name}: {details}");
}
