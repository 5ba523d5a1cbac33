//! Logins, keys, tokens and certificates as facts: what they are for, when they end, who renews them. None of these types can hold
//! a secret's text.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that the gateway, or a program beside it, logs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Credential {
    /// Stable over renewals, restarts and sources: `anthropic:default`, `work/anthropic:default` of another agent, `claude-cli`.
    pub id: String,
    pub provider: String,
    pub profile: String,
    pub kind: CredentialKind,
    pub expiry: Expiry,
    pub renewal: Renewal,
    pub failure: Option<Failure>,
    pub confidence: Confidence,
    /// A path, a command, or the gateway's own method, as an operator would name it.
    pub source: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    ApiKey,
    Token,
    Oauth,
    Certificate,
    GatewayToken,
    GatewayPassword,
    /// Defined by the user, in the settings.
    Own,
}

/// When a credential ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "ends", rename_all = "kebab-case")]
pub enum Expiry {
    Never,
    At {
        #[cfg_attr(test, ts(type = "string"))]
        at: Timestamp,
    },
    /// It is wanted and not there.
    Missing,
    /// Its source says that it has ended, and not when.
    Over,
    Unknown {
        why: Doubt,
    },
}

/// Why an expiry is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The file is cut off, or not what its name promises.
    Damaged,
    Unreadable,
    /// A value stands where a moment should, and is none.
    NoMoment,
    /// The source tells that there is a credential and nothing else.
    NotTold,
    /// The question failed, or its answer could not be read.
    NoAnswer,
    /// A file of an older generation keeps the newest OpenClaw from answering (`openclaw doctor --fix`).
    Unmigrated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Renewal {
    /// A program renews it without asking anybody.
    Itself,
    ByPerson,
    /// Nobody told.
    Unknown,
}

/// The last time it was really refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Failure {
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Timestamp>,
    pub reason: FailureReason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum FailureReason {
    /// The provider refused it: HTTP 401, or OpenClaw's `auth`.
    Refused,
    /// Renewing it failed for good: `refresh_token_reused`, `invalid_grant`.
    RenewalFailed,
    Billing,
}

/// How sure the expiry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The running gateway said so.
    Told,
    /// It stands in the file.
    Read,
    /// It stands there in another unit or form than promised; the reading that makes sense was taken.
    Inferred,
}

/// What a credential comes to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "CredentialStanding"))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Ok,
    /// It has no end.
    Static,
    /// A program renews it when it is next used.
    Renews,
    /// A program should have renewed it long ago and has not.
    Overdue,
    Expiring,
    Expired,
    Missing,
    /// It was really refused, whatever its date says.
    Failing,
    Unknown,
}

impl Standing {
    pub const ALL: &[Standing] = &[
        Standing::Ok,
        Standing::Static,
        Standing::Renews,
        Standing::Overdue,
        Standing::Expiring,
        Standing::Expired,
        Standing::Missing,
        Standing::Failing,
        Standing::Unknown,
    ];

    /// As JSON and the message catalogue spell it.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Ok => "ok",
            Standing::Static => "static",
            Standing::Renews => "renews",
            Standing::Overdue => "overdue",
            Standing::Expiring => "expiring",
            Standing::Expired => "expired",
            Standing::Missing => "missing",
            Standing::Failing => "failing",
            Standing::Unknown => "unknown",
        }
    }

    /// Whether only a person can mend it.
    pub fn needs_a_person(self) -> bool {
        match self {
            Standing::Expiring | Standing::Expired | Standing::Missing | Standing::Failing => true,
            Standing::Ok | Standing::Static | Standing::Renews | Standing::Overdue | Standing::Unknown => {
                false
            }
        }
    }
}

impl CredentialKind {
    /// As JSON and the message catalogue spell it.
    pub fn name(self) -> &'static str {
        match self {
            CredentialKind::ApiKey => "api-key",
            CredentialKind::Token => "token",
            CredentialKind::Oauth => "oauth",
            CredentialKind::Certificate => "certificate",
            CredentialKind::GatewayToken => "gateway-token",
            CredentialKind::GatewayPassword => "gateway-password",
            CredentialKind::Own => "own",
        }
    }
}

impl Doubt {
    /// As JSON and the message catalogue spell it.
    pub fn name(self) -> &'static str {
        match self {
            Doubt::Damaged => "damaged",
            Doubt::Unreadable => "unreadable",
            Doubt::NoMoment => "no-moment",
            Doubt::NotTold => "not-told",
            Doubt::NoAnswer => "no-answer",
            Doubt::Unmigrated => "unmigrated",
        }
    }
}

impl FailureReason {
    /// As JSON and the message catalogue spell it.
    pub fn name(self) -> &'static str {
        match self {
            FailureReason::Refused => "refused",
            FailureReason::RenewalFailed => "renewal-failed",
            FailureReason::Billing => "billing",
        }
    }
}

impl Expiry {
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Expiry::At { at } => Some(*at),
            Expiry::Never | Expiry::Missing | Expiry::Over | Expiry::Unknown { .. } => None,
        }
    }
}

/// A credential with what it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Judged {
    #[serde(flatten)]
    pub credential: Credential,
    pub standing: Standing,
    /// What to type to renew it, where a program for that is known.
    pub sign_in: Option<String>,
    /// Nothing is said about it before.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub snoozed_until: Option<Timestamp>,
}

/// All credentials of one gateway, and what does not fit together about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Credentials {
    #[cfg_attr(test, ts(type = "string"))]
    pub read_at: Timestamp,
    /// The one that needs a person soonest comes first.
    pub judged: Vec<Judged>,
    pub findings: Vec<Finding>,
}

/// Something about credentials that will keep the gateway, or its clients, from working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "finding", rename_all = "kebab-case")]
pub enum Finding {
    /// A token in the service's definition that is not the config's: the definition's wins, and clients are refused (A15).
    TokenDrift { variable: String, source: String },
    /// The same token, but written into the definition itself: the next change of it will drift.
    TokenBaked { variable: String, source: String },
    /// The config refers to variables that nothing gives the service (A17).
    VariablesMissing { names: Vec<String> },
}
