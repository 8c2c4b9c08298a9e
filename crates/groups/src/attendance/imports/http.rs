//! The import of a video platform's participants' report: what is sent, what is answered. No rules here.

use super::{Imported, MatchOutcome, Matched, Options};
use crate::accounts::Email;
use crate::attendance::participants::{self, Columns, Read};
use crate::attendance::{self};
use crate::consultations::{SessionId, WorkingGroupId};
use crate::exchange::report::{CellError, ColumnUse};
use crate::exchange::table::{ReadAs, read_rows};
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::registrations::{RegistrationId, RegistrationState};

/// How a report is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportAttendance {
    /// Writes nothing and tells what would be written: true when absent.
    #[serde(default = "yes")]
    dry_run: bool,
    /// Records people whom nobody is matched with as having come without registering, with name and address, which are
    /// forgotten after some time.
    #[serde(default)]
    record_unmatched: bool,
    /// The working group whose meeting it is, if it is of one.
    working_group_id: Option<WorkingGroupId>,
    /// What the column with names is called, when it is not recognized.
    name: Option<String>,
    /// What the column with addresses is called.
    email: Option<String>,
    /// What the column with durations is called.
    duration: Option<String>,
}

fn yes() -> bool {
    true
}

/// Somebody who registered and whom a participant may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateBody {
    /// Their registration.
    registration_id: RegistrationId,
    /// Their name.
    #[schema(example = "Asha Example")]
    name: String,
    /// How far it has come.
    state: RegistrationState,
}

/// A participant of the report and who it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantBody {
    /// The rows of the file that are about them.
    #[schema(example = json!([5, 9]))]
    rows: Vec<u32>,
    /// As the platform showed them.
    #[schema(example = "Asha (Asha Example)")]
    name: String,
    /// Their address, if the report has it.
    email: Option<Email>,
    /// How long they were there in all: times that they were there by two devices at once count once, and nobody was there for
    /// longer than the session was.
    minutes: Option<i32>,
    /// Who it is.
    outcome: MatchOutcome,
    /// The registration, or all that it may be.
    registrations: Vec<CandidateBody>,
    /// Whether it is recorded, or in a dry run would be.
    recorded: bool,
}

/// What an import came to, or in a dry run would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceImportBody {
    /// Whether nothing was written because nothing was to be.
    dry_run: bool,
    /// How the file was read.
    read_as: ReadAs,
    /// Rows of the table of people.
    rows: u32,
    /// Each column and what becomes of it. Of the others nothing is kept.
    columns: Vec<ColumnUse>,
    /// Rows that cannot be used.
    errors: Vec<CellError>,
    /// People who were not recorded before.
    new: u32,
    /// People who were.
    known: u32,
    /// How many were matched with a registration that counts.
    matched: u32,
    /// How many nobody was matched with.
    unmatched: u32,
    /// How many have a name that several have.
    ambiguous: u32,
    /// How many came by an address that people of several names came by, one of whom may have registered.
    shared_address: u32,
    /// How many have a registration that was withdrawn or declined.
    not_active: u32,
    /// Everybody in the report, each once.
    people: Vec<ParticipantBody>,
}

impl From<Matched> for ParticipantBody {
    fn from(one: Matched) -> Self {
        let candidate =
            |(registration_id, name, state)| CandidateBody { registration_id, name, state };
        Self {
            rows: one.participant.rows,
            name: one.participant.name,
            email: one.participant.email,
            minutes: one.minutes,
            outcome: one.outcome,
            registrations: one.registrations.into_iter().map(candidate).collect(),
            recorded: one.recorded,
        }
    }
}

impl AttendanceImportBody {
    fn new(read: &Read, read_as: ReadAs, dry_run: bool, imported: Imported) -> Self {
        let count = |outcomes: &[MatchOutcome]| {
            imported.people.iter().filter(|one| outcomes.contains(&one.outcome)).count() as u32
        };
        let used = read.columns.iter().map(|(column, field)| ColumnUse {
            column: column.clone(),
            field: Some((*field).to_owned()),
        });
        let ignored = read.ignored.iter();
        let ignored = ignored.map(|column| ColumnUse { column: column.clone(), field: None });
        let error = |(row, column, detail): &(u32, String, String)| CellError {
            row: *row,
            column: Some(column.clone()),
            code: "invalid_value".to_owned(),
            detail: detail.clone(),
        };
        Self {
            dry_run,
            read_as,
            rows: read.rows,
            columns: used.chain(ignored).collect(),
            errors: read.wrong.iter().map(error).collect(),
            new: imported.recorded.new,
            known: imported.recorded.known,
            matched: count(&[MatchOutcome::MatchedByEmail, MatchOutcome::MatchedByName]),
            unmatched: count(&[MatchOutcome::Unmatched]),
            ambiguous: count(&[MatchOutcome::Ambiguous]),
            shared_address: count(&[MatchOutcome::SharedAddress]),
            not_active: count(&[MatchOutcome::NotActive]),
            people: imported.people.into_iter().map(ParticipantBody::from).collect(),
        }
    }
}

/// Reads the participants' report of a video platform (Zoom, Teams, Webex, Meet; CSV or XLSX), matches its people with those
/// who registered, by address, then by a name that only one of them has, and records them. A dry run unless
/// `dry_run=false`. Who it was is asked where it cannot be known. When people joined and left is not kept, only whole minutes. The
/// same report twice changes nothing.
#[utoipa::path(tag = "attendance", params(("session_id" = SessionId, Path), ImportAttendance),
    request_body(content = String, content_type = "text/csv", description = "The report as the platform gives it", example = json!("Name (Original Name),User Email,Total Duration (Minutes),Guest\nAsha (Asha Example),asha@example.org,190,No\n")),
    responses((status = 200, body = AttendanceImportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/sessions/{session_id}/attendance/imports")]
pub async fn import_attendance(
    call: Call,
    path: PathIds<SessionId>,
    query: Params<ImportAttendance>,
    upload: Upload,
) -> Answer {
    let session = path.id();
    call.read(move |work| attendance::imports::allowed(work, session).map(drop)).await?;
    let (rows, read_as) = read_rows(&upload.bytes, upload.content_type.as_deref(), None)?;
    let columns = Columns {
        name: query.name.clone(),
        email: query.email.clone(),
        duration: query.duration.clone(),
    };
    let read = participants::read(&rows, &columns)?;
    let options = Options {
        dry_run: query.dry_run,
        record_unmatched: query.record_unmatched,
        group: query.working_group_id,
    };
    let body = move |work: &mut Work| {
        let imported = attendance::imports::run(work, session, &read, options)?;
        Ok(AttendanceImportBody::new(&read, read_as, options.dry_run, imported))
    };
    if options.dry_run {
        Ok(Reply::unversioned(&call.read(body).await?).into_response())
    } else {
        call.change(move |work| Ok(Reply::unversioned(&body(work)?))).await
    }
}
