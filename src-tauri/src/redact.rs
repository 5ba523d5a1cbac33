//! Masks secrets in text that other programs wrote, before it is kept or shown. Errs on the side of masking too much.

use std::ops::Range;

use crate::environment::{is_secret, mask_command};
use crate::model::DOTS;
use crate::problem::clean;

/// Lines kept of what a process wrote last, and characters of each.
pub const LINES: usize = 20;
pub const WIDTH: usize = 500;

/// The last lines of a process, fit to keep: redacted, without control characters and blank lines, the newest [`LINES`], each at
/// most [`WIDTH`] characters.
pub fn last_words(lines: &[String]) -> Vec<String> {
    let fit = |line: &String| redact(&clean(line)).chars().take(WIDTH).collect::<String>();
    let mut kept: Vec<String> =
        lines.iter().rev().map(fit).filter(|line| !line.is_empty()).take(LINES).collect();
    kept.reverse();
    kept
}

/// `line` with its secrets replaced by dots: known token forms, `Bearer …`, passwords in URLs, values of secret names
/// (`token=…`, `"apiKey": "…"`, `--password …`), and long random words.
pub fn redact(line: &str) -> String {
    let mut text = masked(line);
    // Dots in the place of a value may let what stands behind them look like one, and what was masked is often masked again.
    for _ in 0..MOST_PASSES {
        let again = masked(&text);
        if again == text {
            break;
        }
        text = again;
    }
    text
}

/// More than any text was seen to take.
const MOST_PASSES: usize = 16;

fn masked(line: &str) -> String {
    let spans = spans(line);
    let mut out = String::with_capacity(line.len());
    let mut done = 0;
    for span in spans {
        if span.start >= done {
            out.push_str(&line[done..span.start]);
            out.push_str(DOTS);
        }
        done = done.max(span.end);
    }
    out.push_str(&line[done..]);
    out
}

/// What [`redact`] replaces.
pub fn secrets_in(line: &str) -> impl Iterator<Item = &str> {
    spans(line).into_iter().map(|span| &line[span])
}

/// `line` of a definition as it is shown: from the first secret on nothing of it, since a quoted value may hold blanks.
pub fn redact_definition(line: &str) -> String {
    let bare = line.trim_end_matches(['\r', '\n']);
    let words: Vec<String> = bare.split(' ').map(str::to_owned).collect();
    let unquoted: Vec<String> = words.iter().map(|word| unquoted(word)).collect();
    let masked = mask_command(&unquoted);
    let Some(at) = (0..words.len()).find(|at| masked[*at] != unquoted[*at]) else { return line.to_owned() };
    let shown: Vec<&str> = words[..at].iter().map(String::as_str).chain([masked[at].as_str()]).collect();
    shown.join(" ") + &line[bare.len()..]
}

/// `NAME=value` of `Environment=NAME=value` and `"NAME=value"`.
fn unquoted(word: &str) -> String {
    let assignment = word.strip_prefix("Environment=").unwrap_or(word);
    assignment.trim_matches('"').to_owned()
}

fn spans(line: &str) -> Vec<Range<usize>> {
    let mut spans = [words(line), named(line), announced(line), authorities(line)].concat();
    spans.retain(|span| !span.is_empty());
    spans.sort_by_key(|span| span.start);
    spans
}

/// Words that are secrets by their looks.
fn words(line: &str) -> Vec<Range<usize>> {
    runs(line, in_word)
        .filter(|span| has_known_form(&line[span.clone()]) || is_random(&line[span.clone()]))
        .collect()
}

/// Maximal runs of characters that `fit`.
fn runs(line: &str, fit: fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line[at..].find(fit)?;
        at = line[start..].find(|c| !fit(c)).map_or(line.len(), |length| start + length);
        Some(start..at)
    })
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '~')
}

/// What issuers put in front of their tokens.
const FORMS: &[&str] = &[
    "sk-",
    "sk_",
    "pk_",
    "rk_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxa-",
    "xoxb-",
    "xoxe-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "xapp-",
    "npm_",
    "hf_",
    "gsk_",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "eyJ",
    "SG.",
];

fn has_known_form(word: &str) -> bool {
    let follows = |at: usize, form: &str| {
        // `risk-free` and `task-list` are words.
        let begins = !word[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        begins && word.len() - at - form.len() >= 8
    };
    FORMS.iter().any(|form| word.match_indices(form).any(|(at, _)| follows(at, form)))
}

/// A long word of lower and upper case letters and digits: base64 and the like. Hexadecimal alone is no secret: commits and
/// invocations have it too.
fn is_random(word: &str) -> bool {
    let has = |kind: fn(&char) -> bool| word.chars().any(|c| kind(&c));
    word.len() >= 40
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_digit)
}

