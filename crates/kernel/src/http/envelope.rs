//! Around every request: its id, its log line, its figures, its limits, the safe headers, and problems for every failure.
//! A log line names the operation, never an id, an address or a person. Of whoever comes with a receipt there is no line and no
//! figure, so that neither tells when something was contributed.

use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, web};

use super::connections::Connected;
use super::{arrival, call, problem};
use crate::app::App;
use crate::db;
use crate::frame::Frame;
use crate::limits::Left;
use crate::mounting;
use crate::problem::{Code, Problem};
use crate::proxies;
use crate::telemetry::Request;

/// What pages of ours need: nothing from elsewhere.
const CLOSED: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// Swagger UI is served from the binary and styles itself inline.
const DOCS: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// By what the answers to programs differ.
pub const VARY: &str = "Authorization, Receipt";

/// The header in which a receipt is sent.
const RECEIPT: &str = "receipt";
/// The cookies that pages keep it in: the first on a host of their own, the other below their own path.
const COOKIES: [&str; 2] = ["__Host-receipt=", "receipt="];

/// The middleware.
pub async fn envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else {
        return Err(Problem::internal("no App in the server").into());
    };
    let started = Instant::now();
    let id = request_id(&request, &app);
    let docs = request.path().starts_with("/docs");
    let unseen = is_unseen(&request);
    let is_link = request.path().starts_with(LINKS);
    if !unseen {
        app.metrics.in_flight.inc();
    }
    let crowded = crowded(&request, &app);
    // What may still come on the connection belongs to nothing, or is one too many.
    let mut is_last = crowded.is_err() || app.lookout.is_leaving();
    let method = known(request.method());
    // Asked before, since a request that runs out of time takes with it whatever could be asked.
    let route = if unseen { None } else { mounting::pattern_of(request.request()) };
    let frame = is_for_people(request.path()).then(|| Frame::of(request.request()));
    let limit =
        crowded.and_then(|()| own_site(&request)).and_then(|()| limited(&request, &app, unseen));
    let (left, response) = match limit {
        Ok(left) => match in_time(&app, request, next).await {
            Ok((answer, is_late)) => {
                is_last |= is_late;
                (left, answer?)
            }
            Err(problem) => {
                let mut response = match &frame {
                    Some(frame) => frame.refused(&problem),
                    None => problem::response(&problem, &id),
                };
                response.head_mut().set_connection_type(ConnectionType::Close);
                finish(response.headers_mut(), &id, left, docs);
                if !unseen {
                    app.metrics.in_flight.dec();
                }
                match route {
                    Some(route) if !is_link => {
                        note(&app, method, Some(route), response.status(), &id, started);
                    }
                    // Of what leaves no line, no more than that we failed.
                    _ => tracing::error!(request_id = id, "a request took too long"),
                }
                return Err(InternalError::from_response(problem, response).into());
            }
        },
        Err(refused) => (None, request.error_response(refused)),
    };
    let mut response = as_problem(response, &id);
    if is_last {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    finish(response.headers_mut(), &id, left, docs);
    if app.settings.server.public_url.starts_with("https:") {
        let only = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, only);
    }
    if unseen {
        // No page after it, and no log of those, learns that somebody contributes.
        let nowhere = HeaderValue::from_static("no-referrer");
        response.headers_mut().insert(header::REFERRER_POLICY, nowhere);
        note_failure(&response, &id);
    } else if is_link {
        // Not noted: who opens which of our mails, and when, is nobody's business.
        app.metrics.in_flight.dec();
        note_failure(&response, &id);
    } else {
        app.metrics.in_flight.dec();
        note(&app, method, route, response.status(), &id, started);
    }
    Ok(response)
}

