//! Brings in what was said and written, and has it triaged.

use std::collections::{BTreeMap, HashMap};

use super::{BuiltConsultation, Series};
use crate::accounts::AccountId;
use crate::consultations::{RoundId, WorkingGroupId};
use crate::demo::at;
use crate::demo::content::{By, Event, Input as InputText, Verdict};
use crate::inputs::{self, InputId, NewInput, Origin};
use crate::problem::Problem;
use crate::work::{Credentials, Work};
use crate::{groups, registrations};

impl<'a> Series<'a> {
    /// Rapporteurs record and participants submit; what each does in one go is one transaction.
    pub(super) fn contribute(
        &self,
        event: &'a Event,
        held: &BuiltConsultation,
    ) -> Result<HashMap<&'a str, InputId>, String> {
        self.step(held, &format!("{} inputs", event.inputs.len()));
        let mut voices = self.voices(event, held)?;
        let mut by_account: BTreeMap<AccountId, Vec<&'a InputText>> = BTreeMap::new();
        for input in &event.inputs {
            let account = match (input.by, input.group) {
                (By::Rapporteur, Some(group)) => self.rapporteur(event, group)?,
                _ => voices.next(input)?,
            };
            by_account.entry(account).or_default().push(input);
        }
        let mut made = HashMap::new();
        for (account, texts) in by_account {
            let ids = self.run(account, "the inputs of one person", |work| {
                texts
                    .iter()
                    .map(|text| Ok((text.key.as_str(), self.bring_in(work, held, text)?)))
                    .collect::<Result<Vec<_>, Problem>>()
            })?;
            made.extend(ids);
        }
        Ok(made)
    }

    fn bring_in(
        &self,
        work: &mut Work,
        held: &BuiltConsultation,
        text: &InputText,
    ) -> Result<InputId, Problem> {
        let category = self.categories.get(&text.category);
        let category = *category.ok_or_else(|| Problem::not_found("input category"))?;
        let new = NewInput {
            origin: text.origin,
            working_group_id: text.group.and_then(|number| held.groups.get(&number).copied()),
            round_id: text.round.and_then(|number| held.rounds.get(&number).copied()),
            citations: text.citations.clone(),
            ..NewInput::written(text.objectives.clone(), category, text.text.clone())
        };
        let input = match text.by {
            By::Rapporteur => inputs::submission::record(work, held.id, new)?,
            By::Participant => inputs::submission::submit(work, held.id, new)?,
        };
        Ok(input.id)
    }

    pub(super) fn rapporteur(&self, event: &Event, group: i32) -> Result<AccountId, String> {
        let found = event.working_groups.iter().find(|one| one.number == group);
        let email = found.and_then(|one| one.rapporteur());
        self.account(email.ok_or_else(|| format!("working group {group} has no rapporteur"))?)
    }

    /// Who can speak where: everybody confirmed who hosts nothing, in the order of `people.toml`.
    fn voices(&self, event: &Event, held: &BuiltConsultation) -> Result<Voices, String> {
        let places = self.app.read_blocking(&Credentials::Operator, |work| {
            let confirmed = registrations::service::confirmed(work, held.id)?;
            Ok((confirmed, groups::service::assignments(work, held.id)?))
        });
        let (confirmed, assignments) = places.map_err(at("the assignment"))?;
        let numbers = |group: WorkingGroupId, round: RoundId| {
            let group = held.groups.iter().find(|(_, id)| **id == group)?.0;
            Some((*group, *held.rounds.iter().find(|(_, id)| **id == round)?.0))
        };
        let mut voices = Voices::default();
        for one in &self.content.people.participants {
            let hosts = event.working_groups.iter().flat_map(|group| &group.hosts);
            let account = self.account(&one.email)?;
            let registration = confirmed.iter().find(|found| found.account_id == account);
            let Some(registration) =
                registration.filter(|_| hosts.clone().all(|host| host.email != one.email))
            else {
                continue;
            };
            voices.everybody.push(account);
            for seat in assignments.iter().filter(|seat| seat.registration_id == registration.id) {
                if let Some(place) = numbers(seat.working_group_id, seat.round_id) {
                    voices.seated.entry(place).or_default().push(account);
                }
            }
        }
        Ok(voices)
    }

    /// The rapporteurs decide on what was said in their groups, the secretariat on the rest.
    pub(super) fn triage(
        &self,
        event: &Event,
        held: &BuiltConsultation,
        inputs: &HashMap<&str, InputId>,
    ) -> Result<(), String> {
        let places = std::iter::once(None)
            .chain(event.working_groups.iter().map(|group| Some(group.number)));
        for place in places {
            let who = match place {
                Some(group) => self.rapporteur(event, group)?,
                None => self.secretariat,
            };
            self.run(who, &format!("{} consultation, decisions on inputs", held.name), |work| {
                for text in event.inputs.iter().filter(|text| text.group == place) {
                    let id = *inputs
                        .get(text.key.as_str())
                        .ok_or_else(|| Problem::not_found("input"))?;
                    let decision = match text.decision {
                        Verdict::Accept => inputs::Decision::Accept,
                        Verdict::SetAside => inputs::Decision::SetAside {
                            reason: inputs::SetAsideReason::Other,
                            note: text.reason.clone(),
                        },
                    };
                    // Nobody has changed it since it came.
                    inputs::triage::decide(work, id, 1, decision)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// Who speaks next: everybody in turn, in the room where an input was made.
#[derive(Default)]
struct Voices {
    everybody: Vec<AccountId>,
    seated: BTreeMap<(i32, i32), Vec<AccountId>>,
    turns: BTreeMap<(i32, i32), usize>,
}

impl Voices {
    fn next(&mut self, input: &InputText) -> Result<AccountId, String> {
        let place = (input.group.unwrap_or(0), input.round.unwrap_or(0));
        let room = match input.origin {
            Origin::Group => self.seated.get(&place).map_or(&[][..], Vec::as_slice),
            _ => &self.everybody,
        };
        let turn = self.turns.entry(place).or_default();
        let next = room.get(*turn % room.len().max(1)).copied();
        *turn += 1;
        next.ok_or_else(|| format!("nobody is in working group {} in round {}", place.0, place.1))
    }
}
