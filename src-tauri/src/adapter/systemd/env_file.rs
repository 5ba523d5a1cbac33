//! The owner-only file from which systemd takes a service's secrets (`EnvironmentFile=` of systemd.exec(5)).

use std::collections::BTreeMap;

use super::syntax;
use crate::environment;
use crate::model::{Redacted, Value};
use crate::problem::{Code, Problem};

/// Renders the secret values as `NAME="value"` lines; `None` when there are none.
///
/// # Errors
/// `BadVariable` with the name, never the value, when a value holds a control character or the name is none.
pub fn render(environment: &BTreeMap<String, Value>) -> Result<Option<Redacted>, Problem> {
    let mut text = String::new();
    for (name, value) in environment {
        let Value::Secret(secret) = value else { continue };
        check(name, secret.reveal())?;
        text.push_str(&format!("{name}={}\n", quoted(secret.reveal())));
    }
    Ok((!text.is_empty()).then(|| Redacted::new(text)))
}

/// Refuses what neither a unit nor an environment file can hold.
///
/// # Errors
/// `BadVariable` with the name, never the value.
pub fn check(name: &str, value: &str) -> Result<(), Problem> {
    let refused = |reason: &str| {
        let shown: String = crate::problem::clean(name).chars().take(40).collect();
        Err(Problem::new(Code::BadVariable).with("name", shown).with("reason", reason).hint("variable-form"))
    };
    if !environment::is_name(name) {
        return refused("name");
    }
    if !syntax::is_writable(value) {
        return refused("newline");
    }
    Ok(())
}

/// The four characters that a backslash takes their meaning from between double quotes.
const ESCAPED: &[char] = &['"', '\\', '`', '$'];

fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+.,:/@%=".contains(c);
    if value.chars().all(plain) {
        return value.to_owned();
    }
    let escape = |c: char| if ESCAPED.contains(&c) { format!("\\{c}") } else { c.to_string() };
    format!("\"{}\"", value.chars().map(escape).collect::<String>())
}

/// Reads an environment file as systemd does: the later of two assignments wins, names that are none are dropped.
pub fn parse(text: &str) -> BTreeMap<String, String> {
    let mut reader = Reader::default();
    text.chars().for_each(|c| reader.take(c));
    reader.finish();
    reader.found
}

/// The states of systemd's own reader.
#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    BeforeName,
    Name,
    BeforeValue,
    Bare,
    BareEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

#[derive(Default)]
struct Reader {
    state: State,
    name: String,
    value: String,
    found: BTreeMap<String, String>,
}

impl Reader {
    fn take(&mut self, c: char) {
        self.state = match self.state {
            State::BeforeName => self.before_name(c),
            State::Name => self.in_name(c),
            State::BeforeValue => self.before_value(c),
            State::Bare => self.bare(c),
            State::BareEscape => {
                self.keep_unless_newline(c);
                State::Bare
            }
            State::Single if c == '\'' => State::BeforeValue,
            State::Single => self.keep(c, State::Single),
            State::Double if c == '"' => State::BeforeValue,
            State::Double if c == '\\' => State::DoubleEscape,
            State::Double => self.keep(c, State::Double),
            State::DoubleEscape => self.double_escape(c),
            State::Comment if c == '\\' => State::CommentEscape,
            State::Comment if is_newline(c) => State::BeforeName,
            State::Comment | State::CommentEscape => State::Comment,
        }
    }

    fn before_name(&mut self, c: char) -> State {
        match c {
            '#' | ';' => State::Comment,
            _ if is_space(c) => State::BeforeName,
            _ => {
                self.name = c.to_string();
                State::Name
            }
        }
    }

    fn in_name(&mut self, c: char) -> State {
        match c {
            '=' => State::BeforeValue,
            _ if is_newline(c) => State::BeforeName,
            _ => {
                self.name.push(c);
                State::Name
            }
        }
    }

    /// Also after a closing quote: more may follow on the line.
    fn before_value(&mut self, c: char) -> State {
        match c {
            _ if is_newline(c) => self.end(),
            '\'' => State::Single,
            '"' => State::Double,
            '\\' => State::BareEscape,
            _ if is_space(c) => State::BeforeValue,
            _ => self.keep(c, State::Bare),
        }
    }

