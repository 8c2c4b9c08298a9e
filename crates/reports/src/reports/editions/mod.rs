//! Editions: what is frozen when a report is published, and what a paper takes over from it. Pure; an edition never changes, and says
//! nothing of who said what.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::clearance::Approval;
use super::{Amendment, EditionId, ReportId, SectionKind};
use crate::db::types::Timestamp;
use crate::document::Document;
use crate::figures::Countries;
use crate::problem::Problem;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::render;

pub(super) mod http;

/// A published edition. Never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// Its id.
    pub id: EditionId,
    /// The report it is an edition of.
    pub report_id: ReportId,
    /// 1 for the first.
    pub number: i32,
    /// What it is to the ones before it; nothing for the first.
    pub amendment: Option<Amendment>,
    /// The symbol under which it was published.
    pub symbol: Option<String>,
    /// The document as JSON: exactly the bytes that `sha256` is over.
    pub document: String,
    /// What a paper takes over from it.
    pub record: EditionRecord,
    /// SHA-256 of `document`, in lower-case hexadecimal digits.
    pub sha256: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// That an edition was published: an edition without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// 1 for the first.
    pub number: i32,
    /// What it is to the ones before it; nothing for the first.
    pub amendment: Option<Amendment>,
    /// The symbol under which it was published.
    pub symbol: Option<String>,
    /// When it was published.
    pub published_at: Timestamp,
}

impl Edition {
    /// The document as it was frozen.
    pub fn document(&self) -> Result<Document, Problem> {
        render::json::read(self.document.as_bytes()).map_err(Problem::internal)
    }
}

/// What a paper takes over from an edition: the numbered paragraphs and the facts of the consultation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EditionRecord {
    /// The consultation, for a summary report.
    pub consultation: Option<ConsultationRecord>,
    /// Every numbered paragraph, in order.
    pub paragraphs: Vec<ParagraphRecord>,
    /// Who approved it.
    #[serde(default)]
    pub approval: Approval,
}

/// The facts of a consultation as they stood when the edition was published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsultationRecord {
    /// Its place in the series.
    pub ordinal: i32,
    /// Its theme.
    pub theme: String,
    /// The day it was held, in its zone.
    pub held_on: Option<NaiveDate>,
    /// The objectives it addressed.
    pub objectives: Vec<ObjectiveNumber>,
    /// Who took part, as it was released; none when nothing was.
    pub figures: Option<RecordedFigures>,
}

/// Who took part in a consultation, as it was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFigures {
    /// How many people; none for so few that a number would tell of somebody.
    pub people: Option<u32>,
    /// From how many countries; none when that is not told.
    pub countries: Option<Countries>,
    /// Those of them who came from United Nations entities; none when they are not told by themselves.
    pub un_representatives: Option<u32>,
}

/// A numbered paragraph of an edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParagraphRecord {
    /// Its number.
    pub number: u32,
    /// What it is part of.
    pub section: SectionKind,
    /// The objectives of its cluster.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its category.
    pub category: Option<CategoryCode>,
    /// The one objective of a joint cluster that it is about, where whoever drafted said so.
    pub objective: Option<ObjectiveNumber>,
    /// Its text as inline Markdown.
    pub text: String,
}

impl ParagraphRecord {
    /// The objectives under whose heading a paper takes it up, by number: its own, or all of its cluster together.
    pub fn about(&self) -> Vec<ObjectiveNumber> {
        match self.objective {
            Some(objective) => vec![objective],
            None => {
                let all: BTreeSet<ObjectiveNumber> = self.objectives.iter().copied().collect();
                all.into_iter().collect()
            }
        }
    }
}
