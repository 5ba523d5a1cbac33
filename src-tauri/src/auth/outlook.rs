//! Everything about credentials that views show, made from a survey.

use jiff::Timestamp;

use super::judge::judge;
use super::own::OwnSource;
use super::sign_in;
use super::stages::Memory;
use crate::identity::Profile;
use crate::model::{Credential, Credentials, Finding, Judged, Standing};

/// The one that needs a person soonest comes first.
pub fn outlook(
    credentials: &[Credential],
    findings: Vec<Finding>,
    memory: &Memory,
    now: Timestamp,
    (profile, own): (&Profile, &[OwnSource]),
) -> Credentials {
    let mut judged: Vec<Judged> = credentials
        .iter()
        .map(|credential| Judged {
            standing: judge(credential, now),
            sign_in: sign_in::command(credential, profile, own),
            snoozed_until: memory.snoozed_until(&credential.id, now),
            credential: credential.clone(),
        })
        .collect();
    judged.sort_by_key(|it| (urgency(it.standing), it.credential.expiry.at(), it.credential.id.clone()));
    Credentials { read_at: now, judged, findings }
}

fn urgency(standing: Standing) -> u8 {
    match standing {
        Standing::Failing => 0,
        Standing::Missing => 1,
        Standing::Expired => 2,
        Standing::Expiring => 3,
        Standing::Overdue => 4,
        Standing::Unknown => 5,
        Standing::Ok => 6,
        Standing::Renews => 7,
        Standing::Static => 8,
    }
}
