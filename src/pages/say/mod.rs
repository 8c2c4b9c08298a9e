//! Contributing by a receipt: being given one, saying something, also of a draft that is cleared, and what became of it. Nobody there knows who it is: a request that
//! says so is refused, nothing is logged, and no address holds a receipt or what somebody said. Every form is answered with the page
//! itself, so that no address tells what was done.

use actix_web::web;

use crate::http::Mounts;
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
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/consultations/{consultation_id}/receipt",
        [web::get().to(http::offer), web::post().to(http::give)],
    )
    .resource("/say/{consultation_id}", [web::get().to(http::say), web::post().to(http::act)])
    .resource(
        "/say/{consultation_id}/mine",
        [web::get().to(http::mine), web::post().to(http::change)],
    )
    .resource("/my/consultations/{consultation_id}/draft", [web::get().to(commenting::http::read)])
    .resource(
        "/say/{consultation_id}/draft",
        [web::get().to(commenting::http::look), web::post().to(commenting::http::act)],
    );
}
