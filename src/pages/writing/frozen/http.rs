//! The pages of drafts that were frozen: what is sent, what is shown. No rules here.

use actix_web::web;

use super::{service, shown};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{self, Shown, Signed};
use crate::pages::writing::i18n;
use crate::problem::Problem;
use crate::render;
use crate::reports::ReportId;
use crate::vocabulary::MilestoneId;
use crate::ways;

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
    let found = signed.read(move |work| service::all(work, id)).await?;
    let content = shown::list(signed, &found, typed, refused);
    Ok(team::page(signed, i18n::of(signed.language()).milestones, content, refused))
}

fn milestone_of(path: &(String, String)) -> Result<(ReportId, MilestoneId), Problem> {
    Ok((team::id(&path.0)?, visit::id(&path.1, "milestone")?))
}

/// `GET /my/reports/{report_id}/milestones/{milestone_id}`: a draft as it was frozen.
pub async fn milestone(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id) = milestone_of(&path)?;
    let looked = signed.read(move |work| service::one(work, report, id)).await?;
    let bytes = looked.milestone.document.as_deref();
    let document = bytes.map(|bytes| render::json::read(bytes.as_bytes())).transpose();
    let document = document.map_err(Problem::internal)?;
    let content = shown::one(&signed, &looked, document.as_ref());
    Ok(team::page(&signed, &looked.milestone.name, content, None))
}

/// `GET /my/reports/{report_id}/milestones/{milestone_id}/changes`: what has changed since.
pub async fn changes(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (report, id) = milestone_of(&path)?;
    let (looked, difference) = signed.read(move |work| service::changes(work, report, id)).await?;
    let content = shown::changes(&signed, &looked, &difference);
    Ok(team::page(&signed, i18n::of(signed.language()).changes_since, content, None))
}
