//! What this site says of how it can be used, and in which languages.

use maud::{Markup, html};

use super::i18n;
use crate::frame::own_name;
use crate::i18n::Language;
use crate::pages::visit::Visit;

/// Whom to write to, where somebody is named.
pub fn contact(visit: &Visit) -> Markup {
    let (words, address) = (i18n::of(visit.language()), &visit.app.settings.server.contact);
    html! { @if !address.is_empty() {
        p { (words.write_to) " " a href={ "mailto:" (address) } dir="ltr" { (address) } }
    } }
}

/// The accessibility statement.
pub fn accessibility(visit: &Visit) -> Markup {
    let words = i18n::of(visit.language());
    let shortfalls = [
        words.short_audit,
        words.short_texts,
        words.short_files,
        words.short_meetings,
        words.short_signs,
    ];
    html! {
        p .lead { (words.accessibility_lead) }
        h2 { (words.tested) }
        p { (words.tested_text) }
        h2 { (words.shortfalls) }
        ul { @for shortfall in shortfalls { li { (shortfall) } } }
        h2 { (words.help) }
        p { (words.help_text) }
        (contact(visit))
    }
}

/// In which languages pages and documents are.
pub fn languages(visit: &Visit) -> Markup {
    let words = i18n::of(visit.language());
    html! {
        p .lead { (words.languages_lead) }
        ul .row { @for one in Language::ALL {
            li { a lang=(one) hreflang=(one) href={ "/?lang=" (one) } { (own_name(*one)) } }
        } }
        p { (words.languages_documents) }
        p { (words.languages_said) }
        p { (words.languages_mails) }
        p { (words.languages_times) }
        (contact(visit))
    }
}
