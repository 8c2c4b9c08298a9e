//! The registrations of a consultation as a table, with the columns that the caller may see: everything for those who read
//! registrations; who comes, for whom and with what success for others who may see some of them. What is written for the
//! secretariat can be imported again.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;

use serde_json::json;

use super::imports::rows::answer_field;
use crate::access::Permission;
use crate::consultations::{self, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId};
pub use crate::exchange::sheet::TableFormat;
use crate::exchange::sheet::{Leaving, Writing};
use crate::exchange::{Column, Kind, Value};
use crate::http::page::Paging;
use crate::organizations::{self, OrganizationId};
use crate::problem::Problem;
use crate::registrations::form::{self, Question, QuestionKind};
use crate::registrations::{Entry, Filter, listing};
use crate::work::Work;

/// The registrations that the caller may see and the filter keeps, in the order they were submitted. Read and written in parts, in
/// one snapshot.
pub fn write(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    leaving: &Leaving,
) -> Result<Writing<File>, Problem> {
    let scope = consultations::service::see(work, consultation)?.scope();
    let all = work.may(Permission::ReadRegistrations, &scope);
    let around = Around::of(work, consultation)?;
    let columns = if all { around.columns() } else { narrow_columns() };
    let mut table = leaving.begin("Registrations", columns)?;
    Paging::each(
        |paging| {
            let part = listing::list(work, consultation, filter, paging)?;
            let names = organization_names(work, &part.items)?;
            let row = |entry: Entry| {
                if all { around.row(&entry, &names) } else { narrow_row(&entry, &names) }
            };
            Ok(part.map(row))
        },
        |row| table.row(&row),
    )?;
    Ok(table)
}

/// Notes in the audit log that so many registrations left this instance.
pub fn note(
    work: &mut Work,
    consultation: ConsultationId,
    format: TableFormat,
    count: usize,
) -> Result<(), Problem> {
    let details = json!({ "format": format, "count": count });
    work.audit_with("registrations.exported", "consultation", consultation, details);
    Ok(())
}

type Names = HashMap<OrganizationId, String>;

fn organization_names(work: &mut Work, entries: &[Entry]) -> Result<Names, Problem> {
    let ids: BTreeSet<OrganizationId> =
        entries.iter().filter_map(|entry| entry.registration.organization_id).collect();
    let ids: Vec<OrganizationId> = ids.into_iter().collect();
    let found = organizations::service::load_many(work, &ids)?;
    Ok(found.into_iter().map(|(id, organization)| (id, organization.name)).collect())
}

fn organization(entry: &Entry, names: &Names) -> Value {
    entry.registration.organization_id.and_then(|id| names.get(&id).cloned()).into()
}

fn narrow_columns() -> Vec<Column> {
    ["name", "organization", "state"].map(|name| Column::new(name, Kind::Text)).into()
}

fn narrow_row(entry: &Entry, names: &Names) -> Vec<Value> {
    vec![text(&entry.name), organization(entry, names), word(entry.registration.state)]
}

/// Columns that say what was asked for: the import reads them.
const ASKED: &[(&str, Kind)] = &[
    ("email", Kind::Text),
    ("name", Kind::Text),
    ("organization", Kind::Text),
    ("position", Kind::Text),
    ("sector", Kind::Text),
    ("country", Kind::Text),
    ("gender", Kind::Text),
    ("age_band", Kind::Text),
    ("guardian_name", Kind::Text),
    ("guardian_email", Kind::Text),
    ("languages", Kind::Text),
    ("preferences", Kind::Text),
    ("rounds", Kind::Text),
    ("interpretation", Kind::Text),
    ("sign_language", Kind::Text),
    ("captioning", Kind::Flag),
    ("accessibility", Kind::Text),
    ("consent_processing", Kind::Flag),
    ("consent_listed", Kind::Flag),
    ("consent_recording", Kind::Flag),
    ("consent_named_attribution", Kind::Flag),
];

/// Columns that say what became of it: the import reads only the state.
const BECAME: &[(&str, Kind)] = &[
    ("state", Kind::Text),
    ("waiting_number", Kind::Number),
    ("accept_by", Kind::Instant),
    ("reason_code", Kind::Text),
    ("note", Kind::Text),
    ("source", Kind::Text),
    ("submitted_at", Kind::Instant),
    ("decided_at", Kind::Instant),
    ("registration_id", Kind::Text),
];

