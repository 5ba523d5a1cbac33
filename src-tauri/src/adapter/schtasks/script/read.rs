//! Reads a script as it was meant, whoever wrote it (OC 6.3, 7.4).

use super::{FIRST, Script};
use crate::system::code_page::{decode, utf16};

/// Who wrote a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    Gateward,
    /// OpenClaw of 2026.2: `set NAME=value` without quotes or escapes.
    F,
    /// OpenClaw of 2026.4: quoted, with carets before `^`, `!` and `"`.
    A,
    /// OpenClaw of 2026.9: as before, with the code page at its top, or a supervised command.
    N,
}

/// Reads a script's bytes; `None` when it runs nothing.
///
/// UTF-16LE with its mark, else the encoding that the script names itself, else UTF-8. OpenClaw's carets are taken out again: they
/// reach the process (upstream's own fault), but the value that was meant is the one without.
pub fn parse(bytes: &[u8]) -> Option<(Script, Generation)> {
    let text = text_of(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let generation = generation(&lines);
    let mut script = Script::default();
    for line in lines {
        match meaning(line) {
            Line::Nothing => {}
            Line::Description(text) => script.description = text.replace("%%", "%"),
            Line::Folder(path) => script.working_dir = Some(path.replace("%%", "%")),
            Line::Variable(text) => script.environment.extend(assignment(text, generation)),
            Line::Command => {
                script.command = words(line, generation);
                return (!script.command.is_empty()).then_some((script, generation));
            }
        }
    }
    None
}

/// UTF-16LE by its mark, else as the script's own `openclaw-launcher-encoding=` says, else UTF-8 with damage shown.
fn text_of(bytes: &[u8]) -> String {
    if let Some(text) = utf16(bytes) {
        return text;
    }
    // The mark itself is ASCII in every code page.
    let lossy = String::from_utf8_lossy(bytes);
    let named = lossy.split(ENCODING).nth(1).and_then(|rest| rest.split_whitespace().next());
    let page = named.and_then(page);
    page.and_then(|page| decode(bytes, page)).unwrap_or_else(|| lossy.into_owned())
}

/// `cp936`, `936`, `windows-936`, or a name such as `gbk`.
fn page(name: &str) -> Option<u16> {
    let name = name.trim().to_ascii_lowercase();
    let digits = name.trim_start_matches("windows-").trim_start_matches("cp").trim_start_matches("ibm");
    let named = || match name.as_str() {
        "utf-8" | "utf8" => Some(65001),
        "gbk" | "gb2312" => Some(936),
        "shift_jis" | "shift-jis" | "sjis" => Some(932),
        "euc-kr" => Some(949),
        "big5" => Some(950),
        _ => None,
    };
    digits.parse().ok().or_else(named)
}

enum Line<'a> {
    Nothing,
    Description(&'a str),
    Folder(&'a str),
    Variable(&'a str),
    Command,
}

fn meaning(line: &str) -> Line<'_> {
    let bare = line.trim_start().trim_start_matches('@');
    let (word, rest) = bare.split_once(' ').unwrap_or((bare, ""));
    match word.to_ascii_lowercase().as_str() {
        "echo" | "chcp" | "setlocal" => Line::Nothing,
        "rem" if rest.starts_with(ENCODING) => Line::Nothing,
        "rem" => Line::Description(rest),
        "set" => Line::Variable(rest),
        "cd" => {
            let path = rest.trim_start_matches("/d ").trim_start_matches("/D ");
            Line::Folder(path.strip_prefix('"').and_then(|path| path.strip_suffix('"')).unwrap_or(path))
        }
        _ => Line::Command,
    }
}

/// What a script of 2026.9 calls its own encoding.
const ENCODING: &str = "openclaw-launcher-encoding=";

fn generation(lines: &[&str]) -> Generation {
    let any = |is: &dyn Fn(&str) -> bool| lines.iter().any(|line| is(line));
    let is_unquoted = |line: &str| matches!(meaning(line), Line::Variable(text) if !text.starts_with('"'));
    let of_n = ["--task-supervisor", ENCODING, "OPENCLAW_WINDOWS_TASK_HIDDEN_LAUNCHER"];
    if lines.first() == Some(&FIRST) {
        Generation::Gateward
    } else if any(&|line| of_n.iter().any(|mark| line.contains(mark))) {
        Generation::N
    } else if any(&is_unquoted) {
        Generation::F
    } else {
        Generation::A
    }
}

/// `"NAME=value"`, or `NAME=value` as it stands.
fn assignment(text: &str, generation: Generation) -> Option<(String, String)> {
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let (name, value) = quoted.unwrap_or(text).split_once('=').filter(|(name, _)| !name.is_empty())?;
    let meant = |text: &str| match (quoted, generation) {
        (None, _) => text.to_owned(),
        (Some(_), Generation::Gateward) => text.replace("%%", "%"),
        (Some(_), Generation::F | Generation::A | Generation::N) => unescaped(text, &['^', '!', '"']),
    };
    Some((meant(name), meant(value)))
}

/// Takes out the caret before one of `marks`, and one of two percent signs.
fn unescaped(text: &str, marks: &[char]) -> String {
    let mut meant = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let escapes = match c {
            '^' => next.is_some_and(|next| marks.contains(&next)),
            '%' => next == Some('%'),
            _ => false,
        };
        meant.push(if escapes { chars.next().unwrap_or(c) } else { c });
    }
    meant
}

fn words(line: &str, generation: Generation) -> Vec<String> {
    match generation {
        Generation::Gateward => split(&from_cmd(line)),
        Generation::F | Generation::A | Generation::N => {
            let bare = line.trim_end().trim_end_matches("< NUL").trim_end_matches("<NUL");
            openclaws_words(&unescaped(bare, &['!']))
        }
    }
}

/// What cmd.exe hands on of a line: one percent sign for two, and outside its quotes no caret.
fn from_cmd(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        quoted ^= c == '"';
        let pair = c == '%' && chars.peek() == Some(&'%');
        match c {
            '^' if !quoted => text.extend(chars.next()),
            _ if pair => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    text
}

/// Takes a command line apart by the rules of Microsoft's C runtime; [`super::argument`] is its inverse.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut backslashes = 0;
    for c in line.chars() {
        if c == '\\' {
            backslashes += 1;
            word.get_or_insert_default();
            continue;
        }
        let kept = if c == '"' { backslashes / 2 } else { backslashes };
        let escaped = c == '"' && backslashes % 2 == 1;
        backslashes = 0;
        if kept > 0 {
            word.get_or_insert_default().push_str(&"\\".repeat(kept));
        }
        match c {
            '"' if !escaped => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    if backslashes > 0 {
        word.get_or_insert_default().push_str(&"\\".repeat(backslashes));
    }
    words.extend(word);
    words
}

/// OpenClaw escapes a quote by a backslash and leaves all other backslashes as they are (upstream #15642).
fn openclaws_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'"') => word.get_or_insert_default().extend(chars.next()),
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
