//! SQL of what parties say and of what they agreed to.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{AgreedText, Position, PositionKind, PositionState, Read};
use crate::accounts::AccountId;
use crate::consultations::programme::printed_names::PrintedName;
use crate::db::errors;
use crate::db::schema::{clearance_agreements, clearance_positions, clearance_texts};
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::reports::clearance::Agreed;
use crate::reports::clearance::portions::{Whole, left_out, printed_in};
use crate::reports::{ParagraphId, ReportId};
use crate::vocabulary::{ClearanceRoundId, PartyId, PositionId, ThingId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = clearance_positions, treat_none_as_default_value = false)]
struct Row {
    id: PositionId,
    report_id: ReportId,
    round_id: ClearanceRoundId,
    party_id: PartyId,
    kind: PositionKind,
    state: PositionState,
    version: i64,
    portions: Json<Vec<Read>>,
    paragraph_id: Option<ParagraphId>,
    reason: Option<String>,
    objection_id: Option<PositionId>,
    proposed_by: Option<AccountId>,
    proposed_at: Timestamp,
    decided_by: Option<AccountId>,
    decided_at: Option<Timestamp>,
    note: Option<String>,
    ended_at: Option<Timestamp>,
}

impl From<Row> for Position {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            report_id: row.report_id,
            round_id: row.round_id,
            party_id: row.party_id,
            kind: row.kind,
            state: row.state,
            version: row.version,
            portions: row.portions.0,
            paragraph_id: row.paragraph_id,
            reason: row.reason,
            objection_id: row.objection_id,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            note: row.note,
            ended_at: row.ended_at,
        }
    }
}

/// Stores what was proposed, or said.
pub fn insert(conn: &mut Conn, position: &Position) -> Result<(), Problem> {
    let position = position.clone();
    let row = Row {
        id: position.id,
        report_id: position.report_id,
        round_id: position.round_id,
        party_id: position.party_id,
        kind: position.kind,
        state: position.state,
        version: position.version,
        portions: Json(position.portions),
        paragraph_id: position.paragraph_id,
        reason: position.reason,
        objection_id: position.objection_id,
        proposed_by: position.proposed_by,
        proposed_at: position.proposed_at,
        decided_by: position.decided_by,
        decided_at: position.decided_at,
        note: position.note,
        ended_at: position.ended_at,
    };
    diesel::insert_into(clearance_positions::table).values(&row).execute(conn)?;
    Ok(())
}

