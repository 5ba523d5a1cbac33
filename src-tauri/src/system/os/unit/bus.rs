//! A unit's properties over D-Bus (org.freedesktop.systemd1(5)).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, connection};

use crate::system::os::run::runtime_dir;
use crate::system::properties;

/// For connecting and asking together; the manager answers within a few milliseconds or is stuck.
const PATIENCE: Duration = Duration::from_secs(2);

pub struct Bus {
    lines: Arc<Lines>,
    addresses: Vec<String>,
    /// The address at which the manager answered.
    known: Mutex<Option<String>>,
}

/// One connection to each bus, for all who ask and watch there: each has a thread of its own.
#[derive(Default)]
pub struct Lines(Mutex<BTreeMap<String, Connection>>);

impl Lines {
    /// # Errors
    /// What the bus says, or the system.
    pub async fn to(&self, address: &str) -> zbus::Result<Connection> {
        let mut open = self.0.lock().await;
        if let Some(connection) = open.get(address) {
            return Ok(connection.clone());
        }
        let connection = connection::Builder::address(address)?.build().await?;
        open.insert(address.to_owned(), connection.clone());
        Ok(connection)
    }

    /// It broke, so the next one opens another. What somebody has opened since stays.
    pub async fn forget(&self, address: &str, broken: &Connection) {
        let mut open = self.0.lock().await;
        let name = |connection: &Connection| {
            (connection.server_guid().to_string(), connection.unique_name().map(ToString::to_string))
        };
        if open.get(address).is_some_and(|kept| name(kept) == name(broken)) {
            open.remove(address);
        }
    }
}

impl Bus {
    /// The session's bus, then the one in the runtime folder: a forwarded or nested session has a bus without systemd on it.
    ///
    /// systemd's private socket is left to systemctl: zbus 5.19 panics on the names in its replies.
    pub fn new(variables: &BTreeMap<String, String>) -> Self {
        let set = |name: &str| variables.get(name).filter(|text| !text.is_empty()).cloned();
        let run = set("XDG_RUNTIME_DIR").unwrap_or_else(|| runtime_dir().to_owned());
        let session = set("DBUS_SESSION_BUS_ADDRESS");
        let mut addresses: Vec<String> = session.into_iter().chain([unix(&format!("{run}/bus"))]).collect();
        addresses.dedup();
        Self { lines: Arc::default(), addresses, known: Mutex::new(None) }
    }

    /// Where the user's manager may be found, the likeliest first.
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    pub fn lines(&self) -> Arc<Lines> {
        Arc::clone(&self.lines)
    }

    /// The properties of `unit` and the route; `None` when no manager answers in time.
    pub async fn properties(&self, unit: &str) -> Option<(BTreeMap<String, String>, String)> {
        tokio::time::timeout(PATIENCE, self.try_twice(unit)).await.ok()?
    }

    /// A kept connection may be dead: the manager closes its own when it re-executes itself.
    async fn try_twice(&self, unit: &str) -> Option<(BTreeMap<String, String>, String)> {
        let mut known = self.known.lock().await;
        if let Some(address) = known.as_deref() {
            match self.ask_at(address, unit).await {
                Ok(seen) => return Some((seen, route(address))),
                Err(error) => tracing::debug!(%error, "the connection to the manager broke"),
            }
        }
        *known = None;
        for address in &self.addresses {
            if let Ok(seen) = self.ask_at(address, unit).await {
                *known = Some(address.clone());
                return Some((seen, route(address)));
            }
        }
        None
    }

    async fn ask_at(&self, address: &str, unit: &str) -> zbus::Result<BTreeMap<String, String>> {
        let connection = self.lines.to(address).await?;
        let asked = ask(&connection, unit).await;
        if asked.is_err() {
            self.lines.forget(address, &connection).await;
        }
        asked
    }
}

fn route(address: &str) -> String {
    format!("D-Bus {address}")
}

/// A D-Bus address; characters that have a meaning in it are written as `%XX`.
fn unix(path: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_/.".contains(byte);
    let escape = |byte: &u8| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") };
    format!("unix:path={}", path.as_bytes().iter().map(escape).collect::<String>())
}

const MANAGER: &str = "org.freedesktop.systemd1";

