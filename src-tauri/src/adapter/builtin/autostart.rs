//! XDG autostart entries, which start programs at login (Desktop Entry Specification 1.5, Autostart 0.5).

use crate::problem::{Code, Problem};

/// Renders the entry that runs `command` at login.
///
/// # Errors
/// `BadValue` when a word holds a line break, which an entry cannot carry.
pub fn render(name: &str, command: &[&str]) -> Result<String, Problem> {
    if std::iter::once(&name).chain(command).any(|word| word.contains(['\n', '\r', '\0'])) {
        return Err(Problem::new(Code::BadValue)
            .with("variable", "Exec")
            .with("value", "")
            .with("reason", "newline"));
    }
    let words: Vec<String> = command.iter().map(|word| argument(word)).collect();
    Ok(format!(
        "[Desktop Entry]\nType=Application\nVersion=1.5\nName={}\nExec={}\nTerminal=false\nNoDisplay=true\n\
         X-GNOME-Autostart-enabled=true\n",
        escaped(name),
        words.join(" "),
    ))
}

/// Whether the desktop's settings have switched an entry off: they leave the file there and write one of these into it.
pub fn is_switched_off(entry: &str) -> bool {
    let assignments = entry.lines().filter_map(|line| line.split_once('='));
    let mut assignments = assignments.map(|(key, value)| (key.trim(), value.trim()));
    assignments.any(|it| [("Hidden", "true"), ("X-GNOME-Autostart-enabled", "false")].contains(&it))
}

/// `word` as one argument of `Exec=`.
pub fn argument(word: &str) -> String {
    escaped(&quoted(word))
}

/// One argument of `Exec`: in double quotes where a reserved character asks for it, field codes as text.
fn quoted(word: &str) -> String {
    let text = word.replace('%', "%%");
    let plain = |c: char| c.is_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    let escape = |c: char| if "\"`$\\".contains(c) { format!("\\{c}") } else { c.to_string() };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// A value of type string: the backslashes of the quoting rule are escaped once more.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exec(words: &[&str]) -> String {
        let text = render("x", words).unwrap();
        text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap().to_owned()
    }

    #[test]
    fn plain_words_stay_bare() {
        assert_eq!(
            exec(&["/usr/bin/gateward", "run", "--profile", "a-b"]),
            "/usr/bin/gateward run --profile a-b"
        );
    }

    #[test]
    fn reserved_characters_are_quoted_and_escaped_twice() {
        assert_eq!(
            exec(&["/opt/a b/g", "$x", r"c\d", "100%", r#"q"q"#]),
            r#""/opt/a b/g" "\\$x" "c\\\\d" 100%% "q\\"q""#
        );
    }

    #[test]
    fn a_line_break_is_refused() {
        assert_eq!(render("x", &["a\nb"]).unwrap_err().code, Code::BadValue);
    }
}
