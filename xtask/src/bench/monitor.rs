//! Listens to everything on the session bus with one clock: what is late on its way to us is late for both ends of a
//! measured time.

use crate::rig::wait::PATIENCE;
use std::collections::HashMap;
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;
use std::{iter, thread};
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Message;
use zbus::zvariant::Value;

const BUS: &str = "org.freedesktop.DBus";

/// What is listened to; the path is the bus' spelling of the unit's name.
const RULES: [&str; 3] = [
    "type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',\
     path='/org/freedesktop/systemd1/unit/openclaw_2dgateway_2eservice'",
    "type='method_call',interface='org.freedesktop.Notifications',member='Notify'",
    "type='method_call',interface='org.kde.StatusNotifierWatcher',member='RegisterStatusNotifierItem'",
];

pub struct Monitor {
    heard: Receiver<Heard>,
}

pub struct Heard {
    pub at: Instant,
    pub what: What,
}

#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// The manager tells that the gateway's unit has changed.
    UnitChanged,
    /// An application calls the notification service; labels of the buttons.
    Notified { buttons: Vec<String> },
    /// An application announces its tray icon.
    ItemRegistered,
}

impl Monitor {
    pub fn start(address: &str) -> Result<Self, String> {
        let connection = connect(address).map_err(|error| format!("The bus can't be watched: {error}."))?;
        let (tell, heard) = mpsc::channel();
        thread::spawn(move || {
            for message in MessageIterator::from(connection).flatten() {
                let at = Instant::now();
                let told = read(&message).is_none_or(|what| tell.send(Heard { at, what }).is_ok());
                if !told {
                    return;
                }
            }
        });
        Ok(Self { heard })
    }

    /// The next of its kind, others are passed over; `None` when it does not come.
    pub fn wait(&self, is_it: impl Fn(&What) -> bool) -> Option<Heard> {
        let end = Instant::now() + PATIENCE;
        let next = || self.heard.recv_timeout(end.saturating_duration_since(Instant::now())).ok();
        iter::from_fn(next).find(|heard| is_it(&heard.what))
    }

    /// Everything that has come and was not waited for.
    pub fn rest(&self) -> Vec<What> {
        self.heard.try_iter().map(|heard| heard.what).collect()
    }

    pub fn forget(&self) {
        self.rest();
    }
}

fn connect(address: &str) -> zbus::Result<Connection> {
    let connection = Builder::address(address)?.build()?;
    let request = (RULES.as_slice(), 0_u32);
    let monitoring = Some("org.freedesktop.DBus.Monitoring");
    connection.call_method(Some(BUS), "/org/freedesktop/DBus", monitoring, "BecomeMonitor", &request)?;
    Ok(connection)
}

fn read(message: &Message) -> Option<What> {
    let header = message.header();
    match header.member()?.as_str() {
        "PropertiesChanged" => Some(What::UnitChanged),
        "RegisterStatusNotifierItem" => Some(What::ItemRegistered),
        "Notify" => notified(message),
        _ => None,
    }
}

/// The arguments of `Notify`; the sixth holds key and label of each button.
type Notify<'a> = (&'a str, u32, &'a str, &'a str, &'a str, Vec<&'a str>, HashMap<&'a str, Value<'a>>, i32);

fn notified(message: &Message) -> Option<What> {
    let body = message.body();
    let (_, _, _, _, _, actions, _, _): Notify<'_> = body.deserialize().ok()?;
    let buttons = actions.chunks_exact(2).map(|pair| pair[1].to_owned()).collect();
    Some(What::Notified { buttons })
}
