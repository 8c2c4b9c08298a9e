//! What a caller may do with inputs. Reading them and deciding about them is apart from who said them: only
//! [`submit`] and [`record`] seal that, and only the contributor's own view, [`disclose`] and [`voices_band`] unseal it.
//!
//! What a contributor does is audited without saying who and on the consultation, not on the input: the log's times
//! would otherwise line up inputs with arrivals. No mail goes out about an input, for the same reason.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::{
    Band, Capacity, Decision, DisclosureReason, Filter, Input, InputChange, InputId, InputState,
    NewInput, Step, attribution, store,
};
use crate::access::{Permission, Scope};
use crate::accounts::{self, AccountId};
use crate::consultations::{self, Activity, Consultation, ConsultationId, Phase, WorkingGroupId};
use crate::db;
use crate::http::page::{Paging, Part};
use crate::problem::{Checks, Code, Problem};
use crate::registrations::{self, RegistrationState};
use crate::reviews;
use crate::work::Work;

pub use super::merging::account_merged;

/// An input and what the caller may do with it.
#[derive(Debug, Clone)]
pub struct View {
    /// The input.
    pub input: Input,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

/// Who stands behind an input, as far as is known.
#[derive(Debug, Clone)]
pub enum Disclosed {
    /// This person said it.
    Contributor {
        /// Their name.
        name: String,
        /// Their e-mail address.
        email: String,
    },
    /// It was recorded for a working group: who said it is not known.
    Recorded {
        /// The group.
        working_group_id: Option<WorkingGroupId>,
    },
}

/// [`record`] for who may record in the working group that is named, else [`submit`].
pub fn receive(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
) -> Result<Input, Problem> {
    let found = open(work, consultation)?;
    let group = new.working_group_id.map(|group| found.scope().group(group.uuid()));
    match group {
        Some(group) if work.may(Permission::RecordInputs, &group) => {
            record(work, consultation, new)
        }
        _ => submit(work, consultation, new),
    }
}

/// The caller contributes an input: with a confirmed registration, or with a role that may without one.
pub fn submit(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
) -> Result<Input, Problem> {
    let consultation = open(work, consultation)?;
    let account = work.caller.signed_in()?;
    if !work.may(Permission::SubmitInputs, &consultation.scope()) {
        require_confirmed(work, consultation.id, account)?;
    }
    bring_in(work, &consultation, new, account, Capacity::Contributor)
}

/// The caller writes down what was said in a working group's round. Who said it is not asked.
pub fn record(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewInput,
) -> Result<Input, Problem> {
    let consultation = open(work, consultation)?;
    let account = work.caller.signed_in()?;
    let Some(group) = new.working_group_id else {
        let detail = "must be given: inputs are recorded for a working group";
        return Err(Problem::invalid("/working_group_id", detail));
    };
    work.require(Permission::RecordInputs, &consultation.scope().group(group.uuid()))?;
    bring_in(work, &consultation, new, account, Capacity::Recorder)
}

fn require_confirmed(
    work: &mut Work,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<(), Problem> {
    let registration = registrations::service::of_account(work, consultation, account)?;
    let confirmed = registration.is_some_and(|found| found.state == RegistrationState::Confirmed);
    if confirmed {
        return Ok(());
    }
    let detail =
        "Inputs are taken from those whose registration for this consultation is confirmed.";
    Err(Problem::new(Code::Forbidden, detail))
}

fn bring_in(
    work: &mut Work,
    consultation: &Consultation,
    new: NewInput,
    account: AccountId,
    capacity: Capacity,
) -> Result<Input, Problem> {
    consultation.require(Activity::SubmitInputs)?;
    let new = checked(work, consultation, new)?;
    let input = Input {
        id: work.ids.unlinkable(),
        consultation_id: consultation.id,
        origin: new.origin,
        working_group_id: new.working_group_id,
        round_id: new.round_id,
        objectives: new.objectives,
        category_id: new.category_id,
        body: new.body,
        language: new.language,
        citations: new.citations,
        state: InputState::Submitted,
        question: None,
        reason: None,
        submitted_on: work.now.utc().with_timezone(&consultation.zone).date_naive(),
        version: 1,
    };
    store::insert(work.conn, &input, work.ids.place())?;
    attribution::seal(work.conn, input.id, account, capacity)?;
    let action = match capacity {
        Capacity::Contributor => "input.submitted",
        Capacity::Recorder => "input.recorded",
    };
    work.audit_unattributed(action, "consultation", consultation.id);
    Ok(input)
}

/// The parts of an input, cleaned, with its objectives in order; 422 naming everything that does not fit the consultation.
fn checked(
    work: &mut Work,
    consultation: &Consultation,
    new: NewInput,
) -> Result<NewInput, Problem> {
    let mut new = new.cleaned();
    let categories = reviews::service::categories(work, consultation.review_id)?;
    let categories: Vec<_> = categories.iter().map(|category| category.id).collect();
    let mut checks = Checks::new();
    new.check(&consultation.objectives, &categories, &mut checks);
    if let Some(group) = new.working_group_id {
        let groups = consultations::service::working_groups(work, consultation.id)?;
        let known = groups.iter().any(|known| known.id == group);
        let detail = "is not a working group of this consultation";
        checks.require(known, "/working_group_id", detail);
    }
    if let Some(round) = new.round_id {
        let rounds = consultations::service::rounds(work, consultation.id)?;
        let known = rounds.iter().any(|known| known.id == round);
        checks.require(known, "/round_id", "is not a round of this consultation");
    }
    checks.finish()?;
    new.objectives.sort_unstable();
    Ok(new)
}

/// A page of a consultation's inputs, unattributed, in their shuffled order. Does not touch the seal: what the caller could do as a contributor is not listed here.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Part<View>, Problem> {
    work.caller.signed_in()?;
    let consultation = open(work, consultation)?;
    work.require(Permission::ReadInputs, &consultation.scope())?;
    let after = paging.after_two()?;
    let rows = store::list(work.conn, consultation.id, filter, after, paging.load())?;
    let part = paging.finish(rows, key);
    Ok(part.map(|(_, input)| {
        let allowed_actions = triage_actions(work, &input, &consultation);
        View { input, allowed_actions }
    }))
}

/// One input, for who may read inputs or brought it in; else 404.
pub fn see(work: &mut Work, id: InputId) -> Result<View, Problem> {
    let (input, ..) = found(work, id)?;
    view(work, input)
}

/// An input with what the caller may do with it, their own rights as contributor included.
pub fn view(work: &mut Work, input: Input) -> Result<View, Problem> {
    let consultation = consultations::service::load(work, input.consultation_id)?;
    let mut allowed_actions = triage_actions(work, &input, &consultation);
    if is_own(work, input.id)? {
        allowed_actions.extend(own_actions(&input, &consultation));
    }
    Ok(View { input, allowed_actions })
}

/// A page of the inputs that the caller brought in, over all consultations, with what became of each.
pub fn own(work: &mut Work, paging: &Paging) -> Result<Part<View>, Problem> {
    let account = work.caller.signed_in()?;
    let after: Option<(i64, InputId)> = paging.after_two()?;
    let ids = attribution::own(work.conn, account)?;
    let rows = store::by_ids(work.conn, &ids)?;
    let rows = rows
        .into_iter()
        .filter(|(place, input)| after.is_none_or(|after| (*place, input.id) > after))
        .take(paging.limit + 1)
        .collect();
    let part = paging.finish(rows, key);
    let mut known: HashMap<ConsultationId, Consultation> = HashMap::new();
    for (_, input) in &part.items {
        if let Entry::Vacant(place) = known.entry(input.consultation_id) {
            place.insert(consultations::service::load(work, input.consultation_id)?);
        }
    }
    Ok(part.map(|(_, input)| {
        let consultation = known.get(&input.consultation_id);
        let allowed_actions =
            consultation.map(|consultation| own_actions(&input, consultation)).unwrap_or_default();
        View { input, allowed_actions }
    }))
}

/// The contributor changes an input that waits, or answers a question about it.
pub fn update(
    work: &mut Work,
    id: InputId,
    version: i64,
    change: &InputChange,
) -> Result<Input, Problem> {
    let (input, consultation) = own_of(work, id)?;
    current(&input, version)?;
    let state = input.state.step(Step::Update)?;
    // A question can be answered as long as answers are still read.
    consultation.require(match input.state {
        InputState::Returned => Activity::TriageInputs,
        _ => Activity::SubmitInputs,
    })?;
    let parts = checked(work, &consultation, change.of(&input))?;
    let input = Input {
        objectives: parts.objectives,
        category_id: parts.category_id,
        body: parts.body,
        language: parts.language,
        citations: parts.citations,
        state,
        version: version + 1,
        ..input
    };
    store::update(work.conn, &input)?;
    store::replace_objectives(work.conn, &input)?;
    work.audit_unattributed("input.updated", "consultation", consultation.id);
    Ok(input)
}

/// Whoever may triage the input's place accepts it, returns it, sets it aside, or undoes that.
pub fn decide(
    work: &mut Work,
    id: InputId,
    version: i64,
    decision: Decision,
) -> Result<Input, Problem> {
    hold(work, id)?;
    let (input, consultation, _) = found(work, id)?;
    work.require(Permission::TriageInputs, &place(&input, &consultation))?;
    consultation.require(Activity::TriageInputs)?;
    current(&input, version)?;
    decision.check()?;
    let action = match decision {
        Decision::Accept => "input.accepted",
        Decision::Return { .. } => "input.returned",
        Decision::SetAside { .. } => "input.set_aside",
        Decision::Reopen => "input.reopened",
    };
    let input = Input { version: version + 1, ..decision.taken(input)? };
    store::update(work.conn, &input)?;
    work.audit_unattributed(action, "input", id);
    Ok(input)
}

/// The contributor takes an input back, until the report is published. Its text is erased; that it was there is kept, for the paragraphs that rested on it.
pub fn withdraw(work: &mut Work, id: InputId, version: i64) -> Result<Input, Problem> {
    hold(work, id)?;
    let (input, consultation) = own_of(work, id)?;
    if consultation.phase == Phase::Published {
        let detail = "An input can be withdrawn until the report is published.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    current(&input, version)?;
    let input = Input {
        state: input.state.step(Step::Withdraw)?,
        body: String::new(),
        citations: Vec::new(),
        question: None,
        reason: None,
        version: version + 1,
        ..input
    };
    store::update(work.conn, &input)?;
    work.audit_unattributed("input.withdrawn", "consultation", consultation.id);
    Ok(input)
}

/// Who said an input, for who may ask that in the review. Audited with who asked and the reason's code.
pub fn disclose(
    work: &mut Work,
    id: InputId,
    reason: DisclosureReason,
) -> Result<Disclosed, Problem> {
    work.caller.signed_in()?;
    let (input, consultation) = load(work, id)?;
    let scope = consultation.scope();
    if !work.may(Permission::DiscloseContributors, &scope) {
        // 404 for whom there is no such input, 403 for who may know of it.
        found(work, id)?;
    }
    work.require(Permission::DiscloseContributors, &scope)?;
    let (account, capacity) = attribution::open(work.conn, id)?;
    let details = serde_json::json!({ "reason": reason.as_str() });
    work.audit_with("input.contributor_disclosed", "input", id, details);
    if capacity == Capacity::Recorder {
        return Ok(Disclosed::Recorded { working_group_id: input.working_group_id });
    }
    let account = accounts::service::load(work, account)?;
    Ok(Disclosed::Contributor { name: account.name, email: account.email.as_str().to_owned() })
}

/// How many voices stand behind inputs of one consultation. What was recorded for a group in one round counts as one voice: nobody knows whether it was more.
///
/// The bands of chosen sets can be compared with each other: whoever shows them keeps the sets to those that paragraphs cite.
pub fn voices_band(work: &mut Work, ids: &[InputId]) -> Result<Band, Problem> {
    let inputs = store::by_ids(work.conn, ids)?;
    let consultations: HashSet<_> = inputs.iter().map(|(_, input)| input.consultation_id).collect();
    for id in consultations {
        let consultation = consultations::service::load(work, id)?;
        work.require(Permission::ReadInputs, &consultation.scope())?;
    }
    let (people, recorded) = attribution::voices(work.conn, ids)?;
    let groups: HashSet<_> = inputs
        .iter()
        .filter(|(_, input)| recorded.contains(&input.id))
        .map(|(_, input)| (input.working_group_id, input.round_id))
        .collect();
    Ok(Band::of(people + groups.len()))
}

/// The consultation as the caller may know it.
fn open(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    consultations::service::see(work, id)
}

fn load(work: &mut Work, id: InputId) -> Result<(Input, Consultation), Problem> {
    let input = store::get(work.conn, id)?;
    let consultation = consultations::service::load(work, input.consultation_id)?;
    Ok((input, consultation))
}

/// Keeps the input's consultation from being published or moved on until the transaction ends.
fn hold(work: &mut Work, id: InputId) -> Result<(), Problem> {
    work.caller.signed_in()?;
    let input = store::get(work.conn, id)?;
    db::lock(work.conn, input.consultation_id.uuid())
}

/// The input, its consultation, and whether it is the caller's own; 404 unless it is, or the caller may read inputs.
fn found(work: &mut Work, id: InputId) -> Result<(Input, Consultation, bool), Problem> {
    work.caller.signed_in()?;
    let (input, consultation) = load(work, id)?;
    let own = is_own(work, id)?;
    if own || work.may(Permission::ReadInputs, &consultation.scope()) {
        return Ok((input, consultation, own));
    }
    Err(Problem::not_found("input"))
}

/// As [`found`], for its contributor only: 403 for others who may read it.
fn own_of(work: &mut Work, id: InputId) -> Result<(Input, Consultation), Problem> {
    match found(work, id)? {
        (input, consultation, true) => Ok((input, consultation)),
        _ => {
            let detail = "Only who brought an input in may change or withdraw it.";
            Err(Problem::new(Code::Forbidden, detail))
        }
    }
}

fn is_own(work: &mut Work, id: InputId) -> Result<bool, Problem> {
    match work.caller.id() {
        Some(account) => attribution::is_own(work.conn, account, id),
        None => Ok(false),
    }
}

fn current(input: &Input, version: i64) -> Result<(), Problem> {
    if input.version == version { Ok(()) } else { Err(Problem::stale(input.version)) }
}

/// Where an input is triaged: in its working group, or outside the groups.
fn place(input: &Input, consultation: &Consultation) -> Scope {
    match input.working_group_id {
        Some(group) => consultation.scope().group(group.uuid()),
        None => consultation.scope().outside_groups(),
    }
}

fn triage_actions(work: &Work, input: &Input, consultation: &Consultation) -> Vec<&'static str> {
    let mut actions = Vec::new();
    let open = consultation.require(Activity::TriageInputs).is_ok();
    if open && work.may(Permission::TriageInputs, &place(input, consultation)) {
        let steps = [Step::Accept, Step::Return, Step::SetAside, Step::Reopen];
        let possible = steps.iter().filter(|step| step.from().contains(&input.state));
        actions.extend(possible.map(|step| step.as_str()));
    }
    if work.may(Permission::DiscloseContributors, &consultation.scope()) {
        actions.push("disclose");
    }
    actions
}

fn own_actions(input: &Input, consultation: &Consultation) -> Vec<&'static str> {
    let activity = match input.state {
        InputState::Returned => Activity::TriageInputs,
        _ => Activity::SubmitInputs,
    };
    let change = consultation.require(activity).is_ok();
    let withdraw = consultation.phase != Phase::Published;
    [(Step::Update, change), (Step::Withdraw, withdraw)]
        .into_iter()
        .filter(|(step, open)| *open && step.from().contains(&input.state))
        .map(|(step, _)| step.as_str())
        .collect()
}

fn key((place, input): &(i64, Input)) -> Vec<String> {
    vec![place.to_string(), input.id.to_string()]
}
