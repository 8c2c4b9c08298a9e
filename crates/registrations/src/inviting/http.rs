//! The operations by which people are asked to register, and asked again. Knows no rule.

use super::service::{self, Sending};
use crate::consultations::ConsultationId;
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(send_invitations).service(remind_invitations);
}

/// Whom to write to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "list": "Regional Network" }))]
pub struct SendInvitations {
    /// Those from this list; everybody when left out.
    list: Option<String>,
}

/// What a sending did.
#[derive(Serialize, ToSchema)]
pub struct SendingBody {
    /// Mails put into the outbox.
    #[schema(example = 240)]
    mails: usize,
    /// Addresses left out because the person has registered meanwhile.
    #[schema(example = 2)]
    registered: usize,
    /// Addresses left out because they were written to a short while ago.
    #[schema(example = 0)]
    too_early: usize,
}

impl From<Sending> for SendingBody {
    fn from(done: Sending) -> Self {
        let Sending { mails, registered, too_early } = done;
        Self { mails, registered, too_early }
    }
}

/// Send an invitation to everybody who was entered and has none yet, or to those from one list.
#[utoipa::path(tag = "invitations", params(("consultation_id" = ConsultationId, Path)), request_body = SendInvitations,
    responses((status = 200, body = SendingBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/invitations/sending")]
pub async fn send_invitations(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<SendInvitations>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let done = service::send(work, id, body.list.as_deref())?;
        Ok(Reply::unversioned(&SendingBody::from(done)))
    })
    .await
}

/// Remind everybody who was invited and has not answered, or those from one list. Nobody is reminded within
/// `mail.reminder_days` of the mail before.
#[utoipa::path(tag = "invitations", params(("consultation_id" = ConsultationId, Path)), request_body = SendInvitations,
    responses((status = 200, body = SendingBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/invitations/reminders")]
pub async fn remind_invitations(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<SendInvitations>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let done = service::remind(work, id, body.list.as_deref())?;
        Ok(Reply::unversioned(&SendingBody::from(done)))
    })
    .await
}
