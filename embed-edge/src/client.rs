//! Who is asking: the address behind trusted proxies, and the keys limits are counted under.
use ipnet::IpNet;
use poem::{Addr, Request};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The visitor's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(IpAddr);

impl Client {
    /// The peer, or the address a trusted proxy vouches for: the last one in `X-Forwarded-For` that is not itself a proxy.
    pub fn of(req: &Request, trusted: &[IpNet]) -> Self {
        let peer = match req.remote_addr().0 {
            Addr::SocketAddr(addr) => addr.ip().to_canonical(),
            _ => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        };
        let believed = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
        if !believed(&peer) {
            return Client(peer);
        }
        let mut client = peer;
        let hops: Vec<&str> = req.headers().get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
        for hop in hops.iter().rev().flat_map(|value| value.rsplit(',')) {
            // What stands before an unreadable hop was not written by a proxy we trust.
            let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
            client = ip.to_canonical();
            if !believed(&client) {
                break;
            }
        }
        Client(client)
    }

    /// A visitor at this address.
    pub fn from_ip(ip: IpAddr) -> Self {
        Client(ip.to_canonical())
    }

    /// The network one household or office has: the IPv4 address, or the IPv6 /64.
    pub fn network(self) -> u128 {
        match self.0 {
            IpAddr::V4(ip) => u128::from(ip.to_bits()),
            IpAddr::V6(ip) => ip.to_bits() & (u128::MAX << 64),
        }
    }

    /// A coarser network, shared when a limiter is crowded: IPv4 /16, IPv6 /32.
    pub fn region(self) -> u128 {
        match self.0 {
            IpAddr::V4(ip) => u128::from(ip.to_bits() >> 16),
            IpAddr::V6(ip) => ip.to_bits() & (u128::MAX << 96),
        }
    }

    /// What the core may know: `192.0.2.0/24` or `2001:db8::/48`.
    pub fn prefix(self) -> String {
        match self.0 {
            IpAddr::V4(ip) => format!("{}/24", Ipv4Addr::from_bits(ip.to_bits() & (u32::MAX << 8))),
            IpAddr::V6(ip) => format!("{}/48", Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 80))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem::{
        http::uri::Scheme,
        web::{LocalAddr, RemoteAddr},
    };

    fn ask(peer: &str, forwarded: &[&str]) -> Client {
        let mut parts = Request::builder().finish().into_parts().0;
        for value in forwarded {
            parts.headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let mut http = poem::http::Request::new(());
        *http.headers_mut() = parts.headers;
        let remote = RemoteAddr(Addr::SocketAddr(format!("{peer}:1").parse().unwrap()));
        let parts = (http.into_parts().0, LocalAddr::default(), remote, Scheme::HTTP).into();
        Client::of(&Request::from_parts(parts, poem::Body::empty()), &["10.0.0.0/8".parse().unwrap()])
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| Client(text.parse().unwrap());
        assert_eq!(ask("192.0.2.9", &["198.51.100.1"]), ip("192.0.2.9"));
        assert_eq!(ask("10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(ask("10.0.0.1", &["6.6.6.6, 198.51.100.1", "10.0.0.7"]), ip("198.51.100.1"));
        assert_eq!(ask("10.0.0.1", &["6.6.6.6, rubbish, 10.0.0.7"]), ip("10.0.0.7"));
        assert_eq!(ask("10.0.0.1", &[]), ip("10.0.0.1"));
    }

    #[test]
    fn networks_are_cut() {
        let v6 = Client("2001:db8:1:2:3:4:5:6".parse().unwrap());
        assert_eq!(v6.network(), Client("2001:db8:1:2:ffff::".parse().unwrap()).network());
        assert_eq!(v6.prefix(), "2001:db8:1::/48");
        let v4 = Client("192.0.2.77".parse().unwrap());
        assert_eq!(v4.prefix(), "192.0.2.0/24");
        assert_eq!(v4.region(), Client("192.0.99.1".parse().unwrap()).region());
    }
}
