//! How many connections there are from each address. Nothing of it is kept: an address is known while it has a connection.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use ipnet::IpNet;

use crate::mutex::unpoisoned;
use crate::proxies::household;

/// The connections of a server.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<Mutex<HashMap<IpNet, usize>>>);

/// One of them, until it is closed.
#[derive(Debug)]
pub struct Connected {
    all: Connections,
    address: IpNet,
    /// How many there were from its address when it was opened, with itself.
    number: usize,
}

impl Connections {
    /// Counts one that was opened.
    pub fn open(&self, from: IpAddr) -> Connected {
        let address = household(from);
        let number = {
            let mut all = self.counts();
            let count = all.entry(address).or_default();
            *count += 1;
            *count
        };
        Connected { all: self.clone(), address, number }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<IpNet, usize>> {
        // Numbers are whole whatever became of who held them.
        unpoisoned(&self.0)
    }
}

impl Connected {
    /// Whether it was one too many of its address.
    pub fn is_beyond(&self, most: usize) -> bool {
        self.number > most
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let mut all = self.all.counts();
        if let Some(count) = all.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_counted_by_address_while_they_are_open() {
        let all = Connections::default();
        let at = |text: &str| all.open(text.parse().unwrap());
        let (first, second) = (at("2001:db8::1"), at("2001:db8::2:1"));
        assert!(!first.is_beyond(1) && second.is_beyond(1), "of one /64");
        assert!(!at("2001:db8:0:1::1").is_beyond(1));
        assert!(!at("192.0.2.1").is_beyond(1) && !at("::ffff:192.0.2.1").is_beyond(1));
        drop((first, second));
        assert!(all.counts().is_empty());
    }
}
