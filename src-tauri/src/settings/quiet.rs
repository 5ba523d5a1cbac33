//! Hours in which no notice is shown.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// From one time of day to another, perhaps over midnight: `22:00-07:00`, in the machine's zone, or
/// `22:00-07:00 Europe/Berlin` with one of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuietHours {
    from: Time,
    until: Time,
    zone: Option<String>,
}

impl QuietHours {
    /// Whether `now` lies within. `until` itself does not.
    pub fn hold(&self, now: Timestamp) -> bool {
        let time = now.to_zoned(self.zone()).time();
        match self.from < self.until {
            true => self.from <= time && time < self.until,
            false => self.from <= time || time < self.until,
        }
    }

    /// A zone that this machine's database has lost since is the machine's own.
    fn zone(&self) -> TimeZone {
        let named = self.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        named.unwrap_or_else(TimeZone::system)
    }
}

impl TryFrom<String> for QuietHours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (hours, zone) = match text.trim().split_once(char::is_whitespace) {
            Some((hours, zone)) => (hours, Some(zone.trim().to_owned())),
            None => (text.trim(), None),
        };
        let (from, until) = hours.split_once('-').ok_or(EXPECTED)?;
        let (from, until) = (time(from)?, time(until)?);
        if from == until {
            return Err("it begins and ends at the same time".to_owned());
        }
        if let Some(name) = &zone {
            TimeZone::get(name).map_err(|_| format!("{name} is no time zone of this machine's database"))?;
        }
        Ok(Self { from, until, zone })
    }
}

const EXPECTED: &str = "expected FROM-UNTIL [ZONE], as in 22:00-07:00 or 22:00-07:00 Europe/Berlin";

fn time(text: &str) -> Result<Time, String> {
    Time::strptime("%H:%M", text.trim()).map_err(|_| EXPECTED.to_owned())
}

impl From<QuietHours> for String {
    fn from(hours: QuietHours) -> Self {
        let zone = hours.zone.map(|zone| format!(" {zone}")).unwrap_or_default();
        format!("{}-{}{zone}", hours.from.strftime("%H:%M"), hours.until.strftime("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> QuietHours {
        QuietHours::try_from(text.to_owned()).unwrap()
    }

    fn hold(text: &str, now: &str) -> bool {
        hours(text).hold(now.parse().unwrap())
    }

    #[test]
    fn the_end_is_awake() {
        assert!(hold("13:00-14:00 UTC", "2026-11-22T13:59:59Z"));
        assert!(!hold("13:00-14:00 UTC", "2026-11-22T14:00:00Z"));
    }

    #[test]
    fn a_night_goes_over_midnight() {
        for (now, quiet) in [("21:59:59", false), ("22:00:00", true), ("00:00:00", true), ("07:00:00", false)]
        {
            assert_eq!(hold("22:00-07:00 UTC", &format!("2026-11-22T{now}Z")), quiet, "{now}");
        }
    }

    #[test]
    fn the_zone_decides_what_time_it_is_in_summer_and_winter() {
        for (now, quiet) in [("2026-07-01T20:30:00Z", true), ("2026-12-01T20:30:00Z", false)] {
            assert_eq!(hold("22:00-07:00 Europe/Berlin", now), quiet, "{now}");
        }
    }

    #[test]
    fn it_is_written_as_it_was_read() {
        for text in ["22:00-07:00", "06:30-23:15 Europe/Berlin"] {
            assert_eq!(String::from(hours(text)), text);
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in ["", "22:00", "22:00-22:00", "25:00-07:00", "22:00-07:00 Mars/Base", "10-11"] {
            assert!(QuietHours::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
