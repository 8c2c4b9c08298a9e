//! What a caller may do with the register: everybody reads it, whoever drafts the reports of its review confirms and notes. Must never learn
//! who said what.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::phrasing::{self, ReadFromText};
use super::{
    Confirmation, FollowUp, FollowUpId, Recommendation, RecommendationId, RecommendationState,
    RecommendationText, Strength, store,
};
use crate::access::{Permission, Scope};
use crate::consultations::ConsultationId;
use crate::inputs::Addressee;
use crate::problem::{Checks, Problem, require_version};
use crate::reference::ObjectiveNumber;
use crate::reports::Source;
use crate::reports::provenance::CitedPlace;
use crate::reports::provenance::service::places;
use crate::reviews::{self, ReviewId};
use crate::work::Work;

const LONGEST_TEXT: usize = 2_000;
const LONGEST_SOURCE: usize = 500;

/// A recommendation with all that is known of it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The recommendation.
    pub recommendation: Recommendation,
    /// What it says in each edition, in the order in which they were published, and where.
    pub texts: Vec<(RecommendationText, Option<CitedPlace>)>,
    /// What is read from what it says last.
    pub read: ReadFromText,
    /// What came of it, by day.
    pub follow_ups: Vec<FollowUp>,
    /// The recommendation that it was joined into.
    pub joined_into: Option<(RecommendationId, String)>,
    /// Those that were joined into it.
    pub joins: Vec<(RecommendationId, String)>,
    /// Whether the caller confirms and notes.
    pub may_note: bool,
}

impl Entry {
    /// What it says in the newest edition that has it.
    pub fn newest(&self) -> Option<&RecommendationText> {
        self.texts.last().map(|(text, _)| text)
    }

    /// How strongly it is put: as it was confirmed, else as it is read.
    pub fn strength(&self) -> Option<Strength> {
        let confirmed = self.recommendation.confirmed.as_ref().map(|own| own.strength);
        confirmed.or_else(|| self.read.strength.as_ref().map(|(strength, _)| *strength))
    }

    /// To whom it is addressed: as it was confirmed, else as it is read.
    pub fn addressees(&self) -> Vec<Addressee> {
        match &self.recommendation.confirmed {
            Some(own) => own.addressees.clone(),
            None => self.read.addressees.iter().map(|(addressee, _)| *addressee).collect(),
        }
    }

    /// Whether it says something else than when it was confirmed.
    pub fn changed_since(&self) -> bool {
        let confirmed = self.recommendation.confirmed.as_ref();
        confirmed.is_some_and(|own| self.newest().is_some_and(|text| text.text != own.text))
    }
}

/// Which recommendations are wanted.
#[derive(Debug, Clone, Default)]
pub struct WantedRecommendations {
    /// About this objective.
    pub objective: Option<ObjectiveNumber>,
    /// Put as strongly as this.
    pub strength: Option<Strength>,
    /// Addressed to these.
    pub addressee: Option<Addressee>,
    /// That come from this consultation.
    pub consultation: Option<ConsultationId>,
    /// In this state; those that stand when absent.
    pub state: Option<RecommendationState>,
    /// Whose strength and addressees somebody confirmed, or nobody.
    pub confirmed: Option<bool>,
    /// That have these words.
    pub words: Option<String>,
}

impl WantedRecommendations {
    fn has(&self, entry: &Entry) -> bool {
        let Some(text) = entry.newest() else { return false };
        let state = self.state.unwrap_or(RecommendationState::Standing);
        let words = self.words.as_deref().unwrap_or_default().to_lowercase();
        let said = text.text.to_lowercase();
        entry.recommendation.state == state
            && self.objective.is_none_or(|one| text.objectives.contains(&one))
            && self.strength.is_none_or(|one| entry.strength() == Some(one))
            && self.addressee.is_none_or(|one| entry.addressees().contains(&one))
            && self
                .consultation
                .is_none_or(|one| text.heard_in.iter().any(|heard| heard.consultation == one))
            && self.confirmed.is_none_or(|one| entry.recommendation.confirmed.is_some() == one)
            && words.split_whitespace().all(|word| said.contains(word))
    }
}

