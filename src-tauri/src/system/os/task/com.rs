//! Task Scheduler's answers by COM.

use std::collections::BTreeMap;

use crate::plan::Answer;
use crate::problem::{Code, Problem};
use crate::system::os::Os;
use crate::system::{Seen, windows::scheduler};

/// What such an answer came from.
const SOURCE: &str = "Task Scheduler (COM)";

/// ERROR_FILE_NOT_FOUND and ERROR_PATH_NOT_FOUND as HRESULT: there is no such task.
const MISSING: [u32; 2] = [0x8007_0002, 0x8007_0003];
const DENIED: u32 = 0x8007_0005;

/// Asks on a thread of its own; `None` when schtasks must be asked instead: a double stands in for it, or COM failed in a way that
/// says nothing about the task.
pub async fn answer(
    os: &Os,
    name: &str,
    ask: fn(&str) -> windows::core::Result<Seen>,
) -> Option<(Seen, String)> {
    if os.has_doubles() {
        return None;
    }
    let name = name.to_owned();
    let asked = tokio::task::spawn_blocking(move || ask(&name));
    let told = tokio::time::timeout(super::PATIENCE, asked).await.ok()?.ok()?;
    let seen = match told {
        Ok(seen) => seen,
        Err(error) if MISSING.contains(&error.code().0.cast_unsigned()) => Seen::Missing,
        Err(error) if error.code().0.cast_unsigned() == DENIED => {
            Seen::Failed(Problem::new(Code::AccessDenied).because(error.message()))
        }
        Err(error) => {
            tracing::debug!(%error, "COM does not answer");
            return None;
        }
    };
    Some((seen, SOURCE.to_owned()))
}

pub fn state(name: &str) -> windows::core::Result<Seen> {
    let told = scheduler::state(name)?;
    let numbers = [("State", told.state.to_string()), ("LastTaskResult", told.last_result.to_string())];
    let next = told.next_run.map(|days| ("NextRunTime", days.to_string()));
    let named = numbers.into_iter().chain(next).map(|(name, number)| (name.to_owned(), number));
    Ok(Seen::Properties(named.collect::<BTreeMap<_, _>>()))
}

pub fn definition(name: &str) -> windows::core::Result<Seen> {
    Ok(Seen::Answered(Answer { stdout: scheduler::definition(name)?, ..Answer::default() }))
}
