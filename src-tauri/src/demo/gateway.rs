use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

use super::generation::Generation;
use super::log::Log;
use super::options::Options;

/// One life of the gateway, from its start to its end: what every answer is drawn from.
pub struct Gateway {
    pub generation: Generation,
    pub html_only: bool,
    pub version: String,
    pub token: Option<String>,
    pub tls: Option<TlsAcceptor>,
    pub profiles: Option<PathBuf>,
    pub boot_id: Uuid,
    pub log: Log,
    pub handshake_deadline: Duration,
    pub tick_every: Duration,
    ready_delay: Duration,
    not_ready: Vec<String>,
    started: Instant,
    phase: watch::Sender<Phase>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Running,
    /// Finishes its work, takes no more.
    Draining,
    /// Closes every connection.
    Closing(Farewell),
}

/// What clients are told at the end (OC 9.3, 13.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    Stopping,
    Restarting,
}

impl Gateway {
    pub fn new(options: &Options, token: Option<String>, tls: Option<TlsAcceptor>, log: Log) -> Self {
        Self {
            generation: options.generation,
            html_only: options.html_only,
            version: options.version().to_owned(),
            token,
            tls,
            profiles: options.profiles.clone(),
            boot_id: Uuid::new_v4(),
            log,
            handshake_deadline: options.handshake_deadline.unwrap_or(options.generation.silence()),
            tick_every: options.tick_every.max(Duration::from_millis(1)),
            ready_delay: options.ready_delay,
            not_ready: options.not_ready.clone().unwrap_or_default(),
            started: Instant::now(),
            phase: watch::Sender::new(Phase::Running),
        }
    }

    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    pub fn enter(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    pub fn is_started(&self) -> bool {
        self.uptime() >= self.ready_delay
    }

    /// The parts that keep the gateway from being ready; none when it is.
    pub fn failing(&self) -> Vec<&str> {
        let phase = match self.phase() {
            Phase::Running if self.is_started() => None,
            Phase::Running => Some("startup"),
            Phase::Draining | Phase::Closing(_) => Some("draining"),
        };
        phase.into_iter().chain(self.not_ready.iter().map(String::as_str)).collect()
    }

    /// Resolves when the gateway becomes ready, never when it can't.
    pub async fn readiness(&self) {
        tokio::time::sleep(self.ready_delay.saturating_sub(self.uptime())).await;
        if !self.not_ready.is_empty() {
            std::future::pending::<()>().await;
        }
    }

    /// Resolves when connections have to be closed.
    pub async fn farewell(&self) -> Farewell {
        let mut phase = self.phase.subscribe();
        loop {
            if let Phase::Closing(farewell) = *phase.borrow_and_update() {
                return farewell;
            }
            // The sender lives in `self`.
            let _ = phase.changed().await;
        }
    }
}
