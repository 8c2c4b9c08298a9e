//! The operations on calendars: files in iCalendar, and the address of one's own for calendar programs. No rules here.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::service;
use crate::consultations::ConsultationId;
use crate::exchange::calendar::{Calendar, MEDIA_TYPE};
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(export_programme_calendar)
        .service(export_own_calendar)
        .service(create_calendar_feed)
        .service(delete_calendar_feed)
        .service(read_calendar_feed);
}

/// Where a calendar program finds one's own schedule.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarFeedBody {
    /// Who has this address sees the schedule: it is told once and cannot be told again.
    #[schema(example = "https://rapporteur.example.org/api/v1/calendar-feeds/7yD…gQ.ics")]
    url: String,
}

/// The calendar as a file; 304 when the caller has it.
fn answer(call: &Call, calendar: &Calendar, name: &str) -> HttpResponse {
    let text = calendar.write();
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..18]));
    call.unless_known(&etag, || {
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
            .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
            .insert_header((header::ETAG, etag.clone()))
            .body(text)
    })
}

/// The programme of a consultation as iCalendar. Sessions that were removed and those of a cancelled consultation are
/// told as cancelled.
#[utoipa::path(tag = "calendars", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, description = "The programme", body = String, content_type = "text/calendar"), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/programme.ics")]
pub async fn export_programme_calendar(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let calendar = call.read(move |work| service::programme(work, id)).await?;
    Ok(answer(&call, &calendar, "programme.ics"))
}

/// The sessions of the consultations in which the caller has a place, with their working group in each round, as
/// iCalendar. After a withdrawal they are told as cancelled.
#[utoipa::path(tag = "calendars",
    responses((status = 200, description = "The schedule", body = String, content_type = "text/calendar"), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me/schedule.ics")]
pub async fn export_own_calendar(call: Call) -> Answer {
    let calendar = call.read(service::own).await?;
    Ok(answer(&call, &calendar, "schedule.ics"))
}

/// Makes a secret address of one's own schedule, for calendar programs, which cannot send a token. The one before ends.
#[utoipa::path(tag = "calendars", responses((status = 201, body = CalendarFeedBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/me/calendar-feed")]
pub async fn create_calendar_feed(call: Call) -> Answer {
    call.change(|work| {
        let url = service::create_feed(work)?;
        // No `Location`: the address is the secret, and headers are logged by proxies.
        Ok(Reply { status: 201, ..Reply::unversioned(&CalendarFeedBody { url }) })
    })
    .await
}

/// Ends the secret address of one's own schedule, if there is one.
#[utoipa::path(tag = "calendars", responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/me/calendar-feed")]
pub async fn delete_calendar_feed(call: Call) -> Answer {
    call.change(|work| {
        service::delete_feed(work)?;
        Ok(Reply::no_content())
    })
    .await
}

/// The schedule of whoever was given this address.
#[utoipa::path(tag = "calendars", params(("token" = String, Path)),
    responses((status = 200, description = "The schedule", body = String, content_type = "text/calendar"), Refusals), security(()))]
#[get("/api/v1/calendar-feeds/{token}.ics")]
pub async fn read_calendar_feed(call: Call, token: web::Path<String>) -> Answer {
    let secret = token.into_inner();
    let calendar = call.read(move |work| service::feed(work, &secret)).await?;
    Ok(answer(&call, &calendar, "schedule.ics"))
}
