//! What became of a paragraph or a section, save by save, and bringing an earlier text back.

use actix_web::web;

use crate::http::Mounts;

mod http;
pub mod service;
pub(in crate::pages) mod story;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/reports/{report_id}/paragraphs/{paragraph_id}/history",
        [web::get().to(http::paragraph), web::post().to(http::restore)],
    )
    .resource(
        "/my/reports/{report_id}/sections/{section_id}/history",
        [web::get().to(http::section)],
    );
}
