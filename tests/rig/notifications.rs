//! A notification service that records what it is sent and presses buttons when told to.

use super::desktop::Desktop;
use super::wait::{PATIENCE, wait_at_most, wait_for, wait_until};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use zbus::blocking::{Connection, connection::Builder};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

const PATH: &str = "/org/freedesktop/Notifications";
const NAME: &str = "org.freedesktop.Notifications";

/// What desktops mostly can.
pub const ALL: [&str; 4] = ["actions", "body", "body-markup", "persistence"];

/// Reasons of `NotificationClosed` in the specification.
const DISMISSED: u32 = 2;
const CLOSED_BY_CALL: u32 = 3;

/// One call of `Notify`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: u32,
    pub app: String,
    /// 0, or the id of the notification that this one takes the place of.
    pub replaces: u32,
    pub icon: String,
    pub summary: String,
    pub body: String,
    /// Key and label of each button.
    pub actions: Vec<(String, String)>,
    /// Values as GVariant text, as in `byte 0x02`.
    pub hints: BTreeMap<String, String>,
    /// Milliseconds; -1 leaves it to the service, 0 is for ever.
    pub timeout: i32,
}

impl Notification {
    /// The button of this label, as the application named it.
    #[track_caller]
    pub fn key(&self, label: &str) -> &str {
        let found = self.actions.iter().find(|(_, known)| known == label);
        found.map(|(key, _)| key.as_str()).unwrap_or_else(|| panic!("no button {label}: {self:?}"))
    }
}

/// The running service; recorded calls stay until it is dropped.
pub struct Notifications {
    connection: Connection,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    shown: Vec<Notification>,
    closed: Vec<u32>,
}

impl Notifications {
    #[track_caller]
    pub(super) fn record(desktop: &Desktop, abilities: &'static [&'static str]) -> Self {
        let log = Arc::<Mutex<Log>>::default();
        let connection = Builder::address(desktop.variable("DBUS_SESSION_BUS_ADDRESS"))
            .and_then(|builder| builder.serve_at(PATH, Service { log: Arc::clone(&log), abilities }))
            .and_then(|builder| builder.name(NAME))
            .and_then(Builder::build)
            .expect("the name of the notification service");
        Self { connection, log }
    }

    /// All calls so far, oldest first.
    pub fn shown(&self) -> Vec<Notification> {
        self.log.lock().expect("log").shown.clone()
    }

    /// Ids that the application itself has closed.
    pub fn closed(&self) -> Vec<u32> {
        self.log.lock().expect("log").closed.clone()
    }

    /// Waits for the first notification that `is_it`.
    #[track_caller]
    pub fn wait_for(&self, what: &str, is_it: impl Fn(&Notification) -> bool) -> Notification {
        wait_for(PATIENCE, what, || self.shown().into_iter().find(|shown| is_it(shown)))
    }

    /// Tells the application that the button of this key was clicked. Services close the notification then, as [`Self::dismiss`]
    /// does; here it stays, so that it can be clicked again.
    #[track_caller]
    pub fn press(&self, id: u32, key: &str) {
        self.emit("ActionInvoked", &(id, key));
    }

    /// Clicks until it `is_so`, as an application listens only some milliseconds after it has sent the notification, faster than a
    /// person and slower than a test; then the notification is gone.
    #[track_caller]
    pub fn press_until(&self, told: &Notification, label: &str, is_so: impl Fn() -> bool) {
        wait_until(PATIENCE, &format!("{label} does what it says"), || {
            self.press(told.id, told.key(label));
            wait_at_most(Duration::from_secs(2), || is_so().then_some(())).is_some()
        });
        self.dismiss(told.id);
    }

    /// Does what a click on the notification's cross does.
    #[track_caller]
    pub fn dismiss(&self, id: u32) {
        self.emit("NotificationClosed", &(id, DISMISSED));
    }

    #[track_caller]
    fn emit<B: serde::Serialize + zbus::zvariant::DynamicType>(&self, signal: &str, body: &B) {
        self.connection.emit_signal(None::<&str>, PATH, NAME, signal, body).expect("signal");
    }
}

struct Service {
    log: Arc<Mutex<Log>>,
    /// As the specification names them.
    abilities: &'static [&'static str],
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    // The arguments are the specification's.
    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        app: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        timeout: i32,
    ) -> u32 {
        let mut log = self.log.lock().expect("log");
        let newest = log.shown.iter().map(|shown| shown.id).max().unwrap_or_default();
        let id = if replaces == 0 { newest + 1 } else { replaces };
        let actions = actions.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        let hints = hints.into_iter().map(|(name, value)| (name, value.to_string())).collect();
        log.shown.push(Notification { id, app, replaces, icon, summary, body, actions, hints, timeout });
        id
    }

    async fn close_notification(
        &self,
        id: u32,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        self.log.lock().expect("log").closed.push(id);
        Ok(emitter.emit(NAME, "NotificationClosed", &(id, CLOSED_BY_CALL)).await?)
    }

    fn get_capabilities(&self) -> Vec<&'static str> {
        self.abilities.to_vec()
    }

    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("recorder", "gateward tests", "1", "1.2")
    }
}
