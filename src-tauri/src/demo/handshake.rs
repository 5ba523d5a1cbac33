use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::generation::Generation;

/// Client names that the real gateway admits; an invented one is refused (observed 3.3).
const CLIENTS: [&str; 12] = [
    "cli",
    "fingerprint",
    "gateway-client",
    "node-host",
    "openclaw-android",
    "openclaw-control-ui",
    "openclaw-ios",
    "openclaw-macos",
    "openclaw-probe",
    "test",
    "webchat",
    "webchat-ui",
];
const MODES: [&str; 7] = ["backend", "cli", "node", "probe", "test", "ui", "webchat"];

/// The oldest protocol that a client which only probes may speak.
const PROBE_PROTOCOL: u64 = 3;

/// What the server asks of a client before it talks to it.
pub struct Door<'a> {
    pub generation: Generation,
    pub token: Option<&'a str>,
}

/// A client that may stay.
#[derive(Debug, PartialEq, Eq)]
pub struct Guest {
    pub request_id: Value,
    pub scopes: Vec<String>,
}

/// A client that is sent away: first the frame, then the close code with the same words.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    pub frame: Value,
    pub code: CloseCode,
    pub reason: String,
}

/// Judges a client's first frame.
pub fn admit(frame: &str, door: &Door<'_>) -> Result<Guest, Refusal> {
    let frame: Value = serde_json::from_str(frame).unwrap_or_default();
    let id = frame["id"].clone();
    if frame["type"] != "req" || frame["method"] != "connect" {
        return Err(invalid(id, "invalid handshake: first request must be connect", Value::Null));
    }
    let params = &frame["params"];
    known(&id, params, "/client/id", &CLIENTS)?;
    known(&id, params, "/client/mode", &MODES)?;
    speaks(&id, params, door.generation)?;
    holds_token(&id, params, door.token)?;
    Ok(Guest { request_id: id, scopes: scopes(params) })
}

fn known(id: &Value, params: &Value, field: &str, allowed: &[&str]) -> Result<(), Refusal> {
    let word = params.pointer(field).and_then(Value::as_str);
    if word.is_some_and(|word| allowed.contains(&word)) {
        return Ok(());
    }
    let why = format!("invalid connect params: at {field}: must be equal to one of the allowed values");
    Err(invalid(id.clone(), &why, Value::Null))
}

fn speaks(id: &Value, params: &Value, generation: Generation) -> Result<(), Refusal> {
    let (min, max) = (params["minProtocol"].as_u64(), params["maxProtocol"].as_u64());
    let (Some(min), Some(max)) = (min, max) else {
        return Err(invalid(
            id.clone(),
            "invalid connect params: at /minProtocol: must be an integer",
            Value::Null,
        ));
    };
    let expected = generation.protocol();
    let probes = params["client"]["mode"] == "probe" && (min..=max).contains(&PROBE_PROTOCOL);
    if (min..=max).contains(&expected) || probes {
        return Ok(());
    }
    let details = match generation {
        Generation::New => json!({ "expectedProtocol": expected, "minimumProbeProtocol": PROBE_PROTOCOL }),
        Generation::Old => json!({ "expectedProtocol": expected }),
    };
    Err(Refusal { code: CloseCode::Protocol, ..invalid(id.clone(), "protocol mismatch", details) })
}

fn holds_token(id: &Value, params: &Value, expected: Option<&str>) -> Result<(), Refusal> {
    let Some(given) = params.pointer("/auth/token").and_then(Value::as_str) else {
        return Err(refusal(id.clone(), "NOT_PAIRED", "device identity required", Value::Null));
    };
    if Some(given) == expected {
        return Ok(());
    }
    let why = "unauthorized: gateway token mismatch (provide gateway auth token)";
    Err(invalid(id.clone(), why, json!({ "code": "AUTH_TOKEN_MISMATCH" })))
}

