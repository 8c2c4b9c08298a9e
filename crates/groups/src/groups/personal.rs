//! What is held about a person in plans and groups.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("assignments", "registration_id", "To place the person in a group", Mandate, Participation, "secretariat; team of the consultation", Unlinked),
    field("assignment_plans", "placements", "To know what was proposed; registrations by id", Mandate, Participation, "secretariat; co-organizer", Unlinked),
    field("assignment_plans", "unmet", "To know which wishes a plan does not meet; registrations by id", Mandate, Participation, "secretariat; co-organizer", Unlinked),
    field("assignment_plans", "rules", "To know by which rules a plan was made; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
    field("assignment_plans", "clashes", "To know which rules cannot be kept; registrations by id", Mandate, Participation, "secretariat; co-organizer", Unlinked),
    field("assignment_rules", "pins", "To place the person in a certain group; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
    field("assignment_rules", "together", "To keep people in one group; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
    field("assignment_rules", "apart", "To keep people in different groups; registrations by id", Mandate, Participation, SECRETARIAT, Unlinked),
];
