//! Registers many at once, under the consultation's lock: with the rules and records of `submission::register`, and with one statement
//! for many where nothing has to be decided one by one.

use std::collections::{HashMap, HashSet};

use super::decided::{Form, Waiting};
use super::{ALREADY_REGISTERED, Imported, preview, rows};
use crate::accounts::{self, Account, AccountId, Email};
use crate::consultations::{self, Admission, Consultation, Round, WorkingGroup};
use crate::exchange::report::ImportReport;
use crate::invitations;
use crate::organizations::{self, OrganizationId, Vetting};
use crate::problem::{Checks, Code, Problem};
use crate::registrations::form::checks::{self, Checked};
use crate::registrations::history::{self, EventKind};
use crate::registrations::places::ledger::Ledger;
use crate::registrations::{NewRegistration, Registration, consents, form, store, submission};
use crate::work::Work;

/// Enters the organizations that nobody knew; their ids by normalized name.
pub(super) fn propose(
    work: &mut Work,
    plan: &preview::Plan,
) -> Result<HashMap<String, OrganizationId>, Problem> {
    let mut new: Vec<_> = plan.new_organizations.iter().collect();
    new.sort_by(|one, other| one.0.cmp(other.0));
    let mut known = HashMap::new();
    for (name, organization) in new {
        let organization = organizations::service::propose(work, organization.clone())?;
        known.insert(name.clone(), organization.id);
    }
    Ok(known)
}

/// Registers the people of some rows, and notes what came of each.
pub(super) fn register(
    work: &mut Work,
    consultation: &Consultation,
    rows: Vec<Waiting>,
    imported: &mut Imported,
) -> Result<(), Problem> {
    let fitting = still_fitting(work, consultation, rows, &mut imported.report)?;
    let emails: Vec<Email> = fitting.iter().map(|one| one.person.email.clone()).collect();
    let known = accounts::bulk::by_emails(work, &emails)?;
    let free = not_registered(work, consultation, fitting, &known, &mut imported.report)?;
    let people: Vec<(Email, String)> =
        free.iter().map(|one| (one.person.email.clone(), one.person.name.clone())).collect();
    let accounts = accounts::bulk::create_missing(work, known, &people)?;
    let mut made = make(work, consultation, free, &accounts)?;
    let invited = invitations::service::any(work, consultation.id)?;
    enter(work, consultation, &mut made, invited)?;
    let mut ledger = Ledger::open(work, consultation)?;
    for made in made {
        let one = &made.registration;
        let automatic = consultation.admission == Admission::Automatic && !made.declined;
        if automatic && one.ready_to_confirm().is_ok() {
            ledger.admit(work, one)?;
        }
        let state = ledger.after(one.id).map_or(one.state, |after| after.state);
        *imported.states.entry(state.to_string()).or_default() += 1;
        imported.registered += 1;
    }
    ledger.write(work)
}

/// A row that can be registered as things stand now.
struct Fitting {
    row: u32,
    person: crate::registrations::Person,
    new: NewRegistration,
    checked: Checked,
}

/// Holds rows once more against what may have changed since it was decided. Of an organization that was merged they come for the one that
/// it went into, as those do who are registered.
fn still_fitting(
    work: &mut Work,
    consultation: &Consultation,
    rows: Vec<Waiting>,
    report: &mut ImportReport,
) -> Result<Vec<Fitting>, Problem> {
    let forms = rows.iter().filter_map(|row| row.form.as_ref());
    let known = organizations_of(work, forms)?;
    let questions = form::service::load(work, consultation.id)?;
    let answering = checks::answering(work, consultation, &questions, None, false);
    let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
    let rounds = consultations::programme::service::all::<Round>(work, consultation.id)?;
    let mut fitting = Vec::new();
    for Waiting { row, form } in rows {
        let Some(Form { person, mut facts, new }) = form else {
            report.error(row, None, "taken_out", "was taken out before it was brought in");
            continue;
        };
        if let Some((id, declined)) = facts.organization_id.and_then(|id| known.get(&id)) {
            (facts.organization_id, facts.declined) = (Some(*id), *declined);
        }
        let mut noted = Checks::new();
        let gone = new.preferences.iter().any(|id| groups.iter().all(|group| group.id != *id));
        noted.require(!gone, "/preferences", "names a working group that is not there any more");
        let mut wished = new.rounds.iter().flatten();
        let gone = wished.any(|id| rounds.iter().all(|round| round.id != *id));
        noted.require(!gone, "/rounds", "names a round that is not there any more");
        match checks::said(Some(facts), &person.email, &new, &answering, noted) {
            Ok(checked) => fitting.push(Fitting { row, person, new, checked }),
            Err(problem) if problem.is_failure() => return Err(problem),
            Err(problem) => rows::refuse(report, row, &problem),
        }
    }
    Ok(fitting)
}

