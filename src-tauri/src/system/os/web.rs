//! HTTP and HTTPS to an address outside this machine. Redirections are not followed: they would carry the token elsewhere.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::model::Redacted;
use crate::system::{Fetch, Post};

type Request = hyper::Request<Full<Bytes>>;

/// The answer's status. The failure is in words that do not repeat the address.
pub async fn post(post: &Post) -> Result<u16, String> {
    within(post.deadline, async {
        let address = Address::parse(&post.url)?;
        let (answer, _connection) = address.ask(posted(post, &address)?).await?;
        Ok(answer.status().as_u16())
    })
    .await
}

/// What stands at the address, if that is no more than was wanted.
pub async fn fetch(wanted: &Fetch) -> Result<Vec<u8>, String> {
    within(wanted.deadline, async {
        let address = Address::parse(&wanted.url)?;
        let (answer, _connection) =
            address.ask(finished(address.request(Method::GET), Bytes::new())?).await?;
        if answer.status() != hyper::StatusCode::OK {
            return Err(format!("the server answered {}", answer.status()));
        }
        let body = Limited::new(answer.into_body(), wanted.most).collect().await;
        body.map(|body| body.to_bytes().to_vec()).map_err(|error| error.to_string())
    })
    .await
}

async fn within<T>(
    deadline: Duration,
    exchange: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    let answered = tokio::time::timeout(deadline, exchange).await;
    answered.unwrap_or_else(|_| Err(format!("no answer within {} s", deadline.as_secs())))
}

struct Address {
    uri: Uri,
    host: String,
    secure: bool,
}

/// Ends with its value.
struct Connection(tokio::task::JoinHandle<hyper::Result<()>>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Address {
    fn parse(url: &Redacted) -> Result<Self, String> {
        let uri: Uri = url.reveal().parse().map_err(|_| "the address is not valid")?;
        let host = uri.host().ok_or("the address names no server")?.trim_matches(['[', ']']).to_owned();
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) | None => {
                return Err("the address begins neither with https:// nor with http://".to_owned());
            }
        };
        Ok(Self { uri, host, secure })
    }

    async fn ask(&self, request: Request) -> Result<(Response<Incoming>, Connection), String> {
        let port = self.uri.port_u16().unwrap_or(if self.secure { 443 } else { 80 });
        let stream =
            TcpStream::connect((self.host.as_str(), port)).await.map_err(|error| error.to_string())?;
        if self.secure {
            let name =
                ServerName::try_from(self.host.clone()).map_err(|_| "the server's name is not valid")?;
            let stream = connector()?.connect(name, stream).await.map_err(|error| error.to_string())?;
            return send(stream, request).await;
        }
        send(stream, request).await
    }

    fn request(&self, method: Method) -> hyper::http::request::Builder {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let host = self.uri.authority().map_or("", |authority| authority.as_str());
        // What stands before an `@` is a password, not a host.
        let host = host.rsplit('@').next().unwrap_or_default();
        hyper::Request::builder()
            .method(method)
            .uri(path)
            .header("host", host)
            .header("user-agent", concat!("gateward/", env!("CARGO_PKG_VERSION")))
            .header("connection", "close")
    }
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
    request: Request,
) -> Result<(Response<Incoming>, Connection), String> {
    let words = |error: hyper::Error| error.to_string();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(words)?;
    let connection = Connection(tokio::spawn(connection));
    let answer = sender.send_request(request).await.map_err(words)?;
    Ok((answer, connection))
}

fn posted(post: &Post, address: &Address) -> Result<Request, String> {
    let mut request = address.request(Method::POST).header("content-type", "application/json");
    if let Some(token) = &post.token {
        request = request.header("authorization", format!("Bearer {}", token.reveal()));
    }
    finished(request, Bytes::from(post.body.clone()))
}

fn finished(request: hyper::http::request::Builder, body: Bytes) -> Result<Request, String> {
    // The builder's own words would hold the header that it refused.
    let refused = |_| "the address or token holds characters that HTTP cannot carry".to_owned();
    request.body(Full::new(body)).map_err(refused)
}
