//! What the rest of the program knows of registrations.

use super::exchange::imports;
use super::form::fields::RetentionClass;
use super::places::{self, lapsing};
use super::privacy::{self, retention};
use super::{drafts, http, invited, merging, personal, rules, service};
use crate::consultations::CapacityChanged;
use crate::events::AccountsMerged;
use crate::i18n::Template;
use crate::jobs::JobKind;
use crate::organizations::merging::{OrganizationsMerged, OrganizationsToMerge};
use crate::problem::Problem;
use crate::registry::{Doing, Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[
        Reaction::to::<AccountsMerged, Registrations>(),
        Reaction::to::<OrganizationsToMerge, Registrations>(),
        Reaction::to::<OrganizationsMerged, Registrations>(),
        Reaction::to::<CapacityChanged, Registrations>(),
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
            Doing::Reads(imports::run)
        } else {
            Doing::Writes(imports::run)
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
    clear: Some(|work| drafts::store::purge(work.conn, work.now)),
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

impl Reacts<CapacityChanged> for Registrations {
    fn react(work: &mut Work, event: &CapacityChanged) -> Result<Moved, Problem> {
        places::capacity_changed(work, event.consultation)?;
        Ok(Moved::new())
    }
}
