//! Contributing by a receipt: being given one, saying something, also of a draft that is cleared, and what became of it. Nobody there knows who it is: a request that
//! says so is refused, nothing is logged, and no address holds a receipt or what somebody said. Every form is answered with the page
//! itself, so that no address tells what was done.

use actix_web::web;

use crate::i18n::Language;
use crate::inputs::SetAsideReason;

mod commenting;
mod contributor;
mod http;
mod i18n;
mod receipt;
mod said;
mod saying;
mod service;
mod unsent;

/// Why an input is set aside, as whoever said it reads it.
pub fn why_set_aside(code: SetAsideReason, language: Language) -> &'static str {
    said::why_set_aside(code, i18n::of(language))
}

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/consultations/{consultation_id}/receipt")
            .route(web::get().to(http::offer))
            .route(web::post().to(http::give)),
    )
    .service(
        web::resource("/say/{consultation_id}")
            .route(web::get().to(http::say))
            .route(web::post().to(http::act)),
    )
    .service(
        web::resource("/say/{consultation_id}/mine")
            .route(web::get().to(http::mine))
            .route(web::post().to(http::change)),
    )
    .service(
        web::resource("/my/consultations/{consultation_id}/draft")
            .route(web::get().to(commenting::http::read)),
    )
    .service(
        web::resource("/say/{consultation_id}/draft")
            .route(web::get().to(commenting::http::look))
            .route(web::post().to(commenting::http::act)),
    );
}
