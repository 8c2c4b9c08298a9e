//! SQL of inputs and their objectives, with the figures of the board and the words of the search kept in step. Must never touch
//! voices: those are for `voices`.

#![expect(
    clippy::disallowed_methods,
    reason = "the search tables are not the same in both databases, and Diesel does not know them"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::dsl::{self, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use uuid::Uuid;

use super::content::Translation;
use super::reading::{Accepted, HowTold};
use super::triage::board;
use super::windows::Moment;
use super::{
    Addressee, Care, Citation, Filter, Input, InputId, InputState, Origin, SetAsideReason, ToldBy,
    search,
};
use crate::accounts::AccountId;
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::db::schema::{
    edition_inputs, input_objectives, inputs, paragraph_inputs, report_editions, report_omissions,
    unfound_inputs,
};
use crate::db::types::{Id, Json};
use crate::db::{Conn, Prepare, errors, keyset};
use crate::insert_rows;
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::vocabulary::{ParagraphId, ReportId};

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;
/// What stands for no working group where a column of an index must hold something.
pub(super) const NO_GROUP: WorkingGroupId = Id::new(Uuid::nil());

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = inputs, treat_none_as_default_value = false)]
struct Row {
    id: InputId,
    consultation_id: ConsultationId,
    place: i64,
    origin: Origin,
    moment: Option<Moment>,
    told_by: Option<ToldBy>,
    organization_id: Option<OrganizationId>,
    working_group_id: Option<WorkingGroupId>,
    round_id: Option<RoundId>,
    session_id: Option<SessionId>,
    category_id: CategoryId,
    body: String,
    language: String,
    translation: Option<String>,
    translation_language: Option<String>,
    citations: Json<Vec<Citation>>,
    addressees: Json<Vec<Addressee>>,
    testimony: bool,
    sensitive: bool,
    do_not_quote: bool,
    state: InputState,
    question: Option<String>,
    reason_code: Option<SetAsideReason>,
    note: Option<String>,
    first_reader_id: Option<AccountId>,
    derived: bool,
    version: i64,
}

impl Row {
    fn of(input: &Input, place: i64) -> Self {
        let input = input.clone();
        let (translation, translation_language) = parts(input.translation);
        Self {
            id: input.id,
            consultation_id: input.consultation_id,
            place,
            origin: input.origin,
            moment: input.moment,
            told_by: input.told_by,
            organization_id: input.organization_id,
            working_group_id: input.working_group_id,
            round_id: input.round_id,
            session_id: input.session_id,
            category_id: input.category_id,
            body: input.body,
            language: input.language,
            translation,
            translation_language,
            citations: Json(input.citations),
            addressees: Json(input.addressees),
            testimony: input.care.testimony,
            sensitive: input.care.sensitive,
            do_not_quote: input.care.do_not_quote,
            state: input.state,
            question: input.question,
            reason_code: input.reason_code,
            note: input.note,
            first_reader_id: input.first_reader,
            derived: input.derived,
            version: input.version,
        }
    }

    fn with(self, objectives: Vec<ObjectiveNumber>) -> (i64, Input) {
        let translation = self.translation.zip(self.translation_language);
        let input = Input {
            id: self.id,
            consultation_id: self.consultation_id,
            origin: self.origin,
            moment: self.moment,
            told_by: self.told_by,
            organization_id: self.organization_id,
            working_group_id: self.working_group_id,
            round_id: self.round_id,
            session_id: self.session_id,
            objectives,
            category_id: self.category_id,
            body: self.body,
            language: self.language,
            translation: translation.map(|(body, language)| Translation { body, language }),
            citations: self.citations.0,
            addressees: self.addressees.0,
            care: Care {
                testimony: self.testimony,
                sensitive: self.sensitive,
                do_not_quote: self.do_not_quote,
            },
            state: self.state,
            question: self.question,
            reason_code: self.reason_code,
            note: self.note,
            first_reader: self.first_reader_id,
            derived: self.derived,
            version: self.version,
        };
        (self.place, input)
    }
}

