//! Operations on when contributions are mixed.

use super::Times;
use super::service::{self, Schedule};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_mixing).service(set_mixing_times);
}

/// When contributions are mixed. How many wait is told to nobody.
#[derive(Debug, Serialize, ToSchema)]
pub struct MixingBody {
    /// The times of day, in the consultation's zone.
    #[schema(example = json!(["06:00", "12:00", "18:00", "22:00"]))]
    pub times: Vec<String>,
    /// The zone.
    #[schema(example = "Asia/Bangkok")]
    pub zone: String,
    /// The next of them.
    pub next: Timestamp,
    /// How many entries must wait for it.
    #[schema(example = 10)]
    pub fewest_entries: usize,
    /// Of how many receipts.
    #[schema(example = 5)]
    pub fewest_receipts: usize,
}

impl From<Schedule> for MixingBody {
    fn from(schedule: Schedule) -> Self {
        Self {
            times: schedule.times,
            zone: schedule.zone.name().to_owned(),
            next: schedule.next,
            fewest_entries: super::FEWEST_ENTRIES,
            fewest_receipts: super::FEWEST_RECEIPTS,
        }
    }
}

/// When contributions are mixed: at these times of day, if enough wait; otherwise they wait on, and at the last closing what is left is
/// let in however little it is.
#[utoipa::path(
    tag = "contributions", params(("consultation_id" = ConsultationId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = MixingBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/mixing")]
pub async fn read_mixing(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let schedule = call.read(move |work| service::schedule(work, id)).await?;
    Ok(call.ok_unversioned(&MixingBody::from(schedule)))
}

/// At what times contributions are mixed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMixingTimes {
    /// Up to four times of day, in the consultation's zone.
    #[schema(example = json!(["06:00", "12:00", "18:00", "22:00"]), min_items = 1, max_items = 4)]
    pub times: Vec<String>,
}

/// Sets at what times contributions are mixed: before the first window opens, and not after.
#[utoipa::path(
    tag = "contributions", params(("consultation_id" = ConsultationId, Path)), request_body = SetMixingTimes,
    security(("bearer" = [])), responses((status = 200, body = MixingBody), Refusals)
)]
#[put("/api/v1/consultations/{consultation_id}/mixing")]
pub async fn set_mixing_times(
    call: Call,
    path: PathIds<ConsultationId>,
    wanted: Body<SetMixingTimes>,
) -> Answer {
    let id = path.id();
    let times = Times::read(&wanted.times)?;
    call.change(move |work| {
        let schedule = service::set_times(work, id, &times)?;
        Ok(Reply::unversioned(&MixingBody::from(schedule)))
    })
    .await
}