/// The recommendations of a review that are wanted, by their numbers; for everybody.
pub fn list(
    work: &mut Work,
    review: ReviewId,
    wanted: &WantedRecommendations,
) -> Result<Vec<Entry>, Problem> {
    let mut entries = all(work, review)?;
    entries.retain(|entry| wanted.has(entry));
    Ok(entries)
}

/// All recommendations of a review, whatever became of them, by their numbers; for everybody.
pub fn all(work: &mut Work, review: ReviewId) -> Result<Vec<Entry>, Problem> {
    reviews::service::see(work, review)?;
    entries(work, review)
}

/// A recommendation, for everybody.
pub fn see(work: &mut Work, id: RecommendationId) -> Result<Entry, Problem> {
    let review = store::recommendation(work.conn, id)?.review_id;
    let found = entries(work, review)?.into_iter().find(|one| one.recommendation.id == id);
    found.ok_or_else(|| Problem::not_found("recommendation"))
}

fn entries(work: &mut Work, review: ReviewId) -> Result<Vec<Entry>, Problem> {
    let may_note = work.may(Permission::DraftReports, &Scope::review(review.uuid()));
    let all = store::of_review(work.conn, review)?;
    let names: BTreeMap<RecommendationId, String> =
        all.iter().map(|one| (one.id, one.reference.clone())).collect();
    let joined: Vec<(RecommendationId, RecommendationId)> =
        all.iter().filter_map(|one| Some((one.joined_into?, one.id))).collect();
    let mut texts = store::texts(work.conn, review)?;
    let mut follow_ups = store::follow_ups(work.conn, review)?;
    let source =
        |text: &RecommendationText| Source { edition_id: text.edition_id, number: text.paragraph };
    let sources: Vec<Source> = texts.values().flatten().map(source).collect();
    let places: BTreeMap<Source, CitedPlace> = places(work, &sources)?
        .into_iter()
        .map(|place| (Source { edition_id: place.edition, number: place.paragraph }, place))
        .collect();
    let named = |id: RecommendationId| Some((id, names.get(&id)?.clone()));
    let entry = |recommendation: Recommendation| {
        let id = recommendation.id;
        let texts: Vec<_> = texts
            .remove(&id)
            .unwrap_or_default()
            .into_iter()
            .map(|text| (text.clone(), places.get(&source(&text)).cloned()))
            .collect();
        let newest = texts.last().map(|(text, _)| text.text.as_str()).unwrap_or_default();
        Entry {
            read: phrasing::read(newest, recommendation.language),
            follow_ups: follow_ups.remove(&id).unwrap_or_default(),
            joined_into: recommendation.joined_into.and_then(named),
            joins: joined
                .iter()
                .filter(|(into, _)| *into == id)
                .filter_map(|(_, own)| named(*own))
                .collect(),
            texts,
            recommendation,
            may_note,
        }
    };
    Ok(all.into_iter().map(entry).collect())
}

/// The recommendation, its register locked, for whoever drafts the reports of its review.
fn to_note(work: &mut Work, id: RecommendationId) -> Result<Recommendation, Problem> {
    let review = store::recommendation(work.conn, id)?.review_id;
    work.require(Permission::DraftReports, &Scope::review(review.uuid()))?;
    work.lock(review.uuid())?;
    store::recommendation(work.conn, id)
}

/// Saves a recommendation in its next version.
fn save(work: &mut Work, mut one: Recommendation, action: &'static str) -> Result<(), Problem> {
    one.version += 1;
    one.updated_at = work.now;
    store::update(work.conn, &one)?;
    work.audit(action, "recommendation", one.id);
    Ok(())
}

