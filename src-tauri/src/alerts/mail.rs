//! An alert as an e-mail for sendmail(8) (RFC 5322, RFC 2047).

use super::Alert;

/// The whole message. `to` is one address (see `Route::fault`).
pub fn message(alert: &Alert, to: &str) -> String {
    let headers = [
        format!("To: {to}"),
        format!("Subject: {}", encoded(&alert.subject())),
        format!("Date: {}", alert.at.strftime("%a, %d %b %Y %H:%M:%S +0000")),
        // RFC 3834: no holiday notice shall answer it.
        "Auto-Submitted: auto-generated".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=utf-8".to_owned(),
        "Content-Transfer-Encoding: 8bit".to_owned(),
    ];
    format!("{}\n\n{}\n", headers.join("\n"), alert.text)
}

/// An encoded word has at most 75 characters; a byte takes three, and the frame twelve.
const WORD_BYTES: usize = 20;

/// Plain text as it is, anything else as encoded words, so that no title can begin a header of its own.
fn encoded(text: &str) -> String {
    if text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && !text.contains("=?") {
        return text.to_owned();
    }
    words(text).iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// Cuts between characters.
fn words(text: &str) -> Vec<String> {
    text.chars().fold(Vec::new(), |mut words, letter| {
        match words.last_mut().filter(|word: &&mut String| word.len() + letter.len_utf8() <= WORD_BYTES) {
            Some(word) => word.push(letter),
            None => words.push(letter.to_string()),
        }
        words
    })
}

fn quoted(word: &str) -> String {
    let letters: String = word.bytes().map(|byte| format!("={byte:02X}")).collect();
    format!("=?UTF-8?Q?{letters}?=")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::parcel::tests::alert;

    #[test]
    fn a_message_says_where_and_what() {
        let text = message(&alert("Gateway crashed"), "anna@example.org");
        assert!(text.starts_with("To: anna@example.org\nSubject: [box] Gateway crashed\n"), "{text}");
        assert!(text.contains("\nDate: Sun, 22 Nov 2026 12:00:00 +0000\n"), "{text}");
        assert!(text.ends_with("\n\nProcess killed.\n"), "{text}");
    }

    #[test]
    fn a_subject_beyond_ascii_is_one_header_of_short_words() {
        let text = message(&alert("Gateway “wörk” crashed\nBcc: x@y"), "a@b");
        let subject = text.lines().nth(1).unwrap();
        assert!(subject.starts_with("Subject: =?UTF-8?Q?"), "{subject}");
        assert!(subject.split(' ').all(|word| word.len() <= 75), "{subject}");
        assert!(!text.contains("\nBcc"), "{text}");
    }
}
