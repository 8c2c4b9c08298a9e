//! The pages of histories: what is sent, what is shown. No rules here.

use actix_web::web;

use super::{service, story};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{self, Shown, Signed};
use crate::pages::writing::i18n;
use crate::problem::Problem;
use crate::reports::{ParagraphId, ReportId, SectionId};
use crate::ways;

fn paragraph_of(path: &(String, String)) -> Result<(ReportId, ParagraphId), Problem> {
    Ok((team::id(&path.0)?, visit::id(&path.1, "paragraph")?))
}

/// `GET /my/reports/{report_id}/paragraphs/{paragraph_id}/history`: what became of a paragraph.
pub async fn paragraph(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id) = paragraph_of(&path)?;
    let query = team::query(&signed);
    let cursor = query.text("cursor");
    let found =
        signed.read(move |work| service::story(work, report, id, cursor.as_deref())).await?;
    let content = story::of(&signed, &found, query.parsed("restored"), None);
    Ok(team::page(&signed, i18n::of(signed.language()).paragraph_history, content, None))
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
            Ok(team::page(&signed, title, content, Some(&problem)))
        }
        Err(problem) => Err(problem),
    }
}

/// `GET /my/reports/{report_id}/sections/{section_id}/history`: what became of a section.
pub async fn section(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id): (_, SectionId) = (team::id(&path.0)?, visit::id(&path.1, "section")?);
    let found = signed.read(move |work| service::section(work, report, id)).await?;
    let content = story::of_section(&signed, &found);
    Ok(team::page(&signed, i18n::of(signed.language()).section_history, content, None))
}
