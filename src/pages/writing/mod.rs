//! Writing a report together, for its team: the drafts that one may read, a draft as a whole with what each paragraph rests on, what
//! became of a paragraph save by save (`history`), drafts that were frozen (`frozen`), the first page (`masthead`), a Word file that came
//! back (`returned`), translations (`translating`), and what waits over a whole review (`review`).

use actix_web::web;

use crate::http::Mounts;

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
mod masthead;
mod outlining;
mod readable;
mod returned;
mod review;
mod sayings;
pub mod service;
mod shaping;
mod translating;
mod unused;
mod waits;

pub use head::role;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.route("/my/reports", web::get().to(http::drafts))
        .route("/my/reviews/{review_id}/waiting", web::get().to(http::waiting))
        .resource(
            "/my/reports/{report_id}",
            [web::get().to(http::draft), web::post().to(http::act)],
        )
        .configure(history::mount)
        .configure(frozen::mount)
        .configure(masthead::mount)
        .configure(returned::mount)
        .configure(translating::mount);
}
