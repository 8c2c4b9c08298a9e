//! The pages of writing: what is sent, what is shown. No rules here.

use actix_web::{HttpResponse, web};
use maud::html;

use super::deeds::{Act, Done, Open};
use super::head::{self, Scene};
use super::service::{self, Desk};
use super::{bench, chapters, i18n, margin, readable, returned, unused};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{Shown, Signed};
use crate::problem::Problem;
use crate::reports::ParagraphId;
use crate::ways;

/// `GET /my/reports`: the drafts that one may read.
pub async fn drafts(signed: Signed) -> Shown {
    let found = signed.read(service::drafts).await?;
    let title = &i18n::of(signed.language()).all_drafts;
    Ok(signed.page(title, readable::of(&signed, &found)))
}

/// `GET /my/reports/{report_id}`: the draft, with what stands open.
pub async fn draft(signed: Signed, path: web::Path<String>) -> Shown {
    let (id, query) = (team::id(&path)?, team::query(&signed));
    let open = Open::read(&query);
    let desk = signed.read(move |work| service::desk(work, id, open)).await?;
    let done = query.parsed::<Done>("done").map(|done| (done, query.parsed("on")));
    Ok(show(signed, &desk, open, done, None))
}

/// `POST /my/reports/{report_id}`: does something, and goes to where it was done. What is refused is shown with what was typed.
pub async fn act(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let id = team::id(&path)?;
    let act = Act::read(&Fields::of(&body)).ok_or_else(|| Problem::not_found("form"))?;
    let sent = act.clone();
    match signed.write(move |work| service::act(work, id, &sent)).await {
        Ok(did) => Ok(signed.go(&format!("{}{}", ways::draft(id), behind(&act, did)))),
        Err(problem) if team::is_told(&problem) => {
            let open = act.open();
            let desk = signed.read(move |work| service::desk(work, id, open)).await?;
            Ok(show(signed, &desk, open, None, Some((&act, &problem))))
        }
        Err(problem) => Err(problem),
    }
}

/// What stands behind the address of a draft after something was done: what, and where on the page.
fn behind(act: &Act, (done, at): service::Did) -> String {
    let code = done.as_str();
    match (at, act) {
        (Some(at), _) => format!("?done={code}&on={at}#at-{at}"),
        (None, Act::Head { section, .. }) => format!("?done={code}#section-{section}"),
        (None, _) => format!("?done={code}"),
    }
}

fn show(
    mut signed: Signed,
    desk: &Desk,
    open: Open,
    done: Option<(Done, Option<ParagraphId>)>,
    refused: Option<(&Act, &Problem)>,
) -> HttpResponse {
    signed.visit.frame = signed.frame.clone().wide();
    let scene = Scene { signed: &signed, desk, open, done, refused };
    let words = scene.words();
    let content = html! {
        div .draft-head { (head::of(&scene)) (bench::rescued(&scene)) }
        (chapters::contents(&scene))
        (chapters::text(&scene))
        (margin::orphans(&scene))
        (unused::of(&scene))
        div .noprint {
            h2 { (words.milestones) }
            p { a href=(scene.way("/milestones")) { (words.to_milestones) } }
            (returned::way(&scene))
        }
    };
    team::page(&signed, &desk.report().title, content, refused.map(|(_, problem)| problem))
}
