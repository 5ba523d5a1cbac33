//! OpenClaw's config, read and never written (OC 13.1). JSON5; `$include` and `${VAR}` are tolerated, not resolved: the few keys
//! read here are plain values in every config seen.

use serde_json::Value;

use crate::problem::{Code, Problem};

/// What Gateward needs of a config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    pub port: Option<u16>,
    /// `gateway.mode`; must be `local` for the gateway to run.
    pub mode: Option<String>,
    pub bind: Option<String>,
    pub tls: bool,
    /// `gateway.tls.certPath`, as it stands there.
    pub certificate: Option<String>,
    /// `commands.restart`; `None` leaves OpenClaw's own default.
    pub restart_allowed: Option<bool>,
    pub log_file: Option<String>,
    /// `gateway.controlUi.basePath`.
    pub control_ui_path: Option<String>,
    /// The config includes other files, so that a missing key here may stand there.
    pub has_includes: bool,
}

/// Reads a config's text.
///
/// # Errors
/// `ConfigInvalid` with `path`, line and column when the text is not JSON5 or not an object; the text itself is never repeated.
pub fn parse(text: &str, path: &str) -> Result<Config, Problem> {
    let invalid = |cause: String| {
        Problem::new(Code::ConfigInvalid)
            .with("path", path)
            .because(cause)
            .hint_command("openclaw-doctor", "openclaw doctor")
    };
    let root: Value =
        json5::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| invalid(place(&error)))?;
    let Value::Object(_) = root else { return Err(invalid("the top level is not an object".to_owned())) };
    let text_at = |pointer: &str| root.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    Ok(Config {
        port: port(&root)
            .map_err(|value| invalid(format!("gateway.port is {value}, not a port from 1 to 65535")))?,
        mode: text_at("/gateway/mode"),
        bind: text_at("/gateway/bind"),
        tls: root.pointer("/gateway/tls/enabled").and_then(Value::as_bool).unwrap_or(false),
        certificate: text_at("/gateway/tls/certPath"),
        restart_allowed: root.pointer("/commands/restart").and_then(Value::as_bool),
        log_file: text_at("/logging/file"),
        control_ui_path: text_at("/gateway/controlUi/basePath"),
        has_includes: has_includes(&root),
    })
}

/// A number, or `Ok(None)` for a missing key or an unresolved `${VAR}`; `Err` is the offending value.
fn port(root: &Value) -> Result<Option<u16>, String> {
    match root.pointer("/gateway/port") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.contains("${") => Ok(None),
        Some(value) => {
            let number = value.as_f64().filter(|n| n.fract() == 0.0 && (1.0..=65535.0).contains(n));
            number.map(|n| Some(n as u16)).ok_or_else(|| value.to_string())
        }
    }
}

fn has_includes(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.contains_key("$include") || map.values().any(has_includes),
        Value::Array(list) => list.iter().any(has_includes),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Where the parser stopped, without the text around it: a config holds tokens.
fn place(error: &json5::Error) -> String {
    match error.position() {
        Some(at) => format!("line {}, column {}: not JSON5", at.line + 1, at.column + 1),
        None => "not JSON5".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json5_with_comments_and_trailing_commas_is_read() {
        let text = "// mine\n{gateway: {mode: 'local', port: 19001, tls: {enabled: true},}, commands: {restart: false}}";
        let config = parse(text, "/c").unwrap();
        assert_eq!((config.port, config.mode.as_deref(), config.tls), (Some(19001), Some("local"), true));
        assert_eq!(config.restart_allowed, Some(false));
    }

    #[test]
    fn includes_and_variables_are_tolerated() {
        let config = parse(r#"{"$include": "./base.json5", "gateway": {"port": "${PORT}"}}"#, "/c").unwrap();
        assert!(config.has_includes);
        assert_eq!(config.port, None);
    }

    #[test]
    fn a_config_that_is_not_json5_is_named_with_its_place() {
        let problem = parse("{\n  gateway: {mode: local}\n}", "/c").unwrap_err();
        assert_eq!((problem.code, problem.values["path"].as_str()), (Code::ConfigInvalid, "/c"));
        assert!(problem.cause.unwrap().starts_with("line 2"));
    }

    #[test]
    fn a_parse_error_never_repeats_the_text() {
        let problem = parse("{token: 'hunter2' oops}", "/c").unwrap_err();
        assert!(!format!("{problem:?}").contains("hunter2"));
    }

    #[test]
    fn a_port_that_is_none_is_refused() {
        for bad in ["0", "70000", "1.5", "'x'", "-1"] {
            assert_eq!(
                parse(&format!("{{gateway: {{port: {bad}}}}}"), "/c").unwrap_err().code,
                Code::ConfigInvalid,
                "{bad}"
            );
        }
    }
}
