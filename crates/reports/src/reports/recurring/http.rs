//! The operation that proposes what to join in a paper, and the shapes of what it gives. Knows no rule.

use std::collections::BTreeMap;

use super::{Recurring, service};
use crate::http::prelude::*;
use crate::reports::bodies::SourceBody;
use crate::reports::{Paragraph, ParagraphId, ReportId};

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_recurring_points);
}

/// A paragraph that recurs.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurringParagraphBody {
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// Its version, which joining names.
    pub version: i64,
    /// What it says.
    pub text: Option<String>,
    /// The paragraphs of editions that it rests on.
    pub sources: Vec<SourceBody>,
}

impl From<&Paragraph> for RecurringParagraphBody {
    fn from(one: &Paragraph) -> Self {
        Self {
            paragraph_id: one.id,
            version: one.version,
            text: one.text.clone(),
            sources: one.sources.iter().copied().map(SourceBody::from).collect(),
        }
    }
}

/// Two paragraphs of a paper that come from different consultations and say alike.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurringPointBody {
    /// The two, in the order of the paper.
    pub paragraphs: Vec<RecurringParagraphBody>,
    /// How much alike they are, in thousandths.
    #[schema(example = 620)]
    pub likeness: u16,
    /// What they have in common, as it reads in the first.
    #[schema(example = json!(["the cost of documents kept many migrants"]))]
    pub shared: Vec<String>,
}

impl RecurringPointBody {
    fn new(one: Recurring, paragraphs: &BTreeMap<ParagraphId, Paragraph>) -> Self {
        let both = [one.first, one.second].into_iter();
        let both = both.filter_map(|id| paragraphs.get(&id)).map(RecurringParagraphBody::from);
        Self { paragraphs: both.collect(), likeness: one.likeness, shared: one.shared }
    }
}

/// What recurs in a paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurringPointsBody {
    /// Pairs of paragraphs, the most alike first.
    pub items: Vec<RecurringPointBody>,
}

/// Points that recur in a paper: paragraphs that come from different consultations, stand in the same category and say alike, with how much
/// and why. Joining them (`merge_paragraphs`) keeps the references of both; where views differ, set both beside each other
/// (`set_views_apart`), and they are proposed no more.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = RecurringPointsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/recurring-points")]
pub async fn list_recurring_points(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let (found, paragraphs) = call.read(move |work| service::find(work, id)).await?;
    let items = found.into_iter().map(|one| RecurringPointBody::new(one, &paragraphs)).collect();
    Ok(call.ok_unversioned(&RecurringPointsBody { items }))
}
