//! Which lines are wanted. What a person typed is checked here.

use std::collections::BTreeSet;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use regex::bytes::{Regex, RegexBuilder};

use crate::model::{Level, LogFilter, LogLine, Spot};
use crate::problem::{Code, Problem};

#[derive(Clone, Debug, Default)]
pub struct Filter {
    from: Option<Level>,
    hidden: BTreeSet<String>,
    /// In lower case.
    subsystem: String,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub pattern: Option<Regex>,
}

/// Longer texts are no search terms.
const LONGEST: usize = 1_000;
/// A program for the expression may take this much memory, and a search with it as much again.
const MOST_MEMORY: usize = 4 * 1024 * 1024;

impl Filter {
    /// # Errors
    /// `BadValue` naming the field.
    pub fn of(typed: &LogFilter, now: &Zoned) -> Result<Self, Problem> {
        let text = typed.text.trim();
        let pattern = (!text.is_empty()).then(|| expression(&regex::escape(&bounded("text", text)?), true));
        Ok(Self {
            from: typed.from,
            hidden: typed.hidden.iter().cloned().collect(),
            subsystem: bounded("subsystem", typed.subsystem.trim())?.to_lowercase(),
            since: moment("since", &typed.since, now)?,
            until: moment("until", &typed.until, now)?,
            pattern: pattern.transpose()?,
        })
    }

    pub fn shows(&self, source: &str) -> bool {
        !self.hidden.contains(source)
    }

    /// Whether a line can be told to fit without being read.
    pub fn needs_no_reading(&self) -> bool {
        self.from.is_none() && self.subsystem.is_empty()
    }

    /// Whether the line as it was written fits.
    pub fn fits_raw(&self, line: &[u8]) -> bool {
        self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(line))
    }

    pub fn fits(&self, line: &LogLine) -> bool {
        self.from.is_none_or(|from| line.level.loudness() >= from.loudness())
            && (self.subsystem.is_empty() || line.subsystem.as_deref().is_some_and(|it| self.is_part(it)))
    }

    /// Those of the journal, whose bytes were not looked at.
    pub fn keep_fitting(&self, lines: &mut Vec<LogLine>) {
        lines.retain(|line| {
            let is_read = matches!(line.spot, Spot::File { .. });
            is_read || (self.fits_raw(line.text.as_bytes()) && self.fits(line))
        });
    }

    /// `channels` has `channels/telegram` in it.
    fn is_part(&self, subsystem: &str) -> bool {
        let rest = subsystem.to_lowercase();
        rest.strip_prefix(&self.subsystem).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
    }

    pub fn is_in_time(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
    }
}

/// A regular expression for lines of any bytes; `^` and `$` are a line's ends.
///
/// # Errors
/// `BadPattern` with the reason.
pub fn expression(text: &str, ignores_case: bool) -> Result<Regex, Problem> {
    let refused = |why: &str| Problem::new(Code::BadPattern).because(why);
    if text.len() > 8 * LONGEST {
        return Err(refused("longer than 8,000 characters"));
    }
    RegexBuilder::new(text)
        .case_insensitive(ignores_case)
        .multi_line(true)
        .crlf(true)
        .size_limit(MOST_MEMORY)
        .dfa_size_limit(MOST_MEMORY)
        .build()
        .map_err(|error| refused(&error.to_string()))
}

fn bounded(name: &str, text: &str) -> Result<String, Problem> {
    match text.len() > LONGEST {
        true => Err(bad(name, &text.chars().take(40).collect::<String>())),
        false => Ok(text.to_owned()),
    }
}

