//! The keys of `openclaw gateway status --json` (OC 8.6), so that scripts written for it read ours. What Gateward does not look
//! at (`rpc`, `extraServices`, `configAudit`) is left out and not made up.

use serde_json::{Map, Value, json};

use super::invocation::Invocation;
use super::report::Service;
use crate::identity::port_in;
use crate::logs;
use crate::model::{
    Answers, Belongs, Exit, GatewayState, Listener, PortUse, Registered, Registration, Supervised, Variable,
};
use crate::world::Gateway;

pub fn keys(state: &GatewayState, gateway: &Gateway, at: &Invocation<'_>) -> Value {
    let app_log = gateway
        .config
        .as_ref()
        .ok()
        .and_then(|config| logs::app_log(&*at.world.system, &at.world.around, &gateway.id, config));
    json!({
        "logFile": app_log,
        "service": service(state),
        "config": config(state, gateway, at),
        "gateway": endpoint(state, gateway),
        "port": port(&state.observation.port.value),
        "health": health(state),
    })
}

fn service(state: &GatewayState) -> Value {
    let mut value = serde_json::to_value(Service::of(state.manager, &state.observation)).unwrap_or_default();
    value["command"] = match &state.observation.registered.value {
        Registered::Present(registration) => command(registration),
        Registered::Missing { .. } | Registered::Unknown { .. } => Value::Null,
    };
    value["runtime"] = runtime(&state.observation.supervised.value);
    value
}

fn command(registration: &Registration) -> Value {
    let shown: Vec<&Variable> =
        registration.environment.iter().filter(|variable| may_show(variable)).collect();
    let values: Map<String, Value> =
        shown.iter().map(|variable| (variable.name.clone(), json!(variable.shown))).collect();
    let sources: Map<String, Value> =
        shown.iter().map(|variable| (variable.name.clone(), json!(source(variable)))).collect();
    json!({
        "programArguments": registration.command,
        "workingDirectory": registration.working_dir,
        "environment": values,
        "environmentValueSources": sources,
        "sourcePath": registration.file,
    })
}

/// OpenClaw's own allow-list.
fn may_show(variable: &Variable) -> bool {
    const SHOWN: [&str; 6] = [
        "OPENCLAW_PROFILE",
        "OPENCLAW_STATE_DIR",
        "OPENCLAW_CONFIG_PATH",
        "OPENCLAW_GATEWAY_PORT",
        "OPENCLAW_NIX_MODE",
        "OPENCLAW_CONFIG_READONLY",
    ];
    !variable.secret && SHOWN.contains(&variable.name.as_str())
}

fn source(variable: &Variable) -> &'static str {
    if variable.source == "inline" { "inline" } else { "file" }
}

/// OpenClaw's `status` and systemd's words for the same, which OpenClaw shows on every system.
fn runtime(supervised: &Supervised) -> Value {
    let (status, state, sub_state) = match supervised {
        Supervised::Running(_) => ("running", "active", "running"),
        Supervised::Starting => ("stopped", "activating", "start"),
        Supervised::Waiting { .. } => ("stopped", "activating", "auto-restart"),
        Supervised::Stopping { .. } => ("stopped", "deactivating", "stop-sigterm"),
        Supervised::Stopped { .. } | Supervised::Unloaded | Supervised::Absent => {
            ("stopped", "inactive", "dead")
        }
        Supervised::GaveUp { .. } => ("stopped", "failed", "failed"),
        Supervised::Unknown { .. } => ("unknown", "", ""),
    };
    let mut value = Map::new();
    let mut put = |key: &str, what: Value| drop(value.insert(key.to_owned(), what));
    put("status", json!(status));
    if !state.is_empty() {
        put("state", json!(state));
        put("subState", json!(sub_state));
    }
    if let Some(pid) = supervised.pid() {
        put("pid", json!(pid));
    }
    if let Some(record) = supervised.last_exit() {
        put("lastExitStatus", json!(exit_status(record.exit)));
        put("lastExitReason", json!(exit_reason(record.exit)));
    }
    if let Some(why) = supervised.unknown() {
        put("detail", json!(why.cause.clone().unwrap_or_else(|| why.code.to_string())));
    }
    if *supervised == Supervised::Absent {
        put("missingUnit", json!(true));
    }
    Value::Object(value)
}

