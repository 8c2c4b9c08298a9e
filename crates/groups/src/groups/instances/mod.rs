//! What a plan is made from: the people, groups, rounds and rules of a consultation as the solver takes them. Reads; must
//! never pass on a name or an address.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::rules::AssignmentRules;
use super::solver::{self, Instance, Placement};
use super::{Assignment, HOST_ROLES};
use crate::access::ScopeKind;
use crate::accounts::{self, AccountId};
use crate::consultations::{self, Consultation, Round, RoundId, WorkingGroup, WorkingGroupId};
use crate::db::types::Id;
use crate::digest::sha256;
use crate::groups;
use crate::problem::Problem;
use crate::reference::Reference;
use crate::registrations::{self, Registration};
use crate::work::Work;

pub mod command;
pub mod file;

/// The rounds and groups of a consultation.
pub(super) struct Places {
    /// By number.
    pub(super) rounds: Vec<Round>,
    /// By number.
    pub(super) groups: Vec<WorkingGroup>,
}

impl Places {
    pub(super) fn of(work: &mut Work, consultation: &Consultation) -> Result<Self, Problem> {
        Ok(Self {
            rounds: consultations::programme::service::all::<Round>(work, consultation.id)?,
            groups: consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?,
        })
    }

    pub(super) fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    pub(super) fn group(&self, id: WorkingGroupId) -> Option<&WorkingGroup> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The number of a round; 0 for one that is gone.
    pub(super) fn round_number(&self, id: Uuid) -> i32 {
        self.round(Id::new(id)).map_or(0, |round| round.number)
    }

    /// The number of a group; 0 for one that is gone.
    pub(super) fn group_number(&self, id: Uuid) -> i32 {
        self.group(Id::new(id)).map_or(0, |group| group.number)
    }
}

/// The groups that each host hosts.
pub(super) fn hosts(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<BTreeMap<AccountId, BTreeSet<WorkingGroupId>>, Problem> {
    let mut hosts: BTreeMap<AccountId, BTreeSet<WorkingGroupId>> = BTreeMap::new();
    for group in consultations::programme::service::all::<WorkingGroup>(work, consultation.id)? {
        let holders =
            accounts::roles::service::holders(work, ScopeKind::WorkingGroup, group.id.uuid())?;
        for (_, account) in holders.iter().filter(|(role, _)| HOST_ROLES.contains(role)) {
            hosts.entry(*account).or_default().insert(group.id);
        }
    }
    Ok(hosts)
}

/// What the solver needs to know, and nothing that says who somebody is.
pub(super) fn instance(
    work: &mut Work,
    consultation: &Consultation,
    rules: &AssignmentRules,
    seed: i64,
    previous: Vec<Placement>,
) -> Result<Instance, Problem> {
    let places = Places::of(work, consultation)?;
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let hosts = hosts(work, consultation)?;
    let mut people: Vec<solver::Person> = confirmed.iter().map(person).collect();
    for (one, registration) in people.iter_mut().zip(&confirmed) {
        let hosted = hosts.get(&registration.account_id).into_iter().flatten();
        one.pinned.extend(hosted.map(|group| solver::Pin { round: None, group: group.uuid() }));
        let pins = rules.pins.iter().filter(|pin| pin.registration_id == registration.id);
        one.pinned.extend(pins.map(|pin| solver::Pin {
            round: pin.round_id.map(Id::uuid),
            group: pin.working_group_id.uuid(),
        }));
    }
    Ok(Instance {
        groups: places.groups.iter().map(|one| group(one, rules)).collect(),
        rounds: places.rounds.iter().map(|round| solver::Round { id: round.id.uuid() }).collect(),
        people,
        seed: seed.cast_unsigned(),
        together: sets(&rules.together, &confirmed),
        apart: sets(&rules.apart, &confirmed),
        previous,
        weights: rules.weights.clone(),
        listed_sectors: rules.listed_sectors.iter().map(|code| code.as_str().to_owned()).collect(),
    })
}

fn group(group: &WorkingGroup, rules: &AssignmentRules) -> solver::Group {
    let size = |number: i32| usize::try_from(number).unwrap_or_default();
    let own = rules.limits.iter().filter(|limit| limit.working_group_id == group.id);
    let limits = own.map(|limit| solver::Limit {
        round: limit.round_id.uuid(),
        min: size(limit.min_size),
        max: size(limit.max_size),
    });
    solver::Group {
        id: group.id.uuid(),
        min: size(group.min_size),
        max: size(group.max_size),
        limits: limits.collect(),
        languages: spoken(&group.languages),
    }
}

fn person(registration: &Registration) -> solver::Person {
    let subregion = Reference::get().subregion_of(registration.country);
    let rounds = registration.rounds.as_ref();
    solver::Person {
        id: registration.id.uuid(),
        preferences: registration.preferences.iter().map(|group| group.uuid()).collect(),
        rounds: rounds.map(|rounds| rounds.iter().map(|round| round.uuid()).collect()),
        pinned: Vec::new(),
        sector: registration.sector.as_str().to_owned(),
        subregion: subregion.map_or("", |found| found.code.as_str()).to_owned(),
        gender: registration.gender.map_or("", |gender| gender.as_str()).to_owned(),
        organization: registration.organization_id.map(Id::uuid),
        languages: spoken(&registration.languages),
    }
}

/// Languages as people speak them with each other: `en-GB` and `en-US` are one.
fn spoken(tags: &[String]) -> Vec<String> {
    let main = |tag: &String| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let languages: BTreeSet<String> = tags.iter().map(main).collect();
    languages.into_iter().collect()
}

/// Sets of those who are confirmed.
fn sets(sets: &[Vec<registrations::RegistrationId>], confirmed: &[Registration]) -> Vec<Vec<Uuid>> {
    let there: BTreeSet<_> = confirmed.iter().map(|one| one.id).collect();
    let present = |set: &Vec<registrations::RegistrationId>| -> Vec<Uuid> {
        set.iter().filter(|id| there.contains(id)).map(|id| id.uuid()).collect()
    };
    sets.iter().map(present).filter(|set| set.len() > 1).collect()
}

/// Tells two instances apart: what was proved of one holds for another only if it is the same.
pub(super) fn fingerprint(instance: &Instance) -> Result<String, Problem> {
    let text = serde_json::to_vec(instance).map_err(Problem::internal)?;
    Ok(sha256(text))
}

/// Who is where now.
pub(super) fn in_force(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<Vec<Placement>, Problem> {
    let assignments = groups::store::assignments(work.conn, consultation.id)?;
    Ok(assignments.iter().map(placement).collect())
}

pub(super) fn placement(assignment: &Assignment) -> Placement {
    Placement {
        person: assignment.registration_id.uuid(),
        round: assignment.round_id.uuid(),
        group: assignment.working_group_id.uuid(),
    }
}
