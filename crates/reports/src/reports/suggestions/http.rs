//! Operations on suggested wording. Knows no rule; nothing it gives has room for a contributor.

use super::service;
use super::store::{self, Wanted};
use super::{
    Comment, Deciding, NewSuggestion, Suggestion, SuggestionDecision, SuggestionKind,
    SuggestionState,
};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::history::http::{Team, TeamMemberBody};
use crate::reports::{ParagraphId, ReportId};
use crate::vocabulary::{CommentId, PartyId, SuggestionId};

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(suggest_wording)
        .service(list_suggestions)
        .service(read_suggestion)
        .service(comment_suggestion)
        .service(decide_suggestion);
}

/// Something to be suggested for a paragraph.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestWording {
    /// What is suggested.
    pub kind: SuggestionKind,
    /// The version of the paragraph that you have read.
    #[schema(example = 3)]
    pub made_from: i64,
    /// The text as inline Markdown: of the paragraph, or of the one that should follow it. Absent where it should go. Of a remark, the
    /// words that it is about, if not all.
    #[serde(default)]
    #[schema(example = "Fees vary between offices.", max_length = 20000)]
    pub text: Option<String>,
    /// Why: the first comment of the thread; of a remark, what is to be thought of.
    #[serde(default)]
    #[schema(example = "Two inputs say so.", max_length = 2000)]
    pub comment: Option<String>,
    /// For whom you suggest it, of those that you answer for in the round of clearance that is open. Absent: for the body that you answer
    /// for, if there is one. What is suggested for a body its members alone see until it says something.
    #[serde(default)]
    pub party_id: Option<PartyId>,
}

/// Suggested wording, with what was said about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedWordingBody {
    /// Its id.
    pub id: SuggestionId,
    /// The report.
    pub report_id: ReportId,
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// What is suggested.
    pub kind: SuggestionKind,
    /// The version of the paragraph that it was made from.
    pub made_from: i64,
    /// The text; absent where the paragraph should go. Of a remark, the words that it is about.
    pub text: Option<String>,
    /// What came of it.
    pub state: SuggestionState,
    /// Whose it is by the Word file in which it came.
    #[schema(example = "Ana Example")]
    pub author: Option<String>,
    /// Who made it, or brought it in; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
    /// Who decided it.
    pub decided_by: Option<TeamMemberBody>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// For whom it was made, where that is somebody who was asked in a round of clearance.
    pub party_id: Option<PartyId>,
    /// From when all of the team see it; absent while members of the body alone do.
    pub released_at: Option<Timestamp>,
    /// What was said about it, in order.
    pub comments: Vec<WordingCommentBody>,
    /// Counts decisions; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    #[schema(example = json!(["comment", "accept", "reject"]))]
    pub allowed_actions: Vec<&'static str>,
}

/// Something that was said about a suggestion.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordingCommentBody {
    /// Its id.
    pub id: CommentId,
    /// What was said.
    pub text: String,
    /// Who said it by the Word file in which it came.
    #[schema(example = "Ana Example")]
    pub author: Option<String>,
    /// Who said it, or brought it in; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
}

impl SuggestedWordingBody {
    fn one(work: &mut Work, suggestion: Suggestion) -> Result<Self, Problem> {
        let one = Self::several(work, suggestion.report_id, vec![suggestion])?.pop();
        one.ok_or_else(|| Problem::internal("one suggestion has one answer"))
    }

    fn several(
        work: &mut Work,
        report: ReportId,
        suggestions: Vec<Suggestion>,
    ) -> Result<Vec<Self>, Problem> {
        let allowed = service::allowed_actions(work, report, &suggestions)?;
        let ids: Vec<SuggestionId> = suggestions.iter().map(|one| one.id).collect();
        let comments = store::comments(work.conn, &ids)?;
        let people = suggestions.iter().flat_map(|one| [one.made_by, one.decided_by]);
        let team = Team::of(work, people.chain(comments.iter().map(|one| one.said_by)))?;
        let new = |(one, allowed_actions): (Suggestion, _)| {
            let said = comments.iter().filter(|comment| comment.suggestion_id == one.id);
            let said = said.map(|comment| WordingCommentBody::new(&team, comment)).collect();
            Self::new(&team, one, said, allowed_actions)
        };
        Ok(suggestions.into_iter().zip(allowed).map(new).collect())
    }

    fn new(
        team: &Team,
        suggestion: Suggestion,
        comments: Vec<WordingCommentBody>,
        allowed_actions: Vec<&'static str>,
    ) -> Self {
        Self {
            id: suggestion.id,
            report_id: suggestion.report_id,
            paragraph_id: suggestion.paragraph_id,
            kind: suggestion.kind,
            made_from: suggestion.made_from,
            text: suggestion.text,
            state: suggestion.state,
            author: suggestion.author,
            by: team.member(suggestion.made_by),
            at: suggestion.made_at,
            decided_by: team.member(suggestion.decided_by),
            decided_at: suggestion.decided_at,
            reason: suggestion.reason,
            party_id: suggestion.party,
            released_at: suggestion.released_at,
            comments,
            version: suggestion.version,
            allowed_actions,
        }
    }
}