/// What the handler answers, and whether it waited for a body that did not arrive.
///
/// # Errors
/// When the time of the request runs out.
async fn in_time(
    app: &App,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<(Result<ServiceResponse<BoxBody>, actix_web::Error>, bool), Problem> {
    let settings = &app.settings.server;
    let late = arrival::limit(&mut request, settings.body_seconds);
    let limit = Duration::from_secs(settings.request_seconds);
    let answer = db::in_time(limit, next.call(request)).await?;
    if late.is_late() {
        let problem = Problem::new(Code::Timeout, "The body did not arrive in time.");
        return Ok((answer.map(|answer| answer.error_response(problem)), true));
    }
    Ok((answer.map(ServiceResponse::map_into_boxed_body), false))
}

/// One address must not take all connections, but that of a proxy in front, from which all come.
///
/// # Errors
/// 429 when it came on one too many.
fn crowded(request: &ServiceRequest, app: &App) -> Result<(), Problem> {
    let most = app.settings.server.connections_per_address;
    let connected = request.request().conn_data::<Connected>();
    let proxies = &app.settings.limits.trusted_proxies;
    let by_proxy = request.peer_addr().is_some_and(|peer| proxies.trusts(peer.ip()));
    if by_proxy || !connected.is_some_and(|one| one.is_beyond(most)) {
        return Ok(());
    }
    let detail = "Too many connections come from this address.";
    Err(Problem::new(Code::TooManyRequests, detail).with_header("Retry-After", "5"))
}

/// Whether nothing is noted of it: it comes with a receipt and nothing that says who it is, or it looks at where people contribute, or
/// it fetches what every page is made with: from the first page of contributors that a browser sees on, it would tell that one was
/// opened. What is sent to sign in, and every form of other pages, is seen in any case: a header must not hide who tries passwords out.
fn is_unseen(request: &ServiceRequest) -> bool {
    let (path, headers) = (request.path(), request.headers());
    if [CONTRIBUTING, ASSETS].iter().any(|way| path.starts_with(way)) {
        return true;
    }
    let sends_form = is_for_people(path) && !is_look(request.method());
    if headers.contains_key(header::AUTHORIZATION) || path.starts_with(SIGNING_IN) || sends_form {
        return false;
    }
    let mut cookies = headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    headers.contains_key(RECEIPT)
        || cookies.any(|cookies| {
            let mut each = cookies.split(';').map(str::trim_start);
            each.any(|one| COOKIES.iter().any(|name| one.starts_with(name)))
        })
}

fn is_look(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Whether people are answered there with a page, and programs are not expected.
fn is_for_people(path: &str) -> bool {
    let programs = ["/api/", "/health/", "/openapi.json", "/docs", "/problems", "/metrics"];
    !programs.iter().any(|start| path.starts_with(start))
}

/// What a page of another site sends here is refused: a browser would add the cookie of whoever is looking at it. (The API reads no
/// cookie.) Browsers say where a form was sent from in `Sec-Fetch-Site`, or, over plain HTTP, in `Origin`.
///
/// # Errors
/// 403 when it was sent from elsewhere, or by a program that says nothing of either.
fn own_site(request: &ServiceRequest) -> Result<(), Problem> {
    if is_look(request.method()) || !is_for_people(request.path()) {
        return Ok(());
    }
    let said = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let own = match (said("sec-fetch-site"), said("origin")) {
        // "none": sent anew by whoever sits there, by no page at all.
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        // From a page that tells no site where somebody came from. There is no cookie that such a request could use: that of a
        // receipt goes with nothing that another site sends.
        (None, Some("null")) => {
            [LINKS, CONTRIBUTING].iter().any(|way| request.path().starts_with(way))
        }
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == said("host")
        }
        // A mail program that says no for its reader (RFC 8058) is no browser; the page there lets programs do nothing else.
        (None, None) => request.path().starts_with(LINKS),
    };
    if own {
        return Ok(());
    }
    Err(Problem::new(Code::CrossSite, "The form was sent from another site, or by a program."))
}

fn request_id(request: &ServiceRequest, app: &App) -> String {
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    let fits = |id: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        (1..=64).contains(&id.len()) && id.chars().all(plain)
    };
    given.filter(fits).map_or_else(|| app.ids.next::<()>().to_string(), str::to_owned)
}

/// Where mailed links lead.
const LINKS: &str = "/in/";
/// The stylesheet and the script.
const ASSETS: &str = "/assets/";
/// Where people contribute by a receipt.
const CONTRIBUTING: &str = "/say/";
/// Where somebody proves who they are.
const SIGNING_IN: &str = "/api/v1/auth/";
/// Where somebody stays signed in.
const REFRESHING: &str = "/api/v1/auth/refresh";

/// Takes the request from the bucket that it counts in; what is left there, for whoever may know. Whatever is tried out (passwords,
/// forms for others, access codes) counts by address, with a receipt as without. The rest of what comes by receipt has a bucket of its
/// own for each address, and is not told what is left in it: in a hall with one address anybody could see there that somebody else
/// contributes. Neither are people who look at pages: they share a bucket with everybody at their address.
fn limited(request: &ServiceRequest, app: &App, unseen: bool) -> Result<Option<Left>, Problem> {
    let (path, address) = (request.path(), address(request.request(), app));
    let post = request.method() == Method::POST;
    let left = match path {
        "/api/v1/auth/links" => app.limits.link(&address)?,
        "/my/sign-in" if post => app.limits.link(&address)?,
        // Nobody guesses a refresh token: who is signed in stays so, whatever others at the address try.
        REFRESHING => app.limits.request(&format!("to stay signed in {address}"))?,
        "/my/password" => app.limits.sign_in(&address)?,
        _ if path.starts_with(SIGNING_IN) => app.limits.sign_in(&address)?,
        _ if post && is_registering(path) => app.limits.registration(&address)?,
        _ if path.starts_with(ASSETS) => return Ok(None),
        _ if unseen => app.limits.request(&format!("by receipt {address}"))?,
        // What opens a mailed link is no trying out: nobody guesses one, and in a hall everybody opens theirs at once.
        _ => app.limits.request(&caller(request, app).unwrap_or(address))?,
    };
    Ok(Some(left).filter(|_| !unseen && !is_for_people(path)))
}

