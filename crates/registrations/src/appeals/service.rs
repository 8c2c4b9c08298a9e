//! What a caller may do with appeals. Where two persons are needed, who decided does not answer the objection to it.

use super::store::{self, Seen};
use super::{Appeal, AppealId, AppealState, Decided, Filter, Outcome, Subject, checked_text};
use crate::access::{Permission, Scope, ScopeKind};
use crate::accounts::{self, AccountId};
use crate::consultations;
use crate::db::types::Id;
use crate::events::AccountsMerged;
use crate::http::page::{Listing, Paging};
use crate::i18n::{Language, Placeholder, Template};
use crate::organizations::merging::OrganizationsMerged;
use crate::organizations::vetting::service::Vetter;
use crate::organizations::{self, OrganizationId, Vetting};
use crate::outbox::{About, Letter};
use crate::problem::{Code, Problem, require_version};
use crate::registrations::{self, RegistrationId, RegistrationState};
use crate::ways;
use crate::work::Work;

/// What somebody objects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declined {
    /// Their own registration was declined.
    Registration(RegistrationId),
    /// The organization that they put forward, or come for, was declined.
    Organization(OrganizationId),
}

/// The caller objects to a decision: once, and in time.
pub fn create(work: &mut Work, declined: Declined, text: &str) -> Result<Appeal, Problem> {
    let account = work.caller.signed_in()?;
    let text = checked_text(text, "/text")?;
    // One after the other, so that nobody appeals twice at once.
    work.lock(account.uuid())?;
    let decided = match declined {
        Declined::Registration(id) => registration(work, account, id)?,
        Declined::Organization(id) => organization(work, account, id)?,
    };
    decided.require_in_time(work.now, work.settings.vetting.appeal_days)?;
    if store::exists(work.conn, account, decided.subject, decided.at)? {
        let detail = "You have appealed against this decision already: see your appeals.";
        return Err(Problem::new(Code::AlreadyExists, detail));
    }
    let appeal = Appeal {
        id: work.id(),
        subject: decided.subject,
        decided_by: decided.by,
        decided_at: decided.at,
        by: account,
        text,
        state: AppealState::Open,
        answer: None,
        answered_by: None,
        answered_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    store::insert(work.conn, &appeal)?;
    work.audit("appeal.submitted", "appeal", appeal.id);
    tell_secretariat(work, &appeal)?;
    Ok(appeal)
}

fn registration(
    work: &mut Work,
    account: AccountId,
    id: RegistrationId,
) -> Result<Decided, Problem> {
    let registration = registrations::service::see(work, id)?;
    if registration.account_id != account {
        let detail = "Only the person whose registration was declined can appeal.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let at = registration.decided_at.filter(|_| registration.state == RegistrationState::Declined);
    let at = at.ok_or_else(|| not_declined("registration"))?;
    let consultation = consultations::service::load(work, registration.consultation_id)?;
    let subject = Subject::Registration {
        id,
        consultation_id: consultation.id,
        review_id: consultation.review_id,
    };
    Ok(Decided { subject, by: registration.decided_by, at })
}

fn organization(
    work: &mut Work,
    account: AccountId,
    id: OrganizationId,
) -> Result<Decided, Problem> {
    let organization = organizations::service::load(work, id)?;
    let id = organization.id;
    let applicant = organizations::vetting::service::was_proposed_by(work, id, account)?
        || registrations::merging::comes_for(work, account, id)?;
    if !applicant {
        let detail = "Only who put the organization forward, or registered for it, can appeal.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    if organization.vetting != Vetting::Declined {
        return Err(not_declined("organization"));
    }
    let step = organizations::vetting::service::declined(work, id)?;
    let (by, at) =
        step.map_or((organization.vetted_by, organization.updated_at), |step| (step.by, step.at));
    Ok(Decided { subject: Subject::Organization { id }, by, at })
}

fn not_declined(what: &str) -> Problem {
    let detail = format!("One appeals against a decision to decline; this {what} is not declined.");
    Problem::new(Code::InvalidTransition, detail)
}

/// Answers an appeal, with reasons. Upheld: what was declined is looked at again.
pub fn answer(
    work: &mut Work,
    id: AppealId,
    version: i64,
    outcome: Outcome,
    text: &str,
) -> Result<Appeal, Problem> {
    let seen = see(work, id)?;
    require_answerer(work, &seen)?;
    // Two answers at once: the second finds the first.
    work.lock(id.uuid())?;
    let before = store::get(work.conn, id)?;
    require_version(before.version, version)?;
    let state = before.state.answered(outcome)?;
    let vetter = Vetter::of(work)?;
    if let Some(why) = barred(work, &vetter, &before) {
        return Err(Problem::new(Code::Forbidden, why));
    }
    let answer = checked_text(text, "/answer")?;
    if outcome == Outcome::Upheld {
        reopen(work, before.subject)?;
    }
    let appeal = Appeal {
        state,
        answer: Some(answer),
        answered_by: work.caller.id(),
        answered_at: Some(work.now),
        version: version + 1,
        updated_at: work.now,
        ..before
    };
    store::update(work.conn, &appeal)?;
    let action = match outcome {
        Outcome::Upheld => "appeal.upheld",
        Outcome::Dismissed => "appeal.dismissed",
    };
    work.audit(action, "appeal", id);
    tell_applicant(work, &appeal, outcome)?;
    Ok(appeal)
}

fn reopen(work: &mut Work, subject: Subject) -> Result<(), Problem> {
    match subject {
        Subject::Registration { id, .. } => registrations::merging::reopen(work, id).map(drop),
        Subject::Organization { id } => organizations::vetting::service::reopen(work, id),
    }
}

/// Why somebody else must answer, if somebody must. The operator answers all.
fn barred(work: &Work, vetter: &Vetter, appeal: &Appeal) -> Option<&'static str> {
    let account = work.caller.id()?;
    if appeal.by == account {
        return Some("Nobody answers an appeal of their own.");
    }
    if work.settings.vetting.two_persons && appeal.decided_by == Some(account) {
        return Some("Somebody else than who decided must answer the appeal.");
    }
    let Subject::Organization { id } = appeal.subject else { return None };
    vetter.is_tied_to(id).then_some("Somebody who has no tie to the organization must answer.")
}

/// An appeal that the caller may know of: their own, or one that they may answer; 404 for others.
pub fn see(work: &mut Work, id: AppealId) -> Result<Appeal, Problem> {
    if work.caller.roles().is_empty() {
        work.caller.signed_in()?;
    }
    let appeal = store::get(work.conn, id)?;
    let own = work.caller.id() == Some(appeal.by);
    if own || may_answer(work, &appeal) { Ok(appeal) } else { Err(Problem::not_found("appeal")) }
}

/// Whether the caller is one of those who answer such appeals.
pub fn may_answer(work: &Work, appeal: &Appeal) -> bool {
    match appeal.subject.scope() {
        Some(scope) => work.may(Permission::DecideRegistrations, &scope),
        None => work.caller.may_somewhere(Permission::VetOrganizations),
    }
}

fn require_answerer(work: &Work, appeal: &Appeal) -> Result<(), Problem> {
    match appeal.subject.scope() {
        Some(scope) => work.require(Permission::DecideRegistrations, &scope),
        None => work.caller.require_somewhere(Permission::VetOrganizations),
    }
}

/// What the caller may do with an appeal now.
pub fn allowed_actions(work: &Work, vetter: &Vetter, appeal: &Appeal) -> Vec<&'static str> {
    let open = appeal.state == AppealState::Open && may_answer(work, appeal);
    let answer = open && barred(work, vetter, appeal).is_none();
    if answer { vec!["answer"] } else { Vec::new() }
}

