//! Merging and splitting. What is merged or split stays as it was, in that state, and a new input is made of it, which keeps
//! its originals: so no voice is lost and none counts twice, however often it is merged and split.

use std::collections::BTreeSet;

use super::history::{self, Event, InputEventKind};
use super::service::{for_readers, found, hold};
use super::submission::{checked, made};
use super::triage::{claims, note, of_consultation, triaging};
use super::{
    Addressee, BatchId, Care, Citation, Input, InputId, InputState, NewInput, Origin, Step, content,
};
use crate::consultations::Consultation;
use crate::inputs;
use crate::problem::{Code, Problem, require_version};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::vocabulary::Versioned;
use crate::work::Work;

pub mod http;
pub mod similar;
pub(super) mod store;

/// Inputs that are merged at once at most, and parts that one is split into.
pub const MOST: usize = 50;

/// What a new input is made of that merging or splitting makes; what is `None` is that of its sources together.
#[derive(Debug, Clone)]
pub struct SplitPart {
    /// Its text.
    pub body: String,
    /// The text's language; that of the first source.
    pub language: Option<String>,
    /// What it is about.
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// What kind of contribution it is.
    pub category_id: Option<CategoryId>,
    /// What it refers to.
    pub citations: Option<Vec<Citation>>,
    /// To whom it is addressed.
    pub addressees: Option<Vec<Addressee>>,
    /// The originals that are in it; all of them. For a part of what was merged before.
    pub origins: Option<Vec<InputId>>,
}

/// Merges an input with others into a new one with a text of its own. They stay, in the state merged; the new one waits to be
/// read. Answers with it.
pub fn merge(
    work: &mut Work,
    id: InputId,
    version: i64,
    with: &[Versioned<InputId>],
    part: SplitPart,
) -> Result<Input, Problem> {
    hold(work, id)?;
    let (first, consultation) = found(work, id)?;
    for_readers(work, consultation.id)?;
    if with.is_empty() || with.len() >= MOST {
        let detail = format!("must name from 1 to {} other inputs", MOST - 1);
        return Err(Problem::invalid("/with", detail));
    }
    let mut sources = vec![(first, version)];
    for (index, other) in with.iter().enumerate() {
        let pointer = format!("/with/{index}/id");
        if sources.iter().any(|(input, _)| input.id == other.id) {
            return Err(Problem::invalid(pointer, "is there twice"));
        }
        let input = of_consultation(work, &consultation, other.id).map_err(|problem| {
            problem.refused_as(|why| Problem::invalid(pointer, why.detail().to_owned()))
        })?;
        sources.push((input, other.version));
    }
    let batch = work.ids.next();
    let sources = take(work, &consultation, sources, Step::Merge, batch)?;
    let made = make(work, &consultation, &sources, part, "", batch)?;
    work.audit("input.merged", "input", made.id);
    Ok(made)
}

/// Splits an input into parts with texts of their own. It stays, in the state split; the parts wait to be read.
pub fn split(
    work: &mut Work,
    id: InputId,
    version: i64,
    parts: Vec<SplitPart>,
) -> Result<Vec<Input>, Problem> {
    hold(work, id)?;
    let (input, consultation) = found(work, id)?;
    for_readers(work, consultation.id)?;
    if !(2..=MOST).contains(&parts.len()) {
        let detail = format!("must be from 2 to {MOST} parts");
        return Err(Problem::invalid("/parts", detail));
    }
    let batch = work.ids.next();
    let sources = take(work, &consultation, vec![(input, version)], Step::Split, batch)?;
    require_every_origin(work, id, &parts)?;
    let mut made = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        let at = format!("/parts/{index}");
        made.push(make(work, &consultation, &sources, part, &at, batch)?);
    }
    work.audit("input.split", "input", id);
    Ok(made)
}

