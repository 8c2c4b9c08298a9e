//! What the rest of the program knows of groups.

use super::plans::{newcomers, proposals};
use super::{http, personal, privacy, rules, store};
use crate::access::Permission;
use crate::account_merging::RegistrationsMerged;
use crate::consultations::Phase;
use crate::consultations::lifecycle::{BlockerCode, StepConsidered};
use crate::consultations::programme::removals::Removal;
use crate::i18n::Template;
use crate::jobs::JobKind;
use crate::problem::Problem;
use crate::registrations::Registration;
use crate::registrations::events::{PlacesGiven, PlacesLeft};
use crate::registry::{Doing, Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<PlacesGiven, Groups>(),
        Reaction::to::<PlacesLeft, Groups>(),
        Reaction::to::<RegistrationsMerged, Groups>(),
        Reaction::to::<Removal, Groups>(),
        Reaction::to::<StepConsidered, Groups>(),
    ],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    jobs: &[(JobKind::ProposeAssignmentPlan, |_| Doing::Computes(proposals::prepare))],
    mails: &[Template::WorkingGroupsAssigned],
    ..Feature::named("groups")
};

struct Groups;

impl Reacts<PlacesGiven> for Groups {
    fn react(work: &mut Work, event: &PlacesGiven) -> Result<Moved, Problem> {
        let people: Vec<&Registration> = event.registrations.iter().collect();
        newcomers::place_all(work, &event.consultation, &people)?;
        Ok(Moved::new())
    }
}

impl Reacts<PlacesLeft> for Groups {
    fn react(work: &mut Work, event: &PlacesLeft) -> Result<Moved, Problem> {
        let people: Vec<&Registration> = event.registrations.iter().collect();
        newcomers::leave_all(work, &event.consultation, &people)?;
        Ok(Moved::new())
    }
}

impl Reacts<StepConsidered> for Groups {
    /// Whoever comes to a session wants to know in which room they are.
    fn react(work: &mut Work, step: &StepConsidered) -> Result<Moved, Problem> {
        let id = step.consultation.id;
        if step.goes_on_to(Phase::InSession) && store::applied(work.conn, id)?.is_none() {
            let what = "No assignment to working groups is in force: nobody knows where they are.";
            step.block(BlockerCode::NoAssignment, what, None, Permission::Assign);
        }
        Ok(Moved::new())
    }
}

impl Reacts<Removal> for Groups {
    fn react(work: &mut Work, removal: &Removal) -> Result<Moved, Problem> {
        rules::service::removed(work, removal)?;
        Ok(Moved::new())
    }
}

impl Reacts<RegistrationsMerged> for Groups {
    fn react(work: &mut Work, event: &RegistrationsMerged) -> Result<Moved, Problem> {
        rules::service::registration_merged(work, *event)?;
        Ok(Moved::new())
    }
}
