//! What a person has set: which notices they want and when, where alerts go, and what counts as trouble.
//!
//! Stands in Gateward's own `settings.json`; a [`Document`] is that file, [`Settings`] what it means. What is left out has its
//! default, and what this version does not know stays where it is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hyper::Uri;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

mod change;
mod document;
mod field;
mod quiet;
mod route;
mod secrets;

pub use change::Change;
pub use document::{Document, current, path};
pub use field::{Field, Kind, ROUTE_SWITCHES, Section, UPDATES, Unit, profile_of, sections};
pub use quiet::QuietHours;
pub use route::{Route, Via};
pub use secrets::{RouteSecrets, SECRET_FIELDS, Secrets};

use crate::auth::own::OwnSource;
use crate::identity::Surroundings;
use crate::model::{Fate, NoticeKind};
use crate::programs::Given;

#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub notices: Notices,
    pub alerts: Alerts,
    pub thresholds: Thresholds,
    pub credentials: Credentials,
    /// What OpenClaw is run with, where a person insists.
    pub programs: Given,
    pub logs: Logs,
    pub window: Window,
    /// The gateways of other profiles, by profile.
    pub profiles: BTreeMap<String, OtherProfile>,
    pub updates: Updates,
}

impl Settings {
    /// The profiles that are not wanted in the tray's menu.
    pub fn hidden_profiles(&self) -> BTreeSet<String> {
        let hidden = self.profiles.iter().filter(|(_, other)| !other.in_menu);
        hidden.map(|(profile, _)| profile.clone()).collect()
    }
}

/// What this Gateward has to do with another profile's gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherProfile {
    pub in_menu: bool,
}

impl Default for OtherProfile {
    fn default() -> Self {
        Self { in_menu: true }
    }
}

/// Whether Gateward asks by itself if a newer one was published. Nothing is fetched but the answer, and nothing installed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Updates {
    /// Once a day; off until the owner says so.
    pub check: bool,
    /// Another address than the build's; empty for that one.
    #[serde(deserialize_with = "address")]
    pub url: String,
}

fn address<'de, D: serde::Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    let url = String::deserialize(source)?;
    let expected = || serde::de::Error::custom("expected an address that begins with https://");
    let fits = url.is_empty() || is_safe(&url);
    fits.then_some(url).ok_or_else(expected)
}

/// https, or http to this machine.
fn is_safe(url: &str) -> bool {
    let Ok(url) = url.parse::<Uri>() else { return false };
    // A name before an `@` would be taken for the host.
    let Some(authority) = url.authority().filter(|it| !it.as_str().contains('@')) else { return false };
    match url.scheme_str() {
        Some("https") => true,
        Some("http") => ["127.0.0.1", "localhost", "[::1]"].contains(&authority.host()),
        Some(_) | None => false,
    }
}

/// The logs that Gateward keeps from growing: the host's, and those that launchd would let grow for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Logs {
    /// MiB; a log that has them is put aside and begun anew.
    #[serde(deserialize_with = "at_least_one")]
    pub max_mib: u32,
}

impl Default for Logs {
    fn default() -> Self {
        Self { max_mib: 10 }
    }
}

impl Logs {
    /// Bytes.
    pub fn limit(&self) -> u64 {
        u64::from(self.max_mib) * 1024 * 1024
    }
}

/// How the window looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    pub theme: Theme,
    /// Of the command line too.
    pub language: Language,
    /// Percent.
    #[serde(deserialize_with = "zoom")]
    pub zoom: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self { theme: Theme::default(), language: Language::default(), zoom: 100 }
    }
}

impl Window {
    /// What can be read, and what still fits on a screen.
    pub const ZOOM: std::ops::RangeInclusive<u32> = 50..=300;

    /// The next size in a direction; `0` is the usual one.
    pub fn zoomed(&self, direction: i32) -> u32 {
        let step = match direction {
            0 => return Self::default().zoom,
            direction => direction.signum() * 10,
        };
        self.zoom.saturating_add_signed(step).clamp(*Self::ZOOM.start(), *Self::ZOOM.end())
    }
}

