//! What a caller may do with registrations: submit, change, see and list them. Places are given and freed in
//! [`super::places`], decisions taken in [`super::decisions`].

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{BTreeSet, HashMap};

use super::form::{self, Question, answers};
use super::rules::{self, Rules};
use super::{Entry, Person, Registration, RegistrationId, Step, store};
use crate::access::{Permission, Scope};
use crate::accounts::sign_ins::service::PersonalLinks;
use crate::accounts::{self, Account, AccountId, Email};
use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::i18n::Language;
use crate::organizations::OrganizationId;
use crate::problem::Problem;
use crate::ways;
use crate::work::Work;

/// A registration that the caller may know of, under its consultation's lock.
pub(super) fn for_decision(
    work: &mut Work,
    id: RegistrationId,
) -> Result<(Consultation, Registration), Problem> {
    let seen = see(work, id)?;
    let consultation = consultations::service::locked(work, seen.consultation_id)?;
    let registration = load(work, id)?;
    Ok((consultation, registration))
}

pub(super) fn own_or_decider(
    work: &Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    if is_own(work, registration) {
        Ok(())
    } else {
        work.require(Permission::DecideRegistrations, &consultation.scope())
    }
}

pub(super) fn is_own(work: &Work, registration: &Registration) -> bool {
    work.caller.id() == Some(registration.account_id)
}

/// Links to where people stand in a consultation, each their own and for a mail in their language, in the order of the people.
pub fn links(
    work: &mut Work,
    consultation: &Consultation,
    people: &[Account],
) -> Result<PersonalLinks, Problem> {
    let spoken = |person: &Account| Language::choose(person.language, &consultation.languages);
    let people = people.iter().map(|person| (&person.email, spoken(person)));
    let leads_to = ways::registration(consultation.id);
    accounts::sign_ins::service::personal_links(work, people, &leads_to)
}

/// A registration the caller may know of: their own, or for those who read registrations; 404 for others.
pub fn see(work: &mut Work, id: RegistrationId) -> Result<Registration, Problem> {
    if work.caller.roles().is_empty() {
        work.caller.signed_in()?;
    }
    let registration = load(work, id)?;
    if is_own(work, &registration) {
        return Ok(registration);
    }
    let consultation = consultations::service::load(work, registration.consultation_id)?;
    if work.may(Permission::ReadRegistrations, &consultation.scope()) {
        Ok(registration)
    } else {
        Err(Problem::not_found("registration"))
    }
}

/// A registration, whoever asks. For other services.
pub fn load(work: &mut Work, id: RegistrationId) -> Result<Registration, Problem> {
    find(work, id)?.ok_or_else(|| Problem::not_found("registration"))
}

/// A registration, if there is one, whoever asks. For other services.
pub fn find(work: &mut Work, id: RegistrationId) -> Result<Option<Registration>, Problem> {
    store::find(work.conn, id)
}

/// With the person, and what the caller may do.
pub fn entry(work: &mut Work, registration: Registration) -> Result<Entry, Problem> {
    let mut entries = entries(work, vec![registration])?;
    entries.pop().ok_or_else(|| Problem::internal("one registration makes one entry"))
}

pub(super) fn entries(
    work: &mut Work,
    registrations: Vec<Registration>,
) -> Result<Vec<Entry>, Problem> {
    let people: Vec<AccountId> = registrations.iter().map(|one| one.account_id).collect();
    let names = accounts::service::names(work, &people)?;
    let mut consultations = HashMap::new();
    let mut entries = Vec::with_capacity(registrations.len());
    for registration in registrations {
        let id = registration.consultation_id;
        let about = match consultations.entry(id) {
            Occupied(known) => known.into_mut(),
            Vacant(unknown) => unknown.insert(Surroundings::load(work, id)?),
        };
        let allowed_actions = allowed_actions(work, about, &registration);
        let person = names.get(&registration.account_id).map(|one| registration.known_as(one));
        let person = person.as_ref();
        let name = person.map(|person| person.name.clone()).unwrap_or_default();
        let email = person.map(|person| person.email.as_str().to_owned()).unwrap_or_default();
        let answers = answers::by_code(&about.questions, &registration.answers);
        let shows_account =
            is_own(work, &registration) || work.may(Permission::ManageAccounts, &Scope::INSTANCE);
        let entry = Entry { registration, name, email, answers, shows_account, allowed_actions };
        entries.push(entry);
    }
    Ok(entries)
}

/// What a registration is looked at with.
struct Surroundings {
    consultation: Consultation,
    rules: Rules,
    questions: Vec<Question>,
}

impl Surroundings {
    fn load(work: &mut Work, id: ConsultationId) -> Result<Self, Problem> {
        Ok(Self {
            consultation: consultations::service::load(work, id)?,
            rules: rules::service::load(work, id)?,
            questions: form::service::load(work, id)?,
        })
    }
}