fn parts(translation: Option<Translation>) -> (Option<String>, Option<String>) {
    translation.map(|text| (text.body, text.language)).unzip()
}

/// Writes a new input at its place in the shuffled order.
pub fn insert(conn: &mut Conn, input: &Input, place: i64) -> Result<(), Problem> {
    diesel::insert_into(inputs::table).values(&Row::of(input, place)).prepared().execute(conn)?;
    insert_objectives(conn, input, place)?;
    search::write(conn, input, place)
}

/// Writes new inputs at their places, in this order. Nobody finds them by their words yet.
pub fn insert_many(conn: &mut Conn, all: &[(i64, Input)]) -> Result<(), Problem> {
    let mut cells: BTreeMap<Cell, i64> = BTreeMap::new();
    for part in all.chunks(CHUNK) {
        let rows: Vec<Row> = part.iter().map(|(place, input)| Row::of(input, *place)).collect();
        let mut objectives = Vec::new();
        for (place, input) in part {
            for cell in cells_of(input) {
                *cells.entry(cell).or_default() += 1;
                objectives.push(objective_row(input.id, cell, *place));
            }
        }
        let unfound: Vec<_> =
            part.iter().map(|(_, input)| unfound_inputs::input_id.eq(input.id)).collect();
        insert_rows!(conn, inputs::table, &rows)?;
        insert_rows!(conn, input_objectives::table, &objectives)?;
        insert_rows!(conn, unfound_inputs::table, &unfound)?;
    }
    cells.into_iter().try_for_each(|(cell, count)| board::count(conn, cell, count))
}

/// How many are not found by their words yet.
pub fn unfound(conn: &mut Conn) -> Result<usize, Problem> {
    Ok(unfound_inputs::table.count().get_result::<i64>(conn)?.unsigned_abs() as usize)
}

/// Makes some of those findable that are not found yet; how many.
pub fn find_some(conn: &mut Conn, most: i64) -> Result<usize, Problem> {
    let ids: Vec<InputId> = unfound_inputs::table
        .order(unfound_inputs::input_id)
        .select(unfound_inputs::input_id)
        .limit(most)
        .load(conn)?;
    for (place, input) in by_ids(conn, &ids)? {
        // Its words may have been changed, and found, meanwhile.
        search::forget(conn, input.id, place)?;
        search::write(conn, &input, place)?;
    }
    diesel::delete(unfound_inputs::table.filter(unfound_inputs::input_id.eq_any(&ids)))
        .execute(conn)?;
    Ok(ids.len())
}

/// Writes what can change; `input.version` is the new one. 412 when somebody else was first.
pub fn update(conn: &mut Conn, input: &Input) -> Result<(), Problem> {
    let seen = input.version - 1;
    let (translation, translation_language) = parts(input.translation.clone());
    let rows = diesel::update(inputs::table.find(input.id).filter(inputs::version.eq(seen)))
        .set((
            inputs::category_id.eq(input.category_id),
            inputs::body.eq(&input.body),
            inputs::language.eq(&input.language),
            inputs::translation.eq(translation),
            inputs::translation_language.eq(translation_language),
            inputs::citations.eq(Json(input.citations.clone())),
            inputs::addressees.eq(Json(input.addressees.clone())),
            inputs::testimony.eq(input.care.testimony),
            inputs::sensitive.eq(input.care.sensitive),
            inputs::do_not_quote.eq(input.care.do_not_quote),
            inputs::state.eq(input.state),
            inputs::question.eq(&input.question),
            inputs::reason_code.eq(input.reason_code),
            inputs::note.eq(&input.note),
            inputs::first_reader_id.eq(input.first_reader),
            inputs::version.eq(input.version),
        ))
        .prepared()
        .execute(conn)?;
    errors::written(rows, seen)?;
    let place = delete_objectives(conn, input.id)?;
    insert_objectives(conn, input, place)
}

