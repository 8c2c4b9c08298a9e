//! The operations on offers to co-organize, and the shapes of what they take and give. Knows no rule.

use super::service;
use super::{Decision, DeclineReason, Entry, NewOffer, Offer, OfferId, OfferState, Offering};
use crate::accounts::AccountId;
use crate::consultations::{self, CoOrganizerId, CoOrganizerKind, ConsultationId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::{NewOrganization, OrganizationId};
use crate::reference::{CountryCode, SectorCode};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(create_offer)
        .service(list_offers)
        .service(read_offer)
        .service(decide_offer)
        .service(withdraw_offer);
}

/// Who made an offer.
#[derive(Serialize, ToSchema)]
pub struct ContactBody {
    /// The account.
    account_id: AccountId,
    /// What they are called.
    #[schema(example = "Asha Example")]
    name: String,
    /// Where mail reaches them.
    #[schema(example = "asha.example@example.org")]
    email: String,
}

/// An offer to co-organize.
#[derive(Serialize, ToSchema)]
pub struct OfferBody {
    /// Its id.
    id: OfferId,
    /// Which consultation.
    consultation_id: ConsultationId,
    /// Who made it, and gets the role when it is accepted.
    contact: ContactBody,
    /// The organization that offers.
    organization_id: OrganizationId,
    /// What it is called.
    #[schema(example = "Example Trust")]
    organization: String,
    /// The part that it would like.
    kind: CoOrganizerKind,
    /// Why, and what it would contribute.
    motivation: String,
    /// How far it has come.
    state: OfferState,
    /// Why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<DeclineReason>,
    /// What the secretariat told the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Timestamp>,
    /// The part that it led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    co_organizer_id: Option<CoOrganizerId>,
    /// Counts changes; also the `ETag`.
    #[schema(example = 1)]
    version: i64,
    /// When it was made.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
    /// What the caller may do with it now.
    #[schema(example = json!(["decide"]))]
    allowed_actions: Vec<&'static str>,
}

impl From<Entry> for OfferBody {
    fn from(entry: Entry) -> Self {
        let Entry { offer, organization, name, email, allowed_actions } = entry;
        Self {
            id: offer.id,
            consultation_id: offer.consultation_id,
            contact: ContactBody { account_id: offer.account_id, name, email },
            organization_id: offer.organization_id,
            organization,
            kind: offer.kind,
            motivation: offer.motivation,
            state: offer.state,
            reason_code: offer.reason,
            note: offer.note,
            decided_at: offer.decided_at,
            co_organizer_id: offer.co_organizer_id,
            version: offer.version,
            created_at: offer.created_at,
            updated_at: offer.updated_at,
            allowed_actions,
        }
    }
}

/// An organization that is put forward with the offer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferingBody {
    /// Its name as it writes it.
    #[schema(example = "Example Trust", min_length = 1, max_length = 300)]
    name: String,
    /// Its sector.
    sector: SectorCode,
    /// Where it is based.
    country: CountryCode,
}

/// An offer to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organization": { "name": "Example Trust", "sector": "civil_society", "country": "TH" },
    "kind": "stakeholder",
    "motivation": "We can host a working group on fair recruitment."
}))]
pub struct CreateOffer {
    /// The organization, when it is entered already.
    organization_id: Option<OrganizationId>,
    /// The organization, when it is not.
    organization: Option<OfferingBody>,
    /// The part that it would like.
    kind: CoOrganizerKind,
    /// Why, and what it would contribute.
    #[schema(min_length = 1, max_length = 5000)]
    motivation: String,
}

impl CreateOffer {
    fn to_new(&self) -> Result<NewOffer, Problem> {
        let organization = match (self.organization_id, &self.organization) {
            (Some(id), None) => Offering::Known(id),
            (None, Some(new)) => Offering::New(NewOrganization {
                name: new.name.clone(),
                acronym: None,
                sector: new.sector,
                country: new.country,
                website: None,
            }),
            _ => {
                let detail = "say organization_id, or organization for one that is not entered yet";
                return Err(Problem::invalid("/organization_id", detail));
            }
        };
        Ok(NewOffer { organization, kind: self.kind, motivation: self.motivation.clone() })
    }
}

/// What can be decided.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferVerdict {
    /// The organization co-organizes.
    Accept,
    /// It does not.
    Decline,
}

