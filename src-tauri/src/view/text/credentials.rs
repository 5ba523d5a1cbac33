//! Credentials in a terminal.

use unicode_width::UnicodeWidthStr;

use super::{Page, padded};
use crate::model::{Confidence, Credentials, Finding, Judged};
use crate::view::credential::{self, finding, moment, name, sentence};

/// Names wider than this push their own line only.
const WIDEST: usize = 32;
/// Columns of the kinds.
const KINDS: usize = 13;

impl Page<'_> {
    /// One block for each credential, the most urgent first, then what does not fit together.
    pub fn credentials(&self, credentials: &Credentials) -> String {
        let count = credentials.judged.len().to_string();
        let mut lines = vec![self.bold(&self.words.say("auth-heading", &[("n", &count)]))];
        if credentials.judged.is_empty() {
            lines.push(format!("  {}", self.words.say("auth-none-why", &[])));
        }
        let widest = credentials.judged.iter().map(|it| name(&it.credential).width()).max();
        let width = widest.unwrap_or_default().min(WIDEST);
        lines.extend(credentials.judged.iter().flat_map(|it| self.credential(it, width)));
        lines.extend(credentials.findings.iter().flat_map(|it| [String::new(), self.warning(it)]));
        lines.join("\n") + "\n"
    }

    fn warning(&self, it: &Finding) -> String {
        self.words.say("text-warning", &[("warning", &self.paste(&finding(it, self.words)))])
    }

    fn credential(&self, it: &Judged, width: usize) -> Vec<String> {
        let kind = self.words.say(&format!("auth-kind-{}", it.credential.kind.name()), &[]);
        let when = it.credential.expiry.at().map(|at| format!(" ({})", moment(at, &self.zone, self.words)));
        let says = sentence(it, self.now, self.words) + &when.unwrap_or_default();
        let mark = self.toned(credential::tone(it.standing));
        let columns = [padded(name(&it.credential), width), padded(&kind, KINDS)];
        let head = format!("{mark} {}  {says}", columns.join("  "));
        let indent = " ".repeat(width + 4);
        let below = [Some(self.pale(&self.origin(it))), self.renewal(it)];
        [head].into_iter().chain(below.into_iter().flatten().map(|line| format!("{indent}{line}"))).collect()
    }

    fn origin(&self, it: &Judged) -> String {
        let key = match it.credential.confidence {
            Confidence::Told | Confidence::Read => "auth-from",
            Confidence::Inferred => "auth-from-inferred",
        };
        self.words.say(key, &[("source", &it.credential.source)])
    }

    fn renewal(&self, it: &Judged) -> Option<String> {
        let command = it.sign_in.as_ref().filter(|_| it.standing.needs_a_person())?;
        Some(format!("{} {command}", self.words.say("auth-sign-in", &[])))
    }
}
