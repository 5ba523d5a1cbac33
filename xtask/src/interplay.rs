//! The real OpenClaw and Gateward on one machine: what one did, the other has to see, and neither may harm the other's work.

use std::fs;

use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use lab::Lab;
use releases::{RELEASES, Release};
use story::Story;

mod lab;
mod releases;
mod story;
mod table;

/// # Errors
/// When something could not be installed or started, or when a step did not come out as it should; the page is written all the same.
pub fn interplay(project: &Project, keeps: bool) -> Result<(), String> {
    if !project.is_root {
        return Err("`interplay` boots a systemd of its own, which needs root.".into());
    }
    setup::prepare(project, Purpose::Interplay)?;
    project.cargo(&["build", "--bin", "gateward"]).run()?;
    let store = project.root.join(&project.target).join("interplay");
    let node = releases::node(&store)?;
    let mut chapters = Vec::new();
    for release in RELEASES {
        let openclaw = releases::openclaw(&store, release, &node)?;
        let lab = Lab::boot(&node, &openclaw, &project.root.join(project.built("gateward", false)))?;
        chapters.push(told(release, &lab));
    }
    table::write(&project.root.join("docs/interplay.md"), &chapters)?;
    if !keeps {
        fs::remove_dir_all(&store).map_err(|error| format!("{}: {error}", store.display()))?;
    }
    match chapters.iter().flat_map(|chapter| &chapter.rows).filter(|row| !row.fits).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} steps did not come out as they should: docs/interplay.md")),
    }
}

/// What happened with one release.
pub struct Chapter {
    pub release: &'static Release,
    pub node: String,
    pub systemd: String,
    pub rows: Vec<story::Row>,
}

fn told(release: &'static Release, lab: &Lab) -> Chapter {
    let first_line = |words: &[&str]| {
        let said = lab.run(words).stdout;
        said.lines().next().unwrap_or_default().to_owned()
    };
    let (node, systemd) = (first_line(&["node", "--version"]), first_line(&["systemctl", "--version"]));
    let mut story = Story::new(lab, release);
    story.installed_by_openclaw();
    story.installed_by_gateward();
    Chapter { release, node, systemd, rows: story.rows }
}
