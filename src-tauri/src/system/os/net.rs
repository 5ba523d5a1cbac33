//! Asks a port who listens on it and what it answers. Loopback only.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use super::tls;
use crate::problem::{Code, Problem};
use crate::system::{Door, HttpSeen, Seen};

/// A gateway that has not answered by then is called silent. The real one needs 4 ms, busy ones a few hundred (observed 3.2).
const PATIENCE: Duration = Duration::from_secs(2);

/// The greeting comes within a second of the connection (observed 7, contract 4).
const LONGEST_BODY: usize = 64 * 1024;
const LONGEST_FRAME: usize = 4 * 1024;

/// A connection, secured or not.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub async fn http(port: u16, path: &str, door: Door) -> Seen {
    let begun = Instant::now();
    match tokio::time::timeout(PATIENCE, get(port, path, door, begun)).await {
        Ok(seen) => seen,
        Err(_) => Seen::Silent { waited: begun.elapsed() },
    }
}

async fn get(port: u16, path: &str, door: Door, begun: Instant) -> Seen {
    let stream = match open(port, door, begun).await {
        Ok(stream) => stream,
        Err(seen) => return seen,
    };
    match exchange(stream, port, path, begun).await {
        Ok(http) => Seen::Http(http),
        Err(error) => no_gateway(error.to_string(), begun),
    }
}

/// It spoke, but in no language of a gateway of any generation.
fn no_gateway(words: String, begun: Instant) -> Seen {
    let latency = begun.elapsed();
    Seen::Http(HttpSeen { status: 0, content_type: words, body: String::new(), latency })
}

async fn open(port: u16, door: Door, begun: Instant) -> Result<Box<dyn Wire>, Seen> {
    let stream = connect(port).await?;
    match door {
        Door::Plain => Ok(Box::new(stream)),
        Door::Tls(pin) => match tls::secure(stream, pin).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(words) => Err(no_gateway(words, begun)),
        },
    }
}

async fn exchange(
    stream: Box<dyn Wire>,
    port: u16,
    path: &str,
    begun: Instant,
) -> Result<HttpSeen, Box<dyn std::error::Error + Send + Sync>> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driving = tokio::spawn(connection);
    let request = hyper::Request::get(path)
        .header("host", format!("127.0.0.1:{port}"))
        .header("connection", "close")
        .body(Empty::<Bytes>::new())?;
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let content_type = kind.to_owned();
    let latency = begun.elapsed();
    let body = Limited::new(response.into_body(), LONGEST_BODY).collect().await.map(|body| body.to_bytes());
    driving.abort();
    let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    Ok(HttpSeen { status, content_type, body, latency })
}

/// Tries IPv4 loopback, then IPv6: the gateway listens on both, a stand-in may not. One that is bound to an address of the network
/// only is asked there; it is still this machine.
pub async fn connect(port: u16) -> Result<TcpStream, Seen> {
    let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    match connect_any(&[v4, v6]).await {
        Err(Seen::Refused) => {
            let mut elsewhere = super::process::addresses(port);
            elsewhere.retain(|address| !address.ip().is_loopback() && !address.ip().is_unspecified());
            connect_any(&elsewhere).await
        }
        tried => tried,
    }
}

async fn connect_any(addresses: &[SocketAddr]) -> Result<TcpStream, Seen> {
    let mut last = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = last.or(Some(error)),
        }
    }
    match last {
        Some(error) if error.kind() != std::io::ErrorKind::ConnectionRefused => {
            let port = addresses.first().map(SocketAddr::port).unwrap_or_default();
            Err(Seen::Failed(Problem::new(Code::NotAnswering).with("port", port).because(error.to_string())))
        }
        Some(_) | None => Err(Seen::Refused),
    }
}

pub async fn greeting(port: u16, door: Door) -> Seen {
    let begun = Instant::now();
    match tokio::time::timeout(PATIENCE, first_frame(port, door, begun)).await {
        Ok(Ok(frame)) => Seen::Greeting { frame, latency: begun.elapsed() },
        Ok(Err(seen)) => seen,
        Err(_) => Seen::Silent { waited: begun.elapsed() },
    }
}

async fn first_frame(port: u16, door: Door, begun: Instant) -> Result<String, Seen> {
    let stream = open(port, door, begun).await?;
    let none = || Seen::Greeting { frame: String::new(), latency: Duration::ZERO };
    let (mut socket, _) = tokio_tungstenite::client_async(format!("ws://127.0.0.1:{port}/"), stream)
        .await
        .map_err(|_| none())?;
    let Some(Ok(message)) = socket.next().await else { return Err(none()) };
    let text = match message {
        Message::Close(Some(close)) => closing(u16::from(close.code), &close.reason),
        message => message.into_text().map_err(|_| none())?.to_string(),
    };
    let _ = socket.close(None).await;
    Ok(text.chars().take(LONGEST_FRAME).collect())
}

