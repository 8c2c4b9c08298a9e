//! What every part of the clearance room is made from.

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::Room;
use super::spoken::{Act, Noted};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::pages::fields::Fields;
use crate::pages::visit::Signed;
use crate::problem::{Code, Problem};
use crate::reports::ParagraphId;
use crate::reports::clearance::Party;
use crate::reports::clearance::positions::service::Mine;
use crate::vocabulary::PartyId;
use crate::ways;

/// What was sent and could not be done.
pub struct Refused<'a> {
    /// What it was.
    pub act: &'a Act,
    /// As it was sent.
    pub fields: &'a Fields,
    /// Why not.
    pub problem: &'a Problem,
}

/// The room as somebody looks at it.
pub struct Scene<'a> {
    /// Who looks.
    pub signed: &'a Signed,
    /// What there is.
    pub room: &'a Room,
    /// For whom they speak, where they could for several.
    pub party: Option<PartyId>,
    /// The paragraph that stands open.
    pub open: Option<ParagraphId>,
    /// What was done.
    pub done: Option<Noted>,
    /// Where on the page it was done; at its head when absent.
    pub on: Option<String>,
    /// What could not be done.
    pub refused: Option<Refused<'a>>,
}

impl Scene<'_> {
    /// The language of the page.
    pub fn language(&self) -> Language {
        self.signed.language()
    }

    /// What the page says.
    pub fn words(&self) -> &'static Words {
        i18n::of(self.language())
    }

    /// What waits for whoever looks, for the party that they speak for here.
    pub fn mine(&self) -> Option<&Mine> {
        let mine = &self.room.mine;
        let named = mine.iter().find(|one| Some(one.seat.party.id) == self.party);
        named.or_else(|| mine.first())
    }

    /// What waits for whoever looks, where it can be answered now.
    pub fn answers(&self) -> Option<&Mine> {
        self.mine().filter(|_| self.room.is_open())
    }

    /// The page, with something behind its address.
    pub fn way(&self, behind: &str) -> String {
        let clearance = ways::clearance(self.room.report().id);
        self.signed.link(&format!("{clearance}{behind}"))
    }

    /// The page with a paragraph open, for the party that one speaks for.
    pub fn at(&self, id: ParagraphId) -> String {
        let party = self.mine().map(|mine| format!("&for={}", mine.seat.party.id));
        self.signed.link(&format!("?at={id}{}#at-{id}", party.unwrap_or_default()))
    }

    /// A moment, where the consultation is.
    pub fn moment(&self, at: Timestamp) -> String {
        crate::i18n::mails(self.language()).moment(self.room.zone(), at)
    }

    /// Somebody of the team.
    pub fn name(&self, id: Option<AccountId>) -> String {
        let member = self.room.names.team.member(id);
        member.map_or_else(|| self.words().somebody.to_owned(), |one| one.name)
    }

    /// A body or a person that is asked.
    pub fn called(&self, party: &Party) -> String {
        self.room.names.called(party).unwrap_or_else(|| self.words().somebody.to_owned())
    }

    /// A party by its id.
    pub fn party_name(&self, id: PartyId) -> String {
        let party = self.room.party(id);
        party.map_or_else(|| self.words().somebody.to_owned(), |party| self.called(party))
    }

    /// The number of a paragraph as it is printed; a dash for one that is not.
    pub fn number(&self, id: ParagraphId) -> String {
        let number = self.room.paragraph(id).and_then(|own| own.number);
        number.map_or_else(|| "–".to_owned(), |number| number.to_string())
    }

    /// What was sent there and could not be done.
    pub fn refused_at(&self, spot: &str) -> Option<&Refused<'_>> {
        self.refused.as_ref().filter(|refused| refused.act.spot() == spot)
    }

    /// What was typed there.
    pub fn typed(&self, spot: &str, field: &str) -> &str {
        self.refused_at(spot).and_then(|refused| refused.fields.one(field)).unwrap_or_default()
    }

    /// Whether somebody sent a field there.
    pub fn sent(&self, spot: &str, field: &str) -> bool {
        self.refused_at(spot).is_some_and(|refused| refused.fields.one(field).is_some())
    }

    /// Why what was sent there could not be done, in the language of the page.
    pub fn notice(&self, spot: &str) -> Markup {
        let words = self.words();
        let Some(refused) = self.refused_at(spot) else { return html! {} };
        let said = match refused.problem.code() {
            Code::TextChanged => words.stale,
            Code::VersionMismatch => words.changed_meanwhile,
            Code::InvalidValue => invalid(refused.problem, words),
            _ => return self.signed.frame.notice(refused.problem),
        };
        html! { div .b role="alert" { p { (said) } } }
    }

    /// What could not be done and has no place on the page any more, with the words that were sent.
    pub fn lost(&self) -> Markup {
        let Some(refused) = &self.refused else { return html! {} };
        let typed = ["text", "reason", "answer", "note"];
        html! {
            (self.notice(&refused.act.spot()))
            @for name in typed { @if let Some(said) = refused.fields.one(name) { p .said dir="auto" { (said) } } }
        }
    }

    /// What was done, told where it was done; at the head when no spot is named.
    pub fn told(&self, spot: Option<&str>) -> Markup {
        let words = self.words();
        let said = match self.done {
            _ if self.refused.is_some() || self.on.as_deref() != spot => return html! {},
            None => return html! {},
            Some(Noted::Recorded) => words.recorded,
            Some(Noted::Proposed) => words.proposed_now,
            Some(Noted::Kept) => words.kept,
        };
        html! { div .o role="status" { p { (said) } } }
    }
}

/// What is wrong with what was typed.
fn invalid<'w>(problem: &Problem, words: &'w Words) -> &'w str {
    let pointer = problem.errors().first().map(|error| error.pointer.as_str()).unwrap_or_default();
    match pointer.trim_start_matches('/').split('/').next().unwrap_or_default() {
        "quote" | "range" => words.quote_wrong,
        "text" => words.need_text,
        "reason" => words.need_reason,
        "ends_on" => words.day_wrong,
        "participants" => words.participants_wrong,
        "asked" => words.asked_wrong,
        _ => words.look_again,
    }
}
