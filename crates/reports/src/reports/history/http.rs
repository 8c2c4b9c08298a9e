//! Operations on the history of a draft, for its team. Knows no rule; nothing it gives has room for a contributor.

use std::collections::HashMap;

use super::difference::{DifferenceOp, Piece};
use super::service::{self, Difference};
use super::{DraftStepKind, ParagraphVersion, SectionVersion, Taken};
use crate::accounts::{self, Account, AccountId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::reference::ObjectiveNumber;
use crate::reports::bodies::{ParagraphBody, SourceBody};
use crate::reports::{ComputedText, ParagraphId, ReportId, SectionId, SectionKind};
use crate::vocabulary::SuggestionId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_report_history)
        .service(list_paragraph_versions)
        .service(read_paragraph_version)
        .service(compare_paragraph_versions)
        .service(restore_paragraph_version)
        .service(list_section_versions);
}

/// Somebody of the team.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TeamMemberBody {
    /// The account.
    pub account_id: AccountId,
    /// Their name.
    #[schema(example = "Somchai Example")]
    pub name: String,
}

/// The people of the team by their accounts, as answers name them.
pub struct Team(HashMap<AccountId, Account>);

impl Team {
    /// Those of them who are named.
    pub fn of(
        work: &mut Work,
        ids: impl IntoIterator<Item = Option<AccountId>>,
    ) -> Result<Self, Problem> {
        let mut ids: Vec<AccountId> = ids.into_iter().flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(accounts::service::names(work, &ids)?))
    }

    /// One of them; nobody once they are erased.
    pub fn member(&self, id: Option<AccountId>) -> Option<TeamMemberBody> {
        let account = self.0.get(&id?)?;
        Some(TeamMemberBody { account_id: account.id, name: account.name.clone() })
    }
}

/// A step by which a draft was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftStepBody {
    /// Its number in the report, from 1.
    #[schema(example = 84)]
    pub serial: i64,
    /// What was done.
    pub kind: DraftStepKind,
    /// Who did it; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
    /// The section, or the one in which the paragraph stood then; absent for the report as a whole.
    pub section_id: Option<SectionId>,
    /// The paragraph.
    pub paragraph_id: Option<ParagraphId>,
    /// The version of the paragraph or section that it made.
    pub number: Option<i64>,
    /// The version that was brought back.
    pub restored_version: Option<i64>,
    /// The paragraph that this one was joined to.
    pub into_id: Option<ParagraphId>,
    /// The suggestion that was accepted.
    pub suggestion_id: Option<SuggestionId>,
}

impl DraftStepBody {
    fn new(team: &Team, taken: Taken) -> Self {
        Self {
            serial: taken.serial,
            kind: taken.step.kind,
            by: team.member(taken.step.by),
            at: taken.step.at,
            section_id: taken.section,
            paragraph_id: taken.paragraph,
            number: taken.number,
            restored_version: taken.step.restored,
            into_id: taken.step.into,
            suggestion_id: taken.step.suggestion,
        }
    }
}

/// A paragraph in one of its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParagraphVersionBody {
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// Its report.
    pub report_id: ReportId,
    /// The number of the version: the paragraph's `version` then.
    pub number: i64,
    /// What made it; of one that was deleted or joined to another, the version is as it was last.
    pub kind: DraftStepKind,
    /// Who made it; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
    /// The section in which it stood.
    pub section_id: SectionId,
    /// Its place there, from 1.
    pub position: i32,
    /// Inline Markdown; absent for a computed paragraph that nobody had written over.
    pub text: Option<String>,
    /// What it was computed from.
    pub computed: Option<ComputedText>,
    /// The one objective of a joint cluster that it was about.
    pub objective: Option<ObjectiveNumber>,
    /// Why it rested on no input.
    pub editorial_reason: Option<String>,
    /// The inputs it rested on; whether they can still be cited, they say themselves.
    pub inputs: Vec<InputId>,
    /// The paragraphs of editions it rested on (paper).
    pub sources: Vec<SourceBody>,
    /// The version that was brought back by it.
    pub restored_version: Option<i64>,
    /// The paragraph that it was joined to.
    pub into_id: Option<ParagraphId>,
    /// The suggestion that was accepted by it.
    pub suggestion_id: Option<SuggestionId>,
}

impl ParagraphVersionBody {
    fn new(team: &Team, version: ParagraphVersion) -> Self {
        let ParagraphVersion { paragraph, place, step } = version;
        Self {
            paragraph_id: paragraph.id,
            report_id: paragraph.report_id,
            number: paragraph.version,
            kind: step.kind,
            by: team.member(step.by),
            at: step.at,
            section_id: paragraph.section_id,
            position: place,
            text: paragraph.text,
            computed: paragraph.computed,
            objective: paragraph.objective,
            editorial_reason: paragraph.editorial_reason,
            inputs: paragraph.inputs,
            sources: paragraph.sources.into_iter().map(SourceBody::from).collect(),
            restored_version: step.restored,
            into_id: step.into,
            suggestion_id: step.suggestion,
        }
    }
}

/// A section in one of its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionVersionBody {
    /// The section.
    pub section_id: SectionId,
    /// Its report.
    pub report_id: ReportId,
    /// The number of the version: the section's `version` then.
    pub number: i64,
    /// What made it.
    pub kind: DraftStepKind,
    /// Who made it; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
    /// The section it stood in.
    pub parent_id: Option<SectionId>,
    /// Its place, from 1.
    pub position: i32,
    /// What stood in it.
    pub section_kind: SectionKind,
    /// The objectives of its cluster.
    pub objectives: Vec<ObjectiveNumber>,
    /// A heading in place of the usual one.
    pub heading: Option<String>,
}

