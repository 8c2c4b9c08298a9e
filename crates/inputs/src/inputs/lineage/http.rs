//! Operations on what belongs together: similar inputs, merging, splitting.

use super::SplitPart;
use super::similar::{self, Similar};
use crate::http::prelude::*;
use crate::inputs::bodies::InputBody;
use crate::inputs::triage::http::InputsBody;
use crate::inputs::{Addressee, Citation, InputId, lineage};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::vocabulary::Versioned;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_similar_inputs).service(merge_inputs).service(split_input);
}

/// An input that says about the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarBody {
    /// Its id.
    pub id: InputId,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its kind.
    pub category_id: CategoryId,
    /// Its text.
    pub body: String,
    /// Its language.
    pub language: String,
    /// How much of their words and pairs of words they share, in thousandths.
    #[schema(example = 712)]
    pub likeness: u16,
    /// Whether they are the same but for details.
    pub same: bool,
    /// Some of what they share, as it reads.
    pub shared: Vec<String>,
    /// For the team: what is needed to merge it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// What is similar, the most alike first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarsBody {
    /// The inputs, at most twenty.
    pub items: Vec<SimilarBody>,
}

impl SimilarsBody {
    /// As they are answered; only the team is told versions.
    pub fn of(found: Vec<Similar>, team: bool) -> Self {
        let body = |similar: Similar| SimilarBody {
            id: similar.input.id,
            objectives: similar.input.objectives,
            category_id: similar.input.category_id,
            body: similar.input.body,
            language: similar.input.language,
            likeness: similar.likeness,
            same: similar.same,
            shared: similar.shared,
            version: team.then_some(similar.input.version),
        };
        Self { items: found.into_iter().map(body).collect() }
    }
}

/// The inputs that say about the same as this one. For the team.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = SimilarsBody), Refusals)
)]
#[get("/api/v1/inputs/{input_id}/similar")]
pub async fn list_similar_inputs(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    let found = call.read(move |work| similar::similar_to(work, id)).await?;
    Ok(call.ok_unversioned(&SimilarsBody::of(found, true)))
}

/// What is made by merging, or one part of what is split.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MadeInput {
    /// Its text.
    #[schema(
        example = "Consulates are far from where most migrants work, and open on weekdays only.",
        max_length = 5000
    )]
    pub body: String,
    /// Its language; that of the first source when absent.
    pub language: Option<String>,
    /// What it is about; that of the sources together when absent.
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// Its kind; that of the first source when absent.
    pub category_id: Option<CategoryId>,
    /// What it refers to; that of the sources together when absent.
    pub citations: Option<Vec<Citation>>,
    /// To whom it is addressed; that of the sources together when absent.
    pub addressees: Option<Vec<Addressee>>,
    /// The originals that are in it; all when absent. For parts of what was merged before.
    pub origins: Option<Vec<InputId>>,
}

impl MadeInput {
    fn to_part(&self) -> SplitPart {
        let from = self.clone();
        SplitPart {
            body: from.body,
            language: from.language,
            objectives: from.objectives,
            category_id: from.category_id,
            citations: from.citations,
            addressees: from.addressees,
            origins: from.origins,
        }
    }
}

/// Inputs to be merged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInputs {
    /// The others, each in the version that was seen.
    #[schema(min_items = 1, max_items = 49)]
    pub with: Vec<Versioned<InputId>>,
    /// What is made of them.
    pub into: MadeInput,
}

/// Merges an input with others into a new one, which waits to be read. They stay with all that is known of them; whose voices
/// they are stays sealed, and each counts once.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), request_body = MergeInputs,
    security(("bearer" = [])), responses((status = 201, body = InputBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/merge")]
pub async fn merge_inputs(call: Call, path: PathIds<InputId>, body: Body<MergeInputs>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let made = lineage::merge(work, id, version, &body.with, body.into.to_part())?;
        let body = InputBody::of(work, made)?;
        Ok(Reply::created(format!("/api/v1/inputs/{}", body.id), body.version, &body))
    })
    .await
}

/// Parts that an input is split into.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitInput {
    /// The parts.
    #[schema(min_items = 2, max_items = 50)]
    pub parts: Vec<MadeInput>,
}

/// Splits an input into parts, which wait to be read. It stays with all that is known of it.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), request_body = SplitInput,
    security(("bearer" = [])), responses((status = 200, body = InputsBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/split")]
pub async fn split_input(call: Call, path: PathIds<InputId>, body: Body<SplitInput>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let parts = body.parts.iter().map(MadeInput::to_part).collect();
        let made = lineage::split(work, id, version, parts)?;
        Ok(Reply::unversioned(&InputsBody { items: InputBody::several(work, made)? }))
    })
    .await
}
