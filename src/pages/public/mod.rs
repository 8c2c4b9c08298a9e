//! What everybody sees, without any cookie: what is open, coming up and past, a consultation with its programme, reports to read
//! and to cite, and what this site says of itself.

use actix_web::web;

mod announced;
mod compared;
mod edition;
mod held;
mod home;
mod http;
mod i18n;
mod service;
mod statements;
mod translated;

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(http::home))
        .route("/consultations/{consultation_id}", web::get().to(http::consultation))
        .route("/reports/{report_id}", web::get().to(http::report))
        .route("/reports/{report_id}/differences", web::get().to(http::differences))
        .route("/privacy", web::get().to(http::privacy))
        .route("/accessibility", web::get().to(http::accessibility))
        .route("/languages", web::get().to(http::languages))
        .service(
            web::resource("/reports/{report_id}/editions/{number}/paragraphs/{paragraph}")
                .route(web::get().to(http::paragraph)),
        );
}
