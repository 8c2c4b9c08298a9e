//! Somebody who looks at a page: what around it is made from, and who is signed in where a browser says so.

use std::str::FromStr;

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use maud::Markup;

use crate::accounts::sign_ins::{Family, service as sign_ins};
use crate::accounts::{Account, AccountId};
use crate::app::App;
use crate::db::types::Id;
use crate::frame::Frame;
use crate::i18n::Language;
use crate::problem::{Code, Problem};
use crate::work::{Credentials, Work};

/// What a handler of a page returns. A problem becomes the page that says so.
pub type Shown = Result<HttpResponse, Problem>;

/// The path that the cookie of a session is sent to, and nothing else.
const SESSION_PATH: &str = "/my";
/// Hours after which a browser forgets the cookie; the server ends the session at the end of a day.
const SESSION_HOURS: i64 = 24;

/// Anybody.
pub struct Visit {
    /// The application.
    pub app: App,
    /// What is around the page.
    pub frame: Frame,
    request: HttpRequest,
}

impl Visit {
    /// 403 for a program: browsers say where a form was sent from.
    pub fn require_browser(&self) -> Result<(), Problem> {
        let headers = self.request.headers();
        if headers.contains_key("sec-fetch-site") || headers.contains_key("origin") {
            return Ok(());
        }
        Err(Problem::new(Code::CrossSite, "The form was sent by a program."))
    }
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = crate::http::extract::app(request);
        let frame = Frame::of(request);
        std::future::ready(app.map(|app| Self {
            app: app.clone(),
            frame,
            request: request.clone(),
        }))
    }
}

impl Visit {
    /// The language of the page.
    pub fn language(&self) -> Language {
        self.frame.language
    }

    /// The request.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// An address of ours, in the language that the reader has chosen.
    pub fn link(&self, path: &str) -> String {
        self.frame.link(path)
    }

    /// Reads as nobody in particular.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work) -> Result<T, Problem> + Send + 'static,
    {
        self.app.read(Credentials::Anonymous, work).await
    }

    /// One write transaction, as nobody in particular.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Work) -> Result<T, Problem> + Send + 'static,
    {
        self.app.write(Credentials::Anonymous, work).await
    }

    /// The page.
    pub fn page(&self, title: &str, content: Markup) -> HttpResponse {
        self.frame.page(StatusCode::OK, title, content)
    }

    /// The page, with what could not be done told in it.
    pub fn refused_page(&self, problem: &Problem, title: &str, content: Markup) -> HttpResponse {
        let status = StatusCode::from_u16(problem.code().kind().status);
        self.frame.page(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), title, content)
    }

    /// To a page of ours, after a form was sent.
    pub fn go(&self, path: &str) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((header::LOCATION, self.link(path))).finish()
    }
}

/// Whoever is signed in by this browser. Somebody who is not is sent to sign in, and comes back.
pub struct Signed {
    /// The visit.
    pub visit: Visit,
    /// Who it is.
    pub account: Account,
    /// Their sign-in.
    pub session: Id<Family>,
}

impl FromRequest for Signed {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload).into_inner();
        let secret = secret(request);
        Box::pin(async move {
            let mut visit = visit?;
            let found = match secret {
                Some(secret) => visit.read(move |work| sign_ins::session(work, &secret)).await?,
                None => None,
            };
            let Some((account, session)) = found else { return Err(to_sign_in(&visit)) };
            visit.frame = Frame::at(&visit.request, account.language);
            Ok(Self { visit, account, session })
        })
    }
}

impl std::ops::Deref for Signed {
    type Target = Visit;
    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl Signed {
    /// Who it is, for the services.
    pub fn credentials(&self) -> Credentials {
        Credentials::Account(self.account.id)
    }

    /// Their id.
    pub fn id(&self) -> AccountId {
        self.account.id
    }

    /// Reads as whoever is signed in.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work) -> Result<T, Problem> + Send + 'static,
    {
        self.visit.app.read(self.credentials(), work).await
    }

    /// One write transaction, as whoever is signed in.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Work) -> Result<T, Problem> + Send + 'static,
    {
        self.visit.app.write(self.credentials(), work).await
    }
}

/// An id or a number that stands in an address; there is nothing at one in which it is none.
pub fn id<T: FromStr>(path: &str, what: &'static str) -> Result<T, Problem> {
    path.parse().map_err(|_| Problem::not_found(what))
}

/// The answer for somebody who is not signed in: to where they can, and from there back.
fn to_sign_in(visit: &Visit) -> actix_web::Error {
    let query = serde_urlencoded::to_string([("to", visit.request.path())]).unwrap_or_default();
    let answer = visit.go(&format!("/my/sign-in?{query}"));
    actix_web::error::InternalError::from_response("not signed in", answer).into()
}

/// What the browser's session is known by.
pub fn secret(request: &HttpRequest) -> Option<String> {
    let app = crate::http::extract::app(request).ok()?;
    request.cookie(session_name(app)).map(|cookie| cookie.value().to_owned())
}

/// Whether a browser said that somebody is signed in, rightly or not.
pub fn has_session(request: &HttpRequest) -> bool {
    ["session", "__Secure-session"].iter().any(|name| request.cookie(name).is_some())
}

/// Whether people come by TLS.
pub fn is_secure(app: &App) -> bool {
    app.settings.server.public_url.starts_with("https://")
}

/// Over TLS a browser takes a cookie of this prefix from nobody else.
fn session_name(app: &App) -> &'static str {
    if is_secure(app) { "__Secure-session" } else { "session" }
}

/// The cookie that begins a session; without a secret, the one that ends it.
pub fn session_cookie(app: &App, secret: Option<String>) -> Cookie<'static> {
    let age = secret.as_ref().map_or(0, |_| SESSION_HOURS);
    Cookie::build(session_name(app), secret.unwrap_or_default())
        .path(SESSION_PATH)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_secure(app))
        .max_age(time::Duration::hours(age))
        .finish()
}

/// Where to go after signing in: a page of whoever is signed in, and nowhere else. It is kept with the link that is mailed: so that
/// nothing kept says that somebody was about to contribute, who wanted a receipt comes to the consultation.
pub fn own_page(wanted: Option<&str>) -> Option<String> {
    let wanted = wanted.map(|path| path.strip_suffix("/receipt").unwrap_or(path));
    let plain =
        |path: &str| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-".contains(&byte));
    let wanted = wanted.filter(|path| *path == "/my" || path.starts_with("/my/"));
    wanted.filter(|path| plain(path) && !path.contains("//")).map(str::to_owned)
}

/// A problem that a form can say beside itself; others are the page's. (Where it is not known what was done, another failure on the way
/// to the form must not be told in its place.)
pub fn is_told(problem: &Problem) -> bool {
    use Code::{Internal, NotFound, OutcomeUnknown, Unauthenticated};
    !matches!(problem.code(), Internal | NotFound | OutcomeUnknown | Unauthenticated)
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn after_signing_in_one_stays_in_the_house() {
        for there in ["/my", "/my/consultations/0175db2d-9900-7012-8707-070707070707"] {
            assert_eq!(own_page(Some(there)).as_deref(), Some(there));
        }
        let receipt = Some("/my/consultations/x/receipt");
        assert_eq!(own_page(receipt).as_deref(), Some("/my/consultations/x"));
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/my//evil.example",
            "/mysterious",
            "/my/../in/x",
            "/my/%2e%2e/x",
            "/my?x=1",
            "javascript:alert(1)",
            "",
            "/my/\r\nset-cookie: x",
        ] {
            assert_eq!(own_page(Some(elsewhere)), None, "{elsewhere}");
        }
    }
}
