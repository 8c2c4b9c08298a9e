//! What the team may do with inputs. Whose an input is, is known to nobody here; of voices only bands come back, through the port
//! [`super::seal`].
//!
//! What is flagged as sensitive or as a testimony is seen by whoever triages its place, and by nobody else.

use std::collections::HashMap;

use super::triage::{board, claims};
use super::{Band, Filter, Input, InputId, Step, seal, store};
use crate::access::{Permission, Scope};
use crate::consultations::{self, Activity, Consultation, ConsultationId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::http::page::{Listing, Paging};
use crate::organizations::{self, OrganizationId};
use crate::problem::Problem;
use crate::work::Work;
use crate::{db, inputs};
use crate::{terms, wording};

/// An input and what the caller may do with it.
#[derive(Debug, Clone)]
pub struct View {
    /// The input.
    pub input: Input,
    /// How many voices are in it, as a band; none where they cannot be counted any more.
    pub voices: Option<Heard>,
    /// The name of the organization that said it in its own name.
    pub organization: Option<String>,
    /// That one of the team is working on it.
    pub claim: Option<Claim>,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

/// How many voices are heard in an input.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// As a band.
    pub band: Band,
    /// By how many there may be fewer people than voices.
    pub replaced: i32,
}

/// That one of the team is working on an input.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Whether it is the caller.
    pub mine: bool,
    /// Until when.
    pub until: Timestamp,
}

/// A page of a consultation's inputs, unattributed, in their shuffled order; without those that the caller may not see.
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
    // A phrase is found by its words; whether they stand together is read in the text. Who may see what is flagged is a matter of its
    // place.
    loop {
        let part = store::list(work.conn, consultation.id, filter, after, paging.load())?;
        let whole = part.len() < paging.limit + 1;
        after = part.last().map(|(place, input)| (*place, input.id));
        rows.extend(part.into_iter().filter(|(_, input)| {
            may_see(work, input, &consultation)
                && words.as_ref().is_none_or(|words| !words.needs_check() || holds(words, input))
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
pub(super) fn views(
    work: &mut Work,
    consultation: &Consultation,
    part: Listing<(i64, Input)>,
) -> Result<Listing<View>, Problem> {
    let ids: Vec<InputId> = part.items.iter().map(|(_, input)| input.id).collect();
    let voices = bands(work, consultation.id, &ids)?;
    let claims = claims(work, &ids)?;
    let names = organizations(work, part.items.iter().map(|(_, input)| input))?;
    Ok(part.map(|(_, input)| View {
        voices: voices.get(&input.id).copied(),
        organization: input.organization_id.and_then(|id| names.get(&id).cloned()),
        claim: claims.get(&input.id).copied(),
        allowed_actions: triage_actions(work, &input, consultation),
        input,
    }))
}

/// The names of the organizations that said some of these in their own names.
fn organizations<'i>(
    work: &mut Work,
    inputs: impl Iterator<Item = &'i Input>,
) -> Result<HashMap<OrganizationId, String>, Problem> {
    let mut ids: Vec<OrganizationId> = inputs.filter_map(|input| input.organization_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = organizations::service::load_many(work, &ids)?;
    Ok(found.into_iter().map(|(id, organization)| (id, organization.name)).collect())
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

/// One input, for who may read it; else 404.
pub fn see(work: &mut Work, id: InputId) -> Result<View, Problem> {
    let (input, _) = found(work, id)?;
    view(work, input)
}

/// An input with what the caller, who may read it, may do with it.
pub fn view(work: &mut Work, input: Input) -> Result<View, Problem> {
    let consultation = consultations::service::load(work, input.consultation_id)?;
    let part = Listing { items: vec![(0, input)], next: None };
    let view = views(work, &consultation, part)?.items.pop();
    view.ok_or_else(|| Problem::internal("a view of nothing"))
}

/// How many voices are in each of these inputs, those of their origins that still stand. For who may read inputs: it does
/// not ask.
pub(super) fn bands(
    work: &mut Work,
    consultation: ConsultationId,
    ids: &[InputId],
) -> Result<HashMap<InputId, Heard>, Problem> {
    let origins = inputs::lineage::store::origins(work.conn, ids)?;
    let (ids, sets): (Vec<InputId>, Vec<_>) = origins
        .into_iter()
        .map(|(id, mut of)| {
            // Who supports what was made of others supports that.
            of.insert(id);
            (id, of)
        })
        .unzip();
    let counted = seal::bands(work, consultation, &sets)?.unwrap_or_default();
    let told = |band| Heard { band, replaced: counted.replaced };
    Ok(ids.into_iter().zip(counted.bands.into_iter().map(told)).collect())
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

/// The input with its consultation; 404 unless the caller may read it.
pub fn found(work: &mut Work, id: InputId) -> Result<(Input, Consultation), Problem> {
    work.caller.signed_in()?;
    let (input, consultation) = load(work, id)?;
    if may_see(work, &input, &consultation) {
        return Ok((input, consultation));
    }
    Err(Problem::not_found("input"))
}

/// Whether the caller may read this input: what is flagged as sensitive or as a testimony is seen by whoever triages its place.
pub fn may_see(work: &Work, input: &Input, consultation: &Consultation) -> bool {
    let flagged = input.care.testimony || input.care.sensitive;
    work.may(Permission::ReadInputs, &consultation.scope())
        && (!flagged || work.may(Permission::TriageInputs, &place(input, consultation)))
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
    actions
}

/// What a page of inputs goes on by.
pub fn key((place, input): &(i64, Input)) -> Vec<String> {
    vec![place.to_string(), input.id.to_string()]
}
