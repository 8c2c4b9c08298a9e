//! The operations on decisions: many at once, the balance, an offered place, and what became of a registration.

use super::bulk::{self, Bulk, Item, Outcome, Selection};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::reference::{CountryCode, Reference, SectorCode, SubregionCode};
use crate::registrations::bodies::RegistrationBody;
use crate::registrations::history::{self, DoneBy, Event, EventKind};
use crate::registrations::http::{DecideRegistration, Verdict, reply};
use crate::registrations::places::balance::{self, Counts, Shown};
use crate::registrations::places::room::Lacking;
use crate::registrations::{
    self, Decision, Filter, Gender, ReasonCode, RegistrationId, RegistrationState, Source,
    decisions,
};
use crate::vocabulary::Versioned;

/// Which registrations are decided on: all that have every one of these.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionFilter {
    /// In this state.
    #[serde(default)]
    state: Option<RegistrationState>,
    /// Of this sector.
    #[serde(default)]
    sector: Option<SectorCode>,
    /// From this country.
    #[serde(default)]
    country: Option<CountryCode>,
    /// Of this organization.
    #[serde(default)]
    organization: Option<OrganizationId>,
    /// Which came in this way.
    #[serde(default)]
    source: Option<Source>,
}

impl DecisionFilter {
    fn to_filter(&self) -> Filter {
        Filter {
            state: self.state,
            sector: self.sector,
            country: self.country,
            organization: self.organization,
            source: self.source,
            by_waiting_number: false,
        }
    }
}

/// A decision on many registrations: either `registrations` or `filter`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "filter": { "state": "submitted", "sector": "migrants" }, "decision": "confirm", "preview": true }))]
pub struct DecideRegistrations {
    /// These, each in the version that was seen; 5,000 at most.
    #[serde(default)]
    registrations: Option<Vec<Versioned<RegistrationId>>>,
    /// All that these values select; 5,000 at most.
    #[serde(default)]
    filter: Option<DecisionFilter>,
    /// What is decided on each.
    decision: Verdict,
    /// Needed to decline.
    #[serde(default)]
    reason_code: Option<ReasonCode>,
    /// Told to each person; needed to decline.
    #[serde(default)]
    note: Option<String>,
    /// Whether it is only shown what would come of it.
    #[serde(default)]
    preview: bool,
    /// That of a preview: the decision is refused when it would come out otherwise now.
    #[serde(default)]
    fingerprint: Option<String>,
}

impl DecideRegistrations {
    fn to_bulk(&self) -> Result<Bulk, Problem> {
        let selection = match (&self.registrations, &self.filter) {
            (Some(listed), None) => Selection::Listed(listed.clone()),
            (None, Some(filter)) => Selection::Filtered(filter.to_filter()),
            _ => {
                let detail = "one of `registrations` and `filter` is needed, and only one";
                return Err(Problem::invalid("/registrations", detail));
            }
        };
        Ok(Bulk {
            selection,
            decision: self.decision()?,
            fingerprint: self.fingerprint.clone(),
            preview: self.preview,
        })
    }

    fn decision(&self) -> Result<Decision, Problem> {
        DecideRegistration::new(self.decision, self.reason_code, self.note.clone()).to_decision()
    }
}

/// A capacity that is used up.
#[derive(Debug, Serialize, ToSchema)]
pub struct FullBody {
    /// Which one.
    capacity: Lacking,
    /// Its places.
    places: i64,
}

/// Why a registration cannot be decided on like this.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalBody {
    /// The code of the problem.
    #[schema(example = "invalid_transition")]
    code: &'static str,
    /// Why.
    detail: String,
}

/// What becomes of one registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedBody {
    /// Which.
    id: RegistrationId,
    /// What it was before; null when there is no such registration here.
    before: Option<RegistrationState>,
    /// What it becomes; null when it cannot be decided on like this.
    after: Option<RegistrationState>,
    /// Its turn on the waiting list, when it has to wait.
    waiting_number: Option<i64>,
    /// For want of what it has to wait although it was to be confirmed.
    full: Option<FullBody>,
    /// Why it cannot be decided on like this.
    refusal: Option<RefusalBody>,
}

impl From<Item> for DecidedBody {
    fn from(item: Item) -> Self {
        let full = item.full.map(|full| FullBody { capacity: full.lacking, places: full.places });
        let refusal = item.refusal.map(|refusal| RefusalBody {
            code: refusal.code().kind().code,
            detail: refusal.detail().to_owned(),
        });
        Self {
            id: item.id,
            before: item.before,
            after: item.after.as_ref().map(|after| after.state),
            waiting_number: item.after.as_ref().and_then(|after| after.waiting_number),
            full,
            refusal,
        }
    }
}

