//! Names out of credential files: they are shown and stored, so a token that slipped into one must not be.

use crate::redact::redact;

/// A provider's or profile's name, fit to show: one line, at most 80 characters, without anything that looks like a token.
pub fn shown(name: &str) -> String {
    let line: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    redact(line.trim()).chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_is_left_as_it_is() {
        for name in
            ["anthropic:default", "openai-codex:anna@example.org", "claude-cli", "github-copilot:github"]
        {
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn a_token_in_a_name_is_masked() {
        let token = "sk-ant-oat01-AbCdEf0123456789AbCdEf0123456789";
        assert!(!shown(&format!("anthropic:{token}")).contains("AbCdEf"));
    }

    #[test]
    fn a_name_is_one_short_line() {
        let name = shown(&"a\nb\u{7}".repeat(100));
        assert!(name.chars().count() <= 80 && !name.contains(|c: char| c.is_control()));
    }
}
