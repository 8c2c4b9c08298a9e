//! SQL of hearings and observations.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{HeardDraft, HeardPortion, Hearing, Observation, ObservationAnswer, Observed};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::consultations::programme::printed_names::PrintedName;
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{hearings, observations};
use crate::db::types::{Json, Timestamp};
use crate::problem::{Code, Problem};
use crate::vocabulary::{ClearanceCommentId, ClearanceRoundId, ReportId, ThingId};

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// All but what participants read, which is long.
#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = hearings, treat_none_as_default_value = false)]
struct HearingRow {
    round_id: ClearanceRoundId,
    consultation_id: ConsultationId,
    report_id: ReportId,
    ends_on: NaiveDate,
    ends_at: Timestamp,
    asked_by: Option<AccountId>,
    asked_at: Timestamp,
}

impl From<HearingRow> for Hearing {
    fn from(row: HearingRow) -> Self {
        Self {
            round_id: row.round_id,
            consultation_id: row.consultation_id,
            report_id: row.report_id,
            ends_on: row.ends_on,
            ends_at: row.ends_at,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
        }
    }
}

/// What participants read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = hearings)]
struct DraftRow {
    portions: Json<Vec<HeardPortion>>,
    document: Option<String>,
    named: Json<Vec<PrintedName>>,
}

impl From<DraftRow> for HeardDraft {
    fn from(row: DraftRow) -> Self {
        let DraftRow { portions: Json(portions), document, named: Json(named) } = row;
        Self { portions, document, named }
    }
}

/// Stores a new hearing; 409 where participants are asked in its round.
pub fn insert(conn: &mut Conn, hearing: Hearing, draft: HeardDraft) -> Result<(), Problem> {
    let row = HearingRow {
        round_id: hearing.round_id,
        consultation_id: hearing.consultation_id,
        report_id: hearing.report_id,
        ends_on: hearing.ends_on,
        ends_at: hearing.ends_at,
        asked_by: hearing.asked_by,
        asked_at: hearing.asked_at,
    };
    let HeardDraft { portions, document, named } = draft;
    let read = (
        hearings::portions.eq(Json(portions)),
        hearings::document.eq(document),
        hearings::named.eq(Json(named)),
    );
    let insert = diesel::insert_into(hearings::table).values((&row, read)).execute(conn);
    insert.on_unique(|| {
        Problem::new(Code::AlreadyExists, "Participants are asked in this round already.")
    })?;
    Ok(())
}

/// The hearing of a round.
pub fn of_round(conn: &mut Conn, id: ClearanceRoundId) -> Result<Option<Hearing>, Problem> {
    let row = hearings::table.find(id).select(HearingRow::as_select()).first(conn).optional()?;
    Ok(row.map(Hearing::from))
}

/// What participants read in a round in which they are asked.
pub fn draft(conn: &mut Conn, id: ClearanceRoundId) -> Result<Option<HeardDraft>, Problem> {
    let row = hearings::table.find(id).select(DraftRow::as_select()).first(conn).optional()?;
    Ok(row.map(HeardDraft::from))
}

/// The latest hearing of a consultation that is not over.
pub fn open(
    conn: &mut Conn,
    id: ConsultationId,
    now: Timestamp,
) -> Result<Option<Hearing>, Problem> {
    let row = hearings::table
        .filter(hearings::consultation_id.eq(id))
        .filter(hearings::ends_at.gt(now))
        .order(hearings::ends_at.desc())
        .select(HearingRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Hearing::from))
}

/// The hearings of a consultation, in the order in which they end.
pub fn of_consultation(conn: &mut Conn, id: ConsultationId) -> Result<Vec<Hearing>, Problem> {
    let rows = hearings::table
        .filter(hearings::consultation_id.eq(id))
        .order(hearings::ends_at)
        .select(HearingRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Hearing::from).collect())
}

/// In which rounds an account asked.
pub fn asked_by(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(ReportId, Timestamp)>, Problem> {
    Ok(hearings::table
        .filter(hearings::asked_by.eq(account))
        .order(hearings::asked_at)
        .select((hearings::report_id, hearings::asked_at))
        .load(conn)?)
}

/// What participants read in every round in which they are asked.
pub fn drafts(conn: &mut Conn) -> Result<Vec<(ClearanceRoundId, HeardDraft)>, Problem> {
    let rows: Vec<(ClearanceRoundId, DraftRow)> = hearings::table
        .order(hearings::round_id)
        .select((hearings::round_id, DraftRow::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, row)| (id, HeardDraft::from(row))).collect())
}