/// Somebody who gets a place from the waiting list by it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotedBody {
    /// Which.
    id: RegistrationId,
    /// `confirmed`, or `offered` where places have to be accepted.
    after: RegistrationState,
}

/// What came of a decision on many, or what would come of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionsBody {
    /// Whether nothing was done.
    preview: bool,
    /// To be given with the decision, so that it is refused when it would come out otherwise.
    fingerprint: String,
    /// How many cannot be decided on like this; nothing can be done before that is 0.
    refused: usize,
    /// What becomes of each, in the order of the request.
    registrations: Vec<DecidedBody>,
    /// Whoever gets a place from the waiting list by it.
    promoted: Vec<PromotedBody>,
    /// The balance without it.
    balance_before: BalanceBody,
    /// The balance with it.
    balance_after: BalanceBody,
}

impl DecisionsBody {
    fn new(outcome: Outcome, preview: bool) -> Self {
        let promoted = outcome.promoted.iter();
        Self {
            preview,
            fingerprint: outcome.fingerprint,
            refused: outcome.items.iter().filter(|item| item.refusal.is_some()).count(),
            promoted: promoted.map(|one| PromotedBody { id: one.id, after: one.state }).collect(),
            registrations: outcome.items.into_iter().map(DecidedBody::from).collect(),
            balance_before: BalanceBody::from(outcome.before),
            balance_after: BalanceBody::from(outcome.after),
        }
    }
}

/// Registrations by how far they have come.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountsBody {
    /// Places that are taken: confirmed, offered and in review.
    taken: i64,
    /// With a place.
    confirmed: i64,
    /// With a place that is kept until it is accepted.
    offered: i64,
    /// With a place, and under review again.
    in_review: i64,
    /// Not decided yet.
    submitted: i64,
    /// Waiting for a place.
    waitlisted: i64,
}

impl From<Counts> for CountsBody {
    fn from(counts: Counts) -> Self {
        Self {
            taken: counts.taken(),
            confirmed: counts.confirmed,
            offered: counts.offered,
            in_review: counts.in_review,
            submitted: counts.submitted,
            waitlisted: counts.waitlisted,
        }
    }
}

/// One sector.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectorBalanceBody {
    /// The sector.
    sector: SectorCode,
    /// Its places; null: no limit of its own.
    capacity: Option<i32>,
    /// Its registrations.
    counts: CountsBody,
}

/// One subregion.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubregionBalanceBody {
    /// The subregion; null for countries outside the region.
    subregion: Option<SubregionCode>,
    /// Its registrations.
    counts: CountsBody,
}

/// One gender.
#[derive(Debug, Serialize, ToSchema)]
pub struct GenderBalanceBody {
    /// The gender; null for those who did not say.
    gender: Option<Gender>,
    /// Their registrations.
    counts: CountsBody,
}

/// One country.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountryBalanceBody {
    /// The country.
    country: CountryCode,
    /// Its registrations.
    counts: CountsBody,
}

/// One organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationBalanceBody {
    /// The organization.
    organization_id: OrganizationId,
    /// Its name.
    name: String,
    /// Its registrations.
    counts: CountsBody,
}

/// What those with a place, and those who ask for one, look like against the capacities. Exact figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalanceBody {
    /// Places; null: no limit.
    capacity: Option<i32>,
    /// Places of one organization; null: no limit.
    organization_capacity: Option<i32>,
    /// Everybody.
    all: CountsBody,
    /// Every sector.
    sectors: Vec<SectorBalanceBody>,
    /// Every subregion.
    subregions: Vec<SubregionBalanceBody>,
    /// Every gender, and those who did not say.
    genders: Vec<GenderBalanceBody>,
    /// The countries that somebody comes from.
    countries: Vec<CountryBalanceBody>,
    /// The twenty organizations with the most places.
    organizations: Vec<OrganizationBalanceBody>,
}

