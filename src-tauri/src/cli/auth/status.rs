//! `auth status`.

use serde_json::{Value, json};

use super::look;
use crate::auth::judge::exit_code;
use crate::auth::stages::Memory;
use crate::cli::args::AuthStatus;
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Output};
use crate::model::{Credentials, SCHEMA, Standing};
use crate::problem::Problem;

/// # Errors
/// As [`Invocation::gateway`].
pub async fn run(wanted: &AuthStatus, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let credentials = look(&gateway, &Memory::default(), at).await.credentials;
    let code = exit_code(credentials.judged.iter().map(|it| it.standing));
    let exit = if wanted.check { Exit::Program(code) } else { Exit::Ok };
    if at.flags.json {
        return Ok(Output::json(shape(&credentials, &gateway.id.profile.to_string(), code), exit));
    }
    Ok(Output { text: at.page().credentials(&credentials), exit, ..Output::default() })
}

/// Each credential with what is left of it, and OpenClaw's own words for the whole beside ours (OC 11.3).
fn shape(credentials: &Credentials, profile: &str, code: u8) -> Value {
    let list: Vec<Value> = credentials
        .judged
        .iter()
        .map(|it| {
            let mut value = json!(it);
            let at = it.credential.expiry.at();
            value["remaining_ms"] =
                json!(at.map(|at| at.duration_since(credentials.read_at).as_millis() as i64));
            value
        })
        .collect();
    let needs_reauth = credentials.judged.iter().any(|it| match it.standing {
        Standing::Expired | Standing::Missing | Standing::Failing => true,
        Standing::Ok
        | Standing::Static
        | Standing::Renews
        | Standing::Overdue
        | Standing::Expiring
        | Standing::Unknown => false,
    });
    json!({
        "schema": SCHEMA, "profile": profile, "read_at": credentials.read_at, "credentials": list,
        "findings": credentials.findings, "exit_code": code, "needs_reauth": needs_reauth,
    })
}
