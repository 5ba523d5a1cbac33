//! The Scheduled Task.

use std::time::Duration;

use super::Timer;
use crate::adapter::schtasks::account;
use crate::adapter::schtasks::place::Place;
use crate::adapter::schtasks::script::argument;
use crate::adapter::schtasks::task::{Action, Task, Wanted};
use crate::problem::Problem;

/// A look takes seconds; one that hangs must not keep the next from starting.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// The host is the same program without a console, whose window would flash up every half hour (A24).
///
/// # Errors
/// `BadValue` for a name that XML cannot carry.
pub fn render(timer: &Timer<'_>) -> Result<String, Problem> {
    let program = Place::new(timer.around).host;
    let arguments: Vec<String> = timer.command(&program).iter().skip(1).map(|word| argument(word)).collect();
    let wanted = Wanted {
        description: "Gateward: look at OpenClaw's credentials",
        user: &account(timer.around),
        action: Action { command: program, arguments: arguments.join(" "), working_dir: None },
    };
    Ok(Task::new(&wanted)?.repeated(timer.pace.every, timer.pace.after_boot, LIMIT).render())
}
