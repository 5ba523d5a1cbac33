use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::pin;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::gateway::Gateway;
use super::{http, session};

/// Serves one client, over TLS where the gateway has a certificate.
pub async fn serve(stream: TcpStream, gateway: &Gateway) {
    match &gateway.tls {
        // Whoever does not speak TLS, or distrusts us, leaves in the handshake.
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                converse(stream, gateway).await;
            }
        }
        None => converse(stream, gateway).await,
    }
}

/// HTTP, until the client asks for a WebSocket.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, gateway: &Gateway) {
    let upgrade = RefCell::new(None);
    let service = service_fn(|request| {
        let response = respond(request, gateway, &upgrade);
        async move { Ok::<_, Infallible>(response) }
    });
    let http = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let mut http = pin!(http.with_upgrades());
    // A client that breaks off is its own affair: nothing to tell, nothing to end.
    tokio::select! {
        _ = http.as_mut() => {}
        _ = gateway.farewell() => {
            http.as_mut().graceful_shutdown();
            let _ = http.await;
        }
    }
    let upgrade = upgrade.take();
    if let Some(upgrade) = upgrade
        && let Ok(upgraded) = upgrade.await
    {
        session::run(TokioIo::new(upgraded), gateway).await;
    }
}

fn respond(
    mut request: Request<Incoming>,
    gateway: &Gateway,
    upgrade: &RefCell<Option<OnUpgrade>>,
) -> Response<Full<Bytes>> {
    if let Some(key) = websocket_key(&request) {
        let accept = derive_accept_key(key.as_bytes());
        upgrade.replace(Some(hyper::upgrade::on(&mut request)));
        return switch(&accept);
    }
    let reply = http::answer(gateway, request.method(), request.uri().path());
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() = reply.status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    response
}

/// The key of a request for a WebSocket at `/` (RFC 6455, 4.2.1); anything less is an ordinary request.
fn websocket_key<B>(request: &Request<B>) -> Option<&HeaderValue> {
    let asks = request.method() == Method::GET
        && request.uri().path() == "/"
        && has_word(request, &UPGRADE, "websocket")
        && has_word(request, &CONNECTION, "upgrade")
        && has_word(request, &SEC_WEBSOCKET_VERSION, "13");
    asks.then(|| request.headers().get(SEC_WEBSOCKET_KEY)).flatten()
}

fn has_word<B>(request: &Request<B>, name: &HeaderName, word: &str) -> bool {
    let values = request.headers().get_all(name);
    let mut words = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    words.any(|found| found.trim().eq_ignore_ascii_case(word))
}

fn switch(accept: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(accept) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_upgrade_is_recognised() {
        assert!(websocket_key(&request("/", "keep-alive, Upgrade")).is_some());
    }

    #[test]
    fn an_upgrade_elsewhere_is_an_ordinary_request() {
        assert!(websocket_key(&request("/chat", "Upgrade")).is_none());
    }

    #[test]
    fn an_upgrade_that_the_connection_header_does_not_ask_for_is_an_ordinary_request() {
        assert!(websocket_key(&request("/", "keep-alive")).is_none());
    }

    fn request(path: &str, connection: &str) -> Request<()> {
        Request::builder()
            .uri(path)
            .header(CONNECTION, connection)
            .header(UPGRADE, "WebSocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==")
            .body(())
            .unwrap()
    }
}
