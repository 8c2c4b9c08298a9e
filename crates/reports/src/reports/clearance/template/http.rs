//! Operations on the commenting template. Knows no rule; a file holds what was drafted and nothing of who said it.

use actix_web::HttpResponse;

use super::service::{self, ReturnedTemplate, Sent};
use super::{TemplateFormat, write};
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::reports::ReportId;
use crate::vocabulary::PartyId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(export_clearance_template).service(take_clearance_template);
}

/// As what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportClearanceTemplate {
    /// `xlsx` (when absent) or `docx`.
    #[param(inline)]
    pub format: Option<TemplateFormat>,
}

/// How a template is taken back.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TakeClearanceTemplate {
    /// Writes nothing and reports what would be written: true when absent.
    #[serde(default = "yes")]
    #[param(default = true)]
    dry_run: bool,
    /// For whom you speak; may be left out where there is one only.
    party_id: Option<PartyId>,
}

const fn yes() -> bool {
    true
}

/// The draft as a commenting template: a row for each paragraph, with room for a comment and for other wording.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), ExportClearanceTemplate),
    responses((status = 200, content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    )), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/template")]
pub async fn export_clearance_template(
    call: Call,
    path: PathIds<ReportId>,
    query: Params<ExportClearanceTemplate>,
) -> Answer {
    let (id, format) = (path.id(), query.0.format.unwrap_or(TemplateFormat::Xlsx));
    let outgoing = call.read(move |work| service::read(work, id)).await?;
    let written = tokio::task::spawn_blocking(move || {
        write(format, &outgoing.report.title, &outgoing.lines, &outgoing.page)
    });
    let file = written.await.map_err(Problem::internal)??;
    let name = format!("attachment; filename=\"comments-{id}.{format}\"");
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header(("Content-Disposition", name))
        .body(file))
}

/// Takes a commenting template back that was filled in (as the body; XLSX, DOCX or CSV), for whoever is asked: each row with a comment
/// becomes one, each with other wording a suggestion; all of them, or none. A dry run, which it is unless it is said otherwise, reports
/// every cell that cannot be taken. Of a Word file, be it a template or the draft, comments in the margin become comments on the words that
/// they are set beside; who wrote them there is not read, and those that stand at no paragraph are named.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), TakeClearanceTemplate),
    request_body(description = "The file.", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    )),
    responses((status = 200, body = ReturnedTemplate), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/clearance/template")]
pub async fn take_clearance_template(
    call: Call,
    path: PathIds<ReportId>,
    query: Params<TakeClearanceTemplate>,
    upload: Upload,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    call.post(upload.into_body(), move |work, upload| {
        let sent = Sent {
            bytes: &upload.bytes,
            content_type: upload.content_type.as_deref(),
            party: query.party_id,
            dry_run: query.dry_run,
        };
        Ok(Reply::unversioned(&service::take(work, id, sent)?))
    })
    .await
}
