//! The operations on attendance by list and by code: what is sent, what is answered. No rules here.

use super::service::{self, Named, NewAttendance, NewWho, Recorded};
use super::{AttendanceId, Method, Unregistered, Who, session_codes};
use crate::accounts::Email;
use crate::consultations::{SessionId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::registrations::{RegistrationId, RegistrationState};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_attendance)
        .service(record_attendance)
        .service(delete_attendance)
        .service(issue_check_in_code)
        .service(check_in)
        .service(super::imports::http::import_attendance);
}

/// Somebody who came without registering.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnregisteredBody {
    /// Their name.
    #[schema(example = "Chen Fixture", max_length = 200)]
    name: String,
    /// Their address, if it is known; the address of somebody who registered stands for the registration.
    #[serde(default)]
    email: Option<Email>,
}

/// Somebody who was there: one of `registration_id` and `person`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordedPerson {
    /// Somebody who registered.
    #[serde(default)]
    registration_id: Option<RegistrationId>,
    /// Somebody who did not.
    #[serde(default)]
    person: Option<UnregisteredBody>,
    /// For how long, when it is known.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1440)]
    minutes: Option<i32>,
}

/// A list of people who were in a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "people": [
        { "registration_id": "0190b0c0-0000-7000-8000-000000000001", "minutes": 65 },
        { "person": { "name": "Chen Fixture", "email": "chen@example.org" } }
    ]
}))]
pub struct RecordAttendance {
    /// The working group they were in; for a host of one group it is that one when left out, for the secretariat the one
    /// that each is assigned to.
    #[serde(default)]
    working_group_id: Option<WorkingGroupId>,
    /// Who: 1 to 1,000.
    people: Vec<RecordedPerson>,
}

impl RecordAttendance {
    fn to_new(&self) -> Result<Vec<NewAttendance>, Problem> {
        let people = self.people.iter().enumerate();
        people.map(|(at, person)| person.to_new(&format!("/people/{at}"))).collect()
    }
}

impl RecordedPerson {
    fn to_new(&self, pointer: &str) -> Result<NewAttendance, Problem> {
        let who = match (self.registration_id, &self.person) {
            (Some(id), None) => NewWho::Registration(id),
            (None, Some(person)) => NewWho::Person(Unregistered {
                name: person.name.trim().to_owned(),
                email: person.email.clone(),
            }),
            _ => {
                let detail = "needs one of registration_id and person, not both";
                return Err(Problem::invalid(pointer, detail));
            }
        };
        Ok(NewAttendance { who, minutes: self.minutes })
    }
}

/// That somebody was in a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceBody {
    /// Its id.
    id: AttendanceId,
    /// The session.
    session_id: SessionId,
    /// In which working group, when it is known.
    working_group_id: Option<WorkingGroupId>,
    /// The registration; null for who came without one.
    registration_id: Option<RegistrationId>,
    /// Their name; null when it was forgotten.
    name: Option<String>,
    /// The address of who came without registering, if it is known.
    email: Option<Email>,
    /// State of the registration when they were recorded: not always `confirmed`.
    standing: Option<RegistrationState>,
    /// How it became known.
    method: Method,
    /// For how long, when it is known.
    minutes: Option<i32>,
    /// The day of the session; no moment is kept.
    held_on: chrono::NaiveDate,
    /// Grows with each change; what `If-Match` names.
    version: i64,
}

impl From<Named> for AttendanceBody {
    fn from(named: Named) -> Self {
        let one = named.attendance;
        let (registration_id, standing, email) = match one.who {
            Who::Registered { id, standing } => (Some(id), Some(standing), None),
            Who::Unregistered(person) => (None, None, person.email),
            Who::Forgotten { .. } => (None, None, None),
        };
        Self {
            id: one.id,
            session_id: one.session_id,
            working_group_id: one.working_group_id,
            registration_id,
            name: named.name,
            email,
            standing,
            method: one.method,
            minutes: one.minutes,
            held_on: one.held_on,
            version: one.version,
        }
    }
}

/// What a list came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedBody {
    /// People who were not recorded before.
    #[schema(example = 2)]
    new: u32,
    /// People who were.
    #[schema(example = 0)]
    known: u32,
    /// All of them, each once.
    items: Vec<AttendanceBody>,
}

impl RecordedBody {
    fn new(work: &mut Work, recorded: Recorded) -> Result<Self, Problem> {
        let named = service::named(work, recorded.attendances)?;
        let items = named.into_iter().map(AttendanceBody::from).collect();
        Ok(Self { new: recorded.new, known: recorded.known, items })
    }
}