/// Keeps what participants read with names left out.
pub fn leave_out(conn: &mut Conn, id: ClearanceRoundId, draft: HeardDraft) -> Result<(), Problem> {
    diesel::update(hearings::table.find(id))
        .set((
            hearings::portions.eq(Json(draft.portions)),
            hearings::document.eq(draft.document),
            hearings::named.eq(Json(draft.named)),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = observations, treat_none_as_default_value = false)]
struct Row {
    id: ClearanceCommentId,
    round_id: ClearanceRoundId,
    report_id: ReportId,
    portion_id: ThingId,
    quote: Option<String>,
    body: String,
    language: String,
    taken: Option<bool>,
    answer: Option<String>,
    answered_by: Option<AccountId>,
    answered_at: Option<Timestamp>,
    version: i64,
}

impl From<Row> for Observation {
    fn from(row: Row) -> Self {
        let Row { portion_id, quote, body, language, answered_by, .. } = row;
        let answered = row.taken.zip(row.answer).zip(row.answered_at);
        Self {
            id: row.id,
            round_id: row.round_id,
            report_id: row.report_id,
            said: Observed { portion_id, quote, body, language },
            answer: answered.map(|((taken, text), at)| ObservationAnswer {
                taken,
                text,
                by: answered_by,
                at,
            }),
            version: row.version,
        }
    }
}

impl From<Observation> for Row {
    fn from(one: Observation) -> Self {
        let Observation { said, answer, .. } = one;
        let (taken, by, at) = (
            answer.as_ref().map(|answer| answer.taken),
            answer.as_ref().and_then(|answer| answer.by),
            answer.as_ref().map(|answer| answer.at),
        );
        Self {
            id: one.id,
            round_id: one.round_id,
            report_id: one.report_id,
            portion_id: said.portion_id,
            quote: said.quote,
            body: said.body,
            language: said.language,
            taken,
            answer: answer.map(|answer| answer.text),
            answered_by: by,
            answered_at: at,
            version: one.version,
        }
    }
}

/// Stores a new observation.
pub fn insert_observation(conn: &mut Conn, one: Observation) -> Result<(), Problem> {
    diesel::insert_into(observations::table).values(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// Those of a round that quote something.
pub fn quoting(conn: &mut Conn, round: ClearanceRoundId) -> Result<Vec<Observation>, Problem> {
    let quoting = observations::table
        .filter(observations::round_id.eq(round))
        .filter(observations::quote.is_not_null())
        .order(observations::id);
    Ok(quoting.load::<Row>(conn)?.into_iter().map(Observation::from).collect())
}

/// Takes its quotation from an observation.
pub fn forget_quote(conn: &mut Conn, id: ClearanceCommentId) -> Result<(), Problem> {
    diesel::update(observations::table.find(id))
        .set(observations::quote.eq(None::<String>))
        .execute(conn)?;
    Ok(())
}

/// Stores what was answered; its version is the next one already.
pub fn update_observation(conn: &mut Conn, one: Observation) -> Result<(), Problem> {
    let before = one.version - 1;
    let row = Row::from(one);
    let this = observations::table
        .filter(observations::id.eq(row.id))
        .filter(observations::version.eq(before));
    let rows = diesel::update(this)
        .set((
            observations::taken.eq(row.taken),
            observations::answer.eq(row.answer),
            observations::answered_by.eq(row.answered_by),
            observations::answered_at.eq(row.answered_at),
            observations::version.eq(row.version),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

/// The observation, or 404.
pub fn observation(conn: &mut Conn, id: ClearanceCommentId) -> Result<Observation, Problem> {
    let row = observations::table.find(id).first::<Row>(conn).optional()?;
    row.map(Observation::from).ok_or_else(|| Problem::not_found("comment"))
}

/// Those of these observations that there are, by their ids, which are random.
pub fn some(conn: &mut Conn, ids: &[ClearanceCommentId]) -> Result<Vec<Observation>, Problem> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let own = observations::table.filter(observations::id.eq_any(part));
        let rows = own.order(observations::id).load::<Row>(conn)?;
        found.extend(rows.into_iter().map(Observation::from));
    }
    Ok(found)
}

/// All on a report, by their ids, which are random.
pub fn of_report(conn: &mut Conn, report: ReportId) -> Result<Vec<Observation>, Problem> {
    let own = observations::table.filter(observations::report_id.eq(report));
    let rows = own.order(observations::id).load::<Row>(conn)?;
    Ok(rows.into_iter().map(Observation::from).collect())
}

/// What an account answered.
pub fn answered_by(conn: &mut Conn, account: AccountId) -> Result<Vec<Observation>, Problem> {
    let own = observations::table.filter(observations::answered_by.eq(account));
    let rows = own.order(observations::answered_at).load::<Row>(conn)?;
    Ok(rows.into_iter().map(Observation::from).collect())
}

/// What an account asked and answered becomes that of another one, or nobody's.
pub fn hand_over(conn: &mut Conn, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    let asked = hearings::table.filter(hearings::asked_by.eq(from));
    diesel::update(asked).set(hearings::asked_by.eq(into)).execute(conn)?;
    let answered = observations::table.filter(observations::answered_by.eq(from));
    diesel::update(answered).set(observations::answered_by.eq(into)).execute(conn)?;
    Ok(())
}
