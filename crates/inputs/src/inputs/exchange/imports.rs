//! Inputs out of a table, all of them or none: each row held against everything that one in writing is held against, with a
//! dry run that reports every cell that is wrong. Names of those who ever registered are taken out, and there is no column for whose
//! each is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::access::Permission;
use crate::consultations::{
    self, Activity, Consultation, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId,
};
use crate::exchange::columns::{Columns, Field, Mapping};
use crate::exchange::report::{self, ImportReport};
use crate::exchange::table::{self, Row, Table, folded};
use crate::inputs::content::{Citation, Translation};
use crate::inputs::submission::{self, Venue};
use crate::inputs::{Addressee, Care, NewInput, Origin, ToldBy, store};
use crate::jobs::progress::Progress;
use crate::jobs::{self, Advance, Computation, Computed, Job, JobKind, Spell, Task};
use crate::names::Register;
use crate::problem::{Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::registrations;
use crate::reviews::{self, CategoryId};
use crate::work::Work;

/// What is being done once nothing is wrong with any row.
const BRINGING_IN: &str = "Bringing inputs in";
/// Inputs that are brought in between two looks whether it is others' turn.
const BROUGHT_AT_ONCE: usize = 100;
/// Inputs that are made findable between two looks whether it is others' turn.
const FOUND_AT_ONCE: i64 = 20;

const fn field(name: &'static str, columns: &'static [&'static str], needed: bool) -> Field {
    Field { name, columns, needed }
}

/// The columns that are read.
const FIELDS: &[Field] = &[
    field("body", &["body", "text", "input"], true),
    field("objectives", &["objectives", "objective"], true),
    field("category", &["category", "kind"], true),
    field("language", &["language"], false),
    field("translation", &["translation"], false),
    field("translation_language", &["translation_language"], false),
    field("origin", &["origin"], false),
    field("working_group", &["working_group", "group"], false),
    field("round", &["round"], false),
    field("addressees", &["addressees"], false),
    field("testimony", &["testimony"], false),
    field("sensitive", &["sensitive"], false),
    field("do_not_quote", &["do_not_quote"], false),
    field("citation", &["citation", "citation_title"], false),
    field("citation_url", &["citation_url"], false),
    field("told_by", &["told_by"], false),
];

/// How a table is to be imported. It goes along with the job and holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Nothing is written.
    pub dry_run: bool,
    /// Columns that are called otherwise, as JSON.
    pub mapping: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// What the file was sent as.
    pub content_type: Option<String>,
}

/// What an import found and did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportedInputs {
    /// Rows, columns and errors.
    #[serde(flatten)]
    pub report: ImportReport,
    /// How many inputs were, or in a dry run would be, brought in.
    pub inputs: u32,
}

/// Queues an import. What can be told at once is told at once: whether the caller may, whether it is a table, and whether its
/// columns can be used.
pub fn start(
    work: &mut Work,
    id: ConsultationId,
    wanted: &Wanted,
    file: &[u8],
) -> Result<Job, Problem> {
    let consultation = allowed(work, id)?;
    let table = read(file, wanted)?;
    columns(&table, wanted)?;
    let params = serde_json::to_value(wanted).map_err(Problem::internal)?;
    jobs::service::start(work, JobKind::ImportInputs, consultation.scope(), params, file.to_vec())
}

/// Whether the job writes nothing but its report.
pub fn only_reads(task: &Task) -> bool {
    task.params::<Wanted>().is_ok_and(|wanted| wanted.dry_run)
}

/// Whoever may record what was said outside the groups, and sees who is registered, when inputs are taken.
fn allowed(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    work.caller.signed_in()?;
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::RecordInputs, &consultation.scope().outside_groups())?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    consultation.require(Activity::SubmitInputs)?;
    Ok(consultation)
}

fn read(file: &[u8], wanted: &Wanted) -> Result<Table, Problem> {
    table::read_sheet(file, wanted.content_type.as_deref(), wanted.sheet.as_deref())
}

fn columns(table: &Table, wanted: &Wanted) -> Result<Columns, Problem> {
    Columns::find(table, FIELDS, &[], &Mapping::parse(wanted.mapping.as_deref())?)
}

/// What is wrong with a table, as who started the job: they may have lost the right to know in the meantime.
pub fn look(work: &mut Work, task: &Task) -> Result<Value, Problem> {
    let wanted: Wanted = task.params()?;
    let consultation = allowed(work, consultation_of(task)?)?;
    let (report, ready) =
        Reader::of(work, &consultation, task.payload, wanted)?.read(task.progress)?;
    let imported = ImportedInputs { report, inputs: ready.len() as u32 };
    serde_json::to_value(imported).map_err(Problem::internal)
}

