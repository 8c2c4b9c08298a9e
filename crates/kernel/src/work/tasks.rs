//! Jobs as those see them who do their work: what kinds there are, how far one has come, what it gets and what it gives back.
//! Pure: knows no table and no HTTP, and not what the kinds of work are about.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Work;
use super::app::App;
use super::progress::Progress;
use crate::access::Scope;
use crate::db::types::Timestamp;
use crate::problem::{At, Code, Problem};
use crate::text_enum;
use crate::vocabulary::{AccountId, ConsultationId, JobId};

/// Seconds for which a process that runs a job has it to itself; it asks for more long before they are over.
pub const LEASE_SECONDS: i64 = 30;
/// How often a job is begun before it is given up.
pub const MOST_ATTEMPTS: i32 = 5;
/// Days for which a job that has ended, and what it found, is kept.
pub const KEPT_DAYS: i64 = 7;

text_enum! {
    /// What a job does. The feature that runs it says how ([`crate::registry::Feature::jobs`]).
    pub enum JobKind {
        /// Finds a plan for assigning people to working groups.
        ProposeAssignmentPlan => "propose_assignment_plan",
        /// Registrations out of a table.
        ImportRegistrations => "import_registrations",
        /// Inputs out of a table.
        ImportInputs => "import_inputs",
        /// Makes a long document.
        RenderDocument => "render_document",
        /// Forgets what is kept for longer than it may be.
        Purge => "purge",
    }
}

text_enum! {
    /// How far a job has come.
    pub enum JobState {
        /// Nobody has begun.
        Queued => "queued",
        /// A process works on it.
        Running => "running",
        /// All of it is done.
        Done => "done",
        /// None of it was done, or, where it is done in parts, no more of it, for the reason given; of an import that was decided the reason says
        /// what is in and what is not.
        Failed => "failed",
        /// It was stopped, because somebody wished so: none of it was done, or, where it is done in parts, no more of it.
        Cancelled => "cancelled",
    }
}

impl JobKind {
    /// Those that bring a table in: once that is decided, nothing stops it.
    pub const IMPORTS: &'static [Self] = &[Self::ImportRegistrations, Self::ImportInputs];
}

impl JobState {
    /// Whether nothing more will become of it.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How much of a job is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// How much is done, in the unit of the message.
    #[schema(example = 1200)]
    pub done: i64,
    /// How much there is to do, once that is known.
    #[schema(example = 5000)]
    pub total: Option<i64>,
    /// What is being done.
    #[schema(example = "Registering people")]
    pub message: Option<String>,
}

/// Why a job failed: as the problem would have been answered, had there been a request to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// The problem's stable name; `/problems/{code}` is its page.
    #[schema(example = "invalid_value")]
    pub code: String,
    /// One line, the same for every occurrence.
    pub title: String,
    /// What is particular to this occurrence.
    pub detail: String,
    /// The places that are wrong: `/rows/17/Country`.
    pub errors: Vec<At>,
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        let kind = problem.code().kind();
        Self {
            code: kind.code.to_owned(),
            title: kind.title.to_owned(),
            detail: problem.detail().to_owned(),
            errors: problem.errors().to_vec(),
        }
    }
}

/// That a job was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// How often, from 1.
    pub attempts: i32,
    /// When for the last time.
    pub at: Timestamp,
}

/// How far a job came that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// As [`Figures::done`].
    pub done: i64,
    /// As [`Figures::total`].
    pub total: Option<i64>,
    /// When it ended.
    pub at: Timestamp,
}

/// How far a job has come, with what there is in that state and in no other.
#[derive(Debug, Clone, PartialEq)]
pub enum Course {
    /// Nobody works on it.
    Queued {
        /// When somebody did who gave it back.
        earlier: Option<Begun>,
    },
    /// A process works on it.
    Running {
        /// When it began.
        begun: Begun,
        /// How much of it is done.
        figures: Figures,
        /// Whether somebody wishes that it stops.
        cancel_requested: bool,
    },
    /// All of it is done.
    Done {
        /// When it was begun.
        begun: Begun,
        /// How far it came.
        reached: Reached,
        /// What it found or did, for who started it; forgotten with them.
        result: Option<serde_json::Value>,
        /// Whether somebody wished that it stops, and got the best that it had.
        cancel_requested: bool,
    },
    /// It came to no end: none of it was done, or what its problem says.
    Failed {
        /// When it was begun.
        begun: Begun,
        /// How far it came.
        reached: Reached,
        /// Why, for who started it; forgotten with them.
        problem: Option<Failure>,
    },
    /// None of it was done, because somebody wished so.
    Cancelled {
        /// When it was begun, if it ever was.
        begun: Option<Begun>,
        /// How far it came.
        reached: Reached,
    },
}

