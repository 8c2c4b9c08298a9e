//! The page of a masthead: what is sent, what is shown. No rules here.

use actix_web::web;

use super::typed::Filled;
use super::{form, service};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{Shown, Signed};
use crate::pages::writing::i18n;
use crate::problem::Problem;
use crate::reports::ReportId;
use crate::ways;

/// `GET /my/reports/{report_id}/masthead`: the masthead as it is.
pub async fn look(signed: Signed, path: web::Path<String>) -> Shown {
    let done = team::query(&signed).is_ticked("done");
    show(&signed, team::id(&path)?, done, None).await
}

/// `POST /my/reports/{report_id}/masthead`: changes it. What is refused is shown with what was typed.
pub async fn change(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields) = (team::id(&path)?, Fields::of(&body));
    let version = fields.parsed("version").unwrap_or(0);
    let filled = Filled::read(&fields);
    let sent = filled.clone();
    match signed.write(move |work| service::change(work, id, version, &sent)).await {
        Ok(()) => Ok(signed.go(&format!("{}/masthead?done=saved", ways::draft(id)))),
        Err(problem) if team::is_told(&problem) => {
            show(&signed, id, false, Some((&filled, &problem))).await
        }
        Err(problem) => Err(problem),
    }
}

async fn show(
    signed: &Signed,
    id: ReportId,
    done: bool,
    refused: Option<(&Filled, &Problem)>,
) -> Shown {
    let found = signed.read(move |work| service::look(work, id)).await?;
    let content = form::of(signed, &found, done, refused);
    let title = &i18n::of(signed.language()).masthead;
    Ok(team::page(signed, title, content, refused.map(|(_, problem)| problem)))
}