/// Stores a position as it is now; its version is the next one already.
pub fn update(conn: &mut Conn, position: &Position) -> Result<(), Problem> {
    let before = position.version - 1;
    let this = clearance_positions::table
        .filter(clearance_positions::id.eq(position.id))
        .filter(clearance_positions::version.eq(before));
    let rows = diesel::update(this)
        .set((
            clearance_positions::state.eq(position.state),
            clearance_positions::version.eq(position.version),
            clearance_positions::decided_by.eq(position.decided_by),
            clearance_positions::decided_at.eq(position.decided_at),
            clearance_positions::note.eq(&position.note),
            clearance_positions::ended_at.eq(position.ended_at),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

/// The position, or 404.
pub fn position(conn: &mut Conn, id: PositionId) -> Result<Position, Problem> {
    let row = clearance_positions::table.find(id).first::<Row>(conn).optional()?;
    row.map(Position::from).ok_or_else(|| Problem::not_found("position"))
}

/// Some of the positions of a report, in the order in which they were proposed: those that were given, and all of some parties.
pub fn visible(
    conn: &mut Conn,
    report: ReportId,
    own: &[PartyId],
    paging: &Paging,
) -> Result<Vec<Position>, Problem> {
    let query = clearance_positions::table
        .filter(clearance_positions::report_id.eq(report))
        .filter(
            clearance_positions::state
                .eq(PositionState::Given)
                .or(clearance_positions::party_id.eq_any(own)),
        )
        .into_boxed();
    let part = keyset::after(
        query,
        (clearance_positions::id,),
        paging.after_one::<PositionId>()?,
        paging.load(),
    );
    let rows = part.load::<Row>(conn)?;
    Ok(rows.into_iter().map(Position::from).collect())
}

/// Everything that was said about a report, in the order in which it was proposed.
pub fn given(conn: &mut Conn, report: ReportId) -> Result<Vec<Position>, Problem> {
    let rows = clearance_positions::table
        .filter(clearance_positions::report_id.eq(report))
        .filter(clearance_positions::state.eq(PositionState::Given))
        .order(clearance_positions::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Position::from).collect())
}

/// What waits to be confirmed by other members of these parties.
pub fn proposed(conn: &mut Conn, parties: &[PartyId]) -> Result<Vec<Position>, Problem> {
    let rows = clearance_positions::table
        .filter(clearance_positions::party_id.eq_any(parties))
        .filter(clearance_positions::state.eq(PositionState::Proposed))
        .order(clearance_positions::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Position::from).collect())
}

#[derive(Insertable)]
#[diesel(table_name = clearance_agreements)]
struct AgreementRow {
    party_id: PartyId,
    portion_id: ThingId,
    report_id: ReportId,
    sha256: String,
    agreed_at: Timestamp,
}

/// Keeps what a party agreed to, in place of what it agreed to before, and the texts themselves.
pub fn agree(
    conn: &mut Conn,
    position: &Position,
    whole: &Whole,
    at: Timestamp,
) -> Result<(), Problem> {
    let (party_id, report_id) = (position.party_id, position.report_id);
    let ids: Vec<ThingId> = position.portions.iter().map(|one| one.id).collect();
    let before = clearance_agreements::table
        .filter(clearance_agreements::party_id.eq(party_id))
        .filter(clearance_agreements::portion_id.eq_any(&ids));
    diesel::delete(before).execute(conn)?;
    for read in &position.portions {
        let (portion_id, sha256) = (read.id, read.sha256.clone());
        let row = AgreementRow { party_id, portion_id, report_id, sha256, agreed_at: at };
        diesel::insert_into(clearance_agreements::table).values(&row).execute(conn)?;
    }
    let known = texts(conn, report_id)?;
    let agreed = |sha256: &str| position.portions.iter().any(|one| one.sha256 == sha256);
    for (sha256, text) in whole.texts() {
        if agreed(sha256) && !known.contains_key(sha256) {
            let row = (
                clearance_texts::report_id.eq(report_id),
                clearance_texts::sha256.eq(sha256),
                clearance_texts::text.eq(Some(text)),
                clearance_texts::named.eq(Json(printed_in(text, &whole.named))),
            );
            diesel::insert_into(clearance_texts::table).values(row).execute(conn)?;
        }
    }
    Ok(())
}

/// What every party agreed to last.
pub fn agreed(conn: &mut Conn, report: ReportId) -> Result<BTreeMap<PartyId, Agreed>, Problem> {
    let rows: Vec<(PartyId, ThingId, String)> = clearance_agreements::table
        .filter(clearance_agreements::report_id.eq(report))
        .select((
            clearance_agreements::party_id,
            clearance_agreements::portion_id,
            clearance_agreements::sha256,
        ))
        .load(conn)?;
    let mut agreed = BTreeMap::<PartyId, Agreed>::new();
    for (party, portion, sha256) in rows {
        agreed.entry(party).or_default().insert(portion, sha256);
    }
    Ok(agreed)
}

/// A text that was agreed to: in which report, its SHA-256, the text, whom it prints by name.
type TextRow = (ReportId, String, Option<String>, Json<Vec<PrintedName>>);

/// The texts of a report that were agreed to, by their SHA-256.
pub fn texts(
    conn: &mut Conn,
    report: ReportId,
) -> Result<BTreeMap<String, Option<AgreedText>>, Problem> {
    let own = clearance_texts::table.filter(clearance_texts::report_id.eq(report));
    let text = |(_, sha256, text, named): TextRow| {
        (sha256, text.map(|text| AgreedText { text, named: named.0 }))
    };
    Ok(own.load::<TextRow>(conn)?.into_iter().map(text).collect())
}

/// Leaves a person who is erased out of whatever prints them.
pub fn forget_name(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let all = clearance_texts::table.filter(clearance_texts::text.is_not_null());
    for (report, sha256, text, Json(mut named)) in all.load::<TextRow>(conn)? {
        let gone = left_out(&named, |one| one.is_of(account));
        let Some(text) = text.filter(|_| !gone.is_empty()) else { continue };
        named.retain(|one| !one.is_of(account));
        diesel::update(clearance_texts::table.find((report, sha256)))
            .set((
                clearance_texts::text.eq(Some(gone.in_text(&text))),
                clearance_texts::named.eq(Json(named)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// What an account proposed that its party says.
pub fn proposed_by(conn: &mut Conn, account: AccountId) -> Result<Vec<Position>, Problem> {
    let rows = clearance_positions::table
        .filter(clearance_positions::proposed_by.eq(account))
        .order(clearance_positions::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Position::from).collect())
}

/// Positions of an account become those of another one, or nobody's.
pub fn hand_over(conn: &mut Conn, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    let proposed = clearance_positions::table.filter(clearance_positions::proposed_by.eq(from));
    diesel::update(proposed).set(clearance_positions::proposed_by.eq(into)).execute(conn)?;
    let decided = clearance_positions::table.filter(clearance_positions::decided_by.eq(from));
    diesel::update(decided).set(clearance_positions::decided_by.eq(into)).execute(conn)?;
    Ok(())
}
