//! Operations by which participants are asked about a draft, and read it. Knows no rule; nothing it gives has room for a contributor.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderName, HeaderValue};
use chrono::NaiveDate;

use super::service::OpenHearing;
use super::{portion, service};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::ReportId;
use crate::reports::clearance::asking::http::ClearanceRoundBody;
use crate::reports::clearance::portions::http::PortionBody;
use crate::reports::history::http::{Team, TeamMemberBody};
use crate::vocabulary::ClearanceRoundId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(ask_participants).service(read_draft_to_comment);
}

/// Until when participants are asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskParticipants {
    /// The last day on which they can say something, in the consultation's zone: at least four days ahead, and it does not move.
    #[schema(example = "2021-02-12")]
    pub ends_on: NaiveDate,
}

/// That participants are asked in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantsAskedBody {
    /// The last day on which they can say something.
    #[schema(example = "2021-02-12")]
    pub ends_on: NaiveDate,
    /// Whether that is over and all of it has been let in. Nothing is published before.
    pub settled: bool,
    /// Who asked; absent once they are erased.
    pub asked_by: Option<TeamMemberBody>,
    /// When.
    pub asked_at: Timestamp,
}

impl ParticipantsAskedBody {
    /// As it is told to the team.
    pub fn new(team: &Team, heard: &super::HeardRound) -> Self {
        let hearing = &heard.hearing;
        Self {
            ends_on: hearing.ends_on,
            settled: heard.settled,
            asked_by: team.member(hearing.asked_by),
            asked_at: hearing.asked_at,
        }
    }
}

/// Asks the participants of the report's consultation, too: once in a round, until a day that does not move. The draft is frozen for them
/// as it reads now. Everybody confirmed is told at the next 08:00, in the same words; what they say comes by receipt, is mixed, and stands
/// among the comments. Nothing is published before the first mixing after that day, which lets in what is left, however little it is.
#[utoipa::path(tag = "reports", params(("clearance_round_id" = ClearanceRoundId, Path), IfMatch), request_body = AskParticipants, responses((status = 200, body = ClearanceRoundBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/clearance-rounds/{clearance_round_id}/participants")]
pub async fn ask_participants(
    call: Call,
    path: PathIds<ClearanceRoundId>,
    body: Body<AskParticipants>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let round = service::ask(work, id, version, body.ends_on)?;
        ClearanceRoundBody::reply(work, round)
    })
    .await
}

/// A draft that participants are asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftToCommentBody {
    /// The report.
    pub report_id: ReportId,
    /// Its title.
    pub title: String,
    /// The language of the draft.
    #[schema(example = "en")]
    pub language: String,
    /// The last day on which something can be said of it.
    #[schema(example = "2021-02-12")]
    pub ends_on: NaiveDate,
    /// The draft in portions, in the order in which they are printed, as it read when participants were asked.
    pub portions: Vec<PortionBody>,
}

impl From<OpenHearing> for DraftToCommentBody {
    fn from(OpenHearing { report, hearing, draft }: OpenHearing) -> Self {
        let portions = draft.portions.iter().map(|one| portion(report.id, one));
        Self {
            report_id: report.id,
            language: report.language.to_string(),
            ends_on: hearing.ends_on,
            portions: portions.map(PortionBody::from).collect(),
            title: report.title,
        }
    }
}

/// The draft that participants of a consultation are asked about, as it was frozen for them: for those who are confirmed, while it is
/// open. It is a draft and not public; nobody keeps who read it. To say something of it needs a receipt.
#[utoipa::path(tag = "contributions", params(("consultation_id" = ConsultationId, Path)), responses((status = 200, body = DraftToCommentBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/draft")]
pub async fn read_draft_to_comment(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let open = call.read(move |work| service::read(work, id)).await?;
    Ok(unkept(call.ok_unversioned(&DraftToCommentBody::from(open))))
}

/// An answer that nobody keeps or finds: no browser, no proxy, no search.
fn unkept(mut answer: HttpResponse) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.remove(ETAG);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let robots = HeaderName::from_static("x-robots-tag");
    headers.insert(robots, HeaderValue::from_static("noindex, noarchive"));
    answer
}
