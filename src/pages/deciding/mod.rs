//! What somebody decides whom a mail asked: acts that need two people, and appeals. Each has a page of its own, and is listed on the
//! first page of those who can do something about it.

use actix_web::web;

mod appeal;
mod http;
mod i18n;
mod matter;
mod pending;
mod proposal;
pub mod service;

pub use pending::of as pending;

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/proposals/{proposal_id}")
            .route(web::get().to(http::proposal))
            .route(web::post().to(http::decide)),
    )
    .service(
        web::resource("/my/appeals/{appeal_id}")
            .route(web::get().to(http::appeal))
            .route(web::post().to(http::answer)),
    );
}
