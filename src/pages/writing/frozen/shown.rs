//! Milestones: drafts that were frozen, each to be read as it was, and what has changed since.

use maud::{Markup, html};

use super::service::{Frozen, Looked};
use crate::document::Document;
use crate::pages::visit::Signed;
use crate::pages::writing::history::story::marked;
use crate::pages::writing::i18n::{self, put};
use crate::problem::{Code, Problem};
use crate::render::html::{Parts, parts};
use crate::reports::milestones::{DraftDifference, ParagraphDifference};
use crate::ways;

/// The milestones of a report, and a form that makes one.
pub fn list(signed: &Signed, frozen: &Frozen, typed: &str, refused: Option<&Problem>) -> Markup {
    let words = i18n::of(signed.language());
    let mails = crate::i18n::mails(signed.language());
    let draft = ways::draft(frozen.report.id);
    let wrong = refused.is_some_and(|problem| problem.code() == Code::InvalidValue);
    html! {
        p .over dir="auto" { a href=(signed.link(&draft)) lang=(frozen.report.language) { (frozen.report.title) } }
        h1 { (words.milestones) }
        p .lead { (words.milestones_text) }
        @if let Some(problem) = refused.filter(|_| !wrong) { (signed.frame.notice(problem)) }
        @if frozen.can_set {
            form method="post" action=(signed.link(&format!("{draft}/milestones"))) {
                div .f {
                    label for="name" { (words.milestone_name) }
                    @if wrong { p .e #name-e { (words.field_wrong) } }
                    input #name name="name" type="text" required dir="auto" autocomplete="off" value=(typed) aria-invalid=[wrong.then_some("true")];
                }
                button .m { (words.freeze) }
            }
        }
        @if frozen.milestones.is_empty() { p { (words.no_milestones) } }
        ul .shelf { @for one in &frozen.milestones { li {
            a href=(signed.link(&format!("{draft}/milestones/{}", one.id))) { (one.number) ". " bdi { (one.name) } }
            p .soft {
                bdi { (one.set_by.and_then(|by| frozen.team.get(&by)).map_or(words.somebody, |by| &by.name)) }
                " · " (mails.moment(frozen.zone, one.set_at))
            }
            p { a href=(signed.link(&format!("{draft}/milestones/{}/changes", one.id))) {
                (words.changes_since) span .unseen { ": " (one.name) }
            } }
        } } }
    }
}

fn over(signed: &Signed, looked: &Looked) -> Markup {
    let words = i18n::of(signed.language());
    let draft = ways::draft(looked.report.id);
    html! {
        p .over { a href=(signed.link(&format!("{draft}/milestones"))) { (words.milestones) } " · "
            a href=(signed.link(&draft)) dir="auto" lang=(looked.report.language) { (looked.report.title) } }
    }
}

fn set(signed: &Signed, looked: &Looked) -> Markup {
    let (words, mails) = (i18n::of(signed.language()), crate::i18n::mails(signed.language()));
    html! {
        p .soft { bdi { (looked.by.as_deref().unwrap_or(words.somebody)) } " · " (mails.moment(looked.zone, looked.milestone.set_at)) }
        p .soft.small { "SHA-256 " code dir="ltr" { (looked.milestone.sha256) } }
    }
}

/// A milestone as it was; without its document once somebody who was named in it is erased.
pub fn one(signed: &Signed, looked: &Looked, document: Option<&Document>) -> Markup {
    let words = i18n::of(signed.language());
    let changes =
        format!("{}/milestones/{}/changes", ways::draft(looked.report.id), looked.milestone.id);
    html! {
        (over(signed, looked))
        h1 dir="auto" { (looked.milestone.number) ". " (looked.milestone.name) }
        (set(signed, looked))
        p { a href=(signed.link(&changes)) { (words.changes_since) } }
        @if looked.milestone.names_left_out { div .n { p { (words.names_left_out) } } }
        @match document {
            Some(document) => {
                @let Parts { masthead, summary, contents, text, notes, .. } = parts(document);
                div .read lang=(document.meta.lang) dir=(document.meta.dir.as_str()) { (masthead) (summary) (contents) (text) (notes) }
            }
            None => { p .n { (words.no_document) } }
        }
    }
}

/// What has changed since.
pub fn changes(signed: &Signed, looked: &Looked, difference: &DraftDifference) -> Markup {
    let words = i18n::of(signed.language());
    let language = looked.report.language;
    let nothing = difference == &DraftDifference::default();
    let named = [(words.title, &difference.title), (words.summary, &difference.summary)];
    html! {
        (over(signed, looked))
        h1 { (words.changes_since) }
        p .lead dir="auto" { (looked.milestone.number) ". " (looked.milestone.name) }
        (set(signed, looked))
        @if nothing { p { (words.no_changes) } }
        @for (name, pieces) in named { @if !pieces.is_empty() {
            h2 { (name) }
            p .said dir="auto" lang=(language) { (marked(pieces, words)) }
        } }
        @if !difference.headings.is_empty() {
            h2 { (words.headings) }
            @for one in &difference.headings { p dir="auto" lang=(language) { (marked(&one.words, words)) } }
        }
        @if !difference.paragraphs.is_empty() {
            h2 { (words.paragraphs) }
            ol .story { @for one in &difference.paragraphs { li { (paragraph(signed, looked, one)) } } }
        }
    }
}

fn paragraph(signed: &Signed, looked: &Looked, one: &ParagraphDifference) -> Markup {
    let words = i18n::of(signed.language());
    let number = |number: Option<u32>| number.map_or_else(|| "–".to_owned(), |one| one.to_string());
    let said = match (&one.before, &one.after) {
        (None, _) => words.step_added,
        (_, None) => words.step_deleted,
        _ if one.moved && one.words.is_empty() => words.step_moved,
        _ => words.step_changed,
    };
    let shown = one.after.as_ref().or(one.before.as_ref());
    html! {
        h3 {
            (put(words.paragraph_number, "number", number(shown.and_then(|one| one.number))))
            " " span .tag { (said) }
            @if one.moved && !one.words.is_empty() { " " span .tag { (words.step_moved) } }
        }
        p .said dir="auto" lang=(looked.report.language) {
            @if one.words.is_empty() { (shown.map_or("", |one| one.text.as_str())) } @else { (marked(&one.words, words)) }
        }
        @if one.after.is_some() { p { a href=(signed.link(&format!("{}#at-{}", ways::draft(looked.report.id), one.id))) { (words.to_paragraph) } } }
    }
}
