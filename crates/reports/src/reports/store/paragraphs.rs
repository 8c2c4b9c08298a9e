//! SQL of paragraphs and of what they rest on. Must never touch the attribution of inputs.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::errors;
use crate::db::schema::{paragraph_inputs, paragraph_sources, paragraphs};
use crate::db::types::Timestamp;
use crate::inputs::InputId;
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;

use super::{number_column, source};
use crate::reports::history::Step;
use crate::reports::history::store::note_paragraph;
use crate::reports::{
    ComputedText, EditionId, Paragraph, ParagraphId, ReportId, SectionId, Source,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = paragraphs, treat_none_as_default_value = false)]
struct ParagraphRow {
    id: ParagraphId,
    report_id: ReportId,
    section_id: SectionId,
    position: i32,
    body: Option<String>,
    computed: Option<ComputedText>,
    objective: Option<i32>,
    editorial_reason: Option<String>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ParagraphRow {
    fn with(self, inputs: Vec<InputId>, sources: Vec<Source>) -> Result<Paragraph, Problem> {
        let objective =
            self.objective.map(ObjectiveNumber::try_from).transpose().map_err(Problem::internal)?;
        Ok(Paragraph {
            id: self.id,
            report_id: self.report_id,
            section_id: self.section_id,
            position: self.position,
            text: self.body,
            computed: self.computed,
            objective,
            editorial_reason: self.editorial_reason,
            inputs,
            sources,
            version: self.version,
        })
    }
}

/// Stores a new paragraph with what it rests on.
pub fn insert_paragraph(
    conn: &mut Conn,
    paragraph: &Paragraph,
    step: &Step,
) -> Result<(), Problem> {
    insert_at(conn, paragraph, None, step)
}

/// As [`insert_paragraph`]. `place` is its place among the others of its section, where it is known already.
pub fn insert_at(
    conn: &mut Conn,
    paragraph: &Paragraph,
    place: Option<i32>,
    step: &Step,
) -> Result<(), Problem> {
    let row = ParagraphRow {
        id: paragraph.id,
        report_id: paragraph.report_id,
        section_id: paragraph.section_id,
        position: paragraph.position,
        body: paragraph.text.clone(),
        computed: paragraph.computed,
        objective: paragraph.objective.map(i32::from),
        editorial_reason: paragraph.editorial_reason.clone(),
        version: paragraph.version,
        created_at: step.at,
        updated_at: step.at,
    };
    diesel::insert_into(paragraphs::table).values(&row).execute(conn)?;
    insert_links(conn, paragraph)?;
    note(conn, paragraph, place, step)
}

/// Notes what a paragraph is after a step, with its place among the others of its section: their own places follow from it.
fn note(
    conn: &mut Conn,
    paragraph: &Paragraph,
    place: Option<i32>,
    step: &Step,
) -> Result<(), Problem> {
    let place = match place {
        Some(place) => place,
        None => place_of(conn, paragraph)?,
    };
    note_paragraph(conn, paragraph, place, step)
}

/// Its place in its section, from 1.
fn place_of(conn: &mut Conn, paragraph: &Paragraph) -> Result<i32, Problem> {
    let (id, position) = (paragraph.id, paragraph.position);
    let before = paragraphs::position
        .lt(position)
        .or(paragraphs::position.eq(position).and(paragraphs::id.lt(id)));
    let section = paragraphs::table.filter(paragraphs::section_id.eq(paragraph.section_id));
    let before: i64 = section.filter(before).count().get_result(conn)?;
    i32::try_from(before + 1).map_err(Problem::internal)
}

/// How many paragraphs a section has.
pub fn count(conn: &mut Conn, section: SectionId) -> Result<i32, Problem> {
    let all = paragraphs::table.filter(paragraphs::section_id.eq(section));
    i32::try_from(all.count().get_result::<i64>(conn)?).map_err(Problem::internal)
}

/// The paragraph, or 404.
pub fn paragraph(conn: &mut Conn, id: ParagraphId) -> Result<Paragraph, Problem> {
    let row = paragraphs::table.find(id).first::<ParagraphRow>(conn).optional()?;
    let row = row.ok_or_else(|| Problem::not_found("paragraph"))?;
    let inputs = paragraph_inputs::table
        .filter(paragraph_inputs::paragraph_id.eq(id))
        .order(paragraph_inputs::input_id)
        .select(paragraph_inputs::input_id)
        .load::<InputId>(conn)?;
    let sources = paragraph_sources::table
        .filter(paragraph_sources::paragraph_id.eq(id))
        .order((paragraph_sources::edition_id, paragraph_sources::paragraph_number))
        .select((paragraph_sources::edition_id, paragraph_sources::paragraph_number))
        .load::<(EditionId, i32)>(conn)?;
    row.with(inputs, sources.into_iter().map(source).collect())
}

/// The paragraphs of a report, by section and place.
pub fn all(conn: &mut Conn, report: ReportId) -> Result<Vec<Paragraph>, Problem> {
    let rows = paragraphs::table
        .filter(paragraphs::report_id.eq(report))
        .order((paragraphs::section_id, paragraphs::position, paragraphs::id))
        .load::<ParagraphRow>(conn)?;
    let mut inputs: BTreeMap<ParagraphId, Vec<InputId>> = BTreeMap::new();
    for (paragraph, input) in paragraph_inputs::table
        .inner_join(paragraphs::table)
        .filter(paragraphs::report_id.eq(report))
        .order((paragraph_inputs::paragraph_id, paragraph_inputs::input_id))
        .select((paragraph_inputs::paragraph_id, paragraph_inputs::input_id))
        .load::<(ParagraphId, InputId)>(conn)?
    {
        inputs.entry(paragraph).or_default().push(input);
    }
    let mut sources: BTreeMap<ParagraphId, Vec<Source>> = BTreeMap::new();
    for (paragraph, edition, number) in paragraph_sources::table
        .inner_join(paragraphs::table)
        .filter(paragraphs::report_id.eq(report))
        .order((paragraph_sources::edition_id, paragraph_sources::paragraph_number))
        .select((
            paragraph_sources::paragraph_id,
            paragraph_sources::edition_id,
            paragraph_sources::paragraph_number,
        ))
        .load::<(ParagraphId, EditionId, i32)>(conn)?
    {
        sources.entry(paragraph).or_default().push(source((edition, number)));
    }
    let with = |row: ParagraphRow| {
        let (inputs, sources) = (inputs.remove(&row.id), sources.remove(&row.id));
        row.with(inputs.unwrap_or_default(), sources.unwrap_or_default())
    };
    rows.into_iter().map(with).collect()
}

/// The paragraphs of a section and their places, in order.
pub fn places(conn: &mut Conn, section: SectionId) -> Result<Vec<(ParagraphId, i32)>, Problem> {
    let places = paragraphs::table
        .filter(paragraphs::section_id.eq(section))
        .order((paragraphs::position, paragraphs::id))
        .select((paragraphs::id, paragraphs::position));
    Ok(places.load(conn)?)
}

/// Where a paragraph is kept in its section.
pub type Kept = (i32, ParagraphId);

/// Between which a paragraph comes that so many others of the section stand before; the last, and nothing, where there are not so
/// many, or none is said.
pub fn around(
    conn: &mut Conn,
    section: SectionId,
    id: ParagraphId,
    before: Option<i64>,
) -> Result<(Option<i32>, Option<Kept>), Problem> {
    let others = || {
        paragraphs::table
            .filter(paragraphs::section_id.eq(section))
            .filter(paragraphs::id.ne(id))
            .select((paragraphs::position, paragraphs::id))
    };
    if let Some(before) = before {
        let there = others().order((paragraphs::position, paragraphs::id));
        let there: Vec<Kept> = there.offset((before - 1).max(0)).limit(2).load(conn)?;
        match there[..] {
            [next, ..] if before == 0 => return Ok((None, Some(next))),
            [previous, ref next @ ..] => return Ok((Some(previous.0), next.first().copied())),
            [] => {}
        }
    }
    let last = others().order((paragraphs::position.desc(), paragraphs::id.desc()));
    let last: Option<Kept> = last.first(conn).optional()?;
    Ok((last.map(|(position, _)| position), None))
}

/// Moves all of a section on from one paragraph to the last, but for `id`.
pub fn move_on(
    conn: &mut Conn,
    section: SectionId,
    id: ParagraphId,
    from: Kept,
    by: i32,
) -> Result<(), Problem> {
    let behind = paragraphs::position
        .gt(from.0)
        .or(paragraphs::position.eq(from.0).and(paragraphs::id.ge(from.1)));
    let others = paragraphs::table
        .filter(paragraphs::section_id.eq(section))
        .filter(paragraphs::id.ne(id))
        .filter(behind);
    diesel::update(others).set(paragraphs::position.eq(paragraphs::position + by)).execute(conn)?;
    Ok(())
}

/// Stores what changed of a paragraph and what it rests on; its version is the next one already.
pub fn update_paragraph(
    conn: &mut Conn,
    paragraph: &Paragraph,
    step: &Step,
) -> Result<(), Problem> {
    update(conn, paragraph, None, step)
}

/// Stores what changed of many paragraphs that stay where they are; their versions are the next ones already.
pub fn update_paragraphs(
    conn: &mut Conn,
    paragraphs: &[Paragraph],
    step: &Step,
) -> Result<(), Problem> {
    let mut own: BTreeMap<ParagraphId, i32> = BTreeMap::new();
    let sections: BTreeSet<SectionId> = paragraphs.iter().map(|one| one.section_id).collect();
    for section in sections {
        own.extend(places(conn, section)?.into_iter().map(|(id, _)| id).zip(1..));
    }
    for paragraph in paragraphs {
        update(conn, paragraph, own.get(&paragraph.id).copied(), step)?;
    }
    Ok(())
}

/// `place` is its place among the others of its section, where it is known already.
fn update(
    conn: &mut Conn,
    paragraph: &Paragraph,
    place: Option<i32>,
    step: &Step,
) -> Result<(), Problem> {
    let before = paragraph.version - 1;
    let this = paragraphs::table
        .filter(paragraphs::id.eq(paragraph.id))
        .filter(paragraphs::version.eq(before));
    let rows = diesel::update(this)
        .set((
            paragraphs::section_id.eq(paragraph.section_id),
            paragraphs::position.eq(paragraph.position),
            paragraphs::body.eq(&paragraph.text),
            paragraphs::objective.eq(paragraph.objective.map(i32::from)),
            paragraphs::editorial_reason.eq(&paragraph.editorial_reason),
            paragraphs::version.eq(paragraph.version),
            paragraphs::updated_at.eq(step.at),
        ))
        .execute(conn)?;
    errors::written(rows, before)?;
    delete_links(conn, paragraph.id)?;
    insert_links(conn, paragraph)?;
    note(conn, paragraph, place, step)
}

/// Removes a paragraph, and notes it as it was last; 412 when it is not of that version any more.
pub fn delete_paragraph(
    conn: &mut Conn,
    paragraph: &Paragraph,
    step: &Step,
) -> Result<(), Problem> {
    let (id, version) = (paragraph.id, paragraph.version);
    let place = place_of(conn, paragraph)?;
    delete_links(conn, id)?;
    let this =
        paragraphs::table.filter(paragraphs::id.eq(id)).filter(paragraphs::version.eq(version));
    errors::written(diesel::delete(this).execute(conn)?, version)?;
    let last = Paragraph { version: version + 1, ..paragraph.clone() };
    note_paragraph(conn, &last, place, step)
}

fn insert_links(conn: &mut Conn, paragraph: &Paragraph) -> Result<(), Problem> {
    for input in &paragraph.inputs {
        let row = (
            paragraph_inputs::paragraph_id.eq(paragraph.id),
            paragraph_inputs::input_id.eq(*input),
        );
        diesel::insert_into(paragraph_inputs::table).values(row).execute(conn)?;
    }
    for source in &paragraph.sources {
        let row = (
            paragraph_sources::paragraph_id.eq(paragraph.id),
            paragraph_sources::edition_id.eq(source.edition_id),
            paragraph_sources::paragraph_number.eq(number_column(source.number)),
        );
        diesel::insert_into(paragraph_sources::table).values(row).execute(conn)?;
    }
    Ok(())
}

fn delete_links(conn: &mut Conn, id: ParagraphId) -> Result<(), Problem> {
    let inputs = paragraph_inputs::table.filter(paragraph_inputs::paragraph_id.eq(id));
    diesel::delete(inputs).execute(conn)?;
    let sources = paragraph_sources::table.filter(paragraph_sources::paragraph_id.eq(id));
    diesel::delete(sources).execute(conn)?;
    Ok(())
}
