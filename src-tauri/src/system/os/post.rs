//! HTTP and HTTPS POST to an address outside this machine. Redirections are not followed: they would carry the token elsewhere.

use std::sync::Arc;

use http_body_util::Full;
use hyper::Uri;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::system::Post;

/// The answer's status. The failure is in words that do not repeat the address.
pub async fn post(post: &Post) -> Result<u16, String> {
    match tokio::time::timeout(post.deadline, exchange(post)).await {
        Ok(answered) => answered,
        Err(_) => Err(format!("no answer within {} s", post.deadline.as_secs())),
    }
}

async fn exchange(post: &Post) -> Result<u16, String> {
    let uri: Uri = post.url.reveal().parse().map_err(|_| "the address is not valid")?;
    let host = uri.host().ok_or("the address names no server")?.trim_matches(['[', ']']).to_owned();
    let secure = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        Some(_) | None => return Err("the address begins neither with https:// nor with http://".to_owned()),
    };
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|error| error.to_string())?;
    if secure {
        let name = ServerName::try_from(host).map_err(|_| "the server's name is not valid")?;
        let stream = connector()?.connect(name, stream).await.map_err(|error| error.to_string())?;
        return send(stream, post, &uri).await;
    }
    send(stream, post, &uri).await
}

fn connector() -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err("this system has no certificates to know servers by".to_owned());
    }
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    post: &Post,
    uri: &Uri,
) -> Result<u16, String> {
    let words = |error: hyper::Error| error.to_string();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(words)?;
    let driving = tokio::spawn(connection);
    let sent = sender.send_request(request(post, uri)?).await;
    driving.abort();
    Ok(sent.map_err(words)?.status().as_u16())
}

fn request(post: &Post, uri: &Uri) -> Result<hyper::Request<Full<Bytes>>, String> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    // What stands before an `@` is a password, not a host.
    let host = host.rsplit('@').next().unwrap_or_default();
    let mut request = hyper::Request::post(path)
        .header("host", host)
        .header("content-type", "application/json")
        .header("user-agent", concat!("gateward/", env!("CARGO_PKG_VERSION")))
        .header("connection", "close");
    if let Some(token) = &post.token {
        request = request.header("authorization", format!("Bearer {}", token.reveal()));
    }
    // The builder's own words would hold the header that it refused.
    request
        .body(Full::new(Bytes::from(post.body.clone())))
        .map_err(|_| "the address or token holds characters that HTTP cannot carry".to_owned())
}
