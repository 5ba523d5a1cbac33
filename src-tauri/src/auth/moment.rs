//! Numbers as moments. Formats promise a unit and writers get it wrong: seconds where milliseconds belong, and the other way round.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::model::{Confidence, Doubt, Expiry};

/// The unit of a number that counts from the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Seconds,
    Milliseconds,
}

/// A moment, and whether it stood there as promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub at: Timestamp,
    /// The number makes sense in another unit only.
    pub inferred: bool,
}

/// The years from 2001 to 5138 in seconds and from 1973 to 5138 in milliseconds do not overlap: the number's size is the evidence.
const FIRST_SECOND: f64 = 1e9;
const FIRST_MILLISECOND: f64 = 1e11;
const FIRST_MICROSECOND: f64 = 1e14;
const FIRST_NANOSECOND: f64 = 1e17;

impl Moment {
    /// Reads a number that should be in `promised`; `None` for one that is no moment after 2001 in any unit.
    pub fn from_number(number: f64, promised: Unit) -> Option<Self> {
        let per_ms = match number {
            n if !n.is_finite() || n < FIRST_SECOND => return None,
            n if n < FIRST_MILLISECOND => 1e-3,
            n if n < FIRST_MICROSECOND => 1.0,
            n if n < FIRST_NANOSECOND => 1e3,
            _ => 1e6,
        };
        let as_promised = match promised {
            Unit::Seconds => per_ms == 1e-3,
            Unit::Milliseconds => per_ms == 1.0,
        };
        let at = Timestamp::from_millisecond((number / per_ms).round() as i64).ok()?;
        Some(Self { at, inferred: !as_promised })
    }

    /// Reads a JSON value: a number, digits in a text, or a date and time with an offset (RFC 3339).
    pub fn from_json(value: &Value, promised: Unit) -> Option<Self> {
        match value {
            Value::Number(number) => Self::from_number(number.as_f64()?, promised),
            Value::String(text) => Self::from_text(text.trim(), promised),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    pub fn from_text(text: &str, promised: Unit) -> Option<Self> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(Self { at, inferred: false });
        }
        let moment = Self::from_number(text.parse().ok()?, promised)?;
        Some(Self { inferred: true, ..moment })
    }
}

/// What stands where a moment in milliseconds should. Text that is none is not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    #[default]
    Absent,
    At(Moment),
    Odd,
}

impl<'de> Deserialize<'de> for Ends {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Ends::Absent,
            value => Moment::from_json(&value, Unit::Milliseconds).map_or(Ends::Odd, Ends::At),
        })
    }
}

impl Ends {
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Ends::At(moment) => Some(moment.at),
            Ends::Absent | Ends::Odd => None,
        }
    }

    /// The expiry, where an absent one means `absent`.
    pub fn expiry(self, absent: Expiry) -> Expiry {
        match self {
            Ends::Absent => absent,
            Ends::At(moment) => Expiry::At { at: moment.at },
            Ends::Odd => Expiry::Unknown { why: Doubt::NoMoment },
        }
    }

    pub fn confidence(self) -> Confidence {
        match self {
            Ends::At(moment) => moment.confidence(),
            Ends::Absent | Ends::Odd => Confidence::Read,
        }
    }
}

impl Moment {
    pub fn confidence(self) -> Confidence {
        if self.inferred { Confidence::Inferred } else { Confidence::Read }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_796_219_632;

    #[test]
    fn a_number_is_read_in_the_unit_that_makes_sense() {
        for (number, promised, inferred) in [
            (AT as f64, Unit::Seconds, false),
            (AT as f64 * 1e3, Unit::Milliseconds, false),
            (AT as f64, Unit::Milliseconds, true),
            (AT as f64 * 1e3, Unit::Seconds, true),
            (AT as f64 * 1e6, Unit::Milliseconds, true),
            (AT as f64 * 1e9, Unit::Milliseconds, true),
        ] {
            let moment = Moment::from_number(number, promised).unwrap();
            assert_eq!((moment.at.as_second(), moment.inferred), (AT, inferred), "{number}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for number in [0.0, -1.0, 3600.0, 7_200_000.0, f64::NAN, f64::INFINITY, 1e40] {
            assert_eq!(Moment::from_number(number, Unit::Milliseconds), None, "{number}");
        }
        for text in ["", "soon", "2026-11-22", "12:00"] {
            assert_eq!(Moment::from_text(text, Unit::Milliseconds), None, "{text}");
        }
    }

    #[test]
    fn a_time_with_an_offset_is_the_same_moment_everywhere() {
        // The hour that daylight saving repeats in Berlin, told with each of its offsets.
        let read = |text| Moment::from_text(text, Unit::Seconds).unwrap().at;
        assert_eq!(read("2026-10-25T02:30:00+02:00"), read("2026-10-25T00:30:00Z"));
        assert_eq!(read("2026-10-25T02:30:00+01:00"), read("2026-10-25T01:30:00Z"));
    }
}
