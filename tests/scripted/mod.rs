//! What the stories over every simulated manager share: Anna at the screen, and a gateway as others see it.

use std::time::Duration;

use gateward::adapter::{Adapter, Intent};
use gateward::execute::{Stage, act};
use gateward::identity::Identity;
use gateward::model::{Observation, ServiceSpec, Verdict};
use gateward::observe::observe;
use gateward::plan::Plan;
use gateward::problem::Problem;
use gateward::system::scripted::{Machine, Scripted, Simulator};
use gateward::system::{HttpSeen, ListenerSeen, ProcessSeen, Seen};
use gateward::verdict::judge;

pub const PORT: u16 = 18789;

/// Anna's machine and the gateway that she wants on it.
pub struct Desk<M: Simulator, A: Adapter> {
    pub system: Scripted<M>,
    pub adapter: A,
    pub id: Identity,
    pub spec: ServiceSpec,
}

impl<M: Simulator, A: Adapter> Desk<M, A> {
    pub fn with<T>(&self, look: impl FnOnce(&mut Machine, &mut M) -> T) -> T {
        self.system.with(look)
    }

    pub fn stage(&self) -> Stage<'_> {
        Stage { system: &self.system, adapter: &self.adapter, id: &self.id, turn: None }
    }

    pub async fn act(&self, intent: &Intent<'_>) -> Result<Observation, Problem> {
        act(self.stage(), intent, &|_| ()).await
    }

    pub async fn install(&self) -> Result<Observation, Problem> {
        self.act(&Intent::Install { spec: &self.spec, force: false }).await
    }

    pub async fn plan(&self, intent: &Intent<'_>) -> Result<Plan, Problem> {
        self.adapter.plan(intent, &self.id, &self.seen().await)
    }

    pub async fn seen(&self) -> Observation {
        observe(&self.system, &self.adapter, &self.id).await
    }

    pub async fn verdict(&self) -> Verdict {
        judge(&self.seen().await)
    }

    pub async fn pid(&self) -> Option<u32> {
        self.seen().await.supervised.value.pid()
    }

    pub fn pass(&self, time: Duration) {
        self.with(|machine, _| machine.elapsed += time);
    }

    pub fn elapsed(&self) -> Duration {
        self.with(|machine, _| machine.elapsed)
    }
}

/// What a process says on the gateway's port.
#[derive(Clone, Copy, Debug, Default)]
pub enum Replies {
    /// As a healthy gateway of 2026.9 (observed 3.1).
    #[default]
    Ready,
    /// It accepts and says nothing.
    Silence,
    /// A page for every path.
    Page,
}

impl Replies {
    pub fn to(self, path: &str) -> Seen {
        match (self, path) {
            (Replies::Silence, _) => Seen::Silent { waited: Duration::from_secs(2) },
            (Replies::Page, _) => http("text/html", "<!doctype html>"),
            (Replies::Ready, "/readyz") => http("application/json", r#"{"ready":true,"version":"2026.9.6"}"#),
            (Replies::Ready, _) => {
                http("application/json", r#"{"ok":true,"status":"live","version":"2026.9.6"}"#)
            }
        }
    }
}

fn http(content_type: &str, body: &str) -> Seen {
    Seen::Http(HttpSeen {
        status: 200,
        content_type: content_type.to_owned(),
        body: body.to_owned(),
        latency: Duration::from_millis(4),
    })
}

/// A process of Anna's.
pub fn process(pid: u32, program: &str, command: &[String]) -> ProcessSeen {
    ProcessSeen {
        pid,
        parent: 1,
        program: program.to_owned(),
        command: command.to_owned(),
        user: "anna".to_owned(),
        started: None,
        unit: None,
    }
}

pub fn listener(process: Option<ProcessSeen>) -> ListenerSeen {
    let ancestors = process.iter().map(|process| process.parent).filter(|parent| *parent != 1).collect();
    ListenerSeen { address: format!("127.0.0.1:{PORT}"), process, ancestors }
}
