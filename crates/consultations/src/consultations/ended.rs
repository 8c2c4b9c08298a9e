//! Which consultations are over, for what is kept for some time after. SQL and nothing else.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::ConsultationId;
use crate::db::Conn;
use crate::db::schema::consultations;
use crate::db::types::Timestamp;
use crate::problem::Problem;

/// Those held before a day, the oldest first; without a day on record, by when they ended. One that has neither is not
/// known to be over.
pub fn before(conn: &mut Conn, day: NaiveDate) -> Result<Vec<ConsultationId>, Problem> {
    let midnight = Timestamp::new(day.and_time(chrono::NaiveTime::MIN).and_utc());
    Ok(consultations::table
        .filter(
            consultations::held_on
                .lt(day)
                .or(consultations::held_on.is_null().and(consultations::ends_at.lt(midnight))),
        )
        .order(consultations::id)
        .select(consultations::id)
        .load(conn)?)
}
