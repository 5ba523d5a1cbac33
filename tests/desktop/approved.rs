//! A page beside its approved picture.
//!
//! What differs from run to run and from machine to machine is levelled first, in a copy of the page that nothing redraws: each run of
//! digits becomes one, moments and paths get one name, and lines that are drawn from measurements are hidden. Both pictures are then made a
//! quarter as large, so that another renderer's hinting is averaged away, and the points are counted whose colour differs by more than a
//! tenth. That finds a part that is missing, moved, cut, in the wrong colours or language, or drawn over another; it does not find a
//! wrong word of the right length.

use crate::rig::{Desktop, Window};
use std::path::{Path, PathBuf};

/// Of all points. Two runs on one machine differ in a tenth of that, and a card that is missing in the double at least.
const TOLERANCE: f64 = 0.02;
const SIZE: (u32, u32) = (240, 170);

const LEVEL: &str = "
    const paths = JSON.parse(arguments[0]);
    const plain = (text) => paths.reduce((text, path) => text.replaceAll(path, '/rig'), text).replaceAll(/\\d+/g, '0');
    const page = document.body, copy = page.cloneNode(true);
    window.levelled = () => copy.replaceWith(page);
    const chosen = [...page.querySelectorAll('select')].map((it) => it.selectedIndex);
    const scrolled = [...page.querySelectorAll('*')].map((it) => it.scrollTop);
    page.replaceWith(copy);
    copy.querySelectorAll('select').forEach((it, at) => { it.selectedIndex = chosen[at]; });
    [...copy.querySelectorAll('*')].forEach((it, at) => { it.scrollTop = scrolled[at]; });
    for (const it of copy.querySelectorAll('time, .at')) it.textContent = '0';
    for (const it of copy.querySelectorAll('input')) it.value = plain(it.value);
    for (const it of copy.querySelectorAll('wbr, [data-step=container]')) it.remove();
    copy.normalize();
    const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) node.data = plain(node.data);
    for (const drawn of copy.querySelectorAll('.timeline svg, .pulse svg, .calendar')) drawn.style.visibility = 'hidden';";

/// Draws the page as it would be drawn anywhere and at any time, until [`unlevel`].
pub async fn level(window: &Window, paths: &[String]) {
    window.run(LEVEL, &[&serde_json::json!(paths).to_string()]).await;
}

/// Until the page is drawn as it is.
pub async fn unlevel(window: &Window) {
    let drawn = "const done = arguments[0]; window.levelled(); \
         requestAnimationFrame(() => requestAnimationFrame(() => done(true)))";
    window.client.execute_async(drawn, vec![]).await.unwrap();
}

/// What is wrong with `picture`; nothing where it is like the approved one, or becomes it.
pub fn fault(desktop: &Desktop, picture: &Path, name: &str) -> Option<String> {
    let small = picture.with_extension("small.png");
    let size = format!("{}x{}!", SIZE.0, SIZE.1);
    convert(desktop, picture, &["-resize", &size, "-colors", "64", "-strip"], &small);
    let approved = approved(name);
    if std::env::var_os("GATEWARD_APPROVE").is_some() {
        std::fs::copy(&small, &approved).unwrap();
        return None;
    }
    let share = difference(desktop, &small, &approved);
    (share > TOLERANCE).then(|| {
        format!("{name}: {:.1} % of {} differ from {}", share * 100.0, small.display(), approved.display())
    })
}

fn approved(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/approved/{name}.png"))
}

fn convert(desktop: &Desktop, from: &Path, options: &[&str], to: &Path) {
    let made = desktop.command("convert").arg(from).args(options).arg(to).status();
    assert!(made.is_ok_and(|status| status.success()), "convert");
}

/// The share of points that differ.
fn difference(desktop: &Desktop, one: &Path, other: &Path) -> f64 {
    points_between(desktop, one, other) / f64::from(SIZE.0 * SIZE.1)
}

/// How many points differ in more than a shade.
pub fn points_between(desktop: &Desktop, one: &Path, other: &Path) -> f64 {
    let mut compare = desktop.command("compare");
    compare.args(["-metric", "AE", "-fuzz", "10%"]).args([one, other]).arg("null:");
    let told = String::from_utf8_lossy(&compare.output().unwrap().stderr).into_owned();
    told.trim().parse().unwrap_or_else(|_| panic!("compare: {told}"))
}

#[test]
fn another_page_theme_or_language_is_found_out() {
    let desktop = Desktop::start();
    for (one, other) in [
        ("overview-light", "overview-dark"),
        ("overview-light", "logs-light"),
        ("history-dark", "settings-dark"),
        ("settings-light", "settings-light-zh-cn"),
        ("setup-dark", "setup-dark-zh-cn"),
    ] {
        let share = difference(&desktop, &approved(one), &approved(other));
        assert!(share > TOLERANCE, "{one} and {other}: {share}");
    }
}

#[test]
fn a_page_that_is_moved_by_a_line_is_found_out() {
    let desktop = Desktop::start();
    for page in ["overview-light", "credentials-dark", "settings-light-zh-cn"] {
        let moved = desktop.folder().join("moved.png");
        convert(&desktop, &approved(page), &["-roll", "+0+5"], &moved);
        let share = difference(&desktop, &approved(page), &moved);
        assert!(share > TOLERANCE, "{page}: {share}");
    }
}
