//! The page that the run leaves behind.

use std::fs;
use std::path::Path;

use super::Chapter;

const HEAD: &str = "\
# Interplay with OpenClaw's own command line

The real OpenClaw and `gateward` on one machine: what one did, the other has to see. `cargo xtask interplay` wrote this page; it
installs two releases of OpenClaw and a Node.js from npm, boots a whole systemd in namespaces of its own (OpenClaw's `install` asks the
system's manager too), without network but a loopback, and tries every command crosswise. It is no part of `cargo xtask test`: the
packages are 2 GB, and OpenClaw needs half a minute for each of its commands. On a busy machine its own `start` and `restart` may call it
a failure that the gateway was not ready within their 45 s; what came of it is the next row.

*Complains of it*: what `openclaw doctor` says with Gateward's unit that it does not say with its own, but for the memory that it
measures and recommends in any case. *Reads back*: every word of
`ExecStart=` and every variable that OpenClaw wrote is in `gateward status --json`, with its value unless that is a secret.
";

/// # Errors
/// When the page cannot be written.
pub fn write(path: &Path, chapters: &[Chapter]) -> Result<(), String> {
    let text: String = [HEAD.to_owned()].into_iter().chain(chapters.iter().map(chapter)).collect();
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn chapter(it: &Chapter) -> String {
    let good = it.rows.iter().filter(|row| row.fits).count();
    let mut text = format!(
        "\n## OpenClaw {}\n\nNode {}, {}. {good} of {} steps as they should be.\n\n\
         | Installed by | Step | Seen | | Took |\n|---|---|---|---|---|\n",
        it.release.version,
        it.node,
        it.systemd,
        it.rows.len()
    );
    for row in &it.rows {
        let mark = if row.fits { "✓" } else { "**✗**" };
        let took =
            if row.took.is_zero() { String::new() } else { format!("{:.1} s", row.took.as_secs_f64()) };
        text += &format!("| {} | {} | {} | {mark} | {took} |\n", row.installed_by, row.step, row.seen);
    }
    text
}
