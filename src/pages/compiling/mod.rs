//! Where the team of a paper has it follow newer editions, and settles paragraph by paragraph what changed in them.

use actix_web::web;

use crate::http::Mounts;

mod http;
mod i18n;
mod service;
mod settling;

pub(super) use i18n::of as words;

/// Mounts the page.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/reports/{report_id}/compilation",
        [web::get().to(http::look), web::post().to(http::act)],
    );
}
