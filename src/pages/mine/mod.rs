//! Pages of whoever is signed in: signing in and out, what is theirs, their sign-ins and their data.

use actix_web::web;

mod http;
mod i18n;
mod service;

/// Mounts the pages.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/my/sign-in")
            .route(web::get().to(http::sign_in))
            .route(web::post().to(http::ask)),
    )
    .route("/my/password", web::post().to(http::password))
    .route("/my/sign-out", web::post().to(http::sign_out))
    .service(
        web::resource("/my/account")
            .route(web::get().to(http::account))
            .route(web::post().to(http::change)),
    )
    .route("/my/data.json", web::get().to(http::data))
    .route("/my", web::get().to(http::start));
}
