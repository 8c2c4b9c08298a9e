//! Registrations: one person's application to one consultation, its states, its place, and what may be told in figures
//! about those who take part. Pure: knows no table, no HTTP and no clock.

use serde::{Deserialize, Serialize};

use crate::accounts::AccountId;
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::db::types::{Id, Timestamp};
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::reference::{CountryCode, Reference, SectorCode, SubregionCode};
use crate::text_enum;

pub mod http;
pub mod mails;
pub mod service;
pub mod store;

/// The id of a registration.
pub type RegistrationId = Id<Registration>;

/// The sector whose people count as representatives of the United Nations.
pub const UN_ENTITY: &str = "un_entity";

text_enum! {
    /// How far a registration has come.
    pub enum RegistrationState {
        /// Waits for the secretariat.
        Submitted => "submitted",
        /// Has a place.
        Confirmed => "confirmed",
        /// Waits for a place, by its waiting number.
        Waitlisted => "waitlisted",
        /// Was refused, with a reason.
        Declined => "declined",
        /// Was taken back.
        Withdrawn => "withdrawn",
    }
}

/// What can happen to a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It gets a place.
    Confirm,
    /// It is put on the waiting list.
    Waitlist,
    /// It is refused.
    Decline,
    /// It is taken back.
    Withdraw,
    /// A fact that was vetted has changed: back to review.
    Resubmit,
}

impl Step {
    /// Every step there is.
    pub const ALL: &'static [Step] =
        &[Self::Confirm, Self::Waitlist, Self::Decline, Self::Withdraw, Self::Resubmit];

    /// The states it may be taken from.
    pub const fn from(self) -> &'static [RegistrationState] {
        use RegistrationState::*;
        match self {
            Self::Confirm => &[Submitted, Waitlisted],
            Self::Waitlist => &[Submitted],
            Self::Decline | Self::Withdraw | Self::Resubmit => &[Submitted, Confirmed, Waitlisted],
        }
    }

    /// The state it leads to.
    pub const fn to(self) -> RegistrationState {
        match self {
            Self::Confirm => RegistrationState::Confirmed,
            Self::Waitlist => RegistrationState::Waitlisted,
            Self::Decline => RegistrationState::Declined,
            Self::Withdraw => RegistrationState::Withdrawn,
            Self::Resubmit => RegistrationState::Submitted,
        }
    }

    /// For refusals: "be confirmed", "be withdrawn".
    const fn words(self) -> &'static str {
        match self {
            Self::Confirm => "be confirmed",
            Self::Waitlist => "be put on the waiting list",
            Self::Decline => "be declined",
            Self::Withdraw => "be withdrawn",
            Self::Resubmit => "be changed",
        }
    }
}

impl RegistrationState {
    /// Whether it still counts as the person's one registration for the consultation.
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Declined | Self::Withdrawn)
    }

    /// Whether the step may be taken.
    pub fn allows(self, step: Step) -> bool {
        step.from().contains(&self)
    }

    /// The state after the step; 409 naming the states it could be taken from.
    pub fn after(self, step: Step) -> Result<Self, Problem> {
        if self.allows(step) {
            return Ok(step.to());
        }
        let from: Vec<&str> = step.from().iter().map(|state| state.as_str()).collect();
        let detail = format!(
            "A registration that is {self} cannot {}; one that is {} can.",
            step.words(),
            from.join(" or ")
        );
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

text_enum! {
    /// Why a registration was declined.
    pub enum ReasonCode {
        /// There is no place and none is expected.
        Full => "full",
        /// The application is not about this consultation.
        OutOfScope => "out_of_scope",
        /// The organization or person was not vetted.
        NotVetted => "not_vetted",
        /// The person is registered under another address.
        Duplicate => "duplicate",
        /// Something that is needed is missing.
        Incomplete => "incomplete",
        /// Something else: see the note.
        Other => "other",
    }
}

text_enum! {
    /// Gender as the person stated it; nobody has to.
    pub enum Gender {
        /// A woman.
        Woman => "woman",
        /// A man.
        Man => "man",
        /// Another gender.
        Another => "another",
    }
}

text_enum! {
    /// Which wording of the consents was agreed to.
    pub enum ConsentVersion {
        /// The wording of November 2026.
        November2026 => "2026-11",
    }
}

/// What a person agreed to, each by itself, and to which wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consents {
    /// The wording.
    #[serde(default = "ConsentVersion::current")]
    pub version: ConsentVersion,
    /// Their data may be processed for this consultation. Nobody can register without.
    pub processing: bool,
    /// They may appear in a list of participants.
    #[serde(default)]
    pub listed: bool,
    /// They may be recorded.
    #[serde(default)]
    pub recording: bool,
    /// They may be named in a report as host or co-organizer.
    #[serde(default)]
    pub named_attribution: bool,
    /// They may be asked about what they contributed.
    #[serde(default)]
    pub follow_up: bool,
}

