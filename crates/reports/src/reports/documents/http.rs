//! Operations that give a report as a file: the draft and the editions in every format, a job for long ones, and the schema of
//! the JSON. Knows no rule; a file holds what was written and nothing of who said it.

use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, web};

use crate::document::Document;
use crate::http::copies::copied;
use crate::http::prelude::*;
use crate::jobs::http::{Accepted, accepted};
use crate::printing::{self, LOOKS, Output, Printer};
use crate::problem::Code;
use crate::render::{self, Format};
use crate::reports::{self, ReportId, documents, returning};

/// How long what everybody may read may be kept by whoever fetched it: a week, for it never changes, and the program may print it
/// otherwise one day. What a draft says, and who may read it, may be another thing tomorrow: it is asked for again.
pub const fn kept(is_public: bool) -> &'static str {
    if is_public { "public, max-age=604800" } else { "private, no-cache" }
}

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(export_draft)
        .service(export_edition)
        .service(start_rendering)
        .service(read_document_schema);
}

/// The draft of a report as a document: `json`, `md`, `html`, `pdf` (PDF/UA-1 and PDF/A-2a), `docx` (Word) or `xml` (Akoma
/// Ntoso). Parts of it by `Range`. 409 `rendering_needed` for a PDF of more paragraphs than anybody should wait for.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("format" = String, Path, description = "json, md, html, pdf, docx or xml")),
    responses((status = 200, description = "The draft", content((Object = "application/json"), (String = "text/markdown"), (String = "text/html"), (String = "application/akn+xml"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), (status = 206, description = "The part that was asked for"), Refusals),
    security(("bearer" = []))
)]
#[get("/api/v1/reports/{report_id}/draft.{format}")]
pub async fn export_draft(call: Call, path: PathIds<(ReportId, String)>) -> Answer {
    let (id, format) = path.parts();
    let output = output_of(Output::ALL, &format)?;
    let drafted = call.read(move |work| returning::service::remembered(work, id)).await?;
    let (document, memory) = drafted;
    let etag = etag(&document.fingerprint(), output);
    if let Some(known) = known(&call, &etag, false) {
        return Ok(known);
    }
    if call.app().shared::<Printer>()?.is_long(&document, output) {
        let detail = format!(
            "It has {} paragraphs. POST /api/v1/reports/{id}/renderings makes it by a job; ask here again when that is done.",
            document.last_number()
        );
        return Err(Problem::new(Code::RenderingNeeded, detail));
    }
    let name = format!("draft-{id}.{}", output.extension());
    if output == Output::Written(Format::Docx) {
        let made = web::block(move || render::docx::render_draft(&document, &memory)).await;
        let bytes = made.map_err(Problem::internal)?;
        return call.file(file(output, &name, false, Styles::OfText), &etag, bytes);
    }
    print(&call, document, output, &name, &etag, false).await
}

/// A published edition as a document: `json`, `md`, `html`, `pdf` (PDF/UA-1 and PDF/A-2a), `docx` (Word) or `xml` (Akoma
/// Ntoso). Parts of it by `Range`. The JSON is exactly the bytes that its SHA-256 is over.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("number" = i32, Path), ("format" = String, Path, description = "json, md, html, pdf, docx or xml")),
    responses((status = 200, description = "The edition", content((Object = "application/json"), (String = "text/markdown"), (String = "text/html"), (String = "application/akn+xml"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), (status = 206, description = "The part that was asked for"), Refusals),
    security((), ("bearer" = []))
)]
#[get("/api/v1/reports/{report_id}/editions/{number}.{format}", wrap = "from_fn(copied)")]
pub async fn export_edition(call: Call, path: PathIds<(ReportId, i32, String)>) -> Answer {
    let (id, number, format) = path.parts();
    let output = output_of(Output::ALL, &format)?;
    let edition = call.read(move |work| reports::service::edition(work, id, number)).await?;
    let etag = etag(&edition.sha256, output);
    if let Some(known) = known(&call, &etag, true) {
        return Ok(known);
    }
    let name = format!("{id}-edition-{number}.{}", output.extension());
    if output == Output::Written(Format::Json) {
        let answer = file(output, &name, true, Styles::OfText);
        return call.file(answer, &etag, edition.document.into_bytes());
    }
    let document = edition.document()?;
    require_made(&call, &document, output)?;
    print(&call, document, output, &name, &etag, true).await
}

