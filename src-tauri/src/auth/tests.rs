//! Claims about readers and judgement, over the tables of OC 11.3 and 11.5.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::model::Standing;

mod hostile;
mod openclaws_own;
mod places;
mod readers;
mod telling;
mod upstream;

pub fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Milliseconds since the epoch, `left` from now.
pub fn ms(left: SignedDuration) -> i64 {
    (now() + left).as_millisecond()
}

pub fn standing(credential: &Credential) -> Standing {
    judge::judge(credential, now())
}

/// A token that only a person can renew.
pub fn token(id: &str, left: SignedDuration) -> Credential {
    Credential {
        id: id.to_owned(),
        provider: "anthropic".to_owned(),
        profile: id.to_owned(),
        kind: CredentialKind::Token,
        expiry: Expiry::At { at: now() + left },
        renewal: Renewal::ByPerson,
        failure: None,
        confidence: Confidence::Read,
        source: "/s/auth-profiles.json".to_owned(),
    }
}