/// Confirms how strongly a recommendation is put and to whom it is addressed, as it reads now; or says otherwise than before.
pub fn confirm(
    work: &mut Work,
    id: RecommendationId,
    version: i64,
    strength: Strength,
    addressees: &[Addressee],
) -> Result<Entry, Problem> {
    let one = to_note(work, id)?;
    require_version(one.version, version)?;
    let mut distinct = addressees.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let twice = "each is named once";
    Checks::new().require(distinct.len() == addressees.len(), "/addressees", twice).finish()?;
    let text = see(work, id)?.newest().map(|text| text.text.clone()).unwrap_or_default();
    let (by, at) = (work.caller.id(), work.now);
    let confirmed = Some(Confirmation { strength, addressees: distinct, text, by, at });
    save(work, Recommendation { confirmed, ..one }, "recommendation.confirmed")?;
    see(work, id)
}

/// What came of a recommendation, to be noted.
#[derive(Debug, Clone)]
pub struct NewFollowUp {
    /// The day of what it tells.
    pub dated_on: NaiveDate,
    /// What came of it.
    pub text: String,
    /// From where that is known.
    pub source: String,
    /// Where that can be read.
    pub source_url: Option<String>,
}

fn check(new: &NewFollowUp) -> Result<(), Problem> {
    let is_address = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    let url = new.source_url.as_deref();
    Checks::new()
        .text(&new.text, LONGEST_TEXT, "/text")
        .text(&new.source, LONGEST_SOURCE, "/source")
        .optional_text(url, LONGEST_SOURCE, "/source_url")
        .require(url.is_none_or(is_address), "/source_url", "begins with https:// or http://")
        .finish()
}

/// Notes what came of a recommendation.
pub fn note(work: &mut Work, id: RecommendationId, new: NewFollowUp) -> Result<FollowUp, Problem> {
    let one = to_note(work, id)?;
    check(&new)?;
    let made = FollowUp {
        id: work.id(),
        recommendation_id: id,
        dated_on: new.dated_on,
        text: new.text,
        source: new.source,
        source_url: new.source_url,
        made_by: work.caller.id(),
        made_at: work.now,
        version: 1,
    };
    store::insert_follow_up(work.conn, &made)?;
    save(work, one, "recommendation.followed_up")?;
    Ok(made)
}

/// Says otherwise what came of a recommendation.
pub fn change_note(
    work: &mut Work,
    id: FollowUpId,
    version: i64,
    change: impl FnOnce(&mut NewFollowUp),
) -> Result<FollowUp, Problem> {
    let (one, note) = noted(work, id, version)?;
    let mut new = NewFollowUp {
        dated_on: note.dated_on,
        text: note.text.clone(),
        source: note.source.clone(),
        source_url: note.source_url.clone(),
    };
    change(&mut new);
    check(&new)?;
    let NewFollowUp { dated_on, text, source, source_url } = new;
    let changed = FollowUp { dated_on, text, source, source_url, version: version + 1, ..note };
    store::update_follow_up(work.conn, &changed)?;
    save(work, one, "recommendation.follow_up_changed")?;
    Ok(changed)
}

/// Takes a note away that should not have been made.
pub fn remove_note(work: &mut Work, id: FollowUpId, version: i64) -> Result<(), Problem> {
    let (one, _) = noted(work, id, version)?;
    store::delete_follow_up(work.conn, id, version)?;
    save(work, one, "recommendation.follow_up_removed")
}

fn noted(
    work: &mut Work,
    id: FollowUpId,
    version: i64,
) -> Result<(Recommendation, FollowUp), Problem> {
    let seen = store::follow_up(work.conn, id)?;
    let one = to_note(work, seen.recommendation_id)?;
    let note = store::follow_up(work.conn, id)?;
    require_version(note.version, version)?;
    Ok((one, note))
}

/// A note on what came of a recommendation, for everybody.
pub fn see_note(work: &mut Work, id: FollowUpId) -> Result<FollowUp, Problem> {
    store::follow_up(work.conn, id)
}
