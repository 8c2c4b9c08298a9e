//! SQL of rounds.

use super::Round;
use crate::consultations::programme::store::stored;
use crate::db::errors::taken;

stored! {
    Round of Round in rounds by number,
    columns { number: i32, starts_at: Option<Timestamp>, ends_at: Option<Timestamp>, },
    json {},
    unique taken("/number", "another round has this number"),
    in_use "A session, an assignment or an input refers to this round."
}
