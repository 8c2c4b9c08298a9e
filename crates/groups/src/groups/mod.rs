//! Working groups' people: who is in which group in which round, the plans that say so, and each group's hosts.
//! Pure: knows no table, no HTTP and no clock. How a plan is found is the business of `solver`, a crate of its own.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::accounts::{AccountId, GrantId};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::problem::{Code, Problem};
use crate::registrations::RegistrationId;
use crate::text_enum;

pub mod exchange;
mod feature;
pub mod hosts;
pub mod http;
pub mod instances;
pub mod mails;
mod personal;
pub mod plans;
pub mod privacy;
pub mod rules;
pub mod service;
pub mod store;

pub use crate::consultations::programme::placeholders::HOST_ROLES;
pub use crate::vocabulary::{AssignmentId, PlanId};
pub use feature::FEATURE;
pub use rapporteur_assignment as solver;

text_enum! {
    /// How far a plan has come.
    pub enum PlanState {
        /// Found, and not in force.
        Proposed => "proposed",
        /// In force.
        Applied => "applied",
        /// Was in force until another was applied.
        Superseded => "superseded",
    }
}

text_enum! {
    /// How a plan came about.
    pub enum PlanOrigin {
        /// Found by a search.
        Solved => "solved",
        /// Read from a table.
        Imported => "imported",
    }
}

impl PlanState {
    /// Puts it in force; 409 unless it is proposed.
    pub fn apply(self) -> Result<Self, Problem> {
        match self {
            Self::Proposed => Ok(Self::Applied),
            other => {
                let detail = format!(
                    "A plan that is {other} cannot be applied; one that is proposed can. Propose a new one."
                );
                Err(Problem::new(Code::InvalidTransition, detail))
            }
        }
    }
}

/// How much a search may do, and what it is to look at. What was asked for and what a plan keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Search {
    /// The most steps.
    pub work: u64,
    /// The most seconds, if there is a limit: with one the answer hangs on the speed of the machine.
    pub seconds: Option<u32>,
    /// Whether changes to the plan in force cost something.
    pub keep_announced: bool,
    /// Whether it was told to stop before its work was done.
    pub stopped: bool,
    /// The fingerprint of what was searched.
    pub instance: String,
}

impl Default for Search {
    fn default() -> Self {
        let work = solver::Limits::USUAL.work;
        Self { work, seconds: None, keep_announced: true, stopped: false, instance: String::new() }
    }
}

/// The plan that was in force when another was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasedOn {
    /// Which plan.
    pub plan: PlanId,
    /// In which version: edits to what is in force make a new one.
    pub version: i64,
}

/// A proposal who goes to which group in which round.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignmentPlan {
    /// Its id.
    pub id: PlanId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// How far it has come.
    pub state: PlanState,
    /// What decided between equals: the same seed and people give the same plan.
    pub seed: i64,
    /// Who goes where.
    pub placements: Vec<solver::Placement>,
    /// What could not be met.
    pub unmet: Vec<solver::Unmet>,
    /// The plan in numbers.
    pub quality: solver::Quality,
    /// How it came about.
    pub origin: PlanOrigin,
    /// The rules that it was made by.
    pub rules: rules::AssignmentRules,
    /// What the search was asked for.
    pub search: Search,
    /// Rules that no plan can keep, with what would do; told only where something is unmet.
    pub clashes: Vec<solver::Clash>,
    /// How often it was edited by hand.
    pub edits: i64,
    /// What was in force when it was made.
    pub based_on: Option<BasedOn>,
    /// Counts changes.
    pub version: i64,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One registration in one group in one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The plan it came from.
    pub plan_id: PlanId,
    /// The round.
    pub round_id: RoundId,
    /// Who.
    pub registration_id: RegistrationId,
    /// The group.
    pub working_group_id: WorkingGroupId,
}

/// Somebody with a role in a working group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The role's id.
    pub id: GrantId,
    /// Who.
    pub account_id: AccountId,
    /// As what.
    pub role: Role,
    /// Their name: for those who may read plans, and for a report or the public only when `named`.
    pub name: String,
    /// The organization that they registered for: told as the name is.
    pub affiliation: Option<String>,
    /// Whether they are confirmed and consented to being named.
    pub named: bool,
}

impl Host {
    /// "Asha Example, International Detention Coalition".
    pub fn line(&self) -> String {
        match &self.affiliation {
            Some(affiliation) => format!("{}, {affiliation}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Who is to become a host: an account there is, or somebody by address and name.
#[derive(Debug, Clone)]
pub enum Whom {
    /// An account.
    Account(AccountId),
    /// Whose registration for the consultation it is.
    Registration(RegistrationId),
    /// Somebody, whose account is made when there is none.
    Person(crate::registrations::Person),
}

/// An assignment as those who may see it see it.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The assignment.
    pub assignment: Assignment,
    /// The round's number.
    pub round: i32,
    /// The group's number.
    pub group: i32,
    /// The person's name, for those who see names of this group.
    pub name: Option<String>,
}
