use std::path::Path;
use std::{fs, io};

use serde_json::Value;

/// What the demo gateway takes from an OpenClaw configuration.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Config {
    pub port: Option<u16>,
    pub token: Option<String>,
}

/// Reads the configuration at `path`, or tells in the gateway's words why it can't start with it.
pub fn read(path: &Path, allow_unconfigured: bool) -> Result<Config, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound && allow_unconfigured => {
            return Ok(Config::default());
        }
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(missing()),
        Err(cause) => return Err(invalid(path, &cause.to_string())),
    };
    parse(&text, allow_unconfigured).map_err(|why| match why {
        Refusal::Invalid(why) => invalid(path, &why),
        Refusal::Blocked(mode) => blocked(&mode),
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Invalid(String),
    Blocked(String),
}

fn parse(text: &str, allow_unconfigured: bool) -> Result<Config, Refusal> {
    let config: Value =
        json5::from_str(text).map_err(|why| Refusal::Invalid(format!("JSON5 parse failed: {why}")))?;
    let mode = word(&config, "/gateway/mode")?;
    if mode.as_deref() != Some("local") && !allow_unconfigured {
        return Err(Refusal::Blocked(mode.unwrap_or_else(|| "unset".to_owned())));
    }
    Ok(Config { port: port(&config)?, token: word(&config, "/gateway/auth/token")? })
}

fn word(config: &Value, pointer: &str) -> Result<Option<String>, Refusal> {
    match config.pointer(pointer) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::Invalid(format!("{}: expected string", key(pointer)))),
    }
}

fn port(config: &Value) -> Result<Option<u16>, Refusal> {
    let Some(value) = config.pointer("/gateway/port") else { return Ok(None) };
    let port = value.as_u64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
    port.map(Some).ok_or_else(|| Refusal::Invalid("gateway.port: expected a port from 1 to 65535".to_owned()))
}

fn key(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

fn missing() -> String {
    "Missing config. Run `openclaw setup` or set gateway.mode=local (or pass --allow-unconfigured)."
        .to_owned()
}

fn blocked(mode: &str) -> String {
    format!("Gateway start blocked: set gateway.mode=local (current: {mode}) or pass --allow-unconfigured.")
}

fn invalid(path: &Path, why: &str) -> String {
    format!("Invalid config at {}:\n- {why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_and_token_come_from_json5() {
        let text = "{ gateway: { mode: 'local', port: 4711, auth: { token: 't' } }, /* kept */ }";
        assert_eq!(parse(text, false), Ok(Config { port: Some(4711), token: Some("t".to_owned()) }));
    }

    #[test]
    fn a_config_without_mode_blocks_the_start() {
        assert_eq!(parse("{}", false), Err(Refusal::Blocked("unset".to_owned())));
    }

    #[test]
    fn a_remote_config_blocks_the_start() {
        assert_eq!(parse("{gateway:{mode:'remote'}}", false), Err(Refusal::Blocked("remote".to_owned())));
    }

    #[test]
    fn allow_unconfigured_starts_without_mode() {
        assert_eq!(parse("{}", true), Ok(Config::default()));
    }

    #[test]
    fn a_port_of_the_wrong_type_or_size_is_invalid() {
        let refused = ["'x'", "0", "65536", "-1", "1.5"]
            .map(|port| format!("{{gateway:{{mode:'local',port:{port}}}}}"));
        assert!(refused.iter().all(|text| matches!(parse(text, false), Err(Refusal::Invalid(_)))));
    }

    #[test]
    fn broken_json5_is_invalid() {
        assert!(matches!(parse("{gateway:", false), Err(Refusal::Invalid(_))));
    }
}
