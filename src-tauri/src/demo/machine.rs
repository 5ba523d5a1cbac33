//! The parts that differ between operating systems: signals, and the way to die by one.

use std::io;

use super::generation::Generation;
use super::options::Fatal;

/// What a signal asks of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// End gracefully; carries the signal's name.
    Stop(&'static str),
    /// SIGUSR2 of the new generation, SIGUSR1 of the old one.
    #[cfg_attr(windows, expect(dead_code, reason = "Windows has no such signal"))]
    Restart(&'static str),
    /// SIGUSR1 of the new generation: Node's inspector, never a restart (observed 3.4).
    #[cfg_attr(windows, expect(dead_code, reason = "Windows has no such signal"))]
    Inspector,
}

#[cfg(unix)]
mod os {
    use super::{Asked, Fatal, Generation, io};
    use rustix::process::{self, Resource, Rlimit};
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// The signals the gateway answers; every other keeps its default action.
    pub struct Signals {
        terminate: Option<Signal>,
        interrupt: Option<Signal>,
        user1: Signal,
        user2: Option<Signal>,
        generation: Generation,
    }

    impl Signals {
        /// Starts to listen. The signal in `fatal` and the old generation's SIGUSR2 are left alone: they kill.
        pub fn listen(generation: Generation, fatal: Option<Fatal>) -> io::Result<Self> {
            let unless = |doomed, kind| (fatal != Some(doomed)).then(|| signal(kind)).transpose();
            Ok(Self {
                terminate: unless(Fatal::Term, SignalKind::terminate())?,
                interrupt: unless(Fatal::Int, SignalKind::interrupt())?,
                user1: signal(SignalKind::user_defined1())?,
                user2: match generation {
                    Generation::New => Some(signal(SignalKind::user_defined2())?),
                    Generation::Old => None,
                },
                generation,
            })
        }

        pub async fn next(&mut self) -> Asked {
            tokio::select! {
                () = arrival(&mut self.terminate) => Asked::Stop("SIGTERM"),
                () = arrival(&mut self.interrupt) => Asked::Stop("SIGINT"),
                () = arrival(&mut self.user2) => Asked::Restart("SIGUSR2"),
                _ = self.user1.recv() => match self.generation {
                    Generation::New => Asked::Inspector,
                    Generation::Old => Asked::Restart("SIGUSR1"),
                },
            }
        }
    }

    async fn arrival(signal: &mut Option<Signal>) {
        match signal {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }

    /// Ends this process by `fatal`, without a core file.
    pub fn die(fatal: Fatal) -> ! {
        let _ = process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        // Twice: Rust's own SIGSEGV and SIGBUS handler only restores the default action the first time.
        for _ in 0..2 {
            let _ = process::kill_process(process::getpid(), named(fatal));
        }
        std::process::abort()
    }

    fn named(fatal: Fatal) -> process::Signal {
        match fatal {
            Fatal::Abrt => process::Signal::ABORT,
            Fatal::Bus => process::Signal::BUS,
            Fatal::Hup => process::Signal::HUP,
            Fatal::Ill => process::Signal::ILL,
            Fatal::Int => process::Signal::INT,
            Fatal::Kill => process::Signal::KILL,
            Fatal::Quit => process::Signal::QUIT,
            Fatal::Segv => process::Signal::SEGV,
            Fatal::Term => process::Signal::TERM,
        }
    }

    pub fn host_name() -> String {
        rustix::system::uname().nodename().to_string_lossy().into_owned()
    }
}

#[cfg(windows)]
mod os {
    use super::{Asked, Fatal, Generation, io};
    use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, ctrl_break, ctrl_c, ctrl_close};

    /// The console events the gateway answers.
    pub struct Signals {
        interrupt: CtrlC,
        stop: CtrlBreak,
        close: CtrlClose,
    }

    impl Signals {
        pub fn listen(_: Generation, _: Option<Fatal>) -> io::Result<Self> {
            Ok(Self { interrupt: ctrl_c()?, stop: ctrl_break()?, close: ctrl_close()? })
        }

        pub async fn next(&mut self) -> Asked {
            tokio::select! {
                _ = self.interrupt.recv() => Asked::Stop("Ctrl-C"),
                _ = self.stop.recv() => Asked::Stop("Ctrl-Break"),
                _ = self.close.recv() => Asked::Stop("console close"),
            }
        }
    }

    pub fn die(_: Fatal) -> ! {
        std::process::abort()
    }

    pub fn host_name() -> String {
        std::env::var("COMPUTERNAME").unwrap_or_else(|_| "localhost".to_owned())
    }
}

pub use os::{Signals, die, host_name};
