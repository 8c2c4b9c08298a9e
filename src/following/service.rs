//! What became of an input, for the team; and of everything that was contributed by a receipt, for whoever holds it. Brings inputs and
//! reports together.

use crate::announcements::{self, What};
use crate::consultations::ConsultationId;
use crate::db::Cleared;
use crate::inputs::lineage::{self, Lineage};
use crate::inputs::{Input, InputId, reading};
use crate::problem::Problem;
use crate::reports::following::{Trace, trace};
use crate::voices::contributions::service as contributions;
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

/// What became of an input that the caller may read.
pub fn follow(work: &mut Work, id: InputId) -> Result<Followed, Problem> {
    let (input, _, lineage) = lineage::lineage(work, id)?;
    followed(work, input, lineage, true)
}

fn followed(
    work: &mut Work,
    input: Input,
    lineage: Lineage,
    team: bool,
) -> Result<Followed, Problem> {
    let mut ids: Vec<InputId> = lineage.now_in.iter().map(|input| input.id).collect();
    ids.push(input.id);
    ids.sort_unstable();
    ids.dedup();
    let trace = trace(work, &ids)?;
    Ok(Followed { input, lineage, trace, team })
}

/// What became of everything that was contributed by this receipt.
pub fn follow_own(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
) -> Result<Vec<Followed>, Problem> {
    let mut items = Vec::new();
    for input in contributions::own_inputs(work, id, receipt)? {
        let lineage = reading::lineage(work, &input)?;
        items.push(followed(work, input, lineage, false)?);
    }
    Ok(items)
}

/// Whether inputs to a consultation were returned with a question that is not answered.
pub(super) fn questions_open(work: &mut Work, id: ConsultationId) -> Result<bool, Problem> {
    Ok(reading::returned_in(work.conn)?.contains(&id))
}

/// Has everybody told of open questions at the next fixed hour, in every consultation that has any.
pub(super) fn tell_of_questions(work: &mut Work) -> Result<Cleared, Problem> {
    for consultation in reading::returned_in(work.conn)? {
        announcements::service::announce(work, consultation, What::QuestionsOpen)?;
    }
    // Nothing is forgotten by it.
    Ok(Cleared::default())
}