impl From<Shown> for BalanceBody {
    fn from(shown: Shown) -> Self {
        let balance = &shown.balance;
        let sector = |sector: SectorCode| SectorBalanceBody {
            sector,
            capacity: balance.sector_capacities.get(&sector).copied(),
            counts: balance.sectors.get(&sector).copied().unwrap_or_default().into(),
        };
        let gender = |gender: Option<Gender>| GenderBalanceBody {
            gender,
            counts: balance.genders.get(&gender).copied().unwrap_or_default().into(),
        };
        let genders = Gender::ALL.iter().copied().map(Some).chain([None]);
        let countries = balance.countries.iter().filter(|(_, one)| **one != Counts::default());
        let country = |(country, counts): (&CountryCode, &Counts)| CountryBalanceBody {
            country: *country,
            counts: (*counts).into(),
        };
        let subregion = |(subregion, counts): (Option<SubregionCode>, Counts)| {
            SubregionBalanceBody { subregion, counts: counts.into() }
        };
        let organization = |(organization_id, name, counts): (OrganizationId, String, Counts)| {
            OrganizationBalanceBody { organization_id, name, counts: counts.into() }
        };
        let sectors = &Reference::get().sectors;
        Self {
            capacity: balance.capacity,
            organization_capacity: balance.organization_capacity,
            all: balance.all().into(),
            sectors: sectors.iter().map(|one| sector(one.code)).collect(),
            subregions: balance.subregions().into_iter().map(subregion).collect(),
            genders: genders.map(gender).collect(),
            countries: countries.map(country).collect(),
            organizations: shown.organizations.into_iter().map(organization).collect(),
        }
    }
}

/// One step of a registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationEventBody {
    /// What happened.
    kind: EventKind,
    /// The state after it.
    state: RegistrationState,
    /// Who did it: the person, the secretariat, or nobody because it follows from the rules.
    by: DoneBy,
    /// The account that did it; null for those who do not read registrations, and for what nobody did.
    account_id: Option<AccountId>,
    /// Why it was refused.
    reason_code: Option<ReasonCode>,
    /// What the person was told with it.
    note: Option<String>,
    /// Its turn on the waiting list from then on.
    waiting_number: Option<i64>,
    /// Until when the place was kept.
    accept_by: Option<Timestamp>,
    /// Which capacity left no room, where that is why it waits.
    lacking: Option<Lacking>,
    /// When.
    at: Timestamp,
}

impl From<Event> for RegistrationEventBody {
    fn from(one: Event) -> Self {
        Self {
            kind: one.kind,
            state: one.state,
            by: one.done_by,
            account_id: one.account_id,
            reason_code: one.reason_code,
            note: one.note,
            waiting_number: one.waiting_number,
            accept_by: one.accept_by,
            lacking: one.lacking,
            at: one.at,
        }
    }
}

/// Decides on up to 5,000 registrations: all of them or none. With `preview` nothing is done: the answer says what would
/// become of each, why some cannot be decided on, who would get a place from the waiting list, and the balance before and
/// after. Whoever waits is decided on in the order of the waiting list, then the others in the order they were submitted.
#[utoipa::path(tag = "registrations", request_body = DecideRegistrations, params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = DecisionsBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/registrations/decisions")]
pub async fn decide_registrations(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<DecideRegistrations>,
) -> Answer {
    let consultation = path.id();
    call.post(body, move |work, body| {
        let bulk = body.to_bulk()?;
        let outcome = bulk::decide(work, consultation, &bulk)?;
        Ok(Reply::unversioned(&DecisionsBody::new(outcome, bulk.preview)))
    })
    .await
}

/// Accepts an offered place: one's own, or for the secretariat. 409 once `accept_by` has passed.
#[utoipa::path(tag = "registrations", params(("registration_id" = RegistrationId, Path), IfMatch),
    responses((status = 200, body = RegistrationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/registrations/{registration_id}/acceptance")]
pub async fn accept_place(call: Call, path: PathIds<RegistrationId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let registration = decisions::accept(work, id, version)?;
        reply(registrations::service::entry(work, registration)?)
    })
    .await
}

/// What those with a place, and those who ask for one, look like: by sector, subregion, gender, country and organization
/// against the capacities. Exact figures, for those who decide.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = BalanceBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/balance")]
pub async fn read_balance(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let consultation = path.id();
    let shown = call.read(move |work| balance::see(work, consultation)).await?;
    Ok(call.ok_unversioned(&BalanceBody::from(shown)))
}

/// What became of a registration, step by step, and why: for its person, and for those who read registrations.
#[utoipa::path(tag = "registrations", params(("registration_id" = RegistrationId, Path), PageQuery),
    responses((status = 200, body = Page<RegistrationEventBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/registrations/{registration_id}/history")]
pub async fn list_registration_history(
    call: Call,
    path: PathIds<RegistrationId>,
    query: Listed,
) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call.read(move |work| history::list(work, id, &paging)).await?;
    Ok(call.page(part.map(RegistrationEventBody::from)))
}
