//! Coming in: the open call of a consultation, the form, and where somebody stands until the report is out.

use actix_web::web;

use crate::http::Mounts;

mod form;
mod http;
mod i18n;
mod sent;
mod service;
mod standing;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/register/{consultation_id}",
        [web::get().to(http::call), web::post().to(http::ask)],
    )
    .resource(
        "/my/consultations/{consultation_id}",
        [web::get().to(http::stand), web::post().to(http::act)],
    )
    .resource(
        "/my/consultations/{consultation_id}/edit",
        [web::get().to(http::edit), web::post().to(http::change)],
    )
    .route("/my/organizations", web::get().to(http::organizations));
}
