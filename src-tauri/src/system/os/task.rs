//! What Task Scheduler knows of a task: by COM, in numbers. By schtasks.exe where COM cannot answer, where a double stands in, and
//! on other systems, where there is nothing else to try the command line against.

use std::time::Duration;

use super::Os;
use crate::plan::{Call, Tool};
use crate::system::{Seen, System};

#[cfg(windows)]
mod com;

/// A policy or a dead service makes schtasks wait for ever (OC 5.1).
const PATIENCE: Duration = Duration::from_secs(15);

pub async fn state(os: &Os, name: &str) -> (Seen, String) {
    #[cfg(windows)]
    if let Some(told) = com::answer(os, name, com::state).await {
        return told;
    }
    schtasks(os, &["/Query", "/TN", name, "/V", "/FO", "CSV", "/NH"]).await
}

pub async fn definition(os: &Os, name: &str) -> (Seen, String) {
    #[cfg(windows)]
    if let Some(told) = com::answer(os, name, com::definition).await {
        return told;
    }
    schtasks(os, &["/Query", "/TN", name, "/XML"]).await
}

pub async fn all(os: &Os) -> (Seen, String) {
    schtasks(os, &["/Query", "/FO", "CSV", "/NH"]).await
}

async fn schtasks(os: &Os, args: &[&str]) -> (Seen, String) {
    let call = Call::new(Tool::Schtasks, &[args, &["/HRESULT"]].concat(), PATIENCE);
    (Seen::Answered(os.run(&call).await), call.to_string())
}
