//! Registrations in and out of files: what is sent and what is answered. No rules here.

use super::exports::{self, TableFormat};
use super::imports::profiles::Profile;
use super::imports::{self, Wanted};
use crate::consultations::ConsultationId;
use crate::exchange::sheet::Leaving;
use crate::http::attachment::attachment;
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::jobs::http::{Accepted, accepted};
use crate::organizations::OrganizationId;
use crate::reference::{CountryCode, SectorCode};
use crate::registrations::{Filter, RegistrationState, Source};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(import_registrations).service(export_registrations);
}

/// How a table is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportRegistrations {
    /// Writes nothing and reports what would be written: true when absent.
    #[serde(default = "yes")]
    #[param(default = true)]
    dry_run: bool,
    /// Which program made the file: it says what the columns are called. `rapporteur` when absent.
    #[param(inline)]
    profile: Option<Profile>,
    /// For columns that are called otherwise, a JSON object: `{"Column in the file": "field", "Another": null}`; null ignores one.
    #[param(example = r#"{"Your organisation": "organization", "T-shirt": null}"#)]
    mapping: Option<String>,
    /// The sheet of a workbook; the first that can be seen when absent.
    sheet: Option<String>,
    /// On what ground everybody consented to processing whose row does not say so: needed without a column for it. It is
    /// kept in the audit log.
    #[param(example = "Consent box of the Indico form, mandatory since 1 October 2020")]
    consent_basis: Option<String>,
    /// Enters organizations that nobody knows as proposed; otherwise they are errors.
    #[serde(default)]
    create_organizations: bool,
}

fn yes() -> bool {
    true
}

/// Which registrations are exported, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportRegistrations {
    /// `csv` (when absent), `xlsx` or `ndjson`.
    #[param(inline)]
    format: Option<TableFormat>,
    /// Whether CSV begins with a byte order mark, for programs that take it for something else than UTF-8.
    #[serde(default)]
    mark: bool,
    /// In this state.
    state: Option<RegistrationState>,
    /// Of this sector.
    sector: Option<SectorCode>,
    /// From this country.
    country: Option<CountryCode>,
    /// Of this organization.
    organization: Option<OrganizationId>,
    /// That came by this way.
    source: Option<Source>,
}

/// Registers everybody in a table (CSV or XLSX, as the body): all of them or nobody. Answers with a job; its result is an
/// `ImportReport`, which a dry run makes without writing anything: each column and what it is read as, each cell that
/// cannot be taken with its row and column, who is registered already and who is in the file twice. Once it is decided, they are
/// registered in parts and in the order of the rows, and nothing stops it; whoever cannot be registered any more by then (they have
/// registered themselves) is among the errors and not among those registered.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path), ImportRegistrations),
    request_body(content(
        (String = "text/csv", example = "email,name,sector,country,consent_processing\r\nasha@example.org,Asha Example,academia,Thailand,yes\r\n"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ), description = "The table."),
    responses(Accepted, Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/registrations/imports")]
pub async fn import_registrations(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ImportRegistrations>,
    upload: Upload,
) -> Answer {
    let (consultation, query) = (path.id(), query.0);
    let wanted = Wanted {
        dry_run: query.dry_run,
        profile: query.profile.unwrap_or(Profile::Rapporteur),
        mapping: query.mapping,
        sheet: query.sheet,
        consent_basis: query.consent_basis,
        create_organizations: query.create_organizations,
        content_type: upload.content_type.clone(),
    };
    call.post(upload.into_body(), move |work, upload| {
        imports::start(work, consultation, &wanted, &upload.bytes).map(accepted)
    })
    .await
}

/// Registrations as a table, in the order they were submitted: for those who read registrations with everything that is
/// held, needs and answers too; for others who may see some of them, name, organization and state. Each export is audited.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path), ExportRegistrations),
    responses((status = 200, content(
        (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/x-ndjson"),
    )), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/registrations/export")]
pub async fn export_registrations(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ExportRegistrations>,
) -> Answer {
    let (consultation, query) = (path.id(), query.0);
    let filter = Filter {
        state: query.state,
        sector: query.sector,
        country: query.country,
        organization: query.organization,
        source: query.source,
        by_waiting_number: false,
    };
    let (format, mark) = (query.format.unwrap_or(TableFormat::Csv), query.mark);
    let leaving = Leaving { format, mark, folder: call.app().settings.data.folder.clone() };
    let table =
        call.read(move |work| exports::write(work, consultation, &filter, &leaving)).await?;
    let count = table.count();
    let written = tokio::task::spawn_blocking(move || table.end()).await;
    let file = written.map_err(Problem::internal)??;
    // Nobody gets a file that is not in the audit log.
    let note = move |work: &mut Work| exports::note(work, consultation, format, count);
    call.app().write(call.credentials().clone(), note).await?;
    attachment(file, format.media_type(), &format!("registrations-{consultation}.{format}"))
}
