//! Drafts that were frozen under a name: reading one, and what has changed since.

use actix_web::web;

use crate::http::Mounts;

mod http;
pub mod service;
mod shown;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/reports/{report_id}/milestones",
        [web::get().to(http::milestones), web::post().to(http::freeze)],
    )
    .resource("/my/reports/{report_id}/milestones/{milestone_id}", [web::get().to(http::milestone)])
    .resource(
        "/my/reports/{report_id}/milestones/{milestone_id}/changes",
        [web::get().to(http::changes)],
    );
}
