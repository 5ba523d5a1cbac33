//! A systemd unit's signals, over the bus.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::SelectAll;
use jiff::Timestamp;
use zbus::message::Type;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::Teller;
use crate::model::{Exit, ExitRecord};
use crate::system::Scope;
use crate::system::os::{Lines, object_name};

const SYSTEMD: &str = "org.freedesktop.systemd1";
const MANAGER_PATH: &str = "/org/freedesktop/systemd1";
const MANAGER: &str = "org.freedesktop.systemd1.Manager";
const SERVICE: &str = "org.freedesktop.systemd1.Service";
const BUS: &str = "org.freedesktop.DBus";

/// How long the bus and the manager may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Where the user's manager may be, and the connections to there that all watches share.
pub struct Buses {
    pub addresses: Vec<String>,
    pub lines: Arc<Lines>,
}

/// Watches for ever; when the bus or the manager goes, it says so once and comes back with them.
pub async fn watch(buses: Buses, unit: String, scope: Scope, told: Teller) {
    let mut pause = FIRST_PAUSE;
    let mut reported = false;
    loop {
        let (why, worked) = session(&buses, &unit, &scope, &told).await;
        if worked || !reported {
            told.lost(why).await;
            reported = true;
        }
        pause = if worked { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        tokio::time::sleep(pause).await;
    }
}

/// One connection from beginning to end: why it ended, and whether it had worked.
async fn session(buses: &Buses, unit: &str, scope: &Scope, told: &Teller) -> (String, bool) {
    let opened = tokio::time::timeout(PATIENCE, Session::open(buses, unit, scope)).await;
    let session = match opened {
        Ok(Ok(session)) => session,
        Ok(Err(error)) => return (error.to_string(), false),
        Err(_) => return ("the bus does not answer".to_owned(), false),
    };
    told.watching().await;
    let connection = session.connection.clone();
    let why = session.follow(told).await;
    for address in &buses.addresses {
        buses.lines.forget(address, &connection).await;
    }
    (why, true)
}

struct Session {
    connection: Connection,
    messages: SelectAll<MessageStream>,
    path: String,
}

/// What one message means to us.
enum News {
    Nothing,
    Changed(Option<ExitRecord>),
    ManagerGone,
    ManagerBack,
}

impl Session {
    async fn open(buses: &Buses, unit: &str, scope: &Scope) -> zbus::Result<Self> {
        if *scope == Scope::System {
            let connection = zbus::connection::Builder::system()?.build().await?;
            return Self::on(connection, unit).await;
        }
        // Another account's bus lets nobody else in.
        let mut failure = zbus::Error::Address("no bus to watch".to_owned());
        let addresses: &[String] = if *scope == Scope::User { &buses.addresses } else { &[] };
        for address in addresses {
            match Self::at(&buses.lines, address, unit).await {
                Ok(session) => return Ok(session),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    async fn at(lines: &Lines, address: &str, unit: &str) -> zbus::Result<Self> {
        let connection = lines.to(address).await?;
        let opened = Self::on(connection.clone(), unit).await;
        if opened.is_err() {
            lines.forget(address, &connection).await;
        }
        opened
    }

    async fn on(connection: Connection, unit: &str) -> zbus::Result<Self> {
        let mut messages = SelectAll::new();
        let path = format!("{MANAGER_PATH}/unit/{}", object_name(unit));
        // A stream for each rule and not one of everything: the connection is everybody's.
        for rule in rules(&path)? {
            messages.push(MessageStream::for_match_rule(rule, &connection, None).await?);
        }
        subscribe(&connection).await?;
        Ok(Self { connection, messages, path })
    }

    async fn follow(mut self, told: &Teller) -> String {
        while let Some(message) = self.messages.next().await {
            let message = match message {
                Ok(message) => message,
                Err(error) => return error.to_string(),
            };
            match self.read(&message) {
                News::Nothing => {}
                News::Changed(exit) => told.changed(exit).await,
                News::ManagerGone => told.lost("the manager left the bus".to_owned()).await,
                // A new manager knows nothing of our subscription.
                News::ManagerBack => match subscribe(&self.connection).await {
                    Ok(()) => told.watching().await,
                    Err(error) => return error.to_string(),
                },
            }
        }
        "the bus closed the connection".to_owned()
    }

    fn read(&self, message: &Message) -> News {
        let header = message.header();
        if header.message_type() != Type::Signal {
            return News::Nothing;
        }
        let path = header.path().map(|path| path.as_str()).unwrap_or_default();
        match header.member().map(|member| member.as_str()).unwrap_or_default() {
            "PropertiesChanged" if path == self.path => News::Changed(exit_in(message)),
            "Reloading" | "UnitFilesChanged" => News::Changed(None),
            "NameOwnerChanged" => owner_news(message),
            _ => News::Nothing,
        }
    }
}

fn rules(path: &str) -> zbus::Result<Vec<MatchRule<'static>>> {
    let signal = || MatchRule::builder().msg_type(Type::Signal);
    let manager = |member: &'static str| {
        signal().sender(SYSTEMD)?.path(MANAGER_PATH)?.interface(MANAGER)?.member(member)
    };
    let properties = signal()
        .sender(SYSTEMD)?
        .path(path)?
        .interface("org.freedesktop.DBus.Properties")?
        .member("PropertiesChanged")?;
    let owner = signal().sender(BUS)?.interface(BUS)?.member("NameOwnerChanged")?.arg(0, SYSTEMD)?;
    Ok(vec![
        properties.build().to_owned(),
        // Not UnitNew and UnitRemoved: asking for a stopped unit loads it, systemd drops it again at once, and each question would
        // raise the next one. A start or an end changes properties anyway.
        manager("Reloading")?.build().to_owned(),
        manager("UnitFilesChanged")?.build().to_owned(),
        owner.build().to_owned(),
    ])
}

/// Without a subscriber systemd sends no signals at all.
async fn subscribe(connection: &Connection) -> zbus::Result<()> {
    let call = connection.call_method(Some(SYSTEMD), MANAGER_PATH, Some(MANAGER), "Subscribe", &());
    match call.await {
        Ok(_) => Ok(()),
        Err(zbus::Error::MethodError(name, _, _)) if name.ends_with(".AlreadySubscribed") => Ok(()),
        Err(error) => Err(error),
    }
}

fn owner_news(message: &Message) -> News {
    match message.body().deserialize::<(String, String, String)>() {
        Ok((_, _, new)) if new.is_empty() => News::ManagerGone,
        Ok(_) => News::ManagerBack,
        Err(_) => News::Nothing,
    }
}

/// The exit record that a service's changed properties carry, if its main process has ended.
fn exit_in(message: &Message) -> Option<ExitRecord> {
    let body = message.body();
    let (interface, changed, _): (&str, HashMap<&str, Value<'_>>, Vec<&str>) = body.deserialize().ok()?;
    if interface == SERVICE { exit_record(&changed) } else { None }
}

fn exit_record(changed: &HashMap<&str, Value<'_>>) -> Option<ExitRecord> {
    let status = i32::try_from(changed.get("ExecMainStatus")?).ok()?;
    // CLD_EXITED, CLD_KILLED and CLD_DUMPED of waitid(2); 0 while it runs.
    let exit = match i32::try_from(changed.get("ExecMainCode")?).ok()? {
        1 => Exit::Code { code: status },
        2 => Exit::Signal { signal: status, core: false },
        3 => Exit::Signal { signal: status, core: true },
        _ => return None,
    };
    let number = |name: &str| changed.get(name).and_then(|value| u32::try_from(value).ok());
    let micros = changed.get("ExecMainExitTimestamp").and_then(|value| u64::try_from(value).ok());
    Some(ExitRecord {
        exit,
        at: micros
            .filter(|at| *at > 0)
            .and_then(|at| Timestamp::from_microsecond(i64::try_from(at).ok()?).ok()),
        pid: number("ExecMainPID").filter(|pid| *pid > 0),
        result: changed.get("Result").and_then(|value| <&str>::try_from(value).ok()).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(code: i32, status: i32) -> HashMap<&'static str, Value<'static>> {
        [
            ("ExecMainCode", Value::from(code)),
            ("ExecMainStatus", Value::from(status)),
            ("ExecMainPID", Value::from(7_u32)),
            ("ExecMainExitTimestamp", Value::from(1_795_348_800_000_000_u64)),
            ("Result", Value::from("signal")),
        ]
        .into()
    }

    #[test]
    fn the_exit_record_is_read_from_the_signal_itself() {
        let record = exit_record(&changed(2, 9)).unwrap();
        assert_eq!(record.exit, Exit::Signal { signal: 9, core: false });
        assert_eq!((record.pid, record.result.as_deref()), (Some(7), Some("signal")));
        assert_eq!(record.at, Timestamp::from_second(1_795_348_800).ok());
    }

    #[test]
    fn a_running_process_has_no_exit_record() {
        assert_eq!(exit_record(&changed(0, 0)), None);
    }
}
