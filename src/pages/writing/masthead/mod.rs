//! The first page of a report, and how it is set: read by whoever reads the draft, changed by whoever drafts all of it.

use actix_web::web;

mod form;
mod http;
pub mod service;
mod typed;

/// Mounts the page.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/reports/{report_id}/masthead")
            .route(web::get().to(http::look))
            .route(web::post().to(http::change)),
    );
}