/// As [`update`], for an input whose words are others now.
pub fn rewrite(conn: &mut Conn, input: &Input) -> Result<(), Problem> {
    update(conn, input)?;
    let place: i64 = inputs::table.find(input.id).select(inputs::place).first(conn)?;
    search::forget(conn, input.id, place)?;
    search::write(conn, input, place)
}

/// Deletes an input that nothing refers to any more.
pub fn delete(conn: &mut Conn, id: InputId) -> Result<(), Problem> {
    let place = delete_objectives(conn, id)?;
    search::forget(conn, id, place)?;
    diesel::delete(inputs::table.find(id)).execute(conn)?;
    Ok(())
}

type Cell = (ConsultationId, i32, CategoryId, WorkingGroupId, InputState);

/// The cells of the board that an input is in.
fn cells_of(input: &Input) -> Vec<Cell> {
    let group = input.working_group_id.unwrap_or(NO_GROUP);
    let cell = |objective: &ObjectiveNumber| {
        (input.consultation_id, i32::from(*objective), input.category_id, group, input.state)
    };
    input.objectives.iter().map(cell).collect()
}

#[derive(Clone, Insertable)]
#[diesel(table_name = input_objectives)]
struct ObjectiveRow {
    input_id: InputId,
    objective: i32,
    consultation_id: ConsultationId,
    category_id: CategoryId,
    working_group_id: WorkingGroupId,
    state: InputState,
    place: i64,
}

fn objective_row(input_id: InputId, cell: Cell, place: i64) -> ObjectiveRow {
    let (consultation_id, objective, category_id, working_group_id, state) = cell;
    ObjectiveRow {
        input_id,
        objective,
        consultation_id,
        category_id,
        working_group_id,
        state,
        place,
    }
}

/// Takes an input off the board, and says at which place it was.
pub(super) fn delete_objectives(conn: &mut Conn, id: InputId) -> Result<i64, Problem> {
    let own = input_objectives::table.filter(input_objectives::input_id.eq(id));
    let rows: Vec<(Cell, i64)> = own
        .select((
            (
                input_objectives::consultation_id,
                input_objectives::objective,
                input_objectives::category_id,
                input_objectives::working_group_id,
                input_objectives::state,
            ),
            input_objectives::place,
        ))
        .order(input_objectives::objective)
        .load(conn)?;
    diesel::delete(own).execute(conn)?;
    for (cell, _) in &rows {
        board::count(conn, *cell, -1)?;
    }
    rows.first().map(|(_, place)| *place).ok_or_else(|| Problem::internal("no objective"))
}

pub(super) fn insert_objectives(conn: &mut Conn, input: &Input, place: i64) -> Result<(), Problem> {
    for cell in cells_of(input) {
        let row = objective_row(input.id, cell, place);
        diesel::insert_into(input_objectives::table).values(&row).prepared().execute(conn)?;
        board::count(conn, cell, 1)?;
    }
    Ok(())
}

/// One input, or 404.
pub fn get(conn: &mut Conn, id: InputId) -> Result<Input, Problem> {
    let mut found = by_ids(conn, &[id])?;
    found.pop().map(|(_, input)| input).ok_or_else(|| Problem::not_found("input"))
}

/// Whether there is such an input.
pub fn exists(conn: &mut Conn, id: InputId) -> Result<bool, Problem> {
    Ok(diesel::select(dsl::exists(inputs::table.find(id))).get_result(conn)?)
}

/// Which of these inputs are cited by a paragraph of a report.
pub fn cited(conn: &mut Conn, ids: &[InputId]) -> Result<Vec<InputId>, Problem> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let cited: Vec<InputId> = paragraph_inputs::table
            .filter(paragraph_inputs::input_id.eq_any(part))
            .select(paragraph_inputs::input_id)
            .distinct()
            .load(conn)?;
        found.extend(cited);
    }
    Ok(found)
}