/// Puts the sources into their new state.
fn take(
    work: &mut Work,
    consultation: &Consultation,
    sources: Vec<(Input, i64)>,
    step: Step,
    batch: BatchId,
) -> Result<Vec<Input>, Problem> {
    let kind = if step == Step::Merge { InputEventKind::Merged } else { InputEventKind::Split };
    let mut taken = Vec::new();
    for (index, (before, version)) in sources.into_iter().enumerate() {
        triaging(work, consultation, &before)?;
        match index.checked_sub(1) {
            None => require_version(before.version, version)?,
            // An `ETag` would be taken for that of the first.
            Some(other) if before.version != version => {
                let pointer = format!("/with/{other}/version");
                return Err(Problem::overtaken(version).at(pointer, "has changed since"));
            }
            Some(_) => {}
        }
        let state = before.state.step(step)?;
        require_unused(work, &before)?;
        let after = Input { state, version: version + 1, ..before.clone() };
        inputs::store::update(work.conn, &after)?;
        note(work, consultation, &before, &after, kind, Some(batch))?;
        claims::delete(work.conn, after.id)?;
        taken.push(after);
    }
    Ok(taken)
}

fn require_unused(work: &mut Work, input: &Input) -> Result<(), Problem> {
    if !inputs::store::is_mentioned(work.conn, input.id)? {
        return Ok(());
    }
    let detail = format!(
        "The input {} is used in a report, or left out of one with a reason: take it out there first.",
        input.id
    );
    Err(Problem::new(Code::InUse, detail))
}

fn require_every_origin(work: &mut Work, id: InputId, parts: &[SplitPart]) -> Result<(), Problem> {
    let origins = store::origins(work.conn, &[id])?.remove(&id).unwrap_or_default();
    if parts.iter().any(|part| part.origins.is_none()) {
        return Ok(());
    }
    let kept: BTreeSet<InputId> =
        parts.iter().flat_map(|part| part.origins.iter().flatten().copied()).collect();
    let lost: Vec<String> = origins.difference(&kept).map(ToString::to_string).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let detail = format!("every origin must be in a part; in none are {}", lost.join(", "));
    Err(Problem::invalid("/parts", detail))
}

/// A new input made of sources, with the originals that are in it.
fn make(
    work: &mut Work,
    consultation: &Consultation,
    sources: &[Input],
    part: SplitPart,
    at: &str,
    batch: BatchId,
) -> Result<Input, Problem> {
    let ids: Vec<InputId> = sources.iter().map(|source| source.id).collect();
    let all: BTreeSet<InputId> = store::origins(work.conn, &ids)?.into_values().flatten().collect();
    let origins = chosen(part.origins.as_deref(), all, at)?;
    let together = together(sources, &part);
    check(work, consultation, &together, at)?;
    let mut together = together.cleaned();
    together.objectives.sort_unstable();
    let input = made(work, consultation, together);
    let input = Input { derived: true, ..input };
    inputs::store::insert(work.conn, &input, work.ids.place())?;
    store::insert(work.conn, input.id, &ids, &origins)?;
    note(work, consultation, &input, &input, InputEventKind::Derived, Some(batch))?;
    Ok(input)
}

fn chosen(
    named: Option<&[InputId]>,
    all: BTreeSet<InputId>,
    at: &str,
) -> Result<BTreeSet<InputId>, Problem> {
    let Some(named) = named else { return Ok(all) };
    let pointer = format!("{at}/origins");
    if named.is_empty() {
        return Err(Problem::invalid(pointer, "must name at least one origin"));
    }
    match named.iter().find(|id| !all.contains(id)) {
        Some(id) => Err(Problem::invalid(pointer, format!("{id} is no origin of it"))),
        None => Ok(named.iter().copied().collect()),
    }
}

