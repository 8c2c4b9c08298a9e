//! Who organizes a consultation: organizations, each with its part, in the order in which they are named. Pure.

use super::check_place;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::organizations::OrganizationId;
use crate::problem::{Checks, Problem};
use crate::text_enum;
pub use crate::vocabulary::CoOrganizerId;

pub(super) mod http;
mod service;
mod store;

text_enum! {
    /// What part an organization has in organizing a consultation.
    pub enum CoOrganizerKind {
        /// A stakeholder organization.
        Stakeholder => "stakeholder",
        /// A member of the United Nations network.
        UnNetwork => "un_network",
        /// Guides the whole series.
        OverallGuidance => "overall_guidance",
    }
}

/// An organization's part in organizing one consultation.
#[derive(Debug, Clone, PartialEq)]
pub struct CoOrganizer {
    /// Its id.
    pub id: CoOrganizerId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its part. An organization may have several.
    pub kind: CoOrganizerKind,
    /// Its place in the order in which they are named, from 1.
    pub position: i32,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new co-organizer is made of.
#[derive(Debug, Clone)]
pub struct NewCoOrganizer {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its part.
    pub kind: CoOrganizerKind,
    /// `None` puts it at the end.
    pub position: Option<i32>,
}

impl CoOrganizer {
    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        check_place(&mut Checks::new(), self.position, "/position").finish()
    }
}
