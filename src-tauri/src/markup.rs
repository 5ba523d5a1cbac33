//! Text within XML, HTML and addresses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986: what never has to be encoded, beside letters and digits.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// As any part of an address.
pub fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// As element content or within double quotes. XML 1.0 knows no control characters at all, so they go.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// The text that [`escaped`] wrote.
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_keeps_its_meaning_in_an_address() {
        assert_eq!(percent_encoded("a-Z_9~.#&ä"), "a-Z_9~.%23%26%C3%A4");
    }

    #[test]
    fn what_was_escaped_reads_back() {
        let text = "a < b && \"c\" > &lt;";
        assert_eq!(unescaped(&escaped(text)), text);
        assert_eq!(escaped("a\u{7}<"), "a&lt;");
    }
}
