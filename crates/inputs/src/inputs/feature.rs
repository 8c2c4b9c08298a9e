//! What the rest of the program knows of inputs.

use super::triage::claims;
use super::{
    exchange, filter, hearings, history, http, notes, personal, privacy, store, windows, wishes,
};
use crate::access::Permission;
use crate::consultations::Phase;
use crate::consultations::lifecycle::{BlockerCode, StepConsidered};
use crate::events::AccountsMerged;
use crate::jobs::JobKind;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;
use crate::registry::{Doing, Feature, Following, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<AccountsMerged, Inputs>(),
        Reaction::to::<OrganizationsMerged, Inputs>(),
        Reaction::to::<StepConsidered, Inputs>(),
    ],
    clear: Some(notes::settle),
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((80, privacy::erase)),
    jobs: &[(JobKind::ImportInputs, |task| {
        if exchange::imports::only_reads(task) {
            Doing::Reads(exchange::imports::look)
        } else {
            let then =
                Following { part: exchange::imports::bring_in, left: exchange::imports::left };
            Doing::ComputesThen(exchange::imports::prepare, then)
        }
    })],
    ..Feature::named("inputs")
};

struct Inputs;

impl Reacts<AccountsMerged> for Inputs {
    /// What one of the team did, the other did. What they contributed is held of neither.
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        history::store::account_merged(work.conn, *event)?;
        claims::delete_of(work.conn, event.from)?;
        filter::store::account_merged(work.conn, *event)?;
        wishes::store::account_merged(work.conn, *event)?;
        hearings::store::hand_over(work.conn, event.from, Some(event.into))?;
        Ok(Moved::new())
    }
}

impl Reacts<StepConsidered> for Inputs {
    /// What people were told they have time for is not cut short.
    fn react(work: &mut Work, step: &StepConsidered) -> Result<Moved, Problem> {
        if step.goes_on_to(Phase::Synthesis) {
            let windows = windows::of(work, step.consultation.id)?;
            let last = windows.iter().map(|window| window.closes_at).max();
            if let Some(until) = last.filter(|until| *until > work.now) {
                let what = "Participants were told that they can contribute until later.";
                step.block(BlockerCode::WindowOpen, what, Some(until), Permission::EditProgramme);
            }
        }
        Ok(Moved::new())
    }
}

impl Reacts<OrganizationsMerged> for Inputs {
    /// What one entry said in its own name, the other said.
    fn react(work: &mut Work, event: &OrganizationsMerged) -> Result<Moved, Problem> {
        let moved = store::organizations_merged(work.conn, *event)?;
        Ok(vec![("inputs", moved as u64)])
    }
}
