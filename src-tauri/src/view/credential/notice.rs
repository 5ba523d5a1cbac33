//! Notices about credentials.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{moment, name, sentence};
use crate::auth::stages::{News, NewsKind, Stage};
use crate::model::{Button, Credential, FailureReason, Judged, Notice, NoticeKind, Page, Request, Standing};
use crate::view::short_duration;
use crate::words::Words;

/// For whom, when and in which words.
pub struct Reader<'a> {
    pub words: &'a Words,
    pub zone: TimeZone,
    pub now: Timestamp,
}

/// The notice of one news; `sign_in` is the command that renews the credential.
pub fn notice(news: &News, sign_in: Option<&str>, profile: &str, to: &Reader<'_>) -> Notice {
    Notice {
        kind: NoticeKind::Credential,
        key: key(profile, &news.credential.id),
        title: title(news, to),
        body: body(news, sign_in, to),
        buttons: buttons(news, sign_in, to.words),
        urgent: news.is_urgent(),
    }
}

/// As many are named in one that tells of several.
const NAMED: usize = 20;

/// One notice of several news of a profile.
pub fn gathered(news: &[Notice], profile: &str, words: &Words) -> Notice {
    let named = news.iter().take(NAMED).map(|it| it.title.clone());
    let rest = news.len().saturating_sub(NAMED);
    let more = (rest > 0).then(|| words.say("auth-notice-more", &[("n", &rest.to_string())]));
    Notice {
        kind: NoticeKind::Credential,
        key: format!("{profile}/credentials"),
        title: words.say("auth-notice-many", &[("n", &news.len().to_string())]),
        body: named.chain(more).collect::<Vec<_>>().join("\n"),
        buttons: Vec::new(),
        urgent: news.iter().any(|it| it.urgent),
    }
}

/// One notice for each credential: the newer replaces the older.
pub fn key(profile: &str, id: &str) -> String {
    format!("{profile}/credential/{id}")
}

fn judged(news: &News) -> Judged {
    Judged {
        credential: news.credential.clone(),
        standing: news.standing,
        sign_in: None,
        snoozed_until: None,
    }
}

fn title(news: &News, to: &Reader<'_>) -> String {
    let name = called(&news.credential, to.words);
    let name = name.as_str();
    let is = sentence(&judged(news), to.now, to.words);
    match news.kind {
        NewsKind::Renewed => to.words.say("auth-notice-renewed", &[("name", name)]),
        NewsKind::Reached(Stage::Over) => to.words.say("auth-notice-over", &[("name", name), ("is", &is)]),
        NewsKind::Reached(Stage::Week | Stage::Day | Stage::Soon) => {
            let left = news.credential.expiry.at().map_or(0, |at| at.duration_since(to.now).as_secs());
            let left = short_duration(left, to.words);
            to.words.say("auth-notice-ahead", &[("name", name), ("for", &left)])
        }
    }
}

/// `The token “anthropic:manual”`.
fn called(credential: &Credential, words: &Words) -> String {
    words.say(&format!("auth-the-{}", credential.kind.name()), &[("name", name(credential))])
}

fn body(news: &News, sign_in: Option<&str>, to: &Reader<'_>) -> String {
    let provider = [("provider", news.credential.provider.as_str())];
    let billing = news.credential.failure.as_ref().is_some_and(|it| it.reason == FailureReason::Billing);
    let first = match (news.kind, news.standing) {
        (NewsKind::Renewed, _) => {
            let is = sentence(&judged(news), to.now, to.words);
            return to.words.say("auth-notice-body-renewed", &[("is", &capitalised(&is))]);
        }
        (NewsKind::Reached(_), Standing::Failing) if billing => {
            return to.words.say("auth-notice-body-billing", &provider);
        }
        (NewsKind::Reached(_), Standing::Missing) => to.words.say("auth-notice-body-missing", &provider),
        (NewsKind::Reached(Stage::Over), _) => to.words.say("auth-notice-body-over", &[]),
        (NewsKind::Reached(Stage::Week | Stage::Day | Stage::Soon), _) => {
            let when =
                news.credential.expiry.at().map(|at| moment(at, &to.zone, to.words)).unwrap_or_default();
            to.words.say("auth-notice-body", &[("when", &when)])
        }
    };
    let command = sign_in.map(|command| to.words.say("auth-notice-command", &[("command", command)]));
    [Some(first), command].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn buttons(news: &News, sign_in: Option<&str>, words: &Words) -> Vec<Button> {
    let button = |key: &str, request| Button { label: words.say(key, &[]), request };
    let credential = || news.credential.id.clone();
    let show = button("auth-button-show", Request::Open { page: Page::Credentials });
    match news.kind {
        NewsKind::Renewed => vec![show],
        NewsKind::Reached(_) => {
            let renew =
                sign_in.map(|_| button("auth-button-sign-in", Request::SignIn { credential: credential() }));
            let later = button("auth-button-later", Request::RemindLater { credential: credential() });
            renew.into_iter().chain([later, show]).collect()
        }
    }
}
