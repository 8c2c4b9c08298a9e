//! Lines that wait to be turned into inputs: what was written in a chat, said in a meeting or sent as a document. Pure types. Who
//! spoke ends where a file is read: here a speaker is a number that means nothing outside the file.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{InputId, LineId, Origin};
use crate::channels::{self, PassedOver};
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::text_enum;

pub mod fast_entry;
pub mod http;
pub mod service;
mod store;

pub use crate::vocabulary::SourceId;

text_enum! {
    /// What lines come from.
    pub enum SourceKind {
        /// A chat: people write to one another, some of them privately.
        Chat => "chat",
        /// A transcript or captions of what people said.
        Transcript => "transcript",
        /// A document, of which nobody is the speaker.
        Document => "document",
    }
}

impl SourceKind {
    /// Where inputs of it were made.
    pub const fn origin(self) -> Origin {
        match self {
            Self::Chat => Origin::Chat,
            Self::Transcript => Origin::Captions,
            Self::Document => Origin::Document,
        }
    }

    /// What it is read as.
    pub const fn read_as(self) -> channels::Kind {
        match self {
            Self::Chat => channels::Kind::Chat,
            Self::Transcript => channels::Kind::Transcript,
            Self::Document => channels::Kind::Document,
        }
    }
}

impl From<channels::Kind> for SourceKind {
    fn from(kind: channels::Kind) -> Self {
        match kind {
            channels::Kind::Chat => Self::Chat,
            channels::Kind::Transcript => Self::Transcript,
            channels::Kind::Document => Self::Document,
        }
    }
}

text_enum! {
    /// What became of a line.
    pub enum LineState {
        /// Nobody has taken it up.
        Waiting => "waiting",
        /// It went into an input.
        Turned => "turned",
        /// It is no contribution.
        Discarded => "discarded",
    }
}

/// Lines of a file that were not taken, and why. It holds nothing of what stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotTaken {
    /// The first line of it (in Word: paragraph), counted from 1.
    #[schema(example = 12)]
    pub first: u32,
    /// The last line of it.
    #[schema(example = 13)]
    pub last: u32,
    /// Which reason, to count by.
    #[schema(example = "private")]
    pub kind: String,
    /// Why.
    #[schema(example = "is not addressed to everyone, or cannot be told to be")]
    pub reason: String,
}

impl From<&PassedOver> for NotTaken {
    fn from(passed: &PassedOver) -> Self {
        Self {
            first: passed.first,
            last: passed.last,
            kind: passed.why.code().to_owned(),
            reason: passed.why.to_string(),
        }
    }
}

/// What lines were taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// What it is.
    pub kind: SourceKind,
    /// What it is called.
    pub title: String,
    /// The language of its lines (BCP 47).
    pub language: String,
    /// The working group it was made in.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in.
    pub round_id: Option<RoundId>,
    /// The session it was made in.
    pub session_id: Option<SessionId>,
    /// How many lines were taken.
    pub lines: i32,
    /// What was not taken.
    pub passed_over: Vec<NotTaken>,
    /// The hash of what it was read from: the same is not taken twice.
    pub sha256: String,
    /// The day it was taken, in the consultation's zone.
    pub imported_on: NaiveDate,
    /// Counts changes.
    pub version: i64,
}

/// A line of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedLine {
    /// Its id. Random, as those of inputs.
    pub id: LineId,
    /// Its source.
    pub source_id: SourceId,
    /// Its place in the source, from 1.
    pub position: i32,
    /// What was said; names of speakers and of those who registered are taken out.
    pub body: String,
    /// The headings it stands under.
    pub under: Vec<String>,
    /// Its footnotes.
    pub notes: Vec<String>,
    /// Which part it is of what was too long for one line, and of how many.
    pub part: Option<(i32, i32)>,
    /// What became of it.
    pub state: LineState,
    /// The input it went into.
    pub input_id: Option<InputId>,
    /// Counts changes.
    pub version: i64,
}