/// What is published is made by itself, and what takes long is waited for by no request.
///
/// # Errors
/// 409 while it is not there.
pub fn require_made(call: &Call, document: &Document, output: Output) -> Result<(), Problem> {
    if call.app().shared::<Printer>()?.is_long(document, output) {
        let detail = "It is being made. Ask again in a minute, or take it as html or docx.";
        return Err(Problem::new(Code::RenderingNeeded, detail).with_header("Retry-After", "60"));
    }
    Ok(())
}

async fn print(
    call: &Call,
    document: Document,
    output: Output,
    name: &str,
    etag: &str,
    is_public: bool,
) -> Answer {
    let bytes = call.app().shared::<Printer>()?.print(document, output, is_public).await;
    let bytes = bytes.map_err(printing::into_problem)?;
    call.file(file(output, name, is_public, Styles::OfText), etag, bytes)
}

/// A document that is to be made by a job.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "edition": 1 }))]
pub struct StartRendering {
    /// The number of the edition; null or absent for the draft.
    #[serde(default)]
    edition: Option<i32>,
}

/// Makes the PDF of a draft or an edition by a job. When it is done, its result names the address of the file, which is kept
/// for a week; then it would be made again.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = StartRendering, responses(Accepted, Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/renderings")]
pub async fn start_rendering(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<StartRendering>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| documents::start(work, id, body.edition).map(accepted)).await
}

/// The JSON Schema (draft 2020-12) of documents in JSON, drafts and editions alike.
#[utoipa::path(tag = "reports", responses((status = 200, description = "The schema", content((Object = "application/schema+json"))), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/document-schema", wrap = "from_fn(copied)")]
pub async fn read_document_schema(_call: Call) -> Answer {
    Ok(HttpResponse::Ok()
        .content_type(render::json_schema::MEDIA_TYPE)
        .body(render::json_schema::render()))
}

/// The one of these outputs that the end of an address names; 406 with the ends of all of them.
pub fn output_of(outputs: &[Output], extension: &str) -> Result<Output, Problem> {
    let found = outputs.iter().copied().find(|output| output.extension() == extension);
    found.ok_or_else(|| {
        let names: Vec<_> = outputs.iter().map(|output| output.extension()).collect();
        Problem::new(Code::NotAcceptable, format!("It is to be had as {}.", names.join(", ")))
    })
}

/// JSON is what the fingerprint is over; the other formats hang on the program as well.
pub fn etag(fingerprint: &str, output: Output) -> String {
    match output {
        Output::Written(Format::Json) => format!("\"{fingerprint}\""),
        other => format!("\"{fingerprint}-{}-{}\"", other.extension(), *LOOKS),
    }
}

/// 304 for whoever has it; it may be kept on for as long as when it was sent.
pub fn known(call: &Call, etag: &str, is_public: bool) -> Option<HttpResponse> {
    call.knows(etag).then(|| {
        let mut answer = Call::not_modified(etag);
        let kept = HeaderValue::from_static(kept(is_public));
        answer.headers_mut().insert(header::CACHE_CONTROL, kept);
        answer
    })
}

/// What a page of HTML is styled by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Styles {
    /// What every text is.
    OfText,
    /// That, and how what differs is marked.
    OfDifferences,
}

/// The headers of a file.
pub fn file(
    output: Output,
    name: &str,
    is_public: bool,
    styles: Styles,
) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, output.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, kept(is_public)));
    if output == Output::Written(Format::Html) {
        let styles = match styles {
            Styles::OfText => render::html::style_source(),
            Styles::OfDifferences => render::html::style_sources_of_differences(),
        };
        let policy = format!(
            "default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    }
    response
}
