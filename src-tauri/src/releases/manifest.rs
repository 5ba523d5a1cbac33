//! The manifest: what it says, and whether to believe it.
//!
//! JSON: `schema` (1), `version` (`1.2.3`), `released` and `expires` (RFC 3339), `notes` (https), and `files` by platform
//! (`linux-x86_64`, `macos-aarch64`, `windows-x86_64`), each with `url` (https) and `sha256` (64 hexadecimal digits).
//! Beside it lies `<address>.minisig`, made by `minisign -S`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use minisign_verify::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

use crate::programs::Version;

const SCHEMA: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub version: String,
    pub released: Timestamp,
    pub expires: Timestamp,
    pub notes: String,
    pub files: BTreeMap<String, File>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub url: String,
    pub sha256: String,
}

/// A version that was published, as far as it concerns this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub version: String,
    pub released: Timestamp,
    pub notes: String,
    /// `None` where nothing was published for this system and processor.
    pub file: Option<File>,
}

impl Release {
    pub fn is_newer_than(&self, own: Version) -> bool {
        Version::parse(&self.version).is_some_and(|version| version.parts > own.parts)
    }
}

/// Why a manifest is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// It is not signed by the publisher, or not as it is.
    Signature,
    /// It is signed and makes no sense: another schema, no https, no version.
    Unreadable,
    Expired,
    /// A newer one was believed before.
    Replayed,
}

impl Distrust {
    /// Of the message catalogue.
    pub fn word(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Unreadable => "unreadable",
            Self::Expired => "expired",
            Self::Replayed => "replayed",
        }
    }
}

impl Manifest {
    /// Reads `text` after its signature was verified: nothing of it is looked at before. `last` is when the newest one that was
    /// believed so far had been released.
    pub fn trusted(
        text: &[u8],
        signature: &[u8],
        key: &str,
        now: Timestamp,
        last: Option<Timestamp>,
    ) -> Result<Self, Distrust> {
        verify(text, signature, key).ok_or(Distrust::Signature)?;
        let manifest: Self = serde_json::from_slice(text).map_err(|_| Distrust::Unreadable)?;
        if !manifest.makes_sense() {
            return Err(Distrust::Unreadable);
        }
        if manifest.expires <= now {
            return Err(Distrust::Expired);
        }
        if last.is_some_and(|last| manifest.released < last) {
            return Err(Distrust::Replayed);
        }
        Ok(manifest)
    }

    /// What of it is for the machine that this program was built for.
    pub fn release(self) -> Release {
        let platform = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
        let Self { version, released, notes, mut files, .. } = self;
        Release { version, released, notes, file: files.remove(&platform) }
    }

    fn makes_sense(&self) -> bool {
        self.schema == SCHEMA
            && Version::parse(&self.version).is_some_and(|version| version.to_string() == self.version)
            && is_address(&self.notes)
            && self.files.values().all(|file| is_address(&file.url) && is_hash(&file.sha256))
    }
}

fn verify(text: &[u8], signature: &[u8], key: &str) -> Option<()> {
    let key = PublicKey::from_base64(key).ok()?;
    let signature = Signature::decode(std::str::from_utf8(signature).ok()?).ok()?;
    key.verify(text, &signature, false).ok()
}

/// Shown to people, so it has no space and no control character either.
fn is_address(text: &str) -> bool {
    text.starts_with("https://") && text.chars().all(|c| c.is_ascii_graphic())
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit())
}
