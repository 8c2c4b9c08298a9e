//! What a caller may do with offers to co-organize: whoever is signed in makes one, the secretariat decides.

use std::collections::HashMap;

use serde_json::json;

use super::{Decision, Entry, NewOffer, Offer, OfferId, OfferState, Offering, mails, store};
use crate::access::{Permission, Role, ScopeKind};
use crate::accounts::{self, Account, AccountId};
use crate::consultations::{
    self, Activity, CoOrganizer, CoOrganizerId, Consultation, ConsultationId, NewCoOrganizer,
};
use crate::http::page::{Listing, Paging};
use crate::organizations::{self, Organization, OrganizationId, Vetting};
use crate::problem::{Code, Problem, require_version};
use crate::work::Work;

/// Offers, for the organization named, during the open call. A new organization is put forward with it.
pub fn create(work: &mut Work, id: ConsultationId, new: NewOffer) -> Result<Offer, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let account_id = work.caller.signed_in()?;
    consultation.require(Activity::Register)?;
    new.check()?;
    let organization = match new.organization {
        Offering::Known(id) => known(work, id)?,
        Offering::New(entry) => organizations::service::propose(work, entry)
            .map_err(|problem| problem.below("/organization"))?,
    };
    let offer = Offer {
        id: work.id(),
        consultation_id: consultation.id,
        account_id,
        organization_id: organization.id,
        kind: new.kind,
        motivation: new.motivation,
        state: OfferState::Submitted,
        reason: None,
        note: None,
        decided_by: None,
        decided_at: None,
        co_organizer_id: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    store::insert(work.conn, &offer)?;
    work.audit("offer.submitted", "offer", offer.id);
    tell(work, &consultation, &organization.name, &offer)?;
    Ok(offer)
}

fn known(work: &mut Work, id: OrganizationId) -> Result<Organization, Problem> {
    let missing = || Problem::invalid("/organization_id", "there is no such organization");
    organizations::service::load(work, id).map_err(|problem| problem.missing_as(missing))
}

/// A page of a consultation's offers, in the order they were made: all of them for who decides, else one's own.
pub fn list(
    work: &mut Work,
    id: ConsultationId,
    state: Option<OfferState>,
    paging: &Paging,
) -> Result<Listing<Offer>, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let person = if decides(work, &consultation) { None } else { Some(work.caller.signed_in()?) };
    let rows = store::list(work.conn, id, state, person, paging.after_one()?, paging.load())?;
    Ok(paging.finish(rows, |offer| vec![offer.id.to_string()]))
}

/// The organizations for which the person's offer to co-organize the consultation was accepted. For other services: it
/// does not ask who asks.
pub fn accepted_of(
    work: &mut Work,
    id: ConsultationId,
    person: AccountId,
) -> Result<Vec<OrganizationId>, Problem> {
    let accepted = Some(OfferState::Accepted);
    let offers = store::list(work.conn, id, accepted, Some(person), None, i64::from(u16::MAX))?;
    Ok(offers.into_iter().map(|offer| offer.organization_id).collect())
}

/// Who acts for which organization: those whose offer to co-organize the consultation was accepted. For other services: it does
/// not ask who asks.
pub fn accepted(
    work: &mut Work,
    id: ConsultationId,
) -> Result<Vec<(AccountId, OrganizationId)>, Problem> {
    let accepted = Some(OfferState::Accepted);
    let offers = store::list(work.conn, id, accepted, None, None, i64::from(u16::MAX))?;
    Ok(offers.into_iter().map(|offer| (offer.account_id, offer.organization_id)).collect())
}

/// One's own offer, or any for who decides; 404 for others.
pub fn see(work: &mut Work, id: OfferId) -> Result<(Offer, Consultation), Problem> {
    if !work.caller.may_somewhere(Permission::DecideRegistrations) {
        work.caller.signed_in()?;
    }
    let offer = store::load(work.conn, id)?;
    let consultation = consultations::service::load(work, offer.consultation_id)?;
    if is_own(work, &offer) || decides(work, &consultation) {
        Ok((offer, consultation))
    } else {
        Err(Problem::not_found("offer"))
    }
}

