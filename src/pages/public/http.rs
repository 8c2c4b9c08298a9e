//! Pages for everybody: what is asked for and what is shown.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::{announced, compared, edition, held, home, i18n, service, statements, translated};
use crate::pages::visit::{self, Shown, Visit};

/// `GET /`: what is open, coming up, under way and past, and what was published.
pub async fn home(visit: Visit) -> Shown {
    let found = visit.read(service::home).await?;
    let title = &i18n::of(visit.language()).home;
    Ok(visit.frame.headed(StatusCode::OK, title, home::of(&visit, &found)))
}

/// `GET /consultations/{consultation_id}`: a consultation with its programme.
pub async fn consultation(mut visit: Visit, path: web::Path<String>) -> Shown {
    let id = visit::id(&path, "consultation")?;
    let event = visit.read(move |work| service::event(work, id)).await?;
    let consultation = &event.announced.consultation;
    visit.frame = visit.frame.clone().or_language(visit.request(), &consultation.languages);
    let content = announced::of(&visit, &event);
    Ok(visit.frame.headed(StatusCode::OK, &consultation.theme, content))
}

/// Which edition.
#[derive(Debug, Deserialize)]
pub struct Which {
    edition: Option<String>,
    /// The language of the text, whatever that of the page is.
    text: Option<String>,
}

/// `GET /reports/{report_id}`: the newest edition of a report or paper, or the one that is asked for.
pub async fn report(mut visit: Visit, path: web::Path<String>, which: web::Query<Which>) -> Shown {
    let id = visit::id(&path, "report")?;
    let Which { edition, text } = which.into_inner();
    let number = edition.as_deref().map(|number| visit::id(number, "edition")).transpose()?;
    let language = text.as_deref().map(|text| visit::id(text, "translation")).transpose()?;
    let page = visit.read(move |work| {
        let mut page = service::page(work, id, number)?;
        if let Some(language) = language {
            translated::show(work, &mut page, language)?;
        }
        Ok(page)
    });
    let page = page.await?;
    let meta = &page.reading.document.meta;
    visit.frame = visit.frame.clone().or_language(visit.request(), &[meta.lang.to_string()]);
    visit.frame = visit.frame.clone().with_fields(page.cited.fields());
    let pages = page.languages.pages(id, page.reading.edition.number);
    visit.frame = visit.frame.clone().with_alternates(pages);
    let content = edition::of(&visit, &page);
    Ok(visit.frame.headed(StatusCode::OK, meta.title.as_str(), content))
}

/// Which editions are compared.
#[derive(Debug, Deserialize)]
pub struct Both {
    from: Option<String>,
    to: Option<String>,
}

/// `GET /reports/{report_id}/differences`: what differs between two editions.
pub async fn differences(
    mut visit: Visit,
    path: web::Path<String>,
    both: web::Query<Both>,
) -> Shown {
    let id = visit::id(&path, "report")?;
    let number = |text: &Option<String>| visit::id(text.as_deref().unwrap_or_default(), "edition");
    let (from, to) = (number(&both.from)?, number(&both.to)?);
    let found = visit.read(move |work| service::compared(work, id, from, to)).await?;
    let meta = &found.differences.marked.meta;
    visit.frame = visit.frame.clone().or_language(visit.request(), &[meta.lang.to_string()]);
    let content = compared::of(&visit, &found);
    Ok(visit.page(i18n::of(visit.language()).differences, content))
}

/// `GET /reports/{report_id}/editions/{number}/paragraphs/{paragraph}`: a paragraph under the address by which it is cited.
pub async fn paragraph(mut visit: Visit, path: web::Path<(String, String, String)>) -> Shown {
    let (report, edition, number) = path.into_inner();
    let id = visit::id(&report, "report")?;
    let (edition, number) = (visit::id(&edition, "edition")?, visit::id(&number, "paragraph")?);
    let found = visit.read(move |work| service::quoted(work, id, edition, number)).await?;
    let meta = &found.reading.document.meta;
    visit.frame = visit.frame.clone().or_language(visit.request(), &[meta.lang.to_string()]);
    visit.frame = visit.frame.clone().with_fields(found.cited.fields());
    let title = i18n::number(i18n::of(visit.language()).paragraph, number);
    Ok(visit.page(&title, compared::paragraph(&visit, &found)))
}

/// `GET /privacy`: what is held about people.
pub async fn privacy(visit: Visit) -> Shown {
    let fields = visit.read(service::held).await?;
    Ok(visit.page(i18n::of(visit.language()).privacy, held::of(&visit, &fields)))
}

/// `GET /accessibility`: what these pages are held to.
pub async fn accessibility(visit: Visit) -> Shown {
    let title = &i18n::of(visit.language()).accessibility;
    Ok(visit.page(title, statements::accessibility(&visit)))
}

/// `GET /languages`: in what languages pages and documents are.
pub async fn languages(visit: Visit) -> Shown {
    let title = &i18n::of(visit.language()).about_languages;
    Ok(visit.page(title, statements::languages(&visit)))
}
