//! The syntax of unit files: lines, words, quotes and specifiers (systemd.syntax(7), systemd.unit(5)).

use std::iter::Peekable;
use std::str::Chars;

use super::specifiers::Specifiers;

/// What systemd counts as white space; a no-break space, say, is a letter to it.
const SPACE: &[char] = &[' ', '\t', '\n', '\r'];

/// One `Key=value` line, its value as written, without surrounding white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub section: String,
    pub key: String,
    pub value: String,
}

/// The assignments of a unit file in order. Comments and lines that are none are left out; continued lines are one.
pub fn entries(text: &str) -> Vec<Entry> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in logical_lines(text) {
        let line = line.trim_matches(SPACE);
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((key, value)) = line.split_once('=') {
            let [key, value] = [key, value].map(|part| part.trim_matches(SPACE).to_owned());
            found.push(Entry { section: section.clone(), key, value });
        }
    }
    found
}

/// Joins lines that end in a backslash; comments between them don't end the continuation.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(|line| line.trim_start_matches(SPACE)) {
        if line.starts_with(['#', ';']) {
            continue;
        }
        if is_continued(line) {
            open.push_str(&line[..line.len() - 1]);
            open.push(' ');
        } else {
            lines.push(std::mem::take(&mut open) + line);
        }
    }
    lines.push(open);
    lines
}

/// An even number of backslashes at the end is text.
fn is_continued(line: &str) -> bool {
    line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
}

/// Splits at white space outside quotes and resolves quotes and escapes; `None` when a quote stays open, which systemd refuses.
pub fn words(text: &str) -> Option<Vec<String>> {
    let mut rest = Rest(text.chars().peekable());
    let mut found = Vec::new();
    while rest.has_word() {
        found.push(rest.word()?);
    }
    Some(found)
}

/// The words of the first command of an `ExecStart=`: a lone `;` ends it, `\;` is a literal one.
pub fn command_words(text: &str) -> Option<Vec<String>> {
    let mut rest = Rest(text.chars().peekable());
    let mut found = Vec::new();
    while rest.has_word() {
        match rest.0.clone().take_while(|c| !SPACE.contains(c)).collect::<String>().as_str() {
            ";" => break,
            r"\;" => {
                rest.0.nth(1);
                found.push(";".to_owned());
            }
            _ => found.push(rest.word()?),
        }
    }
    Some(found)
}

struct Rest<'a>(Peekable<Chars<'a>>);

