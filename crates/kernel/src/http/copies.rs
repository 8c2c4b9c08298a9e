//! Copies of what everybody sees, so that what many read at once is made once. Each is kept with the state that it was made from, and sent
//! again only while that is the state: the end of the audit log, which every change of what is public lengthens, and the second, for what
//! opens and closes by itself. What is contributed by a receipt is told in no audit log: how quickly a page comes tells at most that
//! somebody looked at it in this second, or that something was done of which the log tells.
//!
//! Must never keep what is for somebody in particular: whoever says who they are gets nothing from here and leaves nothing.

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, Route};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{call, envelope, extract, problem};
use crate::app::App;
use crate::audit;
use crate::audit::chain::End;
use crate::frame;
use crate::i18n::Language;
use crate::mutex::unpoisoned;
use crate::problem::Problem;

/// Bytes of one copy at most; what is longer is made each time.
const LONGEST: u64 = 16 << 20;
/// Bytes of all copies.
const ROOM: usize = 96 << 20;
/// What a copy takes beside its bytes.
const AROUND: usize = 2_000;
/// Bytes of an address: nothing is kept for one that is made up.
const LONGEST_ADDRESS: usize = 300;
/// Less is not worth compressing.
const SHORTEST_COMPRESSED: usize = 1_000;

/// The route of what is the same for everybody: copies of what it answers are kept.
pub fn kept(route: Route) -> Route {
    route.wrap(from_fn(copied))
}

/// The copies that a process keeps.
#[derive(Default)]
pub struct Copies {
    places: Mutex<HashMap<Asked, Arc<Place>>>,
    /// How often one was taken, so that what nobody took for longest goes first.
    taken: AtomicU64,
    /// How many looks at the log have begun.
    looks: AtomicU64,
    /// The last look that ended: the number of it, and what it saw, unless it failed.
    seen: tokio::sync::Mutex<(u64, Option<End>)>,
}

/// What is asked for: an address, in the language that a browser prefers.
type Asked = (String, Option<Language>);

/// Where a copy lies. One request makes it, and others wait for that.
#[derive(Default)]
struct Place {
    copy: RwLock<Option<Arc<Copied>>>,
    making: tokio::sync::Mutex<()>,
    taken: AtomicU64,
}

/// What something was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    end: End,
    second: i64,
}

/// An answer that can be sent again.
#[derive(Clone)]
struct Copied {
    state: State,
    headers: HeaderMap,
    etag: String,
    body: Bytes,
    compressed: Option<Bytes>,
}

