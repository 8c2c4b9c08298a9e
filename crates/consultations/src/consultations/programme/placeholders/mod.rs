//! Hosts of a working group who are nobody yet: "a representative of the International Labour Organization", "to be confirmed". They
//! are printed and shown beside those who are persons, and can do nothing. Pure.

use crate::access::Role;
use crate::organizations::OrganizationId;

pub mod service;
pub(in crate::consultations) mod store;

/// The roles that are held on a working group.
pub const HOST_ROLES: &[Role] =
    &[Role::CoHost, Role::Moderator, Role::FocalPoint, Role::Rapporteur];

/// How many a working group may have.
pub const MOST: usize = 20;

/// A line in place of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// As what.
    pub role: Role,
    /// The organization that will send somebody; none while it is to be confirmed.
    pub organization_id: Option<OrganizationId>,
}

/// A placeholder in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The placeholder.
    pub placeholder: Placeholder,
    /// The name of its organization.
    pub organization: Option<String>,
    /// "a representative of …", or "to be confirmed".
    pub text: String,
}

impl Line {
    /// In words, when its organization is called that.
    pub fn of(placeholder: Placeholder, organization: Option<&str>) -> Self {
        let text = match organization {
            Some(name) => format!("a representative of {name}"),
            None => "to be confirmed".to_owned(),
        };
        Self { placeholder, organization: organization.map(str::to_owned), text }
    }
}
