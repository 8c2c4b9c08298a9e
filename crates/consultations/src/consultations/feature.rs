//! What the rest of the program knows of consultations.

use super::programme::{announced_hosts, sessions};
use super::{http, lifecycle, merging, personal};
use crate::events::AccountsMerged;
use crate::organizations::merging::{OrganizationsMerged, OrganizationsToMerge};
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::vocabulary::RetentionClass;
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<OrganizationsToMerge, Consultations>(),
        Reaction::to::<OrganizationsMerged, Consultations>(),
        Reaction::to::<AccountsMerged, Consultations>(),
    ],
    personal: personal::FIELDS,
    data_of: Some(lifecycle::privacy::data_of),
    erase: Some((70, lifecycle::privacy::erase)),
    retention: &[
        (RetentionClass::Participation, "announced_hosts", announced_hosts::privacy::purge),
        (RetentionClass::Participation, "sessions", sessions::privacy::purge),
    ],
    ..Feature::named("consultations")
};

struct Consultations;

impl Reacts<OrganizationsToMerge> for Consultations {
    fn react(work: &mut Work, event: &OrganizationsToMerge) -> Result<Moved, Problem> {
        merging::hold_organization(work, event.from)?;
        Ok(Moved::new())
    }
}

impl Reacts<AccountsMerged> for Consultations {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        lifecycle::store::account_merged(work.conn, *event)?;
        Ok(Moved::new())
    }
}

impl Reacts<OrganizationsMerged> for Consultations {
    fn react(work: &mut Work, event: &OrganizationsMerged) -> Result<Moved, Problem> {
        let moved = merging::organization_merged(work, *event)?;
        Ok(vec![("co_organizers", moved)])
    }
}
