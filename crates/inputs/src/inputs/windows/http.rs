//! Operations on when inputs in writing are taken.

use super::{Moment, Window};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::inputs::windows;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_input_windows).service(replace_input_windows);
}

/// A time in which inputs in writing are taken.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "moment": "after", "opens_at": "2020-11-19T07:30:00Z", "closes_at": "2020-11-26T17:00:00Z" }))]
pub struct WindowBody {
    /// Which.
    pub moment: Moment,
    /// When it begins.
    pub opens_at: Timestamp,
    /// When it ends.
    pub closes_at: Timestamp,
}

/// When inputs in writing are taken.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowsBody {
    /// The windows; none means whenever the phase allows.
    #[schema(max_items = 3)]
    pub windows: Vec<WindowBody>,
}

fn body(windows: Vec<Window>) -> WindowsBody {
    let one = |window: Window| WindowBody {
        moment: window.moment,
        opens_at: window.opens_at,
        closes_at: window.closes_at,
    };
    WindowsBody { windows: windows.into_iter().map(one).collect() }
}

/// When inputs in writing are taken from participants: before, during and after the event.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = WindowsBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/input-windows")]
pub async fn list_input_windows(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let windows = call.read(move |work| windows::list(work, id)).await?;
    Ok(call.ok_unversioned(&body(windows)))
}

/// Sets when inputs in writing are taken, in the place of what was set before.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = WindowsBody,
    security(("bearer" = [])), responses((status = 200, body = WindowsBody), Refusals)
)]
#[put("/api/v1/consultations/{consultation_id}/input-windows")]
pub async fn replace_input_windows(
    call: Call,
    path: PathIds<ConsultationId>,
    wanted: Body<WindowsBody>,
) -> Answer {
    let id = path.id();
    let wanted: Vec<Window> = wanted
        .value
        .windows
        .into_iter()
        .map(|one| Window { moment: one.moment, opens_at: one.opens_at, closes_at: one.closes_at })
        .collect();
    call.change(move |work| {
        let windows = windows::replace(work, id, &wanted)?;
        Ok(Reply::unversioned(&body(windows)))
    })
    .await
}
