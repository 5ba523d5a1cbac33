//! `gateway.cmd` (OC 6.3): what cmd.exe reads. Rendered for the real cmd.exe; read as all three OpenClaw generations wrote it.
//!
//! A script is ASCII only: cmd.exe reads it in whatever code page the session happens to have (upstream #107416, #108774). Delayed
//! expansion is switched off, so `!` is a letter; inside quotes `^` is one too. `%` is doubled everywhere.

use std::collections::BTreeMap;

use crate::problem::{Code, Problem};

mod read;

pub use read::{Generation, parse, split};

/// What a script runs, and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    pub description: String,
    /// Program first.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    pub environment: BTreeMap<String, String>,
}

/// The first line. `setlocal` stands on it, because OpenClaw takes the first line that it does not know for the command.
const FIRST: &str = "@echo off & setlocal EnableExtensions DisableDelayedExpansion";

/// cmd.exe's limit for one line.
const LONGEST_LINE: usize = 8191;

/// Renders a script with CRLF line ends. [`parse`] returns exactly `script`.
///
/// # Errors
/// `BadValue`, naming the place and the reason: `newline` (a control character), `ascii`, `quote` (a `"` in a variable or folder,
/// which cmd.exe has no way to write), `empty`, `length`.
pub fn render(script: &Script) -> Result<String, Problem> {
    let mut lines = vec![FIRST.to_owned()];
    if !script.description.is_empty() {
        check("description", &script.description)?;
        lines.push(format!("rem {}", percents_doubled(&script.description)));
    }
    if let Some(folder) = &script.working_dir {
        lines.push(format!(r#"cd /d "{}""#, quotable("working folder", folder)?));
    }
    for (name, value) in script.environment.iter().filter(|(_, value)| !value.is_empty()) {
        lines.push(format!(r#"set "{}={}""#, quotable(name, name)?, quotable(name, value)?));
    }
    lines.push(command_line(&script.command)?);
    match lines.iter().find(|line| line.len() > LONGEST_LINE) {
        Some(line) => Err(refused(line.split('=').next().unwrap_or_default(), "length")),
        None => Ok(lines.iter().map(|line| format!("{line}\r\n")).collect()),
    }
}

/// One command line that cmd.exe takes apart into exactly `command`.
///
/// # Errors
/// As [`render`].
pub fn command_line(command: &[String]) -> Result<String, Problem> {
    if command.first().is_none_or(String::is_empty) {
        return Err(refused("command", "empty"));
    }
    command.iter().try_for_each(|word| check("command", word))?;
    let words: Vec<String> = command.iter().map(|word| argument(word)).collect();
    Ok(for_cmd(&words.join(" ")))
}

/// One argument by the rules of Microsoft's C runtime, which every program on Windows takes its arguments apart with: quotes are
/// escaped by a backslash, and backslashes only before quotes.
pub fn argument(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || r"_-./\:+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let mut text = String::from('"');
    let mut backslashes = 0;
    for c in word.chars() {
        if c == '"' {
            text.push_str(&"\\".repeat(backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        text.push(c);
    }
    text + &"\\".repeat(backslashes) + "\""
}

/// cmd.exe knows nothing of escaped quotes: each one turns its own idea of being inside quotes over, and outside of them its
/// operators must be escaped.
fn for_cmd(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut quoted = false;
    for c in line.chars() {
        quoted ^= c == '"';
        match c {
            '%' => text.push('%'),
            '&' | '|' | '<' | '>' | '^' | '(' | ')' if !quoted => text.push('^'),
            _ => {}
        }
        text.push(c);
    }
    text
}

fn quotable(place: &str, text: &str) -> Result<String, Problem> {
    check(place, text)?;
    match text.contains('"') {
        true => Err(refused(place, "quote")),
        false => Ok(percents_doubled(text)),
    }
}

fn percents_doubled(text: &str) -> String {
    text.replace('%', "%%")
}

fn check(place: &str, text: &str) -> Result<(), Problem> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err(refused(place, "newline"));
    }
    if text.is_ascii() { Ok(()) } else { Err(refused(place, "ascii")) }
}

/// The value itself may be a secret and is not repeated.
fn refused(place: &str, reason: &str) -> Problem {
    Problem::new(Code::BadValue).with("variable", place).with("value", "").with("reason", reason)
}

#[cfg(test)]
mod tests;
