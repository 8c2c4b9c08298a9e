//! The server: mounts every feature, describes them as OpenAPI, serves until it is told to stop.

use std::future::Future;
use std::num::NonZero;
use std::sync::LazyLock;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::header;
use actix_web::rt::net::TcpStream;
use actix_web::{App as ActixApp, HttpResponse, HttpServer, middleware, web};
use tokio::signal::unix::{SignalKind, signal};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, RefOr, Required,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_swagger_ui::SwaggerUi;

use crate::app::App;
use crate::features::FEATURES;
use crate::http::connections::Connections;
use crate::http::copies::kept;
use crate::http::{Mounts, envelope, problem as pages};
use crate::limits;
use crate::problem::Problem;
use crate::readiness::Readiness;

/// Everything that the program answers: the API, the pages, and what is for programs that look after it.
pub fn mounts() -> Mounts {
    let mut mounts = Mounts::default();
    for feature in FEATURES {
        mounts.configure(feature.mount);
    }
    mounts
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/openapi.json", kept(web::get().to(openapi_json)));
    for feature in FEATURES {
        mounts.configure(feature.pages);
    }
    let docs = SwaggerUi::new("/docs/{_:.*}");
    mounts
        .route("/problems", web::get().to(pages::index))
        .route("/problems/{code}", web::get().to(pages::page))
        .other("/docs", web::redirect("/docs", "/docs/"))
        .other("/docs/{_:.*}", docs.config(utoipa_swagger_ui::Config::from("/openapi.json")));
    mounts
}

/// The OpenAPI 3.1 document, made from the handlers.
pub fn openapi() -> OpenApi {
    describe(mounts().into_document())
}

fn describe(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Rapporteur")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Runs a UN secretariat's stakeholder consultations, from the open call to numbered reports. \
             Every error is `application/problem+json`; changes need `If-Match`; a POST that \
             lists `Idempotency-Key` may be repeated by whoever is signed in; lists continue by `cursor`.",
        ))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build();
    for (path, item) in &mut api.paths.paths {
        declare_what_extractors_read(path, item);
    }
    let mut components = api.components.take().unwrap_or_default();
    // What only the answers of every operation refer to is collected from none of them.
    let mut shared = vec![(problem_name(), <pages::Body as PartialSchema>::schema())];
    <pages::Body as ToSchema>::schemas(&mut shared);
    components.schemas.extend(shared);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    OpenApiBuilder::from(api).components(Some(components)).build()
}

fn problem_name() -> String {
    <pages::Body as ToSchema>::name().into_owned()
}

/// POSTs that read no `Idempotency-Key`: nobody is signed in, the answer holds a secret or somebody's name and is not to be
/// kept, or nothing is written.
const NOT_REPEATABLE: [&str; 23] = [
    "check_in",
    "contribute",
    "create_access_code",
    "create_calendar_feed",
    "decline_invitation",
    "find_similar_contributions",
    "give_feedback",
    "give_guardian_consent",
    "give_merge_consent",
    "give_receipt",
    "import_attendance",
    "issue_check_in_code",
    "observe_draft",
    "open_registration_draft",
    "redeem_link",
    "refresh_tokens",
    "request_link",
    "request_registration_draft",
    "save_registration_draft",
    "sign_in",
    "sign_out",
    "submit_registration_draft",
    "verify_audit_log",
];

/// The ids in a path and the header of retries, which operations read in the same way. Whether one also reads a version
/// (`If-Match`) is known to its handler only, which declares it.
fn declare_what_extractors_read(path: &str, item: &mut PathItem) {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let ids: Vec<Parameter> = names.map(|name| parameter(name, ParameterIn::Path)).collect();
    let retry = parameter("Idempotency-Key", ParameterIn::Header);
    let operations = [
        (&mut item.get, None),
        (&mut item.post, Some(retry)),
        (&mut item.put, None),
        (&mut item.patch, None),
        (&mut item.delete, None),
    ];
    for (operation, header) in operations {
        let Some(operation) = operation else { continue };
        let name = operation.operation_id.as_deref().unwrap_or_default();
        let header = header.filter(|_| !NOT_REPEATABLE.contains(&name));
        describe_answers(operation);
        let declared = operation.parameters.get_or_insert_default();
        for parameter in ids.iter().cloned().chain(header) {
            let known = |known: &RefOr<Parameter>| matches!(known, RefOr::T(known) if known.name == parameter.name);
            if !declared.iter().any(known) {
                declared.push(RefOr::T(parameter));
            }
        }
    }
}

/// OpenAPI wants a description of every answer; most need no more than what their status means.
fn describe_answers(operation: &mut Operation) {
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        let meaning = match status.as_str() {
            "200" => "As it is now",
            "201" => "Made",
            "202" => "Taken; it will be done",
            "204" => "Done; there is nothing to tell",
            _ => "Answered",
        };
        if answer.description.is_empty() {
            answer.description = meaning.to_owned();
        }
    }
}

fn parameter(name: &str, place: ParameterIn) -> Parameter {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    let description = match name {
        "Idempotency-Key" => Some("Names this request, so that repeating it is safe."),
        _ => None,
    };
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(description)
        .schema(Some(text))
        .build()
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let told = match app.readiness().await? {
        Readiness::Ready => serde_json::json!({ "status": "ready" }),
        Readiness::MailIsLate => serde_json::json!({ "status": "degraded", "late": ["mail"] }),
    };
    Ok(HttpResponse::Ok().json(told))
}

