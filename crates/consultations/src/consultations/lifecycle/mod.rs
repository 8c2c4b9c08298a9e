//! How a consultation goes from phase to phase: the steps that there are, what stands in the way of each as data, and steps back with a
//! reason. Whether something stands in the way is asked of every feature; the rules that are of the consultation alone stand here.
//! Publishing the first edition of its report is the only way to `published`. Pure.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::{Activity, Consultation, ConsultationId, Phase};
use crate::access::Permission;
use crate::db::types::Timestamp;
use crate::problem::{At, Checks, Code, Problem};
use crate::registry::Event;
use crate::text_enum;

pub mod http;
pub(super) mod privacy;
pub mod service;
pub(super) mod store;

const LONGEST_REASON: usize = 2_000;

text_enum! {
    /// What stands in the way of a step.
    pub enum BlockerCode {
        /// Its day is not set.
        NoDate => "no_date",
        /// How many can take part is not set.
        NoCapacity => "no_capacity",
        /// It has no working groups.
        NoGroups => "no_groups",
        /// Somebody is registered: they would not find it any more.
        Registered => "registered",
        /// A round has no assignment in force.
        NoAssignment => "no_assignment",
        /// The figures of those registered were released, and are not released again.
        FiguresReleased => "figures_released",
        /// Participants were told that they can contribute until later.
        WindowOpen => "window_open",
        /// A table is being brought in, and is not in whole yet.
        ImportUnderWay => "import_under_way",
        /// It has no report.
        NoReport => "no_report",
        /// Its consultation has not come so far.
        NotYet => "not_yet",
        /// Something is neither used nor left out with a reason, or rests on nothing.
        CoverageIncomplete => "coverage_incomplete",
        /// A check found something in the draft, and nobody lets it pass.
        ChecksUnmet => "checks_unmet",
        /// Whoever said something that the draft rests on wants to take it back, and nobody answered.
        WishOpen => "wish_open",
        /// More voices speak than receipts were given.
        VoicesUnsound => "voices_unsound",
        /// Only the first edition of its report, once published, is this step.
        EditionNeeded => "edition_needed",
        /// Nobody was asked to agree to it.
        NoClearanceRound => "no_clearance_round",
        /// Somebody whose agreement is needed has not agreed to it as it reads now.
        AgreementMissing => "agreement_missing",
        /// Somebody objects.
        ObjectionStands => "objection_stands",
        /// Participants were told that they can comment until later, or what they said is not let in yet.
        ParticipantsAsked => "participants_asked",
        /// A comment is not answered.
        CommentUnanswered => "comment_unanswered",
    }
}

impl BlockerCode {
    /// Whether whoever takes the step may take it all the same, saying why.
    pub const fn is_waivable(self) -> bool {
        match self {
            Self::NoDate
            | Self::NoCapacity
            | Self::NoGroups
            | Self::NoAssignment
            | Self::FiguresReleased => true,
            Self::Registered
            | Self::WindowOpen
            | Self::ImportUnderWay
            | Self::NoReport
            | Self::NotYet
            | Self::CoverageIncomplete
            | Self::ChecksUnmet
            | Self::WishOpen
            | Self::VoicesUnsound
            | Self::EditionNeeded
            | Self::NoClearanceRound
            | Self::AgreementMissing
            | Self::ObjectionStands
            | Self::ParticipantsAsked
            | Self::CommentUnanswered => false,
        }
    }
}

/// Something that stands in the way of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Its stable name.
    pub code: BlockerCode,
    /// What it is, in a sentence.
    pub what: String,
    /// Since when, or until when, where that is known.
    pub since: Option<Timestamp>,
    /// The permission of those who can take it away.
    pub who_can: Permission,
}

impl Blocker {
    /// Something of which it is not known since when.
    pub fn now(code: BlockerCode, what: impl Into<String>, who_can: Permission) -> Self {
        Self { code, what: what.into(), since: None, who_can }
    }
}

/// A step is considered, by somebody who looks or who takes it: whoever knows of something that stands in its way says so.
#[derive(Debug)]
pub struct StepConsidered {
    /// The consultation as it stands.
    pub consultation: Consultation,
    /// Where it would go.
    pub to: Phase,
    blocking: RefCell<Vec<Blocker>>,
}

impl Event for StepConsidered {
    const NAME: &'static str = "step_considered";
}

impl StepConsidered {
    /// A step of which nothing is known that stands in its way, but for what the consultation itself tells.
    fn new(consultation: Consultation, to: Phase) -> Self {
        let considered = Self { consultation, to, blocking: RefCell::default() };
        if to == Phase::OpenCall && considered.from() == Phase::Planning {
            let one = &considered.consultation;
            if one.held_on.is_none() {
                considered.block(
                    BlockerCode::NoDate,
                    "Its day is not set.",
                    None,
                    Permission::SetUp,
                );
            }
            if one.capacity.is_none() {
                let what =
                    "How many can take part is not set: everybody who is admitted gets a place.";
                considered.block(BlockerCode::NoCapacity, what, None, Permission::SetUp);
            }
        }
        considered
    }

