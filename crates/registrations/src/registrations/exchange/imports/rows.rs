//! One row of a table as a registration that is asked for, with everything in it that cannot be read. Pure.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::cells::{self, Unknown};
use super::profiles::Profile;
use crate::accounts::{Email, checked_name};
use crate::consultations::{RoundId, WorkingGroupId};
use crate::exchange::columns::Columns;
use crate::exchange::report::ImportReport;
use crate::exchange::table::{Row, folded};
use crate::organizations::{Organization, OrganizationId, normalized};
use crate::problem::Problem;
use crate::registrations::form::{Question, QuestionKind};
use crate::registrations::{Answers, Consents, Guardian, Needs, NewRegistration, Person, Source};

/// What the rows of one import are read against.
#[derive(PartialEq)]
pub struct Around {
    /// Which program made the file.
    pub profile: Profile,
    /// Whether the importer vouches for everybody's consent to processing.
    pub vouched: bool,
    /// Whether an organization that nobody knows is to be proposed.
    pub create_organizations: bool,
    /// Organizations by each of their names and short forms, normalized.
    pub names: HashMap<String, Vec<OrganizationId>>,
    /// Those of them that the file names.
    pub organizations: HashMap<OrganizationId, Organization>,
    /// Working groups by number.
    pub groups: BTreeMap<i32, WorkingGroupId>,
    /// Rounds by number.
    pub rounds: BTreeMap<i32, RoundId>,
    /// The questions of the consultation.
    pub questions: Vec<Question>,
}

/// Whom somebody comes for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Nobody but themselves.
    Nobody,
    /// An organization that is known.
    Known(OrganizationId),
    /// One that would be new, by its name as it is written.
    New(String),
}

/// A row that could be read.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Which row of the file.
    pub row: u32,
    /// The person.
    pub person: Person,
    /// Whom they come for.
    pub organization: Named,
    /// The rest.
    pub new: NewRegistration,
}

/// Reads one row; what cannot be read goes into the report. None when it cannot be taken or is passed over.
pub fn read(
    around: &Around,
    columns: &Columns,
    row: &Row,
    report: &mut ImportReport,
) -> Option<Draft> {
    Reading { around, columns, row, report, wrong: false }.draft()
}

struct Reading<'a> {
    around: &'a Around,
    columns: &'a Columns,
    row: &'a Row,
    report: &'a mut ImportReport,
    wrong: bool,
}

