//! The host at work: turns what happens into events, and the effects into deeds.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::desk::{self, Desk};
use super::job::{self, Job};
use super::{Options, Place, detach, orphan, token};
use crate::adapter::builtin::record::Record;
use crate::model::{ExitRecord, IncidentKind};
use crate::problem::{Code, Problem};
use crate::run_loop::{Effect, Event, RunLoop};
use crate::system::child::{self, Asked, Child, Ended, Lock, Other};
use crate::world::World;

/// Hosts until the gateway is stopped for good; gives the exit code.
pub async fn host(world: &World, place: Place, options: &Options) -> Result<i32, Problem> {
    // First of all: a signal that arrives from here on waits for its answer.
    let mut asked = child::signals()?;
    world.system.make_dir(&place.own.run(), 0o700)?;
    if options.scheduled {
        speak_into(&place.own.host_log(&place.id));
    } else {
        speak();
    }
    if options.is_apart() {
        child::leave_terminal();
    }
    let _lock = lock(world, &place)?;
    let job = job::job(world, &place, options)?;
    let (tell, mut ended) = unbounded_channel();
    let mut host = Host::new(world, place, job, tell, options.detached).await?;
    let first = host.first().await?;
    host.drive(first, &mut asked, &mut ended).await
}

/// The host's own words go to standard error; the gateway's standard output is passed through beside them.
fn speak() {
    let _ = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).try_init();
}

/// A Scheduled Task has no streams at all.
fn speak_into(log: &str) {
    let Ok(file) = child::host_log(log) else { return };
    let _ = tracing_subscriber::fmt().with_writer(std::sync::Mutex::new(file)).with_ansi(false).try_init();
}

fn lock(world: &World, place: &Place) -> Result<Lock, Problem> {
    if let Some(lock) = Lock::take(&place.own.lock(&place.id))? {
        return Ok(lock);
    }
    let record = desk::read(&*world.system, &place.own.record(&place.id)).ok().flatten();
    let pid = record.map_or("?".to_owned(), |record| record.host.pid.to_string());
    Err(Problem::new(Code::HostAlreadyRuns).with("pid", pid).hint_command("see-running", "gateward status"))
}

struct Host<'a> {
    world: &'a World,
    place: Place,
    job: Job,
    state: RunLoop,
    desk: Desk,
    gateway: Option<Gateway>,
    tell: UnboundedSender<Ended>,
    /// Somebody waits for the first start.
    announces: bool,
}

struct Gateway {
    process: Process,
    pid: u32,
    /// On the clock that never jumps.
    started: Duration,
    ended: bool,
}

enum Process {
    Ours(Child),
    Adopted(Other),
}

/// What follows an effect.
enum Next {
    Go,
    Then(Event),
    Exit(i32),
}

impl<'a> Host<'a> {
    async fn new(
        world: &'a World,
        place: Place,
        job: Job,
        tell: UnboundedSender<Ended>,
        announces: bool,
    ) -> Result<Self, Problem> {
        let own = desk::prove(&*world.system, world.around.os, std::process::id()).await?;
        let seed = u64::from(own.pid) ^ world.system.now().as_nanosecond().unsigned_abs() as u64;
        let record = Record::new(place.id.profile.to_string(), own, job.fingerprint.clone());
        if let Err(problem) = world.system.make_dir(&job.log_dir, 0o700) {
            tracing::warn!(%problem, "the gateway's output cannot be kept");
        }
        Ok(Self {
            world,
            state: RunLoop::new(job.rules.clone(), seed),
            desk: Desk::new(place.own.record(&place.id), record),
            place,
            job,
            gateway: None,
            tell,
            announces,
        })
    }

    /// Begins anew, or with the gateway that an earlier host left behind.
    async fn first(&mut self) -> Result<Event, Problem> {
        let left = desk::read(&*self.world.system, &self.place.own.record(&self.place.id))?;
        let event = match left {
            Some(record) => self.inherit(record).await?,
            None => Event::Begin,
        };
        self.desk.write(&*self.world.system)?;
        Ok(event)
    }

