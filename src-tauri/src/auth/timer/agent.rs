//! The LaunchAgent (launchd.plist(5)).

use plist::{Dictionary, Value};

use super::Pace;
use crate::problem::{Code, Problem};

/// `StartInterval` misses the runs during sleep; the calendar interval is made up for on waking.
///
/// # Errors
/// `Internal` when the list cannot be written.
pub fn render<'a>(
    label: &str,
    command: &[String],
    variables: impl Iterator<Item = (&'static str, &'a str)>,
    pace: Pace,
) -> Result<String, Problem> {
    let mut hourly = Dictionary::new();
    hourly.insert("Minute".to_owned(), Value::Integer(0.into()));
    let mut agent = Dictionary::new();
    agent.insert("Label".to_owned(), label.into());
    let command = command.iter().map(|word| Value::from(word.as_str())).collect();
    agent.insert("ProgramArguments".to_owned(), Value::Array(command));
    let variables: Dictionary = variables.map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    if !variables.is_empty() {
        agent.insert("EnvironmentVariables".to_owned(), Value::Dictionary(variables));
    }
    agent.insert("RunAtLoad".to_owned(), true.into());
    agent.insert("StartInterval".to_owned(), Value::Integer(pace.every.as_secs().into()));
    agent.insert("StartCalendarInterval".to_owned(), Value::Dictionary(hourly));
    agent.insert("ProcessType".to_owned(), "Background".into());
    let mut text = Vec::new();
    let written = Value::Dictionary(agent).to_writer_xml(&mut text);
    written.map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
    Ok(String::from_utf8_lossy(&text).into_owned() + "\n")
}
