//! Windows shows the notifications only of programs that stand in the Start menu under the name they call themselves by.

use gateward::identity::Surroundings;

/// Names this program by `identifier`. Before it has any window.
#[cfg(windows)]
pub fn introduce(identifier: &str, around: &Surroundings) {
    use gateward::system::windows::start_menu;

    if let Err(error) = start_menu::name_process(identifier) {
        tracing::warn!(%error, "the program has no name towards the taskbar");
    }
    let Some(link) = link(around) else { return };
    if let Err(error) = start_menu::name_shortcut(&link, around.exe.as_ref(), identifier) {
        tracing::warn!(%error, link = %link.display(), "notifications may not be shown: no entry in the Start menu");
    }
}

#[cfg(not(windows))]
pub fn introduce(_identifier: &str, _around: &Surroundings) {}

/// The account's own Start menu; an installer writes the same file.
#[cfg(windows)]
fn link(around: &Surroundings) -> Option<std::path::PathBuf> {
    let menu =
        std::path::Path::new(around.variable("APPDATA")?).join(r"Microsoft\Windows\Start Menu\Programs");
    Some(menu.join("Gateward.lnk"))
}
