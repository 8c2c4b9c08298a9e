//! What an import would do: every row read and held against what a form is held against, against the other rows and
//! against who is registered. Writes nothing.

use std::collections::HashMap;

use super::decided::{Form, Waiting};
use super::rows::{self, Around, Draft, Named};
use super::{ALREADY_REGISTERED, People};
use crate::accounts::{AccountId, Email};
use crate::consultations::Consultation;
use crate::exchange::columns::Columns;
use crate::exchange::report::ImportReport;
use crate::exchange::table::Table;
use crate::jobs::progress::Progress;
use crate::organizations::{NewOrganization, OrganizationId, normalized};
use crate::problem::{Checks, Problem};
use crate::reference::SectorCode;
use crate::registrations::NewRegistration;
use crate::registrations::form::checks::{self, Checked, Facts};
use crate::work::Work;

/// Rows between two steps of progress.
const STEP: usize = 250;

/// What is to be done.
pub(super) struct Plan {
    /// What is wrong and what should be known.
    pub report: ImportReport,
    /// Everybody who can be registered, in the order of the rows.
    pub drafts: Vec<Ready>,
    /// Organizations to be proposed, by normalized name.
    pub new_organizations: HashMap<String, NewOrganization>,
    /// Rows that were passed over because of their state.
    pub passed_over: u32,
}

/// A row that nothing is wrong with.
#[derive(Clone)]
pub(super) struct Ready {
    /// What it asks for.
    pub draft: Draft,
    /// What is vetted of it. For a new organization its id is not there yet.
    pub facts: Facts,
    /// The normalized name of the new organization, if it comes for one.
    pub new_organization: Option<String>,
}

impl Plan {
    /// Everybody as they wait to be brought in, once the new organizations are entered.
    pub fn waiting(
        &self,
        organizations: &HashMap<String, OrganizationId>,
    ) -> Result<Vec<Waiting>, Problem> {
        let one = |ready: &Ready| {
            let Ready { draft, mut facts, new_organization } = ready.clone();
            let entered = new_organization.map(|name| organizations.get(&name).copied());
            if let Some(entered) = entered {
                let gone = || Problem::internal("an organization was entered and is not there");
                facts.organization_id = Some(entered.ok_or_else(gone)?);
            }
            let new = NewRegistration { person: None, ..draft.new };
            Ok(Waiting { row: draft.row, form: Some(Form { person: draft.person, facts, new }) })
        };
        self.drafts.iter().map(one).collect()
    }
}

/// Reads and checks every row.
pub(super) fn make(
    work: &Work,
    consultation: &Consultation,
    table: &Table,
    columns: &Columns,
    around: &Around,
    people: &People,
    progress: &Progress,
) -> Result<Plan, Problem> {
    let report = ImportReport::new(table, columns.used(), false);
    let mut planning = Planning {
        columns,
        people,
        around,
        seen: HashMap::new(),
        accounts: HashMap::new(),
        plan: Plan {
            report,
            drafts: Vec::new(),
            new_organizations: HashMap::new(),
            passed_over: 0,
        },
    };
    for (at, row) in table.rows.iter().enumerate() {
        if at % STEP == 0 {
            progress.step(at, table.rows.len(), "Checking rows")?;
        }
        let Some(draft) = rows::read(around, columns, row, &mut planning.plan.report) else {
            planning.plan.passed_over += u32::from(!planning.plan.report.is_bad(row.number));
            continue;
        };
        planning.duplicates(&draft);
        let answering = checks::answering(work, consultation, &around.questions, None, false);
        planning.take(draft, |facts, draft, noted| {
            checks::said(facts, &draft.person.email, &draft.new, &answering, noted)
        })?;
    }
    let Plan { report, drafts, new_organizations, passed_over } = planning.plan;
    Ok(Plan { report: report.in_order(), drafts, new_organizations, passed_over })
}

