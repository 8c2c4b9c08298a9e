//! One request: who asks, what versions they know, and how it is answered. Every handler takes a [`Call`].

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::future::{Ready, ready};

use super::extract::Body;
use super::page::{Listing, Page};
use super::{envelope, idempotency};
use crate::app::App;
use crate::problem::{Code, Problem};
use crate::work::{Credentials, Work};

/// What a handler returns.
pub type Answer = Result<HttpResponse, Problem>;

/// Any error of any operation, for the OpenAPI document.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code, reason = "it describes answers, it is never made")]
pub enum Refusals {
    /// What the caller could have done otherwise.
    #[response(
        status = "4XX",
        description = "Refused (RFC 9457)",
        content_type = "application/problem+json"
    )]
    Refused(super::problem::Body),
    /// What nobody outside could.
    #[response(
        status = "5XX",
        description = "Failed here, and nothing was changed, unless it is 503 `outcome_unknown`: then it may have been done, and the same \
                       request with the same `Idempotency-Key` tells",
        content_type = "application/problem+json"
    )]
    Failed(super::problem::Body),
}

/// What an operation takes whose handler asks [`Call::if_match`], for the OpenAPI document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "it describes a header, it is never made")]
pub struct IfMatch {
    /// The `ETag` of the version you have seen.
    #[param(rename = "If-Match")]
    version: String,
}

/// One request.
pub struct Call {
    app: App,
    credentials: Credentials,
    address: String,
    method: String,
    path: String,
    query: String,
    headers: header::HeaderMap,
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let app = super::extract::app(request)?.clone();
        // So that nothing, not even a log of ours, ever has both.
        if request.headers().contains_key("receipt")
            && request.headers().contains_key(header::AUTHORIZATION)
        {
            let detail =
                "Send the receipt alone, without Authorization: nobody is to know whose it is.";
            return Err(Problem::new(Code::ReceiptBesideCredentials, detail));
        }
        let address = envelope::address(request, &app);
        // Whoever signs in or refreshes may still send the token that has run out.
        let signing_in = request.path().starts_with("/api/v1/auth/");
        let credentials = match bearer(request)?.filter(|_| !signing_in) {
            Some(token) => Credentials::Token(app.tokens.verify(token, app.clock.now())?),
            None => Credentials::Anonymous,
        };
        Ok(Self {
            app,
            credentials,
            address,
            method: request.method().to_string(),
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
            headers: request.headers().clone(),
        })
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Who asks, as the token says.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// What stands for the address that it comes from. It is to be counted by, and kept nowhere.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Reads in one snapshot.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work) -> Result<T, Problem> + Send + 'static,
    {
        self.app.read(self.credentials.clone(), work).await
    }

    /// PATCH, PUT, DELETE: one write transaction.
    pub async fn change<F>(&self, work: F) -> Answer
    where
        F: FnMut(&mut Work) -> Result<Reply, Problem> + Send + 'static,
    {
        Ok(self.app.write(self.credentials.clone(), work).await?.into_response())
    }

    /// POST: one write transaction; a retry with the same `Idempotency-Key` is answered as the first was. A POST that is
    /// answered in another way is named in `src/server.rs`, so that the OpenAPI document does not promise it.
    pub async fn post<T, F>(&self, body: Body<T>, mut work: F) -> Answer
    where
        T: Send + 'static,
        F: FnMut(&mut Work, &T) -> Result<Reply, Problem> + Send + 'static,
    {
        let request = self.retryable(&body.fingerprint)?;
        let run = move |unit: &mut Work| {
            idempotency::once(unit, request.as_ref(), |unit| work(unit, &body.value))
        };
        self.change(run).await
    }

    /// As [`Call::post`], for a POST without a body.
    pub async fn post_empty<F>(&self, mut work: F) -> Answer
    where
        F: FnMut(&mut Work) -> Result<Reply, Problem> + Send + 'static,
    {
        let request = self.retryable(&[0; 32])?;
        self.change(move |unit| idempotency::once(unit, request.as_ref(), &mut work)).await
    }

    /// A POST whose answer holds credentials: it is not kept for retries.
    pub async fn post_secret<T, F>(&self, body: Body<T>, mut work: F) -> Answer
    where
        T: Send + 'static,
        F: FnMut(&mut Work, &T) -> Result<Reply, Problem> + Send + 'static,
    {
        self.change(move |unit| work(unit, &body.value)).await
    }

    fn retryable(&self, body: &[u8; 32]) -> Result<Option<idempotency::Request>, Problem> {
        let Some(key) = self.headers.get("idempotency-key") else { return Ok(None) };
        let Some(account) = self.credentials.account() else { return Ok(None) };
        let key = key.to_str().unwrap_or("");
        if key.is_empty() || key.len() > 200 {
            let detail = "Idempotency-Key must be 1 to 200 visible ASCII characters.";
            return Err(Problem::new(Code::InvalidHeader, detail));
        }
        let caller = self.app.tokens.keyed_hash(&format!("{account}\n{key}"));
        let version = self.headers.get(header::IF_MATCH).map_or(&b""[..], |value| value.as_bytes());
        let what = [self.method.as_bytes(), self.path.as_bytes(), version, body].join(&b'\n');
        Ok(Some(idempotency::Request { key: caller, fingerprint: encode(&what) }))
    }

