//! Operations on comments in clearance. Knows no rule; nothing it gives has room for a contributor.

use super::service::{self, Texts};
use super::store::Wanted;
use super::{CommentAnswer, CommentState, DraftComment};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::clearance::Passage;
use crate::reports::clearance::asking;
use crate::reports::clearance::asking::http::PartyBody;
use crate::reports::clearance::service::Names;
use crate::reports::history::http::TeamMemberBody;
use crate::reports::{ParagraphId, ReportId};
use crate::vocabulary::{ClearanceCommentId, PartyId};

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(comment_draft)
        .service(list_draft_comments)
        .service(read_draft_comment)
        .service(answer_draft_comment)
        .service(withdraw_draft_comment);
}

/// Characters of a text: from the first to behind the last, counted as Unicode scalar values from 0.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RangeBody {
    /// The first one.
    #[schema(example = 5)]
    pub start: u32,
    /// Behind the last one.
    #[schema(example = 11)]
    pub end: u32,
}

/// A comment to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentDraft {
    /// For whom you speak; may be left out where there is one only.
    #[serde(default)]
    pub party_id: Option<PartyId>,
    /// The paragraph; the draft as a whole when absent.
    #[serde(default)]
    pub paragraph_id: Option<ParagraphId>,
    /// The version of it that you have read; needed with it.
    #[serde(default)]
    #[schema(example = 3)]
    pub paragraph_version: Option<i64>,
    /// Some characters of the text of that version; all of it when absent.
    #[serde(default)]
    pub range: Option<RangeBody>,
    /// What is to be said.
    #[schema(example = "Which offices?", max_length = 5000)]
    pub text: String,
}

impl CommentDraft {
    fn on(&self) -> Result<Option<Passage>, Problem> {
        let range = self.range.map(|range| (range.start, range.end));
        match (self.paragraph_id, self.paragraph_version) {
            (Some(paragraph), Some(version)) => Ok(Some(Passage { paragraph, version, range })),
            (Some(_), None) => {
                Err(Problem::invalid("/paragraph_version", "name the version that you have read"))
            }
            (None, Some(_)) => {
                Err(Problem::invalid("/paragraph_version", "belongs to a paragraph"))
            }
            (None, None) if range.is_some() => {
                Err(Problem::invalid("/range", "belongs to a paragraph"))
            }
            (None, None) => Ok(None),
        }
    }
}

/// An answer to a comment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "answer": "accepted", "text": "It names them now." }))]
pub struct AnswerDraftComment {
    /// Whether it is taken into account.
    pub answer: CommentAnswer,
    /// How, or why not.
    #[schema(max_length = 5000)]
    pub text: String,
}

/// A comment on a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftCommentBody {
    /// Its id.
    pub id: ClearanceCommentId,
    /// The report.
    pub report_id: ReportId,
    /// For whom it was made; absent where a participant made it.
    pub party: Option<PartyBody>,
    /// Whether a participant made it, by receipt: nobody knows who, or when.
    pub by_participant: bool,
    /// The paragraph; absent for the draft as a whole.
    pub paragraph_id: Option<ParagraphId>,
    /// The version of it that was read.
    pub paragraph_version: Option<i64>,
    /// Some characters of that version; all of it when absent.
    pub range: Option<RangeBody>,
    /// The words that it is on, as they were read.
    pub words: Option<String>,
    /// Whether the paragraph reads otherwise now, or is no more.
    pub outdated: bool,
    /// What was said.
    pub text: String,
    /// What came of it.
    pub state: CommentState,
    /// Who made it; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When; of a participant's that is not known.
    pub at: Option<Timestamp>,
    /// From when all of the team see it; until then, members of its body alone.
    pub released_at: Option<Timestamp>,
    /// What was answered.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<TeamMemberBody>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    #[schema(example = json!(["answer"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl DraftCommentBody {
    fn several(
        work: &mut Work,
        report: ReportId,
        comments: Vec<DraftComment>,
    ) -> Result<Vec<Self>, Problem> {
        let parties = asking::service::parties(work, report)?;
        let people = comments.iter().flat_map(|one| [one.said_by, one.answered_by]);
        let names = Names::of(work, &parties, people)?;
        let texts = Texts::of(work, &comments)?;
        let allowed = service::allowed_actions(work, report, &comments)?;
        let new = |(comment, actions): (DraftComment, _)| {
            let party = parties.iter().find(|party| Some(party.id) == comment.party_id);
            let party = party.map(|party| PartyBody::new(&names, party));
            Self::new(&names, party, texts.words(&comment), actions, comment)
        };
        Ok(comments.into_iter().zip(allowed).map(new).collect())
    }

    fn one(work: &mut Work, comment: DraftComment) -> Result<Self, Problem> {
        let one = Self::several(work, comment.report_id, vec![comment])?.pop();
        one.ok_or_else(|| Problem::internal("one comment has one answer"))
    }

    fn new(
        names: &Names,
        party: Option<PartyBody>,
        on: Option<(String, bool)>,
        allowed_actions: Vec<&'static str>,
        comment: DraftComment,
    ) -> Self {
        let (words, outdated) = on.map_or((None, false), |(words, old)| (Some(words), old));
        let range = comment.on.and_then(|on| on.range);
        Self {
            id: comment.id,
            report_id: comment.report_id,
            party,
            by_participant: comment.is_participants(),
            paragraph_id: comment.on.map(|on| on.paragraph),
            paragraph_version: comment.on.map(|on| on.version),
            range: range.map(|(start, end)| RangeBody { start, end }),
            words,
            outdated,
            text: comment.text,
            state: comment.state,
            by: names.team.member(comment.said_by),
            at: comment.said_at,
            released_at: comment.released_at,
            answer: comment.answer,
            answered_by: names.team.member(comment.answered_by),
            answered_at: comment.answered_at,
            version: comment.version,
            allowed_actions,
        }
    }

    fn reply(work: &mut Work, comment: DraftComment) -> Result<Reply, Problem> {
        Ok(Reply::ok(comment.version, &Self::one(work, comment)?))
    }
}

