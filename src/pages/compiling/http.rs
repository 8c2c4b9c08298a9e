//! The page of a paper's compilation: what is shown, what is sent. No rules here.

use actix_web::{HttpResponse, web};

use super::service::{self, Act};
use super::{i18n, settling};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{Shown, Signed};
use crate::problem::Problem;
use crate::reports::recompiling::service::Compilation;
use crate::ways;

/// `GET /my/reports/{report_id}/compilation`: the editions that a paper is compiled from, and what is to be settled.
pub async fn look(signed: Signed, path: web::Path<String>) -> Shown {
    let id = team::id(&path)?;
    let done = team::query(&signed).is_ticked("done");
    let found = signed.read(move |work| service::compilation(work, id)).await?;
    Ok(show(&signed, &found, done, None))
}

/// `POST /my/reports/{report_id}/compilation`: follows the newest editions, or settles a change. What is refused is shown with what was typed.
pub async fn act(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields) = (team::id(&path)?, Fields::of(&body));
    let act = Act::read(&fields).ok_or_else(|| Problem::not_found("form"))?;
    match signed.write(move |work| service::act(work, id, &act)).await {
        Ok(()) => Ok(signed.go(&format!("{}?done=1", ways::compilation(id)))),
        Err(problem) if team::is_told(&problem) => {
            let found = signed.read(move |work| service::compilation(work, id)).await?;
            Ok(show(&signed, &found, false, Some((&fields, &problem))))
        }
        Err(problem) => Err(problem),
    }
}

fn show(
    signed: &Signed,
    found: &Compilation,
    done: bool,
    refused: Option<(&Fields, &Problem)>,
) -> HttpResponse {
    let title = &i18n::of(signed.language()).title;
    let content = settling::of(signed, found, done, refused);
    team::page(signed, title, content, refused.map(|(_, problem)| problem))
}