/// The middleware of a route that is kept.
pub async fn copied(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(asked) = asked(&request) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let app = extract::app(request.request())?.clone();
    let copies = app.shared::<Copies>()?;
    let state = copies.state(&app).await?;
    let place = copies.place(&asked);
    if let Some(copy) = place.copy(&state) {
        let answer = copy.answer(request.headers());
        return Ok(request.into_response(answer));
    }
    let _turn = place.making.lock().await;
    if let Some(copy) = place.copy(&state) {
        let answer = copy.answer(request.headers());
        return Ok(request.into_response(answer));
    }
    let (old, wanted) = (place.latest(), request.headers().clone());
    // Whoever knows the text without making it says so.
    let headers = request.headers_mut();
    headers.remove(header::IF_NONE_MATCH);
    if let Some(old) = &old {
        headers.insert(header::IF_NONE_MATCH, problem::header(&old.etag));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    let (request, answer) = response.into_parts();
    let made = match old {
        Some(old) if answer.status() == StatusCode::NOT_MODIFIED => {
            Ok(Copied { state, ..Copied::clone(&old) })
        }
        old => Copied::of(answer, state, old.as_deref()).await?,
    };
    match made {
        Ok(copy) => {
            let answer = copy.answer(&wanted);
            place.keep(copy);
            copies.make_room();
            Ok(ServiceResponse::new(request, answer))
        }
        Err(answer) => {
            copies.forget(&asked);
            Ok(ServiceResponse::new(request, answer))
        }
    }
}

/// What is asked for, where it is the same for everybody and asked for as a whole.
fn asked(request: &ServiceRequest) -> Option<Asked> {
    let own = [header::AUTHORIZATION, header::COOKIE, header::RANGE];
    let headers = request.headers();
    let says_who =
        own.iter().any(|name| headers.contains_key(name)) || headers.contains_key("receipt");
    let address = request.uri().path_and_query()?.as_str();
    let is_kept = request.method() == Method::GET && !says_who && address.len() <= LONGEST_ADDRESS;
    is_kept.then(|| (address.to_owned(), frame::preferred(request.request())))
}

impl Copies {
    /// The state at some moment after the call. Those who call at the same time share a look at the database that began after each of
    /// them came.
    async fn state(&self, app: &App) -> Result<State, Problem> {
        let before = self.looks.load(Ordering::SeqCst);
        let mut seen = self.seen.lock().await;
        if seen.0 <= before {
            let number = self.looks.fetch_add(1, Ordering::SeqCst) + 1;
            let found = app.db.read(audit::end).await;
            *seen = (number, found.as_ref().ok().cloned());
            found?;
        }
        // What failed for one failed for all who shared it: they do not wait in turn.
        let end =
            seen.1.clone().ok_or_else(|| Problem::not_begun("The database was not reached."))?;
        Ok(State { end, second: app.clock.now().utc().timestamp() })
    }

    fn place(&self, asked: &Asked) -> Arc<Place> {
        let mut places = unpoisoned(&self.places);
        let place = places.entry(asked.clone()).or_default().clone();
        place.taken.store(self.taken.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        place
    }

    fn forget(&self, asked: &Asked) {
        unpoisoned(&self.places).remove(asked);
    }

    fn make_room(&self) {
        let mut places = unpoisoned(&self.places);
        let mut all: usize = places.values().map(|place| place.bytes()).sum();
        while all > ROOM {
            let oldest = places.iter().min_by_key(|(_, one)| one.taken.load(Ordering::Relaxed));
            let Some(oldest) = oldest.map(|(asked, _)| asked.clone()) else { return };
            all -= places.remove(&oldest).map_or(0, |place| place.bytes());
        }
    }
}

impl Place {
    fn latest(&self) -> Option<Arc<Copied>> {
        self.copy.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn copy(&self, state: &State) -> Option<Arc<Copied>> {
        self.latest().filter(|copy| copy.state == *state)
    }

    fn keep(&self, copy: Copied) {
        *self.copy.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(copy));
    }

    fn bytes(&self) -> usize {
        let of =
            |copy: Arc<Copied>| copy.body.len() + copy.compressed.as_ref().map_or(0, Bytes::len);
        AROUND + self.latest().map_or(0, of)
    }
}

impl Copied {
    /// Of an answer, which is given back if it is none to be sent again.
    async fn of(
        answer: HttpResponse,
        state: State,
        old: Option<&Self>,
    ) -> Result<Result<Self, HttpResponse>, Problem> {
        let fits = matches!(answer.body().size(), BodySize::Sized(bytes) if bytes <= LONGEST);
        let is_own = answer.headers().contains_key(header::SET_COOKIE);
        if answer.status() != StatusCode::OK || !fits || is_own {
            return Ok(Err(answer));
        }
        let mut headers = answer.headers().clone();
        let body = answer.into_body().try_into_bytes();
        let body = body.map_err(|_| Problem::internal("a body of no bytes"))?;
        let given = headers
            .remove(header::ETAG)
            .next()
            .and_then(|tag| tag.to_str().map(str::to_owned).ok());
        let etag = given.unwrap_or_else(|| format!("\"{}\"", call::encode(&body)));
        if headers.get(header::CACHE_CONTROL).is_some_and(|kept| kept == "no-store") {
            // Whoever kept it asks whether it is still so.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        let compressed = match old.filter(|old| old.etag == etag && old.body == body) {
            Some(old) => old.compressed.clone(),
            None if is_text(&headers) && body.len() >= SHORTEST_COMPRESSED => {
                let text = body.clone();
                web::block(move || compressed(&text)).await.map_err(Problem::internal)?
            }
            None => None,
        };
        if compressed.is_some() {
            if !headers.contains_key(header::VARY) {
                headers.insert(header::VARY, HeaderValue::from_static(envelope::VARY));
            }
            headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        Ok(Ok(Self { state, headers, etag, body, compressed }))
    }

    /// To whoever asks with these headers.
    fn answer(&self, wanted: &HeaderMap) -> HttpResponse {
        let text = |name| {
            wanted.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default()
        };
        let compressed =
            self.compressed.as_ref().filter(|_| takes_gzip(text(header::ACCEPT_ENCODING)));
        let packed = self.etag.trim_end_matches('"').to_owned() + "-gzip\"";
        let known =
            text(header::IF_NONE_MATCH).split(',').map(|tag| tag.trim().trim_start_matches("W/"));
        let known = known.into_iter().any(|tag| tag == self.etag || tag == packed);
        let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let mut answer = HttpResponse::build(status);
        for (name, value) in &self.headers {
            answer.append_header((name, value));
        }
        let etag = if compressed.is_some() { &packed } else { &self.etag };
        answer.insert_header((header::ETAG, etag.as_str()));
        match compressed {
            _ if known => answer.finish(),
            Some(compressed) => {
                answer.insert_header((header::CONTENT_ENCODING, "gzip"));
                answer.body(compressed.clone())
            }
            None => answer.body(self.body.clone()),
        }
    }
}

/// Whether it becomes smaller: a PDF, a picture or a Word file is packed already.
fn is_text(headers: &HeaderMap) -> bool {
    let kind =
        headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml")
}

fn compressed(text: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Whether a browser takes what is packed (RFC 9110, section 12.5.3).
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
        let refused =
            parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)));
        is_gzip && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::takes_gzip;

    #[test]
    fn what_is_packed_goes_to_those_who_take_it() {
        for taken in ["gzip", "deflate, gzip;q=1.0, *;q=0.5", "br, GZIP"] {
            assert!(takes_gzip(taken), "{taken}");
        }
        for other in ["", "identity", "br", "gzip;q=0", "gzip; q=0.0", "x-gzip-like"] {
            assert!(!takes_gzip(other), "{other}");
        }
    }
}
