//! The Setup page: the wizard of `gateward setup`, with the window as its console.

use gateward::cli::{Closed, Console, setup};
use gateward::model::Request;
use gateward::problem::Problem;
use gateward::setup::Deed;
use gateward::view::setup::{SetupNews, SetupView};
use tauri::async_runtime::block_on;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};

use crate::aside;
use crate::desk::Desk;

/// # Errors
/// As [`setup::look`].
pub async fn look(app: AppHandle) -> Result<SetupView, Problem> {
    aside::from(move || {
        let desk = app.state::<Desk>();
        block_on(setup::look(&desk.world, desk.options.profile.as_deref()))
    })
    .await
}

/// Does `deed` and tells `channel` how it goes on.
///
/// # Errors
/// As [`setup::act`].
pub async fn act(app: AppHandle, deed: Deed, channel: Channel<SetupNews>) -> Result<SetupView, Problem> {
    aside::from(move || {
        let desk = app.state::<Desk>();
        let profile = desk.options.profile.as_deref();
        let seen = block_on(setup::act(deed, &desk.world, profile, &Page(channel)));
        // It has been at work beside the engine.
        desk.engine.ask(Request::Observe);
        seen
    })
    .await
}

/// The page as a console. It is not asked: what it wants done it says beforehand.
struct Page(Channel<SetupNews>);

impl Page {
    fn tell(&self, line: &str, replaces: bool) {
        let _ = self.0.send(SetupNews { line: line.to_owned(), replaces });
    }
}

impl Console for Page {
    fn say(&self, line: &str) -> Result<(), Closed> {
        self.tell(line, false);
        Ok(())
    }

    fn progress(&self, line: &str) {
        if !line.is_empty() {
            self.tell(line, true);
        }
    }

    fn warn(&self, line: &str) {
        self.tell(line, false);
    }
}
