//! Pages for people without a program: the open call of a consultation, and the personal page behind a mailed link. They
//! need no scripts and nothing from elsewhere, are small, and work on a narrow screen and with a screen reader. They do
//! what the API does by the same services, and know no rule of their own.

use actix_web::web;

use crate::registry::Feature;

mod fields;
mod form;
mod http;
mod i18n;
mod service;

/// The feature.
pub const FEATURE: Feature = Feature { pages: mount, ..Feature::named("pages") };

/// Mounts the pages, beside the API.
fn mount(cfg: &mut web::ServiceConfig) {
    cfg.route("/register", web::get().to(http::paste))
        .route("/register/{consultation_id}", web::get().to(http::call))
        .route("/register/{consultation_id}", web::post().to(http::ask))
        .route("/registration", web::get().to(http::open))
        .route("/registration", web::post().to(http::act));
}
