//! What a credential comes to at a moment. Pure: the clock is an argument.

use jiff::{SignedDuration, Timestamp};

use crate::model::{Credential, Expiry, Judged, Renewal, Standing};

/// OpenClaw's own window (`warnAfterMs`): within it a credential counts as expiring (OC 11.5).
pub const EXPIRING: SignedDuration = SignedDuration::from_hours(24);

/// A program that renews a credential does so when it is next used; after this long it is doubtful that it still will.
const OVERDUE: SignedDuration = SignedDuration::from_hours(24);

pub fn judge(credential: &Credential, now: Timestamp) -> Standing {
    if credential.failure.is_some() {
        return Standing::Failing;
    }
    match &credential.expiry {
        Expiry::Never => Standing::Static,
        Expiry::Missing => Standing::Missing,
        Expiry::Over => over(credential.renewal),
        Expiry::Unknown { .. } => Standing::Unknown,
        Expiry::At { at } => dated(at.duration_since(now), credential.renewal),
    }
}

/// All of them, each with nobody's way to renew it and no reminder put off.
pub fn judged(credentials: &[Credential], now: Timestamp) -> Vec<Judged> {
    let one = |credential: &Credential| Judged {
        standing: judge(credential, now),
        credential: credential.clone(),
        sign_in: None,
        snoozed_until: None,
    };
    credentials.iter().map(one).collect()
}

fn over(renewal: Renewal) -> Standing {
    match renewal {
        Renewal::Itself => Standing::Overdue,
        Renewal::ByPerson | Renewal::Unknown => Standing::Expired,
    }
}

fn dated(left: SignedDuration, renewal: Renewal) -> Standing {
    match renewal {
        Renewal::Itself if left <= -OVERDUE => Standing::Overdue,
        Renewal::Itself if left <= EXPIRING => Standing::Renews,
        Renewal::ByPerson | Renewal::Unknown if left <= SignedDuration::ZERO => Standing::Expired,
        Renewal::ByPerson | Renewal::Unknown if left <= EXPIRING => Standing::Expiring,
        Renewal::Itself | Renewal::ByPerson | Renewal::Unknown => Standing::Ok,
    }
}

/// The worst of several, as `openclaw models status --check` would exit: 0 fine, 1 expired or missing, 2 expiring; 4 when nothing
/// worse than an unknown one is among them. No credential at all is a missing one.
pub fn exit_code(standings: impl IntoIterator<Item = Standing>) -> u8 {
    let codes: Vec<u8> = standings.into_iter().map(code).collect();
    match codes.as_slice() {
        [] => 1,
        some => [1, 2, 4].into_iter().find(|code| some.contains(code)).unwrap_or(0),
    }
}

fn code(standing: Standing) -> u8 {
    match standing {
        Standing::Ok | Standing::Static | Standing::Renews => 0,
        Standing::Expired | Standing::Missing | Standing::Failing => 1,
        Standing::Expiring | Standing::Overdue => 2,
        Standing::Unknown => 4,
    }
}

/// When a credential next comes to something else, so that it can be judged anew exactly then.
pub fn next_change(credential: &Credential, now: Timestamp) -> Option<Timestamp> {
    let at = credential.expiry.at()?;
    let moments = match credential.renewal {
        Renewal::Itself => [at.checked_sub(EXPIRING), at.checked_add(OVERDUE)],
        Renewal::ByPerson | Renewal::Unknown => [at.checked_sub(EXPIRING), Ok(at)],
    };
    moments.into_iter().flatten().filter(|moment| *moment > now).min()
}