impl Rest<'_> {
    fn has_word(&mut self) -> bool {
        while self.0.next_if(|c| SPACE.contains(c)).is_some() {}
        self.0.peek().is_some()
    }

    fn word(&mut self) -> Option<String> {
        // Bytes, as `\xC3\xA4` is one letter.
        let mut bytes = Vec::new();
        let mut quote = None;
        while let Some(c) = self.0.next_if(|c| quote.is_some() || !SPACE.contains(c)) {
            match c {
                '\\' => self.escape(&mut bytes)?,
                '"' | '\'' if quote.is_none() => quote = Some(c),
                _ if quote == Some(c) => quote = None,
                _ => push(&mut bytes, c),
            }
        }
        quote.is_none().then(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// What follows a backslash, by the table of systemd.syntax(7); an unknown escape stays as it is written.
    fn escape(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        let c = self.0.next()?;
        match (simple_escape(c), self.numeric_escape(c)) {
            (Some(byte), _) => bytes.push(byte),
            (None, Some(Numeric::Byte(byte))) => bytes.push(byte),
            (None, Some(Numeric::Letter(letter))) => push(bytes, letter),
            (None, None) => {
                bytes.push(b'\\');
                push(bytes, c);
            }
        }
        Some(())
    }

    fn numeric_escape(&mut self, c: char) -> Option<Numeric> {
        match c {
            'x' => self.number(2, 16).and_then(|byte| u8::try_from(byte).ok()).map(Numeric::Byte),
            'u' => self.number(4, 16).and_then(char::from_u32).map(Numeric::Letter),
            'U' => self.number(8, 16).and_then(char::from_u32).map(Numeric::Letter),
            '0'..='3' => {
                let low = self.number(2, 8)?;
                u8::try_from(c.to_digit(8)? * 64 + low).ok().map(Numeric::Byte)
            }
            _ => None,
        }
    }

    /// Takes exactly `count` digits, or none.
    fn number(&mut self, count: usize, radix: u32) -> Option<u32> {
        let digits: String = self.0.clone().take(count).collect();
        let fits = digits.len() == count && digits.chars().all(|c| c.is_digit(radix));
        let number = u32::from_str_radix(&digits, radix).ok().filter(|_| fits)?;
        self.0.nth(count - 1);
        Some(number)
    }
}

enum Numeric {
    Byte(u8),
    Letter(char),
}

fn simple_escape(c: char) -> Option<u8> {
    Some(match c {
        'a' => 7,
        'b' => 8,
        't' => b'\t',
        'n' => b'\n',
        'v' => 11,
        'f' => 12,
        'r' => b'\r',
        's' => b' ',
        '\\' => b'\\',
        '"' => b'"',
        '\'' => b'\'',
        _ => return None,
    })
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Writes one word so that [`words`] gives it back. Plain words stay bare, as OpenClaw writes them.
pub fn quoted(word: &str) -> String {
    let is_special = |c: char| c.is_whitespace() || r#""'\;#"#.contains(c);
    if !word.is_empty() && !word.contains(is_special) {
        return word.to_owned();
    }
    format!("\"{}\"", word.replace('\\', r"\\").replace('"', r#"\""#))
}

/// Whether a line can hold `text`: systemd drops a whole line for a control character or a Unicode noncharacter in it.
pub fn is_writable(text: &str) -> bool {
    text.chars().all(|c| c == '\t' || !(c.is_control() || is_noncharacter(c)))
}

fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code)
}

/// Doubles `%`, so that systemd expands nothing in `text`.
pub fn literal(text: &str) -> String {
    text.replace('%', "%%")
}

/// [`words`] with each word's specifiers expanded.
pub fn expanded_words(text: &str, specifiers: &Specifiers) -> Vec<String> {
    words(text).unwrap_or_default().iter().map(|word| specifiers.expand(word)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<String> {
        words(text).unwrap()
    }

    #[test]
    fn words_end_at_space_outside_quotes() {
        assert_eq!(split(r#"a  "b c"	'd e' f"g h"i"#), ["a", "b c", "d e", "fg hi"]);
    }

    #[test]
    fn an_empty_pair_of_quotes_is_an_empty_word() {
        assert_eq!(split(r#"a "" ''"#), ["a", "", ""]);
    }

    #[test]
    fn escapes_are_resolved_in_and_out_of_quotes() {
        assert_eq!(
            split(r#"a\x20b "c\"d" '\\' \s \t \101 \xC3\xA4 \u00e4 \z"#),
            ["a b", "c\"d", "\\", " ", "\t", "A", "ä", "ä", r"\z"]
        );
    }

    #[test]
    fn an_open_quote_is_no_word() {
        assert_eq!(words(r#"a "b"#), None);
        assert_eq!(words(r"a\"), None);
    }

    #[test]
    fn a_lone_semicolon_ends_a_command() {
        assert_eq!(command_words(r#"/a b ; /c d"#).unwrap(), ["/a", "b"]);
        assert_eq!(command_words(r#"/a \; ";" b; c"#).unwrap(), ["/a", ";", ";", "b;", "c"]);
    }

    #[test]
    fn continued_lines_are_one_and_comments_between_them_are_skipped() {
        let text = "[Service]\nExecStart=/a \\\n# why\n   b \\\n c\nX=1\\\\\n;Y=2\nZ = 3 \n";
        let seen: Vec<_> =
            entries(text).into_iter().map(|e| format!("{}/{}={}", e.section, e.key, e.value)).collect();
        assert_eq!(seen, ["Service/ExecStart=/a  b  c", r"Service/X=1\\", "Service/Z=3"]);
    }

    #[test]
    fn plain_words_are_not_quoted() {
        assert_eq!(quoted("--port=18789"), "--port=18789");
        assert_eq!(quoted("My Bot"), "\"My Bot\"");
    }

    #[test]
    fn what_makes_systemd_drop_a_line_is_not_writable() {
        for bad in
            ["a\nb", "a\rb", "a\0b", "\u{7f}", "\u{85}", "\u{1b}[1m", "\u{fffe}", "\u{1ffff}", "\u{fdd0}"]
        {
            assert!(!is_writable(bad), "{bad:?}");
        }
        assert!(is_writable("a\tb 日本語 😀 \u{a0}"));
    }

    proptest! {
        #[test]
        fn a_quoted_word_is_read_back(word in "[^\\p{Cc}]*|[\"'\\\\ ;%$#\t]*") {
            prop_assert_eq!(words(&quoted(&word)), Some(vec![word]));
        }

        #[test]
        fn any_text_can_be_read(text in "\\PC*|[\"'\\\\ ;%$#\t\n\\[\\]=a-z]*") {
            let _ = (words(&text), command_words(&text), entries(&text));
        }
    }
}
