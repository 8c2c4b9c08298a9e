//! Operations on milestones. Knows no rule; nothing it gives has room for a contributor.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::{
    DraftDifference, FrozenParagraph, HeadingDifference, Milestone, ParagraphDifference, service,
};
use crate::db::types::Timestamp;
use crate::digest::sha256;
use crate::http::prelude::*;
use crate::reports::history::difference::Piece;
use crate::reports::history::http::{PieceBody, Team, TeamMemberBody};
use crate::reports::{ParagraphId, ReportId, SectionId};
use crate::vocabulary::MilestoneId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(set_milestone)
        .service(list_milestones)
        .service(read_milestone)
        .service(export_milestone)
        .service(compare_milestone);
}

/// A draft to be frozen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMilestone {
    /// What it is called.
    #[schema(example = "As sent to the co-organizers", max_length = 200)]
    pub name: String,
}

/// A draft that was frozen.
#[derive(Debug, Serialize, ToSchema)]
pub struct MilestoneBody {
    /// Its id.
    pub id: MilestoneId,
    /// The report.
    pub report_id: ReportId,
    /// Its number in the report, from 1.
    pub number: i32,
    /// What it is called.
    #[schema(example = "As sent to the co-organizers")]
    pub name: String,
    /// SHA-256 over the bytes of its document, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Where the document is; absent once somebody who was named in it is erased.
    pub document: Option<String>,
    /// Whether names are left out of the document, because the draft does not name them any more: who withdrew their consent to be
    /// named, for example. Its bytes are not those of `sha256` then.
    pub names_left_out: bool,
    /// The report's version then.
    pub report_version: i64,
    /// Who froze it; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
    /// Its paragraphs with their versions, in order.
    pub paragraphs: Vec<FrozenParagraphBody>,
    /// Milestones do not change: always 1.
    pub version: i64,
}

impl MilestoneBody {
    fn new(team: &Team, milestone: Milestone) -> Self {
        let document = |_| format!("/api/v1/milestones/{}/document", milestone.id);
        Self {
            id: milestone.id,
            report_id: milestone.report_id,
            number: milestone.number,
            name: milestone.name,
            sha256: milestone.sha256,
            document: milestone.document.map(document),
            names_left_out: milestone.names_left_out,
            report_version: milestone.report_version,
            by: team.member(milestone.set_by),
            at: milestone.set_at,
            paragraphs: milestone.frozen.paragraphs.into_iter().map(Into::into).collect(),
            version: 1,
        }
    }
}

/// A paragraph as it stood in a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrozenParagraphBody {
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// The number of its version.
    pub version: i64,
    /// The section in which it stood.
    pub section_id: SectionId,
    /// The number it was printed with.
    pub number: Option<u32>,
}

impl From<FrozenParagraph> for FrozenParagraphBody {
    fn from(paragraph: FrozenParagraph) -> Self {
        Self {
            paragraph_id: paragraph.id,
            version: paragraph.version,
            section_id: paragraph.section,
            number: paragraph.number,
        }
    }
}

/// With which milestone one is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareMilestone {
    /// Another one of the report; the draft as it is now when absent.
    pub to: Option<MilestoneId>,
}

/// What became of a paragraph between two drafts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParagraphDifferenceBody {
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// As it was; absent when it was added.
    pub before: Option<FrozenParagraphBody>,
    /// As it is; absent when it was removed.
    pub after: Option<FrozenParagraphBody>,
    /// Whether it stands in another section, or elsewhere among the others.
    pub moved: bool,
    /// Its words in both, in order; empty when they are the same.
    pub words: Vec<PieceBody>,
}

/// What became of a heading between two drafts.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadingDifferenceBody {
    /// The section.
    pub section_id: SectionId,
    /// Its heading in both, in order.
    pub words: Vec<PieceBody>,
}

/// What differs between two drafts of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftDifferenceBody {
    /// The title in both; empty when it is the same.
    pub title: Vec<PieceBody>,
    /// The summary in both; empty when it is the same.
    pub summary: Vec<PieceBody>,
    /// Headings that differ.
    pub headings: Vec<HeadingDifferenceBody>,
    /// Paragraphs that were added, removed, moved or changed: in the order of the later draft, then those that were removed.
    pub paragraphs: Vec<ParagraphDifferenceBody>,
}

