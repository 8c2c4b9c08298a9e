//! Operations that follow a voice to the text. No shape here can hold whose it is.

use super::service::{self, Followed};
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::inputs::{InputId, InputState, SetAsideReason};
use crate::reports::{ParagraphId, ReportId};
use crate::voices::receipts::http::{ByReceipt, receipt};

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(follow_input).service(follow_contributions);
}

/// A paragraph of a published edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedBody {
    /// The report.
    pub report_id: ReportId,
    /// The edition's number.
    #[schema(example = 1)]
    pub edition: i32,
    /// The symbol under which it was published.
    #[schema(example = "ESCAP/GCM/2021/CRP.2")]
    pub symbol: Option<String>,
    /// The paragraph's number.
    #[schema(example = 34)]
    pub paragraph: i32,
}

/// A paragraph of a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftedBody {
    /// The report.
    pub report_id: ReportId,
    /// The paragraph.
    pub paragraph_id: ParagraphId,
}

/// Where what an input said is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NowBody {
    /// The input that it is in; itself, when it was neither merged nor split.
    pub input_id: InputId,
    /// How far that has come.
    pub state: InputState,
    /// Its text.
    pub body: String,
    /// Why it was set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<SetAsideReason>,
    /// What there is to say to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What became of an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedBody {
    /// The input.
    pub input_id: InputId,
    /// How far it has come.
    pub state: InputState,
    /// Where what it said is now.
    pub now_in: Vec<NowBody>,
    /// The paragraphs of published editions that rest on it.
    pub published: Vec<PublishedBody>,
    /// Whether a draft that is being cleared or was published rests on it.
    pub in_cleared_draft: bool,
    /// Paragraphs of drafts, for who may read those.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drafted: Vec<DraftedBody>,
    /// Why no paragraph rests on it, where the drafters said so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub omitted_because: Vec<String>,
    /// The originals it goes back to; for the team.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<InputId>,
    /// What went directly into it; for the team.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<InputId>,
}

impl From<Followed> for FollowedBody {
    fn from(followed: Followed) -> Self {
        let Followed { input, lineage, trace, team } = followed;
        let now = |input: crate::inputs::Input| NowBody {
            input_id: input.id,
            state: input.state,
            body: input.body,
            reason_code: input.reason_code,
            note: input.note,
        };
        let published = trace.published.into_iter().map(|one| PublishedBody {
            report_id: one.report_id,
            edition: one.edition,
            symbol: one.symbol,
            paragraph: one.paragraph,
        });
        let drafted = trace
            .drafted
            .into_iter()
            .map(|(report_id, paragraph_id)| DraftedBody { report_id, paragraph_id });
        Self {
            input_id: input.id,
            state: input.state,
            now_in: lineage.now_in.into_iter().map(now).collect(),
            published: published.collect(),
            in_cleared_draft: trace.in_cleared_draft,
            drafted: drafted.collect(),
            omitted_because: trace.omitted_because,
            origins: if team { lineage.origins.into_iter().collect() } else { Vec::new() },
            sources: if team { lineage.sources } else { Vec::new() },
        }
    }
}

/// What became of an input: where it went, and the paragraphs that rest on it or why none does. For the team.
#[utoipa::path(tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = FollowedBody), Refusals))]
#[get("/api/v1/inputs/{input_id}/followed")]
pub async fn follow_input(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    let followed = call.read(move |work| service::follow(work, id)).await?;
    Ok(call.ok_unversioned(&FollowedBody::from(followed)))
}

/// What became of contributions.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedContributionsBody {
    /// Of each that was mixed.
    pub items: Vec<FollowedBody>,
}

/// What became of everything that was contributed by a receipt, to the paragraph that rests on it.
#[utoipa::path(tag = "contributions", params(("consultation_id" = ConsultationId, Path), ByReceipt),
    responses((status = 200, body = FollowedContributionsBody), Refusals))]
#[get("/api/v1/consultations/{consultation_id}/followed-contributions")]
pub async fn follow_contributions(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let (id, receipt) = (path.id(), receipt(&call)?);
    let found = call.read(move |work| service::follow_own(work, id, &receipt)).await?;
    let items = found.into_iter().map(FollowedBody::from).collect();
    Ok(call.ok_unversioned(&FollowedContributionsBody { items }))
}
