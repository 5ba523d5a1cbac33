//! The seam to the person or script at the other end. The library never prints.

/// Where words go and answers come from; real in the binary, recorded in tests. Where nobody can be asked there are no answers.
pub trait Console: Send + Sync {
    /// Prints one line of a result that goes on, at once.
    ///
    /// # Errors
    /// [`Closed`] when nobody reads any more.
    fn say(&self, line: &str) -> Result<(), Closed>;

    /// Tells what is being waited for. Each call replaces the line before; an empty one clears it.
    fn progress(&self, _line: &str) {}

    /// Prints a line beside the result, at once: what a person should know before the rest is done.
    fn warn(&self, line: &str);

    /// Asks a yes-or-no question; `None` when there is nobody to ask.
    fn confirm(&self, _question: &str) -> Option<bool> {
        None
    }

    /// Asks for a line; `None` when there is nobody to ask, or they have gone.
    fn ask(&self, _question: &str) -> Option<String> {
        None
    }

    /// Tells of a step that begins, and of what a program says while it works.
    fn step(&self, _line: &str) {}

    /// Reads a line that nobody sees: typed on a terminal without echo, else from standard input.
    fn secret(&self, _question: &str) -> Option<String> {
        None
    }

    /// Whether results may be coloured.
    fn colour(&self) -> bool {
        false
    }
}

/// The reader of our output is gone (a closed pipe). No failure: `gateward logs -f | head` ends that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;
