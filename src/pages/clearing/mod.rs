//! The clearance room: what of a draft somebody is asked to agree to, what was said about it, and who still has to answer.

use actix_web::web;

use crate::http::Mounts;

mod away;
mod convening;
mod forms;
mod http;
mod i18n;
mod leaves;
mod record;
mod remarks;
mod scene;
mod seats;
pub mod service;
mod spoken;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/reports/{report_id}/clearance",
        [web::get().to(http::look), web::post().to(http::act)],
    )
    .resource(
        "/my/reports/{report_id}/clearance/template",
        [web::get().to(away::http::look), web::post().to(away::http::act)],
    )
    .route("/my/reports/{report_id}/clearance/template.xlsx", web::get().to(away::http::xlsx))
    .route("/my/reports/{report_id}/clearance/template.docx", web::get().to(away::http::docx));
}
