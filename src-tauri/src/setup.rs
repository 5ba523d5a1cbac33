//! First steps: from an empty machine to a gateway that is proven to run, in the window and in the terminal alike.
//!
//! [`gather`] looks, [`steps`] says what that means for each step, and what can be done there; it is pure, so both faces say the same.
//! What a person has decided, skipped or seen is [`Kept`]; what is done is never kept but seen again.

mod answers;
mod facts;
mod gather;
mod kept;
mod rivals;
mod step;
mod steps;
mod unattended;

#[cfg(test)]
pub mod tests;

pub use answers::{Answers, Legacy, Program};
pub use facts::{Facts, Review};
pub use gather::gather;
pub use kept::{Failed, Kept, hold};
pub use rivals::Rival;
pub use step::{Deed, Line, Mark, Offer, Step, StepId, StepState};
pub use steps::{current, page_of, steps};
pub use unattended::decided;
