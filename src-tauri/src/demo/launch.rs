use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::{env, io, process};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::error::DemoError;

/// Writes how this process was really started to `path`, at once and readable by its owner only.
///
/// The file is one JSON object: `argv` (texts, the program first), `environment` (name to value), `workingFolder` and
/// `pid`. Bytes that are no UTF-8 become U+FFFD.
pub fn record(path: &Path) -> Result<(), DemoError> {
    write(path).map_err(|cause| DemoError::file("--print-launch", path, cause))
}

fn write(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    writeln!(file, "{:#}", launch()?)?;
    file.persist(path)?;
    Ok(())
}

fn launch() -> io::Result<Value> {
    let argv: Vec<_> = env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let environment: BTreeMap<_, _> = env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .collect();
    Ok(json!({
        "argv": argv,
        "environment": environment,
        "workingFolder": env::current_dir()?.to_string_lossy(),
        "pid": process::id(),
    }))
}
