use std::sync::Arc;

use minisign::{KeyPair, PublicKey};

use super::*;
use crate::identity::tests::around;
use crate::system::scripted::{EPOCH, still};

const NEXT: &str = "99.0.0";

/// Who publishes.
struct Publisher(KeyPair);

impl Publisher {
    fn new() -> Self {
        Self(KeyPair::generate_unencrypted_keypair().unwrap())
    }

    fn key(&self) -> String {
        self.0.pk.to_base64()
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        let public: &PublicKey = &self.0.pk;
        let signed = minisign::sign(Some(public), &self.0.sk, text.as_bytes(), None, None).unwrap();
        signed.into_string().into_bytes()
    }

    fn trusted(&self, text: &str) -> Result<Manifest, Distrust> {
        Manifest::trusted(text.as_bytes(), &self.sign(text), &self.key(), now(), None)
    }
}

fn now() -> Timestamp {
    EPOCH.parse().unwrap()
}

fn manifest(version: &str) -> String {
    let platform = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
    let file = serde_json::json!({ "url": "https://gateward.test/g.deb", "sha256": "ab".repeat(32) });
    serde_json::json!({
        "schema": 1, "version": version, "released": "2026-11-20T00:00:00Z", "expires": "2027-02-01T00:00:00Z",
        "notes": "https://gateward.test/notes", "files": { platform: file },
    })
    .to_string()
}

#[test]
fn a_signed_manifest_gives_the_file_of_this_machine() {
    let release = Publisher::new().trusted(&manifest(NEXT)).unwrap().release();
    assert_eq!(release.file.as_ref().unwrap().url, "https://gateward.test/g.deb");
    assert!(release.is_newer_than(own_version()));
}

#[test]
fn an_older_version_is_no_news() {
    let release = Publisher::new().trusted(&manifest("0.0.1")).unwrap().release();
    assert!(!release.is_newer_than(own_version()));
}

#[test]
fn not_one_changed_byte_is_believed() {
    let publisher = Publisher::new();
    let text = manifest(NEXT);
    let (signature, key) = (publisher.sign(&text), publisher.key());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let read = Manifest::trusted(&bytes, &signature, &key, now(), None);
        assert_eq!(read, Err(Distrust::Signature), "byte {at}");
    }
}

#[test]
fn neither_anothers_signature_nor_none_is_believed() {
    let text = manifest(NEXT);
    let (publisher, other) = (Publisher::new(), Publisher::new());
    for signature in [other.sign(&text), Vec::new(), b"untrusted comment: x\n".to_vec()] {
        let read = Manifest::trusted(text.as_bytes(), &signature, &publisher.key(), now(), None);
        assert_eq!(read, Err(Distrust::Signature));
    }
}

#[test]
fn what_is_signed_and_makes_no_sense_is_refused() {
    let publisher = Publisher::new();
    let good = manifest(NEXT);
    for (from, to) in [
        ("\"schema\":1", "\"schema\":2"),
        ("99.0.0", "newest"),
        ("99.0.0", "099.0.0"),
        ("https://gateward.test/notes", "http://gateward.test/notes"),
        ("https://gateward.test/g.deb", "file:///g.deb"),
        ("https://gateward.test/g.deb", "https://gateward.test/\\u001b[2J"),
        ("abab", "zzzz"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        assert_eq!(publisher.trusted(&text), Err(Distrust::Unreadable), "{to}");
    }
    assert_eq!(publisher.trusted("[]"), Err(Distrust::Unreadable));
}

#[test]
fn an_expired_manifest_is_refused() {
    let publisher = Publisher::new();
    let text = manifest(NEXT).replace("2027-02-01", "2026-11-21");
    assert_eq!(publisher.trusted(&text), Err(Distrust::Expired));
}

#[test]
fn an_older_manifest_than_the_last_is_a_replay_and_the_same_is_none() {
    let publisher = Publisher::new();
    let text = manifest(NEXT);
    let read = |last: &str| {
        let last = Some(last.parse().unwrap());
        Manifest::trusted(text.as_bytes(), &publisher.sign(&text), &publisher.key(), now(), last)
    };
    assert_eq!(read("2026-11-20T00:00:01Z"), Err(Distrust::Replayed));
    assert!(read("2026-11-20T00:00:00Z").is_ok());
}

#[test]
fn the_settings_may_change_whom_to_ask_and_never_whom_to_believe() {
    let set = Updates { check: true, url: "https://mirror.test/m.json".to_owned() };
    let source = Source::of(Some("key"), Some("https://gateward.test/m.json"), &set).unwrap();
    assert_eq!((source.url.as_str(), source.key.as_str()), ("https://mirror.test/m.json", "key"));
    let keyless = Source::of(None, Some("https://gateward.test/m.json"), &set).unwrap_err();
    assert_eq!(keyless.code, Code::NoUpdateSource);
    assert!(Source::of(Some("key"), None, &Updates::default()).is_err());
}

#[test]
fn nobody_is_asked_without_consent_and_then_once_a_day() {
    let world = World { system: still(), around: around(&[]) };
    let (off, on) = (Updates::default(), Updates { check: true, ..Updates::default() });
    assert!(!is_due(&off, &world));
    assert!(is_due(&on, &world));
    for (hours, due) in [(0, false), (23, false), (24, true), (-1, true)] {
        let at = now() - SignedDuration::from_hours(hours);
        let known = Known { asked_at: at, released: now(), newer: None };
        for kept in [Kept { tried_at: None, known: Some(known) }, Kept { tried_at: Some(at), known: None }] {
            keep(&kept, &*world.system, &world.around).unwrap();
            assert_eq!(is_due(&on, &world), due, "{hours}");
        }
    }
}

#[tokio::test]
async fn a_machine_without_network_says_so_knows_nothing_and_is_not_asked_again_that_day() {
    let system = still();
    let world = World { system: Arc::clone(&system) as Arc<dyn System>, around: around(&[]) };
    let source = Source { url: "https://gateward.test/m.json".to_owned(), key: Publisher::new().key() };
    assert_eq!(ask(&source, &world).await.unwrap_err().code, Code::UpdateUnreachable);
    assert!(kept(&*system, &world.around).known.is_none());
    assert!(!is_due(&Updates { check: true, ..Updates::default() }, &world));
}

#[test]
fn the_signature_lies_beside_the_manifest_whatever_the_address_has_behind_it() {
    for (url, signature) in [
        ("https://g.test/m.json", "https://g.test/m.json.minisig"),
        ("https://g.test/m.json?key=a.b", "https://g.test/m.json.minisig?key=a.b"),
        ("http://[::1]:80/m.json#x", "http://[::1]:80/m.json.minisig"),
    ] {
        assert_eq!(signature_of(url).as_deref(), Some(signature));
    }
    assert_eq!(signature_of("m.json"), None);
}
