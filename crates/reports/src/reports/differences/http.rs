//! Operations on what differs between two states of a report, and on lists of changes. Knows no rule; nothing it gives has room for a
//! contributor.

use super::{Differences, OUTPUTS, Stand, service};
use crate::difference::list::{self, Altered, Spot};
use crate::document::Mark;
use crate::http::copies::copied;
use crate::http::prelude::*;
use crate::printing::{self, Output, Printer};
use crate::problem::Code;
use crate::reports::ReportId;
use crate::reports::documents::http::{Styles, etag, file, known, output_of};
use crate::reports::history::difference::pieces;
use crate::reports::history::http::PieceBody;
use crate::text_enum;
use actix_web::middleware::from_fn;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_differences).service(export_differences).service(export_changes);
}

text_enum! {
    /// What kind of place differs.
    pub enum AlteredPlace {
        /// A line of the first page.
        FirstPage => "first_page",
        /// A paragraph of the summary.
        Summary => "summary",
        /// The heading of a section.
        Heading => "heading",
        /// A numbered paragraph.
        Paragraph => "paragraph",
        /// A paragraph without a number.
        Text => "text",
        /// A table or figure.
        Table => "table",
        /// A footnote.
        Note => "note",
    }
}

text_enum! {
    /// What became of something between two states.
    pub enum Alteration {
        /// Its words changed.
        Changed => "changed",
        /// It was added.
        Inserted => "inserted",
        /// It was removed.
        Deleted => "deleted",
        /// It stands elsewhere now; here it stands.
        MovedHere => "moved_here",
        /// It stands elsewhere now; here it stood.
        MovedAway => "moved_away",
    }
}

/// Which two states are compared: `draft`, `milestone-3` or `edition-1`.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DifferencesQuery {
    /// The earlier state; the edition before the later one when absent.
    #[param(example = "edition-1")]
    pub from: Option<String>,
    /// The later state; the draft when absent.
    #[param(example = "edition-2")]
    pub to: Option<String>,
}

impl DifferencesQuery {
    fn stands(&self) -> Result<(Option<Stand>, Stand), Problem> {
        let read = |name: &str, text: &Option<String>| {
            let detail = "name a state of the report: draft, milestone-3 or edition-1";
            let read = text.as_deref().map(str::parse::<Stand>).transpose();
            read.map_err(|()| {
                let told = format!("{name}: {detail}.");
                Problem::new(Code::InvalidQuery, told).at(format!("?{name}"), detail)
            })
        };
        Ok((read("from", &self.from)?, read("to", &self.to)?.unwrap_or(Stand::Draft)))
    }
}

/// Something that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlteredBody {
    /// What kind of place it is.
    pub place: AlteredPlace,
    /// What became of it.
    pub alteration: Alteration,
    /// Which line of the first page, which section, table or footnote: "title", "IV", "Programme", "12".
    pub label: Option<String>,
    /// The number of the paragraph; of one that is gone, the number that it had.
    pub number: Option<u32>,
    /// The number that the paragraph had before.
    pub number_before: Option<u32>,
    /// The item of a list in it.
    #[schema(example = "(b)")]
    pub item: Option<String>,
    /// Its words in both, in order.
    pub words: Vec<PieceBody>,
}

/// What differs between two states of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferencesBody {
    /// The earlier state.
    pub from: String,
    /// The later state.
    pub to: String,
    /// SHA-256 over the earlier document.
    pub from_sha256: String,
    /// SHA-256 over the later document.
    pub to_sha256: String,
    /// Everything that differs, in reading order.
    pub items: Vec<AlteredBody>,
}

impl From<&Differences> for DifferencesBody {
    fn from(differences: &Differences) -> Self {
        let numbers = list::numbers(&differences.from.document);
        let body = |one: Altered| {
            let (place, label, number) = match one.spot {
                Spot::FirstPage(field) => (AlteredPlace::FirstPage, Some(field.to_owned()), None),
                Spot::Summary => (AlteredPlace::Summary, None, None),
                Spot::Heading(label) => (AlteredPlace::Heading, Some(label), None),
                Spot::Paragraph(number) => (AlteredPlace::Paragraph, None, Some(number)),
                Spot::Text => (AlteredPlace::Text, None, None),
                Spot::Table(caption) => (AlteredPlace::Table, Some(caption), None),
                Spot::Note(label) => (AlteredPlace::Note, Some(label), None),
            };
            let alteration = match one.mark {
                None => Alteration::Changed,
                Some(Mark::Inserted) => Alteration::Inserted,
                Some(Mark::Deleted) => Alteration::Deleted,
                Some(Mark::MovedHere) => Alteration::MovedHere,
                Some(Mark::MovedAway) => Alteration::MovedAway,
            };
            AlteredBody {
                place,
                alteration,
                label: label.filter(|label| !label.is_empty()),
                number,
                number_before: one.id.and_then(|id| numbers.get(&id).copied()),
                item: one.item,
                words: pieces(one.words).into_iter().map(PieceBody::from).collect(),
            }
        };
        Self {
            from: differences.from.stand.to_string(),
            to: differences.to.stand.to_string(),
            from_sha256: differences.from.document.fingerprint(),
            to_sha256: differences.to.document.fingerprint(),
            items: list::of(&differences.marked).into_iter().map(body).collect(),
        }
    }
}

