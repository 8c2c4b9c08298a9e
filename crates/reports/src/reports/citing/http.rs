//! The operation that gives the citation of an edition. Knows no rule.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::middleware::from_fn;

use super::{BIBTEX, CSL, Cited};
use crate::digest::sha256;
use crate::http::copies::copied;
use crate::http::prelude::*;
use crate::problem::Code;
use crate::reports::documents::http::{kept, known};
use crate::reports::{ReportId, service};

/// Mounts the operation.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(export_citation);
}

/// What is cited.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CitationQuery {
    /// A numbered paragraph; the edition as a whole when absent.
    pub paragraph: Option<u32>,
}

/// The citation of an edition, or of one of its paragraphs, for reference managers: `bib` (BibTeX) or `json` (CSL-JSON). What is
/// cited never changes.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("number" = i32, Path), ("format" = String, Path, description = "bib or json"), CitationQuery),
    responses((status = 200, description = "The citation", content((String = "application/x-bibtex"), (Object = "application/vnd.citationstyles.csl+json"))), Refusals),
    security((), ("bearer" = []))
)]
#[get("/api/v1/reports/{report_id}/editions/{number}/citation.{format}", wrap = "from_fn(copied)")]
pub async fn export_citation(
    call: Call,
    path: PathIds<(ReportId, i32, String)>,
    query: Params<CitationQuery>,
) -> Answer {
    let (id, number, format) = path.parts();
    let kind = match format.as_str() {
        "bib" => BIBTEX,
        "json" => CSL,
        _ => return Err(Problem::new(Code::NotAcceptable, "It is to be had as bib or json.")),
    };
    let edition = call.read(move |work| service::edition(work, id, number)).await?;
    let (document, paragraph) = (edition.document()?, query.paragraph);
    if paragraph.is_some_and(|number| number == 0 || number > document.last_number()) {
        return Err(Problem::not_found("paragraph"));
    }
    let cited = Cited::of(&edition, &document, paragraph, &call.app().settings.server.public_url);
    let text = if kind == CSL { cited.csl().to_string() } else { cited.bibtex() };
    let etag = format!("\"{}\"", sha256(&text));
    Ok(known(&call, &etag, true).unwrap_or_else(|| {
        let mut answer = HttpResponse::Ok();
        answer
            .insert_header((header::ETAG, etag))
            .insert_header((header::CACHE_CONTROL, kept(true)))
            .insert_header((header::CONTENT_TYPE, kind));
        answer.body(text)
    }))
}
