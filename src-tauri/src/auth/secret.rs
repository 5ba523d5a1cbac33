//! Where secrets end: types that a parser can fill from a secret and that keep nothing of it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::moment::{Moment, Unit};

/// Whether a value is there: a text that is not blank, or a reference to where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence(pub bool);

impl<'de> Deserialize<'de> for Presence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Looking).map(|seen| Presence(seen.present))
    }
}

/// When a JSON Web Token ends, by its `exp` (RFC 7519: seconds); nothing else of the token is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JwtEnd {
    pub present: bool,
    /// `None` when it is no JWT or has no `exp`.
    pub end: Option<Moment>,
}

impl<'de> Deserialize<'de> for JwtEnd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Looking)
    }
}

struct Looking;

impl<'de> Visitor<'de> for Looking {
    type Value = JwtEnd;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<JwtEnd, E> {
        Ok(JwtEnd { present: !text.trim().is_empty(), end: end_of(text) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JwtEnd, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(JwtEnd { present: true, end: None })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<JwtEnd, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(JwtEnd::default())
    }

    fn visit_unit<E>(self) -> Result<JwtEnd, E> {
        Ok(JwtEnd::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<JwtEnd, E> {
        Ok(JwtEnd::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<JwtEnd, E> {
        Ok(JwtEnd::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<JwtEnd, E> {
        Ok(JwtEnd::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<JwtEnd, E> {
        Ok(JwtEnd::default())
    }
}

fn end_of(token: &str) -> Option<Moment> {
    #[derive(Deserialize)]
    struct Claims {
        exp: Option<f64>,
    }
    let payload = token.split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&base64url(payload)?).ok()?;
    Moment::from_number(claims.exp?, Unit::Seconds)
}

/// RFC 4648, 5, with or without padding.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        bits = (bits << 6) | u32::from(sextet(letter)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

fn sextet(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_leaves_only_its_presence() {
        for (json, present) in [
            (r#""sk-ant-oat01-hunter2""#, true),
            (r#""  ""#, false),
            ("null", false),
            ("17", false),
            (r#"{"source":"env","id":"X"}"#, true),
            ("[]", false),
        ] {
            assert_eq!(serde_json::from_str::<Presence>(json).unwrap(), Presence(present), "{json}");
        }
    }

    #[test]
    fn a_jwt_leaves_only_its_end() {
        // {"alg":"none"} . {"exp":1795363112,"sub":"hunter2"}
        let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3OTUzNjMxMTIsInN1YiI6Imh1bnRlcjIifQ.x";
        let end: JwtEnd = serde_json::from_value(token.into()).unwrap();
        assert_eq!(end.end.unwrap().at.as_second(), 1_795_363_112);
        assert!(!format!("{end:?}").contains("hunter2"));
    }

    #[test]
    fn what_is_no_jwt_has_no_end() {
        for text in ["", "a.b.c", "..", "eyJhbGciOiJub25lIn0.bm8.x", "é.é.é"] {
            assert_eq!(serde_json::from_value::<JwtEnd>(text.into()).unwrap().end, None, "{text}");
        }
    }
}
