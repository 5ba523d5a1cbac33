use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

/// Tries for a free port that is free on both loopback addresses.
const ATTEMPTS: usize = 16;

/// Why an address could not be opened.
#[derive(Debug)]
pub struct Unopened {
    pub address: SocketAddr,
    pub cause: io::Error,
}

impl Unopened {
    pub fn is_taken(&self) -> bool {
        self.cause.kind() == ErrorKind::AddrInUse
    }
}

/// Opens `port` on `host`, or on both loopback addresses as the real gateway does (observed 3.1).
///
/// Port 0 takes one that is free on all of them. A machine without IPv6 is served on IPv4 alone.
pub async fn listen(host: Option<IpAddr>, port: u16) -> Result<Vec<TcpListener>, Unopened> {
    if let Some(host) = host {
        return Ok(vec![open(SocketAddr::new(host, port)).await?]);
    }
    for _ in 1..ATTEMPTS {
        match both(port).await {
            Err(unopened) if port == 0 && unopened.is_taken() => {}
            result => return result,
        }
    }
    both(port).await
}

async fn both(port: u16) -> Result<Vec<TcpListener>, Unopened> {
    let first = open((Ipv4Addr::LOCALHOST, port).into()).await?;
    let port = first.local_addr().map_or(port, |address| address.port());
    match open((Ipv6Addr::LOCALHOST, port).into()).await {
        Ok(second) => Ok(vec![first, second]),
        Err(unopened) if unopened.is_taken() => Err(unopened),
        Err(_no_ipv6) => Ok(vec![first]),
    }
}

async fn open(address: SocketAddr) -> Result<TcpListener, Unopened> {
    TcpListener::bind(address).await.map_err(|cause| Unopened { address, cause })
}
