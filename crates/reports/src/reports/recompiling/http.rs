//! Operations by which a paper follows newer editions, and the shapes of what they take and give. Knows no rule.

use super::service::{self, Compilation, Compiled, OpenSource, SettledOn, Settlement};
use super::{Proposed, SettlementDecision, SourceChange, SourceChangeKind, Unsettled};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reports::bodies::SourceBody;
use crate::reports::history::difference::words;
use crate::reports::history::http::PieceBody;
use crate::reports::{EditionId, ParagraphId, ReportId, SectionId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_compilation).service(recompile_paper).service(settle_changes);
}

/// A summary report of the review, and what of it a paper is compiled from.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompiledReportBody {
    /// The report.
    pub report_id: ReportId,
    /// The place of its consultation in the series.
    pub ordinal: i32,
    /// The edition that the paper is compiled from; absent where it is compiled from none.
    pub edition_id: Option<EditionId>,
    /// Its number.
    pub edition: Option<i32>,
    /// The number of the newest edition; absent while none is published.
    pub newest_edition: Option<i32>,
    /// When the newest was published.
    pub newest_published_at: Option<Timestamp>,
    /// Whether a newer edition is published than the paper is compiled from.
    pub superseded: bool,
}

impl From<Compiled> for CompiledReportBody {
    fn from(one: Compiled) -> Self {
        let (edition_id, edition) = one.used.unzip();
        let newest = one.newest.as_ref().map(|issue| issue.number);
        Self {
            report_id: one.report,
            ordinal: one.ordinal,
            edition_id,
            edition,
            newest_edition: newest,
            newest_published_at: one.newest.map(|issue| issue.published_at),
            superseded: newest > edition,
        }
    }
}

/// What became of a paragraph of an edition that the paper rests on.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceChangeBody {
    /// What became of it.
    pub kind: SourceChangeKind,
    /// Where it stood.
    pub from: SourceBody,
    /// What it said.
    pub before: String,
    /// Where it stands now; absent once it is gone.
    pub to: Option<SourceBody>,
    /// What it says now.
    pub after: Option<String>,
    /// Both, word by word.
    pub words: Vec<PieceBody>,
    /// The objectives that it is about now.
    pub objectives: Vec<ObjectiveNumber>,
    /// The category that it stands in now.
    pub category: Option<CategoryCode>,
}

impl From<SourceChange> for SourceChangeBody {
    fn from(change: SourceChange) -> Self {
        let (to, after) = change.after.unzip();
        let text = after.as_ref().map(|record| record.text.clone());
        let pieces = words(&change.before.text, text.as_deref().unwrap_or_default());
        Self {
            kind: change.kind,
            from: change.from.into(),
            before: change.before.text,
            to: to.map(SourceBody::from),
            words: pieces.into_iter().map(PieceBody::from).collect(),
            objectives: after.as_ref().map(|record| record.about()).unwrap_or_default(),
            category: after.and_then(|record| record.category),
            after: text,
        }
    }
}

/// A paragraph of the paper that rests on what has changed since.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnsettledParagraphBody {
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// Its version, which a settlement names.
    pub version: i64,
    /// The section that it stands in.
    pub section_id: SectionId,
    /// What drafters wrote.
    pub text: Option<String>,
    /// What became of what it rests on.
    pub changes: Vec<SourceChangeBody>,
    /// What drafters wrote with what changed in the newer edition, which stands there when it is followed. Absent where both changed the
    /// same words, and where nothing is left to rest on.
    pub proposed_text: Option<String>,
    /// Whether nothing is left of what it rests on: when the newer edition is followed it is removed.
    pub removal: bool,
}

impl From<Unsettled> for UnsettledParagraphBody {
    fn from(one: Unsettled) -> Self {
        let removal = one.proposed == Proposed::Removal;
        let proposed_text = match one.proposed {
            Proposed::Text(text) => Some(text),
            Proposed::ByHand | Proposed::Removal => None,
        };
        Self {
            paragraph_id: one.paragraph.id,
            version: one.paragraph.version,
            section_id: one.paragraph.section_id,
            text: one.paragraph.text,
            changes: one.changes.into_iter().map(SourceChangeBody::from).collect(),
            proposed_text,
            removal,
        }
    }
}

/// A paragraph of an edition that the paper neither takes up nor leaves out.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenSourceBody {
    /// Where it stands.
    pub source: SourceBody,
    /// What it says.
    pub text: String,
    /// The objectives that it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its category.
    pub category: Option<CategoryCode>,
    /// The section that it goes into when it is taken up; absent where the paper has none for it.
    pub section_id: Option<SectionId>,
    /// Why it was left out as it stood in an earlier edition.
    pub omitted_before: Option<String>,
}

