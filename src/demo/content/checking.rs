//! That every reference in the files leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    By, CONSULTATIONS, CORRIGENDUM, Content, Event, LIVING, Outcome, PAPER, PEOPLE, People,
    REFERENCE_CONSULTATION, Verdict,
};
use crate::inputs::Origin;
use crate::reference::{CategoryCode, Reference};
use crate::reports::SectionKind;

impl Content {
    pub(super) fn check(&self, wrong: &mut Wrong) {
        wrong.file = PEOPLE.0;
        self.check_people(wrong);
        for (files, events, published) in
            [(&CONSULTATIONS, &self.series, true), (&LIVING, &self.living, false)]
        {
            for (index, event) in events.iter().enumerate() {
                wrong.file = files[index].0;
                let ordinal = event.consultation.ordinal;
                let expected = index as i32 + 1;
                wrong.unless(ordinal == expected, || {
                    format!("ordinal is {ordinal}, not {expected}")
                });
                self.check_programme(event, wrong);
                check_inputs(event, published, wrong);
                check_paragraphs(event, wrong);
            }
        }
        wrong.file = PAPER.0;
        self.check_paper(wrong);
        wrong.file = CORRIGENDUM.0;
        self.corrigendum.check(&self.series, wrong);
    }

    fn check_people(&self, wrong: &mut Wrong) {
        let People { organizations, participants } = &self.people;
        wrong.repeated("organization", organizations.iter().map(|one| one.key.as_str()));
        wrong.repeated("participant", participants.iter().map(|one| one.email.as_str()));
        let reference =
            self.series.iter().find(|event| event.consultation.ordinal == REFERENCE_CONSULTATION);
        let groups: Vec<i32> = reference.iter().flat_map(|event| event.group_numbers()).collect();
        for one in participants {
            let who = one.email.as_str();
            match &one.organization {
                Some(key) => {
                    wrong.unless(self.organization(key).is_some(), || {
                        format!("{who}: no organization {key:?}")
                    });
                    wrong.unless(one.sector.is_none(), || {
                        format!("{who}: has the sector of the organization")
                    });
                }
                None => wrong.unless(one.sector.is_some(), || {
                    format!("{who}: needs an organization or a sector")
                }),
            }
            for number in &one.preferences {
                wrong.unless(groups.contains(number), || {
                    format!("{who}: no working group {number}")
                });
            }
            for ordinal in &one.consultations {
                let known = self.series.iter().any(|event| event.consultation.ordinal == *ordinal);
                wrong.unless(known, || format!("{who}: no consultation {ordinal}"));
            }
        }
    }

    fn check_programme(&self, event: &Event, wrong: &mut Wrong) {
        let about = &event.consultation;
        let timed =
            event.sessions.iter().any(|session| session.start.is_some()) || about.start.is_some();
        wrong.unless(about.date.is_some() || !timed, || "times need a date".to_owned());
        for one in &event.co_organizers {
            let key = &one.organization;
            wrong.unless(self.organization(key).is_some(), || format!("no organization {key:?}"));
        }
        wrong.repeated("working group", event.working_groups.iter().map(|group| group.number));
        wrong.repeated("round", event.rounds.iter().map(|round| round.number));
        for group in &event.working_groups {
            let number = group.number;
            let rapporteur = group.rapporteur().is_some();
            wrong.unless(rapporteur, || format!("working group {number} has no rapporteur"));
            for objective in group.clusters.iter().flatten() {
                let own = about.objectives.contains(objective);
                wrong.unless(own, || {
                    format!("working group {number}: objective {objective} is not addressed")
                });
            }
            for host in &group.hosts {
                let who = host.email.as_str();
                let there = self.participant(&host.email).is_some_and(|one| {
                    one.consultations.contains(&about.ordinal)
                        && one.outcome_at(about.ordinal) == Outcome::Confirmed
                });
                wrong.unless(there, || {
                    format!("working group {number}: host {who} does not take part")
                });
            }
        }
        for session in &event.sessions {
            let known = session
                .round
                .is_none_or(|number| event.round_numbers().any(|round| round == number));
            wrong.unless(known, || format!("session {:?}: no such round", session.title));
        }
    }

    fn check_paper(&self, wrong: &mut Wrong) {
        let mut taken = BTreeSet::new();
        for merged in &self.paper.merged {
            let placed = merged.objectives.is_empty() != merged.section.is_none();
            wrong.unless(placed, || "a merged paragraph has objectives or a section".to_owned());
            for from in &merged.sources {
                let event = self
                    .series
                    .iter()
                    .find(|event| event.consultation.ordinal == from.consultation);
                for key in &from.keys {
                    let source =
                        event.and_then(|event| event.paragraphs.iter().find(|one| one.key == *key));
                    let outcome = source.is_some_and(|one| one.section.is_outcome());
                    let ordinal = from.consultation;
                    wrong.unless(outcome, || {
                        format!("no outcome {key:?} in the report of consultation {ordinal}")
                    });
                    let once = taken.insert((ordinal, key.as_str()));
                    wrong.unless(once, || {
                        format!("{key:?} of consultation {ordinal} is merged twice")
                    });
                }
            }
            let several = merged.sources.iter().map(|from| from.keys.len()).sum::<usize>() > 1;
            wrong.unless(several, || "a merged paragraph stands for two or more".to_owned());
        }
    }
}