struct Planning<'a> {
    columns: &'a Columns,
    people: &'a People,
    around: &'a Around,
    /// Addresses of the rows before.
    seen: HashMap<Email, u32>,
    /// Accounts of the rows before: two addresses may lead to one.
    accounts: HashMap<AccountId, u32>,
    plan: Plan,
}

impl Planning<'_> {
    fn duplicates(&mut self, draft: &Draft) {
        let email = &draft.person.email;
        let known = self.people.accounts.get(email).map(|account| account.id);
        let before = self.seen.insert(email.clone(), draft.row);
        let before = before.or(known.and_then(|id| self.accounts.insert(id, draft.row)));
        let column = self.columns.name("email");
        if let Some(before) = before {
            let detail = format!("is the person of row {before} already");
            self.plan.report.error(draft.row, column, "duplicate", detail);
        } else if known.is_some_and(|id| self.people.registered.contains(&id)) {
            let detail = "has an active registration for this consultation already";
            self.plan.report.error(draft.row, column, ALREADY_REGISTERED, detail);
        } else if self.people.waiting.contains(email) {
            let detail = "is being registered out of another table";
            self.plan.report.error(draft.row, column, ALREADY_REGISTERED, detail);
        }
    }

    fn take(
        &mut self,
        draft: Draft,
        check: impl FnOnce(Option<Facts>, &Draft, Checks) -> Result<Checked, Problem>,
    ) -> Result<(), Problem> {
        let mut noted = Checks::new();
        let facts = noted.take(self.facts(&draft))?;
        let new_organization = match &draft.organization {
            Named::New(name) => Some(normalized(name)),
            _ => None,
        };
        match check(facts, &draft, noted) {
            Ok(_) if self.plan.report.is_bad(draft.row) => {}
            Ok(Checked { facts, .. }) => {
                self.plan.drafts.push(Ready { draft, facts, new_organization });
            }
            Err(problem) => rows::refuse(&mut self.plan.report, draft.row, &problem),
        }
        Ok(())
    }

    fn facts(&mut self, draft: &Draft) -> Result<Facts, Problem> {
        let (sector, country) = (draft.new.sector, draft.new.country);
        match &draft.organization {
            Named::Nobody => Facts::of_person(sector, country),
            Named::Known(id) => {
                let found = self.around.organizations.get(id);
                let organization = found
                    .ok_or_else(|| Problem::internal("an organization of the directory is gone"))?;
                Facts::of_organization(organization, sector, country)
            }
            Named::New(name) => self.new_organization(name, draft),
        }
    }

    /// The first row that names it says what it is; the others must not say otherwise.
    fn new_organization(&mut self, name: &str, draft: &Draft) -> Result<Facts, Problem> {
        let key = normalized(name);
        if let Some(known) = self.plan.new_organizations.get(&key) {
            let own: SectorCode = known.sector;
            let detail =
                format!("a row above says that the sector of this new organization is {own}");
            let same = draft.new.sector.is_none_or(|sector| sector == own);
            Checks::new().require(same, "/sector", detail).finish()?;
            let country = draft.new.country.unwrap_or(known.country);
            return Ok(Facts { organization_id: None, sector: own, country, declined: false });
        }
        let mut checks = Checks::new();
        checks.require(draft.new.sector.is_some(), "/sector", "is needed for a new organization");
        checks.require(draft.new.country.is_some(), "/country", "is needed for a new organization");
        checks.finish()?;
        let (Some(sector), Some(country)) = (draft.new.sector, draft.new.country) else {
            return Err(Problem::internal("facts were checked and are not there"));
        };
        let new = NewOrganization {
            name: name.to_owned(),
            acronym: None,
            sector,
            country,
            website: None,
        };
        new.check().map_err(|problem| Problem::invalid("/organization_id", problem.detail()))?;
        self.plan.new_organizations.insert(key, new);
        Ok(Facts { organization_id: None, sector, country, declined: false })
    }
}
