//! Whether a restart by signal is allowed: by a one-time token that the owner wrote, or by the gateway's config (OC 9.2).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Place;
use crate::adapter::builtin::proof::Proof;
use crate::config;
use crate::problem::{Code, Problem};
use crate::system::Contents;
use crate::world::World;

/// An owner-only file: one host may restart so often until then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    pub count: u32,
    /// It has its boot in it: a token of an earlier one counts no more.
    pub host: Proof,
    /// Seconds since boot: the wall clock may jump.
    pub until_s: f64,
}

/// Authorises what `token` says, for this account alone.
///
/// # Errors
/// `WriteFailed`, `Internal`.
pub fn write(world: &World, place: &Place, token: &Token) -> Result<(), Problem> {
    let text =
        serde_json::to_vec(token).map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
    world.system.write(&place.own.token(&place.id), &text, 0o600)
}

/// Uses a token up, or finds that the config allows restarts from outside. A token that is there is used first.
pub fn is_authorised(world: &World, place: &Place, host: &Proof) -> bool {
    let path = place.own.token(&place.id);
    match consume(world, place, &path, host) {
        Ok(true) => true,
        Ok(false) => is_allowed(world, place),
        Err(problem) => {
            tracing::warn!(%problem, "the restart token cannot be used");
            is_allowed(world, place)
        }
    }
}

fn consume(world: &World, place: &Place, path: &str, host: &Proof) -> Result<bool, Problem> {
    let Some(contents) = world.system.read(path)? else { return Ok(false) };
    // It is gone or counted down before it counts, so that it can never be used twice.
    match valid(&contents, world.around.uid, host, world.system.uptime()) {
        Some(token) if token.count > 1 => {
            write(world, place, &Token { count: token.count - 1, ..token }).map(|()| true)
        }
        Some(_) => world.system.remove(path),
        None => world.system.remove(path).map(|_| false),
    }
}

fn valid(contents: &Contents, uid: u32, host: &Proof, uptime: Duration) -> Option<Token> {
    let is_private = contents.mode & 0o077 == 0 && contents.owner == uid;
    let token: Token = serde_json::from_slice(&contents.bytes).ok()?;
    let is_for_us = token.host == *host && uptime.as_secs_f64() <= token.until_s;
    (is_private && is_for_us && token.count > 0).then_some(token)
}

/// Only an explicit yes: the generations differ in their default.
fn is_allowed(world: &World, place: &Place) -> bool {
    let path = &place.id.config_path;
    let contents = world.system.read(path).ok().flatten();
    let config = contents.and_then(|contents| config::parse(&contents.text(), path).ok());
    config.and_then(|config| config.restart_allowed) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(mode: u32, owner: u32, text: &str) -> Contents {
        Contents { bytes: text.as_bytes().to_vec(), mode, owner }
    }

    #[test]
    fn a_token_counts_only_for_its_owner_in_private_and_in_time() {
        let host = Proof { pid: 5, birth: "boot/77".to_owned() };
        let now = Duration::from_secs(1000);
        let good = r#"{"count":1,"host":{"pid":5,"birth":"boot/77"},"until_s":1005.5}"#;
        let late = good.replace("1005.5", "999.9");
        let of_an_earlier_boot = good.replace("boot", "reboot");
        assert!(valid(&file(0o600, 7, good), 7, &host, now).is_some());
        for bad in [
            file(0o644, 7, good),
            file(0o600, 8, good),
            file(0o600, 7, &late),
            file(0o600, 7, &of_an_earlier_boot),
            file(0o600, 7, &good.replace("\"count\":1", "\"count\":0")),
            file(0o600, 7, "yes"),
        ] {
            assert_eq!(valid(&bad, 7, &host, now), None, "{:?}", bad.text());
        }
    }
}
