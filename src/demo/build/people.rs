//! Registers everybody, decides, and places people into working groups.

use super::{BuiltConsultation, Series};
use crate::demo::at;
use crate::demo::content::{Event, Outcome, Participant};
use crate::groups;
use crate::problem::Problem;
use crate::registrations::{
    self, Consents, NewRegistration, ReasonCode, RegistrationId, RegistrationState,
};
use crate::work::{Credentials, Work};

const DECLINED: &str = "Your organization has as many places as each could have. You are welcome to contribute in writing \
    through those of your colleagues who take part.";
/// Decides between equal plans of assignment.
const SEED: i64 = 2020;

impl Series<'_> {
    /// Everybody registers as themselves; the secretariat decides; who withdraws does so last and frees a place.
    pub(super) fn register(&self, event: &Event, held: &BuiltConsultation) -> Result<(), String> {
        let people: Vec<&Participant> = self
            .content
            .people
            .participants
            .iter()
            .filter(|one| one.consultations.contains(&held.ordinal))
            .collect();
        self.step(held, &format!("{} registrations", people.len()));
        let mut registered = Vec::new();
        for one in &people {
            let id = self.run(
                self.account(&one.email)?,
                &format!("registration of {}", one.email),
                |work| {
                    let new = self.registration(event, held, one)?;
                    Ok(registrations::submission::submit(work, held.id, new)?.id)
                },
            )?;
            registered.push((id, *one, one.outcome_at(held.ordinal)));
        }
        self.run(self.secretariat, "decisions on registrations", |work| {
            for (id, outcome) in in_order_of_decision(&registered) {
                decide(work, id, outcome)?;
            }
            Ok(())
        })?;
        for (id, one, outcome) in &registered {
            if *outcome == Outcome::Withdrawn {
                self.run(self.account(&one.email)?, "a withdrawal", |work| {
                    let version = registrations::service::load(work, *id)?.version;
                    registrations::decisions::withdraw(work, *id, version)
                })?;
            }
        }
        self.verify(held, &registered)
    }

    pub(super) fn registration(
        &self,
        event: &Event,
        held: &BuiltConsultation,
        one: &Participant,
    ) -> Result<NewRegistration, Problem> {
        let organization =
            one.organization.as_deref().map(|key| self.organization(key)).transpose()?;
        // Preferences are given for the groups of the second consultation.
        let preferred = if event.consultation.ordinal
            == crate::demo::content::REFERENCE_CONSULTATION
        {
            one.preferences.iter().filter_map(|number| held.groups.get(number).copied()).collect()
        } else {
            Vec::new()
        };
        Ok(NewRegistration {
            person: None,
            organization_id: organization,
            sector: one.sector,
            country: Some(one.country),
            gender: one.gender,
            languages: one.languages.clone(),
            preferences: preferred,
            consents: Consents {
                processing: true,
                listed: one.named,
                named_attribution: one.named,
                ..Consents::default()
            },
            ..NewRegistration::default()
        })
    }

    /// What was asked for is what came out: the places are given by the rules, not by this program.
    fn verify(
        &self,
        held: &BuiltConsultation,
        registered: &[(RegistrationId, &Participant, Outcome)],
    ) -> Result<(), String> {
        let found = self.app.read_blocking(&Credentials::Operator, |work| {
            let states = registered.iter().map(|(id, ..)| registrations::service::load(work, *id));
            states.map(|one| Ok(one?.state)).collect::<Result<Vec<_>, Problem>>()
        });
        let found = found.map_err(at("registrations"))?;
        for ((_, one, outcome), state) in registered.iter().zip(found) {
            let expected = match outcome {
                Outcome::Confirmed => RegistrationState::Confirmed,
                Outcome::Waitlisted => RegistrationState::Waitlisted,
                Outcome::Declined => RegistrationState::Declined,
                Outcome::Withdrawn => RegistrationState::Withdrawn,
            };
            if state != expected {
                let (name, email) = (&held.name, &one.email);
                return Err(format!(
                    "{name} consultation: {email} is {state} and should be {expected}"
                ));
            }
        }
        Ok(())
    }

    /// The groups get their hosts, and everybody a group for each round.
    pub(super) fn assign(&self, event: &Event, held: &BuiltConsultation) -> Result<(), String> {
        self.step(held, "hosts and assignment to working groups");
        self.run(self.secretariat, "the hosts", |work| {
            for group in &event.working_groups {
                let Some(id) = held.groups.get(&group.number) else { continue };
                for host in &group.hosts {
                    groups::hosts::set_host(work, *id, self.person(&host.email)?, host.role)?;
                }
            }
            Ok(())
        })?;
        let secretariat = Credentials::Account(self.secretariat);
        let plan = groups::plans::proposals::propose(self.app, &secretariat, held.id, SEED);
        let plan = plan.map_err(at("the assignment"))?;
        self.run(self.secretariat, "the assignment", |work| {
            groups::plans::applying::apply(work, plan.id, plan.version)
        })?;
        Ok(())
    }
}

/// The order in which the secretariat decides. As many of the confirmed as will withdraw come after those who fill the
/// last places: they wait first in line, and get a place when it is freed.
fn in_order_of_decision(
    registered: &[(RegistrationId, &Participant, Outcome)],
) -> Vec<(RegistrationId, Outcome)> {
    let of = |wanted: Outcome| {
        let found = registered.iter().filter(move |(.., outcome)| *outcome == wanted);
        found.map(|(id, _, outcome)| (*id, *outcome)).collect::<Vec<_>>()
    };
    let (mut order, withdrawn) = (of(Outcome::Confirmed), of(Outcome::Withdrawn));
    let late = order.split_off(order.len().saturating_sub(withdrawn.len()));
    [order, withdrawn, late, of(Outcome::Waitlisted), of(Outcome::Declined)].concat()
}

fn decide(work: &mut Work, id: RegistrationId, outcome: Outcome) -> Result<(), Problem> {
    let decision = match outcome {
        Outcome::Declined => {
            registrations::Decision::Decline { reason: ReasonCode::Full, note: DECLINED.to_owned() }
        }
        // Whether there is a place is for the service to say.
        _ => registrations::Decision::Confirm { note: None },
    };
    let version = registrations::service::load(work, id)?.version;
    registrations::decisions::decide(work, id, version, decision).map(drop)
}
