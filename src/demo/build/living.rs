//! A review that is under way, to look around in: a report that is being drafted, a consultation that is on now, a call that is open, and
//! one that is planned. It is invented, and says so.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};

use super::{BuiltConsultation, SECRETARIAT, Series, email, on_review};
use crate::access::Role;
use crate::accounts::{self, AccountId};
use crate::announcements;
use crate::consultations::Phase;
use crate::demo::at;
use crate::demo::content::{By, Event, Input as InputText};
use crate::figures::ReleaseOccasion;
use crate::inputs::windows::{self, Moment, Window};
use crate::inputs::{self, InputId};
use crate::problem::Problem;
use crate::reference::Reference;
use crate::registrations;
use crate::reviews::{self, NewReview};
use crate::voices::contributions::service as contributions;
use crate::voices::mixing::service as mixing;
use crate::voices::receipts::service as receipts;
use crate::work::Credentials;

/// The code of the review that is under way.
pub const LIVING_REVIEW: &str = "invented-dialogue";
/// Of those who register while the call is open: every third is decided on.
const DECIDED_OF: usize = 3;
/// Of what was written before the day, this many are accepted; the next is asked about; the rest wait for somebody to read them.
const ACCEPTED: usize = 7;
const QUESTION: &str = "In what kind of place was that: a town, a plantation, a port?";

impl<'a> Series<'a> {
    /// Builds it, as it stands at the moment of the building.
    pub(super) fn live(&self) -> Result<(), String> {
        let [drafted, on, open, planned] = &self.content.living[..] else {
            return Err("four consultations are under way".to_owned());
        };
        let living = self.beside()?;
        // Half of its report is written.
        let (held, inputs) = living.hear(drafted)?;
        living.draft(drafted, &held, &inputs)?;
        living.open_call(open)?;
        living.set_up(planned)?;
        living.be_in_session(on)
    }