impl Reading<'_> {
    fn draft(mut self) -> Option<Draft> {
        if let Some(state) =
            self.text("state").filter(|state| self.around.profile.passes_over(state))
        {
            let detail = format!("is passed over: its state is “{state}”");
            let column = self.columns.name("state");
            self.report.note(self.row.number, column, "passed_over", detail);
            return None;
        }
        let email = self.email();
        let name = self.name(email.as_ref());
        let organization = self.organization();
        let new = NewRegistration {
            organization_id: match organization {
                Named::Known(id) => Some(id),
                _ => None,
            },
            sector: self.take("sector", cells::sector),
            country: self.take("country", cells::country),
            gender: self.take("gender", cells::gender).flatten(),
            languages: self.list("languages", cells::language),
            preferences: self.numbered("preferences", &self.around.groups),
            rounds: Some(self.numbered("rounds", &self.around.rounds))
                .filter(|rounds| !rounds.is_empty()),
            consents: self.consents(),
            position: self.text("position").map(str::to_owned),
            needs: self.needs(),
            age_band: self.take("age_band", cells::age_band),
            guardian: self.guardian(),
            answers: self.answers(),
            source: Source::Import,
            ..NewRegistration::default()
        };
        let person = Person { email: email?, name: name? };
        if self.wrong {
            return None;
        }
        let new = NewRegistration { person: Some(person.clone()), ..new };
        Some(Draft { row: self.row.number, person, organization, new })
    }

    fn text(&self, field: &str) -> Option<&'_ str> {
        self.columns.get(self.row, field)
    }

    fn error(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        self.wrong = true;
        self.report.error(self.row.number, self.columns.name(field), code, detail);
    }

    fn take<T>(&mut self, field: &str, parse: fn(&str) -> Result<T, Unknown>) -> Option<T> {
        match self.text(field).map(parse) {
            None => None,
            Some(Ok(value)) => Some(value),
            Some(Err(Unknown(code, detail))) => {
                self.error(field, code, detail);
                None
            }
        }
    }

    fn list(&mut self, field: &str, parse: fn(&str) -> Result<String, Unknown>) -> Vec<String> {
        let cell = self.text(field).unwrap_or_default().to_owned();
        let mut found = Vec::new();
        for part in cells::several(&cell) {
            match parse(part) {
                Ok(value) => found.push(value),
                Err(Unknown(code, detail)) => self.error(field, code, detail),
            }
        }
        found
    }

    fn numbered<T: Copy + PartialEq>(&mut self, field: &str, known: &BTreeMap<i32, T>) -> Vec<T> {
        let numbers = self.take(field, cells::numbers).unwrap_or_default();
        let mut found = Vec::new();
        for number in numbers {
            match known.get(&number) {
                Some(id) if found.contains(id) => {
                    self.error(field, "twice", format!("{number} is there twice"));
                }
                Some(id) => found.push(*id),
                None => self.error(
                    field,
                    "unknown_number",
                    format!("this consultation has no number {number} of these"),
                ),
            }
        }
        found
    }

    fn email(&mut self) -> Option<Email> {
        // pretix: whoever ordered for others has given one address for all who have none of their own.
        let field = if self.text("email").is_some() { "email" } else { "order_email" };
        let Some(text) = self.text(field) else {
            self.error("email", "missing", "an e-mail address is needed");
            return None;
        };
        match text.parse() {
            Ok(email) => Some(email),
            Err(detail) => {
                let detail: String = detail;
                self.error(field, "invalid_email", detail);
                None
            }
        }
    }

    fn name(&mut self, email: Option<&Email>) -> Option<String> {
        let parts = [self.text("first_name"), self.text("last_name")];
        let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let whole = self.text("name").map(str::to_owned);
        let (field, name) = match (joined.is_empty(), whole) {
            (false, _) => (if parts[0].is_some() { "first_name" } else { "last_name" }, joined),
            (true, Some(whole)) => ("name", whole),
            (true, None) => {
                if email.is_some() {
                    self.error(
                        "name",
                        "missing",
                        "a name is needed: in one column, or as first name and last name",
                    );
                }
                return None;
            }
        };
        match checked_name(&name, "/person/name") {
            Ok(name) => Some(name),
            Err(problem) => {
                self.error(field, "invalid_name", problem.detail());
                None
            }
        }
    }

    fn organization(&mut self) -> Named {
        let Some(name) = self.text("organization").map(str::to_owned) else { return Named::Nobody };
        let known = self.around.names.get(&normalized(&name)).map_or(&[][..], Vec::as_slice);
        match known {
            [one] => Named::Known(*one),
            [] if self.around.create_organizations => {
                self.report.note(
                    self.row.number,
                    self.columns.name("organization"),
                    "new_organization",
                    format!("“{name}” would be entered as proposed"),
                );
                Named::New(name)
            }
            [] => {
                let detail = format!(
                    "“{name}” is no organization that is known by this name or short form: correct it, or set create_organizations=true to propose it"
                );
                self.error("organization", "unknown_organization", detail);
                Named::Nobody
            }
            many => {
                let detail = format!(
                    "“{name}” is the short form of {} organizations: write the name",
                    many.len()
                );
                self.error("organization", "ambiguous_organization", detail);
                Named::Nobody
            }
        }
    }

    fn consents(&mut self) -> Consents {
        let processing = match self.take("consent_processing", cells::flag) {
            Some(said) => said,
            None => self.around.vouched,
        };
        if !processing && !self.wrong_in("consent_processing") {
            let detail = "nobody can be registered without: yes in this column, or consent_basis for everybody who leaves it open";
            self.error("consent_processing", "consent_missing", detail);
        }
        let mut flag = |field: &str| self.take(field, cells::flag).unwrap_or(false);
        Consents {
            processing,
            listed: flag("consent_listed"),
            recording: flag("consent_recording"),
            named_attribution: flag("consent_named_attribution"),
            ..Consents::default()
        }
    }

    /// Whether the cell could not be read: then that was told already.
    fn wrong_in(&self, field: &str) -> bool {
        self.text(field).is_some_and(|text| cells::flag(text).is_err())
    }

    fn needs(&mut self) -> Needs {
        Needs {
            interpretation: self.list("interpretation", cells::language),
            sign_language: self.text("sign_language").map(str::to_owned),
            captioning: self.take("captioning", cells::flag).unwrap_or(false),
            accessibility: self.text("accessibility").map(str::to_owned),
        }
    }

    fn guardian(&mut self) -> Option<Guardian> {
        let (name, email) = (self.text("guardian_name")?.to_owned(), self.text("guardian_email"));
        let parsed: Option<Result<Email, String>> = email.map(str::parse);
        match parsed {
            Some(Ok(email)) => Some(Guardian { name, email, consented_at: None }),
            Some(Err(detail)) => {
                self.error("guardian_email", "invalid_email", detail);
                None
            }
            None => {
                self.error(
                    "guardian_email",
                    "missing",
                    "the guardian's e-mail address is needed beside the name",
                );
                None
            }
        }
    }

    fn answers(&mut self) -> Answers {
        let around = self.around;
        let mut answers = Answers::new();
        for question in &around.questions {
            let field = answer_field(&question.code);
            let Some(text) = self.text(&field).map(str::to_owned) else { continue };
            match answer(question, &text) {
                Ok(value) => {
                    answers.insert(question.id, value);
                }
                Err(detail) => self.error(&field, "invalid_answer", detail),
            }
        }
        answers
    }
}

