//! Listening sockets: asked of the kernel by netlink, which keeps them apart; else from /proc/net/tcp, for which it goes through
//! every connection there is or could be.

use std::io;
use std::net::SocketAddr;

use netlink_packet_core::{NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{AF_INET, AF_INET6, IPPROTO_TCP};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, InetResponse, SocketId, StateFlags};
use netlink_sys::Socket;
use netlink_sys::protocols::NETLINK_SOCK_DIAG;
use procfs::net::{TcpNetEntry, TcpState};

/// What the kernel fills at once, at most.
const ANSWER: usize = 64 * 1024;

pub struct Listening {
    pub inode: u64,
    pub address: SocketAddr,
}

/// Every socket, of whichever account, that listens on `port`; and where that was read.
///
/// # Errors
/// The system's words when neither source can be read.
pub fn listening(port: u16) -> Result<(Vec<Listening>, &'static str), String> {
    let (all, source) = match told() {
        Ok(all) => (all, "sock_diag(7)"),
        // A kernel without it, or a sandbox that does not let it through.
        Err(error) => {
            tracing::debug!(%error, "no sockets by netlink");
            (listed()?, "/proc/net/tcp")
        }
    };
    Ok((all.into_iter().filter(|socket| socket.address.port() == port).collect(), source))
}

fn told() -> io::Result<Vec<Listening>> {
    let mut socket = Socket::new(NETLINK_SOCK_DIAG)?;
    let mut all = ask(&mut socket, AF_INET, SocketId::new_v4())?;
    all.extend(ask(&mut socket, AF_INET6, SocketId::new_v6())?);
    Ok(all)
}

/// The kernel answers while it is asked, so that there is nothing to wait for.
fn ask(socket: &mut Socket, family: u8, socket_id: SocketId) -> io::Result<Vec<Listening>> {
    let request = InetRequest {
        family,
        protocol: IPPROTO_TCP,
        extensions: ExtensionFlags::empty(),
        states: StateFlags::LISTEN,
        socket_id,
    };
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_REQUEST | NLM_F_DUMP;
    let mut message = NetlinkMessage::new(header, SockDiagMessage::InetRequest(request).into());
    message.finalize();
    let mut bytes = vec![0; message.buffer_len()];
    message.serialize(&mut bytes);
    socket.send(&bytes, 0)?;
    let mut found = Vec::new();
    let mut answer = vec![0; ANSWER];
    loop {
        let count = socket.recv(&mut answer.as_mut_slice(), 0)?;
        if read(&answer[..count], &mut found)? {
            return Ok(found);
        }
    }
}

/// Whether this was the last of the answer.
fn read(mut bytes: &[u8], found: &mut Vec<Listening>) -> io::Result<bool> {
    while !bytes.is_empty() {
        let message = NetlinkMessage::<SockDiagMessage>::deserialize(bytes).map_err(io::Error::other)?;
        match message.payload {
            NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(socket)) => {
                found.push(Listening::from(*socket));
            }
            NetlinkPayload::Done(_) => return Ok(true),
            NetlinkPayload::Error(error) => return Err(error.to_io()),
            other => return Err(io::Error::other(format!("{other:?}"))),
        }
        // Messages begin at multiples of four.
        let length = (message.header.length as usize).next_multiple_of(4);
        bytes = bytes.get(length.max(4)..).unwrap_or_default();
    }
    Ok(false)
}

impl From<InetResponse> for Listening {
    fn from(InetResponse { header, .. }: InetResponse) -> Self {
        let SocketId { source_address, source_port, .. } = header.socket_id;
        Self { inode: u64::from(header.inode), address: SocketAddr::new(source_address, source_port) }
    }
}

fn listed() -> Result<Vec<Listening>, String> {
    let v4 = procfs::net::tcp().map_err(|error| error.to_string())?;
    // A kernel without IPv6 has no tcp6.
    let v6 = procfs::net::tcp6().unwrap_or_default();
    let listens = |entry: &TcpNetEntry| entry.state == TcpState::Listen;
    let listening = |entry: TcpNetEntry| Listening { inode: entry.inode, address: entry.local_address };
    Ok(v4.into_iter().chain(v6).filter(listens).map(listening).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn among(all: &[Listening], listener: &TcpListener) -> Option<u64> {
        let address = listener.local_addr().unwrap();
        all.iter().find(|socket| socket.address == address).map(|socket| socket.inode)
    }

    #[test]
    fn both_sources_name_the_same_socket() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let listed = among(&listed().unwrap(), &listener);
            assert!(listed.is_some(), "{address}");
            assert_eq!(among(&told().unwrap(), &listener), listed, "{address}");
        }
    }

    /// The kernel puts at most 32 KiB into an answer, at some 124 bytes each.
    #[test]
    fn more_listeners_than_one_answer_holds_are_all_told() {
        let many: Vec<TcpListener> = (0..300).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let told = told().unwrap();
        assert!(many.iter().all(|listener| among(&told, listener).is_some()));
    }

    #[test]
    fn a_connection_is_no_listener() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connected = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (found, _) = listening(connected.local_addr().unwrap().port()).unwrap();
        assert!(found.is_empty());
    }

    #[test]
    fn an_answer_that_is_none_is_a_failure() {
        assert!(read(&[1; 7], &mut Vec::new()).is_err());
    }
}
