//! What a caller may do with inputs. Reading them and deciding about them is apart from who said them: `submit` and
//! `record` (in [`super::submission`]) hand that to the port [`super::seal`], and of what it keeps only bands come back, and what is the caller's own.
//!
//! What a contributor does is audited without saying who and on the consultation, not on the input: the log's times
//! would otherwise line up inputs with arrivals. No mail goes out about an input, for the same reason.

use std::collections::HashMap;

use super::history::InputEventKind;
use super::triage::{board, claims};
use super::{Band, Filter, Input, InputChange, InputId, InputState, Step, seal, store};
use crate::access::{Permission, Scope};
use crate::consultations::{self, Activity, Consultation, ConsultationId, Phase, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::http::page::{Listing, Paging};
use crate::problem::{Code, Problem, require_version};
use crate::work::Work;
use crate::{db, inputs};
use crate::{terms, wording};

use super::submission::{checked, note};

/// An input and what the caller may do with it.
#[derive(Debug, Clone)]
pub struct View {
    /// The input.
    pub input: Input,
    /// How many voices are in it, as a band; for who reads inputs as a part of the team.
    pub voices: Option<Band>,
    /// That one of the team is working on it.
    pub claim: Option<Claim>,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

/// That one of the team is working on an input.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Whether it is the caller.
    pub mine: bool,
    /// Until when.
    pub until: Timestamp,
}

/// A page of a consultation's inputs, unattributed, in their shuffled order. Does not tell what is the caller's own: what
/// they could do as a contributor is not listed here.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<View>, Problem> {
    let consultation = for_readers(work, consultation)?;
    let words = filter.query()?;
    let mut after: Option<(i64, InputId)> = paging.after_two()?;
    let mut rows = Vec::new();
    // A phrase is found by its words; whether they stand together is read in the text.
    loop {
        let part = store::list(work.conn, consultation.id, filter, after, paging.load())?;
        let whole = part.len() < paging.limit + 1;
        after = part.last().map(|(place, input)| (*place, input.id));
        rows.extend(part.into_iter().filter(|(_, input)| {
            words.as_ref().is_none_or(|words| !words.needs_check() || holds(words, input))
        }));
        if whole || rows.len() > paging.limit {
            break;
        }
    }
    let part = paging.finish(rows, key);
    views(work, &consultation, part)
}

fn holds(words: &terms::Query, input: &Input) -> bool {
    let translation = input.translation.iter().map(|text| text.body.as_str());
    let whole: Vec<&str> = std::iter::once(input.body.as_str()).chain(translation).collect();
    words.holds(&wording::plain(&whole.join("\n\n")))
}

/// The inputs of a page with their voices, claims and what the caller may do.
fn views(
    work: &mut Work,
    consultation: &Consultation,
    part: Listing<(i64, Input)>,
) -> Result<Listing<View>, Problem> {
    let ids: Vec<InputId> = part.items.iter().map(|(_, input)| input.id).collect();
    let voices = bands(work, &ids)?;
    let claims = claims(work, &ids)?;
    Ok(part.map(|(_, input)| View {
        voices: voices.get(&input.id).copied(),
        claim: claims.get(&input.id).copied(),
        allowed_actions: triage_actions(work, &input, consultation),
        input,
    }))
}

fn claims(work: &mut Work, ids: &[InputId]) -> Result<HashMap<InputId, Claim>, Problem> {
    let caller = work.caller.id();
    let found = claims::of(work.conn, ids, work.now)?;
    let claim = |(id, (by, until))| (id, Claim { mine: Some(by) == caller, until });
    Ok(found.into_iter().map(claim).collect())
}

/// The consultation, for somebody who may read its inputs.
pub fn for_readers(work: &mut Work, consultation: ConsultationId) -> Result<Consultation, Problem> {
    work.caller.signed_in()?;
    let consultation = open(work, consultation)?;
    work.require(Permission::ReadInputs, &consultation.scope())?;
    Ok(consultation)
}

/// How many inputs are in each cell of objective × category, by state; of one working group only, when one is given.
pub fn board(
    work: &mut Work,
    consultation: ConsultationId,
    group: Option<WorkingGroupId>,
) -> Result<Vec<board::Counted>, Problem> {
    let consultation = for_readers(work, consultation)?;
    board::cells(work.conn, consultation.id, group)
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
    if seal::is_callers(work, &input)? {
        allowed_actions.extend(own_actions(&input, &consultation));
    }
    let (mut voices, mut claim) = (None, None);
    if work.may(Permission::ReadInputs, &consultation.scope()) {
        voices = bands(work, &[input.id])?.get(&input.id).copied();
        claim = claims(work, &[input.id])?.remove(&input.id);
    }
    Ok(View { input, voices, claim, allowed_actions })
}

/// How many voices are in each of these inputs, those of their origins that still stand. For who may read inputs: it does
/// not ask.
fn bands(work: &mut Work, ids: &[InputId]) -> Result<HashMap<InputId, Band>, Problem> {
    let origins = inputs::lineage::store::origins(work.conn, ids)?;
    let mut bands = HashMap::new();
    for (id, mut of) in origins {
        // Who supports what was made of others supports that.
        of.insert(id);
        bands.insert(id, seal::band(work, &of)?);
    }
    Ok(bands)
}

