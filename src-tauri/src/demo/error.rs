use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A reason why the demo gateway can't do what its options ask.
#[derive(Debug)]
pub enum DemoError {
    /// A file named by an option can't be used.
    File { option: &'static str, path: PathBuf, cause: io::Error },
    /// The port can't be opened, for a reason other than being in use.
    Listen { address: String, cause: io::Error },
    /// The process can't be told of its signals.
    Signals { cause: io::Error },
}

impl DemoError {
    pub(super) fn file(option: &'static str, path: &Path, cause: io::Error) -> Self {
        Self::File { option, path: path.to_owned(), cause }
    }
}

impl fmt::Display for DemoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { option, path, cause } => {
                write!(f, "The file of {option}, {}, can't be used: {cause}", path.display())
            }
            Self::Listen { address, cause } => {
                write!(f, "The demo gateway can't listen on {address}: {cause}")
            }
            Self::Signals { cause } => write!(f, "The demo gateway can't listen to its signals: {cause}"),
        }
    }
}

impl Error for DemoError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File { cause, .. } => Some(cause),
            Self::Listen { cause, .. } => Some(cause),
            Self::Signals { cause } => Some(cause),
        }
    }
}