/// Two calls, sent together: all properties, and the unit file's state as it is on disk now.
async fn ask(connection: &Connection, unit: &str) -> zbus::Result<BTreeMap<String, String>> {
    let path = format!("/org/freedesktop/systemd1/unit/{}", object_name(unit));
    let getting = connection.call_method(
        Some(MANAGER),
        path.as_str(),
        Some("org.freedesktop.DBus.Properties"),
        "GetAll",
        &(""),
    );
    let state = connection.call_method(
        Some(MANAGER),
        "/org/freedesktop/systemd1",
        Some("org.freedesktop.systemd1.Manager"),
        "GetUnitFileState",
        &(unit),
    );
    let (all, state) = futures_util::future::join(getting, state).await;
    let all = all?;
    let body = all.body();
    let all: HashMap<&str, Value<'_>> = body.deserialize()?;
    let mut seen = texts(&all);
    // A unit without a file has no such state; that is an error only to this call.
    if let Ok(state) = state.and_then(|message| message.body().deserialize::<String>()) {
        seen.insert("UnitFileState".to_owned(), state);
    }
    Ok(seen)
}

/// The unit's name in an object path: letters and digits stay, others become `_` and two hex digits, and so does a leading digit.
pub fn object_name(unit: &str) -> String {
    let escaped = |(at, byte): (usize, &u8)| {
        let plain = byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit());
        if plain { char::from(*byte).to_string() } else { format!("_{byte:02x}") }
    };
    unit.as_bytes().iter().enumerate().map(escaped).collect()
}

fn texts(all: &HashMap<&str, Value<'_>>) -> BTreeMap<String, String> {
    let named = |name: &&str| Some(((*name).to_owned(), text(name, all.get(name)?)?));
    properties::NAMES.iter().filter_map(named).collect()
}

/// As `systemctl show` prints it; `None` for what it leaves out.
fn text(name: &str, value: &Value<'_>) -> Option<String> {
    match value {
        Value::U64(0) if name.ends_with("Timestamp") => Some(String::new()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::U32(number) => Some(number.to_string()),
        Value::I32(number) => Some(number.to_string()),
        Value::U64(number) => Some(number.to_string()),
        Value::I64(number) => Some(number.to_string()),
        Value::Str(text) => Some(text.to_string()),
        Value::Structure(_) => load_error(value),
        Value::Array(files) if files.is_empty() && name == "EnvironmentFiles" => None,
        Value::Array(_) => list(value),
        _ => None,
    }
}

fn load_error(value: &Value<'_>) -> Option<String> {
    let (name, words): (String, String) = owned(value)?;
    let unset = name.is_empty() && words.is_empty();
    Some(if unset { String::new() } else { format!("{name} \"{words}\"") })
}

fn list(value: &Value<'_>) -> Option<String> {
    if let Some(words) = owned::<Vec<String>>(value) {
        return Some(properties::list(&words));
    }
    let files: Vec<(String, bool)> = owned(value)?;
    let line = |(path, optional): (String, bool)| {
        format!("{path} (ignore_errors={})", if optional { "yes" } else { "no" })
    };
    Some(files.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn owned<T: TryFrom<OwnedValue>>(value: &Value<'_>) -> Option<T> {
    T::try_from(value.try_to_owned().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_units_object_path_is_escaped() {
        assert_eq!(object_name("openclaw-gateway.service"), "openclaw_2dgateway_2eservice");
        assert_eq!(object_name("1a1.service"), "_31a1_2eservice");
    }

    #[test]
    fn an_address_survives_odd_folders() {
        assert_eq!(unix("/tmp/a b,c"), "unix:path=/tmp/a%20b%2cc");
    }

    #[test]
    fn values_are_written_as_systemctl_writes_them() {
        assert_eq!(text("XTimestamp", &Value::U64(0)).as_deref(), Some(""));
        assert_eq!(text("X", &Value::from(true)).as_deref(), Some("yes"));
        assert_eq!(
            text("LoadError", &Value::from(("a.b", "Not found."))).as_deref(),
            Some("a.b \"Not found.\"")
        );
        let files = Value::from(vec![("/a".to_owned(), true), ("/b c".to_owned(), false)]);
        assert_eq!(text("X", &files).as_deref(), Some("/a (ignore_errors=yes)\n/b c (ignore_errors=no)"));
    }
}
