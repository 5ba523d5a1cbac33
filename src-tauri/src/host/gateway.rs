//! The process that is hosted: a child of ours, or one that outlived an earlier host.

use std::time::Duration;

use super::job::Job;
use crate::problem::Problem;
use crate::system::child::{Asked, Capture, Child, Ended, Logs, Offspring, Other};
use tokio::sync::mpsc::UnboundedSender;

pub struct Gateway {
    process: Process,
    pub pid: u32,
    /// On the clock that never jumps.
    pub started: Duration,
    pub ended: bool,
    /// Unknown where the system does not tell them apart.
    offspring: Option<Offspring>,
}

enum Process {
    Ours(Child),
    /// With its two streams, where the earlier host's pipes are still there.
    Adopted(Other, Option<[Capture; 2]>),
}

impl Gateway {
    /// # Errors
    /// As [`Child::start`].
    pub fn start(job: &Job, tell: UnboundedSender<Ended>, now: Duration) -> Result<Self, Problem> {
        let child = Child::start(&job.launch, &job.logs, tell)?;
        let (pid, offspring) = (child.pid(), Offspring::ours());
        Ok(Self { pid, process: Process::Ours(child), started: now, ended: false, offspring })
    }

    /// Takes over a proven process; its end is told on `tell`.
    pub fn adopt(pid: u32, other: Other, logs: &Logs, tell: UnboundedSender<Ended>, now: Duration) -> Self {
        let ended = other.ended();
        tokio::spawn(async move {
            ended.await;
            let _ = tell.send(Ended { pid, exit: None });
        });
        let streams = logs.out.take_over().zip(logs.err.take_over()).map(|(out, err)| [out, err]);
        match streams {
            Some(_) => tracing::warn!(pid, "adopting a gateway that outlived its host"),
            None => tracing::warn!(
                pid,
                "adopting a gateway that outlived its host; its output is not kept until its next start"
            ),
        }
        let (process, offspring) = (Process::Adopted(other, streams), Offspring::of(pid));
        Self { process, pid, started: now, ended: false, offspring }
    }

    pub fn terminate(&mut self) {
        tracing::info!(pid = self.pid, "the gateway is asked to end");
        match &mut self.process {
            Process::Ours(child) => child.terminate(),
            Process::Adopted(other, _) => drop(other.ask(Asked::Stop)),
        }
    }

    pub fn kill_group(&mut self) {
        if !self.ended {
            tracing::warn!(pid = self.pid, "the gateway's whole group is killed");
            self.offspring.iter().for_each(|offspring| drop(offspring.kill()));
        }
        match &mut self.process {
            Process::Ours(child) => child.kill_group(),
            // Its group's number may mean another one by now.
            Process::Adopted(..) if self.ended => {}
            Process::Adopted(other, _) => other.kill_group(),
        }
    }

    async fn settle(&mut self) {
        match &mut self.process {
            Process::Ours(child) => child.settle().await,
            Process::Adopted(_, streams) => {
                for stream in streams.iter_mut().flatten() {
                    stream.settle().await;
                }
            }
        }
    }

    /// What it wrote to standard error so far, at most the last 64 KiB.
    pub fn words(&self) -> String {
        let words = match &self.process {
            Process::Ours(child) => child.words(),
            Process::Adopted(_, Some([_, err])) => err.tail(),
            Process::Adopted(_, None) => Vec::new(),
        };
        String::from_utf8_lossy(&words).into_owned()
    }

    /// Lets go of the ended process, of what it started, and of its streams, within `patience`; gives its last words.
    pub async fn bury(mut self, patience: Duration) -> String {
        if let Some(offspring) = &self.offspring {
            offspring.end(patience / 2).await;
        }
        let _ = tokio::time::timeout(patience / 2, self.settle()).await;
        let words = self.words();
        match self.process {
            Process::Ours(mut child) => child.reap(),
            Process::Adopted(..) => {}
        }
        words
    }
}