/// The contributor changes an input that waits, or answers a question about it.
pub fn update(
    work: &mut Work,
    id: InputId,
    version: i64,
    change: &InputChange,
) -> Result<Input, Problem> {
    let (input, consultation) = own_of(work, id)?;
    require_version(input.version, version)?;
    let state = input.state.step(Step::Update)?;
    // A question can be answered as long as answers are still read.
    consultation.require(match input.state {
        InputState::Returned => Activity::TriageInputs,
        _ => Activity::SubmitInputs,
    })?;
    let before = input.clone();
    let parts = checked(work, &consultation, change.of(&input))?;
    let input = Input {
        objectives: parts.objectives,
        category_id: parts.category_id,
        body: parts.body,
        language: parts.language,
        translation: parts.translation,
        citations: parts.citations,
        addressees: parts.addressees,
        care: parts.care,
        first_reader: None,
        state,
        version: version + 1,
        ..input
    };
    store::rewrite(work.conn, &input)?;
    note(work, &consultation, &input, InputEventKind::Updated, Some(&before))?;
    work.audit_unattributed("input.updated", "consultation", consultation.id);
    Ok(input)
}

/// The contributor takes an input back, until the report is published. Its text is erased; that it was there is kept, for the
/// paragraphs that rested on it. What it went into loses it: with its last origin the text goes too, otherwise it has to be
/// read again.
pub fn withdraw(work: &mut Work, id: InputId, version: i64) -> Result<Input, Problem> {
    hold(work, id)?;
    let (input, consultation) = own_of(work, id)?;
    if consultation.phase == Phase::Published {
        let detail = "An input can be withdrawn until the report is published.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    require_version(input.version, version)?;
    input.state.step(Step::Withdraw)?;
    let input = erase(work, &consultation, input)?;
    for derived in inputs::lineage::store::derived_from(work.conn, id)? {
        lose_origin(work, &consultation, derived)?;
    }
    work.audit_unattributed("input.withdrawn", "consultation", consultation.id);
    Ok(input)
}

fn erase(work: &mut Work, consultation: &Consultation, before: Input) -> Result<Input, Problem> {
    let input = Input {
        state: InputState::Withdrawn,
        body: String::new(),
        translation: None,
        citations: Vec::new(),
        question: None,
        reason_code: None,
        note: None,
        first_reader: None,
        version: before.version + 1,
        ..before.clone()
    };
    store::rewrite(work.conn, &input)?;
    note(work, consultation, &input, InputEventKind::Withdrawn, Some(&before))?;
    inputs::history::store::forget_words(work.conn, input.id)?;
    Ok(input)
}

fn lose_origin(
    work: &mut Work,
    consultation: &Consultation,
    derived: InputId,
) -> Result<(), Problem> {
    let before = store::get(work.conn, derived)?;
    let origins = inputs::lineage::store::origins(work.conn, &[derived])?.remove(&derived);
    let origins: Vec<InputId> = origins.into_iter().flatten().collect();
    let standing = store::by_ids(work.conn, &origins)?
        .into_iter()
        .any(|(_, origin)| origin.state != InputState::Withdrawn);
    if !standing {
        erase(work, consultation, before)?;
        return Ok(());
    }
    // What is merged or split further is read again where it ended up.
    if !matches!(before.state, InputState::Accepted | InputState::Submitted) {
        return Ok(());
    }
    let input = Input {
        state: InputState::Submitted,
        first_reader: None,
        version: before.version + 1,
        ..before.clone()
    };
    store::update(work.conn, &input)?;
    note(work, consultation, &input, InputEventKind::OriginWithdrawn, Some(&before))
}

/// The consultation as the caller may know it.
pub fn open(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    consultations::service::see(work, id)
}

/// An input with its consultation. It does not ask who asks.
pub fn load(work: &mut Work, id: InputId) -> Result<(Input, Consultation), Problem> {
    let input = store::get(work.conn, id)?;
    let consultation = consultations::service::load(work, input.consultation_id)?;
    Ok((input, consultation))
}

/// Keeps the input's consultation from being published or moved on until the transaction ends.
pub(super) fn hold(work: &mut Work, id: InputId) -> Result<(), Problem> {
    work.caller.signed_in()?;
    let input = store::get(work.conn, id)?;
    db::lock(work.conn, input.consultation_id.uuid())
}

/// The input, its consultation, and whether it is the caller's own; 404 unless it is, or the caller may read inputs.
pub fn found(work: &mut Work, id: InputId) -> Result<(Input, Consultation, bool), Problem> {
    work.caller.signed_in()?;
    let (input, consultation) = load(work, id)?;
    let own = seal::is_callers(work, &input)?;
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

/// Where an input is triaged: in its working group, or outside the groups.
pub(super) fn place(input: &Input, consultation: &Consultation) -> Scope {
    match input.working_group_id {
        Some(group) => consultation.scope().group(group.uuid()),
        None => consultation.scope().outside_groups(),
    }
}

fn triage_actions(work: &Work, input: &Input, consultation: &Consultation) -> Vec<&'static str> {
    let mut actions = Vec::new();
    let open = consultation.require(Activity::TriageInputs).is_ok();
    if open && work.may(Permission::TriageInputs, &place(input, consultation)) {
        let steps =
            [Step::Accept, Step::Return, Step::SetAside, Step::Reopen, Step::Merge, Step::Split];
        let possible = steps.iter().filter(|step| step.from().contains(&input.state));
        actions.extend(possible.map(|step| step.as_str()));
    }
    if work.may(Permission::DiscloseContributors, &consultation.scope()) && !input.derived {
        actions.push("disclose");
    }
    actions
}

/// What its contributor may do with an input now.
pub fn own_actions(input: &Input, consultation: &Consultation) -> Vec<&'static str> {
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

/// What a page of inputs goes on by.
pub fn key((place, input): &(i64, Input)) -> Vec<String> {
    vec![place.to_string(), input.id.to_string()]
}
