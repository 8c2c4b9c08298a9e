//! Operations on voices: a contributor's own inputs, support, asking who said one input, destroying the key. No shape but [`DisclosureBody`] can hold a person.

use super::DisclosureReason;
use super::service::{self, Disclosed};
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::http::prelude::*;
use crate::inputs::InputId;
use crate::inputs::bodies::InputBody;

/// Adds these operations to the server.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(list_my_inputs)
        .service(support_input)
        .service(withdraw_support)
        .service(disclose_contributor)
        .service(destroy_seal);
}

/// Why it must be known who said an input.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "clarification" }))]
pub struct DiscloseContributor {
    /// The reason, of a fixed list; it goes into the audit log.
    pub reason: DisclosureReason,
}

/// Who stands behind an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclosureBody {
    /// Whether it was recorded for a working group: who said it is then not known.
    pub recorded_for_group: bool,
    /// That working group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_group_id: Option<WorkingGroupId>,
    /// Who said it. Absent too when it came without a link, or from somebody of whom only a name was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor: Option<ContributorBody>,
}

/// Who said an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContributorBody {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

impl From<Disclosed> for DisclosureBody {
    fn from(disclosed: Disclosed) -> Self {
        let nobody = Self { recorded_for_group: false, working_group_id: None, contributor: None };
        match disclosed {
            Disclosed::Contributor { name, email } => {
                Self { contributor: Some(ContributorBody { name, email }), ..nobody }
            }
            Disclosed::Recorded { working_group_id } => {
                Self { recorded_for_group: true, working_group_id, ..nobody }
            }
            Disclosed::Unknown => nobody,
        }
    }
}

/// Tells who said an input, to those with the permission: one at a time, at most ten in 24 hours. Each use is audited; the
/// answer is kept nowhere.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), request_body = DiscloseContributor,
    security(("bearer" = [])), responses((status = 200, body = DisclosureBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/disclosure")]
pub async fn disclose_contributor(
    call: Call,
    path: PathIds<InputId>,
    body: Body<DiscloseContributor>,
) -> Answer {
    let id = path.id();
    call.post_secret(body, move |work, body| {
        let disclosed = service::disclose(work, id, body.reason)?;
        Ok(Reply::unversioned(&DisclosureBody::from(disclosed)))
    })
    .await
}

/// That the key is to be destroyed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "destroy": true }))]
pub struct DestroySeal {
    /// Must be true: it cannot be undone.
    pub destroy: bool,
}

/// Destroys the key of a consultation's seal, once it is published or cancelled: nothing links its inputs to anybody any more, and
/// nothing ever will. It cannot be undone.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = DestroySeal,
    security(("bearer" = [])), responses((status = 204), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/seal/destruction")]
pub async fn destroy_seal(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<DestroySeal>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        if !body.destroy {
            return Err(Problem::invalid("/destroy", "must be true: it cannot be undone"));
        }
        service::destroy_key(work, id)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Lists the caller's own inputs, with what became of each.
#[utoipa::path(
    tag = "inputs", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = Page<InputBody>), Refusals)
)]
#[get("/api/v1/me/inputs")]
pub async fn list_my_inputs(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call.read(move |work| service::own(work, &paging)).await?;
    Ok(call.page(part.map(InputBody::from)))
}

/// Says the same as an accepted input: one more voice, of nobody who is named. For those with a confirmed registration.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 204), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/support")]
pub async fn support_input(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    call.post_empty(move |work| {
        service::support(work, id)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Takes the caller's support back.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 204), Refusals)
)]
#[delete("/api/v1/inputs/{input_id}/support")]
pub async fn withdraw_support(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    call.change(move |work| {
        service::unsupport(work, id)?;
        Ok(Reply::no_content())
    })
    .await
}
