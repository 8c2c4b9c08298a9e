//! SQL of sessions.

use super::{AttributionRule, Session, SessionId, SessionKind, Speaker};
use crate::consultations::programme::store::stored;
use crate::consultations::{ConsultationId, RoundId};

stored! {
    Session of Session in sessions by position,
    columns {
        position: i32,
        kind: SessionKind,
        title: String,
        starts_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
        moderator: Option<String>,
        attribution_rule: AttributionRule,
        round_id: Option<RoundId>,
        note: Option<String>,
        joining_url: Option<String>,
    },
    json { speakers: Vec<Speaker>, },
    in_use "Something refers to this session."
}

/// Which sessions of these consultations name somebody.
pub fn naming(conn: &mut Conn, held: &[ConsultationId]) -> Result<Vec<SessionId>, Problem> {
    let somebody = sessions::speakers.ne(Json(Vec::<Speaker>::new()));
    Ok(sessions::table
        .filter(sessions::consultation_id.eq_any(held))
        .filter(sessions::moderator.is_not_null().or(somebody))
        .order(sessions::id)
        .select(sessions::id)
        .load(conn)?)
}

/// These sessions name nobody any more.
pub fn forget_names(conn: &mut Conn, ids: &[SessionId]) -> Result<(), Problem> {
    let nobody = (
        sessions::moderator.eq(None::<String>),
        sessions::speakers.eq(Json(Vec::<Speaker>::new())),
        sessions::version.eq(sessions::version + 1),
    );
    diesel::update(sessions::table.filter(sessions::id.eq_any(ids))).set(nobody).execute(conn)?;
    Ok(())
}