/// Values after `name=` and `name:`, in the spellings of shells, JSON and HTTP headers.
fn named(line: &str) -> Vec<Range<usize>> {
    line.match_indices(['=', ':'])
        .filter(|(at, _)| is_secret_name(name_before(&line[..*at])))
        .map(|(at, _)| value(line, at + 1, name_before(&line[..at])))
        .collect()
}

fn name_before(text: &str) -> &str {
    let text = text.trim_end_matches([' ', '"', '\'', '\\', '`']);
    let start = text
        .rfind(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

/// Whether a value of this name is secret: `apiKey`, `api-key`, `API_KEY` and `gateway.auth.token` alike.
pub fn is_secret_name(name: &str) -> bool {
    let mut spaced = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && spaced.ends_with(|last: char| last.is_ascii_lowercase()) {
            spaced.push('_');
        }
        spaced.push(c);
    }
    let also = ["authorization", "pwd", "pass", "bearer", "jwt"];
    is_secret(&spaced) || spaced.to_ascii_lowercase().split(['_', '-', '.']).any(|word| also.contains(&word))
}

/// The value that begins at or after `from`: up to its closing quote, or the end of its word. Headers go on to the line's end.
fn value(line: &str, from: usize, name: &str) -> Range<usize> {
    let skipped = line[from..].find(|c: char| !c.is_whitespace()).unwrap_or_default();
    let start = from + skipped;
    if let Some(quote) = quote_at(&line[start..]) {
        let begin = start + quote.len();
        return begin..closing(line, begin, quote);
    }
    let is_header =
        ["authorization", "cookie"].iter().any(|header| name.to_ascii_lowercase().ends_with(header));
    let ends = |c: char| match is_header {
        true => "\"'".contains(c),
        false => c.is_whitespace() || "\"',;&)}]".contains(c),
    };
    start..line[start..].find(ends).map_or(line.len(), |length| start + length)
}

/// The opening quote, escaped as in JSON within JSON or not.
fn quote_at(text: &str) -> Option<&str> {
    let slashes = text.len() - text.trim_start_matches('\\').len();
    text[slashes..].starts_with(['"', '\'', '`']).then(|| &text[..=slashes])
}

fn closing(line: &str, begin: usize, quote: &str) -> usize {
    let mut at = begin;
    while let Some(found) = line[at..].find(quote).map(|length| at + length) {
        let escaped = quote.len() == 1 && line[begin..found].ends_with('\\');
        if !escaped {
            return found;
        }
        at = found + quote.len();
    }
    line.len()
}

/// Words that stand apart from the name that announces them: `Bearer x`, `--token x`, `token 3f9a…`.
fn announced(line: &str) -> Vec<Range<usize>> {
    let spans: Vec<Range<usize>> = runs(line, |c| !c.is_whitespace()).collect();
    spans
        .windows(2)
        .filter(|pair| announces(&line[pair[0].clone()], &line[pair[1].clone()]))
        .map(|pair| within_quotes(line, pair[1].clone()))
        .collect()
}

fn announces(name: &str, word: &str) -> bool {
    let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let bare = name.rsplit(['"', '\'', '=', ':', '(', '[', '{']).next().unwrap_or(name);
    if ["bearer", "basic"].iter().any(|scheme| bare.eq_ignore_ascii_case(scheme)) {
        return word.len() >= 6;
    }
    match option(name) {
        Some(option) => is_secret_name(option) && !option.ends_with("-file") && !option.ends_with("-path"),
        None => is_secret_name(bare) && word.len() >= 16 && word.contains(|c: char| c.is_ascii_digit()),
    }
}

/// `--password`, whatever but a word stands right before it.
fn option(name: &str) -> Option<&str> {
    let (before, option) = name.rsplit_once("--")?;
    (!before.ends_with(|c: char| c.is_ascii_alphanumeric())).then_some(option)
}

fn within_quotes(line: &str, span: Range<usize>) -> Range<usize> {
    let text = &line[span.clone()];
    let opens = text.len() - text.trim_start_matches(['"', '\'', '`']).len();
    let closes = text[opens..].find(['"', '\'', '`', ',']).unwrap_or(text.len() - opens);
    span.start + opens..span.start + opens + closes
}

/// Passwords in `scheme://user:password@host`.
fn authorities(line: &str) -> Vec<Range<usize>> {
    line.match_indices("://").filter_map(|(at, mark)| password(line, at + mark.len())).collect()
}

fn password(line: &str, from: usize) -> Option<Range<usize>> {
    let length =
        line[from..].find(|c: char| c.is_whitespace() || "\"'".contains(c)).unwrap_or(line.len() - from);
    let authority = &line[from..from + length];
    let end = authority.rfind('@')?;
    let start = authority[..end].find(':')? + 1;
    Some(from + start..from + end)
}

#[cfg(test)]
mod tests;