    fn bare(&mut self, c: char) -> State {
        match c {
            _ if is_newline(c) => {
                self.trim();
                self.end()
            }
            '\\' => State::BareEscape,
            _ => self.keep(c, State::Bare),
        }
    }

    fn double_escape(&mut self, c: char) -> State {
        if !ESCAPED.contains(&c) && !is_newline(c) {
            self.value.push('\\');
        }
        self.keep_unless_newline(c);
        State::Double
    }

    fn keep(&mut self, c: char, next: State) -> State {
        self.value.push(c);
        next
    }

    fn keep_unless_newline(&mut self, c: char) {
        if !is_newline(c) {
            self.value.push(c);
        }
    }

    fn trim(&mut self) {
        let kept = self.value.trim_end_matches(is_space).len();
        self.value.truncate(kept);
    }

    fn end(&mut self) -> State {
        let (name, value) = (std::mem::take(&mut self.name), std::mem::take(&mut self.value));
        let name = name.trim_end_matches(is_space);
        if environment::is_name(name) {
            self.found.insert(name.to_owned(), value);
        }
        State::BeforeName
    }

    fn finish(&mut self) {
        match self.state {
            State::BeforeName | State::Name | State::Comment | State::CommentEscape => {}
            State::Bare => {
                self.trim();
                self.end();
            }
            State::BeforeValue | State::BareEscape | State::Single | State::Double | State::DoubleEscape => {
                self.end();
            }
        }
    }
}

fn is_newline(c: char) -> bool {
    c == '\n' || c == '\r'
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t' || is_newline(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secrets(pairs: &[(&str, &str)]) -> BTreeMap<String, Value> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::Secret(Redacted::new(*value)))).collect()
    }

    fn read(text: &str, name: &str) -> Option<String> {
        parse(text).remove(name)
    }

    #[test]
    fn plain_values_are_not_in_the_file() {
        let plain = BTreeMap::from([("A".to_owned(), Value::Plain("b".to_owned()))]);
        assert_eq!(render(&plain).unwrap(), None);
    }

    #[test]
    fn values_that_a_shell_would_touch_are_quoted() {
        let text = render(&secrets(&[("A_TOKEN", r#"a "b" \ ` $c"#), ("B_TOKEN", "sk-1")])).unwrap().unwrap();
        assert_eq!(text.reveal(), "A_TOKEN=\"a \\\"b\\\" \\\\ \\` \\$c\"\nB_TOKEN=sk-1\n");
    }

    #[test]
    fn a_refusal_names_the_variable_and_not_the_value() {
        let problem = render(&secrets(&[("A_TOKEN", "hunter2\nX=1")])).unwrap_err();
        assert_eq!((problem.code, problem.values["name"].as_str()), (Code::BadVariable, "A_TOKEN"));
        assert!(!format!("{problem:?}").contains("hunter2"));
    }

    #[test]
    fn comments_and_quotes_are_read_as_systemd_reads_them() {
        let text = "# c\n ; c\nK=\"quoted token\"\nL='single $x \\n'\nM=bare with blanks  \nexport N=1\n=x\nO=a\\\nb\nP=\"a\\z\"c\n";
        let seen: Vec<_> = parse(text).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(seen, ["K=quoted token", r"L=single $x \n", "M=bare with blanks", "O=ab", r"P=a\zc"]);
    }

    #[test]
    fn the_later_assignment_wins() {
        assert_eq!(read("A=1\nA=2", "A"), Some("2".to_owned()));
    }

    proptest! {
        #[test]
        fn secrets_are_read_back(value in "[^\\p{Cc}]*|[\"'\\\\ ;%$#`\t=]*") {
            prop_assume!(syntax::is_writable(&value));
            let text = render(&secrets(&[("A_TOKEN", &value)])).unwrap().unwrap();
            prop_assert_eq!(read(text.reveal(), "A_TOKEN"), Some(value));
        }

        #[test]
        fn any_text_can_be_read(text in "\\PC*|[\"'\\\\ ;%$#`\t\n=A-C]*") {
            parse(&text);
        }
    }
}
