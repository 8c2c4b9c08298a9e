//! What is kept of a merge: which entry went into which, how both stood, and how much went along. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OrganizationId, Vetting};
use crate::accounts::AccountId;
use crate::db::types::{Id, Timestamp};

/// The id of a merge.
pub type MergeId = Id<Merge>;

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