    async fn inherit(&mut self, left: Record) -> Result<Event, Problem> {
        self.desk.record.last_exit = left.last_exit;
        self.desk.record.last_uptime_s = left.last_uptime_s;
        self.desk.record.last_words = left.last_words;
        self.desk.record.notes = left.notes;
        let Some(proof) = left.gateway else { return Ok(Event::Begin) };
        let Some(other) = orphan::hold(self.world, &proof).await? else { return Ok(Event::Begin) };
        if left.command != self.job.fingerprint {
            tracing::warn!(pid = proof.pid, "a gateway of another command outlived its host and is ended");
            orphan::end(&*self.world.system, &other, proof.pid, self.job.rules.drain).await?;
            return Ok(Event::Begin);
        }
        tracing::warn!(
            pid = proof.pid,
            "adopting a gateway that outlived its host; its output is not kept until its next start"
        );
        let pid = proof.pid;
        self.watch(pid, &other);
        self.gateway =
            Some(Gateway { process: Process::Adopted(other), pid, started: self.now(), ended: false });
        self.desk.record.gateway = Some(proof);
        self.desk.record.since = left.since;
        Ok(Event::Adopted { pid })
    }

    fn watch(&self, pid: u32, other: &Other) {
        let (ended, tell) = (other.ended(), self.tell.clone());
        tokio::spawn(async move {
            ended.await;
            let _ = tell.send(Ended { pid, exit: None });
        });
    }

    async fn drive(
        mut self,
        first: Event,
        asked: &mut UnboundedReceiver<Asked>,
        ended: &mut UnboundedReceiver<Ended>,
    ) -> Result<i32, Problem> {
        let mut events = VecDeque::from([first]);
        loop {
            let event = match events.pop_front() {
                Some(event) => event,
                None => self.next(asked, ended).await,
            };
            let (state, effects) = self.state.clone().step(self.now(), event);
            self.state = state;
            let mut code = None;
            for effect in effects {
                match self.obey(effect).await? {
                    Next::Go => {}
                    Next::Then(event) => events.push_back(event),
                    Next::Exit(with) => code = Some(with),
                }
            }
            self.write_down();
            self.announce(&event);
            if let Some(code) = code {
                return Ok(code);
            }
        }
    }

    async fn next(
        &mut self,
        asked: &mut UnboundedReceiver<Asked>,
        ended: &mut UnboundedReceiver<Ended>,
    ) -> Event {
        let left = self.state.deadline().map(|due| due.saturating_sub(self.now()));
        tokio::select! {
            biased;
            Some(end) = ended.recv() => self.note_end(end),
            Some(wish) = asked.recv() => self.judge(wish),
            () = self.world.system.pause(left.unwrap_or(Duration::MAX)), if left.is_some() => Event::Tick,
        }
    }

    fn judge(&self, wish: Asked) -> Event {
        match wish {
            Asked::Stop => Event::Stop,
            Asked::Hangup => Event::Hangup,
            Asked::Restart => Event::Restart { authorised: token::is_authorised(self.world, &self.place) },
        }
    }

    fn note_end(&mut self, Ended { pid, exit }: Ended) -> Event {
        let now = self.now();
        let Some(gateway) = self.gateway.as_mut().filter(|gateway| gateway.pid == pid) else {
            return Event::Exited { pid, exit, uptime: Duration::ZERO };
        };
        gateway.ended = true;
        let uptime = now.saturating_sub(gateway.started);
        let at = Some(self.world.system.now());
        self.desk.record.last_exit = exit.map(|exit| ExitRecord { exit, at, pid: Some(pid), result: None });
        self.desk.record.last_uptime_s = Some(uptime.as_secs());
        tracing::info!(pid, ?exit, uptime_s = uptime.as_secs(), "the gateway ended");
        Event::Exited { pid, exit, uptime }
    }

