//! Writing a report together, for its team: the drafts that one may read, a draft as a whole with what each paragraph rests on, what
//! became of a paragraph save by save (`history`), drafts that were frozen (`frozen`), and a Word file that came back
//! (`returned`).

use actix_web::web;

mod bench;
mod chapters;
mod deeds;
mod found;
mod frozen;
mod head;
pub(super) mod history;
mod http;
pub(super) mod i18n;
mod margin;
mod readable;
mod returned;
pub mod service;
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
        .configure(history::mount)
        .configure(frozen::mount)
        .configure(returned::mount);
}
