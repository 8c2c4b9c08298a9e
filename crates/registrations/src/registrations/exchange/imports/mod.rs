//! Registrations out of a table: read, held against everything that a form is held against, and reported; then it is decided in one
//! write that all of them are registered, or nobody, and they are, in parts. The dry run and the real one share everything but the writing.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::access::Permission;
use crate::accounts::{self, Account, Email};
use crate::consultations::{self, Activity, Consultation, ConsultationId, Round, WorkingGroup};
use crate::exchange::columns::{Columns, Mapping};
use crate::exchange::report::{self, ImportReport};
use crate::exchange::table::{self, Table};
use crate::jobs::{self, Advance, Computation, Computed, Job, JobKind, Spell, Task};
use crate::organizations::{self, normalized};
use crate::problem::{Checks, Problem};
use crate::registrations::{form, roll};
use crate::work::Work;

mod bulk;
pub mod cells;
pub mod decided;
mod preview;
pub mod profiles;
pub mod rows;

use profiles::Profile;
use rows::{Around, answer_fields};

/// What is being done once it is decided.
const REGISTERING: &str = "Registering people";
/// What is wrong with a row of whom there is a registration.
const ALREADY_REGISTERED: &str = "already_registered";
/// Longest ground for consent, in characters.
const LONGEST_BASIS: usize = 500;

/// How a table is to be imported. It goes along with the job and holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Nothing is written.
    pub dry_run: bool,
    /// Which program made the file.
    pub profile: Profile,
    /// Columns that are called otherwise, as JSON.
    pub mapping: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// On what ground those consented whose row does not say so.
    pub consent_basis: Option<String>,
    /// Enters organizations that nobody knows.
    pub create_organizations: bool,
    /// What the file was sent as.
    pub content_type: Option<String>,
}

/// What an import found and did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Imported {
    /// Rows, columns and errors.
    #[serde(flatten)]
    pub report: ImportReport,
    /// Rows that were passed over because of the state they are in.
    pub passed_over: u32,
    /// How many were, or in a dry run would be, registered.
    pub registered: u32,
    /// How many of them by the state they got; empty in a dry run.
    pub states: BTreeMap<String, u32>,
    /// Organizations that nobody knew.
    pub new_organizations: Vec<String>,
}

/// Queues an import. What can be told at once is told at once: whether the caller may, whether it is a table, and whether
/// its columns can be used.
pub fn start(
    work: &mut Work,
    consultation: ConsultationId,
    wanted: &Wanted,
    file: &[u8],
) -> Result<Job, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let table = allowed(work, &consultation, wanted).and_then(|()| read(file, wanted))?;
    let questions = form::service::load(work, consultation.id)?;
    let columns = find_columns(&table, wanted, &answer_fields(&questions))?;
    check_basis(wanted, &columns)?;
    let params = serde_json::to_value(wanted).map_err(Problem::internal)?;
    jobs::service::start(
        work,
        JobKind::ImportRegistrations,
        consultation.scope(),
        params,
        file.to_vec(),
    )
}

/// Whether the job writes nothing but its report.
pub fn only_reads(task: &Task) -> bool {
    task.params::<Wanted>().is_ok_and(|wanted| wanted.dry_run)
}

/// What would come of a table, as who started the job: they may have lost the right to know in the meantime.
pub fn look(work: &mut Work, task: &Task) -> Result<serde_json::Value, Problem> {
    let wanted: Wanted = task.params()?;
    let (_, read) = Read::of(work, task, &wanted)?;
    let mut imported = read.imported();
    imported.report.dry_run = true;
    serde_json::to_value(imported).map_err(Problem::internal)
}

/// Reads a table and holds it against everything there is, without holding up those who write. It is begun anew where what it was
/// held against is otherwise when it is decided. Then organizations that are new are entered, and the rows take the table's place in the job:
/// [`bring_in`] does the rest, which nothing stops any more.
pub fn prepare(work: &mut Work, task: &Task) -> Result<Computation, Problem> {
    let wanted: Wanted = task.params()?;
    let (id, read) = Read::of(work, task, &wanted)?;
    if !read.plan.report.is_clean() {
        return Err(read.plan.report.refusal());
    }
    Ok(Box::new(move |progress| {
        progress.step(0, read.plan.drafts.len(), REGISTERING)?;
        let write = move |work: &mut Work| {
            let consultation = consultations::service::locked(work, id)?;
            allowed(work, &consultation, &wanted)?;
            let (around, columns) = around(work, &consultation, &read.table, &wanted)?;
            let people = People::of(work, &consultation, &read.table, &columns)?;
            if consultation.version != read.version
                || around != read.around
                || people != read.people
            {
                return Err(Problem::contention());
            }
            let organizations = bulk::propose(work, &read.plan)?;
            let waiting = read.plan.waiting(&organizations)?;
            let reached = Reached {
                taken: 0,
                of: waiting.len() as u32,
                profile: wanted.profile,
                consent_basis: wanted.consent_basis.clone(),
                imported: Imported { registered: 0, ..read.imported() },
            };
            Ok(Advance::With { place: reached.place()?, lots: decided::lots(&waiting)? })
        };
        Ok(Computed { write: Box::new(write), even_when_cancelled: false })
    }))
}