    /// The version the caller has seen (`If-Match: "7"`): 428 when missing, 400 when it is not of that form. A handler that
    /// asks for it declares `params(IfMatch)`.
    pub fn if_match(&self) -> Result<i64, Problem> {
        let Some(value) = self.headers.get(header::IF_MATCH) else {
            let detail = "Send If-Match with the ETag of the version you have seen.";
            return Err(Problem::new(Code::PreconditionRequired, detail));
        };
        let text = value.to_str().unwrap_or("").trim();
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        quoted.and_then(|version| version.parse().ok()).ok_or_else(|| {
            let detail = "If-Match must be one ETag as it was given, such as \"7\".";
            Problem::new(Code::InvalidHeader, detail)
        })
    }

    /// 200 with the resource and its version as `ETag`. Never 304: what the caller may do (`allowed_actions`) changes
    /// with their roles and the phase while the version stays.
    pub fn ok(&self, version: i64, body: &impl Serialize) -> HttpResponse {
        Reply::ok(version, body).into_response()
    }

    /// 200 with what has no version of its own; the `ETag` is a hash of the body.
    pub fn ok_unversioned(&self, body: &impl Serialize) -> HttpResponse {
        let text = json(body);
        let etag = format!("\"{}\"", encode(text.as_bytes()));
        self.unless_known(&etag, || {
            let mut response = HttpResponse::Ok();
            response.insert_header((header::ETAG, etag.clone()));
            response.content_type("application/json").body(text)
        })
    }

    /// 200 with a page of a list, its `ETag`, and `Link` to the next page.
    pub fn page<T: Serialize>(&self, part: Listing<T>) -> HttpResponse {
        let next = part.next.as_ref().map(|cursor| self.next_link(cursor));
        let mut response = self.ok_unversioned(&Page { items: part.items, next: part.next });
        if let Some(link) = next {
            response.headers_mut().insert(header::LINK, super::problem::header(&link));
        }
        response
    }

    fn next_link(&self, cursor: &str) -> String {
        let others =
            self.query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let next = format!("cursor={cursor}");
        let query: Vec<&str> = others.chain([next.as_str()]).collect();
        format!("<{}?{}>; rel=\"next\"", self.path, query.join("&"))
    }

    /// `make`'s answer, or 304 when `If-None-Match` names `etag`.
    pub fn unless_known(&self, etag: &str, make: impl FnOnce() -> HttpResponse) -> HttpResponse {
        if self.knows(etag) { Self::not_modified(etag) } else { make() }
    }

    /// Whether `If-None-Match` names `etag`: whoever asks has it already.
    pub fn knows(&self, etag: &str) -> bool {
        self.header(header::IF_NONE_MATCH).is_some_and(|known| {
            known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
        })
    }

    /// 304.
    pub fn not_modified(etag: &str) -> HttpResponse {
        HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish()
    }

    /// The text of a header of the request.
    pub fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The token of `Authorization: Bearer …`, if there is one.
pub fn bearer(request: &HttpRequest) -> Result<Option<&str>, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    token.map(Some).ok_or_else(|| {
        Problem::new(Code::Unauthenticated, "Authorization must be: Bearer, a space, the token.")
            .with_header("WWW-Authenticate", "Bearer")
    })
}

pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..18])
}

fn json(body: &impl Serialize) -> String {
    // Our own types serialize: none has a map with keys that are no strings.
    serde_json::to_string(body).unwrap_or_default()
}

/// The answer to a write, which can be kept and given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// `ETag`, `Location`.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: String,
}

impl Reply {
    /// 201 with where it is, its version and what it is.
    pub fn created(location: String, version: i64, body: &impl Serialize) -> Self {
        let etag = ("ETag".to_owned(), format!("\"{version}\""));
        Self {
            status: 201,
            headers: vec![etag, ("Location".to_owned(), location)],
            body: json(body),
        }
    }

    /// 201 with what has neither an address nor a version of its own.
    pub fn made(body: &impl Serialize) -> Self {
        Self { status: 201, headers: Vec::new(), body: json(body) }
    }

    /// 200 with the version and what it is now.
    pub fn ok(version: i64, body: &impl Serialize) -> Self {
        let etag = ("ETag".to_owned(), format!("\"{version}\""));
        Self { status: 200, headers: vec![etag], body: json(body) }
    }

    /// 200 with what has no version of its own.
    pub fn unversioned(body: &impl Serialize) -> Self {
        Self { status: 200, headers: Vec::new(), body: json(body) }
    }

    /// 202: it will be done.
    pub fn accepted(body: &impl Serialize) -> Self {
        Self { status: 202, headers: Vec::new(), body: json(body) }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: 204, headers: Vec::new(), body: String::new() }
    }

    /// As actix sends it.
    pub fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        for (name, value) in &self.headers {
            response.insert_header((name.as_str(), value.as_str()));
        }
        if self.body.is_empty() {
            response.finish()
        } else {
            response.content_type("application/json").body(self.body)
        }
    }
}
