//! Whoever comes to contribute: with a receipt or still without one, and with nothing that says who they are.

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use maud::Markup;

use crate::consultations::ConsultationId;
use crate::pages::visit::{self, Visit};
use crate::problem::{Code, Problem};
use crate::ways;

/// The cookie that a receipt is kept in. It has the path of its consultation, which a name with a prefix that binds it to the host
/// cannot have; no session's cookie is sent there.
const COOKIE: &str = "receipt";
/// Days for which one's own device keeps it.
const DAYS: i64 = 90;
/// Characters of what is taken for a receipt at most.
const LONGEST: usize = 80;
/// What stands before the receipt on one's own device, and on that of others.
const OWN: &str = "own.";
const LENT: &str = "lent.";

/// A receipt as a browser keeps it.
#[derive(Clone)]
pub struct Held {
    /// As it was typed.
    pub receipt: String,
    /// Whether the device is the holder's alone: others must find nothing on it.
    pub own: bool,
}

impl Held {
    fn read(value: &str) -> Option<Self> {
        let own = value.strip_prefix(OWN).map(|receipt| (receipt, true));
        let lent = || value.strip_prefix(LENT).map(|receipt| (receipt, false));
        let (receipt, own) = own.or_else(lent)?;
        Some(Self { receipt: receipt.to_owned(), own })
    }

    /// A receipt as somebody typed it; of what can stand in none there is none.
    pub fn typed(text: &str, own: bool) -> Option<Self> {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        let receipt: String = letters.take(LONGEST).collect();
        (!receipt.is_empty()).then(|| Self { receipt: receipt.to_ascii_uppercase(), own })
    }

    /// How it begins, by which its holder sees that it is theirs.
    pub fn beginning(&self) -> &str {
        self.receipt.get(..5).unwrap_or_default()
    }
}

/// Somebody at the pages of a consultation's contributors.
pub struct Contributor {
    /// The visit.
    pub visit: Visit,
    /// The consultation.
    pub id: ConsultationId,
    /// The receipt that the browser keeps.
    pub held: Option<Held>,
}

impl FromRequest for Contributor {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload).into_inner();
        std::future::ready(visit.and_then(|visit| Self::of(request, visit)))
    }
}

impl std::ops::Deref for Contributor {
    type Target = Visit;
    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl Contributor {
    fn of(request: &HttpRequest, visit: Visit) -> Result<Self, Problem> {
        if request.headers().contains_key(header::AUTHORIZATION) || visit::has_session(request) {
            let detail = "Come with the receipt alone: nobody is to know whose it is.";
            return Err(Problem::new(Code::ReceiptBesideCredentials, detail));
        }
        let id = request.match_info().get("consultation_id").unwrap_or_default();
        let id = visit::id(id, "consultation")?;
        let held = request.cookie(COOKIE).and_then(|cookie| Held::read(cookie.value()));
        Ok(Self { visit, id, held })
    }

    /// The receipt, or nothing that is one.
    pub fn receipt(&self) -> String {
        self.held.as_ref().map(|held| held.receipt.clone()).unwrap_or_default()
    }

    /// Whether others use the device too.
    pub fn is_lent(&self) -> bool {
        self.held.as_ref().is_none_or(|held| !held.own)
    }

    /// The address of the page where one says something.
    pub fn way(&self) -> String {
        self.link(&ways::say(self.id))
    }

    /// The address of the page of what one has said.
    pub fn way_to_mine(&self) -> String {
        self.link(&format!("{}/mine", ways::say(self.id)))
    }

    /// The page, by which the browser keeps a receipt, or forgets it when there is none.
    pub fn page_keeping(
        &self,
        held: Option<&Held>,
        title: &str,
        content: Markup,
    ) -> Result<HttpResponse, Problem> {
        let mut answer = self.page(title, content);
        answer.add_cookie(&self.cookie(held)).map_err(Problem::internal)?;
        Ok(answer)
    }

    fn cookie(&self, held: Option<&Held>) -> Cookie<'static> {
        let value = held.map(|held| {
            let kind = if held.own { OWN } else { LENT };
            format!("{kind}{}", held.receipt)
        });
        let mut cookie = Cookie::build(COOKIE, value.unwrap_or_default())
            .path(ways::say(self.id))
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(visit::is_secure(&self.app))
            .finish();
        match held {
            Some(held) if held.own => cookie.set_max_age(time::Duration::days(DAYS)),
            // It goes with the browser.
            Some(_) => (),
            None => cookie.set_max_age(time::Duration::ZERO),
        }
        cookie
    }
}