/// A close frame, in the shape of a text frame.
fn closing(code: u16, reason: &str) -> String {
    serde_json::json!({ "type": "close", "code": code, "reason": reason }).to_string()
}

/// Who listens on `port`, and where that was read.
pub async fn listeners(port: u16) -> (Seen, String) {
    let looked = tokio::task::spawn_blocking(move || super::process::listeners(port)).await;
    match looked.map_err(|error| error.to_string()).and_then(|looked| looked) {
        Ok((listeners, source)) if listeners.is_empty() => {
            (Seen::Listeners(unseen(port).await), source.to_owned())
        }
        Ok((listeners, source)) => (Seen::Listeners(listeners), source.to_owned()),
        Err(error) => (failed(port, &error), format!("port {port}")),
    }
}

/// Where the system shows only one's own sockets, another account's shows by taking the connection.
#[cfg(not(target_os = "linux"))]
async fn unseen(port: u16) -> Vec<crate::system::ListenerSeen> {
    let taken = tokio::time::timeout(PATIENCE, connect(port)).await;
    let address = taken.ok().and_then(Result::ok).and_then(|stream| stream.peer_addr().ok());
    let hidden = |address: SocketAddr| crate::system::ListenerSeen {
        address: address.to_string(),
        process: None,
        ancestors: Vec::new(),
    };
    address.map(hidden).into_iter().collect()
}

/// Linux shows every socket, whoever owns it.
#[cfg(target_os = "linux")]
async fn unseen(_port: u16) -> Vec<crate::system::ListenerSeen> {
    Vec::new()
}

fn failed(port: u16, cause: &str) -> Seen {
    Seen::Failed(Problem::new(Code::ReadFailed).with("path", format!("port {port}")).because(cause))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

    use super::*;
    use crate::system::Pin;

    async fn serving(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let _ = stream.write_all(answer).await;
                    let mut rest = [0; 1024];
                    while tokio::io::AsyncReadExt::read(&mut stream, &mut rest).await.is_ok_and(|n| n > 0) {}
                });
            }
        });
        port
    }

    #[tokio::test]
    async fn a_closed_port_refuses() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        assert_eq!(http(port, "/healthz", Door::Plain).await, Seen::Refused);
    }

    #[tokio::test]
    async fn an_answer_is_kept_with_status_and_type() {
        let port =
            serving(b"HTTP/1.1 503 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                .await;
        let Seen::Http(http) = http(port, "/readyz", Door::Plain).await else { panic!() };
        assert_eq!(
            (http.status, http.content_type.as_str(), http.body.as_str()),
            (503, "application/json", "{}")
        );
    }

    #[tokio::test]
    async fn a_peer_that_does_not_speak_http_is_no_page_and_no_hang() {
        let port = serving(b"SSH-2.0-OpenSSH_9.2\r\n").await;
        let Seen::Http(http) = http(port, "/healthz", Door::Plain).await else { panic!() };
        assert_eq!(http.status, 0);
    }

    #[tokio::test]
    async fn a_peer_that_accepts_and_says_nothing_is_silent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(matches!(http(port, "/healthz", Door::Plain).await, Seen::Silent { .. }));
    }

    /// A server with a certificate of its own, and that certificate's fingerprint.
    async fn secured() -> (u16, Pin) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
                let _ = stream.shutdown().await;
            }
        });
        (port, Pin::of(made.cert.der()))
    }

    #[tokio::test]
    async fn a_gateway_with_the_pinned_certificate_answers_over_tls() {
        let (port, pin) = secured().await;
        let Seen::Http(http) = http(port, "/healthz", Door::Tls(pin)).await else { panic!() };
        assert_eq!((http.status, http.body.as_str()), (200, "{}"));
    }

    #[tokio::test]
    async fn another_certificate_and_none_are_told_and_nothing_is_asked() {
        let ((port, _), (_, other)) = (secured().await, secured().await);
        let Seen::Http(seen) = http(port, "/healthz", Door::Tls(other)).await else { panic!() };
        assert_eq!((seen.status, seen.content_type.as_str()), (0, "TLS with another certificate"));
        let plain = serving(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
        let Seen::Http(seen) = http(plain, "/healthz", Door::Tls(other)).await else { panic!() };
        assert!(seen.status == 0 && seen.content_type.starts_with("no TLS: "), "{seen:?}");
    }
}
