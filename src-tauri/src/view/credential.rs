//! Words about credentials, which terminal, window, notices and tray share.

pub mod notice;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Tone, short_duration};
use crate::model::{Credential, Expiry, Finding, GatewayState, Judged, Standing};
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

/// The moment in the person's own language and time zone; of a time that daylight saving repeats the offset is told with it.
pub fn moment(at: Timestamp, zone: &TimeZone, words: &Words) -> String {
    let zoned = at.to_zoned(zone.clone());
    let ambiguous = zone.to_ambiguous_timestamp(zoned.datetime()).is_ambiguous();
    let time = zoned.strftime(if ambiguous { "%H:%M (%Z)" } else { "%H:%M" }).to_string();
    let [day, month] = [zoned.day(), zoned.month()].map(|it| it.to_string());
    let year = zoned.year().to_string();
    words.say("auth-moment", &[("day", &day), ("month", &month), ("year", &year), ("time", &time)])
}

/// What does not fit together, as whole sentences.
pub fn finding(finding: &Finding, words: &Words) -> String {
    let place = |source: &str| match source {
        "inline" => words.say("auth-finding-inline", &[]),
        path => path.to_owned(),
    };
    match finding {
        Finding::TokenDrift { variable, source } => {
            words.say("auth-finding-token-drift", &[("variable", variable), ("source", &place(source))])
        }
        Finding::TokenBaked { variable, source } => {
            words.say("auth-finding-token-baked", &[("variable", variable), ("source", &place(source))])
        }
        Finding::VariablesMissing { names } => {
            words.say("auth-finding-variables-missing", &[("names", &names.join(", "))])
        }
    }
}

/// What helps against it, to paste.
pub fn mending(finding: &Finding) -> &'static str {
    match finding {
        Finding::TokenDrift { .. } | Finding::TokenBaked { .. } => "gateward install --force",
        Finding::VariablesMissing { .. } => "gateward install --force --env-file FILE",
    }
}

/// The credentials that ask for a person and are not snoozed.
fn pleading(state: &GatewayState) -> impl Iterator<Item = &Judged> {
    let judged = state.credentials.iter().flat_map(|credentials| &credentials.judged);
    judged.filter(|it| it.standing.needs_a_person() && it.snoozed_until.is_none())
}

pub fn pleads(state: &GatewayState) -> bool {
    pleading(state).next().is_some()
}

/// One sentence for the tray and the overview; `None` while no credential asks for a person.
pub fn plea(state: &GatewayState, words: &Words) -> Option<String> {
    let first = pleading(state).next()?;
    let count = pleading(state).count().to_string();
    let name = name(&first.credential);
    match first.standing {
        Standing::Expiring => {
            let left = first.credential.expiry.at()?.duration_since(state.credentials.as_ref()?.read_at);
            let left = short_duration(left.as_secs(), words);
            Some(words.say("auth-tray-ahead", &[("name", name), ("for", &left)]))
        }
        Standing::Ok
        | Standing::Static
        | Standing::Renews
        | Standing::Overdue
        | Standing::Expired
        | Standing::Missing
        | Standing::Failing
        | Standing::Unknown => Some(words.say("auth-tray-over", &[("n", &count), ("name", name)])),
    }
}

pub fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Ok | Standing::Static => Tone::Good,
        // It may have run out: nothing to worry about, but never shown as ok.
        Standing::Renews => Tone::Idle,
        Standing::Overdue | Standing::Expiring => Tone::Attention,
        Standing::Expired | Standing::Missing | Standing::Failing => Tone::Problem,
        Standing::Unknown => Tone::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn berlin(text: &str) -> String {
        moment(text.parse().unwrap(), &TimeZone::get("Europe/Berlin").unwrap(), &Words::english())
    }

    #[test]
    fn a_moment_is_told_in_the_persons_own_time() {
        assert_eq!(berlin("2026-11-22T12:00:00Z"), "22 Nov 2026, 13:00");
        assert_eq!(berlin("2026-07-22T12:00:00Z"), "22 Jul 2026, 14:00");
        assert_eq!(berlin("2026-12-31T23:30:00Z"), "1 Jan 2027, 00:30");
    }

    #[test]
    fn a_moment_is_told_in_the_persons_own_language() {
        let words = Words::of(Language::Chinese);
        assert_eq!(
            moment("2026-11-02T12:00:00Z".parse().unwrap(), &TimeZone::UTC, &words),
            "2026年11月2日 12:00"
        );
    }

    #[test]
    fn an_hour_that_comes_twice_is_told_apart() {
        assert_eq!(berlin("2026-10-25T00:30:00Z"), "25 Oct 2026, 02:30 (CEST)");
        assert_eq!(berlin("2026-10-25T01:30:00Z"), "25 Oct 2026, 02:30 (CET)");
    }
}
