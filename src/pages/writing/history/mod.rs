//! What became of a paragraph or a section, save by save, and bringing an earlier text back.

use actix_web::web;

mod http;
pub mod service;
pub(in crate::pages) mod story;

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/reports/{report_id}/paragraphs/{paragraph_id}/history")
            .route(web::get().to(http::paragraph))
            .route(web::post().to(http::restore)),
    )
    .service(
        web::resource("/my/reports/{report_id}/sections/{section_id}/history")
            .route(web::get().to(http::section)),
    );
}