/// What the secretariat decides on an offer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "decline", "reason_code": "enough", "note": "Six organizations co-organize already." }))]
pub struct DecideOffer {
    /// What is decided.
    decision: OfferVerdict,
    /// Why it is declined; only then.
    reason_code: Option<DeclineReason>,
    /// Told to the person; needed to decline.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

impl DecideOffer {
    fn to_decision(&self) -> Result<Decision, Problem> {
        match (self.decision, self.reason_code, &self.note) {
            (OfferVerdict::Accept, None, note) => Ok(Decision::Accept { note: note.clone() }),
            (OfferVerdict::Accept, Some(_), _) => {
                Err(Problem::invalid("/reason_code", "is for declining: leave it out"))
            }
            (OfferVerdict::Decline, Some(reason), Some(note)) => {
                Ok(Decision::Decline { reason, note: note.clone() })
            }
            (OfferVerdict::Decline, None, _) => {
                Err(Problem::invalid("/reason_code", "is needed to decline"))
            }
            (OfferVerdict::Decline, _, None) => {
                Err(Problem::invalid("/note", "is needed to decline"))
            }
        }
    }
}

/// Which offers are listed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListOffers {
    /// In this state.
    state: Option<OfferState>,
}

fn shown(work: &mut Work, offer: Offer) -> Result<OfferBody, Problem> {
    let consultation = consultations::service::load(work, offer.consultation_id)?;
    let entries = service::entries(work, &consultation, vec![offer])?;
    let entry = entries.into_iter().next();
    entry.map(OfferBody::from).ok_or_else(|| Problem::not_found("offer"))
}

/// Offer to co-organize a consultation, for an organization that is entered or is put forward with the offer.
#[utoipa::path(tag = "offers", params(("consultation_id" = ConsultationId, Path)), request_body = CreateOffer,
    responses((status = 201, body = OfferBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/co-organizing-offers")]
pub async fn create_offer(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateOffer>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let offer = service::create(work, id, body.to_new()?)?;
        let (id, version) = (offer.id, offer.version);
        let body = shown(work, offer)?;
        Ok(Reply::created(format!("/api/v1/co-organizing-offers/{id}"), version, &body))
    })
    .await
}

/// The offers to co-organize a consultation: all of them for the secretariat, else one's own.
#[utoipa::path(tag = "offers", params(("consultation_id" = ConsultationId, Path), ListOffers, PageQuery),
    responses((status = 200, body = Page<OfferBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/co-organizing-offers")]
pub async fn list_offers(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed<ListOffers>,
) -> Answer {
    let id = path.id();
    let Listed { filter: ListOffers { state }, paging } = query;
    let part = call.read(move |work| {
        let part = service::list(work, id, state, &paging)?;
        let consultation = consultations::service::load(work, id)?;
        let items = service::entries(work, &consultation, part.items)?;
        Ok(Listing { items, next: part.next })
    });
    Ok(call.page(part.await?.map(OfferBody::from)))
}

/// One offer, for who made it and for the secretariat.
#[utoipa::path(tag = "offers", params(("offer_id" = OfferId, Path)), responses((status = 200, body = OfferBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/co-organizing-offers/{offer_id}")]
pub async fn read_offer(call: Call, path: PathIds<OfferId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| {
        let (offer, _) = service::see(work, id)?;
        shown(work, offer)
    });
    let body = body.await?;
    Ok(call.ok(body.version, &body))
}

/// Accept or decline an offer. Accepting makes the organization a co-organizer and gives the person the role.
#[utoipa::path(tag = "offers", params(("offer_id" = OfferId, Path), IfMatch), request_body = DecideOffer,
    responses((status = 200, body = OfferBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/co-organizing-offers/{offer_id}/decision")]
pub async fn decide_offer(call: Call, path: PathIds<OfferId>, body: Body<DecideOffer>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let offer = service::decide(work, id, version, body.to_decision()?)?;
        let body = shown(work, offer)?;
        Ok(Reply::ok(body.version, &body))
    })
    .await
}

/// Take one's own offer back while it is not decided.
#[utoipa::path(tag = "offers", params(("offer_id" = OfferId, Path), IfMatch),
    responses((status = 200, body = OfferBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/co-organizing-offers/{offer_id}/withdrawal")]
pub async fn withdraw_offer(call: Call, path: PathIds<OfferId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let offer = service::withdraw(work, id, version)?;
        let body = shown(work, offer)?;
        Ok(Reply::ok(body.version, &body))
    })
    .await
}