    /// Where it stands.
    pub fn from(&self) -> Phase {
        self.consultation.phase
    }

    /// Whether it goes on, into this phase.
    pub fn goes_on_to(&self, phase: Phase) -> bool {
        self.to == phase && !self.from().is_back(phase)
    }

    /// Says what stands in the way.
    pub fn block(
        &self,
        code: BlockerCode,
        what: impl Into<String>,
        since: Option<Timestamp>,
        who_can: Permission,
    ) {
        self.add(Blocker { code, what: what.into(), since, who_can });
    }

    /// As [`StepConsidered::block`].
    pub fn add(&self, blocker: Blocker) {
        self.blocking.borrow_mut().push(blocker);
    }

    fn into_blocking(self) -> Vec<Blocker> {
        self.blocking.into_inner()
    }
}

/// Somebody wants to know what they may do with a consultation now. Whoever knows better than the table of phases says so.
#[derive(Debug)]
pub struct ActionsConsidered {
    /// The consultation.
    pub consultation: Consultation,
    actions: RefCell<Vec<&'static str>>,
}

impl Event for ActionsConsidered {
    const NAME: &'static str = "actions_considered";
}

impl ActionsConsidered {
    /// What the table of phases and the caller's roles say.
    pub(super) fn new(consultation: Consultation, actions: Vec<&'static str>) -> Self {
        Self { consultation, actions: RefCell::new(actions) }
    }

    /// Whether it is said to be possible, so far.
    pub fn has(&self, activity: Activity) -> bool {
        self.actions.borrow().contains(&activity.as_str())
    }

    /// It is not possible.
    pub fn drop(&self, activity: Activity) {
        self.actions.borrow_mut().retain(|action| *action != activity.as_str());
    }

    /// It is possible, too.
    pub fn add(&self, action: &'static str) {
        self.actions.borrow_mut().push(action);
    }

    pub(super) fn into_actions(self) -> Vec<&'static str> {
        self.actions.into_inner()
    }
}

/// A consultation went to another phase, in this transaction.
#[derive(Debug, Clone)]
pub struct PhaseChanged {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Where it was.
    pub from: Phase,
    /// Where it is.
    pub to: Phase,
    /// Why, where whoever took the step said so.
    pub reason: Option<String>,
}

impl Event for PhaseChanged {
    const NAME: &'static str = "phase_changed";
}

/// A step as somebody wants to take it.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Why: needed to go back, to cancel, and where something waivable stands in the way.
    pub reason: Option<String>,
    /// What stands in the way and is waived.
    pub despite: Vec<BlockerCode>,
}

impl Wanted {
    /// Whatever stands in the way and can be waived is waived, for this reason.
    pub fn despite_all(reason: &str) -> Self {
        let waivable = BlockerCode::ALL.iter().copied().filter(|code| code.is_waivable());
        Self { reason: Some(reason.to_owned()), despite: waivable.collect() }
    }

    /// 422 where a reason is needed and is not there, or is no text.
    pub fn check(&self, needed: bool) -> Result<(), Problem> {
        let mut checks = Checks::new();
        match &self.reason {
            Some(reason) => {
                checks.text(reason, LONGEST_REASON, "/reason");
            }
            None => {
                let detail =
                    "is needed to go back, to cancel, or to go on despite what stands in the way";
                checks.require(!needed, "/reason", detail);
            }
        }
        checks.finish()
    }

    /// 409 naming everything that stands in the way and is not, or cannot be, waived.
    pub fn require_free(&self, blocking: &[Blocker]) -> Result<(), Problem> {
        let waived = |one: &&Blocker| one.code.is_waivable() && self.despite.contains(&one.code);
        let left: Vec<At> = blocking
            .iter()
            .filter(|one| !waived(one))
            .map(|one| At {
                pointer: "/to".to_owned(),
                code: one.code.as_str().to_owned(),
                detail: one.what.clone(),
            })
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        let detail = match left.as_slice() {
            [one] => one.detail.clone(),
            several => format!("{} things stand in the way: `errors` lists them.", several.len()),
        };
        Err(Problem::new(Code::StepBlocked, detail).with_errors(left))
    }
}

/// A step that was taken, of a consultation from phase to phase or of a report from state to state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken<S> {
    /// From where.
    pub from: S,
    /// To where.
    pub to: S,
    /// Why, where it was said.
    pub reason: Option<String>,
    /// What stood in the way and was waived.
    pub despite: Vec<BlockerCode>,
    /// When.
    pub at: Timestamp,
}

/// A step that can be taken from where something stands, and what stands in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next<S> {
    /// Where it leads.
    pub to: S,
    /// Whether it needs a reason in any case.
    pub needs_reason: bool,
    /// What stands in its way.
    pub blocking: Vec<Blocker>,
}

/// The steps that something took, the latest first, and those that it can take.
pub type Steps<S> = (Vec<Taken<S>>, Vec<Next<S>>);

/// What a step is kept as, of what was waived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Despite(pub Vec<BlockerCode>);
