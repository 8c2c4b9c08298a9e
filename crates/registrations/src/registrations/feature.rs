//! What the rest of the program knows of registrations.

use super::exchange::imports;
use super::form::fields::RetentionClass;
use super::places::{self, lapsing};
use super::privacy::{self, retention};
use super::{
    Registration, Step, drafts, http, invited, merging, personal, removed, rules, service, store,
};
use crate::access::Permission;
use crate::consultations::lifecycle::{ActionsConsidered, BlockerCode, StepConsidered};
use crate::consultations::programme::removals::Removal;
use crate::consultations::{Activity, CapacityChanged, Phase};
use crate::events::AccountsMerged;
use crate::i18n::Template;
use crate::jobs::JobKind;
use crate::organizations::merging::{OrganizationsMerged, OrganizationsToMerge};
use crate::problem::Problem;
use crate::registry::{Doing, Feature, Following, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<AccountsMerged, Registrations>(),
        Reaction::to::<OrganizationsToMerge, Registrations>(),
        Reaction::to::<OrganizationsMerged, Registrations>(),
        Reaction::to::<CapacityChanged, Registrations>(),
        Reaction::to::<StepConsidered, Registrations>(),
        Reaction::to::<ActionsConsidered, Registrations>(),
        Reaction::to::<Removal, Registrations>(),
    ],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((70, privacy::erase)),
    known_by: Some(|work, account| {
        let all = service::all_of_person(work, account)?;
        Ok(all.iter().map(|registration| registration.id.to_string()).collect())
    }),
    retention: &[
        (RetentionClass::SpecialNeeds, "registrations", retention::registrations),
        (RetentionClass::Demographics, "registrations", retention::registrations),
        (RetentionClass::Answers, "registrations", retention::registrations),
        (RetentionClass::Participation, "registrations", retention::registrations),
        (RetentionClass::Contact, "registrations", retention::registrations),
        (RetentionClass::Consents, "registrations", retention::registrations),
        (RetentionClass::Answers, "registration_drafts", retention::drafts),
        (RetentionClass::Contact, "guardian_requests", retention::guardian_links),
        (RetentionClass::Consents, "consent_records", retention::consents),
    ],
    jobs: &[(JobKind::ImportRegistrations, |task| {
        if imports::only_reads(task) {
            Doing::Reads(imports::look)
        } else {
            let then = Following { part: imports::bring_in, left: imports::left };
            Doing::ComputesThen(imports::prepare, then)
        }
    })],
    mails: &[
        Template::RegistrationDraft,
        Template::RegistrationKnown,
        Template::GuardianConsent,
        Template::GuardianRefused,
        Template::RegistrationSubmitted,
        Template::RegistrationConfirmed,
        Template::RegistrationPromoted,
        Template::RegistrationOffered,
        Template::RegistrationMovedBack,
        Template::RegistrationLapsed,
        Template::RegistrationWaitlisted,
        Template::RegistrationDeclined,
    ],
    clear: Some(|work| {
        let keys = store::add_keys(work.conn)?;
        Ok(drafts::store::purge(work.conn, work.now)?.and(keys))
    }),
    sweep: Some(|app| Box::pin(async move { lapsing::sweep(&app).await })),
    holds_mail: Some(|work, consultation| Ok(rules::service::load(work, consultation)?.hold_mail)),
    ties_of: Some(|work, account| {
        let active = service::active_of_person(work, account)?;
        Ok(active.into_iter().filter_map(|registration| registration.organization_id).collect())
    }),
    ..Feature::named("registrations")
};

struct Registrations;

impl Reacts<AccountsMerged> for Registrations {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        let moved = merging::account_merged(work, *event)?;
        invited::account_merged(work, *event)?;
        Ok(vec![("registrations", moved)])
    }
}

impl Reacts<OrganizationsToMerge> for Registrations {
    fn react(work: &mut Work, event: &OrganizationsToMerge) -> Result<Moved, Problem> {
        merging::hold_organization(work, event.from)?;
        Ok(Moved::new())
    }
}

impl Reacts<OrganizationsMerged> for Registrations {
    fn react(work: &mut Work, event: &OrganizationsMerged) -> Result<Moved, Problem> {
        let moved = merging::organization_merged(work, *event)?;
        Ok(vec![("registrations", moved)])
    }
}

impl Reacts<StepConsidered> for Registrations {
    /// A call that somebody answered is not made unheard.
    fn react(work: &mut Work, step: &StepConsidered) -> Result<Moved, Problem> {
        let id = step.consultation.id;
        if step.to == Phase::Planning && !store::everybody(work.conn, id)?.is_empty() {
            let what = "Somebody has registered: in planning they would not find the consultation any more.";
            step.block(BlockerCode::Registered, what, None, Permission::SetUp);
        }
        Ok(Moved::new())
    }
}

impl Reacts<ActionsConsidered> for Registrations {
    /// Nobody registers twice or outside the window, or changes what they have not.
    fn react(work: &mut Work, asked: &ActionsConsidered) -> Result<Moved, Problem> {
        if !asked.has(Activity::Register) && !asked.has(Activity::ChangePreferences) {
            return Ok(Moved::new());
        }
        let id = asked.consultation.id;
        let own = match work.caller.id() {
            Some(account) => service::of_account(work, id, account)?,
            None => None,
        };
        let rules = rules::service::load(work, id)?;
        let closed = rules.require_open(&asked.consultation, work.now).is_err();
        if own.is_some() || closed {
            asked.drop(Activity::Register);
        }
        let may_change = |own: &Registration| {
            own.state.allows(Step::Resubmit)
                && rules.require_editable(&asked.consultation, work.now).is_ok()
        };
        if !own.as_ref().is_some_and(may_change) {
            asked.drop(Activity::ChangePreferences);
        }
        Ok(Moved::new())
    }
}

impl Reacts<Removal> for Registrations {
    fn react(work: &mut Work, removal: &Removal) -> Result<Moved, Problem> {
        removed::forget(work, removal)?;
        Ok(Moved::new())
    }
}

impl Reacts<CapacityChanged> for Registrations {
    fn react(work: &mut Work, event: &CapacityChanged) -> Result<Moved, Problem> {
        places::capacity_changed(work, event.consultation)?;
        Ok(Moved::new())
    }
}
