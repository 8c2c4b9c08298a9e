//! The server: mounts every slice, describes them as OpenAPI, serves until it is told to stop.

use std::sync::LazyLock;
use std::time::Duration;

use actix_web::dev::ResourceDef;
use actix_web::http::header;
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer, middleware, web};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::SwaggerUi;

use crate::app::App;
use crate::db::Conn;
use crate::http::{envelope, problem as pages};
use crate::problem::{Code, Problem};

/// Every operation of the API.
pub fn mount(cfg: &mut ServiceConfig) {
    crate::accounts::http::mount(cfg);
    crate::audit_http::mount(cfg);
    crate::reference::http::mount(cfg);
    crate::reviews::http::mount(cfg);
    crate::organizations::http::mount(cfg);
    crate::consultations::http::mount(cfg);
    crate::registrations::http::mount(cfg);
    crate::groups::http::mount(cfg);
    crate::inputs::http::mount(cfg);
    crate::reports::http::mount(cfg);
}

/// The OpenAPI 3.1 document, made from the handlers.
pub fn openapi() -> OpenApi {
    let (_, paths) = ActixApp::new().into_utoipa_app().configure(mount).split_for_parts();
    describe(paths)
}

fn describe(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Rapporteur")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Runs a UN secretariat's stakeholder consultations, from the open call to numbered reports. \
             Every error is `application/problem+json`; changes need `If-Match`; POST takes `Idempotency-Key`; \
             lists continue by `cursor`.",
        ))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build();
    let mut components = api.components.take().unwrap_or_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    OpenApiBuilder::from(api).components(Some(components)).build()
}

/// Addresses and their methods, to tell a wrong method from a wrong address.
static ADDRESSES: LazyLock<Vec<(ResourceDef, String)>> = LazyLock::new(|| {
    let api = openapi();
    let methods = |item: &utoipa::openapi::PathItem| {
        let all = [
            ("GET", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PUT", item.put.is_some()),
            ("PATCH", item.patch.is_some()),
            ("DELETE", item.delete.is_some()),
        ];
        all.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    api.paths.paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect()
});

async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let known = ADDRESSES.iter().find(|(address, _)| address.is_match(request.path()));
    match known {
        Some((_, methods)) => {
            let detail = format!("This address takes {methods}.");
            Err(Problem::new(Code::MethodNotAllowed, detail).with_header("Allow", methods.as_str()))
        }
        None => Err(Problem::new(Code::NotFound, "There is nothing at this address.")),
    }
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    app.db.read(|conn: &mut Conn| Ok(crate::outbox::pending(conn)?)).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })))
}

async fn metrics(app: web::Data<App>) -> HttpResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind)).body(app.metrics.text())
}

async fn openapi_json() -> HttpResponse {
    static TEXT: LazyLock<String> = LazyLock::new(openapi_text);
    HttpResponse::Ok().content_type("application/json").body(TEXT.as_str())
}

/// The OpenAPI document as it is committed: pretty, with a line end.
pub fn openapi_text() -> String {
    openapi().to_pretty_json().unwrap_or_default() + "\n"
}

fn outside_the_api(cfg: &mut web::ServiceConfig) {
    cfg.route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/metrics", web::get().to(metrics))
        .route("/openapi.json", web::get().to(openapi_json))
        .route("/problems", web::get().to(pages::index))
        .route("/problems/{code}", web::get().to(pages::page))
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json")))
        .default_service(web::to(nothing_here));
}

/// A server that is bound and not yet run, and the address it is bound to.
pub fn bind(app: App) -> std::io::Result<(actix_web::dev::Server, std::net::SocketAddr)> {
    let (address, seconds) = (app.settings.server.bind.clone(), app.settings.server.shutdown_seconds);
    let limit = app.settings.server.body_limit;
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(web::Data::new(app.clone()))
            .app_data(web::PayloadConfig::new(limit))
            .wrap(middleware::from_fn(envelope::envelope))
            .into_utoipa_app()
            .configure(mount)
            .into_app()
            .configure(outside_the_api)
    })
    .shutdown_timeout(seconds)
    .bind(address)?;
    let address = server.addrs()[0];
    Ok((server.run(), address))
}

/// Serves until SIGINT or SIGTERM; requests in flight are finished, then the worker stops.
pub async fn serve(app: App) -> std::io::Result<()> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(crate::worker::run(app.clone(), stopped));
    let (server, address) = bind(app)?;
    tracing::info!(%address, "serving");
    server.await?;
    // A worker that is gone already needs no telling.
    let _ = stop.send(true);
    let _ = tokio::time::timeout(Duration::from_secs(30), worker).await;
    Ok(())
}
