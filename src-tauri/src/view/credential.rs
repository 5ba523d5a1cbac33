//! Words about credentials, which terminal, window, notices and tray share.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Tone, short_duration};
use crate::model::{Credential, Expiry, Judged, Standing};
use crate::words::Words;

/// What a credential comes to, as one sentence without a full stop: `expires in 2 h`.
pub fn sentence(judged: &Judged, now: Timestamp, words: &Words) -> String {
    let standing = judged.standing;
    let ends = judged.credential.expiry.at();
    let key = format!("auth-is-{}", standing.name());
    match (standing, ends, &judged.credential.expiry, &judged.credential.failure) {
        (Standing::Failing, _, _, Some(failure)) => {
            words.say(&format!("auth-failed-{}", failure.reason.name()), &[])
        }
        (Standing::Unknown, _, Expiry::Unknown { why }, _) => {
            words.say(&format!("auth-doubt-{}", why.name()), &[])
        }
        (Standing::Renews, Some(at), _, _) if at <= now => {
            words.say("auth-is-renews-over", &[("ago", &span(at, now, words))])
        }
        (_, Some(at), _, _) => words
            .find(&format!("{key}-when"), &[("for", &span(at, now, words))])
            .unwrap_or_else(|| words.say(&key, &[])),
        (_, None, _, _) => words.say(&key, &[]),
    }
}

fn span(a: Timestamp, b: Timestamp, words: &Words) -> String {
    short_duration(a.duration_since(b).as_secs().abs(), words)
}

/// What it is called: the profile, else the provider.
pub fn name(credential: &Credential) -> &str {
    if credential.profile.is_empty() { &credential.provider } else { &credential.profile }
}

/// The moment in the person's own time zone; of a time that daylight saving repeats the offset is told with it.
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let zoned = at.to_zoned(zone.clone());
    let ambiguous = zone.to_ambiguous_timestamp(zoned.datetime()).is_ambiguous();
    let format = if ambiguous { "%-d %b %Y, %H:%M (%Z)" } else { "%-d %b %Y, %H:%M" };
    zoned.strftime(format).to_string()
}

pub fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Ok | Standing::Static | Standing::Renews => Tone::Good,
        Standing::Overdue | Standing::Expiring => Tone::Attention,
        Standing::Expired | Standing::Missing | Standing::Failing => Tone::Problem,
        Standing::Unknown => Tone::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(text: &str) -> String {
        moment(text.parse().unwrap(), &TimeZone::get("Europe/Berlin").unwrap())
    }

    #[test]
    fn a_moment_is_told_in_the_persons_own_time() {
        assert_eq!(berlin("2026-11-22T12:00:00Z"), "22 Nov 2026, 13:00");
        assert_eq!(berlin("2026-07-22T12:00:00Z"), "22 Jul 2026, 14:00");
    }

    #[test]
    fn an_hour_that_comes_twice_is_told_apart() {
        assert_eq!(berlin("2026-10-25T00:30:00Z"), "25 Oct 2026, 02:30 (CEST)");
        assert_eq!(berlin("2026-10-25T01:30:00Z"), "25 Oct 2026, 02:30 (CET)");
    }
}
