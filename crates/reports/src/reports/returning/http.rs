//! The operation that takes a draft back that was edited in Word.

use super::{Changed, Returned};
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::reports::{ParagraphId, ReportId, returning};

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(take_returned_draft);
}

/// Whether it is only compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TakeReturnedDraft {
    /// That of the comparison that was looked at: then what differs is applied. Absent: it is only compared.
    fingerprint: Option<String>,
}

/// A paragraph whose words are others in the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedBody {
    /// The paragraph.
    pub paragraph_id: ParagraphId,
    /// Its number.
    #[schema(example = 34)]
    pub number: u32,
    /// Its words as they were, as inline Markdown.
    #[schema(example = "Fees differ.")]
    pub before: String,
    /// Its words in the file.
    #[schema(example = "Fees differ between offices.")]
    pub after: String,
    /// Why they cannot be taken over; absent when they can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

impl From<Changed> for ChangedBody {
    fn from(changed: Changed) -> Self {
        Self {
            paragraph_id: changed.paragraph.id,
            number: changed.number,
            before: changed.before,
            after: changed.after,
            refusal: changed.refusal,
        }
    }
}

/// What differs between the draft and the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedBody {
    /// Whether it was applied.
    pub applied: bool,
    /// Paragraphs whose words are others.
    pub changes: Vec<ChangedBody>,
    /// Texts in the file that are no paragraph of the draft: to be added by hand.
    pub added: Vec<String>,
    /// Paragraphs of the draft that are not in the file: to be deleted by hand.
    pub missing: Vec<ParagraphId>,
    /// Pictures, text boxes and formulas in the file, which are not read.
    pub objects: usize,
    /// To be sent with the same file to apply what differs.
    pub fingerprint: String,
}

impl ReturnedBody {
    fn of(returned: Returned, applied: bool) -> Self {
        Self {
            applied,
            changes: returned.changes.into_iter().map(ChangedBody::from).collect(),
            added: returned.added,
            missing: returned.missing,
            objects: returned.objects,
            fingerprint: returned.fingerprint,
        }
    }
}

/// Takes a draft back that was exported for Word and edited there (as the body): says which paragraphs have other words, and with the
/// fingerprint of that answer applies them, all or none. Paragraphs are known by their bookmarks; tracked changes count as accepted;
/// nothing is added, moved or deleted.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), TakeReturnedDraft),
    request_body(content = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", description = "The file."),
    responses((status = 200, body = ReturnedBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/draft/returned")]
pub async fn take_returned_draft(
    call: Call,
    path: PathIds<ReportId>,
    query: Params<TakeReturnedDraft>,
    upload: Upload,
) -> Answer {
    let (id, fingerprint) = (path.id(), query.0.fingerprint);
    call.post(upload.into_body(), move |work, upload| {
        let returned = match &fingerprint {
            Some(seen) => returning::apply(work, id, &upload.bytes, seen)?,
            None => returning::compare(work, id, &upload.bytes)?,
        };
        Ok(Reply::unversioned(&ReturnedBody::of(returned, fingerprint.is_some())))
    })
    .await
}
