//! The pages of the draft that participants are asked about: what is sent, what is shown. No rules here.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};

use super::proof::{self, Told};
use super::service::{self, Act, Done};
use crate::pages::fields::Fields;
use crate::pages::say::contributor::Contributor;
use crate::pages::say::http::entrance;
use crate::pages::say::i18n;
use crate::pages::visit::{self, Shown, Signed};
use crate::problem::Problem;

/// `GET /my/consultations/{consultation_id}/draft`: the draft, to be read. That somebody did is kept nowhere.
pub async fn read(signed: Signed, path: web::Path<String>) -> Shown {
    let id = visit::id(&path, "consultation")?;
    let found = signed.read(move |work| service::read(work, id)).await;
    // What is not for the reader, and what is over, is not there.
    let open = found.map_err(|problem| problem.forbidden_as(|| Problem::not_found("draft")))?;
    let title = &i18n::of(signed.language()).draft_title;
    Ok(unfound(signed.page(title, proof::to_read(&signed, id, &open))))
}

/// `GET /say/{consultation_id}/draft`: the draft, with what one said of it.
pub async fn look(contributor: Contributor) -> Shown {
    show(&contributor, None, Ok(None)).await
}

/// `POST /say/{consultation_id}/draft`: says something of it, changes and deletes what waits.
pub async fn act(contributor: Contributor, body: web::Bytes) -> Shown {
    let Some(act) = Act::read(&Fields::of(&body)) else {
        return show(&contributor, None, Err(Problem::not_found("observation of yours"))).await;
    };
    if contributor.held.is_none() {
        return show(&contributor, None, Ok(None)).await;
    }
    let (id, receipt, sent) = (contributor.id, contributor.receipt(), act.clone());
    let done = match &act {
        // Looking writes nothing.
        Act::Look(_) | Act::Edit(_) => {
            contributor.read(move |work| service::act(work, id, &receipt, &sent)).await
        }
        _ => contributor.write(move |work| service::act(work, id, &receipt, &sent)).await,
    };
    show(&contributor, Some(&act), done.map(Some)).await
}

async fn show(
    contributor: &Contributor,
    act: Option<&Act>,
    done: Result<Option<Done>, Problem>,
) -> Shown {
    if contributor.held.is_none() {
        return entrance(contributor, None, None).await;
    }
    let (id, receipt) = (contributor.id, contributor.receipt());
    let desk = match contributor.read(move |work| service::desk(work, id, &receipt)).await {
        Err(problem) if problem.is_missing() => {
            return entrance(contributor, None, Some(&problem)).await;
        }
        found => found?,
    };
    let words = i18n::of(contributor.language());
    Ok(unfound(match done {
        Err(problem) if problem.is_failure() => return Err(problem),
        Err(problem) => {
            let told = Told { act, outcome: None, refused: Some(&problem) };
            let content = proof::of(contributor, &desk, &told);
            contributor.refused_page(&problem, words.draft_title, content)
        }
        Ok(outcome) => match (act, outcome) {
            (Some(Act::Look(said)), Some(Done::Looked)) => {
                contributor.page(words.look_title, proof::look(contributor, &desk, said))
            }
            _ => {
                let told = Told { act, outcome, refused: None };
                contributor.page(words.draft_title, proof::of(contributor, &desk, &told))
            }
        },
    }))
}

/// A page that no search finds.
fn unfound(mut page: HttpResponse) -> HttpResponse {
    let robots = HeaderName::from_static("x-robots-tag");
    page.headers_mut().insert(robots, HeaderValue::from_static("noindex, noarchive"));
    page
}
