//! What a holder of a receipt may do. Every function takes the receipt, and none an account: whoever is signed in besides was refused
//! before.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contribution, Mixed, Own, Supported};
use crate::consultations::{Activity, Consultation, ConsultationId, Phase};
use crate::inputs::contributed::{self, Said};
use crate::inputs::lineage::similar::{self, Similar};
use crate::inputs::wishes::Wish;
use crate::inputs::{Input, InputId, InputState, Step, reading, windows};
use crate::problem::{Code, Problem};
use crate::vocabulary::{ContributionId, VoiceId};
use crate::voices::counting::store::Row as VoiceRow;
use crate::voices::counting::{Late, VoiceRole, service as counted};
use crate::voices::mixing::service::{self as mixing, Schedule};
use crate::voices::observing;
use crate::voices::pool::service::Held;
use crate::voices::pool::{self, Deed, Entry};
use crate::voices::receipts::service::holder;
use crate::work::Work;

/// What a holder's request stands on: what waits of theirs, and their voices.
struct Scene {
    held: Held,
    voices: Vec<VoiceRow>,
}

impl Scene {
    fn of(work: &mut Work, held: Held) -> Result<Self, Problem> {
        let voices = counted::own(work, &held.holder)?;
        Ok(Self { held, voices })
    }

    fn open(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Self, Problem> {
        let held = Held::open(work, id, receipt)?;
        Self::of(work, held)
    }

    fn change(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Self, Problem> {
        let held = Held::change(work, id, receipt)?;
        Self::of(work, held)
    }

    fn contributed(&self) -> impl Iterator<Item = &VoiceRow> {
        self.voices.iter().filter(|row| row.role == VoiceRole::Contributor)
    }

    fn supports(&self) -> impl Iterator<Item = &VoiceRow> {
        self.voices.iter().filter(|row| row.role == VoiceRole::Supporter)
    }

    /// What waits about an input.
    fn about(&self, input: InputId) -> Option<&(ContributionId, Entry)> {
        self.held.waiting.iter().find(|(_, entry)| entry.deed.input() == Some(input))
    }

    /// What it is of theirs that has this id.
    fn found(&self, id: ContributionId) -> Result<Found, Problem> {
        let waits = self.held.waiting.iter().find(|(own, _)| *own == id);
        if let Some((_, Entry { deed: Deed::Contribute { moment, .. }, .. })) = waits {
            return Ok(Found::Waiting { moment: *moment });
        }
        let input = InputId::new(id.uuid());
        let voice = self.contributed().find(|row| row.input_id == input);
        let voice = voice.ok_or_else(|| Problem::not_found("contribution of yours"))?;
        Ok(Found::Mixed { input, voice: voice.id })
    }

    /// Puts a deed about an input, in the place of whatever waits about it.
    fn put_about(&self, work: &mut Work, input: InputId, deed: Deed) -> Result<(), Problem> {
        match self.about(input) {
            Some((id, _)) => self.held.replace(work, *id, deed),
            None => self.held.put(work, deed).map(|_| ()),
        }
    }
}

enum Found {
    Waiting { moment: Option<windows::Moment> },
    Mixed { input: InputId, voice: VoiceId },
}

/// Everything that was done by this receipt, with what became of it.
pub fn own(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Own, Problem> {
    let held = Held::open(work, id, receipt)?;
    let observations = observing::service::of(work, &held)?;
    let scene = Scene::of(work, held)?;
    let contributions = shown(work, &scene)?;
    let supports = supports(work, &scene)?;
    Ok(Own { contributions, supports, observations })
}

fn shown(work: &mut Work, scene: &Scene) -> Result<Vec<Contribution>, Problem> {
    let mut contributions = Vec::new();
    for (id, entry) in &scene.held.waiting {
        let Deed::Contribute { said, moment } = &entry.deed else { continue };
        contributions.push(Contribution {
            id: *id,
            said: said.clone(),
            moment: *moment,
            mixed: None,
            unfit: contributed::unfit(work, &scene.held.consultation, said)?,
            allowed_actions: waiting_actions(&scene.held.consultation),
        });
    }
    let ids: Vec<InputId> = scene.contributed().map(|row| row.input_id).collect();
    let mut wishes = contributed::wishes(work, &ids)?;
    for (_, input) in reading::by_ids(work.conn, &ids)? {
        let row = scene.contributed().find(|row| row.input_id == input.id);
        let wish = wishes.remove(&input.id);
        contributions.push(mixed(work, scene, input, row, wish)?);
    }
    Ok(contributions)
}

fn mixed(
    work: &mut Work,
    scene: &Scene,
    input: Input,
    row: Option<&VoiceRow>,
    wish: Option<Wish>,
) -> Result<Contribution, Problem> {
    let waits = scene.about(input.id).map(|(_, entry)| &entry.deed);
    let change = match waits {
        Some(Deed::Change { said, .. }) => Some(said.clone()),
        _ => None,
    };
    let withdrawal_waits = matches!(waits, Some(Deed::Withdraw { .. }));
    let mut allowed_actions = Vec::new();
    if input.state != InputState::Withdrawn && !withdrawal_waits {
        if may_change(work, &scene.held.consultation, &input)? {
            allowed_actions.push(Step::Update.as_str());
        }
        allowed_actions.push(Step::Withdraw.as_str());
    }
    let wish = wish.filter(Wish::came_late);
    let late = match &wish {
        Some(_) => Some(Late::Withdrawal),
        None => row.and_then(|row| row.late),
    };
    Ok(Contribution {
        id: ContributionId::new(input.id.uuid()),
        said: Said::of(&input),
        moment: input.moment,
        mixed: Some(Mixed {
            state: input.state,
            question: input.question,
            reason_code: input.reason_code,
            note: input.note,
            change,
            withdrawal_waits,
            late,
            kept_because: wish.and_then(|wish| wish.reason),
        }),
        unfit: None,
        allowed_actions,
    })
}

fn waiting_actions(consultation: &Consultation) -> Vec<&'static str> {
    let update = consultation.require(Activity::SubmitInputs).is_ok();
    let update = update.then_some(Step::Update.as_str());
    update.into_iter().chain([Step::Withdraw.as_str()]).collect()
}

fn may_change(
    work: &mut Work,
    consultation: &Consultation,
    input: &Input,
) -> Result<bool, Problem> {
    let activity = change_activity(input);
    Ok(consultation.require(activity).is_ok() && contributed::may_change(work, input)?)
}

/// A question can be answered as long as answers are still read.
const fn change_activity(input: &Input) -> Activity {
    match input.state {
        InputState::Returned => Activity::TriageInputs,
        _ => Activity::SubmitInputs,
    }
}

fn supports(work: &mut Work, scene: &Scene) -> Result<Vec<Supported>, Problem> {
    let waiting = scene.held.waiting.iter().filter_map(|(_, entry)| match &entry.deed {
        Deed::Support { input } => Some((*input, true)),
        _ => None,
    });
    let standing = scene.supports().map(|row| (row.input_id, scene.about(row.input_id).is_some()));
    let supported: BTreeMap<InputId, bool> = waiting.chain(standing).collect();
    let ids: BTreeSet<InputId> = supported.keys().copied().collect();
    let shown = contributed::supportable(work, &ids)?;
    let shown: Vec<InputId> = shown.into_iter().collect();
    let bodies: BTreeMap<InputId, String> =
        reading::load(work.conn, &shown)?.into_iter().map(|input| (input.id, input.body)).collect();
    Ok(supported
        .into_iter()
        .map(|(input, waits)| Supported { input, body: bodies.get(&input).cloned(), waits })
        .collect())
}

/// The inputs that this receipt brought in.
pub fn own_inputs(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
) -> Result<Vec<Input>, Problem> {
    let (_, holder) = holder(work, id, receipt)?;
    let voices = counted::own(work, &holder)?;
    let said = voices.iter().filter(|row| row.role == VoiceRole::Contributor);
    let ids: Vec<InputId> = said.map(|row| row.input_id).collect();
    Ok(reading::by_ids(work.conn, &ids)?.into_iter().map(|(_, input)| input).collect())
}

/// When the consultation is mixed.
pub fn schedule(work: &mut Work, id: ConsultationId) -> Result<Schedule, Problem> {
    mixing::schedule(work, id)
}

/// One contribution of this receipt.
pub fn see(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    contribution: ContributionId,
) -> Result<Contribution, Problem> {
    let scene = Scene::open(work, id, receipt)?;
    one(work, &scene, contribution)
}

fn one(
    work: &mut Work,
    scene: &Scene,
    contribution: ContributionId,
) -> Result<Contribution, Problem> {
    let own = shown(work, scene)?;
    let found = own.into_iter().find(|one| one.id == contribution);
    found.ok_or_else(|| Problem::not_found("contribution of yours"))
}

/// Something is contributed, and whether it is new: what the same receipt said before, in the same words, is the same contribution.
/// That is how a retry is known, and no key of it is kept.
pub fn contribute(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    said: &Said,
) -> Result<(Contribution, bool), Problem> {
    let scene = Scene::change(work, id, receipt)?;
    let said = contributed::checked(work, &scene.held.consultation, said)?;
    let before = shown(work, &scene)?.into_iter().find(|one| {
        let (now, then) = (&one.said, one.mixed.as_ref().and_then(|mixed| mixed.change.as_ref()));
        same(now, &said) || then.is_some_and(|then| same(then, &said))
    });
    if let Some(before) = before {
        return Ok((before, false));
    }
    scene.held.consultation.require(Activity::SubmitInputs)?;
    let moment = windows::require_open(work, &scene.held.consultation)?;
    let deed = Deed::Contribute { said, moment };
    let made = scene.held.put(work, deed)?;
    let scene = Scene::open(work, id, receipt)?;
    Ok((one(work, &scene, made)?, true))
}

/// Whether the same is said in the same words.
fn same(one: &Said, other: &Said) -> bool {
    one.body == other.body && one.language == other.language
}

/// Changes what waits, at once; or an input, or answers the question about it, when that is mixed.
pub fn change(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    contribution: ContributionId,
    said: &Said,
) -> Result<Contribution, Problem> {
    let scene = Scene::change(work, id, receipt)?;
    let said = contributed::checked(work, &scene.held.consultation, said)?;
    match scene.found(contribution)? {
        Found::Waiting { moment, .. } => {
            scene.held.consultation.require(Activity::SubmitInputs)?;
            let deed = Deed::Contribute { said, moment };
            scene.held.replace(work, contribution, deed)?;
        }
        Found::Mixed { input, voice } => {
            let inputs = reading::load(work.conn, &[input])?;
            let standing =
                inputs.first().ok_or_else(|| Problem::not_found("contribution of yours"))?;
            scene.held.consultation.require(change_activity(standing))?;
            standing.state.step(Step::Update)?;
            if !contributed::may_change(work, standing)? {
                let detail = "A report rests on it already: take it back, or contribute what is to be said besides.";
                return Err(Problem::new(Code::InUse, detail));
            }
            scene.put_about(work, input, Deed::Change { input, voice, said })?;
        }
    }
    let scene = Scene::open(work, id, receipt)?;
    one(work, &scene, contribution)
}

/// Takes a contribution back: what waits is gone at once, an input when that is mixed.
pub fn take_back(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    contribution: ContributionId,
) -> Result<Option<Contribution>, Problem> {
    let scene = Scene::change(work, id, receipt)?;
    match scene.found(contribution)? {
        Found::Waiting { .. } => {
            pool::store::delete(work.conn, contribution)?;
            Ok(None)
        }
        Found::Mixed { input, voice } => {
            let inputs = reading::load(work.conn, &[input])?;
            let withdrawn = inputs.iter().all(|input| input.state == InputState::Withdrawn);
            if !withdrawn {
                scene.put_about(work, input, Deed::Withdraw { input, voice })?;
            }
            let scene = Scene::open(work, id, receipt)?;
            one(work, &scene, contribution).map(Some)
        }
    }
}

/// What was accepted already that says about the same as a text.
pub fn similar_to(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    body: &str,
    language: &str,
) -> Result<Vec<Similar>, Problem> {
    holder(work, id, receipt)?;
    similar::similar_to_text(work, id, body, language)
}

/// Says the same as an input that is accepted and may be shown; once, however often it is asked for.
pub fn support(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    input: InputId,
) -> Result<(), Problem> {
    let scene = Scene::change(work, id, receipt)?;
    require_supportable(work, &scene, input)?;
    scene.held.consultation.require(Activity::SubmitInputs)?;
    let origins = reading::origins(work.conn, &[input])?;
    let said = |id: &InputId| scene.contributed().any(|row| row.input_id == *id);
    if said(&input) || origins.values().flatten().any(said) {
        let detail = "It is your own: your voice is in it.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    let standing = scene.supports().any(|row| row.input_id == input);
    match (standing, scene.about(input)) {
        // Taking it back waits, and is taken back itself.
        (true, Some((waits, _))) => pool::store::delete(work.conn, *waits),
        (true, None) | (false, Some(_)) => Ok(()),
        (false, None) => scene.held.put(work, Deed::Support { input }).map(|_| ()),
    }
}

fn require_supportable(work: &mut Work, scene: &Scene, input: InputId) -> Result<(), Problem> {
    let shown = contributed::supportable(work, &BTreeSet::from([input]))?;
    let inputs = reading::load(work.conn, &[input])?;
    let here = inputs.iter().any(|one| one.consultation_id == scene.held.consultation.id);
    if here && shown.contains(&input) { Ok(()) } else { Err(Problem::not_found("input")) }
}

/// Takes support back; 404 when there is none.
pub fn unsupport(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    input: InputId,
) -> Result<(), Problem> {
    let scene = Scene::change(work, id, receipt)?;
    if scene.held.consultation.phase == Phase::Published {
        let detail = "Support can be taken back until the report is published.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    let voice = scene.supports().find(|row| row.input_id == input).map(|row| row.id);
    match (voice, scene.about(input)) {
        (None, Some((waits, Entry { deed: Deed::Support { .. }, .. }))) => {
            pool::store::delete(work.conn, *waits)
        }
        (Some(_), Some(_)) => Ok(()),
        (Some(voice), None) => scene.held.put(work, Deed::Unsupport { input, voice }).map(|_| ()),
        (None, _) => Err(Problem::not_found("support of yours")),
    }
}
