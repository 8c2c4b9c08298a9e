//! The first page of a report, and how it is set: read by whoever reads the draft, changed by whoever drafts all of it.

use actix_web::web;

use crate::http::Mounts;

mod form;
mod http;
pub mod service;
mod typed;

/// Mounts the page.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/reports/{report_id}/masthead",
        [web::get().to(http::look), web::post().to(http::change)],
    );
}
