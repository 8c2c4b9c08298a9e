//! SQL of sessions.

use super::{AttributionRule, Session, SessionKind, Speaker};
use crate::consultations::RoundId;
use crate::consultations::programme::store::stored;

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
