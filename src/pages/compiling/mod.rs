//! Where the team of a paper has it follow newer editions, and settles paragraph by paragraph what changed in them.

use actix_web::web;

mod http;
mod i18n;
mod service;
mod settling;

pub(super) use i18n::of as words;

/// Mounts the page.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/reports/{report_id}/compilation")
            .route(web::get().to(http::look))
            .route(web::post().to(http::act)),
    );
}
