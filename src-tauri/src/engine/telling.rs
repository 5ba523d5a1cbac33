//! What becomes of a notice: shown, held back or left out as the settings say, and passed on to the alert routes.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::UnboundedSender;

use super::{NoticeEvent, Setup};
use crate::alerts::{self, Alert};
use crate::identity::Surroundings;
use crate::incidents::trouble_key;
use crate::model::{Fate, Notice, NoticeKind, PastNotice};
use crate::settings;
use crate::system::System;

pub struct Teller {
    system: Arc<dyn System>,
    around: Surroundings,
    profile: String,
    notices: UnboundedSender<NoticeEvent>,
    alerts: Option<UnboundedSender<Alert>>,
    /// When notices were shown within the last hour.
    recent: VecDeque<Timestamp>,
    /// Those that quiet hours hold back, the oldest first: the newest of each key.
    held: Vec<Notice>,
    /// The best that became of the notices about the trouble that lasts, and about the one that has just ended.
    trouble: Option<Fate>,
    ended: Option<Fate>,
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

impl Teller {
    pub fn new(setup: &Setup, notices: UnboundedSender<NoticeEvent>) -> Self {
        Self {
            system: setup.world.system.clone(),
            around: setup.world.around.clone(),
            profile: setup.gateway.id.profile.to_string(),
            notices,
            alerts: setup.outlets.alerts.clone(),
            recent: VecDeque::new(),
            held: Vec::new(),
            trouble: None,
            ended: None,
        }
    }

    /// Tells what happened `at`; gives what became of it on the desktop. Routes have their own rules.
    pub fn tell(&mut self, notice: Notice, at: Timestamp) -> PastNotice {
        let fate = self.judge(&notice);
        if self.is_trouble(&notice) {
            self.trouble = self.trouble.filter(|best| *best == Fate::Shown).or(Some(fate));
        }
        let past = past(&notice, fate, self.system.now());
        self.alert(&notice, at);
        match fate {
            Fate::Shown => self.show(notice),
            // By the end of the quiet hours it is no news.
            Fate::Quiet if notice.kind == NoticeKind::Recovered => {}
            Fate::Quiet => self.hold(notice),
            Fate::Off | Fate::Limited => {}
        }
        past
    }

    /// Takes the notice with this key back.
    pub fn close(&mut self, key: &str) {
        self.let_go(key);
        self.ended = self.trouble.take();
        self.send(NoticeEvent::Close(key.to_owned()));
    }

    /// Shows what quiet hours have held back, once they are over.
    pub fn release(&mut self) -> Vec<PastNotice> {
        let mut released = Vec::new();
        for notice in std::mem::take(&mut self.held) {
            let fate = self.judge(&notice);
            if fate == Fate::Quiet {
                self.held.push(notice);
                continue;
            }
            released.push(past(&notice, fate, self.system.now()));
            if fate == Fate::Shown {
                self.show(notice);
            }
        }
        released
    }

    fn hold(&mut self, notice: Notice) {
        self.let_go(&notice.key);
        self.held.push(notice);
    }

    fn let_go(&mut self, key: &str) {
        self.held.retain(|held| held.key != key);
    }

    /// The settings are read each time: notices are rare, and a change counts at once.
    fn judge(&mut self, notice: &Notice) -> Fate {
        let now = self.system.now();
        self.recent.retain(|shown| now.duration_since(*shown) < HOUR);
        let settings = settings::current(&*self.system, &self.around).notices;
        let own = settings.fate(notice.kind, now, self.recent.len());
        // That something is well again is no news to who was not told that it was not.
        let unseen = self.ended.filter(|best| *best != Fate::Shown && notice.kind == NoticeKind::Recovered);
        if own == Fate::Shown { unseen.unwrap_or(own) } else { own }
    }

    fn show(&mut self, notice: Notice) {
        self.recent.push_back(self.system.now());
        self.let_go(&notice.key);
        if self.is_trouble(&notice) {
            self.trouble = Some(Fate::Shown);
        }
        self.send(NoticeEvent::Show(notice));
    }

    fn is_trouble(&self, notice: &Notice) -> bool {
        notice.key == trouble_key(&self.profile)
    }

    fn alert(&self, notice: &Notice, at: Timestamp) {
        let Some(alerts) = &self.alerts else { return };
        let machine = alerts::machine(&*self.system, &self.around);
        let _ = alerts.send(Alert::new(notice, &self.profile, &machine, at));
    }

    /// Nobody may listen; then nobody misses it.
    fn send(&self, event: NoticeEvent) {
        let _ = self.notices.send(event);
    }
}

fn past(notice: &Notice, fate: Fate, at: Timestamp) -> PastNotice {
    PastNotice { at, kind: notice.kind, title: notice.title.clone(), body: notice.body.clone(), fate }
}

#[cfg(test)]
mod tests {
    // Helpers of tests are tests to us, not to clippy.
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::engine::Outlets;
    use crate::identity::tests::around;
    use crate::system::scripted::{Scripted, Still, still};
    use crate::world::World;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    /// The scripted clock begins at noon.
    const QUIET: &str = r#"{"notices":{"quiet_hours":"11:00-13:00 UTC"}}"#;

    fn set(system: &Scripted<Still>, settings: &str) {
        system.write("/home/anna/.config/gateward/settings.json", settings.as_bytes(), 0o600).unwrap();
    }

    fn quiet() -> (Arc<Scripted<Still>>, Teller, UnboundedReceiver<NoticeEvent>) {
        let system = still();
        set(&system, QUIET);
        let around = around(&[("GATEWARD_MANAGER", "systemd")]);
        let world = World { system: system.clone(), around };
        let setup = Setup {
            gateway: world.gateway(None).unwrap(),
            world,
            store: None,
            spec: Arc::new(|| unreachable!()),
            words: Arc::new(|_, _| unreachable!()),
            outlets: Outlets::default(),
        };
        let (notices, shown) = unbounded_channel();
        (system, Teller::new(&setup, notices), shown)
    }

    fn notice(key: &str, title: &str) -> Notice {
        Notice::plain(key, title.to_owned(), String::new())
    }

    #[test]
    fn after_quiet_hours_the_newest_of_each_matter_is_shown() {
        let (system, mut teller, mut shown) = quiet();
        for (key, title) in [("a", "old"), ("b", "other"), ("c", "over"), ("a", "new")] {
            assert_eq!(teller.tell(notice(key, title), system.now()).fate, Fate::Quiet);
        }
        teller.close("c");
        assert_eq!(teller.release(), []);
        set(&system, "{}");
        assert!(teller.release().iter().all(|past| past.fate == Fate::Shown));
        assert_eq!(teller.release(), []);
        let titles: Vec<String> = std::iter::from_fn(|| shown.try_recv().ok())
            .filter_map(|event| match event {
                NoticeEvent::Show(notice) => Some(notice.title),
                NoticeEvent::Close(_) => None,
            })
            .collect();
        assert_eq!(titles, ["other", "new"]);
    }
}
