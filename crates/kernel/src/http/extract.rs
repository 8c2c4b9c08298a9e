//! Reads a request's parts into types that cannot be wrong, and says exactly what is wrong when they are.

use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use futures_util::future::{LocalBoxFuture, Ready, ready};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::db::types::Id;
use crate::problem::{Code, Problem};

/// What every request shares.
///
/// # Errors
/// 500 when a request came by a server without it, which is a fault of ours.
pub fn app(request: &HttpRequest) -> Result<&App, Problem> {
    let shared = request.app_data::<web::Data<App>>();
    shared.map(|app| &***app).ok_or_else(|| Problem::internal("no App in the server"))
}

/// A JSON body, and the hash that a retry is recognized by.
#[derive(Debug)]
pub struct Body<T> {
    /// What the body says.
    pub value: T,
    /// SHA-256 of its bytes.
    pub fingerprint: [u8; 32],
}

impl<T> Deref for Body<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = require_json(request);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            content_type?;
            let bytes = bytes.await.map_err(|error| too_large(&error))?;
            let fingerprint = Sha256::digest(&bytes).into();
            Ok(Self { value: parse(&bytes)?, fingerprint })
        })
    }
}

/// As [`Body`], for one that need not be there: without one everything is as when its fields are left out.
#[derive(Debug)]
pub struct OptionalBody<T>(pub Body<T>);

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = require_json(request);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| too_large(&error))?;
            if bytes.is_empty() {
                return Ok(Self(Body { value: T::default(), fingerprint: [0; 32] }));
            }
            content_type?;
            let fingerprint = Sha256::digest(&bytes).into();
            Ok(Self(Body { value: parse(&bytes)?, fingerprint }))
        })
    }
}

/// A file sent as the body, and the hash that a retry is recognized by. At most `server.upload_limit` bytes.
#[derive(Debug, Clone)]
pub struct Upload {
    /// What was sent.
    pub bytes: Vec<u8>,
    /// The `Content-Type`, if one was sent.
    pub content_type: Option<String>,
    /// SHA-256 of the query, the `Content-Type` and the bytes: with another query it is another request.
    pub fingerprint: [u8; 32],
}

impl Upload {
    /// For [`super::call::Call::post`].
    pub fn into_body(self) -> Body<Self> {
        Body { fingerprint: self.fingerprint, value: self }
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = app(request).map(|app| app.settings.server.upload_limit);
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let said = request.headers().get(header::CONTENT_LENGTH);
        let said = said.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        let query = request.query_string().to_owned();
        let payload = payload.take();
        Box::pin(async move {
            let limit = limit?;
            if said.is_some_and(|said| said > limit) {
                return Err(file_too_large(limit));
            }
            let bytes = collect(payload, limit).await?;
            let parts =
                [query.as_bytes(), content_type.as_deref().unwrap_or("").as_bytes(), &bytes];
            let fingerprint = Sha256::digest(parts.join(&b'\n')).into();
            Ok(Self { bytes, content_type, fingerprint })
        })
    }
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(part) = payload.next().await {
        let part =
            part.map_err(|_| Problem::new(Code::UnreadableFile, "The file did not arrive whole."))?;
        if bytes.len() + part.len() > limit {
            return Err(file_too_large(limit));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

fn file_too_large(limit: usize) -> Problem {
    let detail = format!("The file is larger than the {limit} bytes that are taken.");
    Problem::new(Code::TooLarge, detail)
}

fn require_json(request: &HttpRequest) -> Result<(), Problem> {
    let given = request.headers().get(header::CONTENT_TYPE);
    let given = given.and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = given.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "application/merge-patch+json" => Ok(()),
        _ => Err(Problem::new(Code::UnsupportedMediaType, "Send Content-Type: application/json.")),
    }
}

fn too_large(error: &actix_web::Error) -> Problem {
    match error.as_response_error().status_code().as_u16() {
        413 => Problem::new(Code::TooLarge, "The body is larger than this server takes."),
        _ => Problem::new(Code::MalformedJson, "The body did not arrive whole."),
    }
}

/// Reads JSON; an error tells where it is as a JSON pointer.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        refused(error.inner(), pointer)
    })?;
    reader.end().map_err(|error| refused(&error, String::new()))?;
    Ok(value)
}

fn refused(error: &serde_json::Error, pointer: String) -> Problem {
    let text = error.to_string();
    // serde_json adds where it stopped reading; the pointer tells more.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    match error.classify() {
        serde_json::error::Category::Data if text.starts_with("unknown field") => {
            Problem::new(Code::UnknownField, text).at(pointer, text)
        }
        serde_json::error::Category::Data => Problem::invalid(pointer, text),
        _ => Problem::new(Code::MalformedJson, error.to_string()),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut pointer, segment| {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
        pointer
    })
}

/// Query parameters; unknown ones are refused by the type (`deny_unknown_fields`).
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T> Deref for Params<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(request.query_string()).map(Self))
    }
}

/// Reads a query; an error tells which parameter it is about, if it is about one.
pub(super) fn query<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    web::Query::from_query(text).map(web::Query::into_inner).map_err(|error| {
        let text = error.to_string();
        let text = text.trim_start_matches("Query deserialize error: ").to_owned();
        let name = text.split('`').nth(1).unwrap_or("").to_owned();
        Problem::new(Code::InvalidQuery, text.clone()).at(format!("?{name}"), text)
    })
}

/// What a path names: ids, and numbers and words behind them. An id that is no UUID is refused, and so is what is to be a number and is
/// none: 400.
#[derive(Debug, Clone, Copy)]
pub struct PathIds<T>(T);

impl<T> PathIds<T> {
    /// All of it, in order.
    pub fn parts(self) -> T {
        self.0
    }
}

impl<K> PathIds<Id<K>> {
    /// The one id.
    pub fn id(&self) -> Id<K> {
        self.0
    }
}
impl<A, B> PathIds<(Id<A>, Id<B>)> {
    /// Both ids.
    pub fn ids(&self) -> (Id<A>, Id<B>) {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for PathIds<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = web::Path::<T>::from_request(request, payload).into_inner();
        ready(path.map(|path| Self(path.into_inner())).map_err(|_| {
            let detail = "A part of the path is not of the form the API gives: an id is a UUID, and what is counted is named by its number.";
            Problem::new(Code::InvalidPath, detail)
        }))
    }
}
