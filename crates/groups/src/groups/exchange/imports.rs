//! A plan out of a table that somebody edited by hand: every row held against who is confirmed, who can be where and how
//! many a group takes; then a new proposed plan, or nothing. It must never put anything in force.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::consultations::{Consultation, ConsultationId};
use crate::exchange::columns::{Columns, Field, Mapping};
use crate::exchange::report::ImportReport;
use crate::exchange::table::{Row, Table};
use crate::groups::instances::{self, Places};
use crate::groups::plans::applying::for_assigning;
use crate::groups::plans::proposals;
use crate::groups::rules::{self, AssignmentRules};
use crate::groups::solver::{self, Instance, Person, Placement};
use crate::groups::{self, AssignmentPlan, PlanOrigin, PlanState, Search};
use crate::problem::Problem;
use crate::registrations::RegistrationState;
use crate::registrations::roll::{self, Listed};
use crate::work::Work;

/// The columns that are read; one of the last two says who.
const FIELDS: [Field; 4] = [
    Field { name: "round", columns: &["round"], needed: true },
    Field { name: "working_group", columns: &["working_group", "group"], needed: true },
    Field { name: "registration_id", columns: &["registration_id"], needed: false },
    Field { name: "email", columns: &["email", "Email Address"], needed: false },
];

/// What an import found: the report, and unless something is wrong the plan as it is or would be.
pub struct Imported {
    /// Rows, columns and errors.
    pub report: ImportReport,
    /// The plan; not kept in a dry run.
    pub plan: Option<AssignmentPlan>,
}

/// Reads a table as a plan and reports on it. Writes nothing.
pub fn preview(
    work: &mut Work,
    consultation: ConsultationId,
    table: &Table,
) -> Result<Imported, Problem> {
    let consultation = proposals::allowed(work, consultation)?;
    let mut imported = read(work, &consultation, table)?;
    imported.report.dry_run = true;
    Ok(imported)
}

/// Reads a table as a plan and keeps it as a proposal: all of it, or 422 with every cell that is wrong.
pub fn import(
    work: &mut Work,
    consultation: ConsultationId,
    table: &Table,
) -> Result<(ImportReport, AssignmentPlan), Problem> {
    let consultation = for_assigning(work, consultation)?;
    let Imported { report, plan } = read(work, &consultation, table)?;
    let Some(plan) = plan else { return Err(report.refusal()) };
    groups::store::insert_plan(work.conn, &plan)?;
    let details = serde_json::json!({ "rows": report.rows });
    work.audit_with("assignment_plan.imported", "assignment_plan", plan.id, details);
    Ok((report, plan))
}

fn read(work: &mut Work, consultation: &Consultation, table: &Table) -> Result<Imported, Problem> {
    proposals::is_plannable(work, consultation)?;
    let columns = Columns::find(table, &FIELDS, &[], &Mapping::default())?;
    let rules = rules::service::load(work, consultation.id)?;
    let announced = instances::in_force(work, consultation)?;
    let (seed, before) = (1, announced.clone());
    let instance = instances::instance(work, consultation, &rules, seed, announced)?;
    let roll = roll::of_consultation(work, consultation.id)?;
    let places = Places::of(work, consultation)?;
    let mut reading = Reading {
        columns: &columns,
        instance: &instance,
        roll: &roll,
        report: ImportReport::new(table, columns.used(), false),
        rounds: places.rounds.iter().map(|one| (one.number, one.id.uuid())).collect(),
        groups: places.groups.iter().map(|one| (one.number, one.id.uuid())).collect(),
        by_email: roll.iter().map(|one| (one.email.to_lowercase(), one)).collect(),
        people: instance.people.iter().map(|one| (one.id, one)).collect(),
        seen: BTreeMap::new(),
    };
    reading.one_says_who(table);
    table.rows.iter().for_each(|row| reading.row(row));
    let placements = reading.together_with(&before);
    reading.full(&placements);
    let report = reading.report.in_order();
    let plan = if report.is_clean() {
        Some(plan(work, consultation, rules, &instance, &placements)?)
    } else {
        None
    };
    Ok(Imported { report, plan })
}

