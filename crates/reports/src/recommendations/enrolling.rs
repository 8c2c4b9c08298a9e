//! Enters the recommendations of an edition into the register when it is published. Must never learn who said what: of voices it is told bands.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CATEGORY, HeardIn, Recommendation, RecommendationId, RecommendationState, RecommendationText,
    store,
};
use crate::consultations::ConsultationId;
use crate::inputs::{Band, InputId, reading};
use crate::problem::Problem;
use crate::reports::history;
use crate::reports::recompiling::EditionOutcomes;
use crate::reports::{
    Edition, EditionId, ParagraphId, ParagraphRecord, Report, ReportId, Source, store as reports,
};
use crate::reviews;
use crate::work::Work;

/// The register of a review while an edition is entered.
struct Entering<'w> {
    report: &'w Report,
    edition: &'w Edition,
    prefix: String,
    last: i32,
    all: BTreeMap<RecommendationId, Recommendation>,
    /// Those that changed.
    changed: BTreeSet<RecommendationId>,
    /// Those that stand in the edition, by their own paragraphs.
    here: BTreeSet<RecommendationId>,
}

/// Enters every recommendation of an edition of a report.
pub fn enter(work: &mut Work, report: &Report, edition: &Edition) -> Result<(), Problem> {
    // Numbers are given under the review's lock.
    work.lock(report.review_id.uuid())?;
    let outcomes = EditionOutcomes::of(edition)?;
    let found: Vec<(Source, ParagraphId, ParagraphRecord)> = outcomes
        .all()
        .filter(|(_, _, record)| {
            record.category.as_ref().is_some_and(|category| category.to_string() == CATEGORY)
        })
        .map(|(source, id, record)| (source, id, record.clone()))
        .collect();
    let all = store::of_review(work.conn, report.review_id)?;
    let mut entering = Entering {
        report,
        edition,
        prefix: reviews::service::load(work, report.review_id)?.code,
        last: store::last_number(work.conn, report.review_id)?,
        all: all.into_iter().map(|one| (one.id, one)).collect(),
        changed: BTreeSet::new(),
        here: BTreeSet::new(),
    };
    match report.consultation_id {
        Some(consultation) => entering.summary(work, consultation, &found)?,
        None => entering.paper(work, &found)?,
    }
    entering.drop_gone(work)?;
    for id in &entering.changed {
        let Some(mut one) = entering.all.get(id).cloned() else { continue };
        one.version += 1;
        one.updated_at = work.now;
        store::update(work.conn, &one)?;
    }
    Ok(())
}

