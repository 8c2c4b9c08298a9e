//! What differs between two editions, and a paragraph under the address by which it is cited, with what became of it since.

use maud::{Markup, html};

use super::i18n;
use super::service::{Quoted, TwoEditions};
use crate::document::Block;
use crate::pages::visit::Visit;
use crate::render::html::{Parts, Pieces, parts};
use crate::reports::differences::Stand;
use crate::ways;

/// What differs between two editions, with its title.
pub fn of(visit: &Visit, found: &TwoEditions) -> Markup {
    let words = i18n::of(visit.language());
    let marked = &found.differences.marked;
    let Parts { masthead, title, summary, text, notes, .. } = parts(marked);
    let (from, to) = (found.differences.from.stand, found.differences.to.stand);
    let base = format!("/api/v1/reports/{}/differences", found.report.id);
    let query = format!("?from={from}&to={to}");
    html! {
        p .over dir="auto" lang=(marked.meta.lang) { a href=(visit.link(&ways::report(found.report.id))) { (marked.meta.title) } }
        @if !marked.differs() { p .n { (words.no_differences) } }
        p .soft { (words.marked_as) ": "
            @for (nth, output) in found.files.iter().enumerate() {
                @if nth > 0 { " · " }
                a href={ (base) "." (output.extension()) (query) } { bdi { (output.label()) } }
            }
            " · " a href={ (base) (query) } { bdi { "JSON" } }
            @if let Stand::Edition(number) = to {
                " · " a href={ "/api/v1/reports/" (found.report.id) "/editions/" (number) "/changes.html" } { (words.list_of_changes) }
            }
        }
        div .read lang=(marked.meta.lang) dir=(marked.meta.dir.as_str()) {
            (masthead) (lowered(title)) (summary) (text) (notes)
        }
    }
}

/// A paragraph of an edition.
pub fn paragraph(visit: &Visit, found: &Quoted) -> Markup {
    let words = i18n::of(visit.language());
    let (report, issue) = (found.reading.report.id, &found.reading.edition);
    let (document, number) = (&found.reading.document, found.paragraph.number.unwrap_or_default());
    let newest = found.reading.issues.last().map_or(issue.number, |newest| newest.number);
    let pieces = Pieces::of(document);
    html! {
        p .over dir="auto" lang=(document.meta.lang) { a href=(visit.link(&ways::edition(report, issue.number))) { (document.meta.title) } }
        @if let Some(now) = found.now { div .n {
            p { (i18n::number(words.older, issue.number)) }
            @match now {
                Some((now, same)) => p {
                    (i18n::number(if same { words.same_now } else { words.other_now }, now)) " "
                    a href=(visit.link(&ways::paragraph(report, newest, now))) { (i18n::number(words.paragraph, now)) }
                },
                None => p { (words.gone_now) },
            }
            p { a href=(visit.link(&ways::differences(report, issue.number, newest))) { (words.differences) } }
        } }
        div .read lang=(document.meta.lang) dir=(document.meta.dir.as_str()) {
            (pieces.quoted(&Block::Paragraph(found.paragraph.clone())))
        }
        p { a href=(visit.link(&ways::paragraph_in_edition(report, issue.number, number))) { (words.in_context) } }
        h2 #cite { (words.cite) }
        p .cite lang=(document.meta.lang) dir=(document.meta.dir.as_str()) {
            cite { (document.meta.title) } ". "
            @if let Some(symbol) = &issue.symbol { bdi { (symbol) } ". " }
            bdi dir="ltr" { (found.cited.address) }
        }
        (managers(visit, report, issue.number, Some(number)))
    }
}

/// Citations for reference managers.
pub fn managers(
    visit: &Visit,
    report: crate::reports::ReportId,
    edition: i32,
    paragraph: Option<u32>,
) -> Markup {
    let words = i18n::of(visit.language());
    let base = format!("/api/v1/reports/{report}/editions/{edition}/citation");
    let query = paragraph.map(|number| format!("?paragraph={number}")).unwrap_or_default();
    html! { p .soft { (words.for_managers) ": "
        a href={ (base) ".bib" (query) } { bdi { "BibTeX" } } " · "
        a href={ (base) ".json" (query) } { bdi { "CSL-JSON" } }
    } }
}

/// The title of the document under that of the page.
fn lowered(title: Markup) -> Markup {
    maud::PreEscaped(
        title.into_string().replace("<h1", "<p><strong").replace("</h1>", "</strong></p>"),
    )
}