/// What paragraphs cite and is not accepted, or not any more.
pub fn cited_and_not_accepted(
    conn: &mut Conn,
) -> Result<Vec<(ParagraphId, InputId, InputState)>, Problem> {
    Ok(paragraph_inputs::table
        .inner_join(inputs::table.on(inputs::id.eq(paragraph_inputs::input_id)))
        .filter(inputs::state.ne(InputState::Accepted))
        .order((paragraph_inputs::paragraph_id, inputs::id))
        .select((paragraph_inputs::paragraph_id, inputs::id, inputs::state))
        .load(conn)?)
}

/// Whether a report cites it, or says why not.
pub fn is_mentioned(conn: &mut Conn, id: InputId) -> Result<bool, Problem> {
    let omitted = report_omissions::table.filter(report_omissions::input_id.eq(Some(id)));
    let omitted: bool = diesel::select(dsl::exists(omitted)).get_result(conn)?;
    Ok(omitted || !cited(conn, &[id])?.is_empty())
}

/// Whether the newest edition of a report rests on one of these.
pub fn is_published(conn: &mut Conn, ids: &[InputId]) -> Result<bool, Problem> {
    let resting: Vec<(ReportId, i32)> = edition_inputs::table
        .inner_join(report_editions::table)
        .filter(edition_inputs::input_id.eq_any(ids))
        .select((report_editions::report_id, report_editions::number))
        .distinct()
        .load(conn)?;
    for (report, number) in resting {
        let newer = report_editions::table
            .filter(report_editions::report_id.eq(report))
            .filter(report_editions::number.gt(number));
        if !diesel::select(dsl::exists(newer)).get_result::<bool>(conn)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Inputs with their places, in that order.
pub fn by_ids(conn: &mut Conn, ids: &[InputId]) -> Result<Vec<(i64, Input)>, Problem> {
    let mut rows = Vec::new();
    for part in ids.chunks(CHUNK) {
        rows.extend(inputs::table.filter(inputs::id.eq_any(part)).load::<Row>(conn)?);
    }
    rows.sort_by_key(|row| (row.place, row.id));
    with_objectives(conn, rows)
}

/// How each of these inputs was told.
pub(super) fn how_told(
    conn: &mut Conn,
    ids: &[InputId],
) -> Result<HashMap<InputId, HowTold>, Problem> {
    let mut told = HashMap::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let rows: Vec<(InputId, InputState, Option<ToldBy>, bool)> = inputs::table
            .filter(inputs::id.eq_any(part))
            .select((inputs::id, inputs::state, inputs::told_by, inputs::derived))
            .load(conn)?;
        let how = rows
            .into_iter()
            .map(|(id, state, told_by, derived)| (id, HowTold { state, told_by, derived }));
        told.extend(how);
    }
    Ok(told)
}

/// A part of a consultation's inputs with their places, in that order.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    filter: &Filter,
    after: Option<(i64, InputId)>,
    limit: i64,
) -> Result<Vec<(i64, Input)>, Problem> {
    if let Some(objective) = filter.objective.filter(|_| filter.is_only_cell()) {
        return of_cell(conn, consultation, objective, filter, after, limit);
    }
    let words = filter.query()?;
    let mut query = inputs::table.filter(inputs::consultation_id.eq(consultation)).into_boxed();
    if let Some(words) = &words {
        let only = filter.is_only_words() && !words.needs_check();
        let from = after.map_or(-1, |(place, _)| place);
        let most = if only { limit } else { i64::MAX };
        query = match conn {
            Conn::Sqlite(_) => query.filter(
                sql::<Bool>(
                    "inputs.place IN (SELECT rowid FROM input_search WHERE input_search MATCH ",
                )
                .bind::<Text, _>(search::fts5(consultation, words))
                .sql(" AND rowid > ")
                .bind::<BigInt, _>(from)
                .sql(" ORDER BY rowid LIMIT ")
                .bind::<BigInt, _>(most)
                .sql(")"),
            ),
            Conn::Postgres(pg) => match search::few(pg, words)? {
                Some(few) => query.filter(inputs::id.eq_any(few)),
                None => query.filter(
                    sql::<Bool>("inputs.id IN (SELECT input_id FROM input_search WHERE words @@ ")
                        .bind::<Text, _>(words.to_tsquery())
                        .sql("::tsquery)"),
                ),
            },
        };
    }
    if let Some(objective) = filter.objective {
        let about = input_objectives::table
            .filter(input_objectives::consultation_id.eq(consultation))
            .filter(input_objectives::objective.eq(i32::from(objective)))
            .select(input_objectives::input_id);
        query = query.filter(inputs::id.eq_any(about));
    }
    if let Some(category) = filter.category_id {
        query = query.filter(inputs::category_id.eq(category));
    }
    if let Some(group) = filter.working_group_id {
        query = query.filter(inputs::working_group_id.eq(group));
    }
    if let Some(round) = filter.round_id {
        query = query.filter(inputs::round_id.eq(round));
    }
    if let Some(session) = filter.session_id {
        query = query.filter(inputs::session_id.eq(session));
    }
    if let Some(state) = filter.state {
        query = query.filter(inputs::state.eq(state));
    }
    if let Some(origin) = filter.origin {
        query = query.filter(inputs::origin.eq(origin));
    }
    if let Some(language) = &filter.language {
        query = query.filter(inputs::language.eq(language.clone()));
    }
    if let Some(testimony) = filter.testimony {
        query = query.filter(inputs::testimony.eq(testimony));
    }
    if let Some(sensitive) = filter.sensitive {
        query = query.filter(inputs::sensitive.eq(sensitive));
    }
    let citing = paragraph_inputs::table.filter(paragraph_inputs::input_id.eq(inputs::id));
    match filter.used {
        Some(true) => query = query.filter(dsl::exists(citing)),
        Some(false) => query = query.filter(dsl::not(dsl::exists(citing))),
        None => {}
    }
    let part = keyset::after(query, (inputs::place, inputs::id), after, limit);
    let rows = part.load::<Row>(conn)?;
    with_objectives(conn, rows)
}