/// What a code is asked for with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "margin_minutes": 15 }))]
pub struct IssueCheckInCode {
    /// The working group it is for; a host of one group may leave it out.
    #[serde(default)]
    working_group_id: Option<WorkingGroupId>,
    /// Minutes before the beginning and after the end of the session in which the code is taken: 0 to 120.
    #[serde(default = "default_margin")]
    #[schema(example = 15, minimum = 0, maximum = 120)]
    margin_minutes: i64,
}

fn default_margin() -> i64 {
    session_codes::DEFAULT_MARGIN
}

/// A code that is shown to those who are there.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckInCodeBody {
    /// The code: told once. A new one takes the place of this one.
    #[schema(example = "KX7Q2M")]
    code: String,
    /// The working group it is for; null: everybody in the session.
    working_group_id: Option<WorkingGroupId>,
    /// From when on it is taken.
    valid_from: Timestamp,
    /// Until when.
    valid_until: Timestamp,
}

/// A code that somebody enters.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "kx7 q2m" }))]
pub struct CheckIn {
    /// As it is shown; case, spaces and hyphens do not matter.
    #[schema(max_length = 40)]
    code: String,
}

/// That the caller is recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedInBody {
    /// The session.
    session_id: SessionId,
    /// The working group.
    working_group_id: Option<WorkingGroupId>,
}

/// Who was in a session: everybody, or for a host their own working group. In no order that tells who came first.
#[utoipa::path(tag = "attendance", params(("session_id" = SessionId, Path), PageQuery),
    responses((status = 200, body = Page<AttendanceBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/sessions/{session_id}/attendance")]
pub async fn list_attendance(call: Call, path: PathIds<SessionId>, query: Listed) -> Answer {
    let session = path.id();
    let paging = query.paging;
    let part = call.read(move |work| service::list(work, session, &paging)).await?;
    Ok(call.page(part.map(AttendanceBody::from)))
}

/// Records who was in a session, all or none: everybody, or for a host those of their own working group. The same person
/// is recorded once; minutes that are given now take the place of earlier ones.
#[utoipa::path(tag = "attendance", request_body = RecordAttendance, params(("session_id" = SessionId, Path)),
    responses((status = 200, body = RecordedBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/sessions/{session_id}/attendance")]
pub async fn record_attendance(
    call: Call,
    path: PathIds<SessionId>,
    body: Body<RecordAttendance>,
) -> Answer {
    let session = path.id();
    call.post(body, move |work, body| {
        let people = body.to_new()?;
        let recorded = service::record(work, session, body.working_group_id, &people)?;
        Ok(Reply::unversioned(&RecordedBody::new(work, recorded)?))
    })
    .await
}

/// Takes back that somebody was in a session.
#[utoipa::path(tag = "attendance", params(("attendance_id" = AttendanceId, Path), IfMatch),
    responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/attendance/{attendance_id}")]
pub async fn delete_attendance(call: Call, path: PathIds<AttendanceId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::delete(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Makes a code for a session, to be shown to those who are there; one that there was before ends.
#[utoipa::path(tag = "attendance", request_body = IssueCheckInCode, params(("session_id" = SessionId, Path)),
    responses((status = 201, body = CheckInCodeBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/sessions/{session_id}/check-in-code")]
pub async fn issue_check_in_code(
    call: Call,
    path: PathIds<SessionId>,
    body: Body<IssueCheckInCode>,
) -> Answer {
    let session = path.id();
    let tokens = call.app().tokens.clone();
    call.post_secret(body, move |work, body| {
        let (group, margin) = (body.working_group_id, body.margin_minutes);
        let (code, issued) = session_codes::issue(work, &tokens, session, group, margin)?;
        let body = CheckInCodeBody {
            code,
            working_group_id: issued.working_group_id,
            valid_from: issued.valid_from,
            valid_until: issued.valid_until,
        };
        Ok(Reply { status: 201, ..Reply::unversioned(&body) })
    })
    .await
}

/// Records the caller, whose registration is confirmed, as being in the session. Tries are limited as for signing in.
#[utoipa::path(tag = "attendance", request_body = CheckIn, params(("session_id" = SessionId, Path)),
    responses((status = 200, body = CheckedInBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/sessions/{session_id}/check-in")]
pub async fn check_in(call: Call, path: PathIds<SessionId>, body: Body<CheckIn>) -> Answer {
    let session = path.id();
    if let Some(account) = call.credentials().account() {
        call.app().limits.sign_in(&format!("check-in {account}"))?;
    }
    let tokens = call.app().tokens.clone();
    // Nothing is kept for a retry: a check-in that is repeated changes nothing, and its hour would be kept.
    call.post_secret(body, move |work, body| {
        let attendance = session_codes::check_in(work, &tokens, session, &body.code)?;
        let (session_id, working_group_id) = (attendance.session_id, attendance.working_group_id);
        Ok(Reply::unversioned(&CheckedInBody { session_id, working_group_id }))
    })
    .await
}
