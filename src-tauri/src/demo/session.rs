use futures_util::{SinkExt, StreamExt};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use uuid::Uuid;

use super::gateway::{Farewell, Gateway};
use super::generation::Generation;
use super::handshake::{self, Door, Guest, Refusal};
use super::methods;

/// The largest frame a client may send, as `policy.maxPayload` tells it.
const MAX_PAYLOAD: usize = 25 * 1024 * 1024;

/// Talks to one WebSocket client over `stream` until either side closes; the server speaks first (observed 3.3).
pub async fn run<S: AsyncRead + AsyncWrite + Unpin>(stream: S, gateway: &Gateway) {
    let limits =
        WebSocketConfig::default().max_message_size(Some(MAX_PAYLOAD)).max_frame_size(Some(MAX_PAYLOAD));
    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(limits)).await;
    let mut session = Session { socket, gateway, id: Uuid::new_v4() };
    // A client that breaks off leaves nothing to tell it.
    let _ = session.talk().await;
}

struct Session<'a, S> {
    socket: WebSocketStream<S>,
    gateway: &'a Gateway,
    id: Uuid,
}

/// Why the wait for a client's first frame ended.
enum First {
    Frame(String),
    Gone,
    Silent,
    Farewell(Farewell),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<'_, S> {
    async fn talk(&mut self) -> Result<(), Error> {
        self.send(challenge(self.gateway.generation)).await?;
        let frame = match self.first().await? {
            First::Frame(frame) => frame,
            First::Gone => {
                self.log_early_close("client left");
                return Ok(());
            }
            First::Silent => {
                self.log_early_close("handshake timeout");
                return self.close(CloseCode::Normal, "").await;
            }
            First::Farewell(farewell) => return self.part(farewell).await,
        };
        let door = Door { generation: self.gateway.generation, token: self.gateway.token.as_deref() };
        match handshake::admit(&frame, &door) {
            Ok(guest) => self.welcome(guest).await,
            Err(refusal) => self.refuse(refusal).await,
        }
    }

    async fn first(&mut self) -> Result<First, Error> {
        let gateway = self.gateway;
        tokio::select! {
            frame = timeout(gateway.handshake_deadline, self.receive()) => match frame {
                Ok(frame) => Ok(frame?.map_or(First::Gone, First::Frame)),
                Err(_elapsed) => Ok(First::Silent),
            },
            farewell = gateway.farewell() => Ok(First::Farewell(farewell)),
        }
    }

    async fn refuse(&mut self, refusal: Refusal) -> Result<(), Error> {
        self.log_early_close(&refusal.reason);
        self.send(refusal.frame).await?;
        self.close(refusal.code, &refusal.reason).await
    }

    async fn welcome(&mut self, guest: Guest) -> Result<(), Error> {
        let hello = hello(self.gateway, self.id, &guest.scopes);
        self.send(json!({ "type": "res", "id": guest.request_id, "ok": true, "payload": hello })).await?;
        let gateway = self.gateway;
        let mut ticks = interval_at(Instant::now() + gateway.tick_every, gateway.tick_every);
        loop {
            tokio::select! {
                frame = self.receive() => match frame? {
                    Some(frame) => self.send(methods::answer(gateway, &frame, &guest.scopes)).await?,
                    None => return Ok(()),
                },
                _ = ticks.tick() => self.send(event("tick", json!({ "ts": now() }))).await?,
                farewell = gateway.farewell() => return self.part(farewell).await,
            }
        }
    }

    async fn part(&mut self, farewell: Farewell) -> Result<(), Error> {
        let (reason, expected) = match farewell {
            Farewell::Stopping => ("gateway stopping", Value::Null),
            Farewell::Restarting => ("gateway restarting", json!(1500)),
        };
        self.send(event("shutdown", json!({ "reason": reason, "restartExpectedMs": expected }))).await?;
        self.close(CloseCode::Restart, "service restart").await
    }

    /// The next text of the client, or nothing when it closed.
    async fn receive(&mut self) -> Result<Option<String>, Error> {
        while let Some(message) = self.socket.next().await {
            match message? {
                Message::Text(text) => return Ok(Some(text.as_str().to_owned())),
                Message::Close(_) => break,
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
        Ok(None)
    }

    async fn send(&mut self, frame: Value) -> Result<(), Error> {
        self.socket.send(Message::text(frame.to_string())).await
    }

    async fn close(&mut self, code: CloseCode, reason: &str) -> Result<(), Error> {
        self.socket.close(Some(CloseFrame { code, reason: reason.into() })).await?;
        // Waits for the client's answer: dropping the stream with unread bytes would reset it and lose our frame.
        let answer = async { while let Some(Ok(_)) = self.socket.next().await {} };
        let _ = timeout(self.gateway.handshake_deadline, answer).await;
        Ok(())
    }

    fn log_early_close(&self, why: &str) {
        self.gateway.log.info("ws", &format!("closed before connect conn={} reason={why}", self.id));
    }
}

fn challenge(generation: Generation) -> Value {
    let mut payload = json!({ "nonce": Uuid::new_v4(), "ts": now() });
    match generation {
        Generation::New => payload["capabilities"] = json!(["model-catalog-snapshot"]),
        Generation::Old => {}
    }
    event("connect.challenge", payload)
}

fn hello(gateway: &Gateway, connection: Uuid, scopes: &[String]) -> Value {
    let server = match gateway.generation {
        Generation::New => json!({
            "version": gateway.version, "buildId": "demo", "bootId": gateway.boot_id, "connId": connection,
        }),
        // Observed 3.3: the old one never knew its own version.
        Generation::Old => json!({ "version": "dev", "connId": connection }),
    };
    json!({
        "type": "hello-ok",
        "protocol": gateway.generation.protocol(),
        "server": server,
        "features": { "methods": gateway.generation.methods(), "events": ["connect.challenge", "tick", "shutdown"] },
        "snapshot": { "uptimeMs": super::http::milliseconds(gateway) },
        "auth": { "role": "operator", "scopes": scopes },
        "policy": {
            "maxPayload": MAX_PAYLOAD, "maxBufferedBytes": MAX_PAYLOAD,
            "tickIntervalMs": u64::try_from(gateway.tick_every.as_millis()).unwrap_or(u64::MAX),
        },
    })
}

fn event(name: &str, payload: Value) -> Value {
    json!({ "type": "event", "event": name, "payload": payload })
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}