/// What the answers to a question are called among the fields.
pub fn answer_field(code: &str) -> String {
    format!("answers/{code}")
}

/// The fields of the questions, and what their columns may be called: the code, or the question in any of its languages.
pub fn answer_fields(questions: &[Question]) -> Vec<(String, Vec<String>)> {
    let names = |question: &Question| {
        let prompts = question.wording.values().map(|wording| wording.prompt.clone());
        std::iter::once(question.code.clone()).chain(prompts).collect()
    };
    questions.iter().map(|question| (answer_field(&question.code), names(question))).collect()
}

/// A cell as the value that the form would have sent.
fn answer(question: &Question, text: &str) -> Result<Value, String> {
    let value = match question.kind {
        QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Date => {
            Value::String(text.to_owned())
        }
        QuestionKind::OneOf => Value::String(option(question, text)),
        QuestionKind::ManyOf => cells::several(text)
            .into_iter()
            .map(|part| Value::String(option(question, part)))
            .collect(),
        QuestionKind::Number => {
            serde_json::from_str(text).map_err(|_| "must be a number".to_owned())?
        }
        QuestionKind::Consent => {
            Value::Bool(cells::flag(text).map_err(|Unknown(_, detail)| detail)?)
        }
    };
    Ok(question.answer(&value)?.unwrap_or(Value::Null))
}

/// The code of the option that is called so, or what was written.
fn option(question: &Question, text: &str) -> String {
    let called = |label: &String| folded(label) == folded(text);
    let found = question.options.iter().find(|option| option.labels.values().any(called));
    found.map_or(text, |option| option.code.as_str()).to_owned()
}

/// The field that a pointer of a refusal is about: `/needs/interpretation/0` is about `interpretation`.
fn field_of(pointer: &str) -> String {
    let mut parts = pointer.trim_start_matches('/').split('/');
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("needs" | "person", Some(inner)) => inner.to_owned(),
        ("guardian", Some(inner)) => format!("guardian_{inner}"),
        ("consents", Some(inner)) => format!("consent_{inner}"),
        ("answers", Some(code)) => answer_field(code),
        ("organization_id", _) => "organization".to_owned(),
        (field, _) => field.to_owned(),
    }
}

/// Tells a refusal of a whole registration as errors of its row.
pub fn refuse(report: &mut ImportReport, row: u32, problem: &Problem) {
    if problem.errors().is_empty() {
        report.error(row, None, problem.code().kind().code, problem.detail());
    }
    for at in problem.errors() {
        let field = field_of(&at.pointer);
        let column = report.column(&field).map(str::to_owned);
        let detail = match column {
            Some(_) => at.detail.clone(),
            None => format!("{field}: {}", at.detail),
        };
        report.error(row, column.as_deref(), &at.code, detail);
    }
}
