//! Drives the real `gateward demo` over loopback: what it answers, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

#[path = "demo/endings.rs"]
mod endings;
#[path = "demo/hang.rs"]
mod hang;
#[path = "demo/http.rs"]
mod http;
#[path = "demo/output.rs"]
mod output;
#[path = "rig/port.rs"]
mod port;
#[path = "demo/signals.rs"]
mod signals;
#[path = "demo/websocket.rs"]
mod websocket;

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use port::free_port;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// Far beyond what anything here takes: the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(30);

#[cfg(unix)]
const TOKEN: &str = "only-for-tests";

/// A running `gateward demo`; killed when dropped.
struct Demo {
    child: Child,
    lines: Option<Lines<BufReader<ChildStdout>>>,
    port: u16,
}

/// What an ended gateway left: stdout from the last line that was waited for on, and all of stderr.
struct Ended {
    status: ExitStatus,
    out: String,
    err: String,
}

impl Demo {
    fn spawn(flags: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gateward"))
            .arg("demo")
            .args(flags)
            .env_clear()
            .env("OPENCLAW_GATEWAY_TOKEN", TOKEN)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        Self { child, lines, port: 0 }
    }

    /// Starts on a free port and waits until it listens.
    async fn listening(flags: &[&str]) -> Self {
        let mut demo = Self::spawn(&[&["--port", "0"], flags].concat(), &[]);
        let line = demo.line_with("listening on ws://127.0.0.1:").await;
        let digits = line.split("127.0.0.1:").nth(1).unwrap();
        demo.port = digits.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
        demo
    }

    async fn line_with(&mut self, text: &str) -> String {
        let lines = self.lines.as_mut().unwrap();
        let found = async {
            loop {
                let line = lines.next_line().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
                if line.contains(text) {
                    return io::Result::Ok(line);
                }
            }
        };
        timeout(DEADLINE, found).await.unwrap().unwrap_or_else(|why| panic!("no line with `{text}`: {why}"))
    }

    async fn end(mut self) -> Ended {
        let (mut out, mut err) = (String::new(), String::new());
        let mut stdout = self.lines.take().unwrap().into_inner();
        let mut stderr = self.child.stderr.take().unwrap();
        let work = async {
            tokio::join!(stdout.read_to_string(&mut out), stderr.read_to_string(&mut err), self.child.wait())
        };
        let status = timeout(DEADLINE, work).await.unwrap().2.unwrap();
        Ended { status, out, err }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).await
    }

    async fn ask(&self, method: Method, path: &str) -> Answer {
        timeout(DEADLINE, answer(self.port, method, path)).await.unwrap()
    }

    async fn dial(&self) -> Client {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap();
        let url = format!("ws://127.0.0.1:{}/", self.port);
        Client { socket: tokio_tungstenite::client_async(url, stream).await.unwrap().0 }
    }

    /// A client that was let in.
    async fn guest(&self) -> Client {
        let mut client = self.dial().await;
        assert_eq!(client.connect(json!({})).await["ok"], true);
        client
    }
}

struct Answer {
    status: StatusCode,
    content_type: String,
    cache_control: String,
    body: String,
}

impl Answer {
    fn is_json(&self) -> bool {
        self.content_type.starts_with("application/json")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn answer(port: u16, method: Method, path: &str) -> Answer {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let request = Request::builder().method(method).uri(path).header("host", "localhost");
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let exchange = async {
        let response = sender.send_request(request).await.unwrap();
        let header = |name| response.headers()[name].to_str().unwrap().to_owned();
        let (status, content_type, cache_control) =
            (response.status(), header("content-type"), header("cache-control"));
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, content_type, cache_control, body: String::from_utf8(body.to_vec()).unwrap() }
    };
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        answer = exchange.as_mut() => answer,
        _ = connection => exchange.await,
    }
}

struct Client {
    socket: WebSocketStream<TcpStream>,
}

impl Client {
    async fn frame(&mut self) -> Value {
        let message = timeout(DEADLINE, self.socket.next()).await.unwrap().unwrap().unwrap();
        serde_json::from_str(message.to_text().unwrap()).unwrap()
    }

    /// Answers the challenge as a client with the shared token would, but for `change`.
    async fn connect(&mut self, change: Value) -> Value {
        assert_eq!(self.frame().await["event"], "connect.challenge");
        let mut params = json!({
            "minProtocol": 3, "maxProtocol": 4, "client": { "id": "gateway-client", "mode": "backend" },
            "role": "operator", "scopes": ["operator.read"], "auth": { "token": TOKEN },
        });
        params.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        self.call("connect", params).await
    }

    async fn call(&mut self, method: &str, params: Value) -> Value {
        let frame = json!({ "type": "req", "id": method, "method": method, "params": params });
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
        let answer = self.frame().await;
        assert_eq!(answer["id"], method);
        answer
    }

    async fn closed(&mut self) -> (u16, String) {
        match timeout(DEADLINE, self.socket.next()).await.unwrap() {
            Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                (code.into(), reason.as_str().to_owned())
            }
            other => panic!("not closed but {other:?}"),
        }
    }
}
