//! What the rest of the program knows of figures.

use super::{FigureRelease, ReleaseOccasion, http, store};
use crate::access::Permission;
use crate::consultations::Phase;
use crate::consultations::lifecycle::{BlockerCode, StepConsidered};
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[Reaction::to::<StepConsidered, Figures>()],
    ..Feature::named("figures")
};

struct Figures;

impl Reacts<StepConsidered> for Figures {
    /// Whoever registers later is in no figure of those who had registered.
    fn react(work: &mut Work, step: &StepConsidered) -> Result<Moved, Problem> {
        if step.to == Phase::OpenCall && step.from() != Phase::Planning {
            let releases = store::all(work.conn, step.consultation.id)?;
            let of_call = |one: &FigureRelease| one.occasion == ReleaseOccasion::RegistrationClosed;
            if releases.iter().any(of_call) {
                let what = "Figures of those registered were released, and are not released again.";
                step.block(BlockerCode::FiguresReleased, what, None, Permission::SetUp);
            }
        }
        Ok(Moved::new())
    }
}
