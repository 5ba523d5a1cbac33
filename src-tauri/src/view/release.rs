//! What is said about versions of Gateward that were published.

use crate::releases::{Release, Standing, own_version};
use crate::words::Words;

/// A sentence or two.
pub fn standing(standing: &Standing, words: &Words) -> String {
    let own = own_version().to_string();
    match standing {
        Standing::NoSource => words.say("release-no-source", &[]),
        Standing::NotAsked => words.say("release-not-asked", &[]),
        Standing::Newest => words.say("release-newest", &[("own", &own)]),
        Standing::Newer(release) => newer(release, &own, words),
    }
}

fn newer(release: &Release, own: &str, words: &Words) -> String {
    let day = release.released.strftime("%Y-%m-%d").to_string();
    let values = [("version", release.version.as_str()), ("own", own), ("day", &day)];
    format!("{} {}", words.say("release-newer", &values), release.notes)
}
