//! The page of a Word file that came back: what is sent, what is shown. No rules here.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{i18n, sifting};
use crate::http::extract::Upload;
use crate::pages::fields::Fields;
use crate::pages::team::{self, only_for_team};
use crate::pages::uploads::Parts;
use crate::pages::visit::{Shown, Signed};
use crate::problem::Problem;
use crate::reports::returning::service::{TakingOver, compare, take_over};
use crate::reports::returning::{Returned, ReturnedOutcome};
use crate::reports::{self, Report, ReportId, milestones};
use crate::ways;

/// `GET /my/reports/{report_id}/returned`: asks for the file.
pub async fn ask(signed: Signed, path: web::Path<String>) -> Shown {
    let id = team::id(&path)?;
    let report = report(&signed, id).await?;
    let done = team::query(&signed).one("done").is_some();
    let content = sifting::asking(&signed, &report, done, None);
    Ok(page(&signed, content, None))
}

/// The report, for whoever may draft something in it: there is no such page for others.
async fn report(signed: &Signed, id: ReportId) -> Result<Report, Problem> {
    let found = signed.read(move |work| {
        only_for_team(milestones::service::milestones(
            work,
            id,
            &crate::http::page::Paging::first(1),
        ))?;
        if !milestones::service::can_set(work, id)? {
            return Err(Problem::not_found("report"));
        }
        reports::service::see(work, id)
    });
    found.await
}

/// `POST /my/reports/{report_id}/returned`: compares the file that was chosen, or takes over what is ticked.
pub async fn send(signed: Signed, path: web::Path<String>, upload: Upload) -> Shown {
    let id = team::id(&path)?;
    let is_file = upload.content_type.as_deref().is_some_and(|kind| kind.starts_with("multipart/"));
    if is_file {
        let file = Parts::of(upload).await?.file.unwrap_or_default();
        return compared(&signed, id, file.bytes, None).await;
    }
    let fields = Fields::of(&upload.bytes);
    let file = fields.one("file").and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    let ticked: BTreeSet<&str> = fields.all("take").collect();
    let left_out = fields.all("key").filter(|key| !ticked.contains(key));
    let wanted = TakingOver {
        fingerprint: fields.text("fingerprint").unwrap_or_default(),
        left_out: left_out.map(str::to_owned).collect(),
        accept: fields.is_ticked("accept"),
    };
    let bytes = file.clone();
    let taken = signed
        .write(move |work| only_for_team(take_over(work, id, &bytes, None, &wanted)).map(drop));
    match taken.await {
        Ok(()) => Ok(signed.go(&format!("{}/returned?done=taken", ways::draft(id)))),
        Err(problem) if team::is_told(&problem) => compared(&signed, id, file, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

/// What departs in a file; where it cannot be read, the form again with the reason.
async fn compared(signed: &Signed, id: ReportId, file: Vec<u8>, refused: Option<Problem>) -> Shown {
    let report = report(signed, id).await?;
    let bytes = file.clone();
    let found = signed.read(move |work| only_for_team(compare(work, id, &bytes, None)));
    match found.await {
        Ok(returned) => {
            let file = STANDARD.encode(&file);
            let content = sifting::found(signed, &report, &returned, &file, refused.as_ref());
            Ok(page(signed, content, refused.as_ref()))
        }
        Err(problem) if team::is_told(&problem) => {
            let content = sifting::asking(signed, &report, false, Some(&problem));
            Ok(page(signed, content, Some(&problem)))
        }
        Err(problem) => Err(problem),
    }
}

fn page(signed: &Signed, content: maud::Markup, refused: Option<&Problem>) -> HttpResponse {
    team::page(signed, i18n::of(signed.language()).title, content, refused)
}

/// Whether anything is taken over.
pub(super) fn takes(returned: &Returned) -> bool {
    returned.entries.iter().any(|one| one.taking.outcome() != ReturnedOutcome::Named)
}
