//! The operations on consents: what is sent, what is answered. No rules here.

use super::{ConsentKind, ConsentRecord, service};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::registrations::{ConsentVersion, RegistrationId, RegistrationState};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_consents).service(give_guardian_consent);
}

/// That a consent was given or withdrawn.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentRecordBody {
    /// To what.
    kind: ConsentKind,
    /// To which wording.
    wording: ConsentVersion,
    /// Given, or withdrawn.
    given: bool,
    /// When.
    recorded_at: Timestamp,
}

impl From<ConsentRecord> for ConsentRecordBody {
    fn from(record: ConsentRecord) -> Self {
        let ConsentRecord { kind, wording, given, recorded_at, .. } = record;
        Self { kind, wording, given, recorded_at }
    }
}

/// What a guardian says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "token": "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "consent": true }))]
pub struct GuardianAnswer {
    /// What stands after `/in/` in the link that was mailed to them.
    token: String,
    /// Whether the person may take part. Consent can be taken back with the same link.
    consent: bool,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardianAnswered {
    /// Whether the guardian consents.
    consent: bool,
    /// How far the registration has come.
    state: RegistrationState,
}

/// What was consented to and withdrawn for a registration, in which wording and when, the oldest first.
#[utoipa::path(tag = "registrations", params(("registration_id" = RegistrationId, Path)),
    responses((status = 200, body = Page<ConsentRecordBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/registrations/{registration_id}/consents")]
pub async fn list_consents(call: Call, path: PathIds<RegistrationId>) -> Answer {
    let id = path.id();
    let items = call.read(move |work| service::list(work, id)).await?;
    Ok(call.page(Listing { items, next: None }.map(ConsentRecordBody::from)))
}

/// A guardian consents for somebody under 18, or does not: then the registration is withdrawn.
#[utoipa::path(tag = "registrations", request_body = GuardianAnswer,
    responses((status = 200, body = GuardianAnswered), Refusals), security(()))]
#[post("/api/v1/guardian-consents")]
pub async fn give_guardian_consent(call: Call, body: Body<GuardianAnswer>) -> Answer {
    call.post_secret(body, |work, body| {
        let registration = service::answer_guardian(work, &body.token, body.consent)?;
        let given = registration.guardian.is_some_and(|guardian| guardian.consented_at.is_some());
        Ok(Reply::unversioned(&GuardianAnswered { consent: given, state: registration.state }))
    })
    .await
}
