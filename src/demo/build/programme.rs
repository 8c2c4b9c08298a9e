//! Sets up one consultation: its co-organizers, rounds, groups and sessions.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::{BuiltConsultation, Series};
use crate::access::{Role, ScopeKind};
use crate::accounts;
use crate::accounts::roles::service::NewGrant;
use crate::consultations::{
    self, Admission, AttributionRule, CoOrganizer, CoOrganizerKind, Consultation, NewCoOrganizer,
    NewConsultation, NewRound, NewSession, NewWorkingGroup, Round, Session, Speaker, SpeakerKind,
    WorkingGroup,
};
use crate::db::types::Timestamp;
use crate::demo::content::{Event, LocalTime, Outcome, Participant};
use crate::problem::Problem;
use crate::reports::compile::style;

use crate::work::Work;

impl Series<'_> {
    pub(super) fn set_up(&self, event: &Event) -> Result<BuiltConsultation, String> {
        let about = &event.consultation;
        let name = style::ordinal(about.ordinal);
        self.progress.step(&format!(
            "{} consultation: {} co-organizers, {} working groups, {} sessions",
            style::capitalized(&name),
            event.co_organizers.len(),
            event.working_groups.len(),
            event.sessions.len(),
        ));
        self.run(self.secretariat, &format!("{name} consultation, its programme"), |work| {
            let consultation =
                consultations::service::create(work, self.review.id, new_consultation(event))?;
            self.add_co_organizers(work, event, &consultation)?;
            let mut held = BuiltConsultation {
                id: consultation.id,
                ordinal: about.ordinal,
                name: name.clone(),
                groups: BTreeMap::new(),
                rounds: BTreeMap::new(),
            };
            for round in &event.rounds {
                let (starts_at, ends_at) = (when(event, round.start), when(event, round.end));
                let new = NewRound { number: round.number, starts_at, ends_at };
                let round =
                    consultations::programme::service::create::<Round>(work, consultation.id, new)?;
                held.rounds.insert(round.number, round.id);
            }
            for group in &event.working_groups {
                let new = NewWorkingGroup {
                    number: group.number,
                    clusters: group.clusters.clone(),
                    min_size: group.min_size,
                    max_size: group.max_size,
                    languages: about.languages.clone(),
                };
                let group = consultations::programme::service::create::<WorkingGroup>(
                    work,
                    consultation.id,
                    new,
                )?;
                held.groups.insert(group.number, group.id);
            }
            add_sessions(work, event, &held)?;
            Ok(held)
        })
    }

    fn add_co_organizers(
        &self,
        work: &mut Work,
        event: &Event,
        consultation: &Consultation,
    ) -> Result<(), Problem> {
        for one in &event.co_organizers {
            let organization_id = self.organization(&one.organization)?;
            let new = NewCoOrganizer { organization_id, kind: one.kind, position: None };
            consultations::programme::service::create::<CoOrganizer>(work, consultation.id, new)?;
            let Some(person) = self.speaks_for(event, &one.organization) else { continue };
            if one.kind != CoOrganizerKind::OverallGuidance {
                let grant = NewGrant {
                    role: Role::CoOrganizer,
                    scope_kind: ScopeKind::Consultation,
                    scope_id: Some(consultation.id.uuid()),
                    organization_id: Some(organization_id),
                };
                accounts::roles::service::grant(work, self.person(&person.email)?, grant)?;
            }
        }
        Ok(())
    }

    /// The first of an organization who takes part.
    fn speaks_for(&self, event: &Event, organization: &str) -> Option<&Participant> {
        let ordinal = event.consultation.ordinal;
        self.content.people.participants.iter().find(|one| {
            one.organization.as_deref() == Some(organization)
                && one.consultations.contains(&ordinal)
                && one.outcome_at(ordinal) == Outcome::Confirmed
        })
    }
}

fn new_consultation(event: &Event) -> NewConsultation {
    let about = &event.consultation;
    NewConsultation {
        ordinal: about.ordinal,
        theme: about.theme.clone(),
        held_on: about.date,
        starts_at: when(event, about.start),
        ends_at: when(event, about.end),
        zone: about.zone,
        mode: about.mode,
        venue: None,
        objectives: about.objectives.clone(),
        languages: about.languages.clone(),
        capacity: about.capacity,
        admission: Admission::Vetted,
    }
}

/// A local time of the consultation's day as a moment.
pub(super) fn when(event: &Event, time: Option<LocalTime>) -> Option<Timestamp> {
    let about = &event.consultation;
    let time: NaiveTime = time?.0;
    let local = about.date?.and_time(time).and_local_timezone(about.zone).earliest()?;
    Some(Timestamp::new(local.to_utc()))
}

fn add_sessions(work: &mut Work, event: &Event, held: &BuiltConsultation) -> Result<(), Problem> {
    for session in &event.sessions {
        let on_record = session.rule == AttributionRule::OnRecord;
        let new = NewSession {
            position: None,
            kind: session.kind,
            title: session.title.clone(),
            starts_at: when(event, session.start),
            ends_at: when(event, session.end),
            moderator: session.moderator.clone(),
            speakers: session.speakers.iter().map(|line| speaker(line, on_record)).collect(),
            attribution_rule: Some(session.rule),
            round_id: session.round.and_then(|number| held.rounds.get(&number).copied()),
            note: session.note.clone(),
            // Nobody can be met at the address of an invented call.
            joining_url: None,
        };
        consultations::programme::service::create::<Session>(work, held.id, new)?;
    }
    Ok(())
}

/// "Name, Affiliation", behind "Keynote: " of a keynote address. Who speaks on record has agreed to be named.
fn speaker(line: &str, on_record: bool) -> Speaker {
    let (kind, line) = match line.strip_prefix("Keynote: ") {
        Some(line) => (SpeakerKind::Keynote, line),
        None => (SpeakerKind::Speaker, line),
    };
    let (name, affiliation) = match line.split_once(", ") {
        Some((name, affiliation)) => (name, Some(affiliation.to_owned())),
        None => (line, None),
    };
    Speaker { name: name.to_owned(), affiliation, kind, named_consent: on_record }
}