impl ConsentVersion {
    /// The wording that is shown today.
    pub const fn current() -> Self {
        Self::November2026
    }
}

impl Default for Consents {
    /// Nothing agreed to.
    fn default() -> Self {
        Self {
            version: ConsentVersion::current(),
            processing: false,
            listed: false,
            recording: false,
            named_attribution: false,
            follow_up: false,
        }
    }
}

/// One person's application to one consultation.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The person.
    pub account_id: AccountId,
    /// Whom they come for, if not for themselves.
    pub organization_id: Option<OrganizationId>,
    /// Of the organization, or of the person.
    pub sector: SectorCode,
    /// Where they work or live.
    pub country: CountryCode,
    /// As stated, if stated.
    pub gender: Option<Gender>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    /// Working groups they would like, the dearest first.
    pub preferences: Vec<WorkingGroupId>,
    /// What they agreed to.
    pub consents: Consents,
    /// How far it has come.
    pub state: RegistrationState,
    /// Why it was declined.
    pub reason_code: Option<ReasonCode>,
    /// What the secretariat told the person with its decision.
    pub note: Option<String>,
    /// Its turn on the waiting list: lower ones first.
    pub waiting_number: Option<i64>,
    /// Who decided; none for an automatic decision.
    pub decided_by: Option<AccountId>,
    /// When it was last decided.
    pub decided_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Registration {
    /// Whether it takes one of the consultation's places: confirmed, or confirmed before and under review again.
    /// (Editing a fact does not cost the place; `store::places_taken` is the same rule in SQL.)
    pub fn holds_place(&self) -> bool {
        match self.state {
            RegistrationState::Confirmed => true,
            RegistrationState::Submitted => {
                self.decided_at.is_some() && self.waiting_number.is_none()
            }
            _ => false,
        }
    }

    /// Whether a report or the public may read the person's name where they host or co-organize.
    pub fn may_be_named(&self) -> bool {
        self.state == RegistrationState::Confirmed && self.consents.named_attribution
    }

    /// Whether its person represents the United Nations.
    pub fn is_un_representative(&self) -> bool {
        self.sector.as_str() == UN_ENTITY
    }
}

/// What is asked for with a registration.
#[derive(Debug, Clone)]
pub struct NewRegistration {
    /// For whom, when it is not for the caller.
    pub person: Option<Person>,
    /// Whom they come for, if not for themselves.
    pub organization_id: Option<OrganizationId>,
    /// Needed without an organization; with one it is the organization's.
    pub sector: Option<SectorCode>,
    /// Where they work or live; of the organization when absent.
    pub country: Option<CountryCode>,
    /// As stated, if stated.
    pub gender: Option<Gender>,
    /// BCP 47, the preferred first.
    pub languages: Vec<String>,
    /// Working groups of the consultation, the dearest first.
    pub preferences: Vec<WorkingGroupId>,
    /// What they agreed to.
    pub consents: Consents,
}

/// Somebody whom the secretariat registers.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their address.
    pub email: crate::accounts::Email,
    /// Their name.
    pub name: String,
}

