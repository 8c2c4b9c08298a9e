//! Hosts of a working group who are announced by name and need no role: "Asha Example, International Detention Coalition". Once they
//! agreed to be named they are printed and shown beside those who hold a role; they can do nothing. Pure.

use crate::access::Role;
use crate::accounts::AccountId;

pub(in crate::consultations) mod privacy;
pub mod service;
pub(in crate::consultations) mod store;

/// How many a working group may have.
pub const MOST: usize = 20;
/// Longest name or affiliation, in characters.
pub const LONGEST: usize = 200;

/// A person without a role who hosts a working group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedHost {
    /// As what.
    pub role: Role,
    /// What they are called.
    pub name: String,
    /// What they come for.
    pub affiliation: Option<String>,
    /// Whether they agreed to be named; without it only those who prepare the consultation see the name.
    pub named_consent: bool,
}

impl AnnouncedHost {
    /// "Asha Example, International Detention Coalition".
    pub fn line(&self) -> String {
        match &self.affiliation {
            Some(affiliation) => format!("{}, {affiliation}", self.name),
            None => self.name.clone(),
        }
    }
}

/// A person who hosts a working group, as a programme names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedHost {
    /// Somebody by their account, who holds the role there already.
    Holds(Role, AccountId),
    /// Somebody by their name, who needs none.
    Announced(AnnouncedHost),
}
