//! Brings in what was said and written, and has it triaged: rapporteurs record what was said in the room; participants contribute by
//! receipts, and what they said is mixed when its time has come.

use std::collections::{BTreeMap, HashMap};

use chrono::Duration;

use super::{BuiltConsultation, Series};
use crate::accounts::AccountId;
use crate::consultations::{RoundId, WorkingGroupId};
use crate::demo::at;
use crate::demo::content::{By, Event, Input as InputText, Verdict};
use crate::inputs::contributed::Said;
use crate::inputs::windows::{self, Moment, Window};
use crate::inputs::{self, Care, InputId, NewInput, Origin, ToldBy};
use crate::problem::Problem;
use crate::reviews::CategoryId;
use crate::voices::contributions::service as contributions;
use crate::voices::mixing::service as mixing;
use crate::voices::receipts::service as receipts;
use crate::work::{Credentials, Work};
use crate::{groups, registrations};

/// How long the window is open in which participants write.
const WINDOW_HOURS: i64 = 2;

impl<'a> Series<'a> {
    /// Rapporteurs record and participants contribute; what each does in one go is one transaction.
    pub(super) fn contribute(
        &self,
        event: &'a Event,
        held: &BuiltConsultation,
    ) -> Result<HashMap<&'a str, InputId>, String> {
        self.step(held, &format!("{} inputs", event.inputs.len()));
        let mut voices = self.voices(event, held)?;
        let mut recorded: BTreeMap<AccountId, Vec<&'a InputText>> = BTreeMap::new();
        let mut written: BTreeMap<AccountId, Vec<&'a InputText>> = BTreeMap::new();
        for input in &event.inputs {
            match (input.by, input.group) {
                (By::Rapporteur, Some(group)) => {
                    recorded.entry(self.rapporteur(event, group)?).or_default().push(input);
                }
                _ => written.entry(voices.next(input)?).or_default().push(input),
            }
        }
        let mut made = HashMap::new();
        for (account, texts) in recorded {
            let ids = self.run(account, "the notes of a rapporteur", |work| {
                texts
                    .iter()
                    .map(|text| Ok((text.key.as_str(), self.record(work, held, text)?)))
                    .collect::<Result<Vec<_>, Problem>>()
            })?;
            made.extend(ids);
        }
        made.extend(self.by_receipts(held, &written)?);
        Ok(made)
    }

    /// A window in which participants write, from now on; its end is told before the call is open.
    pub(super) fn open_window(&self, held: &BuiltConsultation) -> Result<(), String> {
        self.run(self.secretariat, "the window of inputs", |work| {
            let closes_at = work.now.plus(Duration::hours(WINDOW_HOURS));
            let window = Window { moment: Moment::During, opens_at: work.now, closes_at };
            windows::replace(work, held.id, &[window]).map(|_| ())
        })
    }

    fn category(&self, text: &InputText) -> Result<CategoryId, Problem> {
        let category = self.categories.get(&text.category);
        category.copied().ok_or_else(|| Problem::not_found("input category"))
    }

    pub(super) fn record(
        &self,
        work: &mut Work,
        held: &BuiltConsultation,
        text: &InputText,
    ) -> Result<InputId, Problem> {
        let category = self.category(text)?;
        let new = NewInput {
            origin: text.origin,
            told_by: Some(ToldBy::Several),
            working_group_id: text.group.and_then(|number| held.groups.get(&number).copied()),
            round_id: text.round.and_then(|number| held.rounds.get(&number).copied()),
            citations: text.citations.clone(),
            ..NewInput::written(text.objectives.clone(), category, text.text.clone())
        };
        let key = work.ids.secret();
        Ok(inputs::submission::record(work, held.id, new, key)?.id)
    }

    /// Each of these people is given a receipt, and contributes by it, as nobody; once the window is over and the next fixed time has
    /// come, what they said is mixed, and only their receipts find it again.
    fn by_receipts(
        &self,
        held: &BuiltConsultation,
        written: &BTreeMap<AccountId, Vec<&'a InputText>>,
    ) -> Result<Vec<(&'a str, InputId)>, String> {
        let mut by_receipt = Vec::new();
        for (account, texts) in written {
            let receipt = self.run(*account, "a receipt", |work| {
                Ok(receipts::give(work, held.id)?.receipt.text())
            })?;
            let contributed = self.app.write_blocking(&Credentials::Anonymous, |work| {
                texts.iter().try_for_each(|text| {
                    let said = self.said(text)?;
                    contributions::contribute(work, held.id, &receipt, &said).map(|_| ())
                })
            });
            contributed.map_err(at("the contributions by a receipt"))?;
            by_receipt.push((receipt, texts));
        }
        self.mix(held)?;
        let mut made = Vec::new();
        for (receipt, texts) in by_receipt {
            let own = self.app.read_blocking(&Credentials::Anonymous, |work| {
                contributions::own_inputs(work, held.id, &receipt)
            });
            for input in own.map_err(at("what a receipt finds again"))? {
                let text = texts.iter().find(|text| text.text == input.body);
                let text = text.ok_or_else(|| "a receipt found what it did not say".to_owned())?;
                made.push((text.key.as_str(), input.id));
            }
        }
        Ok(made)
    }

    pub(super) fn said(&self, text: &InputText) -> Result<Said, Problem> {
        Ok(Said {
            objectives: text.objectives.clone(),
            category_id: self.category(text)?,
            body: text.text.clone(),
            language: "en".to_owned(),
            translation: None,
            citations: text.citations.clone(),
            addressees: Vec::new(),
            care: Care::default(),
        })
    }

    /// Lets the window pass and the next fixed time come: the demonstration has a clock of its own, which runs ahead of nobody's.
    fn mix(&self, held: &BuiltConsultation) -> Result<(), String> {
        self.app.clock.advance(Duration::hours(WINDOW_HOURS));
        let next = self.app.read_blocking(&Credentials::Anonymous, |work| {
            Ok(contributions::schedule(work, held.id)?.next)
        });
        let next = next.map_err(at("the times of mixing"))?;
        self.app.clock.advance(next.utc() - self.app.clock.now().utc());
        mixing::mix_due(self.app).map(|_| ()).map_err(at("the mixing"))
    }

    pub(super) fn rapporteur(&self, event: &Event, group: i32) -> Result<AccountId, String> {
        let found = event.working_groups.iter().find(|one| one.number == group);
        let email = found.and_then(|one| one.rapporteur());
        self.account(email.ok_or_else(|| format!("working group {group} has no rapporteur"))?)
    }

    /// Who can speak where: everybody confirmed who hosts nothing, in the order of `people.toml`.
    pub(super) fn voices(&self, event: &Event, held: &BuiltConsultation) -> Result<Voices, String> {
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
                let here = |text: &&InputText| match text.by {
                    By::Rapporteur => text.group == place,
                    By::Participant => place.is_none(),
                };
                for text in event.inputs.iter().filter(here) {
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
pub(super) struct Voices {
    everybody: Vec<AccountId>,
    seated: BTreeMap<(i32, i32), Vec<AccountId>>,
    turns: BTreeMap<(i32, i32), usize>,
}

impl Voices {
    pub(super) fn next(&mut self, input: &InputText) -> Result<AccountId, String> {
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
