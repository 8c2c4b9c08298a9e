//! SQL of hearings and observations.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{HeardDraft, HeardPortion, Hearing, Observation, ObservationAnswer, Observed};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
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
#[diesel(table_name = hearings)]
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
    let HeardDraft { portions, document } = draft;
    let read = (hearings::portions.eq(Json(portions)), hearings::document.eq(document));
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
    let row: Option<(Json<Vec<HeardPortion>>, Option<String>)> = hearings::table
        .find(id)
        .select((hearings::portions, hearings::document))
        .first(conn)
        .optional()?;
    Ok(row.map(|(Json(portions), document)| HeardDraft { portions, document }))
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

/// Forgets what participants read where these words stand in it; that it was there, and its SHA-256, are kept.
pub fn forget_words(conn: &mut Conn, words: &str, written: &str) -> Result<(), Problem> {
    let all: Vec<(ClearanceRoundId, Json<Vec<HeardPortion>>, Option<String>)> = hearings::table
        .select((hearings::round_id, hearings::portions, hearings::document))
        .load(conn)?;
    for (id, Json(mut portions), document) in all {
        let named = portions.iter_mut().filter(|one| one.text.contains(words));
        let blanked = named.map(|one| one.text.clear()).count();
        let kept = document.as_ref().filter(|document| !document.contains(written));
        if blanked > 0 || kept != document.as_ref() {
            diesel::update(hearings::table.find(id))
                .set((hearings::portions.eq(Json(portions)), hearings::document.eq(kept)))
                .execute(conn)?;
        }
    }
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = observations)]
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
