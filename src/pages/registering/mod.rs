//! Coming in: the open call of a consultation, the form, and where somebody stands until the report is out.

use actix_web::web;

mod form;
mod http;
mod i18n;
mod sent;
mod service;
mod standing;

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/register/{consultation_id}")
            .route(web::get().to(http::call))
            .route(web::post().to(http::ask)),
    )
    .service(
        web::resource("/my/consultations/{consultation_id}")
            .route(web::get().to(http::stand))
            .route(web::post().to(http::act)),
    )
    .service(
        web::resource("/my/consultations/{consultation_id}/edit")
            .route(web::get().to(http::edit))
            .route(web::post().to(http::change)),
    )
    .route("/my/organizations", web::get().to(http::organizations));
}
