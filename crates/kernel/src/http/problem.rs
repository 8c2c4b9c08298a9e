//! Writes problems out as RFC 9457 `application/problem+json`, and keeps a page for people about each.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError, web};
use maud::{DOCTYPE, html};
use serde::{Deserialize, Serialize};

use crate::problem::{At, Code, Problem};

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error as it is answered (RFC 9457).
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// Which problem it is; also the address of its page.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid_value")]
    pub kind: String,
    /// One line, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What is particular to this occurrence, and what to change.
    pub detail: String,
    /// The id of the request, to be quoted when reporting it.
    pub instance: String,
    /// The places in the request that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<At>,
}

/// The answer to a request that met `problem`.
pub fn response(problem: &Problem, request_id: &str) -> HttpResponse {
    let kind = problem.code().kind();
    let status = StatusCode::from_u16(kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for (name, value) in problem.headers() {
        response.insert_header((*name, value.as_str()));
    }
    let body = Body {
        kind: format!("/problems/{}", kind.code),
        title: kind.title.to_owned(),
        status: kind.status,
        detail: problem.detail().to_owned(),
        instance: request_id.to_owned(),
        errors: problem.errors().to_vec(),
    };
    response.content_type(PROBLEM_JSON).body(serde_json::to_vec(&body).unwrap_or_default())
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().kind().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Without the request id, which is not known here: the envelope writes the answer again with it.
    fn error_response(&self) -> HttpResponse {
        response(self, "")
    }
}

/// Somebody else's error (the framework's) as the problem it amounts to.
pub fn framework(answer: &HttpResponse, request_id: &str) -> HttpResponse {
    let mut replacement = response(&of_status(answer.status()), request_id);
    for (name, value) in answer.headers() {
        if name == "allow" || name == "retry-after" {
            replacement.headers_mut().insert(name.clone(), value.clone());
        }
    }
    replacement
}

/// The problem that a status amounts to.
pub fn of_status(status: StatusCode) -> Problem {
    let code = match status.as_u16() {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        406 => Code::NotAcceptable,
        408 => Code::Timeout,
        413 => Code::TooLarge,
        415 => Code::UnsupportedMediaType,
        431 => Code::HeadersTooLarge,
        400..=499 => Code::InvalidQuery,
        _ => Code::Internal,
    };
    Problem::new(code, code.kind().explanation)
}

/// A header that is known to be well-formed.
pub fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// A header's name that is known to be well-formed.
pub fn header_name(text: &'static str) -> HeaderName {
    HeaderName::from_static(text)
}

/// `GET /problems/{code}`: the page of one problem.
pub async fn page(code: web::Path<String>) -> Result<HttpResponse, Problem> {
    let found = Code::ALL.iter().map(|known| known.kind()).find(|kind| kind.code == *code);
    let kind = found.ok_or_else(|| Problem::not_found("problem"))?;
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (kind.title) } }
            body {
                main {
                    h1 { (kind.title) }
                    p { "Status " (kind.status) ", type " code { "/problems/" (kind.code) } }
                    p { (kind.explanation) }
                    p { a href="/problems" { "All problems" } }
                }
            }
        }
    };
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(markup.into_string()))
}

/// `GET /problems`: all of them.
pub async fn index() -> HttpResponse {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Problems" } }
            body {
                main {
                    h1 { "Problems" }
                    dl {
                        @for kind in Code::ALL.iter().map(|code| code.kind()) {
                            dt { a href={ "/problems/" (kind.code) } { (kind.code) } " (" (kind.status) ")" }
                            dd { (kind.explanation) }
                        }
                    }
                }
            }
        }
    };
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(markup.into_string())
}
