//! Which address a request comes from: that of whoever connected, or, behind proxies that are trusted, what these say. Pure. A client
//! writes into `X-Forwarded-For` whatever it likes; only what a trusted proxy has added at the end is believed.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Deserialize;

/// Which proxies in front are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum TrustedProxies {
    /// None: whoever connects is the client.
    #[default]
    Nobody,
    /// So many, one behind the other, whatever their addresses.
    Hops(usize),
    /// Those with these addresses.
    Networks(Vec<IpNet>),
}

/// Most proxies that may stand one behind the other.
const MOST_HOPS: usize = 16;

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "limits.trusted_proxies must be addresses and networks with commas between (10.0.0.0/8, ::1), or how many proxies stand one \
                 behind the other (1 to {MOST_HOPS}), or empty"
            )
        };
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Nobody);
        }
        if let Ok(hops) = text.parse::<usize>() {
            return (1..=MOST_HOPS).contains(&hops).then_some(Self::Hops(hops)).ok_or_else(wrong);
        }
        let network = |one: &str| {
            let one = one.trim();
            let network = one.parse::<IpNet>().or_else(|_| one.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| wrong())
        };
        text.split(',').map(network).collect::<Result<_, _>>().map(Self::Networks)
    }
}

impl TryFrom<String> for TrustedProxies {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl TrustedProxies {
    /// Whether whoever connects is such a proxy.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        match self {
            Self::Nobody => false,
            Self::Hops(_) => true,
            Self::Networks(networks) => {
                let peer = peer.to_canonical();
                networks.iter().any(|one| one.contains(&peer))
            }
        }
    }

    /// The client of a request that `peer` sent on, with the values of its `X-Forwarded-For` headers as they came. Where a proxy that is
    /// trusted says nothing that is an address, it counts for the client itself.
    pub fn client<'a>(&self, peer: IpAddr, forwarded: impl Iterator<Item = &'a str>) -> IpAddr {
        let said: Vec<&str> = forwarded.flat_map(|one| one.split(',')).map(str::trim).collect();
        let mut client = peer.to_canonical();
        for (passed, said) in said.iter().rev().enumerate() {
            let trusted = match self {
                Self::Nobody => false,
                Self::Hops(hops) => passed < *hops,
                Self::Networks(_) => self.trusts(client),
            };
            let Some(before) = said_address(said).filter(|_| trusted) else { break };
            client = before;
        }
        client
    }
}

/// Some proxies add the port.
fn said_address(said: &str) -> Option<IpAddr> {
    let address = said.parse::<IpAddr>().ok();
    let address = address.or_else(|| said.parse::<std::net::SocketAddr>().ok().map(|one| one.ip()));
    let bare = || said.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    address.or_else(bare).map(|address| address.to_canonical())
}

/// What one subscriber has of addresses, by which whoever comes from them is counted: the address, of IPv6 the network (/64).
pub fn household(client: IpAddr) -> IpNet {
    match client.to_canonical() {
        IpAddr::V4(address) => Ipv4Net::from(address).into(),
        IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).trunc().into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let trusted: TrustedProxies = trusted.parse().unwrap();
        trusted.client(peer.parse().unwrap(), forwarded.iter().copied()).to_string()
    }

    #[test]
    fn only_what_a_trusted_proxy_added_is_believed() {
        let peer = "10.0.0.1";
        for (trusted, forwarded, expected) in [
            ("", &["198.51.100.7"][..], peer),
            ("1", &["198.51.100.7"], "198.51.100.7"),
            ("1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            ("1", &["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
            ("2", &["203.0.113.9, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            ("2", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.0/8", &["203.0.113.9, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.0/8", &["10.9.9.9"], "10.9.9.9"),
            ("192.0.2.1", &["198.51.100.7"], peer),
            ("1", &["unknown"], peer),
            ("1", &[""], peer),
            ("1", &[], peer),
            ("1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("1", &["[2001:db8::7]"], "2001:db8::7"),
            ("1", &["::ffff:198.51.100.7"], "198.51.100.7"),
        ] {
            assert_eq!(client(trusted, peer, forwarded), expected, "{trusted} {forwarded:?}");
        }
        assert_eq!(client("10.0.0.0/8", "::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        for wrong in ["0", "17", "yes", "true", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "-1"] {
            assert!(wrong.parse::<TrustedProxies>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let counted = |text: &str| household(text.parse().unwrap());
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), counted("2001:db8:1:2::1"));
        assert_ne!(counted("2001:db8:1:2::1"), counted("2001:db8:1:3::1"));
        assert_ne!(counted("198.51.100.7"), counted("198.51.100.8"));
    }

    proptest! {
        #[test]
        fn whatever_a_client_writes_it_is_known_by_what_the_proxy_saw(
            written in prop::collection::vec("[0-9a-f.:, ]{0,20}", 0..5),
            own in any::<[u8; 4]>(),
            by_address in any::<bool>()
        ) {
            let own = std::net::Ipv4Addr::from(own);
            prop_assume!(own.octets()[0] != 10);
            let seen = own.to_string();
            let forwarded: Vec<&str> =
                written.iter().map(String::as_str).chain([seen.as_str()]).collect();
            let trusted = if by_address { "10.0.0.0/8" } else { "1" };
            prop_assert_eq!(client(trusted, "10.0.0.1", &forwarded), seen.clone());
        }
    }
}
