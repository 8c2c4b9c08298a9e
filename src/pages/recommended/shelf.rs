//! The register as a list: for everybody with what one can ask for, for the team with what is to be confirmed.

use maud::{Markup, html};

use super::i18n::{self, Words, put};
use super::service::Register;
use super::told;
use crate::inputs::Addressee;
use crate::pages::visit::{Signed, Visit};
use crate::recommendations::service::Entry;
use crate::recommendations::{RecommendationState, Strength};
use crate::reference::Reference;
use crate::ways;

/// The page for everybody.
pub fn of(visit: &Visit, register: &Register) -> Markup {
    let words = i18n::of(visit.language());
    html! {
        p .lead { (words.lead) }
        p dir="auto" { strong { (register.review.title) } }
        (asking(visit, register, words))
        @if register.entries.is_empty() { p .n { (words.none) } }
        ul .shelf { @for entry in &register.entries {
            li { (item(visit, register, entry, &visit.link(&ways::recommendation(entry.recommendation.id)))) }
        } }
        (downloads(register, words))
    }
}

/// The page for whoever confirms and notes.
pub fn own(signed: &Signed, register: &Register) -> Markup {
    let words = i18n::of(signed.language());
    html! {
        p .lead { (words.own_lead) }
        p dir="auto" { strong { (register.review.title) } }
        @if register.entries.is_empty() { p .n { (words.none) } }
        ul .shelf { @for entry in &register.entries { li {
            (item(signed, register, entry, &signed.link(&ways::own_recommendation(entry.recommendation.id))))
            @if entry.recommendation.confirmed.is_none() { p { span .tag.go { (words.unconfirmed) } } }
        } } }
        p { a href=(signed.link(&ways::register(register.review.id))) { (words.public_page) } }
    }
}

fn item(visit: &Visit, register: &Register, entry: &Entry, way: &str) -> Markup {
    let words = i18n::of(visit.language());
    let one = &entry.recommendation;
    html! {
        h2 { a href=(way) { bdi { (one.reference) } } }
        p lang=(one.language) dir=(one.language.direction()) { (told::plain(entry)) }
        p .soft.small {
            (told::objectives(visit, entry)) " · " (told::strength(entry, words)) " · " (told::addressees(visit, entry, words))
            " · " (told::heard(visit, &register.ordinals, entry))
            @if let Some(note) = entry.follow_ups.last() {
                " · " (words.follow_up) ": " (crate::i18n::mails(visit.language()).date(note.dated_on))
            }
        }
        @if entry.changed_since() { p .n { (words.changed_since) } }
    }
}

/// What one can ask for.
fn asking(visit: &Visit, register: &Register, words: &Words) -> Markup {
    let wanted = &register.wanted;
    let state = wanted.state.unwrap_or(RecommendationState::Standing);
    html! {
        form method="get" action=(ways::register(register.review.id)) role="search" {
            input type="hidden" name="lang" value=(visit.language());
            div .f {
                label for="objective" { (words.objective_label()) }
                select #objective name="objective" {
                    option value="" { (words.any) }
                    @for one in &Reference::get().framework.objectives {
                        option value=(one.number) selected[wanted.objective == Some(one.number)] {
                            (put(words.objective, "number", one.number))
                        }
                    }
                }
            }
            div .f {
                label for="strength" { (words.strength) }
                select #strength name="strength" {
                    option value="" { (words.any) }
                    @for one in Strength::ALL {
                        option value=(one) selected[wanted.strength == Some(*one)] { (told::strength_name(*one, words)) }
                    }
                }
            }
            div .f {
                label for="addressee" { (words.addressees) }
                select #addressee name="addressee" {
                    option value="" { (words.any) }
                    @for one in Addressee::ALL {
                        option value=(one) selected[wanted.addressee == Some(*one)] { (told::addressee_name(*one, words)) }
                    }
                }
            }
            div .f {
                label for="state" { (words.state) }
                select #state name="state" {
                    @for one in RecommendationState::ALL {
                        option value=(one) selected[state == *one] { (told::state_name(*one, words)) }
                    }
                }
            }
            div .f {
                label for="q" { (words.words_in) }
                input #q name="q" type="search" dir="auto" value=(wanted.words.as_deref().unwrap_or_default());
            }
            button .m { (words.show) }
        }
    }
}

fn downloads(register: &Register, words: &Words) -> Markup {
    let base = format!("/api/v1/reviews/{}/recommendations", register.review.id);
    html! {
        h2 { (words.downloads) }
        ul .row {
            li { a href={ (base) "/export?format=csv" } { "CSV" } }
            li { a href={ (base) "/export?format=xlsx" } { "XLSX" } }
            li { a href=(base) { "JSON" } }
            li { a href={ (base) ".atom" } type="application/atom+xml" { (words.feed) } }
        }
    }
}
