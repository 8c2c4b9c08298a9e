//! What a caller may do with registrations. Places are given and freed here only, each time under the consultation's
//! lock, so that capacity is never exceeded however many ask at once.

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use super::mails::{About, Occasion};
use super::{
    Change, Consents, Decision, Entry, Filter, NewRegistration, Participation, Person,
    Registration, RegistrationId, RegistrationState, Statistics, Step, UN_ENTITY, store,
};
use crate::access::Permission;
use crate::accounts::{self, AccountId};
use crate::consultations::{
    self, Activity, Admission, Consultation, ConsultationId, Phase, WorkingGroupId,
};
use crate::db;
use crate::groups;
use crate::http::page::{Paging, Part};
use crate::organizations::{self, Organization, OrganizationId, Vetting};
use crate::problem::{Checks, Code, Problem};
use crate::reference::{CountryCode, SectorCode};
use crate::work::Work;

/// Languages one person may name.
const MOST_LANGUAGES: usize = 10;
/// Longest note of a decision, in characters.
const LONGEST_NOTE: usize = 2000;

/// Registers the caller, or somebody else for the secretariat. Where admission is automatic it is decided at once.
pub fn submit(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewRegistration,
) -> Result<Registration, Problem> {
    let mut consultation = consultations::service::see(work, consultation)?;
    if consultation.admission == Admission::Automatic {
        consultation = locked(work, consultation.id)?;
    }
    let account_id = for_whom(work, &consultation, new.person.as_ref())?;
    let facts = Facts::of(work, new.organization_id, new.sector, new.country)?;
    check_consents(&new.consents)?;
    check_languages(&new.languages)?;
    check_preferences(work, consultation.id, &new.preferences)?;
    let mut registration = Registration {
        id: work.id(),
        consultation_id: consultation.id,
        account_id,
        organization_id: new.organization_id,
        sector: facts.sector,
        country: facts.country,
        gender: new.gender,
        languages: new.languages,
        preferences: new.preferences,
        consents: new.consents,
        state: RegistrationState::Submitted,
        reason_code: None,
        note: None,
        waiting_number: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    let automatic = consultation.admission == Admission::Automatic && !facts.declined;
    if automatic {
        admit(work, &consultation, &mut registration)?;
    }
    store::insert(work.conn, &registration)?;
    work.audit("registration.submitted", "registration", registration.id);
    if automatic {
        decided(work, &consultation, &registration)?;
    }
    Ok(registration)
}

/// Whose registration it is to be; also whether now is the time.
fn for_whom(
    work: &mut Work,
    consultation: &Consultation,
    person: Option<&Person>,
) -> Result<AccountId, Problem> {
    let Some(person) = person else {
        let account = work.caller.signed_in()?;
        consultation.require(Activity::Register)?;
        return Ok(account);
    };
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    consultation.require(Activity::DecideRegistrations)?;
    accounts::checked_name(&person.name, "/person/name")?;
    Ok(accounts::service::find_or_create(work, &person.email, &person.name)?.id)
}

/// The facts that are vetted.
struct Facts {
    sector: SectorCode,
    country: CountryCode,
    /// Whether the organization was declined: then nothing is automatic.
    declined: bool,
}

impl Facts {
    fn of(
        work: &mut Work,
        organization: Option<OrganizationId>,
        sector: Option<SectorCode>,
        country: Option<CountryCode>,
    ) -> Result<Self, Problem> {
        match organization {
            Some(id) => Self::of_organization(&known_organization(work, id)?, sector, country),
            None => Self::of_person(sector, country),
        }
    }

    fn of_organization(
        organization: &Organization,
        sector: Option<SectorCode>,
        country: Option<CountryCode>,
    ) -> Result<Self, Problem> {
        let own = organization.sector;
        if sector.is_some_and(|sector| sector != own) {
            let detail = format!("the organization's sector is {own}: leave the field out");
            return Err(Problem::invalid("/sector", detail));
        }
        Ok(Self {
            sector: own,
            country: country.unwrap_or(organization.country),
            declined: organization.vetting == Vetting::Declined,
        })
    }

    fn of_person(
        sector: Option<SectorCode>,
        country: Option<CountryCode>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new();
        checks.require(sector.is_some(), "/sector", "is needed without an organization");
        checks.require(country.is_some(), "/country", "is needed without an organization");
        let un = sector.is_some_and(|sector| sector.as_str() == UN_ENTITY);
        checks.require(!un, "/organization_id", "is needed for somebody of a UN entity");
        checks.finish()?;
        match (sector, country) {
            (Some(sector), Some(country)) => Ok(Self { sector, country, declined: false }),
            _ => Err(Problem::internal("facts were checked and are not there")),
        }
    }
}

fn known_organization(work: &mut Work, id: OrganizationId) -> Result<Organization, Problem> {
    organizations::service::load(work, id).map_err(|problem| match problem.code() {
        Code::NotFound => Problem::invalid("/organization_id", "there is no such organization"),
        _ => problem,
    })
}

fn check_consents(consents: &Consents) -> Result<(), Problem> {
    let detail = "must be true: without it nobody can be registered (or withdraw the registration)";
    Checks::new().require(consents.processing, "/consents/processing", detail).finish()
}

fn check_languages(languages: &[String]) -> Result<(), Problem> {
    let mut checks = Checks::new();
    let detail = format!("at most {MOST_LANGUAGES} languages are taken");
    checks.require(languages.len() <= MOST_LANGUAGES, "/languages", detail);
    let mut seen = BTreeSet::new();
    for (at, tag) in languages.iter().enumerate() {
        let pointer = format!("/languages/{at}");
        let detail = format!("{tag:?} is no language tag: write BCP 47, such as en or zh-Hant");
        checks.require(consultations::is_language_tag(tag), &pointer, detail);
        checks.require(seen.insert(tag), &pointer, format!("{tag:?} is there twice"));
    }
    checks.finish()
}

fn check_preferences(
    work: &mut Work,
    consultation: ConsultationId,
    preferences: &[WorkingGroupId],
) -> Result<(), Problem> {
    if preferences.is_empty() {
        return Ok(());
    }
    let groups = consultations::service::working_groups(work, consultation)?;
    let known: BTreeSet<WorkingGroupId> = groups.iter().map(|group| group.id).collect();
    let (mut checks, mut seen) = (Checks::new(), BTreeSet::new());
    for (at, group) in preferences.iter().enumerate() {
        let pointer = format!("/preferences/{at}");
        let detail = "is no working group of this consultation";
        checks.require(known.contains(group), &pointer, detail);
        checks.require(seen.insert(*group), &pointer, "is there twice");
    }
    checks.finish()
}

/// Takes the lock that guards the places, and reads the consultation again as it is now.
fn locked(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    db::lock(work.conn, id.uuid())?;
    consultations::service::load(work, id)
}

/// Gives a place if there is one, else the next waiting number. Needs the lock. Nobody passes those who wait already.
fn admit(
    work: &mut Work,
    consultation: &Consultation,
    registration: &mut Registration,
) -> Result<(), Problem> {
    let waits = store::first_waiting(work.conn, consultation.id, Some(registration.id))?.is_some();
    let free = !waits && has_room(work, consultation, Some(registration.id))?;
    let step = if free { Step::Confirm } else { Step::Waitlist };
    enter(work, registration, step)?;
    registration.decided_at = Some(work.now);
    registration.decided_by = None;
    Ok(())
}

/// Takes the step, with the waiting number that goes with it.
fn enter(work: &mut Work, registration: &mut Registration, step: Step) -> Result<(), Problem> {
    registration.state = registration.state.after(step)?;
    registration.waiting_number = match (registration.state, registration.waiting_number) {
        (RegistrationState::Waitlisted, None) => {
            Some(store::next_waiting_number(work.conn, registration.consultation_id)?)
        }
        (RegistrationState::Waitlisted | RegistrationState::Submitted, kept) => kept,
        _ => None,
    };
    Ok(())
}

fn has_room(
    work: &mut Work,
    consultation: &Consultation,
    except: Option<RegistrationId>,
) -> Result<bool, Problem> {
    let Some(capacity) = consultation.capacity else { return Ok(true) };
    Ok(store::places_taken(work.conn, consultation.id, except)? < i64::from(capacity))
}

/// Decides. A confirmation when every place is taken puts it on the waiting list: the answer shows its number.
pub fn decide(
    work: &mut Work,
    id: RegistrationId,
    version: i64,
    decision: Decision,
) -> Result<Registration, Problem> {
    let (consultation, before) = for_decision(work, id)?;
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    consultation.require(Activity::DecideRegistrations)?;
    current(&before, version)?;
    let mut after = before.clone();
    after.reason_code = None;
    after.note = None;
    match decision {
        Decision::Confirm { note } => {
            after.note = checked_note(note)?;
            let step = step_to_confirm(work, &consultation, &before)?;
            enter(work, &mut after, step)?;
        }
        Decision::Waitlist { note } => {
            after.note = checked_note(note)?;
            enter(work, &mut after, Step::Waitlist)?;
        }
        Decision::Decline { reason, note } => {
            after.note = checked_note(Some(note))?;
            after.reason_code = Some(reason);
            enter(work, &mut after, Step::Decline)?;
        }
    }
    after.decided_by = work.caller.id();
    after.decided_at = Some(work.now);
    let after = store::update(work.conn, &after, work.now)?;
    decided(work, &consultation, &after)?;
    place_freed(work, &consultation, &before, &after)?;
    Ok(after)
}

fn checked_note(note: Option<String>) -> Result<Option<String>, Problem> {
    Checks::new().optional_text(note.as_deref(), LONGEST_NOTE, "/note").finish()?;
    Ok(note)
}

/// To confirm, when there is room and it is its turn; else to the waiting list; 409 when it is there already.
fn step_to_confirm(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
) -> Result<Step, Problem> {
    before.state.after(Step::Confirm)?;
    let room = has_room(work, consultation, Some(before.id))?;
    if before.state != RegistrationState::Waitlisted {
        return Ok(if room { Step::Confirm } else { Step::Waitlist });
    }
    let first = store::first_waiting(work.conn, consultation.id, None)?;
    let detail = match first.filter(|first| first.id != before.id) {
        _ if !room => "All places are taken: it stays on the waiting list.".to_owned(),
        Some(first) => format!("It is not its turn: {} waits longer.", first.id),
        None => return Ok(Step::Confirm),
    };
    Err(Problem::new(Code::InvalidTransition, detail))
}

/// Takes a registration back: one's own, or for the secretariat. Who is next gets the place.
pub fn withdraw(
    work: &mut Work,
    id: RegistrationId,
    version: i64,
) -> Result<Registration, Problem> {
    let (consultation, before) = for_decision(work, id)?;
    own_or_decider(work, &consultation, &before)?;
    // What took place stays on record: who was there is not changed afterwards.
    if consultation.phase != Phase::Cancelled {
        consultation.require(Activity::DecideRegistrations)?;
    }
    current(&before, version)?;
    let mut after = before.clone();
    enter(work, &mut after, Step::Withdraw)?;
    let after = store::update(work.conn, &after, work.now)?;
    work.audit("registration.withdrawn", "registration", after.id);
    groups::service::leave(work, &consultation, &after)?;
    place_freed(work, &consultation, &before, &after)?;
    Ok(after)
}

/// A registration that the caller may know of, under its consultation's lock.
fn for_decision(
    work: &mut Work,
    id: RegistrationId,
) -> Result<(Consultation, Registration), Problem> {
    let seen = see(work, id)?;
    let consultation = locked(work, seen.consultation_id)?;
    let registration = load(work, id)?;
    Ok((consultation, registration))
}

fn current(registration: &Registration, version: i64) -> Result<(), Problem> {
    match registration.version == version {
        true => Ok(()),
        false => Err(Problem::stale(registration.version)),
    }
}

fn own_or_decider(
    work: &Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    match is_own(work, registration) {
        true => Ok(()),
        false => work.require(Permission::DecideRegistrations, &consultation.scope()),
    }
}

fn is_own(work: &Work, registration: &Registration) -> bool {
    work.caller.id() == Some(registration.account_id)
}

/// What follows from a decision: it is audited, the person is told, and has or loses a group.
fn decided(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    let details = match registration.reason_code {
        Some(code) => json!({ "reason_code": code }),
        None => json!({}),
    };
    let (action, occasion) = match registration.state {
        RegistrationState::Confirmed => ("registration.confirmed", Occasion::Confirmed),
        RegistrationState::Waitlisted => ("registration.waitlisted", Occasion::Waitlisted),
        RegistrationState::Declined => ("registration.declined", Occasion::Declined),
        RegistrationState::Submitted | RegistrationState::Withdrawn => return Ok(()),
    };
    work.audit_with(action, "registration", registration.id, details);
    tell(work, consultation, registration, occasion)?;
    match registration.state {
        RegistrationState::Confirmed => {
            groups::service::place_newcomer(work, consultation, registration)
        }
        _ => groups::service::leave(work, consultation, registration),
    }
}

fn tell(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
    occasion: Occasion,
) -> Result<(), Problem> {
    let person = accounts::service::load(work, registration.account_id)?;
    let public_url = work.settings.server.public_url.as_str();
    let about = About { person: &person, consultation, registration, public_url };
    work.mail(about.mail_on(occasion))
}

/// Gives the place that `after` no longer holds to whoever waits with the lowest number.
fn place_freed(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
    after: &Registration,
) -> Result<(), Problem> {
    if !before.holds_place() || after.holds_place() {
        return Ok(());
    }
    promote_next(work, consultation, Some(after.id)).map(drop)
}

/// Whether somebody got a place. Needs the lock; gives none before the open call and none once the groups have met.
fn promote_next(
    work: &mut Work,
    consultation: &Consultation,
    except: Option<RegistrationId>,
) -> Result<bool, Problem> {
    let open = Activity::DecideRegistrations.phases().contains(&consultation.phase);
    if !open || !has_room(work, consultation, None)? {
        return Ok(false);
    }
    let Some(mut next) = store::first_waiting(work.conn, consultation.id, except)? else {
        return Ok(false);
    };
    enter(work, &mut next, Step::Confirm)?;
    next.decided_by = None;
    next.decided_at = Some(work.now);
    let next = store::update(work.conn, &next, work.now)?;
    work.audit("registration.promoted", "registration", next.id);
    tell(work, consultation, &next, Occasion::Promoted)?;
    groups::service::place_newcomer(work, consultation, &next)?;
    Ok(true)
}

/// For a consultation whose capacity was just changed in this transaction: 409 when more places are taken than it has
/// now; new places go to those who wait, in order. `consultations::service::update` calls it.
pub fn capacity_changed(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    let consultation = locked(work, id)?;
    let taken = store::places_taken(work.conn, id, None)?;
    if let Some(capacity) = consultation.capacity.filter(|places| i64::from(*places) < taken) {
        let detail = format!("{taken} places are taken: {capacity} would not be enough.");
        return Err(Problem::new(Code::InUse, detail.clone()).at("/capacity", detail));
    }
    while promote_next(work, &consultation, None)? {}
    Ok(())
}

/// Changes a registration, one's own or for the secretariat. A changed fact that was vetted sends it back to review,
/// where it keeps its place or waiting number; where admission is automatic it is decided again at once.
pub fn update(
    work: &mut Work,
    id: RegistrationId,
    version: i64,
    change: Change,
) -> Result<Registration, Problem> {
    let (consultation, before) = for_decision(work, id)?;
    own_or_decider(work, &consultation, &before)?;
    current(&before, version)?;
    before.state.after(Step::Resubmit)?;
    let mut after = before.clone();
    if let Some(consents) = change.consents {
        after.consents = own_consents(work, &before, consents)?;
    }
    let only_consents = Change { consents: None, ..change.clone() }.is_empty();
    if !only_consents {
        consultation.require(Activity::ChangePreferences)?;
        apply(work, &mut after, change)?;
    }
    let vetted_anew = (before.organization_id, before.sector, before.country)
        != (after.organization_id, after.sector, after.country);
    if vetted_anew {
        review_again(work, &consultation, &mut after)?;
    }
    if after == before {
        return Ok(before);
    }
    let after = store::update(work.conn, &after, work.now)?;
    work.audit("registration.updated", "registration", after.id);
    if after.state != before.state {
        work.audit("registration.resubmitted", "registration", after.id);
        decided(work, &consultation, &after)?;
    }
    Ok(after)
}

/// Consents are the person's own: nobody else changes them.
fn own_consents(
    work: &Work,
    registration: &Registration,
    consents: Consents,
) -> Result<Consents, Problem> {
    if !is_own(work, registration) {
        let detail = "Only the person themselves can change what they agreed to.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    check_consents(&consents)?;
    Ok(consents)
}

fn apply(work: &mut Work, after: &mut Registration, change: Change) -> Result<(), Problem> {
    if let Some(gender) = change.gender {
        after.gender = gender;
    }
    if let Some(languages) = change.languages {
        check_languages(&languages)?;
        after.languages = languages;
    }
    if let Some(preferences) = change.preferences {
        check_preferences(work, after.consultation_id, &preferences)?;
        after.preferences = preferences;
    }
    let moved = change.organization_id.is_some();
    after.organization_id = change.organization_id.unwrap_or(after.organization_id);
    let same_sector = (!moved || after.organization_id.is_none()).then_some(after.sector);
    if moved || change.sector.is_some() || change.country.is_some() {
        let country = change.country.or(Some(after.country));
        let sector = change.sector.or(same_sector);
        let facts = Facts::of(work, after.organization_id, sector, country)?;
        after.sector = facts.sector;
        after.country = facts.country;
    }
    Ok(())
}

fn review_again(
    work: &mut Work,
    consultation: &Consultation,
    after: &mut Registration,
) -> Result<(), Problem> {
    let before = after.state;
    let facts = Facts::of(work, after.organization_id, Some(after.sector), Some(after.country))?;
    if consultation.admission == Admission::Automatic && !facts.declined {
        return match before {
            RegistrationState::Submitted if !after.holds_place() => {
                admit(work, consultation, after)
            }
            RegistrationState::Submitted => enter(work, after, Step::Confirm),
            // It was admitted without review, and so it is again.
            _ => Ok(()),
        };
    }
    enter(work, after, Step::Resubmit)
}

/// A registration the caller may know of: their own, or for those who read registrations; 404 for others.
pub fn see(work: &mut Work, id: RegistrationId) -> Result<Registration, Problem> {
    if work.caller.held().is_empty() {
        work.caller.signed_in()?;
    }
    let registration = load(work, id)?;
    if is_own(work, &registration) {
        return Ok(registration);
    }
    let consultation = consultations::service::load(work, registration.consultation_id)?;
    match work.may(Permission::ReadRegistrations, &consultation.scope()) {
        true => Ok(registration),
        false => Err(Problem::not_found("registration")),
    }
}

/// A registration, whoever asks. For other services.
pub fn load(work: &mut Work, id: RegistrationId) -> Result<Registration, Problem> {
    store::find(work.conn, id)?.ok_or_else(|| Problem::not_found("registration"))
}

/// With the person, and what the caller may do.
pub fn entry(work: &mut Work, registration: Registration) -> Result<Entry, Problem> {
    let mut entries = entries(work, vec![registration])?;
    entries.pop().ok_or_else(|| Problem::internal("one registration makes one entry"))
}

fn entries(work: &mut Work, registrations: Vec<Registration>) -> Result<Vec<Entry>, Problem> {
    let people: Vec<AccountId> = registrations.iter().map(|one| one.account_id).collect();
    let names = accounts::service::names(work, &people)?;
    let mut consultations = HashMap::new();
    let mut entries = Vec::with_capacity(registrations.len());
    for registration in registrations {
        let id = registration.consultation_id;
        let consultation = match consultations.entry(id) {
            Occupied(known) => known.into_mut(),
            Vacant(unknown) => unknown.insert(consultations::service::load(work, id)?),
        };
        let allowed_actions = allowed_actions(work, consultation, &registration);
        let person = names.get(&registration.account_id);
        let name = person.map(|person| person.name.clone()).unwrap_or_default();
        let email = person.map(|person| person.email.as_str().to_owned()).unwrap_or_default();
        entries.push(Entry { registration, name, email, allowed_actions });
    }
    Ok(entries)
}

fn allowed_actions(
    work: &Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Vec<&'static str> {
    let state = registration.state;
    let decider = work.may(Permission::DecideRegistrations, &consultation.scope());
    let involved = decider || is_own(work, registration);
    let open = |activity: Activity| activity.phases().contains(&consultation.phase);
    let deciding = open(Activity::DecideRegistrations);
    let changing = open(Activity::ChangePreferences);
    let rules = [
        ("update", involved && changing && state.allows(Step::Resubmit)),
        ("withdraw", involved && deciding && state.allows(Step::Withdraw)),
        ("confirm", decider && deciding && state.allows(Step::Confirm)),
        ("waitlist", decider && deciding && state.allows(Step::Waitlist)),
        ("decline", decider && deciding && state.allows(Step::Decline)),
    ];
    rules.iter().filter(|(_, allowed)| *allowed).map(|(action, _)| *action).collect()
}

/// Registrations of a consultation, with names, in the order they were submitted.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Part<Entry>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    let rows = store::list(work.conn, consultation.id, filter, paging)?;
    let part = paging.finish(rows, |row| vec![row.id.to_string()]);
    Ok(Part { items: entries(work, part.items)?, next: part.next })
}

/// All of the caller's own registrations, the oldest first.
pub fn own(work: &mut Work) -> Result<Vec<Entry>, Problem> {
    let account = work.caller.signed_in()?;
    let registrations = store::of_person(work.conn, account)?;
    entries(work, registrations)
}

/// Every confirmed registration, in the order they were submitted. For other services: it does not ask who asks.
pub fn confirmed(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<Registration>, Problem> {
    store::confirmed(work.conn, consultation)
}

/// The person's active registration. For other services: it does not ask who asks.
pub fn of_account(
    work: &mut Work,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<Option<Registration>, Problem> {
    store::active_of(work.conn, consultation, account)
}

/// The person's active registrations, the oldest first. For other services: it does not ask who asks.
pub fn active_of_person(work: &mut Work, account: AccountId) -> Result<Vec<Registration>, Problem> {
    let all = store::of_person(work.conn, account)?;
    Ok(all.into_iter().filter(|one| one.state.is_active()).collect())
}

/// The names of those who registered. For other services, which must ask who may read them.
pub fn names(
    work: &mut Work,
    ids: &BTreeSet<RegistrationId>,
) -> Result<HashMap<RegistrationId, String>, Problem> {
    let ids: Vec<RegistrationId> = ids.iter().copied().collect();
    let people = store::people(work.conn, &ids)?;
    let accounts: Vec<AccountId> = people.iter().map(|(_, account)| *account).collect();
    let known = accounts::service::names(work, &accounts)?;
    let name = |(id, account): (RegistrationId, AccountId)| {
        known.get(&account).map(|account| (id, account.name.clone()))
    };
    Ok(people.into_iter().filter_map(name).collect())
}

/// Exact figures of the confirmed registrations, for the compiler of reports: it does not ask who asks.
pub fn participation(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Participation, Problem> {
    Ok(Participation::of(&store::confirmed(work.conn, consultation)?))
}

/// What may be told of the confirmed registrations, with small cells suppressed.
pub fn statistics(work: &mut Work, consultation: ConsultationId) -> Result<Statistics, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadStatistics, &consultation.scope())?;
    let exact = participation(work, consultation.id)?;
    Ok(exact.suppressed(work.settings.privacy.smallest_cell))
}
