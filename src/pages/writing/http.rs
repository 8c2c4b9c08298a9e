//! The pages of writing: what is sent, what is shown. No rules here.

use actix_web::{HttpResponse, web};
use maud::html;

use super::deeds::{Act, Done, Open};
use super::head::{self, Scene};
use super::service::{self, Desk, Touched};
use super::{bench, chapters, i18n, margin, readable, returned, review, translating, unused};
use crate::pages::compiling;
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{self, Shown, Signed};
use crate::problem::Problem;
use crate::reports::ReportKind;
use crate::ways;

/// `GET /my/reports`: the drafts that one may read.
pub async fn drafts(signed: Signed) -> Shown {
    let found = signed.read(service::drafts).await?;
    let title = &i18n::of(signed.language()).all_drafts;
    Ok(signed.page(title, readable::of(&signed, &found)))
}

/// `GET /my/reviews/{review_id}/waiting`: what waits in the reports of a review.
pub async fn waiting(signed: Signed, path: web::Path<String>) -> Shown {
    let id = visit::id(&path, "review")?;
    let found = signed.read(move |work| service::awaited(work, id)).await?;
    let title = &i18n::of(signed.language()).what_waits;
    Ok(team::page(&signed, title, review::of(&signed, &found), None))
}

/// `GET /my/reports/{report_id}`: the draft, with what stands open.
pub async fn draft(signed: Signed, path: web::Path<String>) -> Shown {
    let (id, query) = (team::id(&path)?, team::query(&signed));
    let open = Open::read(&query);
    let desk = signed.read(move |work| service::desk(work, id, open)).await?;
    let done = query.parsed::<Done>("done").map(|done| (done, query.text("on")));
    Ok(show(signed, &desk, open, done, None))
}

/// `POST /my/reports/{report_id}`: does something, and goes to where it was done. What is refused is shown with what was typed.
pub async fn act(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let id = team::id(&path)?;
    let act = Act::read(&Fields::of(&body)).ok_or_else(|| Problem::not_found("form"))?;
    let (foreseen, sent) = (act.clone(), act.clone());
    let foreseen = signed.read(move |work| service::foresee(work, id, &foreseen)).await;
    Problem::or_refused(foreseen)?;
    match signed.write(move |work| service::act(work, id, &sent)).await {
        Ok(did) => Ok(signed.go(&format!("{}{}", ways::draft(id), behind(did)))),
        Err(problem) if team::is_told(&problem) => {
            let open = act.open();
            let desk = signed.read(move |work| service::desk(work, id, open)).await?;
            Ok(show(signed, &desk, open, None, Some((&act, &problem))))
        }
        Err(problem) => Err(problem),
    }
}

/// What stands behind the address of a draft after something was done: what, and where on the page.
fn behind((done, at): service::Did) -> String {
    let code = done.as_str();
    match at {
        Touched::Paragraph(at) => format!("?done={code}&on={at}#at-{at}"),
        Touched::Section(at) => format!("?done={code}&on={at}#section-{at}"),
        Touched::Whole => format!("?done={code}"),
    }
}

fn show(
    mut signed: Signed,
    desk: &Desk,
    open: Open,
    done: Option<(Done, Option<String>)>,
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
            @if desk.report().kind == ReportKind::ConferenceRoomPaper {
                p { a href=(scene.way("/compilation")) { (compiling::words(signed.language()).title) } }
            }
            h2 { (words.milestones) }
            p { a href=(scene.way("/milestones")) { (words.to_milestones) } }
            (returned::way(&scene))
            (translating::way(&scene))
        }
    };
    team::page(&signed, &desk.report().title, content, refused.map(|(_, problem)| problem))
}