/// A page of appeals in the order in which they were made: those that the caller may answer, or, for who answers none
/// and for who asks for them, their own.
pub fn list(
    work: &mut Work,
    own: bool,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<Appeal>, Problem> {
    let seen = if own { Seen::By(work.caller.signed_in()?) } else { seen(work)? };
    let rows = store::list(work.conn, &seen, filter, paging.after_one()?, paging.load())?;
    Ok(paging.finish(rows, |appeal| vec![appeal.id.to_string()]))
}

fn seen(work: &Work) -> Result<Seen, Problem> {
    if work.may(Permission::DecideRegistrations, &Scope::INSTANCE) {
        return Ok(Seen::All);
    }
    if !work.caller.may_somewhere(Permission::VetOrganizations) {
        return work.caller.signed_in().map(Seen::By);
    }
    let held = work.caller.roles().iter().filter(|held| held.scope_kind == ScopeKind::Review);
    let decides = |id: &uuid::Uuid| work.may(Permission::DecideRegistrations, &Scope::review(*id));
    Ok(Seen::Reviews(held.map(|held| held.scope_id).filter(decides).map(Id::new).collect()))
}

/// Whoever may answer is told that there is an appeal, and nothing of what it says.
fn tell_secretariat(work: &mut Work, appeal: &Appeal) -> Result<(), Problem> {
    let review = match appeal.subject {
        Subject::Registration { review_id, .. } => Some(review_id.uuid()),
        Subject::Organization { .. } => None,
    };
    let people = accounts::roles::service::secretariat(work, review)?;
    for id in people {
        send(work, appeal, id, Template::AppealSubmitted, Vec::new())?;
    }
    Ok(())
}

fn tell_applicant(work: &mut Work, appeal: &Appeal, outcome: Outcome) -> Result<(), Problem> {
    let template = match outcome {
        Outcome::Upheld => Template::AppealUpheld,
        Outcome::Dismissed => Template::AppealDismissed,
    };
    let answer = appeal.answer.clone().unwrap_or_default();
    send(work, appeal, appeal.by, template, vec![(Placeholder::Answer, answer)])
}

fn send(
    work: &mut Work,
    appeal: &Appeal,
    to: AccountId,
    template: Template,
    mut values: Vec<(Placeholder, String)>,
) -> Result<(), Problem> {
    let person = accounts::service::load(work, to)?;
    let consultation = match appeal.subject {
        Subject::Registration { consultation_id, .. } => {
            Some(consultations::service::load(work, consultation_id)?)
        }
        Subject::Organization { .. } => None,
    };
    let about = consultation.as_ref().map(|one| About::of(one.id, "appeal", appeal.id));
    let tags = consultation.as_ref().map_or(&[][..], |consultation| &consultation.languages);
    let language = Language::choose(person.language, tags);
    values.push((Placeholder::Name, person.name.clone()));
    let path = ways::appeal(appeal.id);
    let page = ways::page(&work.settings.server.public_url, &path, language);
    values.push((Placeholder::Page, page));
    let letter = Letter {
        template,
        language,
        recipient: person.email.as_str(),
        values,
        secret: None,
        about,
    };
    let mail = letter.write()?;
    work.mail(mail)
}

/// Gives the appeals about one organization to another; says how many. For the merging of organizations: it does not ask who asks.
pub fn organization_merged(work: &mut Work, merged: OrganizationsMerged) -> Result<u64, Problem> {
    Ok(store::move_organization(work.conn, merged)? as u64)
}

/// What one account appealed, decided and answered, the other did. For the merging of accounts: it does not ask who asks.
pub fn account_merged(work: &mut Work, merged: AccountsMerged) -> Result<(), Problem> {
    store::move_account(work.conn, merged)
}
