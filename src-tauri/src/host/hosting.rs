//! The host at work: turns what happens into events, and the effects into deeds.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::desk::{self, Desk};
use super::gateway::Gateway;
use super::history::{self, Chronicle};
use super::job::{self, Job};
use super::{Options, Place, detach, limit, orphan, token};
use crate::adapter::builtin::EARLIER_ENDS;
use crate::adapter::builtin::record::{self, Record};
use crate::model::{ExitRecord, IncidentKind};
use crate::problem::{Code, Problem};
use crate::run_loop::{Effect, Event, Phase, RunLoop};
use crate::system::child::{self, Asked, Ended, Lock};
use crate::world::World;

/// Hosts until the gateway is stopped for good; gives the exit code.
pub async fn host(world: &World, place: Place, options: &Options) -> Result<i32, Problem> {
    // First of all: a signal that arrives from here on waits for its answer.
    let mut asked = child::signals()?;
    world.system.make_dir(&place.own.run(), 0o700)?;
    if options.scheduled {
        speak_into(&place.own.host_log(&place.id));
    }
    child::reap_orphans();
    if options.is_apart() {
        child::leave_terminal();
    }
    let _lock = lock(world, &place)?;
    let mut job = job::job(world, &place, options)?;
    keep_within(&mut job, limit::limit(world, options).await?);
    let (tell, mut ended) = unbounded_channel();
    let mut host = Host::new(world, place, job, tell, options.detached).await?;
    let first = host.first().await?;
    host.drive(first, &mut asked, &mut ended).await
}

/// A Scheduled Task has no streams at all.
fn speak_into(log: &str) {
    let Ok(file) = child::host_log(log) else { return };
    let log = tracing_subscriber::fmt().with_writer(std::sync::Mutex::new(file));
    let _ = log.with_ansi(false).with_target(false).try_init();
}

fn lock(world: &World, place: &Place) -> Result<Lock, Problem> {
    if let Some(lock) = Lock::take(&place.own.lock(&place.id))? {
        return Ok(lock);
    }
    let record = desk::read(&*world.system, &place.own.record(&place.id)).ok().flatten();
    let pid = record.map_or("?".to_owned(), |record| record.host.pid.to_string());
    Err(Problem::new(Code::HostAlreadyRuns).with("pid", pid).hint_command("see-running", "gateward status"))
}