/// Whether somebody registers or tries to: to ask for forms for others and to try out access codes takes many requests.
fn is_registering(path: &str) -> bool {
    path.starts_with("/register/")
        || path.ends_with("/registrations")
        || path.ends_with("/registration-drafts")
        || path == "/api/v1/registration-drafts/submit"
        || path == "/api/v1/guardian-consents"
}

/// The account, when the token is ours and has not run out: whoever makes tokens up counts by address, whatever they send.
fn caller(request: &ServiceRequest, app: &App) -> Option<String> {
    let token = call::bearer(request.request()).ok().flatten()?;
    app.tokens.verify(token, app.clock.now()).ok().map(|holder| holder.account.to_string())
}

/// What stands for the address that a request comes from: a household.
pub fn address(request: &HttpRequest, app: &App) -> String {
    let Some(peer) = request.peer_addr() else { return "unknown".to_owned() };
    let forwarded = request.headers().get_all(header::X_FORWARDED_FOR);
    let forwarded = forwarded.map(|value| value.to_str().unwrap_or_default());
    proxies::household(app.settings.limits.trusted_proxies.client(peer.ip(), forwarded)).to_string()
}

/// A page for people says itself what went wrong.
fn is_page(response: &ServiceResponse<BoxBody>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.starts_with("text/html"))
}

fn as_problem(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    if !failed || is_page(&response) {
        return response;
    }
    let ours = response.response().error().and_then(|error| error.as_error::<Problem>());
    let replacement = match ours {
        ours if is_for_people(response.request().path()) => {
            let frame = Frame::of(response.request());
            let theirs = problem::of_status(response.status());
            frame.refused(ours.unwrap_or(&theirs))
        }
        Some(ours) => problem::response(ours, id),
        None => problem::framework(response.response(), id),
    };
    response.into_response(replacement)
}

fn finish(headers: &mut HeaderMap, id: &str, left: Option<Left>, docs: bool) {
    let mut set = |name: &'static str, value: &str| {
        headers.insert(problem::header_name(name), problem::header(value));
    };
    set("x-request-id", id);
    set("x-content-type-options", "nosniff");
    // For browsers that do not know `frame-ancestors`.
    set("x-frame-options", "DENY");
    if let Some(left) = left {
        set("ratelimit-policy", &format!("\"default\";q={};w=60", left.quota));
        set("ratelimit", &format!("\"default\";r={}", left.remaining));
    }
    let defaults = [("referrer-policy", "no-referrer"), ("vary", VARY)];
    for (name, value) in defaults {
        if !headers.contains_key(name) {
            headers.insert(problem::header_name(name), problem::header(value));
        }
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = if docs { DOCS } else { CLOSED };
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        let fresh =
            if headers.contains_key(header::ETAG) { "private, no-cache" } else { "no-store" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(fresh));
    }
}

/// A failure of ours can be found by its request id, also a contributor's; anything else of theirs is noted nowhere. It tells that
/// somebody tried at that moment, and nothing came of it.
fn note_failure(response: &ServiceResponse<BoxBody>, id: &str) {
    if response.status().is_server_error() {
        let route =
            mounting::pattern_of(response.request()).unwrap_or_else(|| "unknown".to_owned());
        tracing::error!(request_id = id, route, "a request failed");
    }
}

/// The method, unless somebody made it up.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    all.into_iter().find(|known| method.as_str() == *known).unwrap_or("OTHER")
}

fn note(
    app: &App,
    method: &'static str,
    route: Option<String>,
    status: StatusCode,
    id: &str,
    started: Instant,
) {
    let (seconds, status) = (started.elapsed().as_secs_f64(), status.as_u16());
    let route = route.unwrap_or_else(|| "unknown".to_owned());
    tracing::info!(
        request_id = id,
        method,
        route,
        status,
        milliseconds = (seconds * 1000.0).round(),
        "request"
    );
    let labels = Request { method: method.to_owned(), route, status };
    app.metrics.requests.get_or_create(&labels).inc();
    app.metrics.seconds.observe(seconds);
}