/// A change to a registration; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Vetted.
    pub organization_id: Option<Option<OrganizationId>>,
    /// Vetted.
    pub sector: Option<SectorCode>,
    /// Vetted.
    pub country: Option<CountryCode>,
    /// As stated.
    pub gender: Option<Option<Gender>>,
    /// BCP 47, the preferred first.
    pub languages: Option<Vec<String>>,
    /// Working groups of the consultation, the dearest first.
    pub preferences: Option<Vec<WorkingGroupId>>,
    /// All of them anew.
    pub consents: Option<Consents>,
}

impl Change {
    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        let Self { organization_id, sector, country, gender, languages, preferences, consents } =
            self;
        organization_id.is_none()
            && sector.is_none()
            && country.is_none()
            && gender.is_none()
            && languages.is_none()
            && preferences.is_none()
            && consents.is_none()
    }
}

/// What the secretariat decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Give it a place, or a waiting number when all are taken. The note is told to the person.
    Confirm {
        /// Told to the person.
        note: Option<String>,
    },
    /// Put it on the waiting list.
    Waitlist {
        /// Told to the person.
        note: Option<String>,
    },
    /// Refuse it.
    Decline {
        /// Why.
        reason: ReasonCode,
        /// Told to the person.
        note: String,
    },
}

/// A registration with the person it belongs to, for those who may see both.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The registration.
    pub registration: Registration,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// What the caller may do with it.
    pub allowed_actions: Vec<&'static str>,
}

/// Which registrations of a consultation are listed.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Filter {
    /// In this state.
    pub state: Option<RegistrationState>,
    /// Of this sector.
    pub sector: Option<SectorCode>,
    /// From this country.
    pub country: Option<CountryCode>,
    /// Of this organization.
    pub organization: Option<OrganizationId>,
}

/// Who took part, exactly: for the compiler of reports and for nothing that is shown without [`Participation::suppressed`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// Confirmed registrations.
    pub participants: u32,
    /// Those of the sector `un_entity`.
    pub un_representatives: u32,
    /// Countries they come from, by code.
    pub countries: Vec<CountryCode>,
    /// Subregions they come from, in the order of the reference data.
    pub subregions_present: Vec<SubregionCode>,
    /// The others.
    pub subregions_missing: Vec<SubregionCode>,
    /// Sectors they belong to, in the order of GCM para. 44, and how many.
    pub sectors: Vec<(SectorCode, u32)>,
    /// Who said so.
    pub women: u32,
    /// Who said so.
    pub men: u32,
    /// Who said so.
    pub another: u32,
    /// Who did not say.
    pub gender_missing: u32,
    /// How many from each subregion that is present. People from a country outside the region are in none.
    #[serde(default)]
    pub subregions: Vec<(SubregionCode, u32)>,
}

