//! Operations on what is left out of a report, and the shapes of what they take and give. Knows no rule.

use super::service;
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::reports::bodies::SourceBody;
use crate::reports::{Omission, OmissionId, Omitted, ReportId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(record_omission)
        .service(list_omissions)
        .service(read_omission)
        .service(update_omission)
        .service(withdraw_omission);
}

/// What is left out and why: an input (summary report) or a paragraph of an edition (paper).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordOmission {
    /// The input.
    #[serde(default)]
    pub input_id: Option<InputId>,
    /// The paragraph of an edition.
    #[serde(default)]
    pub source: Option<SourceBody>,
    /// Why it is left out.
    #[schema(
        example = "Outside the objectives of this consultation; passed on to the third one.",
        max_length = 2000
    )]
    pub reason: String,
}

impl RecordOmission {
    fn omitted(&self) -> Result<Omitted, Problem> {
        match (self.input_id, self.source) {
            (Some(input), None) => Ok(Omitted::Input(input)),
            (None, Some(source)) => Ok(Omitted::Source(source.into())),
            _ => Err(Problem::invalid("/input_id", "name either an input or a source")),
        }
    }
}

/// Changes of an omission (JSON merge patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateOmission {
    /// Another reason.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 2000, example = "Taken up in the third consultation.")]
    pub reason: Option<String>,
}

/// What is left out and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct OmissionBody {
    /// Its id.
    pub id: OmissionId,
    /// The report it is left out of.
    pub report_id: ReportId,
    /// The input.
    pub input_id: Option<InputId>,
    /// The paragraph of an edition.
    pub source: Option<SourceBody>,
    /// Why it is left out.
    pub reason: String,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    #[schema(example = json!(["update", "withdraw"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl From<(Omission, Vec<&'static str>)> for OmissionBody {
    fn from((omission, allowed_actions): (Omission, Vec<&'static str>)) -> Self {
        let (input_id, source) = match omission.omitted {
            Omitted::Input(input) => (Some(input), None),
            Omitted::Source(source) => (None, Some(source.into())),
        };
        Self {
            id: omission.id,
            report_id: omission.report_id,
            input_id,
            source,
            reason: omission.reason,
            version: omission.version,
            allowed_actions,
        }
    }
}

/// Records why an input, or a paragraph of an edition, is not in the text.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = RecordOmission, responses((status = 201, body = OmissionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/omissions")]
pub async fn record_omission(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<RecordOmission>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let omission = service::record(work, id, body.omitted()?, body.reason.clone())?;
        let (omission, actions) = service::see(work, omission.id)?;
        let (address, version) = (format!("/api/v1/omissions/{}", omission.id), omission.version);
        Ok(Reply::created(address, version, &OmissionBody::from((omission, actions))))
    })
    .await
}

/// What is left out of a report and why, in the order in which it was recorded.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<OmissionBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/omissions")]
pub async fn list_omissions(call: Call, path: PathIds<ReportId>, query: Listed) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| service::list(work, id, &paging)).await?;
    Ok(call.page(part.map(OmissionBody::from)))
}

/// One thing that is left out, and why.
#[utoipa::path(tag = "reports", params(("omission_id" = OmissionId, Path)), responses((status = 200, body = OmissionBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/omissions/{omission_id}")]
pub async fn read_omission(call: Call, path: PathIds<OmissionId>) -> Answer {
    let id = path.id();
    let omission = OmissionBody::from(call.read(move |work| service::see(work, id)).await?);
    Ok(call.ok(omission.version, &omission))
}

/// Gives another reason why something is left out.
#[utoipa::path(tag = "reports", params(("omission_id" = OmissionId, Path), IfMatch), request_body = UpdateOmission, responses((status = 200, body = OmissionBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/omissions/{omission_id}")]
pub async fn update_omission(
    call: Call,
    path: PathIds<OmissionId>,
    body: Body<UpdateOmission>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::update(work, id, version, body.reason.clone())?;
        let omission = OmissionBody::from(service::see(work, id)?);
        Ok(Reply::ok(omission.version, &omission))
    })
    .await
}

/// Withdraws an omission: what was left out is to be used or left out anew. Not while the report is published.
#[utoipa::path(tag = "reports", params(("omission_id" = OmissionId, Path), IfMatch), responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/omissions/{omission_id}")]
pub async fn withdraw_omission(call: Call, path: PathIds<OmissionId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::withdraw(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}
