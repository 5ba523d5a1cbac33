//! Who listens: Windows' own table of listening sockets. Only that one, and nobody's name: a list of all connections is long, and wine
//! looks through every process for each of its rows.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use windows::Win32::Foundation::{ERROR_INSUFFICIENT_BUFFER, NO_ERROR, WIN32_ERROR};
use windows::Win32::NetworkManagement::IpHelper::{GetExtendedTcpTable, TCP_TABLE_OWNER_PID_LISTENER};

/// AF_INET and AF_INET6 with the length of their rows in words.
const FAMILIES: [(u32, usize); 2] = [(2, 6), (23, 14)];

/// Every TCP socket that listens on `port`, with its process.
///
/// # Errors
/// The system's words.
pub fn listening(port: u16) -> io::Result<Vec<(SocketAddr, u32)>> {
    let mut found = Vec::new();
    for (family, length) in FAMILIES {
        let table = table(family)?;
        let count = table.first().copied().unwrap_or_default() as usize;
        let rows = table.get(1..).unwrap_or_default().chunks_exact(length).take(count);
        found.extend(rows.filter_map(listener).filter(|(address, _)| address.port() == port));
    }
    Ok(found)
}

/// The count of the rows and the rows, as words.
fn table(family: u32) -> io::Result<Vec<u32>> {
    let mut room = vec![0_u32; 1024];
    loop {
        let mut size = u32::try_from(room.len() * size_of::<u32>()).unwrap_or(u32::MAX);
        // SAFETY: the room is as large as is said and outlives the call.
        let outcome = unsafe {
            let start = Some(room.as_mut_ptr().cast());
            GetExtendedTcpTable(start, &raw mut size, false, family, TCP_TABLE_OWNER_PID_LISTENER, 0)
        };
        match WIN32_ERROR(outcome) {
            NO_ERROR => return Ok(room),
            // It may have grown again meanwhile.
            ERROR_INSUFFICIENT_BUFFER => room.resize(size as usize / size_of::<u32>() + 1024, 0),
            error => return Err(io::Error::from_raw_os_error(error.0.cast_signed())),
        }
    }
}

/// MIB_TCPROW_OWNER_PID: state, address, port, the other side's two, process; MIB_TCP6ROW_OWNER_PID: address, scope, port, the other
/// side's three, state, process. Addresses and ports are in network order.
fn listener(row: &[u32]) -> Option<(SocketAddr, u32)> {
    let port = |word: u32| {
        let [high, low, ..] = word.to_ne_bytes();
        u16::from_be_bytes([high, low])
    };
    let (address, local) = match row {
        [_, address, local, _, _, _] => (Ipv4Addr::from(address.to_ne_bytes()).into(), *local),
        [a, b, c, d, _, local, ..] => {
            let bytes: Vec<u8> = [a, b, c, d].into_iter().flat_map(|word| word.to_ne_bytes()).collect();
            (Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into(), *local)
        }
        _ => return None,
    };
    Some((SocketAddr::new(address, port(local)), *row.last()?))
}