/// Where the organizations of these forms are now, and whether they were declined. They are not merged before these are registered.
fn organizations_of<'f>(
    work: &mut Work,
    forms: impl Iterator<Item = &'f Form>,
) -> Result<HashMap<OrganizationId, (OrganizationId, bool)>, Problem> {
    let mut ids: Vec<OrganizationId> =
        forms.filter_map(|form| form.facts.organization_id).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in &ids {
        work.lock(id.uuid())?;
    }
    let named = organizations::service::load_many(work, &ids)?;
    let into: Vec<OrganizationId> = named.values().filter_map(|one| one.merged_into).collect();
    let survivors = organizations::service::load_many(work, &into)?;
    let now = |id: OrganizationId| {
        let one = named.get(&id)?;
        let one = one.merged_into.map_or(Some(one), |into| survivors.get(&into))?;
        Some((id, (one.id, one.vetting == Vetting::Declined)))
    };
    Ok(ids.into_iter().filter_map(now).collect())
}

/// Those of whom there is no registration: nobody else registered them meanwhile, nor they themselves, by whichever address.
fn not_registered(
    work: &mut Work,
    consultation: &Consultation,
    all: Vec<Fitting>,
    known: &HashMap<Email, Account>,
    report: &mut ImportReport,
) -> Result<Vec<Fitting>, Problem> {
    let ids: Vec<AccountId> = known.values().map(|account| account.id).collect();
    let active = store::active_of_all(work.conn, consultation.id, &ids)?;
    let mut registered: HashSet<AccountId> = active.iter().map(|one| one.account_id).collect();
    let mut free = Vec::new();
    for one in all {
        let account = known.get(&one.person.email).map(|account| account.id);
        if account.is_none_or(|account| registered.insert(account)) {
            free.push(one);
            continue;
        }
        let column = report.column("email").map(str::to_owned);
        let detail = "has an active registration for this consultation by now";
        report.error(one.row, column.as_deref(), ALREADY_REGISTERED, detail);
    }
    Ok(free)
}

/// A registration that is to be entered, with whose it is and whether it may be decided automatically.
struct Made<'a> {
    registration: Registration,
    account: &'a Account,
    declined: bool,
}

fn make<'a>(
    work: &Work,
    consultation: &Consultation,
    all: Vec<Fitting>,
    accounts: &'a HashMap<Email, Account>,
) -> Result<Vec<Made<'a>>, Problem> {
    let one = |Fitting { person, new, checked, .. }: Fitting| {
        let account = accounts.get(&person.email);
        let account =
            account.ok_or_else(|| Problem::internal("an account was made and is not there"))?;
        let declined = checked.facts.declined;
        let new = NewRegistration { person: Some(person), ..new };
        let registration = submission::made(work, consultation, account.id, checked, new);
        Ok(Made { registration, account, declined })
    };
    all.into_iter().map(one).collect()
}

/// Writes them, with the records that go with each.
fn enter(
    work: &mut Work,
    consultation: &Consultation,
    part: &mut [Made<'_>],
    invited: bool,
) -> Result<(), Problem> {
    if invited {
        for made in part.iter_mut() {
            let address = made.registration.person.as_ref().map(|person| person.email.clone());
            let address = address.unwrap_or_else(|| made.account.email.clone());
            let by = invitations::service::by_address(work, consultation.id, &address)?;
            made.registration.invitation_id = by.map(|invitation| invitation.id);
        }
    }
    let rows: Vec<Registration> = part.iter().map(|made| made.registration.clone()).collect();
    // Whoever registers without this lock came first: they are found when this is begun anew.
    store::insert_many(work.conn, &rows).map_err(|problem| match problem.code() {
        Code::AlreadyRegistered => Problem::contention(),
        _ => problem,
    })?;
    for registration in &rows {
        work.audit("registration.submitted", "registration", registration.id);
    }
    let step = |after: Registration| history::Step {
        after,
        kind: EventKind::Submitted,
        full: None,
        by_rule: false,
    };
    let steps: Vec<history::Step> = rows.into_iter().map(step).collect();
    history::record(work, &steps)?;
    follow(work, consultation, part)
}

/// What goes with registrations that were made, as `submission::follow` has it for one; records in one statement.
fn follow(work: &mut Work, consultation: &Consultation, part: &[Made]) -> Result<(), Problem> {
    consents::service::record_new(work, part.iter().map(|made| &made.registration))?;
    for made in part {
        submission::follow_up(work, consultation, &made.registration)?;
    }
    Ok(())
}