impl From<OpenSource> for OpenSourceBody {
    fn from(one: OpenSource) -> Self {
        Self {
            source: one.source.into(),
            objectives: one.record.about(),
            text: one.record.text,
            category: one.record.category,
            section_id: one.section,
            omitted_before: one.omitted_before.into_iter().last().map(|omission| omission.reason),
        }
    }
}

/// What a paper is compiled from, and what of it is not settled.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompilationBody {
    /// The paper.
    pub report_id: ReportId,
    /// The paper's version.
    pub version: i64,
    /// The summary reports of its review, by ordinal.
    pub reports: Vec<CompiledReportBody>,
    /// Paragraphs that rest on what has changed since, in the order of the paper.
    pub unsettled: Vec<UnsettledParagraphBody>,
    /// Paragraphs of editions that are neither taken up nor left out, in their order.
    pub open: Vec<OpenSourceBody>,
    /// What you may do.
    #[schema(example = json!(["recompile", "settle"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl From<Compilation> for CompilationBody {
    fn from(compilation: Compilation) -> Self {
        Self {
            report_id: compilation.report.id,
            version: compilation.report.version,
            reports: compilation.standing.into_iter().map(CompiledReportBody::from).collect(),
            unsettled: compilation
                .unsettled
                .into_iter()
                .map(UnsettledParagraphBody::from)
                .collect(),
            open: compilation.open.into_iter().map(OpenSourceBody::from).collect(),
            allowed_actions: compilation.allowed_actions,
        }
    }
}

/// Changes in what a paper is compiled from, as they are to be settled: all of them or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleChanges {
    /// The settlements.
    #[schema(min_items = 1, max_items = 500)]
    pub settlements: Vec<SettleChange>,
}

/// How a change is settled: on a paragraph of the paper, or on a paragraph of an edition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleChange {
    /// The paragraph of the paper.
    #[serde(default)]
    pub paragraph_id: Option<ParagraphId>,
    /// The version of it that you have seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// The paragraph of an edition that is neither taken up nor left out.
    #[serde(default)]
    pub source: Option<SourceBody>,
    /// `follow` the newer edition, or `keep` what the paper says.
    pub decision: SettlementDecision,
    /// Following: what shall stand in place of what is proposed.
    #[serde(default)]
    #[schema(max_length = 20000)]
    pub text: Option<String>,
    /// Why a paragraph stays that rests on nothing any more, or why one of an edition is left out.
    #[serde(default)]
    #[schema(max_length = 2000, example = "Paragraph 12 has it already.")]
    pub reason: Option<String>,
    /// The section that a paragraph of an edition goes into; where its objectives and category stand when absent.
    #[serde(default)]
    pub section_id: Option<SectionId>,
}

impl SettleChange {
    fn settlement(&self, index: usize) -> Result<Settlement, Problem> {
        let on = match (self.paragraph_id, self.version, self.source) {
            (Some(id), Some(version), None) => SettledOn::Paragraph(id, version),
            (None, None, Some(source)) => SettledOn::Source(source.into()),
            _ => {
                let detail = "name either a paragraph with its version, or a source";
                let pointer = format!("/settlements/{index}/paragraph_id");
                return Err(Problem::invalid(pointer, detail));
            }
        };
        Ok(Settlement {
            on,
            decision: self.decision,
            text: self.text.clone(),
            reason: self.reason.clone(),
            section: self.section_id,
        })
    }
}

/// What a paper is compiled from: which editions, whether newer ones are published, and what of it is not settled yet: paragraphs that rest
/// on what has changed, each with the three texts, and paragraphs of editions that are neither taken up nor left out.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = CompilationBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/compilation")]
pub async fn read_compilation(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let compilation = call.read(move |work| service::read(work, id)).await?;
    Ok(call.ok_unversioned(&CompilationBody::from(compilation)))
}

/// Lets a paper be compiled from the newest edition of each report of its review. What drafters wrote stays. What is the same in the newer
/// edition is followed at once; what is new, gone or changed there is to be settled, and holds the paper back until it is.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), IfMatch), responses((status = 200, body = CompilationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/recompile")]
pub async fn recompile_paper(call: Call, path: PathIds<ReportId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let compilation = service::recompile(work, id, version)?;
        Ok(Reply::ok(compilation.report.version, &CompilationBody::from(compilation)))
    })
    .await
}

/// Settles what changed in what a paper is compiled from, paragraph by paragraph: all that is sent, or nothing. The answer is what is left.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = SettleChanges, responses((status = 200, body = CompilationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/settlements")]
pub async fn settle_changes(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<SettleChanges>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let each = body.settlements.iter().enumerate();
        let settlements: Result<Vec<Settlement>, Problem> =
            each.map(|(index, one)| one.settlement(index)).collect();
        let compilation = service::settle(work, id, &settlements?)?;
        Ok(Reply::unversioned(&CompilationBody::from(compilation)))
    })
    .await
}
