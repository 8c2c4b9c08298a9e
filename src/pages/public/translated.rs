//! The languages of an edition: in which it is to be read beside its own, and the text in one of them.

use maud::{Markup, html};

use super::i18n::Words;
use super::service::Page;
use crate::frame::own_name;
use crate::i18n::Language;
use crate::pages::visit::Visit;
use crate::problem::Problem;
use crate::reports::ReportId;
use crate::reports::translations::issuing;
use crate::ways;
use crate::work::Work;

/// In which languages an edition is to be read.
#[derive(Debug, Clone)]
pub struct Languages {
    /// Its own.
    own: Option<Language>,
    /// Those of its translations.
    others: Vec<Language>,
    /// The translation that is shown; none for the edition itself.
    shown: Option<Language>,
}

impl Languages {
    /// Of an edition, which is shown in its own.
    pub fn of(work: &mut Work, id: ReportId, number: i32, own: &str) -> Result<Self, Problem> {
        let issues = issuing::issues(work, id, number)?;
        let others = issues.into_iter().map(|issue| issue.language).collect();
        Ok(Self { own: Language::of_tag(own), others, shown: None })
    }

    /// Each with the page on which it is read; none where there is but one.
    pub fn pages(&self, report: ReportId, number: i32) -> Vec<(Language, String)> {
        if self.others.is_empty() {
            return Vec::new();
        }
        let own = self.own.map(|own| (own, ways::edition(report, number)));
        let page = |other: &Language| (*other, ways::edition_in(report, number, *other));
        own.into_iter().chain(self.others.iter().map(page)).collect()
    }
}

/// Shows an edition in another language; 404 where it is not to be had in that.
pub fn show(work: &mut Work, page: &mut Page, language: Language) -> Result<(), Problem> {
    if page.languages.own == Some(language) {
        return Ok(());
    }
    let (report, number) = (page.reading.report.id, page.reading.edition.number);
    let translation = issuing::published(work, report, number, language)?;
    page.reading.document = translation.document()?;
    page.languages.shown = Some(language);
    Ok(())
}

/// The address of the files of what is shown, without their endings.
pub fn files(page: &Page) -> String {
    let (report, number) = (page.reading.report.id, page.reading.edition.number);
    let base = format!("/api/v1/reports/{report}/editions/{number}");
    match page.languages.shown {
        Some(language) => format!("{base}/translations/{language}"),
        None => base,
    }
}

/// The languages to choose from.
pub fn choice(visit: &Visit, page: &Page, words: &Words) -> Markup {
    let pages = page.languages.pages(page.reading.report.id, page.reading.edition.number);
    let shown = page.languages.shown.or(page.languages.own);
    html! { @if !pages.is_empty() {
        ul .row aria-label=(words.text_languages) { @for (language, page) in pages {
            li { a href=(visit.link(&page)) lang=(language) hreflang=(language)
                aria-current=[(shown == Some(language)).then_some("true")] { (own_name(language)) } }
        } }
    } }
}
