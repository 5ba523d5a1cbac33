//! The gateway's own page, opened with its token.
//!
//! OpenClaw takes the token from the address's fragment (`#token=`), as its own `openclaw dashboard` gives it. An opener's arguments can
//! be read by every account, so the browser is sent to a door of ours first: it opens once, for this account, and sends the browser on.

use std::net::SocketAddr;
use std::time::Duration;

use gateward::auth::survey::references;
use gateward::markup::percent_encoded;
use gateward::model::Redacted;
use gateward::problem::{Code, Problem};
use gateward::view::tray::dashboard_port;
use tauri::{AppHandle, Manager};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::desk::{self, Desk};

/// How long a browser may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long somebody who has come may take to say what for.
const READING: Duration = Duration::from_secs(5);

/// # Errors
/// `NotPossibleNow` while no gateway answers. What fails later is told.
pub fn open(app: &AppHandle, desk: &Desk) -> Result<(), Problem> {
    let port = dashboard_port(desk.state().as_deref()).ok_or_else(|| Problem::new(Code::NotPossibleNow))?;
    let tls = desk.gateway.config.as_ref().is_ok_and(|config| config.tls);
    let address = format!("http{}://127.0.0.1:{port}/", if tls { "s" } else { "" });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let desk = app.state::<Desk>();
        let token = references(&*desk.world.system, &desk.world.around, &desk.gateway.id).token;
        let opened = match token {
            Some(token) => with_token(&app, &address, &token).await,
            None => desk::show(&app, &address),
        };
        if let Err(problem) = opened {
            desk::tell(&desk, &problem);
        }
    });
    Ok(())
}

async fn with_token(app: &AppHandle, address: &str, token: &Redacted) -> Result<(), Problem> {
    let internal = |error: std::io::Error| Problem::new(Code::Internal).because(error.to_string());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(internal)?;
    let own = listener.local_addr().map_err(internal)?;
    let path = format!("/{}", uuid::Uuid::new_v4().simple());
    desk::show(app, &format!("http://{own}{path}"))?;
    let onward = format!("{address}#token={}", percent_encoded(token.reveal()));
    if tokio::time::timeout(PATIENCE, send_on(&listener, &path, &onward)).await.is_err() {
        tracing::info!("no browser came for the dashboard");
    }
    Ok(())
}

/// Until the right one has come.
async fn send_on(listener: &TcpListener, path: &str, onward: &str) {
    while let Ok((stream, from)) = listener.accept().await {
        let answered = tokio::time::timeout(READING, served(stream, path, onward));
        if is_own_account(from) && matches!(answered.await, Ok(Ok(true))) {
            return;
        }
    }
}

/// Whether it asked for `path`, and was sent on.
async fn served(mut stream: TcpStream, path: &str, onward: &str) -> std::io::Result<bool> {
    let mut head = [0; 512];
    let length = stream.read(&mut head).await?;
    let is_it = String::from_utf8_lossy(&head[..length]).starts_with(&format!("GET {path} "));
    let answer = match is_it {
        true => format!("303 See Other\r\nLocation: {onward}"),
        false => "404 Not Found".to_owned(),
    };
    let text = format!(
        "HTTP/1.1 {answer}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(is_it)
}

/// The kernel says whose the other end is.
#[cfg(target_os = "linux")]
fn is_own_account(from: SocketAddr) -> bool {
    let own = rustix::process::getuid().as_raw();
    let all = procfs::net::tcp().unwrap_or_default();
    all.iter().any(|entry| entry.local_address == from && entry.uid == own)
}

/// Elsewhere nobody tells; the address cannot be guessed and leads on once.
#[cfg(not(target_os = "linux"))]
fn is_own_account(_from: SocketAddr) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_one_address_leads_on_and_only_once() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let own = listener.local_addr().unwrap();
        let door = tokio::spawn(async move { send_on(&listener, "/right", "http://x/#token=t").await });
        let ask = async |path: &str| {
            let mut stream = TcpStream::connect(own).await?;
            stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.map(|_| answer)
        };
        assert!(ask("/wrong").await.unwrap().starts_with("HTTP/1.1 404"));
        assert!(ask("/right").await.unwrap().contains("Location: http://x/#token=t\r\n"));
        door.await.unwrap();
        assert!(ask("/right").await.is_err());
    }
}
