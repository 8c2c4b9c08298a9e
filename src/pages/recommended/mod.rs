//! The register of recommendations: for everybody what is recommended and what came of it, without any cookie; for the team where it is
//! confirmed how something is put and to whom, and noted what came of it.

use actix_web::web;

use crate::http::Mounts;
use crate::http::copies::kept;

mod http;
mod i18n;
mod noting;
mod service;
mod shelf;
mod told;

pub(super) use i18n::of as words;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.route("/reviews/{review_id}/recommendations", kept(web::get().to(http::register)))
        .route("/recommendations/{recommendation_id}", kept(web::get().to(http::recommendation)))
        .route("/my/reviews/{review_id}/recommendations", web::get().to(http::own_register))
        .resource(
            "/my/recommendations/{recommendation_id}",
            [web::get().to(http::own), web::post().to(http::act)],
        );
}
