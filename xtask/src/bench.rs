//! `cargo xtask bench`: measures the release programs against references in the same run, so that the machine's speed and
//! load cancel out. What the lines mean is written in docs/performance.md.

mod crash;
mod host;
mod logs;
mod monitor;
mod process;
mod rest;
mod scene;
mod start;
mod status;
mod stream;
mod watch;

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
    /// `gateward status`: of that program, else of a release build.
    Status(Option<PathBuf>),
    /// What it costs to watch one gateway and many: that program, else a release build.
    Watch(Option<PathBuf>),
    /// A log that grows while its page is open: in the window of that `gateward-tray`, else of a release build.
    Stream(Option<PathBuf>),
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
        Extent::Status(program) => in_scene(&given(program)?, status::compare)?,
        Extent::Watch(program) => in_scene(&given(program)?, watch::compare)?,
        Extent::Logs(program) => logs::compare(&given(program)?)?,
        Extent::Stream(tray) => streamed(project, tray.as_deref())?,
    };
    told(&lines)
}

/// One measurement of the command line alone.
fn in_scene(
    gateward: &Path,
    compare: fn(&Scene, &Path) -> Result<Vec<Line>, String>,
) -> Result<Vec<Line>, String> {
    let gateward = gateward.canonicalize().map_err(|error| format!("{}: {error}", gateward.display()))?;
    compare(&Scene::set(&gateward)?, &gateward)
}

/// The command line is the one beside the tray program.
fn streamed(project: &Project, tray: Option<&Path>) -> Result<Vec<Line>, String> {
    let tray = match tray {
        Some(tray) => tray.canonicalize().map_err(|error| format!("{}: {error}", tray.display()))?,
        None => build(project)?.tray,
    };
    stream::compare(&mut Scene::set(&tray.with_file_name("gateward"))?, &tray)
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
    let [gateward, tray, bare] = ["gateward", "gateward-tray", "bare-tray"].map(|name| built(project, name));
    Ok(Programs { gateward, tray, bare })
}

fn built(project: &Project, name: &str) -> PathBuf {
    project.root.join(project.built(name, true))
}

fn measure(programs: &Programs) -> Result<Vec<Line>, String> {
    let mut scene = Scene::set(&programs.gateward)?;
    let mut lines = status::compare(&scene, &programs.gateward)?;
    lines.extend(start::compare(&scene, programs)?);
    lines.extend(rest::compare(&scene, programs)?);
    lines.extend(crash::compare(&scene, programs)?);
    lines.extend(watch::compare(&scene, &programs.gateward)?);
    lines.extend(stream::compare(&mut scene, &programs.tray)?);
    Ok(lines)
}

/// One line per measurement while it runs, with what the table leaves out.
fn tell(name: &str, details: &str) {
    println!("{name}: {details}");
}
