//! What drafters write: paragraphs of a report, and `paper.toml`.

use serde::Deserialize;

use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reports::{ComputedText, SectionKind};

/// A paragraph of a report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// How the paper refers to it.
    pub key: String,
    /// Where it stands.
    pub section: SectionKind,
    /// Stands before this computed paragraph (section `organization`).
    pub before: Option<ComputedText>,
    /// Stands after this computed paragraph (section `organization`).
    pub after: Option<ComputedText>,
    /// The cluster it is about (section `cluster`).
    #[serde(default)]
    pub cluster: Vec<ObjectiveNumber>,
    /// Its kind of contribution (section `cluster`).
    pub category: Option<CategoryCode>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
    /// Inline Markdown.
    pub text: String,
    /// Keys of the inputs it rests on.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Why it rests on none.
    pub editorial: Option<String>,
}

/// Another wording of one category's heading in one cluster.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// The cluster.
    pub cluster: Vec<ObjectiveNumber>,
    /// The category.
    pub category: CategoryCode,
    /// The wording.
    pub text: String,
}

/// `paper.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Its opening paragraphs.
    pub introduction: Vec<Introduction>,
    /// Paragraphs that stand for several.
    pub merged: Vec<Merged>,
}

/// An opening paragraph of the paper.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introduction {
    /// Inline Markdown.
    pub text: String,
}

/// One paragraph in place of several that were carried over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merged {
    /// It stands under the first of these; none for a section of its own.
    #[serde(default)]
    pub objectives: Vec<ObjectiveNumber>,
    /// `overall_progress`, when it stands there.
    pub section: Option<SectionKind>,
    /// Its kind of contribution.
    pub category: CategoryCode,
    /// Inline Markdown.
    pub text: String,
    /// What it stands for.
    pub sources: Vec<MergedFrom>,
}

/// Paragraphs of one report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergedFrom {
    /// The ordinal of the consultation.
    pub consultation: i32,
    /// Keys of paragraphs of its report.
    pub keys: Vec<String>,
}
