//! The pages of translations: what is sent, what is shown. No rules here.

use actix_web::web;

use super::beside::View;
use super::sent_rows::Typed;
use super::{begun, beside, i18n, service};
use crate::frame::own_name;
use crate::i18n::Language;
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{self, Shown, Signed};
use crate::problem::Problem;
use crate::reports::ReportId;
use crate::ways;

/// `GET /my/reports/{report_id}/translations`: the translations of a report.
pub async fn all(signed: Signed, path: web::Path<String>) -> Shown {
    show_all(&signed, team::id(&path)?, None).await
}

/// `POST /my/reports/{report_id}/translations`: begins one.
pub async fn begin(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let id = team::id(&path)?;
    let language: Option<Language> = Fields::of(&body).parsed("language");
    let language = language.ok_or_else(|| Problem::not_found("language"))?;
    match signed.write(move |work| service::begin(work, id, language)).await {
        Ok(()) => Ok(signed.go(&ways::translation(id, language))),
        Err(problem) if team::is_told(&problem) => show_all(&signed, id, Some(&problem)).await,
        Err(problem) => Err(problem),
    }
}

async fn show_all(signed: &Signed, id: ReportId, refused: Option<&Problem>) -> Shown {
    let found = signed.read(move |work| service::all(work, id)).await?;
    let content = begun::of(signed, &found, refused);
    Ok(team::page(signed, i18n::of(signed.language()).translations, content, refused))
}

fn translation_of((report, language): &(String, String)) -> Result<(ReportId, Language), Problem> {
    Ok((team::id(report)?, visit::id(language, "translation")?))
}

/// `GET /my/reports/{report_id}/translations/{language}`: the original and the translation side by side.
pub async fn look(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (id, language) = translation_of(&path)?;
    let view = View::read(&team::query(&signed));
    show(&signed, (id, language), view, None).await
}

/// `POST /my/reports/{report_id}/translations/{language}`: writes what was typed, or publishes. What is refused is shown with what was
/// typed.
pub async fn act(signed: Signed, path: web::Path<(String, String)>, body: web::Bytes) -> Shown {
    let (id, language) = translation_of(&path)?;
    let fields = Fields::of(&body);
    let view = View::read(&fields);
    let typed = Typed::read(&fields);
    let edition: Option<i32> = fields.parsed("publish");
    let version = fields.parsed("translation_version").unwrap_or(0);
    let sent = typed.clone();
    let done = signed.write(move |work| match edition {
        Some(edition) => service::publish(work, id, language, (edition, version)),
        None => service::write(work, id, language, &sent).map(|()| None),
    });
    match done.await {
        Ok(Some(proposal)) => Ok(signed.go(&ways::proposal(proposal))),
        Ok(None) => Ok(signed.go(&view.done(id, language))),
        Err(problem) if team::is_told(&problem) => {
            show(&signed, (id, language), view, Some((&typed, &problem))).await
        }
        Err(problem) => Err(problem),
    }
}

async fn show(
    signed: &Signed,
    (id, language): (ReportId, Language),
    view: View,
    refused: Option<(&Typed, &Problem)>,
) -> Shown {
    let looked = signed.read(move |work| service::look(work, id, language)).await?;
    let content = beside::of(signed, &looked, &view, refused);
    Ok(team::page(signed, own_name(language), content, refused.map(|(_, problem)| problem)))
}

/// `GET /my/reports/{report_id}/translations/{language}/text`: the translation as a whole.
pub async fn text(signed: Signed, path: web::Path<(String, String)>) -> Shown {
    let (id, language) = translation_of(&path)?;
    let (looked, document) = signed.read(move |work| service::text(work, id, language)).await?;
    let content = beside::text(&signed, &looked, &document);
    Ok(team::page(&signed, own_name(language), content, None))
}