/// Decides. Accepting makes the organization a co-organizer and gives the person the role, in the same transaction.
pub fn decide(
    work: &mut Work,
    id: OfferId,
    version: i64,
    decision: Decision,
) -> Result<Offer, Problem> {
    let (mut offer, consultation) = see(work, id)?;
    work.require(Permission::DecideRegistrations, &consultation.scope())?;
    require_version(offer.version, version)?;
    decision.check()?;
    let organization = organizations::service::load(work, offer.organization_id)?;
    let action = match decision {
        Decision::Accept { note } => {
            offer.state = offer.state.to(OfferState::Accepted)?;
            offer.note = note;
            offer.co_organizer_id = Some(take_part(work, &consultation, &organization, &offer)?);
            "offer.accepted"
        }
        Decision::Decline { reason, note } => {
            offer.state = offer.state.to(OfferState::Declined)?;
            (offer.reason, offer.note) = (Some(reason), Some(note));
            "offer.declined"
        }
    };
    offer.decided_by = work.caller.id();
    offer.decided_at = Some(work.now);
    write(work, &mut offer, action)?;
    tell(work, &consultation, &organization.name, &offer)?;
    Ok(offer)
}

/// The organization's part, made when it has none of that kind yet, and the person's role.
fn take_part(
    work: &mut Work,
    consultation: &Consultation,
    organization: &Organization,
    offer: &Offer,
) -> Result<CoOrganizerId, Problem> {
    if organization.vetting == Vetting::Declined {
        let detail = "The organization was declined when it was vetted: decide that first.";
        return Err(Problem::new(Code::InUse, detail));
    }
    let parts = consultations::programme::service::all::<CoOrganizer>(work, consultation.id)?;
    let part = parts
        .iter()
        .find(|part| part.organization_id == organization.id && part.kind == offer.kind);
    let part = match part {
        Some(part) => part.id,
        None => {
            let new = NewCoOrganizer {
                organization_id: organization.id,
                kind: offer.kind,
                position: None,
            };
            consultations::programme::service::create::<CoOrganizer>(work, consultation.id, new)?.id
        }
    };
    let (kind, on) = (ScopeKind::Consultation, consultation.id.uuid());
    accounts::roles::service::give_role(work, offer.account_id, Role::CoOrganizer, kind, on)?;
    Ok(part)
}

/// Takes one's own offer back while it is not decided.
pub fn withdraw(work: &mut Work, id: OfferId, version: i64) -> Result<Offer, Problem> {
    let (mut offer, _) = see(work, id)?;
    if !is_own(work, &offer) {
        let detail = "Only who made the offer takes it back.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    require_version(offer.version, version)?;
    offer.state = offer.state.to(OfferState::Withdrawn)?;
    write(work, &mut offer, "offer.withdrawn")?;
    Ok(offer)
}

/// Offers with whom they are from; the caller must be one who may see them.
pub fn entries(
    work: &mut Work,
    consultation: &Consultation,
    offers: Vec<Offer>,
) -> Result<Vec<Entry>, Problem> {
    let people: Vec<AccountId> = offers.iter().map(|offer| offer.account_id).collect();
    let people: HashMap<AccountId, Account> = accounts::service::names(work, &people)?;
    let ids: Vec<OrganizationId> = offers.iter().map(|offer| offer.organization_id).collect();
    let organizations = organizations::service::load_many(work, &ids)?;
    let entry = |offer: Offer| {
        let person = people.get(&offer.account_id);
        let organization = organizations.get(&offer.organization_id);
        Entry {
            allowed_actions: allowed_actions(work, consultation, &offer),
            organization: organization.map_or(String::new(), |found| found.name.clone()),
            name: person.map_or(String::new(), |person| person.name.clone()),
            email: person.map_or(String::new(), |person| person.email.as_str().to_owned()),
            offer,
        }
    };
    Ok(offers.into_iter().map(entry).collect())
}

fn allowed_actions(work: &Work, consultation: &Consultation, offer: &Offer) -> Vec<&'static str> {
    let open = offer.state == OfferState::Submitted;
    let rules = [
        ("decide", open && decides(work, consultation)),
        ("withdraw", open && is_own(work, offer)),
    ];
    rules.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect()
}

fn tell(
    work: &mut Work,
    consultation: &Consultation,
    organization: &str,
    offer: &Offer,
) -> Result<(), Problem> {
    let person = accounts::service::load(work, offer.account_id)?;
    let public_url = &work.settings.server.public_url;
    match mails::about(&person, consultation, organization, offer, public_url)? {
        Some(mail) => work.mail(mail),
        None => Ok(()),
    }
}

fn write(work: &mut Work, offer: &mut Offer, action: &'static str) -> Result<(), Problem> {
    offer.updated_at = work.now;
    store::update(work.conn, offer)?;
    offer.version += 1;
    let details = match offer.reason {
        Some(reason) => json!({ "reason_code": reason }),
        None => json!({}),
    };
    work.audit_with(action, "offer", offer.id, details);
    Ok(())
}

fn decides(work: &Work, consultation: &Consultation) -> bool {
    work.may(Permission::DecideRegistrations, &consultation.scope())
}

fn is_own(work: &Work, offer: &Offer) -> bool {
    work.caller.id() == Some(offer.account_id)
}
