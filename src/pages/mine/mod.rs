//! Pages of whoever is signed in: signing in and out, what is theirs, their sign-ins and their data.

use actix_web::web;

use crate::http::Mounts;

mod http;
mod i18n;
mod service;

/// Mounts the pages.
pub fn mount(cfg: &mut Mounts) {
    cfg.resource("/my/sign-in", [web::get().to(http::sign_in), web::post().to(http::ask)])
        .route("/my/password", web::post().to(http::password))
        .route("/my/sign-out", web::post().to(http::sign_out))
        .resource("/my/account", [web::get().to(http::account), web::post().to(http::change)])
        .route("/my/data.json", web::get().to(http::data))
        .route("/my", web::get().to(http::start));
}
