//! A console that passes on what is told and answers nothing: what the wizard does was decided before.

use crate::cli::{Closed, Console};

pub struct Mute<'a>(pub Option<&'a dyn Console>);

impl Console for Mute<'_> {
    fn say(&self, line: &str) -> Result<(), Closed> {
        self.0.map_or(Ok(()), |console| console.say(line))
    }

    fn progress(&self, line: &str) {
        self.0.into_iter().for_each(|console| console.progress(line));
    }

    fn warn(&self, line: &str) {
        self.0.into_iter().for_each(|console| console.warn(line));
    }

    /// A plain command keeps its steps to itself; whoever is led through them sees each.
    fn step(&self, line: &str) {
        self.warn(line);
    }

    fn colour(&self) -> bool {
        self.0.is_some_and(Console::colour)
    }
}
