//! Translating a report, for whoever translates it: the original and the translation side by side, portion by portion, and the translation
//! as a whole.

use actix_web::web;

use crate::http::Mounts;
use maud::{Markup, html};

use super::head::Scene;

mod begun;
mod beside;
mod http;
mod i18n;
mod sent_rows;
mod service;

/// The way there, for whoever reads the draft.
pub(super) fn way(scene: &Scene) -> Markup {
    html! { p { a href=(scene.way("/translations")) { (i18n::of(scene.language()).translations) } } }
}

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/reports/{report_id}/translations",
        [web::get().to(http::all), web::post().to(http::begin)],
    )
    .resource(
        "/my/reports/{report_id}/translations/{language}",
        [web::get().to(http::look), web::post().to(http::act)],
    )
    .resource("/my/reports/{report_id}/translations/{language}/text", [web::get().to(http::text)]);
}
