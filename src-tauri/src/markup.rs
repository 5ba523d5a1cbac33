//! Text within XML and HTML.

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
    fn what_was_escaped_reads_back() {
        let text = "a < b && \"c\" > &lt;";
        assert_eq!(unescaped(&escaped(text)), text);
        assert_eq!(escaped("a\u{7}<"), "a&lt;");
    }
}
