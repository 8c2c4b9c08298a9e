//! What somebody decides whom a mail asked: acts that need two people, and appeals. Each has a page of its own, and is listed on the
//! first page of those who can do something about it.

use actix_web::web;

use crate::http::Mounts;

mod appeal;
mod http;
mod i18n;
mod matter;
mod pending;
mod proposal;
pub mod service;

pub use pending::of as pending;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/proposals/{proposal_id}",
        [web::get().to(http::proposal), web::post().to(http::decide)],
    )
    .resource(
        "/my/appeals/{appeal_id}",
        [web::get().to(http::appeal), web::post().to(http::answer)],
    );
}
