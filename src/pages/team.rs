//! What pages about a report's draft have in common: for whom they are there, and what stands on them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono_tz::Tz;
use maud::Markup;

use super::fields::Fields;
use super::visit::{self, Signed};
use crate::consultations;
use crate::problem::{Code, Problem};
use crate::reports::{Report, ReportId};
use crate::work::Work;

/// The report that an address names.
pub fn id(path: &str) -> Result<ReportId, Problem> {
    visit::id(path, "report")
}

/// What is public of a report is on other pages: here is nothing for whoever does not read its draft.
pub fn only_for_team<T>(found: Result<T, Problem>) -> Result<T, Problem> {
    found.map_err(|problem| problem.forbidden_as(|| Problem::not_found("report")))
}

/// 404 for something that is no part of the report whose page it is.
pub fn require_part(is_part: bool, what: &'static str) -> Result<(), Problem> {
    if is_part { Ok(()) } else { Err(Problem::not_found(what)) }
}

/// The zone in which the times of a report are shown.
pub fn zone(work: &mut Work, report: &Report) -> Result<Tz, Problem> {
    match report.consultation_id {
        Some(id) => Ok(consultations::service::load(work, id)?.zone),
        None => Ok(chrono_tz::UTC),
    }
}

/// Whether a page can tell it, so that nothing that was typed is lost.
pub fn is_told(problem: &Problem) -> bool {
    !problem.is_failure() && problem.code() != Code::Unauthenticated
}

/// What an address says behind `?`.
pub fn query(signed: &Signed) -> Fields {
    Fields::of(signed.request().query_string().as_bytes())
}

/// A page whose `h1` stands in its content, with what could not be done told in it.
pub fn page(
    signed: &Signed,
    title: &str,
    content: Markup,
    refused: Option<&Problem>,
) -> HttpResponse {
    let status =
        refused.and_then(|problem| StatusCode::from_u16(problem.code().kind().status).ok());
    signed.frame.headed(status.unwrap_or(StatusCode::OK), title, content)
}
