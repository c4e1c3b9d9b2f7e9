//! Just enough of the Postgres protocol to ask whether a server accepts connections.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Whether the server on this port lets a client begin to authenticate. A server that still starts up or already
/// shuts down answers with an error instead.
pub(super) fn accepts_connections(port: u16) -> bool {
    first_answer(port).is_some_and(|kind| kind == b'R')
}

fn first_answer(port: u16) -> Option<u8> {
    let limit = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), limit).ok()?;
    stream.set_read_timeout(Some(limit)).ok()?;
    stream.set_write_timeout(Some(limit)).ok()?;
    stream.write_all(&startup_message()).ok()?;
    let mut kind = [0];
    stream.read_exact(&mut kind).ok()?;
    Some(kind[0])
}

fn startup_message() -> Vec<u8> {
    const PROTOCOL_3_0: u32 = 196_608;
    let parameters = b"user\0postgres\0database\0postgres\0application_name\0upzento readiness\0\0";
    let length = u32::try_from(8 + parameters.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &PROTOCOL_3_0.to_be_bytes(), &parameters[..]].concat()
}
