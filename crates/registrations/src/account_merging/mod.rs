//! People who have more than one account: finding such pairs, and making one of two accounts. Stands above registrations, which say
//! where somebody comes from; whatever else follows the person does so by itself ([`crate::events::AccountsMerged`]).

pub mod duplicates;
mod feature;
pub mod http;
mod personal;
mod privacy;
pub mod service;
mod store;

pub use feature::FEATURE;

use crate::registrations::RegistrationId;

/// Two registrations of one person for one consultation become one, after the first was withdrawn.
#[derive(Debug, Clone, Copy)]
pub struct RegistrationsMerged {
    /// The one that was withdrawn.
    pub from: RegistrationId,
    /// The one that is left.
    pub into: RegistrationId,
}

impl crate::registry::Event for RegistrationsMerged {
    const NAME: &'static str = "registrations_merged";
}