fn plan(
    work: &mut Work,
    consultation: &Consultation,
    rules: AssignmentRules,
    instance: &Instance,
    placements: &[Placement],
) -> Result<AssignmentPlan, Problem> {
    let found = solver::evaluate(instance, placements);
    let clashes = proposals::clashes(instance, &found);
    Ok(AssignmentPlan {
        id: work.id(),
        consultation_id: consultation.id,
        state: PlanState::Proposed,
        seed: 1,
        placements: found.placements,
        unmet: found.unmet,
        quality: found.quality,
        origin: PlanOrigin::Imported,
        rules,
        search: Search {
            work: 0,
            instance: instances::fingerprint(instance)?,
            ..Search::default()
        },
        clashes,
        edits: 0,
        based_on: proposals::based_on(work, consultation.id)?,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    })
}

/// A row that could be read: in which row of the file, and where it puts somebody.
#[derive(Debug, Clone, Copy)]
struct Read {
    row: u32,
    group: Option<Uuid>,
}

struct Reading<'a> {
    columns: &'a Columns,
    instance: &'a Instance,
    roll: &'a [Listed],
    report: ImportReport,
    rounds: BTreeMap<i32, Uuid>,
    groups: BTreeMap<i32, Uuid>,
    by_email: HashMap<String, &'a Listed>,
    people: HashMap<Uuid, &'a Person>,
    /// By person and round.
    seen: BTreeMap<(Uuid, Uuid), Read>,
}