/// As [`list`], by an objective alone or for a cell of the board: straight from the index that is made for it, however many
/// other inputs there are.
fn of_cell(
    conn: &mut Conn,
    consultation: ConsultationId,
    objective: ObjectiveNumber,
    filter: &Filter,
    after: Option<(i64, InputId)>,
    limit: i64,
) -> Result<Vec<(i64, Input)>, Problem> {
    let mut cell = input_objectives::table
        .filter(input_objectives::consultation_id.eq(consultation))
        .filter(input_objectives::objective.eq(i32::from(objective)))
        .into_boxed();
    if let (Some(category), Some(state)) = (filter.category_id, filter.state) {
        cell = cell
            .filter(input_objectives::category_id.eq(category))
            .filter(input_objectives::state.eq(state));
    }
    let order = (input_objectives::place, input_objectives::input_id);
    let cell = cell.select(input_objectives::input_id);
    let ids: Vec<InputId> = keyset::after(cell, order, after, limit).load(conn)?;
    by_ids(conn, &ids)
}

/// The accepted inputs of a consultation, without their words.
pub(super) fn accepted(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<Accepted>, Problem> {
    let found: Vec<(InputId, CategoryId)> = inputs::table
        .filter(inputs::consultation_id.eq(consultation))
        .filter(inputs::state.eq(InputState::Accepted))
        .order((inputs::place, inputs::id))
        .select((inputs::id, inputs::category_id))
        .load(conn)?;
    let named: Vec<(InputId, i32)> = input_objectives::table
        .filter(input_objectives::consultation_id.eq(consultation))
        .filter(input_objectives::state.eq(InputState::Accepted))
        .order(input_objectives::objective.desc())
        .select((input_objectives::input_id, input_objectives::objective))
        .load(conn)?;
    // The least comes last, and stays.
    let first: HashMap<InputId, i32> = named.into_iter().collect();
    let one = |(id, category_id): (InputId, CategoryId)| {
        let objective = first.get(&id).map(|number| ObjectiveNumber::try_from(*number));
        let objective = objective.transpose().map_err(Problem::internal)?;
        Ok(Accepted { id, category_id, objective })
    };
    found.into_iter().map(one).collect()
}

/// The ids of the accepted inputs of a consultation, out of an index.
pub(super) fn accepted_ids(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<InputId>, Problem> {
    Ok(inputs::table
        .filter(inputs::consultation_id.eq(consultation))
        .filter(inputs::state.eq(InputState::Accepted))
        .order((inputs::place, inputs::id))
        .select(inputs::id)
        .load(conn)?)
}

/// The version of every input of a consultation, by id.
pub fn versions(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(InputId, i64)>, Problem> {
    let of_it = inputs::table.filter(inputs::consultation_id.eq(consultation));
    Ok(of_it.order(inputs::id).select((inputs::id, inputs::version)).load(conn)?)
}

/// All inputs of a consultation, whatever became of them, in their shuffled order.
pub fn all_of(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Input>, Problem> {
    let rows = inputs::table
        .filter(inputs::consultation_id.eq(consultation))
        .order((inputs::place, inputs::id))
        .load::<Row>(conn)?;
    Ok(with_objectives(conn, rows)?.into_iter().map(|(_, input)| input).collect())
}

/// The consultations that have inputs in a state.
pub(super) fn consultations_with(
    conn: &mut Conn,
    state: InputState,
) -> Result<BTreeSet<ConsultationId>, Problem> {
    let ids: Vec<ConsultationId> = inputs::table
        .filter(inputs::state.eq(state))
        .select(inputs::consultation_id)
        .distinct()
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// One query for the objectives of all the rows.
fn with_objectives(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<(i64, Input)>, Problem> {
    let ids: Vec<InputId> = rows.iter().map(|row| row.id).collect();
    let mut objectives: HashMap<InputId, Vec<ObjectiveNumber>> = HashMap::new();
    for part in ids.chunks(CHUNK) {
        let pairs: Vec<(InputId, i32)> = input_objectives::table
            .filter(input_objectives::input_id.eq_any(part))
            .order((input_objectives::input_id, input_objectives::objective))
            .select((input_objectives::input_id, input_objectives::objective))
            .load(conn)?;
        for (id, number) in pairs {
            let number = ObjectiveNumber::try_from(number).map_err(Problem::internal)?;
            objectives.entry(id).or_default().push(number);
        }
    }
    let mut of = |row: &Row| objectives.remove(&row.id).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|row| {
            let found = of(&row);
            row.with(found)
        })
        .collect())
}

/// Nobody is the first reader of what this account read first.
pub fn forget_reader(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    diesel::update(inputs::table.filter(inputs::first_reader_id.eq(account)))
        .set(inputs::first_reader_id.eq(None::<AccountId>))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// What one organization said in its own name is the other's: both are the same organization.
pub fn organizations_merged(
    conn: &mut Conn,
    merged: OrganizationsMerged,
) -> Result<usize, Problem> {
    let own = inputs::table.filter(inputs::organization_id.eq(merged.from));
    Ok(diesel::update(own)
        .set(inputs::organization_id.eq(Some(merged.into)))
        .prepared()
        .execute(conn)?)
}

/// What was said in its own name by organizations, of a consultation.
pub fn on_record(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(i64, Input)>, Problem> {
    let rows = inputs::table
        .filter(inputs::consultation_id.eq(consultation))
        .filter(inputs::organization_id.is_not_null())
        .order((inputs::place, inputs::id))
        .load::<Row>(conn)?;
    with_objectives(conn, rows)
}
