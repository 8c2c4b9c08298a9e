//! SQL of the steps of a draft, and of what paragraphs and sections were after each. Steps are numbered under the report's lock.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::max;
use diesel::prelude::*;

use super::{DraftStepKind, ParagraphVersion, SectionVersion, Step, Taken};
use crate::accounts::AccountId;
use crate::db::schema::{draft_steps, paragraph_versions, section_versions};
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::events::AccountsMerged;
use crate::http::page::Paging;
use crate::inputs::InputId;
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::reports::{
    ComputedText, EditionId, Paragraph, ParagraphId, ReportId, Section, SectionId, SectionKind,
    Source,
};
use crate::reviews::CategoryId;
use crate::vocabulary::SuggestionId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = draft_steps, treat_none_as_default_value = false)]
struct StepRow {
    report_id: ReportId,
    serial: i64,
    kind: DraftStepKind,
    taken_by: Option<AccountId>,
    taken_at: Timestamp,
    section_id: Option<SectionId>,
    paragraph_id: Option<ParagraphId>,
    number: Option<i64>,
    restored: Option<i64>,
    into_id: Option<ParagraphId>,
    suggestion_id: Option<SuggestionId>,
}

impl From<StepRow> for Taken {
    fn from(row: StepRow) -> Self {
        Self {
            serial: row.serial,
            step: Step {
                kind: row.kind,
                by: row.taken_by,
                at: row.taken_at,
                restored: row.restored,
                into: row.into_id,
                suggestion: row.suggestion_id,
            },
            section: row.section_id,
            paragraph: row.paragraph_id,
            number: row.number,
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = paragraph_versions, treat_none_as_default_value = false)]
struct ParagraphRow {
    paragraph_id: ParagraphId,
    number: i64,
    report_id: ReportId,
    serial: i64,
    section_id: SectionId,
    place: i32,
    body: Option<String>,
    computed: Option<ComputedText>,
    objective: Option<i32>,
    editorial_reason: Option<String>,
    inputs: Json<Vec<InputId>>,
    sources: Json<Vec<(EditionId, u32)>>,
}

impl ParagraphRow {
    fn with(self, step: StepRow) -> Result<ParagraphVersion, Problem> {
        let objective =
            self.objective.map(ObjectiveNumber::try_from).transpose().map_err(Problem::internal)?;
        let source = |(edition_id, number)| Source { edition_id, number };
        Ok(ParagraphVersion {
            paragraph: Paragraph {
                id: self.paragraph_id,
                report_id: self.report_id,
                section_id: self.section_id,
                position: self.place,
                text: self.body,
                computed: self.computed,
                objective,
                editorial_reason: self.editorial_reason,
                inputs: self.inputs.0,
                sources: self.sources.0.into_iter().map(source).collect(),
                version: self.number,
            },
            place: self.place,
            step: Taken::from(step).step,
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = section_versions, treat_none_as_default_value = false)]
struct SectionRow {
    section_id: SectionId,
    number: i64,
    report_id: ReportId,
    serial: i64,
    parent_id: Option<SectionId>,
    place: i32,
    kind: SectionKind,
    objectives: Json<Vec<ObjectiveNumber>>,
    category_id: Option<CategoryId>,
    heading: Option<String>,
}

impl SectionRow {
    fn with(self, step: StepRow) -> SectionVersion {
        SectionVersion {
            section: Section {
                id: self.section_id,
                report_id: self.report_id,
                parent_id: self.parent_id,
                position: self.place,
                kind: self.kind,
                objectives: self.objectives.0,
                category_id: self.category_id,
                category: None,
                heading: self.heading,
                version: self.number,
            },
            step: Taken::from(step).step,
        }
    }
}

/// On what a step is taken.
#[derive(Clone, Copy, Default)]
struct On {
    section: Option<SectionId>,
    paragraph: Option<ParagraphId>,
    number: Option<i64>,
}

/// Notes a step, and gives the number that it has in the report.
fn note(conn: &mut Conn, report_id: ReportId, on: On, step: &Step) -> Result<i64, Problem> {
    let last: Option<i64> = draft_steps::table
        .filter(draft_steps::report_id.eq(report_id))
        .select(max(draft_steps::serial))
        .first(conn)?;
    let serial = last.unwrap_or_default() + 1;
    let row = StepRow {
        report_id,
        serial,
        kind: step.kind,
        taken_by: step.by,
        taken_at: step.at,
        section_id: on.section,
        paragraph_id: on.paragraph,
        number: on.number,
        restored: step.restored,
        into_id: step.into,
        suggestion_id: step.suggestion,
    };
    diesel::insert_into(draft_steps::table).values(&row).execute(conn)?;
    Ok(serial)
}

/// Notes a step that changes neither a paragraph nor a section.
pub fn note_report(conn: &mut Conn, report: ReportId, step: &Step) -> Result<(), Problem> {
    note(conn, report, On::default(), step).map(|_| ())
}

/// Notes a paragraph as it is after a step.
pub fn note_paragraph(
    conn: &mut Conn,
    paragraph: &Paragraph,
    place: i32,
    step: &Step,
) -> Result<(), Problem> {
    let on = On {
        section: Some(paragraph.section_id),
        paragraph: Some(paragraph.id),
        number: Some(paragraph.version),
    };
    let source = |source: &Source| (source.edition_id, source.number);
    let row = ParagraphRow {
        paragraph_id: paragraph.id,
        number: paragraph.version,
        report_id: paragraph.report_id,
        serial: note(conn, paragraph.report_id, on, step)?,
        section_id: paragraph.section_id,
        place,
        body: paragraph.text.clone(),
        computed: paragraph.computed,
        objective: paragraph.objective.map(i32::from),
        editorial_reason: paragraph.editorial_reason.clone(),
        inputs: Json(paragraph.inputs.clone()),
        sources: Json(paragraph.sources.iter().map(source).collect()),
    };
    diesel::insert_into(paragraph_versions::table).values(&row).execute(conn)?;
    Ok(())
}

/// Notes a section as it is after a step.
pub fn note_section(conn: &mut Conn, section: &Section, step: &Step) -> Result<(), Problem> {
    let on = On { section: Some(section.id), paragraph: None, number: Some(section.version) };
    let row = SectionRow {
        section_id: section.id,
        number: section.version,
        report_id: section.report_id,
        serial: note(conn, section.report_id, on, step)?,
        parent_id: section.parent_id,
        place: section.position,
        kind: section.kind,
        objectives: Json(section.objectives.clone()),
        category_id: section.category_id,
        heading: section.heading.clone(),
    };
    diesel::insert_into(section_versions::table).values(&row).execute(conn)?;
    Ok(())
}

/// Versions of paragraphs with the steps that made them.
macro_rules! with_steps {
    () => {
        paragraph_versions::table
            .inner_join(
                draft_steps::table.on(draft_steps::report_id
                    .eq(paragraph_versions::report_id)
                    .and(draft_steps::serial.eq(paragraph_versions::serial))),
            )
            .select((paragraph_versions::all_columns, draft_steps::all_columns))
    };
}

/// A paragraph's versions with the steps that made them.
macro_rules! of_paragraph {
    ($id:expr) => {
        with_steps!().filter(paragraph_versions::paragraph_id.eq($id))
    };
}

/// Some of the versions of a paragraph, the newest first.
pub fn versions(
    conn: &mut Conn,
    id: ParagraphId,
    paging: &Paging,
) -> Result<Vec<ParagraphVersion>, Problem> {
    let all = of_paragraph!(id).into_boxed();
    let before = paging.after_one::<i64>()?;
    let rows: Vec<(ParagraphRow, StepRow)> =
        keyset::before(all, (paragraph_versions::number,), before, paging.load()).load(conn)?;
    rows.into_iter().map(|(row, step)| row.with(step)).collect()
}

/// One version of a paragraph, or 404.
pub fn version(conn: &mut Conn, id: ParagraphId, number: i64) -> Result<ParagraphVersion, Problem> {
    let found: Option<(ParagraphRow, StepRow)> =
        of_paragraph!(id).filter(paragraph_versions::number.eq(number)).first(conn).optional()?;
    let (row, step) = found.ok_or_else(|| Problem::not_found("version"))?;
    row.with(step)
}

/// The newest version of a paragraph, or 404: the paragraph as it is, or as it was last.
pub fn newest(conn: &mut Conn, id: ParagraphId) -> Result<ParagraphVersion, Problem> {
    let newest = versions(conn, id, &Paging::first(1))?.into_iter().next();
    newest.ok_or_else(|| Problem::not_found("paragraph"))
}

/// These versions of paragraphs, those that there are.
pub fn some(
    conn: &mut Conn,
    wanted: &BTreeSet<(ParagraphId, i64)>,
) -> Result<BTreeMap<(ParagraphId, i64), ParagraphVersion>, Problem> {
    let (ids, numbers): (Vec<ParagraphId>, Vec<i64>) = wanted.iter().copied().unzip();
    let rows: Vec<(ParagraphRow, StepRow)> = with_steps!()
        .filter(paragraph_versions::paragraph_id.eq_any(ids))
        .filter(paragraph_versions::number.eq_any(numbers))
        .load(conn)?;
    let versions = rows.into_iter().map(|(row, step)| {
        let version = row.with(step)?;
        Ok(((version.paragraph.id, version.paragraph.version), version))
    });
    let mut versions: BTreeMap<_, _> = versions.collect::<Result<_, Problem>>()?;
    versions.retain(|one, _| wanted.contains(one));
    Ok(versions)
}

/// The newest version of each of these paragraphs: the paragraph as it is, or as it was last.
pub fn newest_of(
    conn: &mut Conn,
    ids: &BTreeSet<ParagraphId>,
) -> Result<BTreeMap<ParagraphId, ParagraphVersion>, Problem> {
    let newest: Vec<(ParagraphId, Option<i64>)> = paragraph_versions::table
        .filter(paragraph_versions::paragraph_id.eq_any(ids))
        .group_by(paragraph_versions::paragraph_id)
        .select((paragraph_versions::paragraph_id, max(paragraph_versions::number)))
        .load(conn)?;
    let newest = newest.into_iter().filter_map(|(id, number)| Some((id, number?))).collect();
    Ok(some(conn, &newest)?.into_iter().map(|((id, _), version)| (id, version)).collect())
}

/// Some of the versions of a section, the newest first.
pub fn section_versions(
    conn: &mut Conn,
    id: SectionId,
    paging: &Paging,
) -> Result<Vec<SectionVersion>, Problem> {
    let all = section_versions::table
        .inner_join(
            draft_steps::table.on(draft_steps::report_id
                .eq(section_versions::report_id)
                .and(draft_steps::serial.eq(section_versions::serial))),
        )
        .filter(section_versions::section_id.eq(id))
        .select((section_versions::all_columns, draft_steps::all_columns))
        .into_boxed();
    let before = paging.after_one::<i64>()?;
    let rows: Vec<(SectionRow, StepRow)> =
        keyset::before(all, (section_versions::number,), before, paging.load()).load(conn)?;
    Ok(rows.into_iter().map(|(row, step)| row.with(step)).collect())
}

/// Every text that a paragraph of a report has or had, each once.
pub fn texts(conn: &mut Conn, report: ReportId) -> Result<Vec<String>, Problem> {
    let rows: Vec<Option<String>> = paragraph_versions::table
        .filter(paragraph_versions::report_id.eq(report))
        .filter(paragraph_versions::body.is_not_null())
        .select(paragraph_versions::body)
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Some of the steps of a report, the newest first.
pub fn steps(conn: &mut Conn, report: ReportId, paging: &Paging) -> Result<Vec<Taken>, Problem> {
    let all = draft_steps::table.filter(draft_steps::report_id.eq(report)).into_boxed();
    let before = paging.after_one::<i64>()?;
    let rows: Vec<StepRow> =
        keyset::before(all, (draft_steps::serial,), before, paging.load()).load(conn)?;
    Ok(rows.into_iter().map(Taken::from).collect())
}

/// Which paragraph of a report went into which, in the order in which that happened.
pub fn merged_away(
    conn: &mut Conn,
    report: ReportId,
) -> Result<Vec<(ParagraphId, ParagraphId)>, Problem> {
    let pairs: Vec<(Option<ParagraphId>, Option<ParagraphId>)> = draft_steps::table
        .filter(draft_steps::report_id.eq(report))
        .filter(draft_steps::kind.eq(DraftStepKind::MergedAway))
        .order(draft_steps::serial)
        .select((draft_steps::paragraph_id, draft_steps::into_id))
        .load(conn)?;
    Ok(pairs.into_iter().filter_map(|(from, into)| from.zip(into)).collect())
}

/// The steps that an account took: in which report, what kind and when.
pub fn taken_by(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(ReportId, DraftStepKind, Timestamp)>, Problem> {
    let own = draft_steps::table
        .filter(draft_steps::taken_by.eq(account))
        .order((draft_steps::report_id, draft_steps::serial))
        .select((draft_steps::report_id, draft_steps::kind, draft_steps::taken_at));
    Ok(own.load(conn)?)
}

/// Steps of an account become nobody's.
pub fn forget_account(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let own = draft_steps::table.filter(draft_steps::taken_by.eq(account));
    diesel::update(own).set(draft_steps::taken_by.eq(None::<AccountId>)).execute(conn)?;
    Ok(())
}

/// Steps of one account were those of the other: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let own = draft_steps::table.filter(draft_steps::taken_by.eq(merged.from));
    diesel::update(own).set(draft_steps::taken_by.eq(Some(merged.into))).execute(conn)?;
    Ok(())
}