/// Long work and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Who started it; it may do what they may do when it runs.
    pub account_id: AccountId,
    /// What it is about.
    pub scope: Scope,
    /// How it is to be done. Holds no personal data.
    pub params: serde_json::Value,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// How far it has come.
    pub course: Course,
}

impl Course {
    /// Its name.
    pub const fn state(&self) -> JobState {
        match self {
            Self::Queued { .. } => JobState::Queued,
            Self::Running { .. } => JobState::Running,
            Self::Done { .. } => JobState::Done,
            Self::Failed { .. } => JobState::Failed,
            Self::Cancelled { .. } => JobState::Cancelled,
        }
    }

    /// When it was last begun, if it ever was.
    pub const fn begun(&self) -> Option<Begun> {
        match self {
            Self::Queued { earlier: begun } | Self::Cancelled { begun, .. } => *begun,
            Self::Running { begun, .. } | Self::Done { begun, .. } | Self::Failed { begun, .. } => {
                Some(*begun)
            }
        }
    }

    /// How far it came, if it has ended.
    pub const fn reached(&self) -> Option<Reached> {
        match self {
            Self::Queued { .. } | Self::Running { .. } => None,
            Self::Done { reached, .. }
            | Self::Failed { reached, .. }
            | Self::Cancelled { reached, .. } => Some(*reached),
        }
    }

    /// How much of it is done.
    pub fn figures(&self) -> Figures {
        match (self, self.reached()) {
            (Self::Running { figures, .. }, _) => figures.clone(),
            (_, Some(Reached { done, total, .. })) => Figures { done, total, message: None },
            (_, None) => Figures::default(),
        }
    }

    /// Whether somebody wished that it stops.
    pub const fn cancel_requested(&self) -> bool {
        match self {
            Self::Queued { .. } | Self::Failed { .. } => false,
            Self::Running { cancel_requested, .. } | Self::Done { cancel_requested, .. } => {
                *cancel_requested
            }
            Self::Cancelled { .. } => true,
        }
    }

    /// 409 unless it can still be cancelled.
    pub fn require_cancellable(&self) -> Result<(), Problem> {
        let state = self.state();
        if !state.has_ended() {
            return Ok(());
        }
        let detail = format!(
            "A job that is {state} cannot be cancelled; one that is queued or running can."
        );
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// The same without what is for nobody but who started it.
    pub fn without_findings(self) -> Self {
        match self {
            Self::Done { begun, reached, cancel_requested, .. } => {
                Self::Done { begun, reached, cancel_requested, result: None }
            }
            Self::Failed { begun, reached, .. } => Self::Failed { begun, reached, problem: None },
            other => other,
        }
    }
}

/// An import that was decided and is not through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// The job.
    pub job: JobId,
    /// What it brings in.
    pub kind: JobKind,
    /// Into which consultation.
    pub consultation: ConsultationId,
}

/// How a job stands after one of its writes.
#[derive(Debug, Clone, PartialEq)]
pub enum Advance {
    /// It goes on from this place, which holds no personal data.
    To(serde_json::Value),
    /// It goes on from this place, and works on lots from now on, one after the other.
    With {
        /// As in [`Advance::To`].
        place: serde_json::Value,
        /// In place of what it worked on before ([`Task::payload`]). Each is forgotten by who takes it.
        lots: Vec<Vec<u8>>,
    },
    /// All of it is done; what it found.
    Done(serde_json::Value),
}

/// For how long a part of a job writes while others wait.
const SPELL: Duration = Duration::from_millis(40);

/// A part of a job, while it writes.
#[derive(Debug)]
pub struct Spell(Instant);

impl Spell {
    /// It begins to write.
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// Whether it is others' turn.
    pub fn is_over(&self) -> bool {
        self.0.elapsed() >= SPELL
    }
}

/// What is computed once everything for it was read. It tells how far it is, and ends soon after it was cancelled.
pub type Computation = Box<dyn FnOnce(&Progress) -> Result<Computed, Problem> + Send>;

/// Writes what was computed, and says what the job found or from where it goes on.
pub type Writing = Box<dyn FnMut(&mut Work) -> Result<Advance, Problem> + Send>;

/// What was computed, and is to be written.
pub struct Computed {
    /// Writes it. It may be called again when the transaction stood in another's way.
    pub write: Writing,
    /// Whether it is kept although somebody wished that the job stops: the job is done then, with the best that it had.
    pub even_when_cancelled: bool,
}

/// What a kind of work gets to do its work.
pub struct Task<'a> {
    /// The job.
    pub job: &'a Job,
    /// What it works on.
    pub payload: &'a [u8],
    /// What every request shares.
    pub app: &'a App,
    /// Where it tells how far it is, and learns that it is to stop.
    pub progress: &'a Progress,
}

impl Task<'_> {
    /// The parameters, as the kind of work has them.
    pub fn params<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_value(self.job.params.clone()).map_err(Problem::internal)
    }
}