impl SectionVersionBody {
    fn new(team: &Team, version: SectionVersion) -> Self {
        let SectionVersion { section, step } = version;
        Self {
            section_id: section.id,
            report_id: section.report_id,
            number: section.version,
            kind: step.kind,
            by: team.member(step.by),
            at: step.at,
            parent_id: section.parent_id,
            position: section.position,
            section_kind: section.kind,
            objectives: section.objectives,
            heading: section.heading,
        }
    }
}

/// A piece of text that stands in one of two versions or in both.
#[derive(Debug, Serialize, ToSchema)]
pub struct PieceBody {
    /// Where it stands.
    pub op: DifferenceOp,
    /// Its words.
    #[schema(example = "differ between offices")]
    pub text: String,
}

impl From<Piece> for PieceBody {
    fn from(piece: Piece) -> Self {
        Self { op: piece.op, text: piece.text }
    }
}

/// What differs between two versions of a paragraph.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferenceBody {
    /// The version it begins with.
    pub from_version: i64,
    /// The version it leads to.
    pub to_version: i64,
    /// Both texts, word by word, in order.
    pub words: Vec<PieceBody>,
    /// The inputs that it rests on in the second only.
    pub inputs_added: Vec<InputId>,
    /// The inputs that it rests on in the first only.
    pub inputs_removed: Vec<InputId>,
}

impl From<Difference> for DifferenceBody {
    fn from(difference: Difference) -> Self {
        Self {
            from_version: difference.from,
            to_version: difference.to,
            words: difference.words.into_iter().map(PieceBody::from).collect(),
            inputs_added: difference.inputs_added,
            inputs_removed: difference.inputs_removed,
        }
    }
}

/// With which version one is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareParagraphVersions {
    /// Its number; the newest version when absent.
    pub to: Option<i64>,
}

/// A paragraph that was brought back.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestoredParagraphBody {
    /// The paragraph as it is now.
    pub paragraph: ParagraphBody,
    /// Inputs that it rested on then and that are not accepted any more: it does not rest on them again.
    pub inputs_left_out: Vec<InputId>,
}

/// Every save of a draft, the newest first: what was done, where, by whom and when.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<DraftStepBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/history")]
pub async fn list_report_history(call: Call, path: PathIds<ReportId>, query: Listed) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::steps(work, id, &paging)?;
        let team = Team::of(work, part.items.iter().map(|taken| taken.step.by))?;
        Ok(part.map(|taken| DraftStepBody::new(&team, taken)))
    });
    Ok(call.page(part.await?))
}

/// The versions of a paragraph, the newest first; also of one that was deleted or joined to another.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), PageQuery), responses((status = 200, body = Page<ParagraphVersionBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/paragraphs/{paragraph_id}/versions")]
pub async fn list_paragraph_versions(
    call: Call,
    path: PathIds<ParagraphId>,
    query: Listed,
) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::versions(work, id, &paging)?;
        let team = Team::of(work, part.items.iter().map(|version| version.step.by))?;
        Ok(part.map(|version| ParagraphVersionBody::new(&team, version)))
    });
    Ok(call.page(part.await?))
}

/// One version of a paragraph.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), ("number" = i64, Path)), responses((status = 200, body = ParagraphVersionBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/paragraphs/{paragraph_id}/versions/{number}")]
pub async fn read_paragraph_version(call: Call, path: PathIds<(ParagraphId, i64)>) -> Answer {
    let (id, number) = path.parts();
    let version = call.read(move |work| {
        let version = service::version(work, id, number)?;
        let team = Team::of(work, [version.step.by])?;
        Ok(ParagraphVersionBody::new(&team, version))
    });
    Ok(call.ok_unversioned(&version.await?))
}

/// What differs between two versions of a paragraph, word by word.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), ("number" = i64, Path), CompareParagraphVersions), responses((status = 200, body = DifferenceBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/paragraphs/{paragraph_id}/versions/{number}/difference")]
pub async fn compare_paragraph_versions(
    call: Call,
    path: PathIds<(ParagraphId, i64)>,
    query: Params<CompareParagraphVersions>,
) -> Answer {
    let ((id, number), to) = (path.parts(), query.to);
    let difference = call.read(move |work| service::difference(work, id, number, to));
    Ok(call.ok_unversioned(&DifferenceBody::from(difference.await?)))
}

/// Brings an earlier version of a paragraph back as a new version: its text and what it rested on, where the paragraph stands now.
/// One that was deleted or joined to another comes back to its section, under its own id; its version is that of its newest version.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), ("number" = i64, Path), IfMatch), responses((status = 200, body = RestoredParagraphBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/paragraphs/{paragraph_id}/versions/{number}/restore")]
pub async fn restore_paragraph_version(call: Call, path: PathIds<(ParagraphId, i64)>) -> Answer {
    let ((id, number), version) = (path.parts(), call.if_match()?);
    call.post_empty(move |work| {
        let restored = service::restore(work, id, number, version)?;
        let version = restored.paragraph.version;
        let body = RestoredParagraphBody {
            paragraph: ParagraphBody::new(work, restored.paragraph)?,
            inputs_left_out: restored.left_out,
        };
        Ok(Reply::ok(version, &body))
    })
    .await
}

/// The versions of a section, the newest first: its headings, and where it stood.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path), PageQuery), responses((status = 200, body = Page<SectionVersionBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/report-sections/{section_id}/versions")]
pub async fn list_section_versions(call: Call, path: PathIds<SectionId>, query: Listed) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::section_versions(work, id, &paging)?;
        let team = Team::of(work, part.items.iter().map(|version| version.step.by))?;
        Ok(part.map(|version| SectionVersionBody::new(&team, version)))
    });
    Ok(call.page(part.await?))
}