/// How far an import has come that is decided.
#[derive(Serialize, Deserialize)]
struct Reached {
    /// How many inputs are in.
    brought_in: u32,
    imported: ImportedInputs,
}

/// An input that can be brought in, with its row.
#[derive(Serialize, Deserialize)]
struct Ready {
    row: u32,
    new: NewInput,
}

/// Reads what a table is held against, then its rows without any hold on the database. Once it is decided that all of them come in, they take
/// the table's place in the job, as they are to be: [`bring_in`] does the rest, which nothing stops any more.
pub fn prepare(work: &mut Work, task: &Task) -> Result<Computation, Problem> {
    let wanted: Wanted = task.params()?;
    let id = consultation_of(task)?;
    let consultation = allowed(work, id)?;
    task.progress.step(0, 0, "Reading the table")?;
    let reader = Reader::of(work, &consultation, task.payload, wanted)?;
    Ok(Box::new(move |progress| {
        let (report, mut ready) = reader.read(progress)?;
        if !report.is_clean() {
            return Err(report.refusal());
        }
        progress.step(0, ready.len(), BRINGING_IN)?;
        let inputs = ready.len() as u32;
        // One of each place is in at once, so that none of them can be deleted before the others are.
        let mut places = BTreeSet::new();
        let first: Vec<NewInput> = ready
            .extract_if(.., |Ready { new, .. }| {
                places.insert((new.category_id, new.working_group_id, new.round_id))
            })
            .map(|ready| ready.new)
            .collect();
        let write = move |work: &mut Work| {
            work.lock(id.uuid())?;
            let consultation = allowed(work, id)?;
            if Venue::of(work, &consultation)? != reader.around.venue {
                // They were held against what is not there any more: the job is begun anew.
                return Err(Problem::contention());
            }
            submission::bring_in_many(work, &consultation, &first)?;
            work.audit_with("inputs.imported", "consultation", id, json!({ "rows": report.rows }));
            // In which order they lay in the table is not to be seen from the order in which they come in.
            ready.sort_by_cached_key(|_| work.ids.place());
            let imported = ImportedInputs { report: report.clone(), inputs };
            let reached = Reached { brought_in: first.len() as u32, imported };
            let place = serde_json::to_value(reached).map_err(Problem::internal)?;
            Ok(Advance::With { place, lots: lots(&ready)? })
        };
        Ok(Computed { write: Box::new(write), even_when_cancelled: false })
    }))
}

fn lots(all: &[Ready]) -> Result<Vec<Vec<u8>>, Problem> {
    let lots = all.chunks(BROUGHT_AT_ONCE).map(serde_json::to_vec);
    lots.collect::<Result<_, _>>().map_err(Problem::internal)
}

/// Brings some of what is decided in, and in the end makes it findable by its words; `place` is how far it has come.
pub fn bring_in(work: &mut Work, task: &Task, place: Option<&Value>) -> Result<Advance, Problem> {
    let mut reached = reached(place.unwrap_or(&Value::Null))?;
    let total = reached.imported.inputs as usize;
    let id = consultation_of(task)?;
    let spell = Spell::begin();
    work.lock(id.uuid())?;
    while let Some(lot) = jobs::service::take_lot(work, task.job.id)? {
        task.progress.step(reached.brought_in as usize, 2 * total, BRINGING_IN)?;
        let lot: Vec<Ready> = serde_json::from_slice(&lot).map_err(Problem::internal)?;
        let lot: Vec<NewInput> = lot.into_iter().map(|ready| ready.new).collect();
        let consultation = consultations::service::load(work, id)?;
        submission::bring_in_many(work, &consultation, &lot)?;
        reached.brought_in += lot.len() as u32;
        if spell.is_over() {
            return onwards(&reached);
        }
    }
    let left = store::unfound(work.conn)?;
    task.progress.step((2 * total).saturating_sub(left), 2 * total, BRINGING_IN)?;
    while !spell.is_over() {
        if store::find_some(work.conn, FOUND_AT_ONCE)? == 0 {
            task.progress.step(total, total, BRINGING_IN)?;
            let imported = serde_json::to_value(reached.imported).map_err(Problem::internal)?;
            return Ok(Advance::Done(imported));
        }
    }
    onwards(&reached)
}

/// Which rows are not in, of an import that was decided and comes no farther.
pub fn left(work: &mut Work, task: &Task, place: &Value) -> Result<Problem, Problem> {
    let brought_in = reached(place)?.brought_in;
    let mut rows = Vec::new();
    for (_, lot) in jobs::service::lots(work, task.job.id)? {
        let lot: Vec<Ready> = serde_json::from_slice(&lot).map_err(Problem::internal)?;
        rows.extend(lot.into_iter().map(|ready| ready.row));
    }
    rows.sort_unstable();
    Ok(report::incomplete(brought_in, &rows))
}

