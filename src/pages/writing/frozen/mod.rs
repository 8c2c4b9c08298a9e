//! Drafts that were frozen under a name: reading one, and what has changed since.

use actix_web::web;

mod http;
pub mod service;
mod shown;

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/reports/{report_id}/milestones")
            .route(web::get().to(http::milestones))
            .route(web::post().to(http::freeze)),
    )
    .service(
        web::resource("/my/reports/{report_id}/milestones/{milestone_id}")
            .route(web::get().to(http::milestone)),
    )
    .service(
        web::resource("/my/reports/{report_id}/milestones/{milestone_id}/changes")
            .route(web::get().to(http::changes)),
    );
}