/// What ids are called.
struct Around {
    groups: HashMap<WorkingGroupId, i32>,
    rounds: HashMap<RoundId, i32>,
    questions: Vec<Question>,
}

impl Around {
    fn of(work: &mut Work, id: ConsultationId) -> Result<Self, Problem> {
        let groups = consultations::programme::service::all::<WorkingGroup>(work, id)?;
        let rounds = consultations::programme::service::all::<Round>(work, id)?;
        Ok(Self {
            groups: groups.into_iter().map(|group| (group.id, group.number)).collect(),
            rounds: rounds.into_iter().map(|round| (round.id, round.number)).collect(),
            questions: form::service::load(work, id)?,
        })
    }

    fn columns(&self) -> Vec<Column> {
        let column = |(name, kind): &(&str, Kind)| Column::new(*name, *kind);
        let taken: Vec<&str> = ASKED.iter().chain(BECAME).map(|(name, _)| *name).collect();
        let question = |question: &Question| {
            let clashes = taken.contains(&question.code.as_str());
            let name = if clashes { answer_field(&question.code) } else { question.code.clone() };
            let kind = match question.kind {
                QuestionKind::Number => Kind::Number,
                QuestionKind::Date => Kind::Date,
                QuestionKind::Consent => Kind::Flag,
                _ => Kind::Text,
            };
            Column::new(name, kind)
        };
        let questions = self.questions.iter().map(question);
        ASKED.iter().map(column).chain(questions).chain(BECAME.iter().map(column)).collect()
    }

    /// In the order of [`Around::columns`].
    fn row(&self, entry: &Entry, names: &Names) -> Vec<Value> {
        let one = &entry.registration;
        let (needs, consents) = (&one.needs, &one.consents);
        let guardian = one.guardian.as_ref();
        let groups = one.preferences.iter().filter_map(|id| self.groups.get(id));
        let rounds = one.rounds.iter().flatten().filter_map(|id| self.rounds.get(id));
        let mut row = vec![
            text(&entry.email),
            text(&entry.name),
            organization(entry, names),
            one.position.clone().into(),
            text(one.sector.as_str()),
            text(one.country.as_str()),
            one.gender.map(|gender| gender.as_str()).into(),
            one.age_band.map(|band| band.as_str()).into(),
            guardian.map(|guardian| guardian.name.clone()).into(),
            guardian.map(|guardian| guardian.email.as_str()).into(),
            list(&one.languages),
            list(groups),
            list(rounds),
            list(&needs.interpretation),
            needs.sign_language.clone().into(),
            Value::Flag(needs.captioning),
            needs.accessibility.clone().into(),
            Value::Flag(consents.processing),
            Value::Flag(consents.listed),
            Value::Flag(consents.recording),
            Value::Flag(consents.named_attribution),
        ];
        row.extend(self.questions.iter().map(|question| answer(one.answers.get(&question.id))));
        row.extend([
            word(one.state),
            one.waiting_number.map_or(Value::Empty, |number| Value::Number(number as f64)),
            one.accept_by.map_or(Value::Empty, Value::Instant),
            one.reason_code.map(|code| code.as_str()).into(),
            one.note.clone().into(),
            word(one.source),
            Value::Instant(one.created_at),
            one.decided_at.map_or(Value::Empty, Value::Instant),
            text(&one.id.to_string()),
        ]);
        row
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn word(word: impl ToString) -> Value {
    Value::Text(word.to_string())
}

fn list<T: ToString>(parts: impl IntoIterator<Item = T>) -> Value {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    if parts.is_empty() { Value::Empty } else { Value::Text(parts.join("; ")) }
}

fn answer(value: Option<&serde_json::Value>) -> Value {
    match value {
        None | Some(serde_json::Value::Null) => Value::Empty,
        Some(serde_json::Value::Bool(flag)) => Value::Flag(*flag),
        Some(serde_json::Value::Number(number)) => {
            number.as_f64().map_or(Value::Empty, Value::Number)
        }
        Some(serde_json::Value::String(text)) => match text.parse() {
            Ok(day) => Value::Date(day),
            Err(_) => Value::Text(text.clone()),
        },
        Some(serde_json::Value::Array(codes)) => {
            list(codes.iter().filter_map(serde_json::Value::as_str))
        }
        Some(other) => Value::Text(other.to_string()),
    }
}
