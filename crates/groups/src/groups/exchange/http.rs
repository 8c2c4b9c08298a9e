//! Assignments in and out of files, and on paper: what is sent and what is answered. No rules here.

use super::exports::{self, AssignmentFormat};
use super::{imports, sheets};
use crate::consultations::ConsultationId;
use crate::exchange::report::ImportReport;
use crate::exchange::table;
use crate::frame;
use crate::groups::plans::bodies::AssignmentPlanBody;
use crate::groups::plans::http::plan_body;
use crate::groups::plans::proposals;
use crate::http::attachment::attachment;
use crate::http::extract::Upload;
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(export_assignments).service(print_assignments).service(import_assignment_plan);
}

const STYLE: &str = "body{font:1rem/1.4 system-ui,sans-serif;margin:0 auto;max-width:48rem;padding:1rem;color:#000;background:#fff}\
    h1{font-size:1.4rem}h2{font-size:1.15rem;margin:0 0 .5rem}section{border-top:1px solid #767676;padding:1rem 0}\
    ol{columns:2;margin:0 0 .5rem}li{break-inside:avoid}p{margin:.2rem 0}\
    @media print{body{padding:0;max-width:none}section{break-after:page;border:0}section:last-child{break-after:auto}h2{break-after:avoid}}";

/// Which assignments are exported, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportAssignments {
    /// `csv` (when absent), `xlsx`, or `zoom`: the two columns that Zoom takes to pre-assign breakout rooms.
    #[param(inline)]
    format: Option<AssignmentFormat>,
    /// The number of the round; all when absent. Needed for `zoom`.
    #[param(example = 1)]
    round: Option<i32>,
}

/// Which sheets are printed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PrintAssignments {
    /// The number of the round; all when absent.
    #[param(example = 1)]
    round: Option<i32>,
    /// The number of the working group; all when absent.
    #[param(example = 2)]
    working_group: Option<i32>,
}

/// How a table is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportAssignmentPlan {
    /// Writes nothing and reports what would be written: true when absent.
    #[serde(default = "yes")]
    #[param(default = true)]
    dry_run: bool,
    /// The sheet of a workbook; the first that can be seen when absent.
    sheet: Option<String>,
}

fn yes() -> bool {
    true
}

/// What an import found, and the plan that it made or would make.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedPlanBody {
    /// Rows, columns and errors.
    #[serde(flatten)]
    report: ImportReport,
    /// The plan; in a dry run as it would be, under no id that lasts. Null while something is wrong.
    plan: Option<AssignmentPlanBody>,
}

/// Who is in which group as a table, by round, group and name: for those who see registrations. Each export is audited.
/// CSV and XLSX can be edited by hand and imported as a plan.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path), ExportAssignments),
    responses((status = 200, content(
        (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignments/export")]
pub async fn export_assignments(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ExportAssignments>,
) -> Answer {
    let (id, round) = (path.id(), query.round);
    let format = query.format.unwrap_or(AssignmentFormat::Csv);
    let folder = call.app().settings.data.folder.clone();
    let table = call.read(move |work| exports::write(work, id, format, round, folder)).await?;
    let count = table.count();
    let written = tokio::task::spawn_blocking(move || table.end()).await;
    let file = written.map_err(Problem::internal)??;
    // Nobody gets a file that is not in the audit log.
    let note = move |work: &mut Work| exports::note(work, id, format, round, count);
    call.app().write(call.credentials().clone(), note).await?;
    let part = round.map_or(String::new(), |round| format!("-round-{round}"));
    let zoom = if format == AssignmentFormat::Zoom { "-zoom" } else { "" };
    let extension = format.extension();
    let name = format!("assignments-{id}{part}{zoom}.{extension}");
    attachment(file, format.media_type(), &name)
}

/// Sheets to print, one for each group in each round: the names of those who agreed to be listed, the others as a count.
/// For roles in a group, those of their group.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path), PrintAssignments),
    responses((status = 200, content((String = "text/html"))), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignments/sheets")]
pub async fn print_assignments(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<PrintAssignments>,
) -> Answer {
    let (id, round, group) = (path.id(), query.round, query.working_group);
    let found = call.read(move |work| sheets::find(work, id, round, group)).await?;
    let (language, title) = (found.language, found.consultation.theme.clone());
    Ok(frame::printed(language, &title, STYLE, &found.markup()))
}

/// Reads a table (CSV or XLSX, as it is exported, edited by hand) as a new proposed plan: all of it or nothing. Each row
/// says who (`registration_id`, else `email`), which round and which group; an empty group is none. Places that it does
/// not name stay as they are in force. A dry run unless `dry_run=false`: every cell that is wrong with its row and column.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path), ImportAssignmentPlan),
    request_body(content(
        (String = "text/csv", example = "round,working_group,email\r\n1,2,asha@example.org\r\n"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ), description = "The table."),
    responses((status = 200, body = ImportedPlanBody), (status = 201, body = ImportedPlanBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/assignment-plans/imports")]
pub async fn import_assignment_plan(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ImportAssignmentPlan>,
    upload: Upload,
) -> Answer {
    let id = path.id();
    call.read(move |work| proposals::allowed(work, id).map(drop)).await?;
    let (kind, sheet) = (upload.content_type.clone(), query.sheet.as_deref());
    let table = table::read_sheet(&upload.bytes, kind.as_deref(), sheet)?;
    if query.dry_run {
        let look = move |work: &mut Work| {
            let found = imports::preview(work, id, &table)?;
            let plan = found.plan.map(|plan| plan_body(work, plan)).transpose()?;
            Ok(ImportedPlanBody { report: found.report, plan })
        };
        return Ok(Reply::unversioned(&call.read(look).await?).into_response());
    }
    call.post(upload.into_body(), move |work, _| {
        let (report, plan) = imports::import(work, id, &table)?;
        let (location, version) = (format!("/api/v1/assignment-plans/{}", plan.id), plan.version);
        let plan = Some(plan_body(work, plan)?);
        Ok(Reply::created(location, version, &ImportedPlanBody { report, plan }))
    })
    .await
}