fn allowed_actions(
    work: &Work,
    about: &Surroundings,
    registration: &Registration,
) -> Vec<&'static str> {
    let (state, consultation) = (registration.state, &about.consultation);
    let decider = work.may(Permission::DecideRegistrations, &consultation.scope());
    let involved = decider || is_own(work, registration);
    let open = |activity: Activity| activity.phases().contains(&consultation.phase);
    let deciding = open(Activity::DecideRegistrations);
    let in_time = decider || about.rules.require_editable(consultation, work.now).is_ok();
    let changing = in_time && open(Activity::ChangePreferences);
    let ready = registration.ready_to_confirm().is_ok();
    let rules = [
        ("update", involved && changing && state.allows(Step::Resubmit)),
        ("accept", involved && deciding && state.allows(Step::Accept)),
        ("withdraw", involved && deciding && state.allows(Step::Withdraw)),
        ("confirm", decider && deciding && ready && state.allows(Step::Confirm)),
        ("waitlist", decider && deciding && state.allows(Step::Waitlist)),
        ("decline", decider && deciding && state.allows(Step::Decline)),
    ];
    rules.iter().filter(|(_, allowed)| *allowed).map(|(action, _)| *action).collect()
}

/// Every confirmed registration, in the order they were submitted. For other services: it does not ask who asks.
pub fn confirmed(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<Registration>, Problem> {
    store::confirmed(work.conn, consultation)
}

/// Somebody who is known by a registration.
#[derive(Debug, Clone)]
pub struct Known {
    /// As they are called.
    pub name: String,
    /// Their address.
    pub email: Email,
    /// Whom they come for.
    pub organization_id: Option<OrganizationId>,
    /// Whether a report may name them, on record.
    pub may_be_named: bool,
}

/// Everybody who is known by a registration for a consultation, whatever became of it: those who registered, under each of their names,
/// and guardians. For holding a draft against the register: it does not ask who asks.
pub fn known(work: &mut Work, consultation: ConsultationId) -> Result<Vec<Known>, Problem> {
    let registrations = store::all_of(work.conn, consultation)?;
    let people: Vec<AccountId> = registrations.iter().map(|one| one.account_id).collect();
    let accounts = accounts::service::names(work, &people)?;
    let mut known = Vec::with_capacity(registrations.len());
    for one in registrations {
        let (organization_id, may_be_named) = (one.organization_id, one.may_be_named());
        let own = accounts.get(&one.account_id).map(|own| (own.name.clone(), own.email.clone()));
        let given = one.person.map(|person| (person.name, person.email));
        let given = given.filter(|given| Some(given) != own.as_ref());
        let named = own.into_iter().chain(given);
        known.extend(named.map(|(name, email)| Known {
            name,
            email,
            organization_id,
            may_be_named,
        }));
        known.extend(one.guardian.map(|guardian| Known {
            name: guardian.name,
            email: guardian.email,
            organization_id: None,
            may_be_named: false,
        }));
    }
    Ok(known)
}

/// The names of all who are known by a registration, for taking them out of what is imported. For other services: it does not ask who
/// asks.
pub fn all_names(work: &mut Work, consultation: ConsultationId) -> Result<Vec<String>, Problem> {
    Ok(known(work, consultation)?.into_iter().map(|one| one.name).collect())
}

/// The person's active registration. For other services: it does not ask who asks.
pub fn of_account(
    work: &mut Work,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<Option<Registration>, Problem> {
    store::active_of(work.conn, consultation, account)
}

/// The active registrations of these people for a consultation. For other services: it does not ask who asks.
pub fn of_accounts(
    work: &mut Work,
    consultation: ConsultationId,
    people: &[AccountId],
) -> Result<Vec<Registration>, Problem> {
    store::active_of_all(work.conn, consultation, people)
}

/// The person's latest registration for a consultation, whatever became of it. For other services: it does not ask who asks.
pub fn latest(
    work: &mut Work,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<Option<Registration>, Problem> {
    if let Some(active) = store::active_of(work.conn, consultation, account)? {
        return Ok(Some(active));
    }
    let all = store::of_person(work.conn, account)?;
    Ok(all.into_iter().rfind(|one| one.consultation_id == consultation))
}

/// Who has an active registration. For other services: it does not ask who asks.
pub fn active_people(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<AccountId>, Problem> {
    store::active_people(work.conn, consultation)
}

/// The person's active registrations, the oldest first. For other services: it does not ask who asks.
pub fn active_of_person(work: &mut Work, account: AccountId) -> Result<Vec<Registration>, Problem> {
    let all = store::of_person(work.conn, account)?;
    Ok(all.into_iter().filter(|one| one.state.is_active()).collect())
}

/// Every registration of the person, in the order they were submitted. For other services: it does not ask who asks.
pub fn all_of_person(work: &mut Work, account: AccountId) -> Result<Vec<Registration>, Problem> {
    store::of_person(work.conn, account)
}

/// The names of those who registered. For other services, which must ask who may read them.
pub fn names(
    work: &mut Work,
    ids: &BTreeSet<RegistrationId>,
) -> Result<HashMap<RegistrationId, String>, Problem> {
    let ids: Vec<RegistrationId> = ids.iter().copied().collect();
    let people = store::people(work.conn, &ids)?;
    let accounts: Vec<AccountId> = people.iter().map(|(_, account, _)| *account).collect();
    let known = accounts::service::names(work, &accounts)?;
    let name = |(id, account, person): (RegistrationId, AccountId, Option<Person>)| {
        let own = || known.get(&account).map(|account| account.name.clone());
        person.map(|person| person.name).or_else(own).map(|name| (id, name))
    };
    Ok(people.into_iter().filter_map(name).collect())
}
