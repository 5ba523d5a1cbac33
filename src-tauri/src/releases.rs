//! Whether a newer Gateward was published: asked when a person says so, and once a day with their consent.
//!
//! The answer is a manifest that its publisher signed (docs/security.md, "Own updates"). Gateward tells that there is a newer
//! version and where it is; it fetches, installs and starts nothing.

use std::time::Duration;

use hyper::Uri;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

mod manifest;

pub use manifest::{Distrust, File, Manifest, Release};

use crate::identity::Surroundings;
use crate::layout;
use crate::model::Redacted;
use crate::problem::{Code, Problem};
use crate::programs::Version;
use crate::settings::{self, Updates};
use crate::system::{Fetch, System};
use crate::world::World;

/// The publisher's key (minisign, base64) and the manifest's address, given to the build of a release.
const KEY: Option<&str> = option_env!("GATEWARD_UPDATE_KEY");
const URL: Option<&str> = option_env!("GATEWARD_UPDATE_URL");

/// Far more than a manifest of a few files has, in bytes.
const MOST: usize = 64 * 1024;
const DEADLINE: Duration = Duration::from_secs(20);

const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// Between two looks at whether it is time to ask.
const PAUSE: Duration = Duration::from_secs(3600);

/// Whom to ask, and whom to believe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub url: String,
    /// Base64, as the second line of minisign's `.pub` files.
    pub key: String,
}

impl Source {
    /// That of this build; the address may be another one by the settings, the key may not.
    ///
    /// # Errors
    /// `NoUpdateSource` where the build was given none.
    pub fn built_in(updates: &Updates) -> Result<Self, Problem> {
        Self::of(KEY, URL, updates)
    }

    fn of(key: Option<&str>, url: Option<&str>, updates: &Updates) -> Result<Self, Problem> {
        let set = Some(updates.url.as_str()).filter(|url| !url.is_empty());
        match (key, set.or(url)) {
            (Some(key), Some(url)) => Ok(Self { url: url.to_owned(), key: key.to_owned() }),
            (None, _) | (_, None) => Err(Problem::new(Code::NoUpdateSource)),
        }
    }
}

/// What was found out last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub asked_at: Timestamp,
    /// Of the newest manifest that was believed; an older one is somebody's replay.
    pub released: Timestamp,
    /// What was newer than the Gateward that asked.
    pub newer: Option<Release>,
}

/// What `updates.json` of Gateward's state folder holds.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Kept {
    /// The last question, whatever became of it.
    tried_at: Option<Timestamp>,
    #[serde(flatten)]
    known: Option<Known>,
}

/// How this Gateward stands to what was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The build knows nobody to ask.
    NoSource,
    NotAsked,
    Newest,
    Newer(Release),
}

/// What is known without asking anybody.
pub fn standing(system: &dyn System, around: &Surroundings) -> Standing {
    let updates = settings::current(system, around).updates;
    match (kept(system, around).known, Source::built_in(&updates)) {
        (_, Err(_)) => Standing::NoSource,
        (None, Ok(_)) => Standing::NotAsked,
        // It may have been installed since.
        (Some(Known { newer: Some(release), .. }), Ok(_)) if release.is_newer_than(own_version()) => {
            Standing::Newer(release)
        }
        (Some(_), Ok(_)) => Standing::Newest,
    }
}

/// Asks `source`, and keeps what it said.
///
/// # Errors
/// As [`look`]; `NoHome`, `WriteFailed`.
pub async fn ask(source: &Source, world: &World) -> Result<Known, Problem> {
    let (system, around) = (&*world.system, &world.around);
    let tried_at = Some(system.now());
    // A question without an answer counts too: nobody is asked more than once a day.
    keep(&Kept { tried_at, ..kept(system, around) }, system, around)?;
    let found = look(source, world).await?;
    keep(&Kept { tried_at, known: Some(found.clone()) }, system, around)?;
    Ok(found)
}

/// Asks `source`, and keeps nothing.
///
/// # Errors
/// `UpdateUnreachable`; `UpdateUntrusted` with the `reason`.
pub async fn look(source: &Source, world: &World) -> Result<Known, Problem> {
    let (system, around) = (&*world.system, &world.around);
    let last = kept(system, around).known.map(|known| known.released);
    let signature = signature_of(&source.url).ok_or_else(|| unreachable("the address is not valid"))?;
    let text = fetch(&source.url, system).await?;
    let signature = fetch(&signature, system).await?;
    let read = Manifest::trusted(&text, &signature, &source.key, system.now(), last);
    let manifest = read.map_err(|why| Problem::new(Code::UpdateUntrusted).with("reason", why.word()))?;
    Ok(Known {
        asked_at: system.now(),
        released: manifest.released,
        newer: Some(manifest.release()).filter(|release| release.is_newer_than(own_version())),
    })
}

/// Asks once a day for as long as the owner wants it; returns never.
pub async fn ask_daily(world: World) {
    loop {
        let updates = settings::current(&*world.system, &world.around).updates;
        let source = Source::built_in(&updates).ok().filter(|_| is_due(&updates, &world));
        if let Some(source) = source
            && let Err(problem) = ask(&source, &world).await
        {
            tracing::info!(%problem, "the newest version is not known");
        }
        world.system.pause(PAUSE).await;
    }
}

fn is_due(updates: &Updates, world: &World) -> bool {
    let now = world.system.now();
    let Kept { tried_at, known } = kept(&*world.system, &world.around);
    // A clock that was set back makes the last time lie ahead.
    let is_fresh = |at: Timestamp| at <= now && now.duration_since(at) < A_DAY;
    updates.check && !tried_at.or(known.map(|known| known.asked_at)).is_some_and(is_fresh)
}

/// It lies beside its manifest and has that one's name with `.minisig`; `None` for what is no address.
fn signature_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}://{}{}.minisig{query}", uri.scheme_str()?, uri.authority()?, uri.path()))
}

async fn fetch(url: &str, system: &dyn System) -> Result<Vec<u8>, Problem> {
    let wanted = Fetch { url: Redacted::new(url.to_owned()), most: MOST, deadline: DEADLINE };
    system.fetch(&wanted).await.map_err(unreachable)
}

fn unreachable(why: impl AsRef<str>) -> Problem {
    Problem::new(Code::UpdateUnreachable).because(why)
}

/// Nothing also where the file cannot be read: it only saves questions, and an attacker who can write it can do worse.
fn kept(system: &dyn System, around: &Surroundings) -> Kept {
    let read = || {
        let contents = system.read(&path(around).ok()?).ok().flatten()?;
        serde_json::from_slice(&contents.bytes).ok()
    };
    read().unwrap_or_default()
}

fn keep(found: &Kept, system: &dyn System, around: &Surroundings) -> Result<(), Problem> {
    let path = path(around)?;
    system.make_dir(layout::parent(&path), 0o700)?;
    system.write(&path, serde_json::to_string(found).unwrap_or_default().as_bytes(), 0o600)
}

fn path(around: &Surroundings) -> Result<String, Problem> {
    Ok(layout::join(&layout::own_state_dir(around)?, &["updates.json"], around.os))
}

/// Of this program.
pub fn own_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0))
}

#[cfg(test)]
mod tests;
