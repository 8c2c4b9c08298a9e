//! The page of the commenting template: what is sent, what is shown. No rules here.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::posted::{Act, Sending};
use super::service::{self, Found, Sheet};
use super::showing;
use crate::http::extract::Upload;
use crate::pages::clearing::i18n;
use crate::pages::team;
use crate::pages::uploads::Parts;
use crate::pages::visit::{Shown, Signed};
use crate::problem::Problem;
use crate::reports::clearance::template::{TemplateFormat, write};
use crate::ways;

/// `GET /my/reports/{report_id}/clearance/template`: the tables to be taken away, and where one is sent back.
pub async fn look(signed: Signed, path: web::Path<String>) -> Shown {
    let id = team::id(&path)?;
    let party = team::query(&signed).parsed("for");
    let sheet = signed.read(move |work| service::sheet(work, id)).await?;
    Ok(show(&signed, &sheet, Sending { party, ..Sending::default() }))
}

/// `GET /my/reports/{report_id}/clearance/template.xlsx`: the table for a spreadsheet.
pub async fn xlsx(signed: Signed, path: web::Path<String>) -> Shown {
    file(signed, &path, TemplateFormat::Xlsx).await
}

/// `GET /my/reports/{report_id}/clearance/template.docx`: the table for Word.
pub async fn docx(signed: Signed, path: web::Path<String>) -> Shown {
    file(signed, &path, TemplateFormat::Docx).await
}

async fn file(signed: Signed, path: &str, format: TemplateFormat) -> Shown {
    let id = team::id(path)?;
    let outgoing = signed.read(move |work| service::outgoing(work, id)).await?;
    let written =
        web::block(move || write(format, &outgoing.report.title, &outgoing.lines, &outgoing.page));
    let file = written.await.map_err(Problem::internal)??;
    let name = format!("attachment; filename=\"comments-{id}.{format}\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(format.media_type())
        .body(file))
}

/// `POST /my/reports/{report_id}/clearance/template`: shows what a file says, or records what was shown and goes to the clearance room.
pub async fn act(signed: Signed, path: web::Path<String>, upload: Upload) -> Shown {
    let id = team::id(&path)?;
    let parts = Parts::of(upload).await?;
    let act = Act::read(parts).ok_or_else(|| Problem::not_found("form"))?;
    let party = act.party;
    let done = match act.said {
        None => signed.read(move |work| service::found(work, id, &act)).await.map(Some),
        Some(said) => {
            let kept = signed.write(move |work| service::keep(work, id, party, said.clone()));
            kept.await.map(|()| None)
        }
    };
    let sending = match done {
        Ok(None) => {
            let party = party.map(|party| format!("&for={party}")).unwrap_or_default();
            return Ok(signed.go(&format!("{}?done=kept{party}#main", ways::clearance(id))));
        }
        Ok(Some(found)) => Sending { party, found: Some(found), refused: None },
        Err(problem) if team::is_told(&problem) => {
            Sending { party, found: None, refused: Some(problem) }
        }
        Err(problem) => return Err(problem),
    };
    let sheet = signed.read(move |work| service::sheet(work, id)).await?;
    Ok(show(&signed, &sheet, sending))
}

fn show(signed: &Signed, sheet: &Sheet, sending: Sending<Found>) -> HttpResponse {
    let title = &i18n::of(signed.language()).template_title;
    let content = showing::of(signed, sheet, &sending);
    team::page(signed, title, content, sending.refused.as_ref())
}