async fn figures(app: web::Data<App>) -> HttpResponse {
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

/// A server that is bound and not yet run, and the address it is bound to.
pub fn bind(app: App) -> std::io::Result<(actix_web::dev::Server, std::net::SocketAddr)> {
    let (address, seconds) =
        (app.settings.server.bind.clone(), app.settings.server.shutdown_seconds);
    let limit = app.settings.server.body_limit;
    let headers = Duration::from_secs(app.settings.server.header_seconds);
    let (connections, most) = (Connections::default(), connections_of_a_worker(&app));
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(web::Data::new(app.clone()))
            .app_data(web::PayloadConfig::new(limit))
            .wrap(middleware::from_fn(envelope::envelope))
            .configure(|cfg| mounts().arrive(cfg))
    })
    .on_connect(move |stream, about| {
        let stream = stream.downcast_ref::<TcpStream>();
        if let Some(Ok(from)) = stream.map(TcpStream::peer_addr) {
            about.insert(connections.open(from.ip()));
        }
    })
    .max_connections(most)
    .client_request_timeout(headers)
    .shutdown_timeout(seconds)
    .disable_signals()
    .bind(address)?;
    let address = server.addrs()[0];
    Ok((server.run(), address))
}

/// Files that are left to everything that is no connection: the database, logs, documents.
const OTHER_FILES: usize = 128;

/// How many connections each thread of the server may have, so that there are files left to work with.
fn connections_of_a_worker(app: &App) -> usize {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let files = most_files().saturating_sub(OTHER_FILES + 4 * app.settings.database.pool as usize);
    (app.settings.server.connections.min(files) / threads).max(1)
}

/// How many files this process may open: as many as it may allow itself.
fn most_files() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the number of open files stays as it is");
        }
    }
    let files = getrlimit(Resource::Nofile).current;
    files.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// A listener that answers `/metrics` and nothing else, bound and not yet run, with its address; none where none is set. Figures
/// are not for whoever reaches the API: with them, everybody could watch who does what how often.
///
/// # Errors
/// When the address cannot be had.
pub fn bind_metrics(
    app: App,
) -> std::io::Result<Option<(actix_web::dev::Server, std::net::SocketAddr)>> {
    let address = app.settings.metrics.bind.clone();
    if address.is_empty() {
        return Ok(None);
    }
    let server = HttpServer::new(move || {
        let data = web::Data::new(app.clone());
        ActixApp::new().app_data(data).route("/metrics", web::get().to(figures))
    })
    .workers(1)
    .disable_signals()
    .bind(address)?;
    let address = server.addrs()[0];
    Ok(Some((server.run(), address)))
}

/// Stops the server when the program is told to: at once by SIGINT; by SIGTERM after a while in which it says that it is not ready
/// (`server.leaving_seconds`), unless it is told again.
fn stop_when_told(
    app: &App,
    server: ServerHandle,
) -> std::io::Result<impl Future<Output = ()> + use<>> {
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let (lookout, seconds) = (app.lookout.clone(), app.settings.server.leaving_seconds);
    Ok(async move {
        let leaves = tokio::select! {
            _ = interrupt.recv() => false,
            _ = terminate.recv() => true,
        };
        lookout.leave();
        if leaves && seconds > 0 {
            tracing::info!(seconds, "about to stop: not ready from now on");
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                () = tokio::time::sleep(Duration::from_secs(seconds)) => {}
            }
        }
        server.stop(true).await;
    })
}

/// Serves until SIGINT or SIGTERM; requests in flight are finished, then the worker stops. The error says what cannot be served,
/// and where.
pub async fn serve(app: App) -> Result<(), String> {
    let settings = app.settings.clone();
    let told = |what: &str, bind: &str, error| format!("cannot serve {what}on {bind}: {error}");
    let figures = bind_metrics(app.clone()).map_err(|error| {
        let bind = &settings.metrics.bind;
        told("metrics ", bind, error) + " (metrics.bind sets another address, or none)"
    })?;
    let (server, address) =
        bind(app.clone()).map_err(|error| told("", &settings.server.bind, error))?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let stopping = stop_when_told(&app, server.handle());
    limits::together::begin(&app.limits, &app.db, &app.clock)?;
    let worker = tokio::spawn(crate::worker::run(app, stopped));
    let figures = figures.map(|(server, address)| {
        tracing::info!(%address, "serving metrics");
        let handle = server.handle();
        tokio::spawn(server);
        handle
    });
    tracing::info!(%address, "serving");
    tokio::spawn(stopping.map_err(|error| format!("cannot be told to stop: {error}"))?);
    server.await.map_err(|error| told("", &settings.server.bind, error))?;
    if let Some(figures) = figures {
        figures.stop(false).await;
    }
    // A worker that is gone already needs no telling.
    let _ = stop.send(true);
    let patience = Duration::from_secs(settings.server.shutdown_seconds);
    if tokio::time::timeout(patience, worker).await.is_err() {
        tracing::warn!(
            "what the worker does is not waited for any longer: it is done anew at the next start"
        );
    }
    Ok(())
}