/// Which comments are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListDraftComments {
    /// In this state only.
    #[param(inline)]
    pub state: Option<CommentState>,
    /// On this paragraph only.
    pub paragraph_id: Option<ParagraphId>,
}

/// Comments on a draft for which you are asked: on a paragraph, on some characters of it, or as a whole. Of a body, its members alone see
/// it until the body says something.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = CommentDraft, responses((status = 201, body = DraftCommentBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/clearance/comments")]
pub async fn comment_draft(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<CommentDraft>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let on = body.on()?;
        let comment = service::say(work, id, body.party_id, on, body.text.clone())?;
        let location = format!("/api/v1/clearance-comments/{}", comment.id);
        Ok(Reply::created(location, comment.version, &DraftCommentBody::one(work, comment)?))
    })
    .await
}

/// The comments on a report that you may see: those of parties in the order in which they were made, those of participants in one that
/// tells nothing.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), ListDraftComments, PageQuery), responses((status = 200, body = Page<DraftCommentBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/comments")]
pub async fn list_draft_comments(
    call: Call,
    path: PathIds<ReportId>,
    query: Listed<ListDraftComments>,
) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let wanted = Wanted { state: query.filter.state, paragraph: query.filter.paragraph_id };
    let part = call.read(move |work| {
        let part = service::list(work, id, wanted, &paging)?;
        let items = DraftCommentBody::several(work, id, part.items)?;
        Ok(Listing { items, next: part.next })
    });
    Ok(call.page(part.await?))
}

/// A comment on a draft.
#[utoipa::path(tag = "reports", params(("clearance_comment_id" = ClearanceCommentId, Path)), responses((status = 200, body = DraftCommentBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/clearance-comments/{clearance_comment_id}")]
pub async fn read_draft_comment(call: Call, path: PathIds<ClearanceCommentId>) -> Answer {
    let id = path.id();
    let comment = call.read(move |work| {
        let comment = service::see(work, id)?;
        DraftCommentBody::one(work, comment)
    });
    let comment = comment.await?;
    Ok(call.ok(comment.version, &comment))
}

/// Answers a comment, for whoever drafts the paragraph: whether it is taken into account, and how or why not. Nothing is published before
/// every comment is answered.
#[utoipa::path(tag = "reports", params(("clearance_comment_id" = ClearanceCommentId, Path), IfMatch), request_body = AnswerDraftComment, responses((status = 200, body = DraftCommentBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/clearance-comments/{clearance_comment_id}/answer")]
pub async fn answer_draft_comment(
    call: Call,
    path: PathIds<ClearanceCommentId>,
    body: Body<AnswerDraftComment>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let comment = service::answer(work, id, version, body.answer, body.text.clone())?;
        DraftCommentBody::reply(work, comment)
    })
    .await
}

/// Takes a comment back that was not answered, for whoever made it.
#[utoipa::path(tag = "reports", params(("clearance_comment_id" = ClearanceCommentId, Path), IfMatch), responses((status = 200, body = DraftCommentBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/clearance-comments/{clearance_comment_id}/withdraw")]
pub async fn withdraw_draft_comment(call: Call, path: PathIds<ClearanceCommentId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let comment = service::withdraw(work, id, version)?;
        DraftCommentBody::reply(work, comment)
    })
    .await
}
