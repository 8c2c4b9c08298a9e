//! SQL of co-organizers.

use super::{CoOrganizer, CoOrganizerKind};
use crate::consultations::programme::store::stored;
use crate::db::errors::taken;
use crate::organizations::OrganizationId;

stored! {
    CoOrganizer of CoOrganizer in co_organizers by position,
    columns { organization_id: OrganizationId, kind: CoOrganizerKind, position: i32, },
    json {},
    unique taken("/organization_id", "this organization has this part already"),
    in_use "Something refers to this co-organizer."
}
