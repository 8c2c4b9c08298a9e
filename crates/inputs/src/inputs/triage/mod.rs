//! Triage: deciding on one input or many, claiming one so that two do not do the same, undoing, and the full history.
//! Knows nothing of who contributed what.

use std::collections::BTreeSet;

use super::content::{self, Translation};
use super::history::{self, Before, Event, InputEventKind};
use super::service::{for_readers, hold, open, place};
use super::submission::today;
use super::{Addressee, BatchId, Care, Input, InputId, InputState, lineage};
use crate::access::Permission;
use crate::accounts::{self, AccountId};
use crate::consultations::{Activity, Consultation, ConsultationId};
use crate::db::types::Timestamp;
use crate::inputs;
use crate::problem::{At, Checks, Code, Problem, require_version};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::vocabulary::Versioned;
use crate::work::Work;
use decisions::Decision;

pub(super) mod board;
pub(super) mod claims;
pub mod decisions;
pub(super) mod http;

/// How long a claim holds.
const CLAIM_MINUTES: i64 = 15;
/// Inputs of one decision at most.
pub const MOST: usize = 500;

/// Whoever may triage the input's place accepts it, returns it, sets it aside, or undoes that.
pub fn decide(
    work: &mut Work,
    id: InputId,
    version: i64,
    decision: Decision,
) -> Result<Input, Problem> {
    hold(work, id)?;
    let (input, consultation) = super::service::found(work, id)?;
    decision.check()?;
    let batch = work.ids.next();
    decide_one(work, &consultation, input, version, decision, batch)
}

/// A decision on many.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// Which, each in the version that was seen.
    pub inputs: Vec<Versioned<InputId>>,
    /// What is decided on each.
    pub decision: Decision,
}

