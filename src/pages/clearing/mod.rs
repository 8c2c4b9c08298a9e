//! The clearance room: what of a draft somebody is asked to agree to, what was said about it, and who still has to answer.

use actix_web::web;

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
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/reports/{report_id}/clearance")
            .route(web::get().to(http::look))
            .route(web::post().to(http::act)),
    )
    .service(
        web::resource("/my/reports/{report_id}/clearance/template")
            .route(web::get().to(away::http::look))
            .route(web::post().to(away::http::act)),
    )
    .route("/my/reports/{report_id}/clearance/template.xlsx", web::get().to(away::http::xlsx))
    .route("/my/reports/{report_id}/clearance/template.docx", web::get().to(away::http::docx));
}
