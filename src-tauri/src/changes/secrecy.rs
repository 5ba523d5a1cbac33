//! Which bytes hold secrets, and must not be kept once a change is over.

use serde_json::Value;

use crate::environment::{is_name, is_secret};
use crate::redact::redact;

/// Whether a definition or environment file seems to hold a secret. Errs on the side of yes: what is taken for a secret is kept a
/// shorter time.
pub fn holds_secret(bytes: &[u8]) -> bool {
    let text = text_in(bytes);
    !names(&text).is_empty() || text.lines().any(|line| redact(line) != line)
}

/// The names of the secret variables that a text sets, in whichever syntax: each once, sorted.
pub fn secret_names(bytes: &[u8]) -> Vec<String> {
    names(&text_in(bytes))
}

/// A file's text; scripts and tasks of Windows may be UTF-16.
pub fn text_in(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xff, 0xfe]) {
        Some(rest) => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn names(text: &str) -> Vec<String> {
    let mut names = match serde_json::from_str::<Value>(text) {
        Ok(value) => keys(&value),
        Err(_) => assigned(text),
    };
    names.sort();
    names.dedup();
    names
}

/// The keys of a JSON object at any depth.
fn keys(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, inner)| {
                let own = (inner.is_string() && is_secret(name)).then(|| name.clone());
                own.into_iter().chain(keys(inner))
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// `NAME=value` in units, scripts and environment files, and `<key>NAME</key>` in property lists.
fn assigned(text: &str) -> Vec<String> {
    let is_secret_name = |word: &&str| is_name(word) && is_secret(word);
    let before_equals = text.split('=').filter_map(last_word);
    let keys = text.split("<key>").skip(1).filter_map(|rest| rest.split_once("</key>").map(|(key, _)| key));
    before_equals.chain(keys).filter(is_secret_name).map(str::to_owned).collect()
}

fn last_word(text: &str) -> Option<&str> {
    text.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_syntax() {
        for text in [
            "Environment=\"OPENCLAW_GATEWAY_TOKEN=hunter2\"\n",
            "export MY_PASSWORD='x y'\n",
            "<dict><key>X_API_KEY</key><string>v</string></dict>",
            "set \"A_SECRET=1\"\r\n",
            r#"{ "variables": { "MY_TOKEN": "v" } }"#,
            "ExecStart=/x --token sk-abcdefgh1234\n",
        ] {
            assert!(holds_secret(text.as_bytes()), "{text}");
        }
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("set A_TOKEN=x".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(secret_names(&wide), ["A_TOKEN"]);
    }

    #[test]
    fn what_we_write_ourselves_holds_none() {
        for text in [
            include_str!("../../../tests/fixtures/systemd/units/n.service"),
            "[Service]\nEnvironmentFile=-/home/anna/.openclaw/gateway.systemd.env\nEnvironment=HOME=/home/anna\n",
            r#"{ "schema": 1, "command": ["/bin/gw"], "environment": { "HOME": "/home/anna" } }"#,
        ] {
            assert!(!holds_secret(text.as_bytes()), "{:?} {text}", secret_names(text.as_bytes()));
        }
    }
}