impl WordingCommentBody {
    fn new(team: &Team, comment: &Comment) -> Self {
        let by = team.member(comment.said_by);
        let author = comment.author.clone();
        Self { id: comment.id, text: comment.text.clone(), author, by, at: comment.said_at }
    }
}

/// Which suggestions are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSuggestions {
    /// In this state only.
    #[param(inline)]
    pub state: Option<SuggestionState>,
    /// On this paragraph only.
    pub paragraph_id: Option<ParagraphId>,
}

/// Something to be said about a suggestion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentSuggestion {
    /// What is to be said.
    #[schema(example = "Paragraph 12 has it already.", max_length = 2000)]
    pub text: String,
}

/// What is decided of a suggestion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "accept" }))]
pub struct DecideSuggestion {
    /// Accept, reject, or take it back.
    pub decision: SuggestionDecision,
    /// Accepting: the text that shall stand in place of the suggested one.
    #[serde(default)]
    #[schema(max_length = 20000)]
    pub text: Option<String>,
    /// Accepting: the version of the paragraph that you have seen; needed with `text`.
    #[serde(default)]
    pub paragraph_version: Option<i64>,
    /// Rejecting: why.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

/// Suggests something for a paragraph: another text, that it goes, a new paragraph after it, or something to be thought of. Whoever may read the draft may,
/// while it is drafted or cleared; several suggestions may be open on one paragraph.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path)), request_body = SuggestWording, responses((status = 201, body = SuggestedWordingBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/paragraphs/{paragraph_id}/suggestions")]
pub async fn suggest_wording(
    call: Call,
    path: PathIds<ParagraphId>,
    body: Body<SuggestWording>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewSuggestion {
            kind: body.kind,
            made_from: body.made_from,
            text: body.text.clone(),
            comment: body.comment.clone(),
            author: None,
        };
        let suggestion = service::suggest_for(work, id, body.party_id, new)?;
        let location = format!("/api/v1/suggestions/{}", suggestion.id);
        Ok(Reply::created(location, 1, &SuggestedWordingBody::one(work, suggestion)?))
    })
    .await
}

/// The suggestions for a report, in the order in which they were made.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), ListSuggestions, PageQuery), responses((status = 200, body = Page<SuggestedWordingBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/suggestions")]
pub async fn list_suggestions(
    call: Call,
    path: PathIds<ReportId>,
    query: Listed<ListSuggestions>,
) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let wanted = Wanted { state: query.filter.state, paragraph: query.filter.paragraph_id };
    let part = call.read(move |work| {
        let part = service::suggestions(work, id, wanted, &paging)?;
        let items = SuggestedWordingBody::several(work, id, part.items)?;
        Ok(Listing { items, next: part.next })
    });
    Ok(call.page(part.await?))
}

/// A suggestion with its thread.
#[utoipa::path(tag = "reports", params(("suggestion_id" = SuggestionId, Path)), responses((status = 200, body = SuggestedWordingBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/suggestions/{suggestion_id}")]
pub async fn read_suggestion(call: Call, path: PathIds<SuggestionId>) -> Answer {
    let id = path.id();
    let suggestion = call.read(move |work| {
        let suggestion = service::see(work, id)?;
        SuggestedWordingBody::one(work, suggestion)
    });
    let suggestion = suggestion.await?;
    Ok(call.ok(suggestion.version, &suggestion))
}

/// Says something about a suggestion.
#[utoipa::path(tag = "reports", params(("suggestion_id" = SuggestionId, Path)), request_body = CommentSuggestion, responses((status = 201, body = SuggestedWordingBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/suggestions/{suggestion_id}/comments")]
pub async fn comment_suggestion(
    call: Call,
    path: PathIds<SuggestionId>,
    body: Body<CommentSuggestion>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let suggestion = service::comment(work, id, body.text.clone())?;
        let (location, version) =
            (format!("/api/v1/suggestions/{}", suggestion.id), suggestion.version);
        Ok(Reply::created(location, version, &SuggestedWordingBody::one(work, suggestion)?))
    })
    .await
}

/// Accepts or rejects a suggestion, for whoever may draft the paragraph, or takes it back, for whoever made it. Accepting makes a new
/// version of the paragraph that names the suggestion. 409 `suggestion_overtaken` when the paragraph has another text since: its
/// `errors` hold what the suggestion was made from, what is here and what is suggested; send in `text` what shall stand.
#[utoipa::path(tag = "reports", params(("suggestion_id" = SuggestionId, Path), IfMatch), request_body = DecideSuggestion, responses((status = 200, body = SuggestedWordingBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/suggestions/{suggestion_id}/decision")]
pub async fn decide_suggestion(
    call: Call,
    path: PathIds<SuggestionId>,
    body: Body<DecideSuggestion>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let deciding = Deciding {
            decision: body.decision,
            text: body.text.clone(),
            paragraph_version: body.paragraph_version,
            reason: body.reason.clone(),
        };
        let suggestion = service::decide(work, id, version, &deciding)?;
        Ok(Reply::ok(suggestion.version, &SuggestedWordingBody::one(work, suggestion)?))
    })
    .await
}