fn scopes(params: &Value) -> Vec<String> {
    let scopes = params["scopes"].as_array().into_iter().flatten();
    scopes.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn invalid(id: Value, why: &str, details: Value) -> Refusal {
    refusal(id, "INVALID_REQUEST", why, details)
}

fn refusal(id: Value, code: &str, why: &str, details: Value) -> Refusal {
    let frame = json!({ "type": "res", "id": id, "ok": false, "error": error(code, why, details) });
    Refusal { frame, code: CloseCode::Policy, reason: why.to_owned() }
}

/// The error of a `res` frame; `details` is left out when null.
pub fn error(code: &str, message: &str, details: Value) -> Value {
    let mut error = json!({ "code": code, "message": message });
    if !details.is_null() {
        error["details"] = details;
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_token_is_let_in_with_its_scopes() {
        let guest = admit(&connect(json!({})), &door(Generation::New)).unwrap();
        assert_eq!(guest.scopes, ["operator.read"]);
    }

    #[test]
    fn a_client_without_auth_is_not_paired() {
        let refusal = refused(json!({ "auth": {} }), Generation::New);
        assert_eq!(
            refusal.frame["error"],
            json!({ "code": "NOT_PAIRED", "message": "device identity required" })
        );
    }

    #[test]
    fn a_wrong_token_is_named_as_such() {
        let refusal = refused(json!({ "auth": { "token": "no" } }), Generation::New);
        assert_eq!(refusal.frame["error"]["details"]["code"], "AUTH_TOKEN_MISMATCH");
    }

    #[test]
    fn without_a_shared_token_every_token_is_wrong() {
        let door = Door { generation: Generation::New, token: None };
        assert!(admit(&connect(json!({ "auth": { "token": "" } })), &door).is_err());
    }

    #[test]
    fn the_wrong_protocol_closes_with_1002() {
        let refusal = refused(json!({ "minProtocol": 3, "maxProtocol": 3 }), Generation::New);
        assert_eq!((refusal.code, refusal.reason.as_str()), (CloseCode::Protocol, "protocol mismatch"));
    }

    #[test]
    fn a_probe_may_speak_protocol_3_to_the_new_generation() {
        let probe = json!({ "minProtocol": 3, "maxProtocol": 3, "client": { "id": "cli", "mode": "probe" } });
        assert!(admit(&connect(probe), &door(Generation::New)).is_ok());
    }

    #[test]
    fn a_client_for_4_only_is_refused_by_the_old_generation() {
        let refusal = refused(json!({ "minProtocol": 4 }), Generation::Old);
        assert_eq!(refusal.frame["error"]["details"], json!({ "expectedProtocol": 3 }));
    }

    #[test]
    fn an_invented_client_is_refused() {
        let refusal = refused(json!({ "client": { "id": "mine", "mode": "backend" } }), Generation::New);
        assert_eq!(
            refusal.reason,
            "invalid connect params: at /client/id: must be equal to one of the allowed values"
        );
    }

    #[test]
    fn anything_but_a_connect_request_is_refused() {
        let frames = ["", "no json", "[]", r#"{"type":"req","id":"1","method":"health"}"#];
        assert!(frames.iter().all(|frame| admit(frame, &door(Generation::New)).is_err()));
    }

    #[test]
    fn every_close_reason_fits_into_a_close_frame() {
        let odd = [
            json!({ "auth": { "token": "no" } }),
            json!({ "client": { "id": 1 } }),
            json!({ "minProtocol": "x" }),
        ];
        // RFC 6455, 5.5: a control frame carries 125 bytes, two of them the code.
        assert!(odd.into_iter().all(|change| refused(change, Generation::New).reason.len() <= 123));
    }

    fn refused(change: Value, generation: Generation) -> Refusal {
        admit(&connect(change), &door(generation)).unwrap_err()
    }

    fn door(generation: Generation) -> Door<'static> {
        Door { generation, token: Some("s3cret") }
    }

    fn connect(change: Value) -> String {
        let mut params = json!({
            "minProtocol": 3, "maxProtocol": 4, "client": { "id": "gateway-client", "mode": "backend" },
            "scopes": ["operator.read"], "auth": { "token": "s3cret" },
        });
        for (name, value) in change.as_object().unwrap() {
            params[name] = value.clone();
        }
        json!({ "type": "req", "id": "1", "method": "connect", "params": params }).to_string()
    }
}
