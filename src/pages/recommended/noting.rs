//! Where the team confirms how a recommendation is put and to whom, with the words that were read, and notes what came of it.

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::Told;
use super::told;
use crate::inputs::Addressee;
use crate::pages::fields::Fields;
use crate::pages::visit::Signed;
use crate::problem::{Code, Problem};
use crate::recommendations::Strength;
use crate::recommendations::service::Entry;
use crate::ways;

/// The page, with its title.
pub fn of(
    signed: &Signed,
    found: &Told,
    done: bool,
    refused: Option<(&Fields, &Problem)>,
) -> Markup {
    let words = i18n::of(signed.language());
    let one = &found.entry.recommendation;
    html! {
        h1 { bdi { (one.reference) } }
        @if done { p .n role="status" { (words.saved) } }
        @if let Some((_, problem)) = refused { (notice(signed, problem, words)) }
        p .lead lang=(one.language) dir=(one.language.direction()) { (told::plain(&found.entry)) }
        (told::facts(signed, found, words))
        (confirmed(signed, found, words))
        (confirming(signed, &found.entry, words))
        (notes(signed, &found.entry, words))
        (noting(signed, &found.entry, words, refused.map(|(fields, _)| fields)))
        p { a href=(signed.link(&ways::recommendation(one.id))) { (words.public_page) } }
        p { a href=(signed.link(&ways::own_register(found.review.id))) { (words.to_register) } }
    }
}

fn notice(signed: &Signed, problem: &Problem, words: &Words) -> Markup {
    match problem.code() {
        Code::VersionMismatch => html! { div .b role="alert" { p { (words.changed_meanwhile) } } },
        Code::InvalidValue => html! { div .b role="alert" { p { (words.look_again) } } },
        _ => signed.frame.notice(problem),
    }
}

/// Who confirmed it, and when.
fn confirmed(signed: &Signed, found: &Told, words: &Words) -> Markup {
    let mails = crate::i18n::mails(signed.language());
    html! { @if let Some(own) = &found.entry.recommendation.confirmed {
        @let name = own.by.and_then(|by| found.team.get(&by)).map_or(words.somebody, |account| &account.name);
        p .soft { (words.confirmed_by) " " bdi { (name) } " · " (mails.date(own.at.utc().date_naive())) }
    } }
}

fn confirming(signed: &Signed, entry: &Entry, words: &Words) -> Markup {
    let (one, read) = (&entry.recommendation, &entry.read);
    let (strength, addressees) = (entry.strength(), entry.addressees());
    let found = read.strength.iter().map(|(what, said)| (told::strength_name(*what, words), said));
    let found = found.chain(
        read.addressees.iter().map(|(what, said)| (told::addressee_name(*what, words), said)),
    );
    let found: Vec<(&str, &String)> = found.collect();
    html! {
        h2 #confirm { (words.confirm) }
        p { (words.confirm_text) }
        h3 { (words.words_read) }
        @if found.is_empty() { p { (words.nothing_read) } }
        ul { @for (what, said) in found {
            li { mark lang=(one.language) dir=(one.language.direction()) { (said) } " · " (what) }
        } }
        form method="post" action=(signed.link(&ways::own_recommendation(one.id))) {
            input type="hidden" name="version" value=(one.version);
            fieldset .plain {
                legend { (words.strength) }
                @for known in Strength::ALL {
                    label .c { input type="radio" name="strength" value=(known) required checked[strength == Some(*known)]; " " span { (told::strength_name(*known, words)) } }
                }
            }
            fieldset .plain {
                legend { (words.addressees) }
                @for known in Addressee::ALL {
                    label .c { input type="checkbox" name="addressee" value=(known) checked[addressees.contains(known)]; " " span { (told::addressee_name(*known, words)) } }
                }
            }
            button .m name="action" value="confirm" { (words.confirm) }
        }
    }
}

fn notes(signed: &Signed, entry: &Entry, words: &Words) -> Markup {
    let mails = crate::i18n::mails(signed.language());
    html! {
        h2 #notes { (words.follow_up) }
        @if entry.follow_ups.is_empty() { p { (words.no_follow_up) } }
        ul .shelf { @for note in &entry.follow_ups { li {
            p { strong { (mails.date(note.dated_on)) } " " span dir="auto" { (note.text) } }
            p .soft { (words.source) " " bdi { (note.source) } @if let Some(url) = &note.source_url { " · " span dir="ltr" { (url) } } }
            form method="post" action=(signed.link(&ways::own_recommendation(entry.recommendation.id))) {
                input type="hidden" name="note" value=(note.id);
                input type="hidden" name="version" value=(note.version);
                button .link name="action" value="remove" {
                    (words.remove) span .unseen { " " (mails.date(note.dated_on)) }
                }
            }
        } } }
    }
}

fn noting(signed: &Signed, entry: &Entry, words: &Words, typed: Option<&Fields>) -> Markup {
    let typed = |name: &str| typed.and_then(|fields| fields.text(name)).unwrap_or_default();
    html! {
        h2 #note { (words.note) }
        form method="post" action=(signed.link(&ways::own_recommendation(entry.recommendation.id))) {
            div .f { label for="day" { (words.note_day) } input #day name="day" type="date" required value=(typed("day")); }
            div .f { label for="text" { (words.note_text) } textarea #text name="text" rows="4" dir="auto" required { (typed("text")) } }
            div .f { label for="source" { (words.note_source) } input #source name="source" type="text" dir="auto" required autocomplete="off" value=(typed("source")); }
            div .f { label for="url" { (words.note_url) } input #url name="url" type="url" dir="ltr" autocomplete="off" value=(typed("url")); }
            button .m name="action" value="note" { (words.note_save) }
        }
    }
}