fn reached(place: &Value) -> Result<Reached, Problem> {
    Reached::deserialize(place).map_err(Problem::internal)
}

fn onwards(reached: &Reached) -> Result<Advance, Problem> {
    serde_json::to_value(reached).map(Advance::To).map_err(Problem::internal)
}

fn consultation_of(task: &Task) -> Result<ConsultationId, Problem> {
    let id = task.job.scope.consultation.map(ConsultationId::new);
    id.ok_or_else(|| Problem::internal("an import belongs to a consultation"))
}

/// A table, and what its rows are held against.
struct Reader {
    table: Table,
    columns: Columns,
    around: Around,
    dry_run: bool,
}

impl Reader {
    fn of(
        work: &mut Work,
        consultation: &Consultation,
        file: &[u8],
        wanted: Wanted,
    ) -> Result<Self, Problem> {
        let table = read(file, &wanted)?;
        let columns = columns(&table, &wanted)?;
        let around = Around::of(work, consultation)?;
        Ok(Self { table, columns, around, dry_run: wanted.dry_run })
    }

    /// What is wrong, and everything that can be brought in.
    fn read(&self, progress: &Progress) -> Result<(ImportReport, Vec<Ready>), Problem> {
        let Self { table, columns, around, dry_run } = self;
        let mut report = ImportReport::new(table, columns.used(), *dry_run);
        let mut ready = Vec::new();
        for (done, row) in table.rows.iter().enumerate() {
            if done % 50 == 0 {
                progress.step(done, table.rows.len(), "Reading inputs")?;
            }
            let reading = Reading { around, columns, row, report: &mut report };
            let Some(new) = reading.input() else { continue };
            match around.venue.checked(new) {
                Ok(new) => ready.push(Ready { row: row.number, new }),
                Err(problem) if problem.code() == Code::InvalidValue => {
                    refused(&mut report, columns, row, &problem);
                }
                Err(problem) => return Err(problem),
            }
        }
        Ok((report.in_order(), ready))
    }
}

/// What a form would be refused for, in the cell where it stands.
fn refused(report: &mut ImportReport, columns: &Columns, row: &Row, problem: &Problem) {
    for error in problem.errors() {
        let mut parts = error.pointer.split('/').skip(1);
        let field = match (parts.next(), parts.next()) {
            (Some("translation"), Some("language")) => "translation_language",
            (Some("translation"), _) => "translation",
            (Some("category_id"), _) => "category",
            (Some("working_group_id"), _) => "working_group",
            (Some("round_id"), _) => "round",
            (Some("citations"), _) if error.pointer.ends_with("url") => "citation_url",
            (Some("citations"), _) => "citation",
            (Some(field), _) => field,
            (None, _) => "body",
        };
        let column = columns.name(field).map(str::to_owned);
        report.error(row.number, column.as_deref(), &error.code, error.detail.clone());
    }
}

/// What rows are read against.
struct Around {
    venue: Venue,
    categories: BTreeMap<String, CategoryId>,
    groups: BTreeMap<i32, WorkingGroupId>,
    rounds: BTreeMap<i32, RoundId>,
    /// Who ever registered: their names are taken out of what is imported.
    registrants: Register,
}

impl Around {
    fn of(work: &mut Work, consultation: &Consultation) -> Result<Self, Problem> {
        let mut categories = BTreeMap::new();
        for category in reviews::service::categories(work, consultation.review_id)? {
            categories.insert(folded(category.code.as_str()), category.id);
            categories.insert(folded(&category.heading), category.id);
        }
        let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
        let rounds = consultations::programme::service::all::<Round>(work, consultation.id)?;
        let registrants = registrations::service::all_names(work, consultation.id)?;
        Ok(Self {
            venue: Venue::of(work, consultation)?,
            registrants: Register::of(registrants.iter().map(String::as_str)),
            categories,
            groups: groups.into_iter().map(|group| (group.number, group.id)).collect(),
            rounds: rounds.into_iter().map(|round| (round.number, round.id)).collect(),
        })
    }
}

/// The word of a closed list that a cell holds.
fn one_of<T: Copy + Display>(all: &[T], text: &str) -> Option<T> {
    all.iter().copied().find(|one| one.to_string() == text)
}

fn is_none_of<T: Display>(all: &[T]) -> String {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    format!("is none of {}", words.join(", "))
}

