//! The languages of an edition: in which it is to be read beside its own, and the text in one of them.

use maud::{Markup, html};

use super::i18n::Words;
use super::service::Reading;
use crate::frame::own_name;
use crate::i18n::Language;
use crate::pages::visit::Visit;
use crate::problem::Problem;
use crate::reports::translations::issuing;
use crate::reports::{Issue, ReportId};
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
    pub fn pages(&self, report: ReportId, issue: &Issue) -> Vec<(Language, String)> {
        if self.others.is_empty() {
            return Vec::new();
        }
        let own = self.own.map(|own| (own, ways::edition(report, issue.number)));
        let page = |other: &Language| (*other, ways::edition_in(report, issue.number, *other));
        own.into_iter().chain(self.others.iter().map(page)).collect()
    }
}

/// Shows an edition in another language; 404 where it is not to be had in that.
pub fn show(work: &mut Work, reading: &mut Reading, text: &str) -> Result<(), Problem> {
    let language: Language = text.parse().map_err(|_| Problem::not_found("translation"))?;
    if reading.languages.own == Some(language) {
        return Ok(());
    }
    let (report, number) = (reading.report.id, reading.issue.number);
    let translation = issuing::published(work, report, number, language)?;
    reading.document = translation.document()?;
    reading.languages.shown = Some(language);
    Ok(())
}

/// The address of the files of what is shown, without their endings.
pub fn files(reading: &Reading) -> String {
    let base = format!("/api/v1/reports/{}/editions/{}", reading.report.id, reading.issue.number);
    match reading.languages.shown {
        Some(language) => format!("{base}/translations/{language}"),
        None => base,
    }
}

/// The languages to choose from.
pub fn choice(visit: &Visit, reading: &Reading, words: &Words) -> Markup {
    let pages = reading.languages.pages(reading.report.id, &reading.issue);
    let shown = reading.languages.shown.or(reading.languages.own);
    html! { @if !pages.is_empty() {
        ul .row aria-label=(words.text_languages) { @for (language, page) in pages {
            li { a href=(visit.link(&page)) lang=(language) hreflang=(language)
                aria-current=[(shown == Some(language)).then_some("true")] { (own_name(language)) } }
        } }
    } }
}
