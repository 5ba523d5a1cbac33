//! Watches on the real machine. A watch that cannot be had ends at once with [`Hint::Lost`].

use tokio::sync::mpsc::Sender;

use super::os::Os;
use super::{Hint, Watch, Watching};

pub fn watch(_os: &Os, watch: Watch, tell: Sender<Hint>) -> Watching {
    let _ = tell.try_send(Hint::Lost { watch, why: "no watch of this kind on this system".to_owned() });
    Watching::until_dropped(|| ())
}
