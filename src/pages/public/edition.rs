//! The reading page of a published report or paper: the document in its own language, around it what one does with it in the
//! reader's.

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::{Page, Reading};
use super::{compared, home, translated};
use crate::frame::own_name;
use crate::i18n::Language;
use crate::pages::visit::Visit;
use crate::printing::Output;
use crate::render::Format;
use crate::render::html::{Parts, parts};
use crate::reports::Amendment;
use crate::reports::clearance::Approval;
use crate::ways;

/// The page, with its title.
pub fn of(visit: &Visit, page: &Page) -> Markup {
    let (words, reading) = (i18n::of(visit.language()), &page.reading);
    let meta = &reading.document.meta;
    let Parts { masthead, title, summary, contents, text, notes } = parts(&reading.document);
    html! {
        (of_other_edition(visit, reading, words))
        article .read lang=(meta.lang) dir=(meta.dir.as_str()) {
            (masthead) (title)
            div .tools lang=(visit.language()) dir=(visit.language().direction()) { (tools(visit, page, words)) }
            (summary) (contents) (text) (notes)
        }
        (citing(visit, reading, words))
        (editions(visit, reading, words))
        (approval(visit, &page.approvals, words))
        @if let Some(consultation) = reading.report.consultation_id {
            p { a href=(visit.link(&ways::consultation(consultation))) { (words.of_consultation) } }
        }
    }
}

/// What it is, and what one does with it.
fn tools(visit: &Visit, page: &Page, words: &Words) -> Markup {
    let (report, reading) = (&page.reading.report, &page.reading);
    html! {
        p .soft {
            (home::kind(report.kind, words)) " · "
            (i18n::number(words.edition, reading.edition.number)) " · "
            (published(visit, reading))
            @if let Some(language) = Language::of_tag(reading.document.meta.lang.as_str()).filter(|one| *one != visit.language()) {
                " · " span lang=(language) { (own_name(language)) }
            }
            " · " a href="#cite" { (words.cite) }
        }
        (translated::choice(visit, page, words))
        (files(page, words))
    }
}

fn published(visit: &Visit, reading: &Reading) -> String {
    crate::i18n::mails(visit.language()).date(reading.edition.published_at.utc().date_naive())
}

fn of_other_edition(visit: &Visit, reading: &Reading, words: &Words) -> Markup {
    let newest = reading.issues.last().is_none_or(|newest| newest.number == reading.edition.number);
    html! { @if !newest { div .n { p {
        (i18n::number(words.older, reading.edition.number)) " "
        a href=(visit.link(&ways::report(reading.report.id))) { (words.newest) }
    } } } }
}

fn files(page: &Page, words: &Words) -> Markup {
    let base = translated::files(page);
    html! {
        ul .row aria-label=(words.files) { @for output in &page.files {
            li { a href={ (base) "." (output.extension()) } { bdi { (output.label()) } } " " span .soft.small { (use_of(*output, words)) } }
        } }
    }
}

/// What a format is good for.
fn use_of(output: Output, words: &Words) -> &str {
    match output {
        Output::Pdf => words.for_printing,
        Output::Written(Format::Docx) => words.for_editing,
        Output::Written(Format::Html) => words.for_keeping,
        Output::Written(Format::Markdown) => words.for_plain_text,
        Output::Written(Format::AkomaNtoso) => words.for_archives,
        Output::Written(Format::Json) => words.for_programs,
    }
}

/// What is cited is cited in its own language.
fn citing(visit: &Visit, reading: &Reading, words: &Words) -> Markup {
    let (meta, issue) = (&reading.document.meta, &reading.edition);
    let own = Language::of_tag(meta.lang.as_str()).unwrap_or(Language::English);
    let (said, mails) = (i18n::of(own), crate::i18n::mails(own));
    let mut place = vec![
        i18n::number(said.edition, issue.number),
        mails.date(issue.published_at.utc().date_naive()),
    ];
    // The first paragraph, as an example.
    let address = if reading.document.last_number() > 0 {
        place.insert(0, i18n::number(said.paragraph, 1));
        ways::paragraph(reading.report.id, issue.number, 1)
    } else {
        ways::edition(reading.report.id, issue.number)
    };
    let lines = [&meta.organ, &meta.symbol].into_iter().filter(|line| !line.is_blank());
    html! {
        h2 #cite { (words.cite) }
        p { (words.cite_text) }
        p .cite lang=(meta.lang) dir=(meta.dir.as_str()) {
            cite { (meta.title) } ". "
            @for line in lines { (line) ". " }
            (mails.list(&place)) ". "
            bdi dir="ltr" { (visit.app.settings.server.public_url) (address) }
        }
        (compared::managers(visit, reading.report.id, issue.number, None))
    }
}

/// Who agreed to each edition before it was published, and that somebody published it alone: bodies and those people who said so.
fn approval(visit: &Visit, approvals: &[(i32, Approval)], words: &Words) -> Markup {
    let mails = crate::i18n::mails(visit.language());
    html! {
        h2 #approval { (words.approval) }
        @for (number, approval) in approvals.iter().rev() {
            h3 { (i18n::number(words.edition, number)) }
            @if approval.agreed.is_empty() { @if !approval.acted_alone { p { (words.nobody_named) } } } @else {
                p { (words.approved_by) }
                ul { @for one in &approval.agreed { li { bdi { (one.name) } " · " (mails.date(one.on)) } } }
            }
            @if approval.acted_alone { p { (words.acted_alone) } }
        }
    }
}

/// What an edition after the first is.
fn amends(amendment: Amendment, words: &Words) -> &str {
    match amendment {
        Amendment::Corrigendum => words.corrigendum,
        Amendment::Revision => words.revision,
    }
}

fn editions(visit: &Visit, reading: &Reading, words: &Words) -> Markup {
    let mails = crate::i18n::mails(visit.language());
    html! {
        h2 { (words.editions) }
        ul { @for issue in reading.issues.iter().rev() { li {
            a href=(visit.link(&ways::edition(reading.report.id, issue.number)))
                aria-current=[(issue.number == reading.edition.number).then_some("true")] {
                (i18n::number(words.edition, issue.number))
            }
            @if let Some(amendment) = issue.amendment { " · " (amends(amendment, words)) }
            " · " (mails.date(issue.published_at.utc().date_naive()))
            @if let Some(symbol) = &issue.symbol { " · " bdi { (symbol) } }
            @if issue.amendment.is_some() {
                " · " a href=(visit.link(&ways::differences(reading.report.id, issue.number - 1, issue.number))) { (i18n::number(words.differs_from, issue.number - 1)) }
                " · " a href={ "/api/v1/reports/" (reading.report.id) "/editions/" (issue.number) "/changes.html" } {
                    (words.list_of_changes) span .unseen { ": " (i18n::number(words.edition, issue.number)) }
                }
            }
        } } }
    }
}
