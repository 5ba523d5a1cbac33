//! Real refusals, as the gateway's log tells them: 401 answers and refresh tokens that were used up (A19).

use jiff::Timestamp;

use crate::model::{Credential, Failure, FailureReason};

/// A refusal in one line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    pub at: Option<Timestamp>,
    reason: FailureReason,
    /// The line, to look the provider up in; never shown.
    line: String,
}

/// Words after which renewing fails for good: the refresh token was used twice, withdrawn, or has ended.
const RENEWAL: &[&str] = &[
    "refresh_token_reused",
    "refresh_token_expired",
    "refresh_token_invalidated",
    "invalid_grant",
    "oauth token refresh failed",
];

const REFUSED: &[&str] = &["invalid_api_key", "authentication_error", "token_expired", "token has expired"];

/// The refusals in `lines`, each with its moment.
pub fn signs<'a>(lines: impl Iterator<Item = (Option<Timestamp>, &'a str)>) -> Vec<Sign> {
    lines
        .filter_map(|(at, line)| Some(Sign { at, reason: reason(line)?, line: line.to_lowercase() }))
        .collect()
}

fn reason(line: &str) -> Option<FailureReason> {
    let line = line.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| line.contains(word));
    match () {
        () if says(RENEWAL) => Some(FailureReason::RenewalFailed),
        () if says(REFUSED) || has_401(&line) => Some(FailureReason::Refused),
        () => None,
    }
}

/// `401` as a status and not as part of a port, pid or duration.
fn has_401(line: &str) -> bool {
    let marks = [
        "http 401",
        "status 401",
        "status: 401",
        "status=401",
        "401 unauthorized",
        "error: 401",
        "code 401",
        " 401 {",
    ];
    marks.iter().any(|mark| line.contains(mark))
}

/// Adds to each credential its last refusal, unless `written` says that its source was written since. A line counts for the profile
/// it names, else for the only one of the provider it names.
pub fn apply(
    signs: &[Sign],
    credentials: &mut [Credential],
    written: impl Fn(&Credential) -> Option<Timestamp>,
) {
    for at in 0..credentials.len() {
        let credential = &credentials[at];
        let found = signs.iter().rev().find(|sign| sign.is_about(credential, credentials));
        let Some(sign) = found.filter(|_| credential.failure.is_none()) else { continue };
        let is_mended = sign.at.is_some() && written(credential) > sign.at;
        if !is_mended {
            credentials[at].failure = Some(Failure { at: sign.at, reason: sign.reason });
        }
    }
}

impl Sign {
    fn is_about(&self, credential: &Credential, all: &[Credential]) -> bool {
        let names = |name: &str| !name.is_empty() && self.line.contains(&name.to_lowercase());
        let rivals = all.iter().filter(|other| other.provider == credential.provider).count();
        // `anthropic:default` is told apart from `anthropic:work`; a bare `anthropic` is not.
        let profile = credential.profile.contains(':') && names(&credential.profile);
        profile || (rivals == 1 && names(&credential.provider))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::auth::tests::{now, token};

    fn told(line: &str, credentials: &[Credential]) -> Vec<Option<FailureReason>> {
        let mut credentials = credentials.to_vec();
        apply(&signs([(Some(now()), line)].into_iter()), &mut credentials, |_| None);
        credentials.into_iter().map(|it| it.failure.map(|failure| failure.reason)).collect()
    }

    #[test]
    fn a_used_up_refresh_token_is_told_by_the_log() {
        let one = [token("anthropic:default", SignedDuration::from_hours(300))];
        let line = "[anthropic] OAuth token refresh failed: refresh_token_reused";
        assert_eq!(told(line, &one), [Some(FailureReason::RenewalFailed)]);
        assert_eq!(told("[anthropic] HTTP 401 authentication_error", &one), [Some(FailureReason::Refused)]);
    }

    #[test]
    fn numbers_that_look_like_401_are_none() {
        let one = [token("anthropic:default", SignedDuration::from_hours(300))];
        for line in [
            "anthropic run took 401 ms",
            "pid 401 anthropic",
            "listening on 4010 anthropic",
            "HTTP 401 openai",
        ] {
            assert_eq!(told(line, &one), [None], "{line}");
        }
    }

    #[test]
    fn a_file_that_was_written_since_has_been_mended() {
        let mut one = [token("anthropic:default", SignedDuration::from_hours(300))];
        let signs = signs([(Some(now()), "anthropic HTTP 401")].into_iter());
        apply(&signs, &mut one, |_| Some(now() + SignedDuration::from_secs(1)));
        assert_eq!(one[0].failure, None);
    }

    #[test]
    fn of_two_profiles_only_the_named_one_is_blamed() {
        let two = [token("anthropic:a", SignedDuration::ZERO), token("anthropic:b", SignedDuration::ZERO)];
        assert_eq!(told("anthropic:b HTTP 401", &two), [None, Some(FailureReason::Refused)]);
        assert_eq!(told("anthropic HTTP 401", &two), [None, None]);
    }
}