/// What the sources have in common, or have together.
fn together(sources: &[Input], part: &SplitPart) -> NewInput {
    let same = |of: fn(&Input) -> Option<uuid::Uuid>| {
        let first = sources.first().and_then(of);
        sources.iter().all(|source| of(source) == first)
    };
    let first = &sources[0];
    let one_origin = sources.iter().all(|source| source.origin == first.origin);
    let mut objectives: Vec<ObjectiveNumber> =
        sources.iter().flat_map(|source| source.objectives.iter().copied()).collect();
    objectives.sort_unstable();
    objectives.dedup();
    let mut citations: Vec<Citation> = Vec::new();
    for citation in sources.iter().flat_map(|source| &source.citations) {
        if !citations.contains(citation) && citations.len() < content::MOST_CITATIONS {
            citations.push(citation.clone());
        }
    }
    let any = |flag: fn(&Care) -> bool| sources.iter().any(|source| flag(&source.care));
    NewInput {
        origin: if one_origin { first.origin } else { Origin::Several },
        told_by: None,
        organization_id: first.organization_id.filter(|_| {
            same(|input| input.organization_id.map(rapporteur_kernel::db::types::Id::uuid))
        }),
        working_group_id: first.working_group_id.filter(|_| {
            same(|input| input.working_group_id.map(rapporteur_kernel::db::types::Id::uuid))
        }),
        round_id: first
            .round_id
            .filter(|_| same(|input| input.round_id.map(rapporteur_kernel::db::types::Id::uuid))),
        session_id: first
            .session_id
            .filter(|_| same(|input| input.session_id.map(rapporteur_kernel::db::types::Id::uuid))),
        objectives: part.objectives.clone().unwrap_or(objectives),
        category_id: part.category_id.unwrap_or(first.category_id),
        body: part.body.clone(),
        language: part.language.clone().unwrap_or_else(|| first.language.clone()),
        translation: None,
        citations: part.citations.clone().unwrap_or(citations),
        addressees: part.addressees.clone().unwrap_or_else(|| {
            sources.iter().flat_map(|source| source.addressees.iter().copied()).collect()
        }),
        care: Care {
            testimony: any(|care| care.testimony),
            sensitive: any(|care| care.sensitive),
            do_not_quote: any(|care| care.do_not_quote),
        },
    }
}

/// As for an input that is brought in; where it was made is that of its sources and need not be whole.
fn check(
    work: &mut Work,
    consultation: &Consultation,
    new: &NewInput,
    at: &str,
) -> Result<(), Problem> {
    let placeless = NewInput {
        origin: Origin::Written,
        organization_id: None,
        working_group_id: None,
        round_id: None,
        session_id: None,
        ..new.clone()
    };
    checked(work, consultation, placeless).map_err(|problem| problem.below(at))?;
    Ok(())
}

/// Deletes what a batch made by merging or splitting, unless it is used.
pub(super) fn unmake(work: &mut Work, events: &[Event]) -> Result<(), Problem> {
    for event in events.iter().filter(|event| event.kind == InputEventKind::Derived) {
        let input = inputs::store::get(work.conn, event.input_id)?;
        require_unused(work, &input)?;
        store::delete(work.conn, input.id)?;
        history::store::delete(work.conn, input.id)?;
        claims::delete(work.conn, input.id)?;
        super::seal::forget(work, input.id)?;
        inputs::store::delete(work.conn, input.id)?;
    }
    Ok(())
}

/// How an input goes on: what was merged or split of it, to where that ended up; and, for what was itself merged or split,
/// its origins.
#[derive(Debug, Clone)]
pub struct Lineage {
    /// The originals it goes back to; itself, when it is one.
    pub origins: BTreeSet<InputId>,
    /// What went directly into it.
    pub sources: Vec<InputId>,
    /// What it went directly into.
    pub successors: Vec<InputId>,
    /// Where what it said is now: itself, or what was made of it and was not merged or split any further.
    pub now_in: Vec<Input>,
}

/// The lineage of an input that the caller may read.
pub fn lineage(work: &mut Work, id: InputId) -> Result<(Input, Consultation, Lineage), Problem> {
    let (input, consultation) = found(work, id)?;
    let lineage = of(work, &input)?;
    Ok((input, consultation, lineage))
}

/// The lineage of an input. It does not ask who asks.
pub fn of(work: &mut Work, input: &Input) -> Result<Lineage, Problem> {
    let id = input.id;
    let mut now_in = Vec::new();
    if matches!(input.state, InputState::Merged | InputState::Split) {
        let (mut seen, mut open) = (BTreeSet::from([id]), vec![id]);
        while let Some(one) = open.pop() {
            for next in store::successors(work.conn, one)? {
                if !seen.insert(next) {
                    continue;
                }
                let derived = inputs::store::get(work.conn, next)?;
                match derived.state {
                    InputState::Merged | InputState::Split => open.push(next),
                    _ => now_in.push(derived),
                }
            }
        }
        now_in.sort_by_key(|input| input.id);
    } else {
        now_in.push(input.clone());
    }
    let origins = store::origins(work.conn, &[id])?.remove(&id).unwrap_or_default();
    Ok(Lineage {
        origins,
        sources: store::sources(work.conn, id)?,
        successors: store::successors(work.conn, id)?,
        now_in,
    })
}
