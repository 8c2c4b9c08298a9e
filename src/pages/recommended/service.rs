//! What the pages of the register show and do, by the service of the register.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::access::{Permission, Scope};
use crate::accounts::{self, Account, AccountId};
use crate::consultations::{self, ConsultationId};
use crate::inputs::Addressee;
use crate::pages::fields::Fields;
use crate::problem::Problem;
use crate::recommendations::service::{self, Entry, NewFollowUp, WantedRecommendations};
use crate::recommendations::{FollowUpId, RecommendationId, Strength};
use crate::reviews::{self, Review, ReviewId};
use crate::work::Work;

/// The register of a review.
pub struct Register {
    /// The review.
    pub review: Review,
    /// What was asked for.
    pub wanted: WantedRecommendations,
    /// What is in it.
    pub entries: Vec<Entry>,
    /// The places of its consultations in the series.
    pub ordinals: BTreeMap<ConsultationId, i32>,
}

/// What an address asks for.
pub fn wanted(fields: &Fields) -> WantedRecommendations {
    WantedRecommendations {
        objective: fields
            .one("objective")
            .and_then(|text| text.parse::<u8>().ok()?.try_into().ok()),
        strength: fields.parsed("strength"),
        addressee: fields.parsed("addressee"),
        consultation: None,
        state: fields.parsed("state"),
        confirmed: None,
        words: fields.text("q"),
    }
}

/// The register as everybody sees it.
pub fn register(
    work: &mut Work,
    id: ReviewId,
    wanted: WantedRecommendations,
) -> Result<Register, Problem> {
    let review = reviews::service::see(work, id)?;
    let entries = service::list(work, id, &wanted)?;
    Ok(Register { review, wanted, entries, ordinals: ordinals(work, id)? })
}

fn ordinals(work: &mut Work, id: ReviewId) -> Result<BTreeMap<ConsultationId, i32>, Problem> {
    let all = consultations::service::of_review(work, id)?;
    Ok(all.into_iter().map(|one| (one.id, one.ordinal)).collect())
}

/// The register for whoever confirms and notes: what is not confirmed comes first. 404 for everybody else.
pub fn own_register(work: &mut Work, id: ReviewId) -> Result<Register, Problem> {
    if !work.may(Permission::DraftReports, &Scope::review(id.uuid())) {
        return Err(Problem::not_found("review"));
    }
    let mut register = register(work, id, WantedRecommendations::default())?;
    register.entries.sort_by_key(|entry| {
        let open = entry.recommendation.confirmed.is_none() || entry.changed_since();
        (!open, entry.recommendation.number)
    });
    Ok(register)
}

/// One recommendation.
pub struct Told {
    /// It.
    pub entry: Entry,
    /// The review.
    pub review: Review,
    /// The places of the review's consultations in the series.
    pub ordinals: BTreeMap<ConsultationId, i32>,
    /// Who of the team is named; for the team.
    pub team: HashMap<AccountId, Account>,
}

/// A recommendation as everybody sees it.
pub fn told(work: &mut Work, id: RecommendationId) -> Result<Told, Problem> {
    let entry = service::see(work, id)?;
    let review = reviews::service::see(work, entry.recommendation.review_id)?;
    let ordinals = ordinals(work, review.id)?;
    Ok(Told { entry, review, ordinals, team: HashMap::new() })
}

/// A recommendation for whoever confirms and notes; 404 for everybody else.
pub fn own(work: &mut Work, id: RecommendationId) -> Result<Told, Problem> {
    let mut told = told(work, id)?;
    if !told.entry.may_note {
        return Err(Problem::not_found("recommendation"));
    }
    let confirmed = told.entry.recommendation.confirmed.as_ref().and_then(|own| own.by);
    told.team = accounts::service::names(work, &Vec::from_iter(confirmed))?;
    Ok(told)
}

/// What is done on the page of a recommendation.
#[derive(Debug, Clone)]
pub enum Act {
    /// It is confirmed how it is put and to whom.
    Confirm {
        /// The version that was seen.
        version: i64,
        /// How strongly.
        strength: Strength,
        /// To whom.
        addressees: Vec<Addressee>,
    },
    /// It is noted what came of it.
    Note(NewFollowUp),
    /// A note is taken away.
    Remove {
        /// Which.
        note: FollowUpId,
        /// The version that was seen.
        version: i64,
    },
}

impl Act {
    /// What was sent; none where it is no such form.
    pub fn read(fields: &Fields) -> Option<Self> {
        match fields.one("action")? {
            "confirm" => Some(Self::Confirm {
                version: fields.parsed("version")?,
                strength: fields.parsed("strength")?,
                addressees: fields.all("addressee").filter_map(|code| code.parse().ok()).collect(),
            }),
            "note" => Some(Self::Note(NewFollowUp {
                dated_on: fields.parsed::<NaiveDate>("day")?,
                text: fields.text("text").unwrap_or_default(),
                source: fields.text("source").unwrap_or_default(),
                source_url: fields.text("url"),
            })),
            "remove" => Some(Self::Remove {
                note: fields.parsed("note")?,
                version: fields.parsed("version")?,
            }),
            _ => None,
        }
    }
}

/// Does it.
pub fn act(work: &mut Work, id: RecommendationId, act: &Act) -> Result<(), Problem> {
    own(work, id)?;
    match act {
        Act::Confirm { version, strength, addressees } => {
            service::confirm(work, id, *version, *strength, addressees).map(drop)
        }
        Act::Note(new) => service::note(work, id, new.clone()).map(drop),
        Act::Remove { note, version } => {
            if service::see_note(work, *note)?.recommendation_id != id {
                return Err(Problem::not_found("follow-up"));
            }
            service::remove_note(work, *note, *version)
        }
    }
}
