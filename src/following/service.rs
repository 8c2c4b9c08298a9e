//! What became of an input, for who may see it. Brings inputs and reports together; the seal is opened by neither, only the
//! contributor's own view is asked which inputs are theirs.

use crate::access::Permission;
use crate::announcements::{self, What};
use crate::consultations::ConsultationId;
use crate::http::page::{Listing, Paging};
use crate::inputs::lineage::{self, Lineage};
use crate::inputs::service::View;
use crate::inputs::{Input, InputId, reading};
use crate::problem::Problem;
use crate::reports::following::{Trace, trace};
use crate::voices::service as voices;
use crate::work::Work;

/// What became of an input.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The input.
    pub input: Input,
    /// How it went on within inputs.
    pub lineage: Lineage,
    /// Where it ended up in reports.
    pub trace: Trace,
    /// Whether the caller reads inputs as one of the team; contributors are told less of others' work.
    pub team: bool,
}

/// What became of an input that the caller may see: their own, or any as one of the team.
pub fn follow(work: &mut Work, id: InputId) -> Result<Followed, Problem> {
    let (input, consultation, lineage) = lineage::lineage(work, id)?;
    let team = work.may(Permission::ReadInputs, &consultation.scope());
    let mut ids: Vec<InputId> = lineage.now_in.iter().map(|input| input.id).collect();
    ids.push(id);
    ids.sort_unstable();
    ids.dedup();
    let trace = trace(work, &ids)?;
    Ok(Followed { input, lineage, trace, team })
}

/// What became of everything that the caller brought in, over all consultations.
pub fn follow_own(work: &mut Work, paging: &Paging) -> Result<Listing<Followed>, Problem> {
    let part: Listing<View> = voices::own(work, paging)?;
    let mut items = Vec::with_capacity(part.items.len());
    for view in part.items {
        let followed = follow(work, view.input.id)?;
        items.push(Followed { team: false, ..followed });
    }
    Ok(Listing { items, next: part.next })
}

/// Whether inputs to a consultation were returned with a question that is not answered.
pub(super) fn questions_open(work: &mut Work, id: ConsultationId) -> Result<bool, Problem> {
    Ok(reading::returned_in(work.conn)?.contains(&id))
}

/// Has everybody told of open questions at the next fixed hour, in every consultation that has any.
pub(super) fn tell_of_questions(work: &mut Work) -> Result<usize, Problem> {
    for consultation in reading::returned_in(work.conn)? {
        announcements::service::announce(work, consultation, What::QuestionsOpen)?;
    }
    // Nothing is forgotten by it.
    Ok(0)
}
