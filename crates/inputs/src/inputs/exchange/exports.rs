//! A consultation's inputs as a table, as the list has them: unattributed and in shuffled order.

use std::collections::HashMap;
use std::fs::File;

use serde_json::json;

use crate::consultations::{
    self, Consultation, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId,
};
use crate::exchange::sheet::{Leaving, TableFormat, Writing};
use crate::exchange::{Column, Kind, Value};
use crate::http::page::Paging;
use crate::inputs::service::{self, View, for_readers};
use crate::inputs::{Citation, Filter};
use crate::problem::Problem;
use crate::reviews::{self, CategoryId};
use crate::work::Work;

/// The columns; those that the import reads have the same names there.
const COLUMNS: &[(&str, Kind)] = &[
    ("input_id", Kind::Text),
    ("objectives", Kind::Text),
    ("category", Kind::Text),
    ("body", Kind::Text),
    ("language", Kind::Text),
    ("translation", Kind::Text),
    ("translation_language", Kind::Text),
    ("origin", Kind::Text),
    ("working_group", Kind::Number),
    ("round", Kind::Number),
    ("addressees", Kind::Text),
    ("testimony", Kind::Flag),
    ("sensitive", Kind::Flag),
    ("do_not_quote", Kind::Flag),
    ("citations", Kind::Text),
    ("state", Kind::Text),
    ("question", Kind::Text),
    ("reason_code", Kind::Text),
    ("note", Kind::Text),
    ("voices", Kind::Text),
    ("window", Kind::Text),
    ("told_by", Kind::Text),
    ("on_record", Kind::Text),
];

/// The inputs that the filter keeps, for who may read them. Read and written in parts, in one snapshot.
pub fn write(
    work: &mut Work,
    id: ConsultationId,
    filter: &Filter,
    leaving: &Leaving,
) -> Result<Writing<File>, Problem> {
    let consultation = for_readers(work, id)?;
    let around = Around::of(work, &consultation)?;
    let columns = COLUMNS.iter().map(|(name, kind)| Column::new(*name, *kind)).collect();
    let mut table = leaving.begin("Inputs", columns)?;
    Paging::each(
        |paging| service::list(work, id, filter, paging),
        |view| table.row(&around.row(&view)),
    )?;
    Ok(table)
}

/// Notes in the audit log that so many inputs left this instance.
pub fn note(
    work: &mut Work,
    id: ConsultationId,
    format: TableFormat,
    count: usize,
) -> Result<(), Problem> {
    let details = json!({ "format": format, "count": count });
    work.audit_with("inputs.exported", "consultation", id, details);
    Ok(())
}

/// What ids are called.
struct Around {
    categories: HashMap<CategoryId, String>,
    groups: HashMap<WorkingGroupId, i32>,
    rounds: HashMap<RoundId, i32>,
}

impl Around {
    fn of(work: &mut Work, consultation: &Consultation) -> Result<Self, Problem> {
        let categories = reviews::service::categories(work, consultation.review_id)?;
        let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
        let rounds = consultations::programme::service::all::<Round>(work, consultation.id)?;
        Ok(Self {
            categories: categories.into_iter().map(|one| (one.id, one.code.to_string())).collect(),
            groups: groups.into_iter().map(|group| (group.id, group.number)).collect(),
            rounds: rounds.into_iter().map(|round| (round.id, round.number)).collect(),
        })
    }

    /// In the order of [`COLUMNS`].
    fn row(&self, view: &View) -> Vec<Value> {
        let input = &view.input;
        let number = |number: Option<&i32>| {
            number.map_or(Value::Empty, |number| Value::Number(f64::from(*number)))
        };
        let translation = input.translation.as_ref();
        vec![
            text(input.id),
            list(&input.objectives),
            self.categories.get(&input.category_id).cloned().into(),
            text(&input.body),
            text(&input.language),
            translation.map(|text| text.body.as_str()).into(),
            translation.map(|text| text.language.as_str()).into(),
            text(input.origin),
            number(input.working_group_id.and_then(|id| self.groups.get(&id))),
            number(input.round_id.and_then(|id| self.rounds.get(&id))),
            list(&input.addressees),
            Value::Flag(input.care.testimony),
            Value::Flag(input.care.sensitive),
            Value::Flag(input.care.do_not_quote),
            list(input.citations.iter().map(cited)),
            text(input.state),
            input.question.clone().into(),
            input.reason_code.map(crate::inputs::triage::decisions::SetAsideReason::as_str).into(),
            input.note.clone().into(),
            view.voices.map(|heard| heard.band.as_str()).into(),
            input.moment.map(crate::inputs::windows::Moment::as_str).into(),
            input.told_by.map(crate::inputs::ToldBy::as_str).into(),
            view.organization.clone().into(),
        ]
    }
}

/// A source in one line: “Title, Publisher, 2019, https://…”.
fn cited(citation: &Citation) -> String {
    let parts = [
        Some(citation.title.clone()),
        citation.publisher.clone(),
        citation.year.map(|year| year.to_string()),
        citation.url.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn text(text: impl ToString) -> Value {
    Value::Text(text.to_string())
}

fn list<T: ToString>(parts: impl IntoIterator<Item = T>) -> Value {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    if parts.is_empty() { Value::Empty } else { Value::Text(parts.join("; ")) }
}
