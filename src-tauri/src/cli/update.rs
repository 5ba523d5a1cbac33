//! `update --check`: whether a newer Gateward was published. Whoever types it has consented to this one question.

use serde_json::json;

use super::invocation::Invocation;
use super::{Exit, Output};
use crate::problem::Problem;
use crate::releases::{self, Release, Source, Standing, own_version};
use crate::settings;
use crate::view::release;

/// # Errors
/// As [`Source::built_in`] and [`releases::ask`]; a dry run keeps nothing.
pub async fn run(at: &Invocation<'_>) -> Result<Output, Problem> {
    let updates = settings::current(&*at.world.system, &at.world.around).updates;
    let source = Source::built_in(&updates)?;
    let known = match at.flags.dry_run {
        true => releases::look(&source, at.world).await?,
        false => releases::ask(&source, at.world).await?,
    };
    Ok(told(known.newer, at))
}

fn told(newer: Option<Release>, at: &Invocation<'_>) -> Output {
    let exit = if newer.is_some() { Exit::Newer } else { Exit::Ok };
    if at.flags.json {
        return Output::json(
            json!({ "ok": true, "version": own_version().to_string(), "newer": newer }),
            exit,
        );
    }
    let file = newer.as_ref().and_then(|release| release.file.clone());
    let file = file.map(|file| at.say("release-file", &[("url", &file.url), ("sha256", &file.sha256)]));
    let standing = newer.map_or(Standing::Newest, Standing::Newer);
    let lines: Vec<String> = std::iter::once(release::standing(&standing, at.words())).chain(file).collect();
    Output { text: lines.join("\n") + "\n", exit, ..Output::default() }
}
