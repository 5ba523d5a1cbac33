//! What the window's Credentials page draws.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Credentials, GatewayState, Judged};
use crate::view::Tone;
use crate::view::credential::{finding, name, sentence, tone};
use crate::words::Words;

/// Everything on the page; the most urgent first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CredentialsView {
    pub list: Vec<CredentialView>,
    /// What does not fit together, one sentence each.
    pub findings: Vec<String>,
    #[cfg_attr(test, ts(type = "string"))]
    pub read_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CredentialView {
    pub id: String,
    pub name: String,
    pub kind: String,
    /// What it comes to.
    pub says: String,
    pub tone: Tone,
    pub source: String,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ends_at: Option<Timestamp>,
    /// Only a person can mend it.
    pub asks: bool,
    pub sign_in: Option<String>,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub snoozed_until: Option<Timestamp>,
}

pub fn page(state: &GatewayState, words: &Words) -> Option<CredentialsView> {
    let credentials = state.credentials.as_ref()?;
    let Credentials { read_at, judged, findings } = credentials;
    Some(CredentialsView {
        list: judged.iter().map(|it| shown(it, *read_at, words)).collect(),
        findings: findings.iter().map(|it| finding(it, words)).collect(),
        read_at: *read_at,
    })
}

fn shown(it: &Judged, now: Timestamp, words: &Words) -> CredentialView {
    CredentialView {
        id: it.credential.id.clone(),
        name: name(&it.credential).to_owned(),
        kind: words.say(&format!("auth-kind-{}", it.credential.kind.name()), &[]),
        says: sentence(it, now, words),
        tone: tone(it.standing),
        source: it.credential.source.clone(),
        ends_at: it.credential.expiry.at(),
        asks: it.standing.needs_a_person(),
        sign_in: it.sign_in.clone(),
        snoozed_until: it.snoozed_until,
    }
}
