//! What everybody sees, without any cookie: what is open, coming up and past, a consultation with its programme, reports to read
//! and to cite, and what this site says of itself.

use actix_web::web;

use crate::http::Mounts;
use crate::http::copies::kept;

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
pub fn mount(cfg: &mut Mounts) {
    cfg.route("/", kept(web::get().to(http::home)))
        .route("/consultations/{consultation_id}", kept(web::get().to(http::consultation)))
        .route("/reports/{report_id}", kept(web::get().to(http::report)))
        .route("/reports/{report_id}/differences", kept(web::get().to(http::differences)))
        .route("/privacy", kept(web::get().to(http::privacy)))
        .route("/accessibility", kept(web::get().to(http::accessibility)))
        .route("/languages", kept(web::get().to(http::languages)))
        .resource(
            "/reports/{report_id}/editions/{number}/paragraphs/{paragraph}",
            [kept(web::get().to(http::paragraph))],
        );
}
