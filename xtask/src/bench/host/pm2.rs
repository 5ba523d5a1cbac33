//! pm2, from npm.

use crate::npm;
use crate::project::Project;
use std::fs;
use std::path::PathBuf;

/// The version that `cargo xtask bench` compares with.
const PM2: &str = "pm2@7.0.1";

/// Installs pm2 into the target folder, unless it is there, and gives the path of the program.
pub fn prepare(project: &Project) -> Result<PathBuf, String> {
    let folder = project.root.join(&project.target).join("bench").join(PM2);
    let program = folder.join("node_modules/.bin/pm2");
    if !program.exists() {
        println!("npm package to install into {}: {PM2}.", folder.display());
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        npm::run(&npm::installing(&folder, &["--prefix", ".", "--ignore-scripts", PM2]))?;
    }
    Ok(program)
}