    /// The same people and organizations in another review.
    fn beside(&self) -> Result<Series<'a>, String> {
        let found = self.app.write_blocking(&Credentials::Operator, |work| {
            let review = reviews::service::create(work, review(self.content.now))?;
            for (name, address) in SECRETARIAT {
                let email = email(address).map_err(Problem::internal)?;
                let account = accounts::service::find_or_create(work, &email, name)?;
                let grant = on_review(Role::Secretariat, &review, None);
                accounts::roles::service::grant(work, account.id, grant)?;
            }
            let deputy = accounts::roles::service::grants_of(work, self.deputy)?;
            let of = deputy.iter().find_map(|grant| grant.organization_id);
            accounts::roles::service::grant(
                work,
                self.deputy,
                on_review(Role::Deputy, &review, of),
            )?;
            let categories = reviews::service::categories(work, review.id)?;
            Ok((review, categories))
        });
        let (review, categories) = found.map_err(at("the review that is under way"))?;
        Ok(Series {
            review,
            categories: categories.into_iter().map(|one| (one.code, one.id)).collect(),
            people: self.people.clone(),
            organizations: self.organizations.clone(),
            published: HashMap::new(),
            ..*self
        })
    }

    /// Everybody who wants to come has registered; some know whether they do.
    fn open_call(&self, event: &'a Event) -> Result<(), String> {
        let held = self.set_up(event)?;
        self.advance(&held, &[Phase::OpenCall])?;
        let people = &self.content.people.participants;
        let people: Vec<_> =
            people.iter().filter(|one| one.consultations.contains(&held.ordinal)).collect();
        self.step(&held, &format!("{} registrations, of which some are decided on", people.len()));
        let mut waiting = Vec::new();
        for one in people {
            let id = self.run(self.account(&one.email)?, "a registration", |work| {
                let new = self.registration(event, &held, one)?;
                Ok(registrations::submission::submit(work, held.id, new)?.id)
            })?;
            waiting.push(id);
        }
        self.run(self.secretariat, "decisions on registrations", |work| {
            for id in waiting.iter().step_by(DECIDED_OF) {
                let version = registrations::service::load(work, *id)?.version;
                let confirm = registrations::Decision::Confirm { note: None };
                registrations::decisions::decide(work, *id, version, confirm)?;
            }
            Ok(())
        })
    }

    /// People are in their groups. What they wrote before the day was mixed and is read; what they say now waits.
    fn be_in_session(&self, event: &'a Event) -> Result<(), String> {
        let now = self.content.now;
        self.until(now - Duration::hours(40));
        let held = self.set_up(event)?;
        self.open_windows_of_the_day(event, &held)?;
        self.advance(&held, &[Phase::OpenCall])?;
        self.register(event, &held)?;
        self.advance(&held, &[Phase::RegistrationClosed])?;
        self.assign(event, &held)?;
        self.release(&held, ReleaseOccasion::RegistrationClosed)?;
        let (noted, by_receipt): (Vec<_>, Vec<_>) =
            event.inputs.iter().partition(|input| input.by == By::Rapporteur);
        let (before, during): (Vec<_>, Vec<_>) =
            by_receipt.into_iter().partition(|input| input.origin == inputs::Origin::Written);
        self.step(&held, &format!("{} contributions before the day", before.len()));
        let given = self.speak(event, &held, &before)?;
        self.next_mixing(&held)?;
        self.read_some(&held)?;
        self.until(now - Duration::minutes(15));
        self.step(&held, "in session");
        self.advance(&held, &[Phase::InSession])?;
        self.greet(event, &held)?;
        for text in noted {
            let group = text.group.ok_or_else(|| "a note is of a group".to_owned())?;
            self.run(self.rapporteur(event, group)?, "a note", |work| {
                self.record(work, &held, text)
            })?;
        }
        self.speak_again(&held, &given, &during)?;
        self.until(now);
        Ok(())
    }

    /// Written contributions are taken from now on, and in the room until the end of the day, as everybody was told before.
    fn open_windows_of_the_day(
        &self,
        event: &Event,
        held: &BuiltConsultation,
    ) -> Result<(), String> {
        let ends = super::programme::when(event, event.consultation.end);
        let begins = super::programme::when(event, event.consultation.start);
        let (Some(begins), Some(ends)) = (begins, ends) else {
            return Err("what is on has its times".to_owned());
        };
        self.run(self.secretariat, "the windows of inputs", |work| {
            let before = Window { moment: Moment::Before, opens_at: work.now, closes_at: begins };
            let during = Window { moment: Moment::During, opens_at: begins, closes_at: ends };
            windows::replace(work, held.id, &[before, during]).map(drop)
        })
    }

    /// Each of these texts by somebody else, who is given a receipt for it; the receipts.
    fn speak(
        &self,
        event: &'a Event,
        held: &BuiltConsultation,
        texts: &[&'a InputText],
    ) -> Result<Vec<String>, String> {
        let mut voices = self.voices(event, held)?;
        let mut given = Vec::new();
        for text in texts {
            let account: AccountId = voices.next(text)?;
            let receipt = self.run(account, "a receipt", |work| {
                Ok(receipts::give(work, held.id)?.receipt.text())
            })?;
            given.push(receipt);
        }
        self.speak_again(held, &given, texts)?;
        Ok(given)
    }

    /// Each of these texts by one of these receipts.
    fn speak_again(
        &self,
        held: &BuiltConsultation,
        receipts: &[String],
        texts: &[&'a InputText],
    ) -> Result<(), String> {
        for (receipt, text) in receipts.iter().zip(texts) {
            let said = self.app.write_blocking(&Credentials::Anonymous, |work| {
                let said = self.said(text)?;
                contributions::contribute(work, held.id, receipt, &said).map(drop)
            });
            said.map_err(at("a contribution by a receipt"))?;
        }
        Ok(())
    }

    fn next_mixing(&self, held: &BuiltConsultation) -> Result<(), String> {
        let next = self.app.read_blocking(&Credentials::Anonymous, |work| {
            Ok(contributions::schedule(work, held.id)?.next)
        });
        self.until(next.map_err(at("the times of mixing"))?.utc());
        mixing::mix_due(self.app).map(drop).map_err(at("the mixing"))
    }

    /// The secretariat has read most of what came before the day, and has a question about one.
    fn read_some(&self, held: &BuiltConsultation) -> Result<(), String> {
        self.run(self.secretariat, "decisions on inputs", |work| {
            let filter = inputs::Filter::default();
            let paging = crate::http::page::Paging::first(100);
            let came = inputs::service::list(work, held.id, &filter, &paging)?.items;
            let ids: Vec<InputId> = came.iter().map(|view| view.input.id).collect();
            for id in ids.iter().take(ACCEPTED) {
                inputs::triage::decide(work, *id, 1, inputs::Decision::Accept)?;
            }
            if let Some(id) = ids.get(ACCEPTED) {
                let ask = inputs::Decision::Return { question: QUESTION.to_owned() };
                inputs::triage::decide(work, *id, 1, ask)?;
            }
            Ok(())
        })
    }

    /// What everybody is told as it begins.
    fn greet(&self, event: &Event, held: &BuiltConsultation) -> Result<(), String> {
        self.run(self.secretariat, "an announcement", |work| {
            let texts = event.announcement.clone();
            announcements::service::write(work, held.id, texts, true).map(drop)
        })
    }

    /// Lets the story go on until a moment; what is over stays over.
    fn until(&self, moment: DateTime<Utc>) {
        let left = moment - self.app.clock.now().utc();
        self.app.clock.advance(left.max(Duration::zero()));
    }
}

fn review(now: DateTime<Utc>) -> NewReview {
    let today = now.date_naive();
    let in_days = |days: u64| today.checked_add_days(chrono::Days::new(days));
    NewReview {
        code: LIVING_REVIEW.to_owned(),
        framework: Reference::get().framework.code.clone(),
        title: "Regional dialogue on migrants’ work, families and return (an invented example)"
            .to_owned(),
        organ: "Economic and Social Commission for Asia and the Pacific".to_owned(),
        meeting_title: None,
        meeting_place: Some("Bangkok".to_owned()),
        meeting_starts_on: in_days(90),
        meeting_ends_on: in_days(92),
        agenda_items: None,
        symbol_prefix: None,
        mandates: vec!["A/RES/73/195".to_owned()],
    }
}
