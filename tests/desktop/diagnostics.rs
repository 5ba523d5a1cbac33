//! The archive for whoever helps, in the real window: what is looked through is what is saved.

use crate::PROGRAM;
use crate::program::page::{open_page, press_named};
use crate::rig::Window;
use crate::running_service;
use fantoccini::Locator;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const PLANTED: &str = "planted-0a1b2c3d4e5f";

#[tokio::test(flavor = "multi_thread")]
async fn the_diagnostics_are_looked_through_and_then_saved_without_secrets() {
    let (manager, mut desktop) = running_service();
    let state = manager.home().join(".openclaw");
    std::fs::create_dir_all(&state).unwrap();
    let config = format!(r#"{{ "gateway": {{ "mode": "local", "auth": {{ "token": "{PLANTED}" }} }} }}"#);
    std::fs::write(state.join("openclaw.json"), config).unwrap();

    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    open_page(&window, "overview").await;
    window.text("#headline", "Gateway running · ready").await;
    press_named(&window, "Look through diagnostics…").await;
    window.text(".diagnostics .saved", "This is what would be saved").await;
    let names = listed(&window).await;
    window.click(".texts li:first-child summary").await;
    window.text(".texts li:first-child pre", "Diagnostics of Gateward").await;

    press_named(&window, "Save").await;
    let saved = window.text(".diagnostics .saved", "Saved, for you only").await;
    let path = Path::new(saved.split_once("): ").unwrap().1);
    assert!(path.starts_with(manager.home()), "{saved}");
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    let texts = unpacked(path);
    assert_eq!(texts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
    assert!(texts.iter().any(|(_, text)| text.contains("\"token\"")), "the config is told of: {names:?}");
    assert!(texts.iter().all(|(_, text)| !text.contains(PLANTED)), "{names:?}");
    window.close().await;
    drop((desktop, manager));
}

async fn listed(window: &Window) -> Vec<String> {
    let mut names = Vec::new();
    for name in window.client.find_all(Locator::Css(".texts summary code")).await.unwrap() {
        names.push(name.text().await.unwrap());
    }
    names
}

/// Name and text of everything in the archive.
fn unpacked(path: &Path) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let count = archive.len();
    let read = |at| {
        let mut entry = archive.by_index(at).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.name().unwrap().into_owned(), text)
    };
    (0..count).map(read).collect()
}