impl Entering<'_> {
    /// The recommendation that a paragraph of the report is.
    fn of(&self, paragraph: ParagraphId) -> Option<RecommendationId> {
        self.all.values().find(|one| one.paragraph_id == paragraph).map(|one| one.id)
    }

    fn or_new(
        &mut self,
        work: &mut Work,
        paragraph: ParagraphId,
    ) -> Result<RecommendationId, Problem> {
        if let Some(id) = self.of(paragraph) {
            return Ok(id);
        }
        self.last += 1;
        let one = Recommendation {
            id: work.id(),
            review_id: self.report.review_id,
            number: self.last,
            reference: format!("{}/R{}", self.prefix, self.last),
            report_id: self.report.id,
            paragraph_id: paragraph,
            language: self.report.language,
            state: RecommendationState::Standing,
            joined_into: None,
            confirmed: None,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        };
        store::insert(work.conn, &one)?;
        let id = one.id;
        self.all.insert(id, one);
        Ok(id)
    }

    /// Lets a recommendation say in this edition what it says.
    fn say(
        &mut self,
        work: &mut Work,
        id: RecommendationId,
        (source, record): (Source, &ParagraphRecord),
        heard_in: Vec<HeardIn>,
    ) -> Result<(), Problem> {
        self.changed.insert(id);
        let text = RecommendationText {
            recommendation_id: id,
            edition_id: source.edition_id,
            paragraph: source.number,
            text: record.text.clone(),
            objectives: record.about(),
            heard_in,
            published_at: self.edition.published_at,
        };
        store::insert_text(work.conn, text)
    }

    fn set(
        &mut self,
        id: RecommendationId,
        state: RecommendationState,
        joined_into: Option<RecommendationId>,
    ) {
        if let Some(one) = self.all.get_mut(&id)
            && (one.state, one.joined_into) != (state, joined_into)
        {
            (one.state, one.joined_into) = (state, joined_into);
            self.changed.insert(id);
        }
    }

    fn is_joined(&self, id: RecommendationId) -> bool {
        self.all.get(&id).is_some_and(|one| one.state == RecommendationState::Joined)
    }

    fn summary(
        &mut self,
        work: &mut Work,
        consultation: ConsultationId,
        found: &[(Source, ParagraphId, ParagraphRecord)],
    ) -> Result<(), Problem> {
        let inputs = inputs_of(work, self.edition.id)?;
        let sets = found.iter().map(|(source, ..)| inputs.get(&source.number).cloned());
        let sets: Vec<BTreeSet<InputId>> = sets.map(Option::unwrap_or_default).collect();
        let bands = if self.edition.number == 1 {
            match reading::bands_of_sets(work, consultation, &sets)? {
                Some(bands) => bands.into_iter().map(Some).collect(),
                None => vec![None; sets.len()],
            }
        } else {
            self.bands_of_first(work, found, &sets)?
        };
        for ((source, paragraph, record), (set, band)) in found.iter().zip(sets.iter().zip(bands)) {
            let id = self.or_new(work, *paragraph)?;
            self.here.insert(id);
            let voices = band.filter(|_| !set.is_empty());
            self.say(work, id, (*source, record), vec![HeardIn { consultation, voices }])?;
            // What a paper joined stays joined until the paper says otherwise.
            if !self.is_joined(id) || self.joined_here(id) {
                self.set(id, RecommendationState::Standing, None);
            }
        }
        Ok(())
    }

    /// The bands as they were counted with the first edition, of what rests on the same inputs still. Nothing is counted anew: two counts
    /// of sets that differ in one input would tell of that one.
    fn bands_of_first(
        &self,
        work: &mut Work,
        found: &[(Source, ParagraphId, ParagraphRecord)],
        sets: &[BTreeSet<InputId>],
    ) -> Result<Vec<Option<Band>>, Problem> {
        let editions = reports::editions::ids(work.conn, self.report.id)?;
        let Some(first) = editions.first().copied() else { return Ok(vec![None; sets.len()]) };
        let inputs = inputs_of(work, first)?;
        let texts = store::texts(work.conn, self.report.review_id)?;
        let band = |((_, paragraph, _), set): (&(Source, ParagraphId, ParagraphRecord), &_)| {
            let said = texts.get(&self.of(*paragraph)?)?;
            let text = said.iter().find(|text| text.edition_id == first)?;
            let is_same = inputs.get(&text.paragraph)? == set;
            text.heard_in.first()?.voices.filter(|_| is_same)
        };
        Ok(found.iter().zip(sets).map(band).collect())
    }

    /// Whether it was joined into another one of the same report.
    fn joined_here(&self, id: RecommendationId) -> bool {
        let into = self.all.get(&id).and_then(|one| one.joined_into);
        let into = into.and_then(|into| self.all.get(&into));
        into.is_some_and(|into| into.report_id == self.report.id)
    }

    fn paper(
        &mut self,
        work: &mut Work,
        found: &[(Source, ParagraphId, ParagraphRecord)],
    ) -> Result<(), Problem> {
        let texts = store::texts(work.conn, self.report.review_id)?;
        let place = |text: &RecommendationText| {
            let source = Source { edition_id: text.edition_id, number: text.paragraph };
            (source, text.recommendation_id)
        };
        let at: BTreeMap<Source, RecommendationId> = texts.values().flatten().map(place).collect();
        let mut rests: BTreeMap<u32, BTreeSet<RecommendationId>> = BTreeMap::new();
        for (number, source) in reports::editions::all_sources(work.conn, self.edition.id)? {
            if let Some(id) = at.get(&source) {
                rests.entry(number).or_default().insert(*id);
            }
        }
        // One that was split is the first of its parts, as a paragraph is; the others are recommendations of their own.
        let mut taken_over: BTreeMap<RecommendationId, ParagraphId> = BTreeMap::new();
        for (source, paragraph, _) in found {
            let of = rests.get(&source.number).filter(|of| of.len() == 1);
            let single = of.and_then(|of| of.first()).filter(|_| self.of(*paragraph).is_none());
            if let Some(single) = single {
                taken_over.entry(*single).or_insert(*paragraph);
            }
        }
        let mut joined = BTreeSet::new();
        for (source, paragraph, record) in found {
            let of = rests.remove(&source.number).unwrap_or_default();
            let heard = heard_in(of.iter().filter_map(|id| texts.get(id)?.last()));
            let is_here = |id: &&RecommendationId| taken_over.get(id) == Some(paragraph);
            if let Some(single) = of.iter().find(is_here) {
                self.say(work, *single, (*source, record), heard)?;
                continue;
            }
            let id = self.or_new(work, *paragraph)?;
            self.here.insert(id);
            self.say(work, id, (*source, record), heard)?;
            self.set(id, RecommendationState::Standing, None);
            for other in of.into_iter().filter(|one| *one != id && !taken_over.contains_key(one)) {
                self.set(other, RecommendationState::Joined, Some(id));
                joined.insert(other);
            }
        }
        self.part(work, &joined, &texts)
    }

    /// What this paper joined before and does not any more stands by itself again, if its own report still has it.
    fn part(
        &mut self,
        work: &mut Work,
        joined: &BTreeSet<RecommendationId>,
        texts: &BTreeMap<RecommendationId, Vec<RecommendationText>>,
    ) -> Result<(), Problem> {
        let parted = self.all.values().filter(|one| self.joined_here(one.id));
        let parted = parted.filter(|one| !joined.contains(&one.id));
        let parted: Vec<(RecommendationId, ReportId)> =
            parted.map(|one| (one.id, one.report_id)).collect();
        for (id, report) in parted {
            let newest = reports::editions::ids(work.conn, report)?.pop();
            let mut said = texts.get(&id).into_iter().flatten();
            let state = if said.any(|text| Some(text.edition_id) == newest) {
                RecommendationState::Standing
            } else {
                RecommendationState::Dropped
            };
            self.set(id, state, None);
        }
        Ok(())
    }

    /// What was in the report and is not in this edition is dropped, or went into another one.
    fn drop_gone(&mut self, work: &mut Work) -> Result<(), Problem> {
        let own = self.all.values().filter(|one| one.report_id == self.report.id);
        let gone = own.filter(|one| !self.here.contains(&one.id));
        let gone: Vec<(RecommendationId, ParagraphId)> =
            gone.map(|one| (one.id, one.paragraph_id)).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let merged: BTreeMap<ParagraphId, ParagraphId> =
            history::store::merged_away(work.conn, self.report.id)?.into_iter().collect();
        for (id, paragraph) in gone {
            if self.is_joined(id) && !self.joined_here(id) {
                continue;
            }
            let into = into(&merged, paragraph).and_then(|into| self.of(into));
            match into.filter(|into| self.here.contains(into)) {
                Some(into) => self.set(id, RecommendationState::Joined, Some(into)),
                None => self.set(id, RecommendationState::Dropped, None),
            }
        }
        Ok(())
    }
}

