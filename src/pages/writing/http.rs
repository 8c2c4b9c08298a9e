//! The pages of writing: what is sent, what is shown. No rules here.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::deeds::{Act, Done, Open};
use super::head::{self, Scene};
use super::service::{self, Desk};
use super::{bench, chapters, frozen, i18n, margin, readable, story, unused};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{self, Shown, Signed};
use crate::problem::Problem;
use crate::render;
use crate::reports::{ParagraphId, ReportId, SectionId};
use crate::vocabulary::MilestoneId;
use crate::ways;

/// What an address says behind `?`.
fn query(signed: &Signed) -> Fields {
    Fields::of(signed.request().query_string().as_bytes())
}

/// A page whose `h1` stands in its content, with what could not be done told in it.
fn page(signed: &Signed, title: &str, content: Markup, refused: Option<&Problem>) -> HttpResponse {
    let status =
        refused.and_then(|problem| StatusCode::from_u16(problem.code().kind().status).ok());
    signed.frame.headed(status.unwrap_or(StatusCode::OK), title, content)
}

/// `GET /my/reports`: the drafts that one may read.
pub async fn drafts(signed: Signed) -> Shown {
    let found = signed.read(service::drafts).await?;
    let title = &i18n::of(signed.language()).all_drafts;
    Ok(signed.page(title, readable::of(&signed, &found)))
}

// ------------------------------------------------------------------------------------------------ a draft

/// `GET /my/reports/{report_id}`: the draft, with what stands open.
pub async fn draft(signed: Signed, path: web::Path<String>) -> Shown {
    let (id, query) = (team::id(&path)?, query(&signed));
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
        }
    };
    page(&signed, &desk.report().title, content, refused.map(|(_, problem)| problem))
}

// ------------------------------------------------------------------------------------------------ what became of it

fn paragraph_of(path: &(String, String)) -> Result<(ReportId, ParagraphId), Problem> {
    Ok((team::id(&path.0)?, visit::id(&path.1, "paragraph")?))
}

/// `GET /my/reports/{report_id}/paragraphs/{paragraph_id}/history`: what became of a paragraph.
pub async fn paragraph(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id) = paragraph_of(&path)?;
    let query = query(&signed);
    let cursor = query.text("cursor");
    let found =
        signed.read(move |work| service::story(work, report, id, cursor.as_deref())).await?;
    let content = story::of(&signed, &found, query.parsed("restored"), None);
    Ok(page(&signed, &i18n::of(signed.language()).paragraph_history, content, None))
}

/// `POST /my/reports/{report_id}/paragraphs/{paragraph_id}/history`: brings an earlier version back.
pub async fn restore(signed: Signed, path: web::Path<(String, String)>, body: web::Bytes) -> Shown {
    let (report, id) = paragraph_of(&path)?;
    let fields = Fields::of(&body);
    let number = fields.parsed("number").ok_or_else(|| Problem::not_found("version"))?;
    let version = fields.parsed("version").unwrap_or(0);
    let done = signed.write(move |work| service::restore(work, report, id, number, version)).await;
    match done {
        Ok(left_out) => {
            let history = format!("{}/paragraphs/{id}/history", ways::draft(report));
            Ok(signed.go(&format!("{history}?restored={left_out}")))
        }
        Err(problem) if team::is_told(&problem) => {
            let found = signed.read(move |work| service::story(work, report, id, None)).await?;
            let content = story::of(&signed, &found, None, Some(&problem));
            let title = &i18n::of(signed.language()).paragraph_history;
            Ok(page(&signed, title, content, Some(&problem)))
        }
        Err(problem) => Err(problem),
    }
}

/// `GET /my/reports/{report_id}/sections/{section_id}/history`: what became of a section.
pub async fn section(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id): (_, SectionId) = (team::id(&path.0)?, visit::id(&path.1, "section")?);
    let found = signed.read(move |work| service::section_story(work, report, id)).await?;
    let content = story::of_section(&signed, &found);
    Ok(page(&signed, &i18n::of(signed.language()).section_history, content, None))
}

// ------------------------------------------------------------------------------------------------ drafts that were frozen

/// `GET /my/reports/{report_id}/milestones`: the drafts that were frozen.
pub async fn milestones(signed: Signed, path: web::Path<String>) -> Shown {
    show_milestones(&signed, team::id(&path)?, "", None).await
}

/// `POST /my/reports/{report_id}/milestones`: freezes the draft.
pub async fn freeze(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let id = team::id(&path)?;
    let name = Fields::of(&body).text("name").unwrap_or_default();
    let typed = name.clone();
    match signed.write(move |work| service::freeze(work, id, &name)).await {
        Ok(()) => Ok(signed.go(&format!("{}/milestones", ways::draft(id)))),
        Err(problem) if team::is_told(&problem) => {
            show_milestones(&signed, id, &typed, Some(&problem)).await
        }
        Err(problem) => Err(problem),
    }
}

async fn show_milestones(
    signed: &Signed,
    id: ReportId,
    typed: &str,
    refused: Option<&Problem>,
) -> Shown {
    let found = signed.read(move |work| service::frozen(work, id)).await?;
    let content = frozen::list(signed, &found, typed, refused);
    Ok(page(signed, &i18n::of(signed.language()).milestones, content, refused))
}

fn milestone_of(path: &(String, String)) -> Result<(ReportId, MilestoneId), Problem> {
    Ok((team::id(&path.0)?, visit::id(&path.1, "milestone")?))
}

/// `GET /my/reports/{report_id}/milestones/{milestone_id}`: a draft as it was frozen.
pub async fn milestone(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id) = milestone_of(&path)?;
    let looked = signed.read(move |work| service::milestone(work, report, id)).await?;
    let bytes = looked.milestone.document.as_deref();
    let document = bytes.map(|bytes| render::json::read(bytes.as_bytes())).transpose();
    let document = document.map_err(Problem::internal)?;
    let content = frozen::one(&signed, &looked, document.as_ref());
    Ok(page(&signed, &looked.milestone.name, content, None))
}

/// `GET /my/reports/{report_id}/milestones/{milestone_id}/changes`: what has changed since.
pub async fn changes(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id) = milestone_of(&path)?;
    let (looked, difference) = signed.read(move |work| service::changes(work, report, id)).await?;
    let content = frozen::changes(&signed, &looked, &difference);
    Ok(page(&signed, &i18n::of(signed.language()).changes_since, content, None))
}
