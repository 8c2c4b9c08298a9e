//! Where mailed links lead. The page shows what a link is for and one button; until that is pressed nothing happens, so that a mail
//! program which looks at links uses none of them up. Nothing of it is logged.

use actix_web::web;

use crate::http::Mounts;

mod http;
mod i18n;
mod service;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource("/in/{token}", [web::get().to(http::look), web::post().to(http::act)]);
}
