//! The check for a newer Gateward over real connections: a server on this machine, and a publisher of the test's own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use gateward::problem::{Code, Problem};
use gateward::releases::{Known, Source, ask, look};
use gateward::system::os::{Os, surroundings};
use gateward::world::World;
use minisign::KeyPair;

const FAR: &str = "2999-01-01T00:00:00Z";

#[tokio::test]
async fn a_newer_version_is_told_with_its_file_and_remembered() {
    let asker = Asker::new();
    let known = asker.ask(&asker.signed(&manifest("99.0.0", "2026-11-20T00:00:00Z", FAR))).await.unwrap();
    let release = known.newer.clone().unwrap();
    assert_eq!((release.version.as_str(), release.file.unwrap().sha256.len()), ("99.0.0", 64));
    assert_eq!(asker.kept(), Some(known));
}

/// `update --check --dry-run`.
#[tokio::test]
async fn a_look_tells_the_same_and_leaves_no_trace() {
    let asker = Asker::new();
    let answers = asker.signed(&manifest("99.0.0", "2026-11-20T00:00:00Z", FAR));
    let source = asker.source_at(serve(Asker::whole(&answers)));
    let known = look(&source, &asker.world()).await.unwrap();
    assert_eq!(known.newer.unwrap().version, "99.0.0");
    assert_eq!(std::fs::read_dir(asker.home.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_same_or_an_older_version_is_no_news() {
    let asker = Asker::new();
    for version in [env!("CARGO_PKG_VERSION"), "0.0.1"] {
        let list = manifest(version, "2026-11-20T00:00:00Z", FAR);
        assert_eq!(asker.ask(&asker.signed(&list)).await.unwrap().newer, None, "{version}");
    }
}

#[tokio::test]
async fn a_list_older_than_the_last_is_refused_and_the_last_one_stays() {
    let asker = Asker::new();
    let newest = asker.ask(&asker.signed(&manifest("99.1.0", "2026-11-21T00:00:00Z", FAR))).await.unwrap();
    let replayed = asker.ask(&asker.signed(&manifest("99.0.0", "2026-11-20T00:00:00Z", FAR))).await;
    assert_eq!(reason(&replayed.unwrap_err()), "replayed");
    assert_eq!(asker.kept(), Some(newest));
}

#[tokio::test]
async fn what_a_server_answers_wrongly_is_told_and_nothing_is_kept() {
    let asker = Asker::new();
    let good = manifest("99.0.0", "2026-11-20T00:00:00Z", FAR);
    let [list, signature] = asker.signed(&good);
    let other = Asker::new().signed(&good);
    let untrusted = [
        ("signature", [list.replace("99.0.0", "99.0.1"), signature.clone()]),
        ("signature", [list[..list.len() / 2].to_owned(), signature.clone()]),
        ("signature", [list.clone(), other[1].clone()]),
        ("expired", asker.signed(&manifest("99.0.0", "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z"))),
        ("unreadable", asker.signed("{}")),
    ];
    for (wanted, answers) in untrusted {
        let problem = asker.ask(&answers).await.unwrap_err();
        assert_eq!((problem.code, reason(&problem)), (Code::UpdateUntrusted, wanted));
    }
    let unreachable = [["".to_owned(), signature.clone()], ["x".repeat(70_000), signature]];
    for answers in unreachable {
        assert_eq!(asker.ask(&answers).await.unwrap_err().code, Code::UpdateUnreachable);
    }
    assert_eq!(asker.kept(), None);
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let asker = Asker::new();
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
    let problem = asker.ask_at(serve([moved.to_owned(), moved.to_owned()])).await.unwrap_err();
    assert_eq!(problem.code, Code::UpdateUnreachable);
    assert!(problem.cause.unwrap().contains("302"));
}

fn reason(problem: &Problem) -> &str {
    &problem.values["reason"]
}

fn manifest(version: &str, released: &str, expires: &str) -> String {
    let platform = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
    serde_json::json!({
        "schema": 1, "version": version, "released": released, "expires": expires,
        "notes": "https://gateward.test/notes",
        "files": { platform: { "url": "https://gateward.test/gateward.deb", "sha256": "0f".repeat(32) } },
    })
    .to_string()
}

/// A Gateward with a home and a publisher of its own.
struct Asker {
    home: tempfile::TempDir,
    publisher: KeyPair,
}

impl Asker {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            publisher: KeyPair::generate_unencrypted_keypair().unwrap(),
        }
    }

    /// The list and its signature.
    fn signed(&self, list: &str) -> [String; 2] {
        let KeyPair { pk, sk } = &self.publisher;
        let signature = minisign::sign(Some(pk), sk, list.as_bytes(), None, None).unwrap();
        [list.to_owned(), signature.into_string()]
    }

    /// Asks a server that gives these two; nothing at all for an empty one.
    async fn ask(&self, answers: &[String; 2]) -> Result<Known, Problem> {
        self.ask_at(serve(Self::whole(answers))).await
    }

    fn whole(answers: &[String; 2]) -> [String; 2] {
        answers.each_ref().map(|body| match body.as_str() {
            "" => String::new(),
            body => format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()),
        })
    }

    async fn ask_at(&self, port: u16) -> Result<Known, Problem> {
        ask(&self.source_at(port), &self.world()).await
    }

    fn source_at(&self, port: u16) -> Source {
        let url = format!("http://127.0.0.1:{port}/gateward.json");
        Source { url, key: self.publisher.pk.to_base64() }
    }

    fn world(&self) -> World {
        let home = self.home.path().display().to_string();
        let mut around = surroundings();
        around.variables = BTreeMap::from([("HOME".to_owned(), home)]);
        World { system: Arc::new(Os::new(None)), around }
    }

    fn kept(&self) -> Option<Known> {
        let path = self.home.path().join(".local/state/gateward/updates.json");
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }
}

/// Answers requests for the list and for its signature, as long as the test lasts.
fn serve(answers: [String; 2]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &answers);
        }
    });
    port
}

fn answer(mut stream: TcpStream, answers: &[String; 2]) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    let _ = reader.read_line(&mut first);
    let mut line = first.clone();
    while !line.trim().is_empty() {
        line.clear();
        let _ = reader.read_line(&mut line);
    }
    let answer = &answers[usize::from(first.contains(".minisig"))];
    let _ = stream.write_all(answer.as_bytes());
}