/// How far an import has come that is decided.
#[derive(Serialize, Deserialize)]
struct Reached {
    /// Rows that were taken, whatever came of them.
    taken: u32,
    /// Rows that there are to be taken.
    of: u32,
    profile: Profile,
    consent_basis: Option<String>,
    imported: Imported,
}

impl Reached {
    fn at(place: &Value) -> Result<Self, Problem> {
        Self::deserialize(place).map_err(Problem::internal)
    }

    fn place(&self) -> Result<Value, Problem> {
        serde_json::to_value(self).map_err(Problem::internal)
    }
}

/// Registers some of those for whom it is decided, in the order of the rows. `place` is how far it has come. Whoever cannot be
/// registered any more is passed over, and the report says why.
pub fn bring_in(work: &mut Work, task: &Task, place: Option<&Value>) -> Result<Advance, Problem> {
    let mut reached = Reached::at(place.unwrap_or(&Value::Null))?;
    let spell = Spell::begin();
    let consultation = consultations::service::locked(work, consultation_of(task)?)?;
    while let Some(lot) = jobs::service::take_lot(work, task.job.id)? {
        task.progress.step(reached.taken as usize, reached.of as usize, REGISTERING)?;
        let lot = decided::read(&lot)?;
        reached.taken += lot.len() as u32;
        bulk::register(work, &consultation, lot, &mut reached.imported)?;
        if spell.is_over() {
            return reached.place().map(Advance::To);
        }
    }
    task.progress.step(reached.of as usize, reached.of as usize, REGISTERING)?;
    note(work, &consultation, &reached);
    let Reached { imported, .. } = reached;
    let imported = Imported { report: imported.report.in_order(), ..imported };
    serde_json::to_value(imported).map(Advance::Done).map_err(Problem::internal)
}

/// Which rows are not in, of an import that was decided and comes no farther.
pub fn left(work: &mut Work, task: &Task, place: &Value) -> Result<Problem, Problem> {
    let registered = Reached::at(place)?.imported.registered;
    let left = decided::of_job(work, task.job.id)?;
    let left: Vec<u32> = left.into_iter().map(|row| row.row).collect();
    Ok(report::incomplete(registered, &left))
}

fn consultation_of(task: &Task) -> Result<ConsultationId, Problem> {
    let id = task.job.scope.consultation.map(ConsultationId::new);
    id.ok_or_else(|| Problem::internal("an import belongs to a consultation"))
}

/// A table that was read, with what it was held against and what is to be done.
struct Read {
    version: i64,
    table: Table,
    around: Around,
    people: People,
    plan: preview::Plan,
}

impl Read {
    fn of(
        work: &mut Work,
        task: &Task,
        wanted: &Wanted,
    ) -> Result<(ConsultationId, Self), Problem> {
        let id = consultation_of(task)?;
        let consultation = consultations::service::see(work, id)?;
        allowed(work, &consultation, wanted)?;
        task.progress.step(0, 0, "Reading the table")?;
        let table = read(task.payload, wanted)?;
        let (around, columns) = around(work, &consultation, &table, wanted)?;
        check_basis(wanted, &columns)?;
        let people = People::of(work, &consultation, &table, &columns)?;
        let plan =
            preview::make(work, &consultation, &table, &columns, &around, &people, task.progress)?;
        Ok((id, Self { version: consultation.version, table, around, people, plan }))
    }

    fn imported(&self) -> Imported {
        let plan = &self.plan;
        Imported {
            passed_over: plan.passed_over,
            registered: plan.drafts.len() as u32,
            states: BTreeMap::new(),
            new_organizations: plan
                .new_organizations
                .values()
                .map(|new| new.name.clone())
                .collect(),
            report: plan.report.clone(),
        }
    }
}

fn allowed(work: &Work, consultation: &Consultation, wanted: &Wanted) -> Result<(), Problem> {
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    if !wanted.dry_run {
        consultation.require(Activity::DecideRegistrations)?;
    }
    let basis = wanted.consent_basis.as_deref();
    Checks::new().optional_text(basis, LONGEST_BASIS, "?consent_basis").finish()
}

