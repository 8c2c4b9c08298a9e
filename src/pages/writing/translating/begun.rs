//! The translations of a report: how much there is of each, and a form that begins one.

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::Translations;
use crate::frame::own_name;
use crate::i18n::Language;
use crate::pages::naming;
use crate::pages::visit::Signed;
use crate::problem::Problem;
use crate::reports::translations::Progress;
use crate::ways;

/// The list.
pub fn of(signed: &Signed, found: &Translations, refused: Option<&Problem>) -> Markup {
    let (words, report) = (i18n::of(signed.language()), &found.report);
    let is_free = |language: &&Language| {
        **language != report.language && found.all.iter().all(|(one, _)| one.language != **language)
    };
    let free: Vec<&Language> = Language::ALL.iter().filter(is_free).collect();
    html! {
        p .over dir="auto" { a href=(signed.link(&ways::draft(report.id))) lang=(report.language) { (report.title) } }
        h1 { (words.translations) }
        p .lead { (words.lead) }
        @if let Some(problem) = refused { (signed.frame.notice(problem)) }
        @if found.all.is_empty() { p { (words.nothing_yet) } }
        ul .shelf { @for (one, how_much) in &found.all { li {
            a href=(signed.link(&ways::translation(report.id, one.language))) lang=(one.language) { (own_name(one.language)) }
            p .soft { (progress(signed, *how_much, words)) }
        } } }
        @if found.can_begin && !free.is_empty() {
            form method="post" action=(signed.link(&ways::translations(report.id))) {
                div .f {
                    label for="language" { (words.into) }
                    select #language name="language" { @for one in free {
                        option value=(one) { (naming::language(one.as_str(), signed.language())) }
                    } }
                }
                button .m { (words.begin) }
            }
        }
    }
}

/// How much there is.
pub fn progress(signed: &Signed, progress: Progress, words: &Words) -> Markup {
    let language = signed.language();
    html! {
        @if progress.is_whole() { (words.whole) }
        @if progress.missing > 0 { (words.portions_missing.of(language, progress.missing)) }
        @if progress.missing > 0 && progress.older > 0 { " · " }
        @if progress.older > 0 { (words.portions_older.of(language, progress.older)) }
    }
}