fn pieces(words: Vec<Piece>) -> Vec<PieceBody> {
    words.into_iter().map(PieceBody::from).collect()
}

impl From<DraftDifference> for DraftDifferenceBody {
    fn from(difference: DraftDifference) -> Self {
        let heading = |change: HeadingDifference| HeadingDifferenceBody {
            section_id: change.id,
            words: pieces(change.words),
        };
        let paragraph = |change: ParagraphDifference| ParagraphDifferenceBody {
            paragraph_id: change.id,
            before: change.before.map(Into::into),
            after: change.after.map(Into::into),
            moved: change.moved,
            words: pieces(change.words),
        };
        Self {
            title: pieces(difference.title),
            summary: pieces(difference.summary),
            headings: difference.headings.into_iter().map(heading).collect(),
            paragraphs: difference.paragraphs.into_iter().map(paragraph).collect(),
        }
    }
}

/// Freezes the whole draft of a report under a name: its compiled document to the byte, and the version of each paragraph.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = SetMilestone, responses((status = 201, body = MilestoneBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/milestones")]
pub async fn set_milestone(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<SetMilestone>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let milestone = service::set(work, id, &body.name)?;
        let team = Team::of(work, [milestone.set_by])?;
        let location = format!("/api/v1/milestones/{}", milestone.id);
        Ok(Reply::created(location, 1, &MilestoneBody::new(&team, milestone)))
    })
    .await
}

/// The milestones of a report, by number.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<MilestoneBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/milestones")]
pub async fn list_milestones(call: Call, path: PathIds<ReportId>, query: Listed) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::milestones(work, id, &paging)?;
        let team = Team::of(work, part.items.iter().map(|one| one.set_by))?;
        Ok(part.map(|one| MilestoneBody::new(&team, one)))
    });
    Ok(call.page(part.await?))
}

/// A milestone.
#[utoipa::path(tag = "reports", params(("milestone_id" = MilestoneId, Path)), responses((status = 200, body = MilestoneBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/milestones/{milestone_id}")]
pub async fn read_milestone(call: Call, path: PathIds<MilestoneId>) -> Answer {
    let id = path.id();
    let milestone = call.read(move |work| {
        let milestone = service::milestone(work, id)?;
        let team = Team::of(work, [milestone.set_by])?;
        Ok(MilestoneBody::new(&team, milestone))
    });
    Ok(call.ok(1, &milestone.await?))
}

/// The document of a milestone as JSON: exactly the bytes that its SHA-256 is over, unless `names_left_out` of the milestone says otherwise.
#[utoipa::path(tag = "reports", params(("milestone_id" = MilestoneId, Path)), responses((status = 200, content_type = "application/json", description = "The document."), Refusals), security(("bearer" = [])))]
#[get("/api/v1/milestones/{milestone_id}/document")]
pub async fn export_milestone(call: Call, path: PathIds<MilestoneId>) -> Answer {
    let id = path.id();
    let milestone = call.read(move |work| service::milestone(work, id)).await?;
    let document = milestone.document.ok_or_else(|| Problem::not_found("document any more"))?;
    let digest = if milestone.names_left_out { sha256(&document) } else { milestone.sha256 };
    let etag = format!("\"{digest}\"");
    Ok(call.unless_known(&etag, || {
        HttpResponse::Ok()
            .insert_header((header::ETAG, etag.clone()))
            .content_type("application/json")
            .body(document)
    }))
}

/// What differs between a milestone and another one, or the draft as it is now: by paragraph, word by word.
#[utoipa::path(tag = "reports", params(("milestone_id" = MilestoneId, Path), CompareMilestone), responses((status = 200, body = DraftDifferenceBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/milestones/{milestone_id}/difference")]
pub async fn compare_milestone(
    call: Call,
    path: PathIds<MilestoneId>,
    query: Params<CompareMilestone>,
) -> Answer {
    let (id, to) = (path.id(), query.to);
    let difference = call.read(move |work| service::compare(work, id, to));
    Ok(call.ok_unversioned(&DraftDifferenceBody::from(difference.await?)))
}
