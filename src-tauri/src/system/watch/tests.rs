// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::time::Duration;

use tokio::sync::mpsc::{Receiver, channel};

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

fn watching(watched: Watch) -> (Receiver<Hint>, Watching) {
    let (tell, heard) = channel(8);
    (heard, watch(&Os::new(None), watched, tell))
}

async fn next(heard: &mut Receiver<Hint>) -> Hint {
    tokio::time::timeout(PATIENCE, heard.recv()).await.expect("a hint").expect("an open channel")
}

fn sleeper() -> std::process::Child {
    std::process::Command::new("sleep").arg("60").spawn().unwrap()
}

fn file(folder: &tempfile::TempDir) -> (String, Watch) {
    let path = folder.path().join("state.json").display().to_string();
    (path.clone(), Watch::File { path })
}

#[tokio::test]
async fn the_end_of_a_process_is_told_at_once() {
    let mut child = sleeper();
    let watched = Watch::Process { pid: child.id(), started: None };
    let (mut heard, _watching) = watching(watched.clone());
    assert_eq!(next(&mut heard).await, Hint::Watching { watch: watched.clone() });
    let begun = std::time::Instant::now();
    child.kill().unwrap();
    assert_eq!(next(&mut heard).await, Hint::Changed { watch: watched, exit: None });
    println!("kill to hint: {:?}", begun.elapsed());
    child.wait().unwrap();
}

#[tokio::test]
async fn a_process_that_is_gone_has_changed() {
    let watched = Watch::Process { pid: u32::try_from(i32::MAX).unwrap(), started: None };
    let (mut heard, _watching) = watching(watched.clone());
    assert_eq!(next(&mut heard).await, Hint::Changed { watch: watched, exit: None });
}

#[tokio::test]
async fn a_recycled_pid_is_not_taken_for_the_process() {
    let mut child = sleeper();
    let watched = Watch::Process { pid: child.id(), started: "2020-01-01T00:00:00Z".parse().ok() };
    let (mut heard, _watching) = watching(watched.clone());
    assert_eq!(next(&mut heard).await, Hint::Changed { watch: watched, exit: None });
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_file_that_is_replaced_twice_is_told_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (path, watched) = file(&folder);
    let (mut heard, _watching) = watching(watched.clone());
    assert_eq!(next(&mut heard).await, Hint::Watching { watch: watched.clone() });
    for text in ["one", "two"] {
        let temporary = folder.path().join("new");
        std::fs::write(&temporary, text).unwrap();
        std::fs::rename(&temporary, &path).unwrap();
        assert_eq!(next(&mut heard).await, Hint::Changed { watch: watched.clone(), exit: None });
    }
}

#[tokio::test]
async fn another_file_in_the_folder_is_no_news() {
    let folder = tempfile::tempdir().unwrap();
    let (path, watched) = file(&folder);
    let (mut heard, _watching) = watching(watched.clone());
    next(&mut heard).await;
    std::fs::write(folder.path().join("other"), "x").unwrap();
    std::fs::write(&path, "x").unwrap();
    next(&mut heard).await;
    let rest: Vec<_> = std::iter::from_fn(|| heard.try_recv().ok()).collect();
    assert!(rest.len() <= 1, "one writing is at most created and closed: {rest:?}");
}

#[tokio::test]
async fn a_folder_that_goes_is_a_lost_watch() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("below");
    std::fs::create_dir(&below).unwrap();
    let watched = Watch::File { path: below.join("f").display().to_string() };
    let (mut heard, _watching) = watching(watched);
    next(&mut heard).await;
    std::fs::remove_dir(&below).unwrap();
    assert!(matches!(next(&mut heard).await, Hint::Lost { .. }));
}

#[tokio::test]
async fn a_dropped_watch_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let (_, watched) = file(&folder);
    let (mut heard, watching) = watching(watched);
    next(&mut heard).await;
    drop(watching);
    assert_eq!(tokio::time::timeout(PATIENCE, heard.recv()).await, Ok(None));
}

#[test]
fn without_a_runtime_a_watch_is_lost_and_nothing_panics() {
    let (mut heard, _watching) = watching(Watch::File { path: "/tmp/x".to_owned() });
    assert!(matches!(heard.try_recv(), Ok(Hint::Lost { .. })));
}