fn keep_within(job: &mut Job, limit: Option<Duration>) {
    let Some(limit) = limit else { return };
    let wanted = job.rules.drain;
    job.rules = job.rules.clone().within(limit);
    if job.rules.drain < wanted {
        let (limit_s, drain_s) = (limit.as_secs(), job.rules.drain.as_secs());
        tracing::warn!(limit_s, drain_s, "the drain is cut to what our own manager's limit leaves");
    }
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
    /// The restart under way was asked for.
    requested: bool,
    chronicle: Chronicle,
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
        let mut record = Record::new(place.id.profile.to_string(), own, job.fingerprint.clone());
        record.stops_within_s = job.rules.longest_stop().as_secs();
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
            requested: false,
            chronicle: Chronicle::new(world),
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
        let found = orphan::left_by(self.world, &self.place, &left).await?;
        self.desk.record.last_exit = left.last_exit;
        self.desk.record.last_uptime_s = left.last_uptime_s;
        self.desk.record.last_words = left.last_words;
        self.desk.record.notes = left.notes;
        let Some((proof, other)) = found else { return Ok(Event::Begin) };
        let pid = proof.pid;
        if left.command != self.job.fingerprint {
            tracing::warn!(pid, "a gateway of another command outlived its host and is ended");
            orphan::end(&*self.world.system, &other, pid, self.job.rules.drain).await?;
            return Ok(Event::Begin);
        }
        let is_recorded = left.gateway.as_ref() == Some(&proof);
        self.gateway = Some(Gateway::adopt(pid, other, &self.job.logs, self.tell.clone(), self.now()));
        self.desk.record.gateway = Some(proof);
        self.desk.record.since = left.since.filter(|_| is_recorded).or_else(|| Some(self.world.system.now()));
        Ok(Event::Adopted { pid })
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
            self.requested |= event == Event::Restart { authorised: true };
            let before = self.state.phase();
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
            self.write_down(before);
            self.announce(&event);
            if matches!(event, Event::Started { .. } | Event::Adopted { .. }) {
                child::give_back_code();
            }
            if let Some(code) = code {
                self.finish().await;
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
            Asked::Force => Event::Force,
            Asked::Hangup => Event::Hangup,
            Asked::Restart => Event::Restart { authorised: self.is_authorised() },
        }
    }

    fn is_authorised(&self) -> bool {
        token::is_authorised(self.world, &self.place, &self.desk.record.host)
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
            Effect::Terminate { .. } => self.gateway.iter_mut().for_each(Gateway::terminate),
            Effect::KillGroup { .. } => self.kill_group().await,
            Effect::Note(kind) => self.note(kind),
            Effect::Exit(code) => return Ok(Next::Exit(code)),
        }
        Ok(Next::Go)
    }

    /// The first start's failure is the caller's to read; a later one is tried again.
    async fn start(&mut self) -> Result<Next, Problem> {
        let gateway = match Gateway::start(&self.job, self.tell.clone(), self.now()) {
            Ok(gateway) => gateway,
            Err(problem) if self.desk.record.since.is_none() => {
                self.place.remove_pipes(&*self.world.system);
                self.desk.record.phase = record::Phase::Stopped;
                self.desk.write(&*self.world.system)?;
                return Err(problem);
            }
            Err(problem) => {
                tracing::error!(%problem, "the gateway could not be started");
                return Ok(Next::Then(Event::StartFailed));
            }
        };
        let pid = gateway.pid;
        self.gateway = Some(gateway);
        self.desk.record.gateway = desk::prove(&*self.world.system, self.world.around.os, pid).await.ok();
        self.desk.record.since = Some(self.world.system.now());
        tracing::info!(pid, "the gateway was started");
        Ok(Next::Then(Event::Started { pid }))
    }

    async fn kill_group(&mut self) {
        self.gateway.iter_mut().for_each(Gateway::kill_group);
        let Some(gateway) = self.gateway.take_if(|gateway| gateway.ended) else { return };
        self.desk.record.gateway = None;
        self.keep(&gateway.bury(self.job.rules.farewell / 2).await);
    }

    fn keep(&mut self, words: &str) {
        let path = self.place.own.last_words(&self.place.id);
        // A run that ended without a word takes no earlier one's place.
        if !self.desk.record.last_words.is_empty()
            && let Err(error) = child::set_aside(&path, EARLIER_ENDS)
        {
            tracing::warn!(%error, "the last words of the run before are lost");
        }
        self.desk.record.last_words = desk::last_lines(words, &self.job.secrets);
        let text = desk::masked(words, &self.job.secrets);
        if let Err(problem) = self.world.system.write_fleeting(&path, text.as_bytes(), 0o600) {
            tracing::warn!(%problem, "the gateway's last words could not be kept");
        }
    }

    fn note(&mut self, kind: IncidentKind) {
        if kind == IncidentKind::SignalIgnored {
            tracing::warn!("a restart by signal was ignored: neither a token nor commands.restart allows it");
        }
        let now = self.world.system.now();
        if !self.desk.record.note(now, kind) {
            return;
        }
        // A start of the host's own is told by the end before it.
        if kind == IncidentKind::Started && (std::mem::take(&mut self.requested) || self.state.restarts() > 0)
        {
            return;
        }
        let mut incident = history::incident(&self.desk.record, kind, now, self.requested);
        if let (IncidentKind::KilledAtDeadline, Some(gateway)) = (kind, &self.gateway) {
            // What it says while it does not end is what it hangs on.
            incident.last_words = desk::last_lines(&gateway.words(), &self.job.secrets);
        }
        self.chronicle.tell(incident);
    }

    /// A full disk must not stop the gateway: others then see an older state, or none.
    fn write_down(&mut self, before: Phase) {
        let phase = self.state.phase();
        self.desk.record.phase = desk::phase(phase);
        self.desk.record.restarts = self.state.restarts();
        if phase != before {
            self.desk.record.due = self.state.deadline().and_then(|due| self.wall_clock(due));
        }
        if let Err(problem) = self.desk.write(&*self.world.system) {
            tracing::warn!(%problem, "the host's record could not be written");
        }
    }

    fn wall_clock(&self, due: Duration) -> Option<Timestamp> {
        let left = SignedDuration::try_from(due.saturating_sub(self.now())).ok()?;
        self.world.system.now().checked_add(left).ok()
    }

    /// Tells the one who detached us that the gateway was started, when everybody else can read it too.
    fn announce(&mut self, event: &Event) {
        if self.announces && matches!(event, Event::Started { .. } | Event::Adopted { .. }) {
            self.announces = false;
            super::say(detach::READY);
        }
    }

    /// The history is waited for, but not past what a stop may take.
    async fn finish(self) {
        self.place.remove_pipes(&*self.world.system);
        let _ = tokio::time::timeout(self.job.rules.farewell / 4, self.chronicle.written()).await;
    }

    fn now(&self) -> Duration {
        self.world.system.clock()
    }
}
