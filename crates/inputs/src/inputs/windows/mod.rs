//! When inputs in writing are taken: before, during and after the event. Without a window the phase alone decides.

use chrono::Duration;
use diesel::prelude::*;

use super::service::open;
use crate::access::Permission;
use crate::consultations::{Activity, Consultation, ConsultationId, Phase};
use crate::db::Conn;
use crate::db::schema::input_windows;
use crate::db::types::Timestamp;
use crate::problem::{Checks, Code, Problem};
use crate::text_enum;
use crate::work::Work;

pub(super) mod http;

text_enum! {
    /// When, as seen from the event.
    pub enum Moment {
        /// Before it.
        Before => "before",
        /// While it is held.
        During => "during",
        /// After it.
        After => "after",
    }
}

/// A time in which inputs in writing are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Which.
    pub moment: Moment,
    /// When it begins.
    pub opens_at: Timestamp,
    /// When it ends.
    pub closes_at: Timestamp,
}

fn load(conn: &mut Conn, id: ConsultationId) -> Result<Vec<Window>, Problem> {
    let rows: Vec<(Moment, Timestamp, Timestamp)> = input_windows::table
        .filter(input_windows::consultation_id.eq(id))
        .order(input_windows::opens_at)
        .select((input_windows::moment, input_windows::opens_at, input_windows::closes_at))
        .load(conn)?;
    let window = |(moment, opens_at, closes_at)| Window { moment, opens_at, closes_at };
    Ok(rows.into_iter().map(window).collect())
}

/// The windows of a consultation that the caller may know of, in their order.
pub fn list(work: &mut Work, id: ConsultationId) -> Result<Vec<Window>, Problem> {
    let consultation = open(work, id)?;
    load(work.conn, consultation.id)
}

/// How long before the last window closes that must be known once the call is open: what waits by receipt is let in then, however
/// little it is, and nobody may bring that about for a few.
const NOTICE: Duration = Duration::hours(72);

/// Puts these windows in the place of those that were, for who edits the programme. Once the call is open, the last of them ends no
/// earlier than was told, and no earlier than in 72 hours.
pub fn replace(
    work: &mut Work,
    id: ConsultationId,
    windows: &[Window],
) -> Result<Vec<Window>, Problem> {
    let consultation = open(work, id)?;
    work.require(Permission::EditProgramme, &consultation.scope())?;
    consultation.require(Activity::SetUp)?;
    check(windows)?;
    if consultation.phase != Phase::Planning {
        check_end(&load(work.conn, id)?, windows, work.now)?;
    }
    let own = input_windows::table.filter(input_windows::consultation_id.eq(id));
    diesel::delete(own).execute(work.conn)?;
    for window in windows {
        let row = (
            input_windows::consultation_id.eq(id),
            input_windows::moment.eq(window.moment),
            input_windows::opens_at.eq(window.opens_at),
            input_windows::closes_at.eq(window.closes_at),
        );
        diesel::insert_into(input_windows::table).values(row).execute(work.conn)?;
    }
    work.audit("consultation.input_windows_changed", "consultation", id);
    load(work.conn, id)
}

fn check_end(before: &[Window], after: &[Window], now: Timestamp) -> Result<(), Problem> {
    let end = |windows: &[Window]| windows.iter().map(|window| window.closes_at).max();
    let (before, ending) = (end(before), end(after));
    let detail = "What waits by receipt is let in when the last window closes, so once the call is open that cannot come earlier than was \
                  told, nor within 72 hours of being set";
    let stays = before == ending;
    // None is earlier than any.
    let later = ending > before && ending >= Some(now.plus(NOTICE));
    Checks::new().require(stays || later, "/windows", detail).finish()
}

fn check(windows: &[Window]) -> Result<(), Problem> {
    let mut checks = Checks::new();
    for (index, window) in windows.iter().enumerate() {
        let at = |field: &str| format!("/windows/{index}/{field}");
        let order = window.opens_at < window.closes_at;
        checks.require(order, &at("closes_at"), "must be after opens_at");
        let before = &windows[..index];
        let twice = before.iter().any(|other| other.moment == window.moment);
        checks.require(!twice, &at("moment"), "is there twice");
        let overlaps = before
            .iter()
            .any(|other| window.opens_at < other.closes_at && other.opens_at < window.closes_at);
        checks.require(!overlaps, &at("opens_at"), "overlaps with another window");
    }
    checks.finish()
}

/// The windows of a consultation, in their order. It does not ask who asks.
pub fn of(work: &mut Work, id: ConsultationId) -> Result<Vec<Window>, Problem> {
    load(work.conn, id)
}

/// The window that is open, or none where no window is set; 409 that tells when inputs in writing are taken, in the consultation's
/// zone, when none is open.
pub fn require_open(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<Option<Moment>, Problem> {
    let windows = load(work.conn, consultation.id)?;
    let open = |window: &&Window| window.opens_at <= work.now && work.now < window.closes_at;
    let found = windows.iter().find(open).map(|window| window.moment);
    if windows.is_empty() || found.is_some() {
        return Ok(found);
    }
    let zone = consultation.zone;
    let told = |at: Timestamp| at.utc().with_timezone(&zone).format("%-d %B %Y, %H:%M").to_string();
    let times: Vec<String> = windows
        .iter()
        .map(|window| format!("from {} to {}", told(window.opens_at), told(window.closes_at)))
        .collect();
    let detail = format!("Inputs in writing are taken {} ({zone} time).", times.join("; "));
    Err(Problem::new(Code::NotInThisPhase, detail))
}
