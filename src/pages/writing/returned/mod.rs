//! A Word file of the draft that came back: what would happen, and what of it is taken over.

use actix_web::web;

use crate::http::Mounts;
use maud::{Markup, html};

use super::head::Scene;

mod http;
mod i18n;
mod sifting;

/// The way there, for whoever may draft something.
pub(super) fn way(scene: &Scene) -> Markup {
    let may_draft = scene.desk.sections().iter().any(|one| !one.allowed_actions.is_empty());
    html! { @if may_draft { p { a href=(scene.way("/returned")) { (i18n::of(scene.language()).to_returned) } } } }
}

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource(
        "/my/reports/{report_id}/returned",
        [web::get().to(http::ask), web::post().to(http::send)],
    );
}
