//! By what accounts are found that may be one person's: keys that are the same however a name or an address is written. They are kept beside
//! what they are made of, and tell less ("blocking": P. Christen, Data Matching, 2012, chapter 4). Pure.

use super::Email;
use crate::normal::normalized;

/// A person's name without the differences of spelling and of the order of its words.
pub fn name_key(name: &str) -> String {
    let name = normalized(name);
    let mut words: Vec<&str> = name.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// An address without dots, and without what follows a plus sign, before the `@`.
pub fn mailbox_key(email: &Email) -> String {
    let (local, domain) = email.as_str().split_once('@').unwrap_or((email.as_str(), ""));
    let (local, _) = local.split_once('+').unwrap_or((local, ""));
    format!("{}@{domain}", local.replace('.', ""))
}
