//! Why a start failed, in the gateway's own words: they may be gone once everything is put back.

use super::Stage;
use crate::explanations;
use crate::last_words::last_words;
use crate::problem::{Code, Problem};

/// Adds what a gateway that has just ended said of the reason. One that still runs has not said its last: what is there is older.
pub async fn explained(stage: Stage<'_>, problem: Problem) -> Problem {
    match problem.code {
        Code::ConfigError | Code::GaveUp => {
            let words = last_words(stage.system, stage.adapter, stage.id).await;
            explanations::blame(problem, &words)
        }
        _ => problem,
    }
}