struct Reading<'a> {
    around: &'a Around,
    columns: &'a Columns,
    row: &'a Row,
    report: &'a mut ImportReport,
}

impl Reading<'_> {
    fn get(&self, field: &str) -> Option<&str> {
        self.columns.get(self.row, field)
    }

    /// Notes what is wrong in a cell, without its content: jobs are kept, and a column may hold who said it.
    fn error(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        let column = self.columns.name(field).map(str::to_owned);
        self.report.error(self.row.number, column.as_deref(), code, detail);
    }

    /// The input; none when something in the row cannot be read.
    fn input(mut self) -> Option<NewInput> {
        let before = self.report.is_bad(self.row.number);
        let objectives = self.objectives();
        let category_id = self.category();
        let group = self.numbered("working_group", |around| &around.groups);
        let round = self.numbered("round", |around| &around.rounds);
        let origin = if group.is_some() { Origin::Group } else { Origin::Written };
        let origin = self.word("origin", origin, Origin::ALL);
        let addressees = self.addressees();
        let care = Care {
            testimony: self.flag("testimony"),
            sensitive: self.flag("sensitive"),
            do_not_quote: self.flag("do_not_quote"),
        };
        let told_by =
            self.get("told_by").is_some().then(|| self.word("told_by", ToldBy::One, ToldBy::ALL));
        if before || self.report.is_bad(self.row.number) {
            return None;
        }
        let text = |field: &str| self.get(field).map(str::to_owned);
        let masked = |field: &str| self.get(field).map(|text| self.around.registrants.mask(text));
        let translation = masked("translation").map(|body| Translation {
            body,
            language: text("translation_language").unwrap_or_else(|| "en".to_owned()),
        });
        let citation = text("citation").map(|title| Citation {
            title,
            publisher: None,
            year: None,
            url: text("citation_url"),
        });
        Some(NewInput {
            origin,
            told_by,
            working_group_id: group,
            round_id: round,
            language: text("language").unwrap_or_else(|| "en".to_owned()),
            translation,
            citations: citation.into_iter().collect(),
            addressees,
            care,
            ..NewInput::written(objectives, category_id?, masked("body").unwrap_or_default())
        })
    }

    fn parts(&self, field: &str) -> Vec<String> {
        let text = self.get(field).unwrap_or_default();
        let parts = text.split([';', ',', ' ']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    fn objectives(&mut self) -> Vec<ObjectiveNumber> {
        let mut found = Vec::new();
        for part in self.parts("objectives") {
            match part.parse::<i32>().ok().and_then(|number| ObjectiveNumber::try_from(number).ok())
            {
                Some(number) => found.push(number),
                None => {
                    let detail = "is no list of objectives: write numbers, such as “4; 9”";
                    self.error("objectives", "unknown_objective", detail);
                }
            }
        }
        found
    }

    fn category(&mut self) -> Option<CategoryId> {
        let name = self.get("category").unwrap_or_default().to_owned();
        let found = self.around.categories.get(&folded(&name)).copied();
        if found.is_none() {
            let detail = "is no category of the review: write its code or heading";
            self.error("category", "unknown_category", detail);
        }
        found
    }

    fn numbered<T: Copy>(
        &mut self,
        field: &str,
        of: fn(&Around) -> &BTreeMap<i32, T>,
    ) -> Option<T> {
        let text = self.get(field)?.to_owned();
        let number = text.parse::<f64>().ok().map(|number| number as i32);
        let found = number.and_then(|number| of(self.around).get(&number).copied());
        if found.is_none() {
            let detail = "is none of this consultation: write its number";
            self.error(field, "unknown_number", detail);
        }
        found
    }

    fn word<T: Copy + Display>(&mut self, field: &str, absent: T, all: &[T]) -> T {
        let Some(found) = self.get(field).map(|text| one_of(all, text)) else { return absent };
        found.unwrap_or_else(|| {
            self.error(field, "unknown_word", is_none_of(all));
            absent
        })
    }

    fn addressees(&mut self) -> Vec<Addressee> {
        let mut found = Vec::new();
        for part in self.parts("addressees") {
            match one_of(Addressee::ALL, &part) {
                Some(word) => found.push(word),
                None => self.error("addressees", "unknown_word", is_none_of(Addressee::ALL)),
            }
        }
        found
    }

    fn flag(&mut self, field: &str) -> bool {
        let Some(text) = self.get(field).map(str::to_lowercase) else { return false };
        match text.as_str() {
            "true" | "yes" | "1" | "x" => true,
            "false" | "no" | "0" => false,
            _ => {
                self.error(field, "unknown_word", "is neither yes nor no");
                false
            }
        }
    }
}
