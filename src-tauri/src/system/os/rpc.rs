//! One call of the gateway's own protocol over its WebSocket (OC 13.3, observed 3.3). Loopback only.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::problem::{Code, Problem};
use crate::system::DoorKey;

/// The real one answers within 0.1 s; a busy one may take its time.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn call(port: u16, key: &DoorKey, method: &str) -> Result<String, Problem> {
    let silent = || Problem::new(Code::NotAnswering).with("port", port);
    match tokio::time::timeout(PATIENCE, converse(port, key, method)).await {
        Ok(answer) => answer,
        Err(_) => Err(silent()),
    }
}

async fn converse(port: u16, key: &DoorKey, method: &str) -> Result<String, Problem> {
    let mut line = Line::open(port).await?;
    line.event("connect.challenge").await?;
    let hello = line.ask("1", "connect", &introduction(key)).await?;
    let known = hello.pointer("/features/methods").and_then(Value::as_array);
    if !known.is_some_and(|methods| methods.iter().any(|name| name == method)) {
        return Err(Problem::new(Code::Unsupported).with("method", method));
    }
    let payload = line.ask("2", method, &json!({})).await?;
    let _ = line.socket.close(None).await;
    Ok(payload.to_string())
}

/// A shared secret on loopback needs no paired device for reading; names and modes are a fixed list.
fn introduction(key: &DoorKey) -> Value {
    let auth = match key {
        DoorKey::Token(token) => json!({ "token": token.reveal() }),
        DoorKey::Password(password) => json!({ "password": password.reveal() }),
    };
    json!({
        "minProtocol": 3, "maxProtocol": 4,
        "client": { "id": "gateway-client", "version": env!("CARGO_PKG_VERSION"), "platform": std::env::consts::OS, "mode": "backend" },
        "role": "operator", "scopes": ["operator.read"], "caps": [],
        "auth": auth,
    })
}

struct Line {
    socket: WebSocketStream<TcpStream>,
    port: u16,
}

impl Line {
    async fn open(port: u16) -> Result<Self, Problem> {
        let failed = |cause: String| Problem::new(Code::NotAnswering).with("port", port).because(cause);
        let stream = super::net::connect(port).await.map_err(|seen| failed(format!("{seen:?}")))?;
        let opened = tokio_tungstenite::client_async(format!("ws://127.0.0.1:{port}/"), stream).await;
        let (socket, _) = opened.map_err(|error| failed(error.to_string()))?;
        Ok(Self { socket, port })
    }

    async fn event(&mut self, name: &str) -> Result<(), Problem> {
        self.until(|frame| frame["type"] == "event" && frame["event"] == name).await.map(|_| ())
    }

    async fn ask(&mut self, id: &str, method: &str, params: &Value) -> Result<Value, Problem> {
        let frame = json!({ "type": "req", "id": id, "method": method, "params": params });
        let sent = self.socket.send(Message::text(frame.to_string())).await;
        sent.map_err(|error| self.broken(&error.to_string()))?;
        let mut answer = self.until(|frame| frame["type"] == "res" && frame["id"] == id).await?;
        if answer["ok"] == true {
            return Ok(answer["payload"].take());
        }
        let words = answer.pointer("/error/message").and_then(Value::as_str).unwrap_or_default();
        Err(Problem::new(Code::AccessDenied).because(words))
    }

    async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Result<Value, Problem> {
        while let Some(message) = self.socket.next().await {
            let message = message.map_err(|error| self.broken(&error.to_string()))?;
            let Message::Text(text) = message else { continue };
            let frame: Value = serde_json::from_str(text.as_str()).unwrap_or_default();
            if fits(&frame) {
                return Ok(frame);
            }
        }
        Err(self.broken("the connection was closed"))
    }

    fn broken(&self, cause: &str) -> Problem {
        Problem::new(Code::NotAnswering).with("port", self.port).because(cause)
    }
}
