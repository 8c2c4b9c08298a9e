//! Registers many at once, in one transaction that holds the consultation's lock: with the rules and records of
//! `submission::register`, and with one statement for many where nothing has to be decided one by one.

use std::collections::{BTreeMap, HashMap};

use super::preview::{Plan, Ready};
use crate::accounts::{self, Account, Email};
use crate::consultations::{Admission, Consultation};
use crate::invitations;
use crate::organizations::{self, OrganizationId};
use crate::problem::Problem;
use crate::registrations::history::{self, EventKind};
use crate::registrations::places::ledger::Ledger;
use crate::registrations::{NewRegistration, Registration, consents, store, submission};
use crate::work::Work;

/// People of one statement.
const CHUNK: usize = 100;

/// How many got which state.
pub(super) type States = BTreeMap<String, u32>;

/// Registers everybody of the plan, and says how many got which state. `known` are the accounts that are there already.
pub(super) fn register(
    work: &mut Work,
    consultation: &Consultation,
    plan: &Plan,
    known: HashMap<Email, Account>,
) -> Result<States, Problem> {
    let organizations = propose(work, plan)?;
    let people: Vec<(Email, String)> = plan
        .drafts
        .iter()
        .map(|ready| (ready.draft.person.email.clone(), ready.draft.person.name.clone()))
        .collect();
    let accounts = accounts::bulk::create_missing(work, known, &people)?;
    let invited = invitations::service::any(work, consultation.id)?;
    let mut ledger = Ledger::open(work, consultation)?;
    let mut states = States::default();
    for part in plan.drafts.chunks(CHUNK) {
        let mut part = make(work, consultation, part, &accounts, &organizations)?;
        enter(work, consultation, &mut part, invited)?;
        for made in part {
            let one = &made.registration;
            let automatic = consultation.admission == Admission::Automatic && !made.declined;
            if automatic && one.ready_to_confirm().is_ok() {
                ledger.admit(work, one)?;
            }
            let state = ledger.after(one.id).map_or(one.state, |after| after.state);
            *states.entry(state.to_string()).or_default() += 1;
        }
    }
    ledger.write(work)?;
    Ok(states)
}

fn propose(work: &mut Work, plan: &Plan) -> Result<HashMap<String, OrganizationId>, Problem> {
    let mut new: Vec<_> = plan.new_organizations.iter().collect();
    new.sort_by(|one, other| one.0.cmp(other.0));
    let mut known = HashMap::new();
    for (name, organization) in new {
        let organization = organizations::service::propose(work, organization.clone())?;
        known.insert(name.clone(), organization.id);
    }
    Ok(known)
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
    part: &[Ready],
    accounts: &'a HashMap<Email, Account>,
    organizations: &HashMap<String, OrganizationId>,
) -> Result<Vec<Made<'a>>, Problem> {
    let one = |ready: &Ready| {
        let Ready { draft, mut checked, new_organization } = ready.clone();
        let account = accounts.get(&draft.person.email);
        let account =
            account.ok_or_else(|| Problem::internal("an account was made and is not there"))?;
        let own = new_organization.and_then(|name| organizations.get(&name).copied());
        checked.facts.organization_id = checked.facts.organization_id.or(own);
        let declined = checked.facts.declined;
        let new = NewRegistration { person: Some(draft.person), ..draft.new };
        let registration = submission::made(work, consultation, account.id, checked, new);
        Ok(Made { registration, account, declined })
    };
    part.iter().map(one).collect()
}

/// Writes them, with the records that go with each.
fn enter(
    work: &mut Work,
    consultation: &Consultation,
    part: &mut [Made],
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
    store::insert_many(work.conn, &rows)?;
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