/// The paragraph that one went into in the end.
fn into(merged: &BTreeMap<ParagraphId, ParagraphId>, from: ParagraphId) -> Option<ParagraphId> {
    let (mut at, mut seen) = (*merged.get(&from)?, BTreeSet::from([from]));
    while let Some(next) = merged.get(&at).filter(|_| seen.insert(at)) {
        at = *next;
    }
    Some(at)
}

/// The inputs that each paragraph of an edition rests on, by its number.
fn inputs_of(
    work: &mut Work,
    edition: EditionId,
) -> Result<BTreeMap<u32, BTreeSet<InputId>>, Problem> {
    let mut inputs: BTreeMap<u32, BTreeSet<InputId>> = BTreeMap::new();
    for (number, input) in reports::editions::all_inputs(work.conn, edition)? {
        inputs.entry(number).or_default().insert(input);
    }
    Ok(inputs)
}

/// The consultations that several come from, each once. Voices of several are counted together nowhere: they are five or more where those
/// of one are, and unknown otherwise.
fn heard_in<'t>(texts: impl Iterator<Item = &'t RecommendationText>) -> Vec<HeardIn> {
    let mut heard: BTreeMap<ConsultationId, HeardIn> = BTreeMap::new();
    for one in texts.flat_map(|text| &text.heard_in) {
        heard
            .entry(one.consultation)
            .and_modify(|known| {
                let many = [known.voices, one.voices].contains(&Some(Band::FiveOrMore));
                known.voices = many.then_some(Band::FiveOrMore);
            })
            .or_insert(*one);
    }
    heard.into_values().collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn voices_of_several_are_never_told_as_fewer_than_they_may_be() {
        let (few, many) = (Some(Band::FewerThanFive), Some(Band::FiveOrMore));
        let text = |consultation: u128, voices| RecommendationText {
            recommendation_id: RecommendationId::new(Uuid::nil()),
            edition_id: EditionId::new(Uuid::nil()),
            paragraph: 1,
            text: String::new(),
            objectives: Vec::new(),
            heard_in: vec![HeardIn {
                consultation: ConsultationId::new(Uuid::from_u128(consultation)),
                voices,
            }],
            published_at: "2021-03-01T00:00:00Z".parse().unwrap(),
        };
        let told = |texts: &[RecommendationText]| -> Vec<Option<Band>> {
            heard_in(texts.iter()).into_iter().map(|one| one.voices).collect()
        };
        assert_eq!(told(&[text(1, few), text(2, few)]), [few, few]);
        assert_eq!(told(&[text(1, few), text(1, few)]), [None], "together they may be six");
        assert_eq!(told(&[text(1, few), text(1, many), text(1, None)]), [many]);
        assert_eq!(told(&[text(1, few), text(1, None)]), [None]);
    }
}
