//! What is kept of a merge: which entry went into which, how both stood, and how much went along. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OrganizationId, Vetting};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::registry::Event;

pub use crate::vocabulary::MergeId;

pub mod http;
pub mod service;
pub(super) mod store;

/// One entry of an organization went into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// The entry that was given up.
    pub from_id: OrganizationId,
    /// The entry it went into; that may have gone into a third one since.
    pub into_id: OrganizationId,
    /// The name of the entry that was given up.
    pub name: String,
    /// How far the vetting of the one that was given up had come.
    pub from_vetting: Vetting,
    /// How far that of the other had come.
    pub into_vetting: Vetting,
    /// How far the vetting of the one that is left had come after it.
    pub vetting: Vetting,
    /// How much went along.
    pub moved: Moved,
    /// Why.
    pub note: Option<String>,
    /// Who did it; none when the operator did.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// How many things that named one entry name another now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Moved {
    /// Registrations.
    #[schema(example = 12)]
    pub registrations: u64,
    /// Parts in consultations; where both had the same part there is one left.
    #[schema(example = 1)]
    pub co_organizers: u64,
    /// Offers to co-organize.
    #[schema(example = 0)]
    pub offers: u64,
    /// Appeals.
    #[schema(example = 0)]
    pub appeals: u64,
}

/// One entry of an organization is about to go into another: whoever holds what names it keeps others from changing that, in the
/// order in which others do.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationsToMerge {
    /// The entry that is given up.
    pub from: OrganizationId,
}

impl Event for OrganizationsToMerge {
    const NAME: &'static str = "organizations_to_merge";
}

/// One entry of an organization goes into another: everything that names the first names the second from now on. Reactions tell
/// how much, under the names of [`Moved`].
#[derive(Debug, Clone, Copy)]
pub struct OrganizationsMerged {
    /// The entry that is given up.
    pub from: OrganizationId,
    /// The entry that is left.
    pub into: OrganizationId,
}

impl Event for OrganizationsMerged {
    const NAME: &'static str = "organizations_merged";
}