fn read(file: &[u8], wanted: &Wanted) -> Result<Table, Problem> {
    let (content_type, sheet) = (wanted.content_type.as_deref(), wanted.sheet.as_deref());
    if wanted.profile.doubles() {
        table::read_numbered(file, content_type, sheet)
    } else {
        table::read_sheet(file, content_type, sheet)
    }
}

fn find_columns(
    table: &Table,
    wanted: &Wanted,
    answers: &[(String, Vec<String>)],
) -> Result<Columns, Problem> {
    let mapping = Mapping::parse(wanted.mapping.as_deref())?;
    Columns::find(table, &wanted.profile.fields(), answers, &mapping)
}

/// Somebody must say that people consented: each row, or the importer for all of them.
fn check_basis(wanted: &Wanted, columns: &Columns) -> Result<(), Problem> {
    let said = columns.has("consent_processing") || wanted.consent_basis.is_some();
    let detail = "is needed: the file has no column that says who consented to processing";
    Checks::new().require(said, "?consent_basis", detail).finish()
}

fn around(
    work: &mut Work,
    consultation: &Consultation,
    table: &Table,
    wanted: &Wanted,
) -> Result<(Around, Columns), Problem> {
    let questions = form::service::load(work, consultation.id)?;
    let columns = find_columns(table, wanted, &answer_fields(&questions))?;
    let mut names: HashMap<String, Vec<_>> = HashMap::new();
    if columns.has("organization") {
        let directory = organizations::merging::service::directory(work)?;
        for known in directory.iter() {
            let short = known.acronyms.iter().map(|acronym| normalized(acronym));
            for name in short.filter(|name| !name.is_empty()) {
                names.entry(name).or_default().push(known.id);
            }
        }
        // A name is a name, also when it is the short form of another.
        names.extend(
            directory
                .iter()
                .flat_map(|known| known.names.iter().map(|name| (name.clone(), vec![known.id]))),
        );
    }
    let named = table.rows.iter().filter_map(|row| columns.get(row, "organization"));
    let named: HashSet<String> = named.map(normalized).collect();
    names.retain(|name, _| named.contains(name));
    let mut ids: Vec<_> = names.values().flatten().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
    let rounds = consultations::programme::service::all::<Round>(work, consultation.id)?;
    let around = Around {
        profile: wanted.profile,
        vouched: wanted.consent_basis.is_some(),
        create_organizations: wanted.create_organizations,
        organizations: organizations::service::load_many(work, &ids)?,
        names,
        groups: groups.into_iter().map(|group| (group.number, group.id)).collect(),
        rounds: rounds.into_iter().map(|round| (round.number, round.id)).collect(),
        questions,
    };
    Ok((around, columns))
}

/// Who is known already.
#[derive(PartialEq)]
struct People {
    /// Accounts of the addresses in the file.
    accounts: HashMap<Email, Account>,
    /// Who of them has an active registration.
    registered: HashSet<accounts::AccountId>,
    /// Addresses in the file that another table is bringing in.
    waiting: HashSet<Email>,
}

impl People {
    fn of(
        work: &mut Work,
        consultation: &Consultation,
        table: &Table,
        columns: &Columns,
    ) -> Result<Self, Problem> {
        let cells = table.rows.iter().flat_map(|row| {
            ["email", "order_email"].into_iter().filter_map(|field| columns.get(row, field))
        });
        let mut emails: Vec<Email> = cells.filter_map(|cell| cell.parse().ok()).collect();
        emails.sort_unstable();
        emails.dedup();
        let mut waiting = decided::addresses(work, consultation.id)?;
        waiting.retain(|email| emails.binary_search(email).is_ok());
        let accounts = accounts::bulk::by_emails(work, &emails)?;
        let roll = roll::of_consultation(work, consultation.id)?;
        let active: HashSet<_> = roll
            .into_iter()
            .filter(|one| one.state.is_active())
            .map(|one| one.account_id)
            .collect();
        let known = accounts.values().map(|account| account.id);
        let registered = known.filter(|id| active.contains(id)).collect();
        Ok(Self { accounts, registered, waiting })
    }
}

fn note(work: &mut Work, consultation: &Consultation, reached: &Reached) {
    let details = json!({
        "count": reached.imported.registered,
        "profile": reached.profile,
        "new_organizations": reached.imported.new_organizations.len(),
        "consent_basis": reached.consent_basis,
    });
    work.audit_with("registrations.imported", "consultation", consultation.id, details);
}
