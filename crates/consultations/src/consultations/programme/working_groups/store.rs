//! SQL of working groups.

use super::WorkingGroup;
use crate::consultations::programme::store::stored;
use crate::db::errors::taken;
use crate::reference::ObjectiveNumber;

stored! {
    WorkingGroup of WorkingGroup in working_groups by number,
    columns { number: i32, min_size: i32, max_size: i32, },
    json { clusters: Vec<Vec<ObjectiveNumber>>, languages: Vec<String>, },
    unique taken("/number", "another working group has this number"),
    in_use "An assignment or an input refers to this working group."
}
