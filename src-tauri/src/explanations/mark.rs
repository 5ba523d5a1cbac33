//! Whether a line fits a mark.

/// A line that fits, with the value at the mark's `{}`.
#[derive(Debug, PartialEq, Eq)]
pub struct Fit {
    pub what: Option<String>,
}

/// Characters around a value that are not part of it.
const QUOTES: &[char] = &['\'', '"', '`', '“', '”', ':', ',', '.', ';', ')', '(', ' '];

/// Whether `line` contains the mark's pieces in their order, letter case aside.
pub fn fit(mark: &str, line: &str) -> Option<Fit> {
    let lower = line.to_ascii_lowercase();
    let mut at = 0;
    let mut what = None;
    for (piece, takes_value) in pieces(mark) {
        let found = at + lower.get(at..)?.find(piece)?;
        if takes_value {
            what = Some(&line[at..found]);
        }
        at = found + piece.len();
    }
    if mark.ends_with("{}") {
        what = line[at..].split_whitespace().next();
    }
    let what = what.map(|text| text.trim_matches(QUOTES)).filter(|text| !text.is_empty());
    (!mark.contains("{}") || what.is_some()).then(|| Fit { what: what.map(str::to_owned) })
}

/// The literal pieces; `true` when the value ends where the piece begins.
fn pieces(mark: &str) -> Vec<(&str, bool)> {
    let mut all = Vec::new();
    for part in mark.split('*') {
        for (index, piece) in part.split("{}").enumerate() {
            if !piece.is_empty() {
                all.push((piece, index > 0));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(mark: &str, line: &str) -> Option<String> {
        fit(mark, line).and_then(|fit| fit.what)
    }

    #[test]
    fn letter_case_does_not_count() {
        assert!(fit("eaddrinuse", "Error: listen EADDRINUSE: address already in use").is_some());
    }

    #[test]
    fn pieces_must_come_in_their_order() {
        assert!(fit("listen*eacces", "listen EACCES: permission denied").is_some());
        assert!(fit("listen*eacces", "EACCES while listening").is_none());
    }

    #[test]
    fn a_value_stands_between_its_neighbours_or_at_the_end() {
        assert_eq!(
            value("cannot find module '{}'", "Error: Cannot find module '/a b/x.js'"),
            Some("/a b/x.js".to_owned())
        );
        assert_eq!(value("port {}", "on port 18789, sorry"), Some("18789".to_owned()));
    }

    #[test]
    fn a_mark_with_a_value_needs_one() {
        assert_eq!(fit("cannot find module '{}'", "cannot find module ''"), None);
    }

    #[test]
    fn text_in_any_script_is_searched_without_harm() {
        assert_eq!(value("open '{}'", "open '/home/苗振/ü'"), Some("/home/苗振/ü".to_owned()));
    }
}