/// What is published answers for each of its inputs; a draft does not yet.
fn check_inputs(event: &Event, published: bool, wrong: &mut Wrong) {
    wrong.repeated("input", event.inputs.iter().map(|input| input.key.as_str()));
    let cited: BTreeSet<&str> =
        event.paragraphs.iter().flat_map(|one| one.inputs.iter().map(String::as_str)).collect();
    for input in &event.inputs {
        let key = input.key.as_str();
        let grouped = input.origin == Origin::Group;
        let group =
            input.group.is_some_and(|number| event.group_numbers().any(|one| one == number));
        let round =
            input.round.is_some_and(|number| event.round_numbers().any(|one| one == number));
        let placed =
            if grouped { group && round } else { input.group.is_none() && input.round.is_none() };
        wrong.unless(placed, || format!("input {key:?}: group and round do not fit"));
        wrong.unless(grouped || input.by == By::Participant, || {
            format!("input {key:?}: no group to record for")
        });
        wrong.category(&input.category, || format!("input {key:?}"));
        for objective in &input.objectives {
            let own = event.consultation.objectives.contains(objective);
            wrong.unless(own, || format!("input {key:?}: objective {objective} is not addressed"));
        }
        let set_aside = input.decision == Verdict::SetAside;
        wrong.unless(set_aside == input.reason.is_some(), || {
            format!("input {key:?}: reason goes with set_aside")
        });
        let covered = [set_aside, cited.contains(key), input.omit.is_some()];
        let times = covered.into_iter().filter(|one| *one).count();
        let once = times == 1 || (times == 0 && !published);
        wrong.unless(once, || {
            format!("input {key:?}: is set aside, or cited, or omitted: one of them")
        });
    }
}

fn check_paragraphs(event: &Event, wrong: &mut Wrong) {
    wrong.repeated("paragraph", event.paragraphs.iter().map(|one| one.key.as_str()));
    let inputs: BTreeSet<&str> = event.inputs.iter().map(|input| input.key.as_str()).collect();
    for one in &event.paragraphs {
        let key = one.key.as_str();
        let in_cluster = one.section == SectionKind::Cluster;
        if in_cluster {
            let known = event.group_of(&one.cluster).is_some();
            wrong.unless(known, || format!("paragraph {key:?}: no such cluster"));
            match &one.category {
                Some(category) => wrong.category(category, || format!("paragraph {key:?}")),
                None => wrong.unless(false, || format!("paragraph {key:?}: needs a category")),
            }
        }
        let inside = one.objective.is_none_or(|objective| one.cluster.contains(&objective));
        wrong.unless(inside, || format!("paragraph {key:?}: its objective is not of its cluster"));
        let beside = one.before.is_some() || one.after.is_some();
        let organization = one.section == SectionKind::Organization;
        wrong.unless(beside == organization, || {
            format!("paragraph {key:?}: before or after is for organization")
        });
        let rests = one.inputs.is_empty() != one.section.is_outcome() || one.editorial.is_some();
        wrong.unless(rests, || {
            format!("paragraph {key:?}: an outcome, and only that, rests on inputs")
        });
        for input in &one.inputs {
            wrong.unless(inputs.contains(input.as_str()), || {
                format!("paragraph {key:?}: no input {input:?}")
            });
        }
    }
    for heading in &event.headings {
        let known = event.group_of(&heading.cluster).is_some();
        wrong.unless(known, || format!("heading {:?}: no such cluster", heading.text));
        wrong.category(&heading.category, || format!("heading {:?}", heading.text));
    }
}

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Wrong {
    file: &'static str,
    pub(super) lines: Vec<String>,
}

impl Wrong {
    pub(super) fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.lines.push(format!("config/demo/{}: {}", self.file, what()));
        }
    }

    pub(super) fn repeated<T: Ord + std::fmt::Display>(
        &mut self,
        what: &str,
        keys: impl Iterator<Item = T>,
    ) {
        let mut counts: BTreeMap<T, u32> = BTreeMap::new();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
        for (key, count) in counts {
            self.unless(count == 1, || format!("{what} {key} is there {count} times"));
        }
    }

    fn category(&mut self, code: &CategoryCode, place: impl FnOnce() -> String) {
        let known = Reference::get().category(code).is_some();
        self.unless(known, || format!("{}: no category {code}", place()));
    }
}