fn zoom<'de, D: serde::Deserializer<'de>>(source: D) -> Result<u32, D::Error> {
    let percent = u32::deserialize(source)?;
    let expected = || serde::de::Error::custom("expected a percentage from 50 to 300");
    Window::ZOOM.contains(&percent).then_some(percent).ok_or_else(expected)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// As the locale of the surroundings is.
    #[default]
    System,
    En,
    ZhCn,
}

impl Language {
    /// The locale whose words are wanted.
    pub fn locale(self, around: &Surroundings) -> &str {
        match self {
            Language::System => around.locale(),
            Language::En => "en",
            Language::ZhCn => "zh-CN",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the desktop is.
    #[default]
    System,
    Light,
    Dark,
}

/// What is watched besides what OpenClaw itself knows, and when to warn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Credentials {
    /// The last warning before the end.
    #[serde(deserialize_with = "at_least_one")]
    pub warn_hours: u32,
    pub sources: Vec<OwnSource>,
}

impl Default for Credentials {
    fn default() -> Self {
        Self { warn_hours: 2, sources: Vec::new() }
    }
}

/// Notices on the desktop: one switch for each kind, and when to keep still.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notices {
    pub crash: bool,
    /// It crashes again and again.
    #[serde(rename = "loop")]
    pub looping: bool,
    pub gave_up: bool,
    pub config_error: bool,
    pub hung: bool,
    pub recovered: bool,
    pub credential: bool,
    /// Everything else.
    pub other: bool,
    /// `null`: never quiet.
    pub quiet_hours: Option<QuietHours>,
    /// At most so many within an hour.
    pub per_hour: u32,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            crash: true,
            looping: true,
            gave_up: true,
            config_error: true,
            hung: true,
            recovered: true,
            credential: true,
            other: true,
            quiet_hours: None,
            per_hour: 20,
        }
    }
}

impl Notices {
    pub fn wants(&self, kind: NoticeKind) -> bool {
        match kind {
            NoticeKind::Crash => self.crash,
            NoticeKind::Loop => self.looping,
            NoticeKind::GaveUp => self.gave_up,
            NoticeKind::ConfigError => self.config_error,
            NoticeKind::Hung | NoticeKind::PortTaken => self.hung,
            NoticeKind::Recovered => self.recovered,
            NoticeKind::Credential => self.credential,
            NoticeKind::Other => self.other,
        }
    }
}

impl Notices {
    /// What is to become of a notice at `now`, when `recent` were shown within the last hour.
    pub fn fate(&self, kind: NoticeKind, now: Timestamp, recent: usize) -> Fate {
        if !self.wants(kind) {
            return Fate::Off;
        }
        if self.quiet_hours.as_ref().is_some_and(|hours| hours.hold(now)) {
            return Fate::Quiet;
        }
        if recent >= usize::try_from(self.per_hour).unwrap_or(usize::MAX) {
            Fate::Limited
        } else {
            Fate::Shown
        }
    }
}

/// Ways to reach the owner that need neither the gateway nor a desktop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alerts {
    /// By the name that the owner gave it.
    pub routes: BTreeMap<String, Route>,
    /// At most so many within an hour over each route.
    pub per_hour: u32,
}

impl Default for Alerts {
    fn default() -> Self {
        Self { routes: BTreeMap::new(), per_hour: 12 }
    }
}

/// What counts as trouble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Silent for so long is a hang; one slow answer is none.
    #[serde(deserialize_with = "at_least_one")]
    pub hung_after_s: u32,
    /// Well for so long, the next crash is a first one again.
    #[serde(deserialize_with = "at_least_one")]
    pub calm_after_s: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { hung_after_s: 10, calm_after_s: 600 }
    }
}

impl Thresholds {
    pub fn hung_after(&self) -> Duration {
        Duration::from_secs(self.hung_after_s.into())
    }

    pub fn calm_after(&self) -> Duration {
        Duration::from_secs(self.calm_after_s.into())
    }
}

fn at_least_one<'de, D: serde::Deserializer<'de>>(source: D) -> Result<u32, D::Error> {
    match u32::deserialize(source)? {
        0 => Err(serde::de::Error::custom("must be at least 1")),
        seconds => Ok(seconds),
    }
}