    async fn obey(&mut self, effect: Effect) -> Result<Next, Problem> {
        match effect {
            Effect::Start => return self.start().await,
            Effect::Terminate { pid } => self.terminate(pid),
            Effect::KillGroup { .. } => self.kill_group().await,
            Effect::Note(kind) => self.note(kind),
            Effect::Exit(code) => return Ok(Next::Exit(code)),
        }
        Ok(Next::Go)
    }

    /// The first start's failure is the caller's to read; a later one is tried again.
    async fn start(&mut self) -> Result<Next, Problem> {
        let child = match Child::start(&self.job.launch, &self.job.logs, self.tell.clone()) {
            Ok(child) => child,
            Err(problem) if self.desk.record.since.is_none() => {
                self.desk.record.phase = crate::adapter::builtin::record::Phase::Stopped;
                self.desk.write(&*self.world.system)?;
                return Err(problem);
            }
            Err(problem) => {
                tracing::error!(%problem, "the gateway could not be started");
                return Ok(Next::Then(Event::StartFailed));
            }
        };
        let pid = child.pid();
        self.desk.record.gateway = desk::prove(&*self.world.system, self.world.around.os, pid).await.ok();
        self.desk.record.since = Some(self.world.system.now());
        self.gateway =
            Some(Gateway { process: Process::Ours(child), pid, started: self.now(), ended: false });
        tracing::info!(pid, "the gateway was started");
        Ok(Next::Then(Event::Started { pid }))
    }

    fn terminate(&mut self, pid: u32) {
        tracing::info!(pid, "the gateway is asked to end");
        match self.gateway.as_mut().map(|gateway| &mut gateway.process) {
            Some(Process::Ours(child)) => child.terminate(),
            Some(Process::Adopted(other)) => other.terminate(),
            None => {}
        }
    }

    async fn kill_group(&mut self) {
        let Some(gateway) = &mut self.gateway else { return };
        if !gateway.ended {
            tracing::warn!(pid = gateway.pid, "the gateway did not end in time; its group is killed");
        }
        match &mut gateway.process {
            Process::Ours(child) => child.kill_group(),
            // Its group's number may mean another one by now.
            Process::Adopted(_) if gateway.ended => {}
            Process::Adopted(other) => other.kill_group(),
        }
        if gateway.ended {
            self.bury().await;
        }
    }

    async fn bury(&mut self) {
        let gateway = self.gateway.take();
        self.desk.record.gateway = None;
        if let Some(Gateway { process: Process::Ours(mut child), .. }) = gateway {
            let words = child.last_words().await;
            child.reap();
            self.keep(&String::from_utf8_lossy(&words));
        }
    }

    fn keep(&mut self, words: &str) {
        self.desk.record.last_words = desk::last_lines(words, &self.job.secrets);
        let text = desk::masked(words, &self.job.secrets);
        let path = self.place.own.last_words(&self.place.id);
        if let Err(problem) = self.world.system.write(&path, text.as_bytes(), 0o600) {
            tracing::warn!(%problem, "the gateway's last words could not be kept");
        }
    }

    fn note(&mut self, kind: IncidentKind) {
        if kind == IncidentKind::SignalIgnored {
            tracing::warn!("a restart by signal was ignored: neither a token nor commands.restart allows it");
        }
        self.desk.record.note(self.world.system.now(), kind);
    }

    /// A full disk must not stop the gateway: others then see an older state, or none.
    fn write_down(&mut self) {
        self.desk.record.phase = desk::phase(self.state.phase());
        self.desk.record.restarts = self.state.restarts();
        if let Err(problem) = self.desk.write(&*self.world.system) {
            tracing::warn!(%problem, "the host's record could not be written");
        }
    }

    /// Tells the one who detached us that the gateway was started, when everybody else can read it too.
    fn announce(&mut self, event: &Event) {
        if self.announces && matches!(event, Event::Started { .. } | Event::Adopted { .. }) {
            self.announces = false;
            super::say(detach::READY);
        }
    }

    fn now(&self) -> Duration {
        self.world.system.clock()
    }
}