fn exit_status(exit: Exit) -> i32 {
    match exit {
        Exit::Code { code } => code,
        Exit::Signal { signal, .. } => signal,
    }
}

fn exit_reason(exit: Exit) -> &'static str {
    match exit {
        Exit::Code { .. } => "exited",
        Exit::Signal { core: false, .. } => "killed",
        Exit::Signal { core: true, .. } => "dumped",
    }
}

fn config(state: &GatewayState, gateway: &Gateway, at: &Invocation<'_>) -> Value {
    let path = &gateway.id.config_path;
    let of_service = match &state.observation.registered.value {
        Registered::Present(registration) => {
            let named = registration.environment.iter().find(|it| it.name == "OPENCLAW_CONFIG_PATH");
            named.map_or(path.as_str(), |variable| variable.shown.as_str())
        }
        Registered::Missing { .. } | Registered::Unknown { .. } => path.as_str(),
    };
    let described = |path: &str| json!({ "path": path, "exists": at.world.system.entry(path).is_some() });
    let mut own = described(path);
    own["valid"] = json!(gateway.config.is_ok());
    own["issues"] = match &gateway.config {
        Ok(_) => json!([]),
        Err(problem) => json!([{ "path": "", "message": problem.cause.clone().unwrap_or_default() }]),
    };
    json!({ "cli": own, "daemon": described(of_service), "mismatch": path != of_service })
}

fn endpoint(state: &GatewayState, gateway: &Gateway) -> Value {
    let command = match &state.observation.registered.value {
        Registered::Present(registration) => registration.command.as_slice(),
        Registered::Missing { .. } | Registered::Unknown { .. } => &[],
    };
    let port = number(&state.observation.port.value);
    let config = gateway.config.as_ref().ok();
    let scheme = if config.is_some_and(|config| config.tls) { "wss" } else { "ws" };
    let version = match &state.observation.answers.value {
        Answers::Ready { version, .. } => version.clone(),
        Answers::Live { .. }
        | Answers::Silent { .. }
        | Answers::Refused
        | Answers::NotGateway { .. }
        | Answers::Unknown { .. } => None,
    };
    json!({
        "bindMode": config.and_then(|config| config.bind.clone()).unwrap_or_else(|| "loopback".to_owned()),
        "port": port,
        "portSource": if port_in(command).is_some() { "service args" } else { "env/config" },
        "probeUrl": format!("{scheme}://127.0.0.1:{port}"),
        "version": version,
    })
}

fn number(used: &PortUse) -> u16 {
    match used {
        PortUse::Free { port }
        | PortUse::Owned { port, .. }
        | PortUse::Hidden { port }
        | PortUse::Unknown { port, .. } => *port,
    }
}

fn port(used: &PortUse) -> Value {
    let (status, listeners) = match used {
        PortUse::Free { .. } => ("free", Vec::new()),
        PortUse::Owned { owner, .. } => ("busy", vec![listener(owner)]),
        PortUse::Hidden { .. } => ("busy", Vec::new()),
        PortUse::Unknown { .. } => ("unknown", Vec::new()),
    };
    json!({ "port": number(used), "status": status, "listeners": listeners, "hints": [] })
}

fn listener(owner: &Listener) -> Value {
    json!({
        "pid": owner.pid,
        "command": owner.program,
        "commandLine": owner.command.join(" "),
        "user": owner.user,
        "address": owner.address,
    })
}

/// `healthy` is the gateway's own answer, and only where the port is the service's.
fn health(state: &GatewayState) -> Value {
    let stale: Vec<u32> = match &state.observation.port.value {
        PortUse::Owned { owner, .. } if owner.belongs == Belongs::Gateway => vec![owner.pid],
        PortUse::Owned { .. } | PortUse::Free { .. } | PortUse::Hidden { .. } | PortUse::Unknown { .. } => {
            Vec::new()
        }
    };
    json!({ "healthy": state.verdict == crate::model::Verdict::Ready, "staleGatewayPids": stale })
}
