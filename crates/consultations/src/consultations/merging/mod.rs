//! What happens to consultations when two entries of an organization are made one.

use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;
use crate::work::Work;

pub(super) mod store;

/// Holds the consultations in which an organization has a part until the transaction ends.
pub fn hold_organization(work: &mut Work, organization: OrganizationId) -> Result<(), Problem> {
    for consultation in store::consultations_of(work.conn, organization)? {
        work.lock(consultation.uuid())?;
    }
    Ok(())
}

/// Gives the parts of one organization to another; where that had the part already, it keeps its own. Says how many
/// parts the first had. For the merging of organizations: it does not ask who asks.
pub fn organization_merged(work: &mut Work, merged: OrganizationsMerged) -> Result<u64, Problem> {
    store::move_parts(work.conn, merged, work.now)
}