impl Reading<'_> {
    fn one_says_who(&mut self, table: &Table) {
        if self.columns.has("registration_id") || self.columns.has("email") {
            return;
        }
        let row = table.rows.first().map_or(1, |row| row.number);
        let detail = "no column says who: it would be called registration_id or email";
        self.report.error(row, None, "no_person", detail);
    }

    fn error(&mut self, row: &Row, field: &str, code: &str, detail: impl Into<String>) {
        let column = self.columns.name(field).map(str::to_owned);
        self.report.error(row.number, column.as_deref(), code, detail);
    }

    fn row(&mut self, row: &Row) {
        let person = self.person(row);
        let round = self.round(row);
        let group = self.group(row);
        let (Some(person), Some(round), Some(group)) = (person, round, group) else { return };
        let read = Read { row: row.number, group };
        if let Some(before) = self.seen.insert((person, round), read) {
            let detail = format!("is in this round by row {} already", before.row);
            self.error(row, self.who(), "duplicate", detail);
        }
        self.fits(row, person, round, group);
    }

    /// The field that says who.
    fn who(&self) -> &'static str {
        if self.columns.has("registration_id") { "registration_id" } else { "email" }
    }

    fn person(&mut self, row: &Row) -> Option<Uuid> {
        let listed = match self.columns.get(row, "registration_id") {
            Some(text) => {
                let id: Option<Uuid> = text.parse().ok();
                self.roll.iter().find(|one| Some(one.id.uuid()) == id)
            }
            None => {
                let email = self.columns.get(row, "email").unwrap_or_default().to_lowercase();
                self.by_email.get(&email).copied()
            }
        };
        let Some(listed) = listed else {
            let detail = "is nobody who registered for this consultation";
            self.error(row, self.who(), "unknown_person", detail);
            return None;
        };
        if listed.state != RegistrationState::Confirmed {
            let detail = format!("is {}: only who is confirmed has a group", listed.state);
            self.error(row, self.who(), "not_confirmed", detail);
            return None;
        }
        Some(listed.id.uuid())
    }

    fn round(&mut self, row: &Row) -> Option<Uuid> {
        let text = self.columns.get(row, "round").unwrap_or_default().to_owned();
        let found = text.parse().ok().and_then(|number: i32| self.rounds.get(&number)).copied();
        if found.is_none() {
            let numbers = listed(self.rounds.keys());
            let detail = format!("“{text}” is no round: there are {numbers}");
            self.error(row, "round", "unknown_round", detail);
        }
        found
    }

    /// The group; none of them when the cell is empty.
    fn group(&mut self, row: &Row) -> Option<Option<Uuid>> {
        let Some(text) = self.columns.get(row, "working_group").map(str::to_owned) else {
            return Some(None);
        };
        let found = text.parse().ok().and_then(|number: i32| self.groups.get(&number)).copied();
        if found.is_none() {
            let numbers = listed(self.groups.keys());
            let detail = format!("“{text}” is no working group: there are {numbers}");
            self.error(row, "working_group", "unknown_working_group", detail);
        }
        found.map(Some)
    }

    /// Whether somebody can be there: by their rounds, where they must be, and the languages.
    fn fits(&mut self, row: &Row, person: Uuid, round: Uuid, group: Option<Uuid>) {
        let Some(&known) = self.people.get(&person) else { return };
        let available = known.rounds.as_ref().is_none_or(|rounds| rounds.contains(&round));
        if group.is_some() && !available {
            self.error(row, "round", "not_available", "does not take part in this round");
            return;
        }
        if let Some(pinned) = pin(known, round).filter(|_| available) {
            if group != Some(pinned) {
                let number =
                    self.groups.iter().find(|(_, id)| **id == pinned).map_or(0, |(n, _)| *n);
                let detail =
                    format!("must be in working group {number}: they host it, or a rule says so");
                self.error(row, "working_group", "pinned", detail);
            }
            return;
        }
        let Some(group) = group else { return };
        let of = self.instance.groups.iter().find(|one| one.id == group);
        if of.is_some_and(|of| !known.understands(of)) {
            let detail = "works in no language of this person";
            self.error(row, "working_group", "language", detail);
        }
    }

    /// What the table says, and where it says nothing what is in force.
    fn together_with(&mut self, before: &[Placement]) -> Vec<Placement> {
        let said = self.seen.iter().filter_map(|((person, round), read)| {
            read.group.map(|group| Placement { person: *person, round: *round, group })
        });
        let silent = |one: &&Placement| !self.seen.contains_key(&(one.person, one.round));
        let kept: Vec<Placement> = before.iter().filter(silent).copied().collect();
        let mut all: Vec<Placement> = said.chain(kept.iter().copied()).collect();
        if !kept.is_empty() {
            let detail =
                format!("{} places that the table does not name stay as they are", kept.len());
            self.report.note(1, None, "kept", detail);
        }
        all.sort();
        all
    }

    /// Notes the rows beyond what a group takes: the last ones in the file.
    fn full(&mut self, placements: &[Placement]) {
        let mut sizes: BTreeMap<(Uuid, Uuid), usize> = BTreeMap::new();
        for one in placements {
            *sizes.entry((one.round, one.group)).or_default() += 1;
        }
        for ((round, group), size) in sizes {
            let Some(of) = self.instance.groups.iter().find(|one| one.id == group) else {
                continue;
            };
            let most = of.limits_in(round).1;
            if size > most {
                self.too_many(round, group, size - most, most);
            }
        }
    }

    fn too_many(&mut self, round: Uuid, group: Uuid, beyond: usize, most: usize) {
        let movable = |((person, at), read): (&(Uuid, Uuid), &Read)| {
            let pinned = self.people.get(person).and_then(|one| pin(one, round)) == Some(group);
            let there = *at == round && read.group == Some(group) && !pinned;
            there.then_some(read.row)
        };
        let rows: BTreeSet<u32> = self.seen.iter().filter_map(movable).collect();
        let column = self.columns.name("working_group").map(str::to_owned);
        for row in rows.into_iter().rev().take(beyond) {
            let detail = format!("is full: the group takes {most} people in this round");
            self.report.error(row, column.as_deref(), "full", detail);
        }
    }
}

/// Where somebody must be in a round, if anywhere.
fn pin(person: &Person, round: Uuid) -> Option<Uuid> {
    let own = person.pinned.iter().find(|pin| pin.round == Some(round));
    own.or_else(|| person.pinned.iter().find(|pin| pin.round.is_none())).map(|pin| pin.group)
}

fn listed<'a>(numbers: impl Iterator<Item = &'a i32>) -> String {
    numbers.map(i32::to_string).collect::<Vec<_>>().join(", ")
}