/// What differs between two states of a report, place by place and word by word. Of two editions everybody may know; drafts and
/// milestones are for whoever reads drafts.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), DifferencesQuery), responses((status = 200, body = DifferencesBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/differences")]
pub async fn read_differences(
    call: Call,
    path: PathIds<ReportId>,
    query: Params<DifferencesQuery>,
) -> Answer {
    let (id, (from, to)) = (path.id(), query.stands()?);
    let differences = call.read(move |work| service::between(work, id, from, to)).await?;
    Ok(call.ok_unversioned(&DifferencesBody::from(&differences)))
}

/// The same as a document, with marks: `html`, `pdf` (by line and by word, for whoever does not see colours or lines), `docx`, in
/// which they are tracked changes: accepting all gives the later text, rejecting all the earlier one; and `json`, as `document-schema`
/// has it.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("format" = String, Path, description = "html, pdf, docx or json"), DifferencesQuery),
    responses((status = 200, description = "The differences", content((Object = "application/json"), (String = "text/html"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), (status = 206, description = "The part that was asked for"), Refusals),
    security((), ("bearer" = []))
)]
#[get("/api/v1/reports/{report_id}/differences.{format}", wrap = "from_fn(copied)")]
pub async fn export_differences(
    call: Call,
    path: PathIds<(ReportId, String)>,
    query: Params<DifferencesQuery>,
) -> Answer {
    let ((id, format), (from, to)) = (path.parts(), query.stands()?);
    let output = output_of(OUTPUTS, &format)?;
    let differences = call.read(move |work| service::between(work, id, from, to)).await?;
    let (from, to) = (differences.from.stand, differences.to.stand);
    let name = format!("{id}-{from}-to-{to}.{}", output.extension());
    let is_public = differences.is_public();
    send(&call, differences.marked, output, &name, is_public).await
}

/// The list of the changes that an edition made to the one before it, as corrigenda of the United Nations list them: `json`, `md`, `html`,
/// `pdf`, `docx` or `xml`. 404 for the first edition.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("number" = i32, Path), ("format" = String, Path, description = "json, md, html, pdf, docx or xml")),
    responses((status = 200, description = "The list of changes", content((Object = "application/json"), (String = "text/markdown"), (String = "text/html"), (String = "application/akn+xml"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), (status = 206, description = "The part that was asked for"), Refusals),
    security((), ("bearer" = []))
)]
#[get("/api/v1/reports/{report_id}/editions/{number}/changes.{format}", wrap = "from_fn(copied)")]
pub async fn export_changes(call: Call, path: PathIds<(ReportId, i32, String)>) -> Answer {
    let (id, number, format) = path.parts();
    let output = output_of(Output::ALL, &format)?;
    let document = call.read(move |work| service::changes(work, id, number)).await?;
    let name = format!("{id}-edition-{number}-changes.{}", output.extension());
    send(&call, document, output, &name, true).await
}

async fn send(
    call: &Call,
    document: crate::document::Document,
    output: Output,
    name: &str,
    is_public: bool,
) -> Answer {
    let etag = etag(&document.fingerprint(), output);
    if let Some(known) = known(call, &etag, is_public) {
        return Ok(known);
    }
    let printer = call.app().shared::<Printer>()?;
    if printer.is_long(&document, output) {
        let detail = "It is too long to be set as PDF while you wait; take it as html or docx.";
        return Err(Problem::new(Code::RenderingNeeded, detail));
    }
    let styles = match document.compared {
        Some(_) => Styles::OfDifferences,
        None => Styles::OfText,
    };
    let answer = file(output, name, is_public, styles);
    let bytes = printer.print(document, output, is_public).await;
    call.file(answer, &etag, bytes.map_err(printing::into_problem)?)
}
