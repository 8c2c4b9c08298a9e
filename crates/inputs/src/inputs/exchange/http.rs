//! Operations on tables of inputs.

use super::exports;
use super::imports::{self, Wanted};
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::exchange::sheet::{Leaving, TableFormat};
use crate::http::attachment::attachment;
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::inputs::{Filter, InputState, Origin};
use crate::jobs::http::{Accepted, accepted};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(export_inputs).service(import_inputs);
}

/// Which inputs, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportInputs {
    /// `csv` (when absent), `xlsx` or `ndjson`.
    #[param(inline)]
    pub format: Option<TableFormat>,
    /// Whether CSV begins with a byte order mark, for programs that take it for something else than UTF-8.
    #[serde(default)]
    pub mark: bool,
    /// That have these words.
    pub q: Option<String>,
    /// About this objective.
    pub objective: Option<ObjectiveNumber>,
    /// Of this category.
    pub category_id: Option<CategoryId>,
    /// Of this working group.
    pub working_group_id: Option<WorkingGroupId>,
    /// Of this round.
    pub round_id: Option<RoundId>,
    /// Of this session.
    pub session_id: Option<SessionId>,
    /// In this state.
    #[param(inline)]
    pub state: Option<InputState>,
    /// Made in this way.
    #[param(inline)]
    pub origin: Option<Origin>,
    /// In this language (BCP 47).
    pub language: Option<String>,
    /// Cited by a paragraph of a report, or by none.
    pub used: Option<bool>,
    /// Flagged as testimony, or not.
    pub testimony: Option<bool>,
    /// Flagged as sensitive, or not.
    pub sensitive: Option<bool>,
}

/// Inputs as a table, as the list has them: without a contributor and in shuffled order. Each export is audited.
#[utoipa::path(tag = "inputs", params(("consultation_id" = ConsultationId, Path), ExportInputs),
    responses((status = 200, content(
        (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/x-ndjson"),
    )), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/inputs/export")]
pub async fn export_inputs(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ExportInputs>,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    let (format, mark) = (query.format.unwrap_or(TableFormat::Csv), query.mark);
    let filter = Filter {
        q: query.q,
        objective: query.objective,
        category_id: query.category_id,
        working_group_id: query.working_group_id,
        round_id: query.round_id,
        session_id: query.session_id,
        state: query.state,
        origin: query.origin,
        language: query.language,
        used: query.used,
        testimony: query.testimony,
        sensitive: query.sensitive,
    };
    let leaving = Leaving { format, mark, folder: call.app().settings.data.folder.clone() };
    let table = call.read(move |work| exports::write(work, id, &filter, &leaving)).await?;
    let count = table.count();
    let written = tokio::task::spawn_blocking(move || table.end()).await;
    let file = written.map_err(Problem::internal)??;
    // Nobody gets a file that is not in the audit log.
    let note = move |work: &mut Work| exports::note(work, id, format, count);
    call.app().write(call.credentials().clone(), note).await?;
    attachment(file, format.media_type(), &format!("inputs-{id}.{format}"))
}

/// How a table is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportInputs {
    /// Writes nothing and reports what would be written: true when absent.
    #[serde(default = "yes")]
    #[param(default = true)]
    dry_run: bool,
    /// For columns that are called otherwise, a JSON object: `{"Column in the file": "field", "Another": null}`; null ignores one.
    #[param(example = r#"{"What was said": "body", "Row": null}"#)]
    mapping: Option<String>,
    /// The sheet of a workbook; the first that can be seen when absent.
    sheet: Option<String>,
}

fn yes() -> bool {
    true
}

/// Brings in every input of a table (CSV or XLSX, as the body): all of them or none. Answers with a job; its result is an
/// `ImportedInputs`, which a dry run makes without writing anything: each column and what it is read as, each cell that cannot be
/// taken. Names of those who ever registered become `[name]`. No column says whose each is.
#[utoipa::path(tag = "inputs", params(("consultation_id" = ConsultationId, Path), ImportInputs),
    request_body(content(
        (String = "text/csv", example = "objectives,category,body\r\n4; 9,key_challenges,Fees differ from one office to the next.\r\n"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ), description = "The table."),
    responses(Accepted, Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/inputs/imports")]
pub async fn import_inputs(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ImportInputs>,
    upload: Upload,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    let wanted = Wanted {
        dry_run: query.dry_run,
        mapping: query.mapping,
        sheet: query.sheet,
        content_type: upload.content_type.clone(),
    };
    call.post(upload.into_body(), move |work, upload| {
        imports::start(work, id, &wanted, &upload.bytes).map(accepted)
    })
    .await
}
