//! `diagnostics`: what whoever helps needs to know, looked at before it is saved.

use serde_json::json;

use super::args::Diagnostics;
use super::invocation::Invocation;
use super::report::{Done, Report};
use super::{Exit, Output};
use crate::diagnostics::{Archive, Subject, collect};
use crate::layout;
use crate::plan::shell_quoted;
use crate::problem::{Code, Hint, Problem, clean};
use crate::view::diagnostics::size;
use crate::world::Gateway;

const VERB: &str = "diagnostics";

/// # Errors
/// As [`Invocation::gateway`]; `NoSuchEntry`, `WriteFailed`, `Cancelled`.
pub async fn run(wanted: &Diagnostics, at: &Invocation<'_>) -> Result<Output, Problem> {
    let archive = collect(at.world, &subjects(at).await?, at.words()).await?;
    match (&wanted.show, &wanted.output) {
        (Some(name), _) => shown(name, &archive, at),
        (None, Some(path)) if !at.flags.dry_run => {
            let outcome = saved(path, &archive, at);
            Ok(Report { action: VERB, outcome, seen: None }.output(at))
        }
        (None, _) => listed(&archive, at),
    }
}

/// Every gateway that is installed, or the one that was named.
async fn subjects(at: &Invocation<'_>) -> Result<Vec<Subject>, Problem> {
    let own = at.gateway()?;
    let mut gateways: Vec<Gateway> = match at.flags.profile {
        Some(_) => Vec::new(),
        None => at.world.installed().unwrap_or_default(),
    };
    if !gateways.iter().any(|gateway| gateway.id.profile == own.id.profile) {
        gateways.insert(0, own);
    }
    let mut subjects = Vec::new();
    for gateway in gateways {
        let state = at.state(&gateway).await;
        subjects.push(Subject { gateway, state });
    }
    Ok(subjects)
}

fn shown(name: &str, archive: &Archive, at: &Invocation<'_>) -> Result<Output, Problem> {
    let missing = || {
        Problem::new(Code::NoSuchEntry)
            .with("name", clean(name))
            .hint_command("see-entries", "gateward diagnostics")
    };
    let text = archive.text(name).ok_or_else(missing)?.to_owned();
    match at.flags.json {
        true => Ok(Output::json(json!({ "schema": 1, "name": name, "text": text }), Exit::Ok)),
        false => Ok(Output { text, ..Output::default() }),
    }
}

fn listed(archive: &Archive, at: &Invocation<'_>) -> Result<Output, Problem> {
    let around = &at.world.around;
    let preview = archive.preview(archive.place(&*at.world.system, around.home()?, around.os), at.words());
    if at.flags.json {
        let value =
            json!({ "schema": 1, "at": archive.at, "entries": preview.entries, "total": preview.total });
        return Ok(Output::json(value, Exit::Ok));
    }
    let page = at.page();
    let hints = [("show-entry", "--show NAME"), ("save-entries", "--output FILE")].map(|(code, option)| {
        let command = Some(format!("gateward diagnostics {option}"));
        page.hint(&Hint { code: code.to_owned(), command }) + "\n"
    });
    Ok(Output { text: page.diagnostics(&preview) + &hints.concat(), ..Output::default() })
}

/// Without a terminal nobody can look: whoever has named the file gets it.
fn saved(wanted: &str, archive: &Archive, at: &Invocation<'_>) -> Result<Done, Problem> {
    let path = place(wanted, archive, at)?;
    if !at.flags.yes && !at.flags.json {
        at.console.warn(at.page().diagnostics(&archive.preview(path.clone(), at.words())).trim_end());
        if at.console.confirm(&at.say("ask-save-diagnostics", &[("path", &path)])) == Some(false) {
            return Err(Problem::new(Code::Cancelled));
        }
    }
    let bytes = archive.save(&*at.world.system, &path)?;
    Ok(Done::worded("saved", "diagnostics-saved").with("path", path).with("size", size(bytes)))
}

/// # Errors
/// `WriteFailed` for a file that is there already.
fn place(wanted: &str, archive: &Archive, at: &Invocation<'_>) -> Result<String, Problem> {
    let around = &at.world.around;
    let path = layout::absolute(wanted, around.home()?, &around.cwd, around.os);
    match at.world.system.entry(&path) {
        Some(entry) if entry.folder => Ok(layout::join(&path, &[&archive.file_name()], around.os)),
        Some(_) if !at.flags.yes => Err(Problem::new(Code::WriteFailed)
            .with("path", &path)
            .because(at.say("cause-already-there", &[]))
            .hint_command(
                "replace-with-yes",
                format!("gateward diagnostics --output {} --yes", shell_quoted(wanted)),
            )),
        Some(_) | None => Ok(path),
    }
}