/// A time as a person types it, in `now`'s zone where it names none; `None` for an empty text.
///
/// # Errors
/// `BadValue`.
pub fn moment(name: &str, text: &str, now: &Zoned) -> Result<Option<Timestamp>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let at = |civil: DateTime| civil.to_zoned(now.time_zone().clone()).ok().map(|it| it.timestamp());
    let found = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(at))
        .or_else(|| text.parse::<Time>().ok().and_then(|time| at(now.date().to_datetime(time))))
        .or_else(|| {
            text.parse::<SignedDuration>().ok().and_then(|ago| now.timestamp().checked_sub(ago.abs()).ok())
        });
    found.map(Some).ok_or_else(|| bad(name, text))
}

fn bad(name: &str, text: &str) -> Problem {
    Problem::new(Code::BadValue)
        .with("variable", name)
        .with("value", crate::problem::clean(text))
        .with("reason", "moment")
}

/// `now` in the machine's zone.
pub fn here(now: Timestamp) -> Zoned {
    now.to_zoned(TimeZone::system())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::line;

    fn now() -> Zoned {
        "2026-11-22T12:00:00[Asia/Shanghai]".parse().unwrap_or_else(|_| {
            "2026-11-22T04:00:00Z"
                .parse::<Timestamp>()
                .unwrap()
                .to_zoned(jiff::tz::Offset::constant(8).to_time_zone())
        })
    }

    fn typed(text: &str) -> String {
        moment("since", text, &now()).unwrap().unwrap().to_string()
    }

    fn fits(filter: &LogFilter, text: &str) -> bool {
        let filter = Filter::of(filter, &now()).unwrap();
        let line = line::of_file(text.as_bytes(), "x", Spot::File { file: 1, byte: 0 });
        filter.fits_raw(text.as_bytes()) && filter.fits(&line)
    }

    #[test]
    fn times_are_read_in_every_way_that_people_type_them() {
        assert_eq!(typed("2026-11-22T01:00:00Z"), "2026-11-22T01:00:00Z");
        assert_eq!(typed(" 2026-11-22 09:30 "), "2026-11-22T01:30:00Z");
        assert_eq!(typed("09:30"), "2026-11-22T01:30:00Z");
        assert_eq!(typed("15m"), "2026-11-22T03:45:00Z");
        assert_eq!(moment("since", " ", &now()).unwrap(), None);
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_field() {
        for text in ["yesterday", "25:00", "99999999999999999999h", "-", "<b>"] {
            let problem = moment("until", text, &now()).unwrap_err();
            assert_eq!(
                (problem.code, problem.values["variable"].as_str()),
                (Code::BadValue, "until"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_text_is_no_expression_and_ignores_case() {
        let dots = LogFilter { text: "A.b".to_owned(), ..LogFilter::default() };
        assert!(fits(&dots, "xa.Bx") && !fits(&dots, "axb"));
    }

    #[test]
    fn a_subsystem_holds_what_is_below_it_and_nothing_that_only_begins_so() {
        let channels = LogFilter { subsystem: "Channels".to_owned(), ..LogFilter::default() };
        assert!(fits(&channels, "[channels] a") && fits(&channels, "[channels/telegram] a"));
        assert!(!fits(&channels, "[channelsx] a") && !fits(&channels, "channels a"));
    }

    #[test]
    fn a_level_keeps_what_is_as_loud_or_louder() {
        let warn = LogFilter { from: Some(Level::Warn), ..LogFilter::default() };
        assert!(fits(&warn, r#"{"level":"error","message":"x"}"#));
        assert!(!fits(&warn, r#"{"level":"info","message":"x"}"#) && !fits(&warn, "x"));
    }

    #[test]
    fn an_expression_that_costs_too_much_or_means_nothing_is_refused() {
        for text in ["(", "[z-a]", r"(\w{500}){500}", &"a".repeat(10_000)] {
            assert_eq!(expression(text, false).unwrap_err().code, Code::BadPattern);
        }
    }

    #[test]
    fn an_expression_reads_bytes_that_are_no_text() {
        assert!(expression("^b.r$", false).unwrap().is_match(b"\xff\xfe\nbar\r\nx"));
    }
}
