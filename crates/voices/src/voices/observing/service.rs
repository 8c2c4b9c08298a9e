//! What a holder of a receipt may say of a draft. Every function takes the receipt, and none an account.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{MOST_OBSERVATIONS, OwnObservation, store};
use crate::consultations::ConsultationId;
use crate::inputs::hearings::service as hearings;
use crate::inputs::hearings::{HeardDraft, Observation, Observed};
use crate::problem::{Code, Problem};
use crate::vocabulary::{ClearanceCommentId, ClearanceRoundId, ContributionId};
use crate::voices::pool::service::Held;
use crate::voices::pool::{self, Deed};
use crate::voices::receipts::Holder;
use crate::voices::receipts::service::holder;
use crate::work::Work;

/// What a holder's request stands on: what waits of theirs, and of that and of what was mixed what is about drafts.
struct Scene<'h> {
    held: &'h Held,
    waiting: Vec<(ContributionId, ClearanceRoundId, &'h Observed)>,
    mixed: Vec<Observation>,
}

impl<'h> Scene<'h> {
    fn of(work: &mut Work, held: &'h Held) -> Result<Self, Problem> {
        let waiting = held.waiting.iter().filter_map(|(id, entry)| match &entry.deed {
            Deed::Observe { round, said } => Some((*id, *round, said)),
            _ => None,
        });
        Ok(Self { held, waiting: waiting.collect(), mixed: mixed(work, &held.holder)? })
    }

    /// What waits under this id; 409 for what was mixed, 404 for what is not theirs.
    fn found(&self, id: ContributionId) -> Result<(), Problem> {
        if self.waiting.iter().any(|(own, ..)| *own == id) {
            return Ok(());
        }
        if self.mixed.iter().any(|one| one.id.uuid() == id.uuid()) {
            let detail = "It was mixed: it stands among the comments on the draft as it is.";
            return Err(Problem::new(Code::InUse, detail));
        }
        Err(Problem::not_found("observation of yours"))
    }
}

/// What of the holder was mixed.
fn mixed(work: &mut Work, holder: &Holder) -> Result<Vec<Observation>, Problem> {
    let marks = store::marks(work.conn, holder.consultation)?;
    let own = marks.into_iter().filter(|(_, mark)| holder.knows(mark));
    let own: Vec<ClearanceCommentId> = own.map(|(id, _)| id).collect();
    hearings::some(work, &own)
}

/// Everything that was said by this receipt on drafts: first what waits.
pub fn own(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
) -> Result<Vec<OwnObservation>, Problem> {
    let held = Held::open(work, id, receipt)?;
    of(work, &held)
}

/// Everything that a holder said on drafts: first what waits.
pub(in crate::voices) fn of(work: &mut Work, held: &Held) -> Result<Vec<OwnObservation>, Problem> {
    let scene = Scene::of(work, held)?;
    shown(work, &scene)
}

fn shown(work: &mut Work, scene: &Scene<'_>) -> Result<Vec<OwnObservation>, Problem> {
    let mut known: BTreeMap<ClearanceRoundId, Option<HeardDraft>> = BTreeMap::new();
    let rounds = scene.waiting.iter().map(|(_, round, _)| *round);
    for round in rounds.chain(scene.mixed.iter().map(|one| one.round_id)) {
        if let Entry::Vacant(entry) = known.entry(round) {
            entry.insert(hearings::draft(work, round)?);
        }
    }
    let number = |round: &ClearanceRoundId, said: &Observed| {
        let draft = known.get(round).and_then(Option::as_ref)?;
        draft.portion(said.portion_id)?.number
    };
    let open = hearings::open(work, &scene.held.consultation)?.map(|hearing| hearing.round_id);
    let waiting = scene.waiting.iter().map(|(id, round, said)| {
        let update = (open == Some(*round)).then_some("update");
        OwnObservation {
            id: *id,
            paragraph: number(round, said),
            said: (*said).clone(),
            waits: true,
            answer: None,
            allowed_actions: update.into_iter().chain(["delete"]).collect(),
        }
    });
    let mixed = scene.mixed.iter().map(|one| OwnObservation {
        id: ContributionId::new(one.id.uuid()),
        paragraph: number(&one.round_id, &one.said),
        said: one.said.clone(),
        waits: false,
        answer: one.answer.clone(),
        allowed_actions: Vec::new(),
    });
    Ok(waiting.chain(mixed).collect())
}

/// One of them, as it stands now.
fn one(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    observation: ContributionId,
) -> Result<OwnObservation, Problem> {
    let found = own(work, id, receipt)?.into_iter().find(|one| one.id == observation);
    found.ok_or_else(|| Problem::not_found("observation of yours"))
}

/// Whether a text can be said of the draft that is open: as it would be kept.
pub fn check(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    said: Observed,
) -> Result<Observed, Problem> {
    let (consultation, _) = holder(work, id, receipt)?;
    hearings::checked(work, &consultation, said).map(|(_, said)| said)
}

/// Says something of the draft that participants are asked about, and whether it is new: what the same receipt said of the same portion
/// in the same words is the same observation.
pub fn observe(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    said: Observed,
) -> Result<(OwnObservation, bool), Problem> {
    let held = Held::change(work, id, receipt)?;
    let scene = Scene::of(work, &held)?;
    let (round, said) = hearings::checked(work, &held.consultation, said)?;
    let own = shown(work, &scene)?;
    if let Some(before) = own.into_iter().find(|one| one.said == said) {
        return Ok((before, false));
    }
    let waiting = scene.waiting.iter().filter(|(_, of, _)| *of == round).count();
    let mixed = scene.mixed.iter().filter(|one| one.round_id == round).count();
    if waiting + mixed >= MOST_OBSERVATIONS {
        let detail = format!(
            "{MOST_OBSERVATIONS} comments on this draft were made by this receipt; no more are taken. What waits can be changed."
        );
        return Err(Problem::new(Code::TooManyWaiting, detail));
    }
    let made = held.put(work, Deed::Observe { round, said })?;
    Ok((one(work, id, receipt, made)?, true))
}

/// Changes what waits, at once.
pub fn change(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    observation: ContributionId,
    said: Observed,
) -> Result<OwnObservation, Problem> {
    let held = Held::change(work, id, receipt)?;
    Scene::of(work, &held)?.found(observation)?;
    let (round, said) = hearings::checked(work, &held.consultation, said)?;
    held.replace(work, observation, Deed::Observe { round, said })?;
    one(work, id, receipt, observation)
}

/// Deletes what waits, at once.
pub fn delete(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    observation: ContributionId,
) -> Result<(), Problem> {
    let held = Held::change(work, id, receipt)?;
    Scene::of(work, &held)?.found(observation)?;
    pool::store::delete(work.conn, observation)
}
