//! `gateward run --restart-later`: a restart from inside the gateway's own process tree. The caller would be ended with the gateway, so
//! a helper outside of the tree does it, and the caller only says that it will be done (A34).

use std::time::Duration;

use super::{Options, Place};
use crate::plan::{Call, RESTART_LATER, Tool};
use crate::problem::{Code, Problem};
use crate::system::child;
use crate::world::World;

/// Time for the caller to say its last word.
const PAUSE: Duration = Duration::from_secs(1);

/// A stop may take as long as its drain, and a start until the gateway answers.
const PATIENCE: Duration = Duration::from_secs(900);

/// What a gateway hands down to its children; with it, the helper would believe that it is inside too, and be ended with it.
const MARKS: &[&str] = &["OPENCLAW_SERVICE_MARKER", "OPENCLAW_SERVICE_KIND", child::MARK];

/// Starts the helper; as the helper, waits a moment and restarts.
///
/// # Errors
/// `DidNotStart` when the helper cannot be started; what the restart itself said, told to nobody but the host's log.
pub async fn restart(world: &World, place: &Place, options: &Options) -> Result<(), Problem> {
    let failed = |words: String| Problem::new(Code::DidNotStart).because(words);
    let profile = place.id.profile.to_string();
    let (renew, graceful): (&[&str], &[&str]) =
        if options.renew { (&["--renew"], &["--graceful"]) } else { (&[], &[]) };
    if !options.detached {
        let words = [&["run", "--profile", &profile, RESTART_LATER, "--detached"], renew].concat();
        let helper = call(world, &words);
        return child::start_apart(&helper, MARKS).map_err(|error| failed(error.to_string()));
    }
    world.system.pause(PAUSE).await;
    let words = [&["restart", "--profile", &profile], graceful].concat();
    let answer = world.system.run(&call(world, &words)).await;
    if answer.is_success() { Ok(()) } else { Err(failed(answer.words())) }
}

fn call(world: &World, args: &[&str]) -> Call {
    Call::new(Tool::At(world.around.exe.clone()), args, PATIENCE)
}
