//! What a holder of a receipt may say of a draft. Every function takes the receipt, and none an account.

use std::collections::BTreeMap;

use super::{MOST_OBSERVATIONS, OwnObservation, store};
use crate::consultations::{Consultation, ConsultationId};
use crate::inputs::hearings::service as hearings;
use crate::inputs::hearings::{Hearing, Observation, Observed};
use crate::problem::{Code, Problem};
use crate::vocabulary::{ClearanceCommentId, ClearanceRoundId, ContributionId};
use crate::voices::counting::service as counted;
use crate::voices::mixing::service as mixing;
use crate::voices::pool::{self, Deed, Entry, service as pooled};
use crate::voices::receipts::Holder;
use crate::voices::receipts::service::holder;
use crate::work::Work;

/// What of a holder waits and was mixed, as far as it is about drafts; and how much else of theirs waits.
struct Scene {
    consultation: Consultation,
    holder: Holder,
    waiting: Vec<(ContributionId, ClearanceRoundId, Observed)>,
    all_waiting: usize,
    mixed: Vec<Observation>,
}

impl Scene {
    fn open(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Self, Problem> {
        let (consultation, holder) = holder(work, id, receipt)?;
        let entries = pooled::own(work, &holder)?;
        let all_waiting = entries.len();
        let mixed = mixed(work, &holder)?;
        Ok(Self { consultation, holder, waiting: observed(entries), all_waiting, mixed })
    }

    /// As [`Scene::open`], with the lock of the mixing: for a change.
    fn change(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Self, Problem> {
        // Who has no receipt keeps nobody waiting.
        holder(work, id, receipt)?;
        mixing::lock(work, id)?;
        let scene = Self::open(work, id, receipt)?;
        if counted::is_refused(work, id, scene.holder.voice)? {
            let detail = "Nothing is taken by this receipt any more.";
            return Err(Problem::new(Code::Forbidden, detail));
        }
        Ok(scene)
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

fn observed(
    entries: Vec<(ContributionId, Entry)>,
) -> Vec<(ContributionId, ClearanceRoundId, Observed)> {
    let observed = |(id, entry): (ContributionId, Entry)| match entry.deed {
        Deed::Observe { round, said } => Some((id, round, said)),
        _ => None,
    };
    entries.into_iter().filter_map(observed).collect()
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
    let scene = Scene::open(work, id, receipt)?;
    shown(work, &scene)
}

fn shown(work: &mut Work, scene: &Scene) -> Result<Vec<OwnObservation>, Problem> {
    let mut known: BTreeMap<ClearanceRoundId, Option<Hearing>> = BTreeMap::new();
    let rounds = scene.waiting.iter().map(|(_, round, _)| *round);
    for round in rounds.chain(scene.mixed.iter().map(|one| one.round_id)) {
        if let std::collections::btree_map::Entry::Vacant(entry) = known.entry(round) {
            entry.insert(hearings::of_round(work, round)?);
        }
    }
    let number = |round: &ClearanceRoundId, said: &Observed| {
        let hearing = known.get(round).and_then(Option::as_ref)?;
        hearing.portion(said.portion_id)?.number
    };
    let open = hearings::open(work, &scene.consultation)?.map(|hearing| hearing.round_id);
    let waiting = scene.waiting.iter().map(|(id, round, said)| {
        let update = (open == Some(*round)).then_some("update");
        OwnObservation {
            id: *id,
            paragraph: number(round, said),
            said: said.clone(),
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

fn one(work: &mut Work, scene: &Scene, id: ContributionId) -> Result<OwnObservation, Problem> {
    let found = shown(work, scene)?.into_iter().find(|one| one.id == id);
    found.ok_or_else(|| Problem::not_found("observation of yours"))
}

/// Whether a text can be said of the draft that is open: as it would be kept, with the hearing.
pub fn check(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    said: Observed,
) -> Result<Observed, Problem> {
    let (consultation, _) = holder(work, id, receipt)?;
    hearings::require_open(work, &consultation)?.checked(said)
}

/// Says something of the draft that participants are asked about, and whether it is new: what the same receipt said of the same portion
/// in the same words is the same observation.
pub fn observe(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    said: Observed,
) -> Result<(OwnObservation, bool), Problem> {
    let scene = Scene::change(work, id, receipt)?;
    let hearing = hearings::require_open(work, &scene.consultation)?;
    let said = hearing.checked(said)?;
    let own = shown(work, &scene)?;
    if let Some(before) = own.into_iter().find(|one| one.said == said) {
        return Ok((before, false));
    }
    let round = hearing.round_id;
    let waiting = scene.waiting.iter().filter(|(_, of, _)| *of == round).count();
    let mixed = scene.mixed.iter().filter(|one| one.round_id == round).count();
    if waiting + mixed >= MOST_OBSERVATIONS {
        let detail = format!(
            "{MOST_OBSERVATIONS} comments on this draft were made by this receipt; no more are taken. What waits can be changed."
        );
        return Err(Problem::new(Code::TooManyWaiting, detail));
    }
    let deed = Deed::Observe { round, said };
    let made = pooled::put(work, &scene.holder, deed, scene.all_waiting)?;
    let scene = Scene::open(work, id, receipt)?;
    Ok((one(work, &scene, made)?, true))
}

/// Changes what waits, at once.
pub fn change(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    observation: ContributionId,
    said: Observed,
) -> Result<OwnObservation, Problem> {
    let scene = Scene::change(work, id, receipt)?;
    scene.found(observation)?;
    let hearing = hearings::require_open(work, &scene.consultation)?;
    let deed = Deed::Observe { round: hearing.round_id, said: hearing.checked(said)? };
    pooled::replace(work, &scene.holder, observation, deed)?;
    let scene = Scene::open(work, id, receipt)?;
    one(work, &scene, observation)
}

/// Deletes what waits, at once.
pub fn delete(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    observation: ContributionId,
) -> Result<(), Problem> {
    let scene = Scene::change(work, id, receipt)?;
    scene.found(observation)?;
    pool::store::delete(work.conn, observation)
}
