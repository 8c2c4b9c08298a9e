//! A recommendation as everybody reads it: what it says, to whom, how strongly, from where, what it said before and what came of it.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::i18n::{self, Words, put};
use super::service::Told;
use crate::consultations::ConsultationId;
use crate::document::inline::{self, plain_text};
use crate::document::{List, ParagraphPart};
use crate::inputs::{Addressee, Band};
use crate::pages::visit::Visit;
use crate::recommendations::service::Entry;
use crate::recommendations::{RecommendationId, RecommendationState, Strength};
use crate::ways;

/// The page, with its title.
pub fn of(visit: &Visit, found: &Told) -> Markup {
    let words = i18n::of(visit.language());
    let one = &found.entry.recommendation;
    html! {
        h1 { bdi { (one.reference) } }
        p .lead lang=(one.language) dir=(one.language.direction()) { (plain(&found.entry)) }
        (state(visit, &found.entry, words))
        (facts(visit, found, words))
        (history(visit, found, words))
        h2 { (words.follow_up) }
        (follow_ups(visit, &found.entry, words))
        p { a href=(visit.link(&ways::register(found.review.id))) { (words.to_register) } }
    }
}

/// Where it went, when it does not stand by itself.
fn state(visit: &Visit, entry: &Entry, words: &Words) -> Markup {
    let other = |(id, reference): &(RecommendationId, String)| {
        html! { a href=(visit.link(&ways::recommendation(*id))) { bdi { (reference) } } }
    };
    html! {
        @if entry.recommendation.state == RecommendationState::Dropped { p .n { (words.dropped) } }
        @if let Some(into) = &entry.joined_into { p .n { (words.joined_into) " " (other(into)) } }
        @if !entry.joins.is_empty() {
            p { (words.joins) " " @for (index, one) in entry.joins.iter().enumerate() { @if index > 0 { ", " } (other(one)) } }
        }
    }
}

/// What it is about, to whom, how strongly and from where.
pub fn facts(visit: &Visit, found: &Told, words: &Words) -> Markup {
    let entry = &found.entry;
    let confirmed = entry.recommendation.confirmed.as_ref();
    html! {
        dl {
            dt { (words.objective_label()) } dd { (objectives(visit, entry)) }
            dt { (words.strength) } dd { (strength(entry, words)) }
            dt { (words.addressees) } dd { (addressees(visit, entry, words)) }
            dt { (words.heard_in) } dd { (heard(visit, &found.ordinals, entry)) }
        }
        p .soft {
            @match confirmed {
                Some(own) => (put(words.as_confirmed, "day", crate::i18n::mails(visit.language()).date(own.at.utc().date_naive()))),
                None => (words.as_read),
            }
            @if entry.changed_since() { " " (words.changed_since) }
        }
    }
}

/// Its words in each edition, told where they are others than before.
fn history(visit: &Visit, found: &Told, words: &Words) -> Markup {
    let (mails, one) = (crate::i18n::mails(visit.language()), &found.entry.recommendation);
    let mut before: Option<&str> = None;
    let mut rows = Vec::new();
    for (text, place) in &found.entry.texts {
        rows.push((text, place, before != Some(text.text.as_str())));
        before = Some(&text.text);
    }
    html! {
        h2 { (words.history) }
        ol .shelf { @for (text, place, is_new) in rows { li {
            p {
                (mails.date(text.published_at.utc().date_naive()))
                @if let Some(place) = place {
                    @if let Some(symbol) = &place.symbol { " · " bdi { (symbol) } }
                    " · " a href=(visit.link(&ways::paragraph(place.report, place.number, place.paragraph))) {
                        (put(words.edition, "number", place.number)) ", " (put(words.paragraph, "number", place.paragraph))
                    }
                }
            }
            @if is_new { p .said lang=(one.language) dir=(one.language.direction()) { (plain_of(&text.text)) } }
        } } }
    }
}

/// What came of it.
fn follow_ups(visit: &Visit, entry: &Entry, words: &Words) -> Markup {
    let mails = crate::i18n::mails(visit.language());
    html! {
        @if entry.follow_ups.is_empty() { p { (words.no_follow_up) } }
        ul .shelf { @for note in &entry.follow_ups { li {
            p { strong { (mails.date(note.dated_on)) } }
            p dir="auto" { (note.text) }
            p .soft { (words.source) " "
                @match &note.source_url {
                    Some(url) => a href=(url) rel="noopener noreferrer" { bdi { (note.source) } },
                    None => bdi { (note.source) },
                }
            }
        } } }
    }
}