/// Decides on many at once: all of them or none. The batch undoes it. The problem names every input that is in the way.
pub fn decide_many(
    work: &mut Work,
    id: ConsultationId,
    bulk: &Bulk,
) -> Result<(BatchId, Vec<Input>), Problem> {
    let consultation = for_readers(work, id)?;
    work.lock(id.uuid())?;
    bulk.decision.check()?;
    if bulk.inputs.is_empty() || bulk.inputs.len() > MOST {
        return Err(Problem::invalid("/inputs", format!("must be from 1 to {MOST} inputs")));
    }
    let batch = work.ids.next();
    let (mut decided, mut refused, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (index, one) in bulk.inputs.iter().enumerate() {
        let result = if seen.insert(one.id) {
            of_consultation(work, &consultation, one.id).and_then(|input| {
                decide_one(work, &consultation, input, one.version, bulk.decision.clone(), batch)
            })
        } else {
            Err(Problem::invalid("", "is there twice"))
        };
        match result {
            Ok(input) => decided.push(input),
            Err(problem) => refused.push((index, problem.as_refusal()?)),
        }
    }
    if refused.is_empty() {
        Ok((batch, decided))
    } else {
        Err(refusals(&refused, bulk.inputs.len()))
    }
}

/// 422 when one is named that is not there, 412 when some have changed, 409 otherwise; with each input that is in the way.
fn refusals(refused: &[(usize, Problem)], all: usize) -> Problem {
    let worst = [Code::InvalidValue, Code::VersionMismatch];
    let has = |code: &&Code| refused.iter().any(|(_, problem)| problem.code() == **code);
    let first = refused.first().map_or(Code::Internal, |(_, problem)| problem.code());
    let code = worst.iter().find(has).copied().unwrap_or(first);
    let detail = format!(
        "{} of {all} inputs cannot be decided on like this; nothing was done. `errors` says why.",
        refused.len()
    );
    let at = |(index, problem): &(usize, Problem)| At {
        pointer: format!("/inputs/{index}"),
        code: problem.code().kind().code.to_owned(),
        detail: problem.detail().to_owned(),
    };
    Problem::new(code, detail).with_errors(refused.iter().map(at).collect())
}

/// An input of the consultation; 422 for one that is not.
pub(super) fn of_consultation(
    work: &mut Work,
    consultation: &Consultation,
    id: InputId,
) -> Result<Input, Problem> {
    let found = inputs::store::by_ids(work.conn, &[id])?.pop().map(|(_, input)| input);
    found
        .filter(|input| input.consultation_id == consultation.id)
        .ok_or_else(|| Problem::invalid("", "is no input of this consultation"))
}

/// The caller, who may triage this input now and whom nobody's claim keeps from it.
pub(super) fn triaging(
    work: &mut Work,
    consultation: &Consultation,
    input: &Input,
) -> Result<AccountId, Problem> {
    let account = work.caller.signed_in()?;
    work.require(Permission::TriageInputs, &place(input, consultation))?;
    consultation.require(Activity::TriageInputs)?;
    let claim = claims::of(work.conn, &[input.id], work.now)?.pop();
    match claim {
        Some((_, (by, until))) if by != account => Err(claimed(work, by, until)?),
        _ => Ok(account),
    }
}

fn claimed(work: &mut Work, by: AccountId, until: Timestamp) -> Result<Problem, Problem> {
    let name = accounts::service::load(work, by)?.name;
    let detail = format!("{name} is working on it until {} UTC.", until.utc().format("%H:%M"));
    Ok(Problem::new(Code::Claimed, detail))
}

fn decide_one(
    work: &mut Work,
    consultation: &Consultation,
    input: Input,
    version: i64,
    decision: Decision,
    batch: BatchId,
) -> Result<Input, Problem> {
    let account = triaging(work, consultation, &input)?;
    require_version(input.version, version)?;
    if decision.step() == super::Step::Return && input.derived {
        let detail =
            "It was merged or split from others: return one of its origins, after undoing that.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    let before = input.clone();
    let after = decision.clone().taken(input, account)?;
    let (kind, action) = match decision {
        Decision::Accept if after.state == InputState::Submitted => {
            (InputEventKind::ReadFirst, "input.read_first")
        }
        Decision::Accept => (InputEventKind::Accepted, "input.accepted"),
        Decision::Return { .. } => (InputEventKind::Returned, "input.returned"),
        Decision::SetAside { .. } => (InputEventKind::SetAside, "input.set_aside"),
        Decision::Reopen => (InputEventKind::Reopened, "input.reopened"),
    };
    inputs::store::update(work.conn, &after)?;
    note(work, consultation, &before, &after, kind, Some(batch))?;
    claims::delete(work.conn, after.id)?;
    work.audit(action, "input", after.id);
    Ok(after)
}

/// Notes a step that the caller took as one of the team.
pub(super) fn note(
    work: &mut Work,
    consultation: &Consultation,
    before: &Input,
    after: &Input,
    kind: InputEventKind,
    batch: Option<BatchId>,
) -> Result<(), Problem> {
    let event = Event {
        input_id: after.id,
        version: after.version,
        kind,
        actor: work.caller.id(),
        on_day: Some(today(work, consultation)),
        batch,
        before: Before::of(before),
    };
    history::store::insert(work.conn, event)
}

/// The caller works on an input for a quarter of an hour: nobody else decides on it meanwhile. Claiming again prolongs it.
pub fn claim(work: &mut Work, id: InputId) -> Result<Input, Problem> {
    hold(work, id)?;
    let (input, consultation) = super::service::found(work, id)?;
    let account = triaging(work, &consultation, &input)?;
    let until = work.now.plus(chrono::Duration::minutes(CLAIM_MINUTES));
    claims::put(work.conn, id, (account, until))?;
    work.audit("input.claimed", "input", id);
    Ok(input)
}

/// The caller does not work on it any more; somebody else's claim stays.
pub fn release(work: &mut Work, id: InputId) -> Result<Input, Problem> {
    hold(work, id)?;
    let (input, consultation) = super::service::found(work, id)?;
    triaging(work, &consultation, &input)?;
    claims::delete(work.conn, id)?;
    work.audit("input.released", "input", id);
    Ok(input)
}

/// What the team corrects in an input without touching its contributor's words; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Sorting {
    /// Other objectives.
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// Another kind of contribution.
    pub category_id: Option<CategoryId>,
    /// A translation beside the original, or none.
    pub translation: Option<Option<Translation>>,
    /// To whom it is addressed.
    pub addressees: Option<Vec<Addressee>>,
    /// How carefully it must be handled; a flag that its contributor set can be added to and not taken away.
    pub care: Option<Care>,
}

/// Sorts an input anew: another objective or category, a translation, a flag.
pub fn sort(
    work: &mut Work,
    id: InputId,
    version: i64,
    sorting: &Sorting,
) -> Result<Input, Problem> {
    hold(work, id)?;
    let (input, consultation) = super::service::found(work, id)?;
    triaging(work, &consultation, &input)?;
    require_version(input.version, version)?;
    if !matches!(input.state, InputState::Submitted | InputState::Accepted | InputState::Returned) {
        let detail = format!(
            "It is {}; sorting is possible from submitted, accepted, returned.",
            input.state
        );
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    if let Some(Some(translation)) = &sorting.translation {
        let mut checks = Checks::new();
        content::check_words(&translation.body, &translation.language, "/translation", &mut checks);
        checks.finish()?;
    }
    let kept = input.care;
    let care = sorting.care.map_or(kept, |care| Care {
        testimony: kept.testimony || care.testimony,
        sensitive: kept.sensitive || care.sensitive,
        do_not_quote: kept.do_not_quote || care.do_not_quote,
    });
    let before = input.clone();
    let mut objectives = sorting.objectives.clone().unwrap_or_else(|| input.objectives.clone());
    let category_id = sorting.category_id.unwrap_or(input.category_id);
    let about = content::NewInput::written(objectives.clone(), category_id, "-".to_owned());
    super::submission::checked(work, &consultation, about)?;
    objectives.sort_unstable();
    let after = Input {
        objectives,
        category_id,
        translation: sorting.translation.clone().unwrap_or_else(|| input.translation.clone()),
        addressees: sorting.addressees.clone().unwrap_or_else(|| input.addressees.clone()),
        care,
        version: version + 1,
        ..input
    };
    inputs::store::rewrite(work.conn, &after)?;
    note(work, &consultation, &before, &after, InputEventKind::Edited, None)?;
    work.audit("input.sorted", "input", id);
    Ok(after)
}

/// Everything that happened to an input, for who may read inputs.
pub fn history(work: &mut Work, id: InputId) -> Result<Vec<Event>, Problem> {
    work.caller.signed_in()?;
    super::service::found(work, id)?;
    history::store::of_input(work.conn, id)
}

/// Undoes what was done together: each input stands as before. Refused whole when one of them has changed since, or when
/// what was made by merging or splitting is used in a report.
pub fn undo(work: &mut Work, id: ConsultationId, batch: BatchId) -> Result<Vec<Input>, Problem> {
    let consultation = open(work, id)?;
    work.caller.signed_in()?;
    work.lock(id.uuid())?;
    let events = history::store::of_batch(work.conn, batch)?;
    let ids: Vec<InputId> = events.iter().map(|event| event.input_id).collect();
    let mut inputs = Vec::new();
    for (_, input) in inputs::store::by_ids(work.conn, &ids)? {
        if input.consultation_id == consultation.id {
            inputs.push(input);
        }
    }
    if inputs.is_empty() {
        return Err(Problem::not_found("batch of decisions in this consultation"));
    }
    for input in &inputs {
        triaging(work, &consultation, input)?;
    }
    require_untouched(&events, &inputs)?;
    lineage::unmake(work, &events)?;
    let mut restored = Vec::new();
    for event in events.into_iter().filter(|event| event.kind != InputEventKind::Derived) {
        let Some(input) = inputs.iter().find(|input| input.id == event.input_id) else { continue };
        let after = event.before.again(input.clone());
        inputs::store::update(work.conn, &after)?;
        note(work, &consultation, input, &after, InputEventKind::Undone, None)?;
        work.audit("input.undone", "input", after.id);
        restored.push(after);
    }
    Ok(restored)
}

fn require_untouched(events: &[Event], inputs: &[Input]) -> Result<(), Problem> {
    let changed = events.iter().filter(|event| {
        let input = inputs.iter().find(|input| input.id == event.input_id);
        input.is_none_or(|input| input.version != event.version)
    });
    let errors: Vec<At> = changed
        .map(|event| At {
            pointer: format!("/inputs/{}", event.input_id),
            code: Code::VersionMismatch.kind().code.to_owned(),
            detail: "has changed since; decide on it by itself".to_owned(),
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let detail = "Some of the inputs have changed since; nothing was undone. `errors` names them.";
    Err(Problem::new(Code::VersionMismatch, detail).with_errors(errors))
}