impl Participation {
    /// Counts confirmed registrations; others are passed over.
    pub fn of<'r>(registrations: impl IntoIterator<Item = &'r Registration>) -> Self {
        let confirmed: Vec<&Registration> = registrations
            .into_iter()
            .filter(|one| one.state == RegistrationState::Confirmed)
            .collect();
        let count = |keep: &dyn Fn(&Registration) -> bool| {
            confirmed.iter().filter(|one| keep(one)).count() as u32
        };
        let gender = |gender: Option<Gender>| count(&|one| one.gender == gender);
        let reference = Reference::get();
        let mut countries: Vec<CountryCode> = confirmed.iter().map(|one| one.country).collect();
        countries.sort();
        countries.dedup();
        let sectors = reference
            .sectors
            .iter()
            .map(|sector| (sector.code, count(&|one| one.sector == sector.code)));
        let from = |subregion: SubregionCode| {
            count(&|one| {
                reference.subregion_of(one.country).is_some_and(|found| found.code == subregion)
            })
        };
        let subregions: Vec<(SubregionCode, u32)> =
            reference.subregions.iter().map(|one| (one.code, from(one.code))).collect();
        let codes = |present: bool| {
            let kept = subregions.iter().filter(move |(_, people)| (*people > 0) == present);
            kept.map(|(code, _)| *code).collect()
        };
        Self {
            participants: confirmed.len() as u32,
            un_representatives: count(&Registration::is_un_representative),
            countries,
            subregions_present: codes(true),
            subregions_missing: codes(false),
            sectors: sectors.filter(|(_, people)| *people > 0).collect(),
            women: gender(Some(Gender::Woman)),
            men: gender(Some(Gender::Man)),
            another: gender(Some(Gender::Another)),
            gender_missing: gender(None),
            subregions: subregions.iter().copied().filter(|(_, people)| *people > 0).collect(),
        }
    }

    /// What may be told: cells under `smallest_cell` are suppressed, and so many of the next larger ones that no
    /// suppressed cell can be worked out from the others.
    pub fn suppressed(&self, smallest_cell: i64) -> Statistics {
        let sectors = cells(self.sectors.iter().copied(), smallest_cell);
        let un_representatives = sectors
            .iter()
            .find(|cell| cell.key.as_str() == UN_ENTITY)
            .map_or(Some(0), |cell| cell.count);
        // Those from outside the region are a cell as well, though they are not told.
        let inside: u32 = self.subregions.iter().map(|(_, people)| people).sum();
        let outside = (None, self.participants.saturating_sub(inside));
        let regions = self.subregions.iter().map(|(code, people)| (Some(*code), *people));
        let subregions = cells(regions.chain([outside]), smallest_cell)
            .into_iter()
            .filter_map(|cell| cell.key.map(|key| Cell { key, count: cell.count }))
            .collect();
        let genders = [
            (Some(Gender::Woman), self.women),
            (Some(Gender::Man), self.men),
            (Some(Gender::Another), self.another),
            (None, self.gender_missing),
        ];
        Statistics {
            about: about(self.participants),
            un_representatives,
            countries: self.countries.len() as u32,
            sectors,
            genders: cells(genders, smallest_cell),
            subregions,
            subregions_missing: self.subregions_missing.clone(),
        }
    }
}

/// Figures are told to the nearest of this.
pub const ROUNDING: u32 = 5;

/// To the nearest five; never zero for somebody.
pub fn about(people: u32) -> u32 {
    match people {
        0 => 0,
        some => ((some + ROUNDING / 2) / ROUNDING * ROUNDING).max(ROUNDING),
    }
}

/// One figure of a breakdown; without a count when it is suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<K> {
    /// What is counted.
    pub key: K,
    /// How many, unless suppressed.
    pub count: Option<u32>,
}

/// What may be told about participation. See [`Participation::suppressed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Participants, to the nearest five.
    pub about: u32,
    /// The same figure as that of the sector `un_entity`.
    pub un_representatives: Option<u32>,
    /// From how many countries.
    pub countries: u32,
    /// By sector, those present.
    pub sectors: Vec<Cell<SectorCode>>,
    /// By gender; no key for those who did not say.
    pub genders: Vec<Cell<Option<Gender>>>,
    /// By subregion, those present.
    pub subregions: Vec<Cell<SubregionCode>>,
    /// Subregions nobody came from.
    pub subregions_missing: Vec<SubregionCode>,
}

/// Suppresses cells under `smallest`, and then the next smallest until at least two are suppressed and together they
/// hold at least `smallest` people: a remainder tells nothing then. Empty cells tell nothing of anybody and stay.
fn cells<K: Copy>(counts: impl IntoIterator<Item = (K, u32)>, smallest: i64) -> Vec<Cell<K>> {
    let counts: Vec<(K, u32)> = counts.into_iter().collect();
    let mut order: Vec<usize> = (0..counts.len()).filter(|&at| counts[at].1 > 0).collect();
    order.sort_by_key(|&at| counts[at].1);
    let people = |suppressed: usize| -> i64 {
        order[..suppressed].iter().map(|&at| i64::from(counts[at].1)).sum()
    };
    let mut suppressed = order.iter().filter(|&&at| i64::from(counts[at].1) < smallest).count();
    let too_few = |suppressed: usize| suppressed < 2 || people(suppressed) < smallest;
    while suppressed > 0 && suppressed < order.len() && too_few(suppressed) {
        suppressed += 1;
    }
    let hidden = &order[..suppressed];
    let cell = |(at, &(key, count)): (usize, &(K, u32))| Cell {
        key,
        count: (!hidden.contains(&at)).then_some(count),
    };
    counts.iter().enumerate().map(cell).collect()
}

#[cfg(test)]
mod tests;