// ------------------------------------------------------------------------------------------------ parts

/// What it says last, without marks and notes.
pub fn plain(entry: &Entry) -> String {
    entry.newest().map(|text| plain_of(&text.text)).unwrap_or_default()
}

fn plain_of(text: &str) -> String {
    let Ok(parsed) = inline::parse(text) else { return text.to_owned() };
    let part = |part: &ParagraphPart| match part {
        ParagraphPart::Text(inlines) => plain_text(inlines),
        ParagraphPart::List(List::Bulleted(items) | List::Lettered(items)) => {
            items.iter().map(|item| plain_text(item)).collect::<Vec<_>>().join("; ")
        }
        ParagraphPart::List(List::Labelled(items)) => {
            items.iter().map(|item| plain_text(&item.inlines)).collect::<Vec<_>>().join("; ")
        }
    };
    parsed.parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

impl Words {
    /// "Objective", without a number.
    pub fn objective_label(&self) -> String {
        put(self.objective, "number", "").trim().to_owned()
    }
}

/// "Objective 9, Objective 10".
pub fn objectives(visit: &Visit, entry: &Entry) -> String {
    let words = i18n::of(visit.language());
    let numbers = entry.newest().map(|text| text.objectives.as_slice()).unwrap_or_default();
    if numbers.is_empty() {
        return words.any.to_owned();
    }
    let named = numbers.iter().map(|number| put(words.objective, "number", number));
    crate::i18n::mails(visit.language()).list(&named.collect::<Vec<_>>())
}

/// How strongly it is put.
pub fn strength<'w>(entry: &Entry, words: &'w Words) -> &'w str {
    entry.strength().map_or(words.not_put, |strength| strength_name(strength, words))
}

/// What a strength is called.
pub fn strength_name(strength: Strength, words: &Words) -> &str {
    match strength {
        Strength::Must => words.must,
        Strength::Should => words.should,
        Strength::Could => words.could,
    }
}

/// To whom it is addressed.
pub fn addressees(visit: &Visit, entry: &Entry, words: &Words) -> String {
    let named = entry.addressees().into_iter().map(|one| addressee_name(one, words).to_owned());
    let named: Vec<String> = named.collect();
    if named.is_empty() {
        return words.nobody.to_owned();
    }
    crate::i18n::mails(visit.language()).list(&named)
}

/// What addressees are called.
pub fn addressee_name(addressee: Addressee, words: &Words) -> &str {
    match addressee {
        Addressee::Governments => words.governments,
        Addressee::UnitedNations => words.united_nations,
        Addressee::CivilSociety => words.civil_society,
        Addressee::PrivateSector => words.private_sector,
        Addressee::TradeUnions => words.trade_unions,
        Addressee::Diaspora => words.diaspora,
        Addressee::Academia => words.academia,
        Addressee::Media => words.media,
        Addressee::HumanRightsInstitutions => words.human_rights_institutions,
        Addressee::Donors => words.donors,
        Addressee::All => words.everybody,
    }
}

/// What a state is called.
pub fn state_name(state: RecommendationState, words: &Words) -> &str {
    match state {
        RecommendationState::Standing => words.standing,
        RecommendationState::Joined => words.joined,
        RecommendationState::Dropped => words.dropped,
    }
}

/// The consultations that it comes from, with the voices behind it.
pub fn heard(visit: &Visit, ordinals: &BTreeMap<ConsultationId, i32>, entry: &Entry) -> String {
    let words = i18n::of(visit.language());
    let heard = entry.newest().map(|text| text.heard_in.as_slice()).unwrap_or_default();
    let named = heard.iter().map(|one| {
        let number = ordinals.get(&one.consultation).copied().unwrap_or_default();
        let voices = match one.voices {
            Some(Band::FiveOrMore) => words.five_or_more,
            Some(Band::FewerThanFive) => words.fewer_than_five,
            None => words.not_counted,
        };
        format!("{} ({voices})", put(words.consultation, "number", number))
    });
    crate::i18n::mails(visit.language()).list(&named.collect::<Vec<_>>())
}
