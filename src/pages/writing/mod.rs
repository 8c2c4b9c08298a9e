//! Writing a report together, for its team: the drafts that one may read, a draft as a whole with what each paragraph rests on, what
//! became of a paragraph save by save, and drafts that were frozen.

use actix_web::web;

mod bench;
mod chapters;
mod deeds;
mod found;
mod frozen;
mod head;
mod http;
pub(super) mod i18n;
mod margin;
mod readable;
pub mod service;
pub(super) mod story;
mod unused;
mod waits;

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.route("/my/reports", web::get().to(http::drafts))
        .service(
            web::resource("/my/reports/{report_id}")
                .route(web::get().to(http::draft))
                .route(web::post().to(http::act)),
        )
        .service(
            web::resource("/my/reports/{report_id}/paragraphs/{paragraph_id}/history")
                .route(web::get().to(http::paragraph))
                .route(web::post().to(http::restore)),
        )
        .service(
            web::resource("/my/reports/{report_id}/sections/{section_id}/history")
                .route(web::get().to(http::section)),
        )
        .service(
            web::resource("/my/reports/{report_id}/milestones")
                .route(web::get().to(http::milestones))
                .route(web::post().to(http::freeze)),
        )
        .service(
            web::resource("/my/reports/{report_id}/milestones/{milestone_id}")
                .route(web::get().to(http::milestone)),
        )
        .service(
            web::resource("/my/reports/{report_id}/milestones/{milestone_id}/changes")
                .route(web::get().to(http::changes)),
        );
}
