//! What the pages of the draft that participants are asked about look like: the draft portion by portion, where one says something of
//! each, and what one has said.

use maud::{Markup, html};

use super::service::{Act, Done, OpenDraft, ReadingDesk};
use crate::consultations::ConsultationId;
use crate::inputs::hearings::{HeardPortion, Observed};
use crate::pages::printed::{self, Print};
use crate::pages::say::contributor::Contributor;
use crate::pages::say::i18n::{self, Words, put};
use crate::pages::say::saying::{kept_as, leaving, marked, next_mixing, offline};
use crate::pages::visit::Signed;
use crate::problem::{Code, Problem};
use crate::vocabulary::{ContributionId, ThingId};
use crate::voices::observing::OwnObservation;
use crate::ways;
use rapporteur_intake::names::by_shape;

/// What was done, or could not be.
pub struct Told<'a> {
    /// What was sent.
    pub act: Option<&'a Act>,
    /// What came of it.
    pub outcome: Option<Done>,
    /// Why nothing did.
    pub refused: Option<&'a Problem>,
}

impl Told<'_> {
    /// What is typed about a portion and not sent.
    fn typed(&self, portion: ThingId) -> Option<&Observed> {
        let open = self.refused.is_some() || matches!(self.act, Some(Act::Edit(_)));
        let act = self.act.filter(|act| open && act.changes().is_none())?;
        act.said().filter(|said| said.portion_id == portion)
    }

    /// What is typed in place of something that waits.
    fn change(&self, one: ContributionId) -> Option<&Observed> {
        let act = self.act.filter(|act| act.changes() == Some(one))?;
        act.said().filter(|_| self.refused.is_some())
    }
}

/// The draft, to be read.
pub fn to_read(signed: &Signed, id: ConsultationId, open: &OpenDraft) -> Markup {
    let (words, language) = (i18n::of(signed.language()), signed.language());
    html! {
        (head(open, words, language))
        // No page of contributors learns where somebody came from.
        p { a .button .m href=(signed.link(&ways::say_on_draft(id))) rel="noreferrer" { (words.draft_to_say) } }
        (text(open, |_| html! {}))
    }
}

fn head(open: &OpenDraft, words: &Words, language: crate::i18n::Language) -> Markup {
    let day = crate::i18n::mails(language).date(open.hearing.ends_on);
    html! {
        p .lead dir="auto" lang=(open.report.language) { (open.report.title) }
        p .n { strong { (words.draft_private) } }
        p { (put(words.draft_lead, "day", day)) }
    }
}

/// The draft portion by portion, with something beside each.
fn text(open: &OpenDraft, beside: impl Fn(&HeardPortion) -> Markup) -> Markup {
    let (report, print) = (&open.report, open.document.as_ref().map(Print::of));
    let mut under = Vec::new();
    html! {
        div .read .draft lang=(report.language) dir=(report.language.direction()) {
            @for one in &open.portions {
                @let headings = one.headings();
                (printed::headings(&under, &headings, 2))
                ({ under = headings; portion(print.as_ref(), one) })
                (beside(one))
            }
            @if let Some(print) = &print { (print.notes()) }
        }
    }
}

fn portion(print: Option<&Print>, one: &HeardPortion) -> Markup {
    let printed = print.and_then(|print| print.portion(one.id));
    html! { div id={ "at-" (one.id) } { (printed.unwrap_or_else(|| printed::words(one.words()))) } }
}

/// The draft with what one said of it, and where one says something.
pub fn of(contributor: &Contributor, desk: &ReadingDesk, told: &Told) -> Markup {
    let (words, language) = (i18n::of(contributor.language()), contributor.language());
    html! {
        @match &desk.open {
            Some(open) => { (head(open, words, language)) }
            None => { p .lead dir="auto" { (desk.consultation.theme) } p .n { (words.draft_closed) } }
        }
        (notice(contributor, told, words))
        (own(contributor, desk, told))
        @if let Some(open) = &desk.open {
            p .big { (words.anonymous) }
            p { (words.draft_how) }
            (text(open, |portion| bench(contributor, portion, told)))
        }
        p { a .button href=(contributor.way_to_mine()) { (words.mine_title) } }
        (leaving(contributor))
    }
}

/// What was done, or why it could not be.
fn notice(contributor: &Contributor, told: &Told, words: &'static Words) -> Markup {
    if let Some(problem) = told.refused {
        return match why_not(told, problem, words) {
            Some(said) => html! { div .b role="alert" { p { (said) } } },
            None => contributor.frame.notice(problem),
        };
    }
    let said = told.act.and_then(Act::said);
    let kept = match told.outcome {
        Some(Done::Changed(one) | Done::Deleted(one)) => Some(kept_as(contributor, Some(one))),
        _ => said.map(|said| kept(contributor, said.portion_id)),
    };
    let done = match told.outcome {
        None | Some(Done::Looked) => return html! {},
        Some(Done::Said) => words.draft_sent,
        Some(Done::SaidAgain) => words.sent_again,
        Some(Done::Changed(_)) => words.changed,
        Some(Done::Deleted(_)) => words.deleted,
    };
    html! { div .o role="status" data-forget=[kept] { p { (done) } } }
}

fn why_not(told: &Told, problem: &Problem, words: &'static Words) -> Option<&'static str> {
    let wrong = |field: &str| problem.errors().iter().any(|one| one.pointer == field);
    if wrong("/quote") {
        return Some(words.draft_quote_wrong);
    }
    if wrong("/body") {
        let empty = told.act.and_then(Act::said).is_some_and(|said| said.body.is_empty());
        return Some(if empty { words.need_text } else { words.wrong_text });
    }
    let own = [
        (Code::TooManyWaiting, words.draft_most),
        (Code::Forbidden, words.voice_refused),
        (Code::NotInThisPhase, words.draft_closed),
        (Code::InUse, words.draft_mixed),
        (Code::NotFound, words.gone),
        (Code::InvalidValue, words.gone),
    ];
    let found = own.iter().find(|(code, _)| *code == problem.code());
    found.map(|(_, said)| *said)
}

/// What a form about a portion is called where it is kept until it was sent.
fn kept(contributor: &Contributor, portion: ThingId) -> String {
    kept_as(contributor, Some(ContributionId::new(portion.uuid())))
}

/// Where something is said of a portion.
fn bench(contributor: &Contributor, portion: &HeardPortion, told: &Told) -> Markup {
    let (words, typed) = (i18n::of(contributor.language()), told.typed(portion.id));
    let number = portion.number.map(|number| put(words.draft_paragraph, "number", number));
    let visit_only = contributor.is_lent().then_some("visit");
    let language = contributor.language();
    html! { div .beside .noprint lang=(language) dir=(language.direction()) {
        details open[typed.is_some()] {
            summary { (words.draft_comment) @if let Some(number) = number { span .unseen { ": " (number) } } }
            form method="post" action=(way(contributor)) data-keep=(kept(contributor, portion.id)) data-keep-for=[visit_only]
                data-shown=[typed.map(|_| "1")] {
                (fields(&portion.id.to_string(), portion.id, typed, words))
                (offline(contributor))
                button .m name="action" value="look" { (words.look) }
            }
        }
    } }
}

fn way(contributor: &Contributor) -> String {
    contributor.link(&ways::say_on_draft(contributor.id))
}

/// The fields of something to be said of a portion; `key` keeps their ids apart on the page.
fn fields(key: &str, portion: ThingId, said: Option<&Observed>, words: &Words) -> Markup {
    let (quote, body) = (format!("quote-{key}"), format!("body-{key}"));
    html! {
        input type="hidden" name="portion" value=(portion);
        div .f {
            label for=(body) { (words.draft_text) }
            p .h id={ (body) "-h" } { (words.draft_text_help) }
            textarea id=(body) name="body" rows="4" required maxlength="5000" dir="auto" aria-describedby={ (body) "-h" } {
                (said.map(|said| said.body.as_str()).unwrap_or_default())
            }
        }
        div .f {
            label for=(quote) { (words.draft_quote) }
            p .h id={ (quote) "-h" } { (words.draft_quote_help) }
            input id=(quote) name="quote" type="text" maxlength="1000" dir="auto" autocomplete="off" aria-describedby={ (quote) "-h" }
                value=(said.and_then(|said| said.quote.as_deref()).unwrap_or_default());
        }
    }
}

/// What was said by the receipt of drafts: what waits, and what was answered to the rest.
fn own(contributor: &Contributor, desk: &ReadingDesk, told: &Told) -> Markup {
    let (words, language) = (i18n::of(contributor.language()), contributor.language());
    let waits = desk.own.iter().any(|one| one.waits);
    html! { @if !desk.own.is_empty() {
        h2 #own { (words.draft_mine) }
        @if waits { p { (put(words.waits, "time", next_mixing(&desk.schedule, language))) } }
        (cards(&desk.own, words, |one| changing(contributor, one, told)))
    } }
}

/// What was said of drafts, with something to do about each.
fn cards(
    own: &[OwnObservation],
    words: &Words,
    doing: impl Fn(&OwnObservation) -> Markup,
) -> Markup {
    html! { ul .cards { @for one in own { li .card {
        p {
            span class={ "tag" @if one.answer.as_ref().is_some_and(|answer| answer.taken) { " go" } } { (state(one, words)) }
            @if let Some(number) = one.paragraph { " " span .soft { (put(words.draft_paragraph, "number", number)) } }
        }
        @if let Some(quote) = &one.said.quote { p { mark .said dir="auto" { (quote) } } }
        p .said dir="auto" lang=(one.said.language) { (one.said.body) }
        @if let Some(answer) = &one.answer { p { (words.team_writes) } p .said dir="auto" { (answer.text) } }
        (doing(one))
    } } } }
}

/// What was said of drafts, to be read beside everything else of a receipt.
pub fn said(contributor: &Contributor, own: &[OwnObservation]) -> Markup {
    let words = i18n::of(contributor.language());
    html! { @if !own.is_empty() {
        h2 { (words.draft_mine) }
        (cards(own, words, |_| html! {}))
        p { a .button href=(way(contributor)) { (words.draft_to_read) } }
    } }
}

fn state<'w>(one: &OwnObservation, words: &'w Words) -> &'w str {
    match &one.answer {
        _ if one.waits => words.waiting,
        None => words.draft_unanswered,
        Some(answer) if answer.taken => words.draft_taken,
        Some(_) => words.draft_not_taken,
    }
}

/// Changing and deleting what waits.
fn changing(contributor: &Contributor, one: &OwnObservation, told: &Told) -> Markup {
    let words = i18n::of(contributor.language());
    let may = |action: &str| one.allowed_actions.contains(&action);
    let typed = told.change(one.id);
    let visit_only = contributor.is_lent().then_some("visit");
    html! {
        @if may("update") { details open[typed.is_some()] {
            summary { (words.change) }
            form method="post" action=(way(contributor)) data-keep=(kept_as(contributor, Some(one.id))) data-keep-for=[visit_only]
                data-keep-over data-shown=[typed.map(|_| "1")] {
                input type="hidden" name="observation" value=(one.id);
                (fields(&one.id.to_string(), one.said.portion_id, Some(typed.unwrap_or(&one.said)), words))
                (offline(contributor))
                button .m name="action" value="change" { (words.save) }
            }
        } }
        @if may("delete") { details {
            summary { (words.delete) }
            p { (words.delete_sure) }
            form method="post" action=(way(contributor)) {
                input type="hidden" name="observation" value=(one.id);
                button .risk name="action" value="delete" { (words.delete) }
            }
        } }
    }
}

/// What is shown before it is sent: the text, what looks like a name in it, and what becomes of it.
pub fn look(contributor: &Contributor, desk: &ReadingDesk, said: &Observed) -> Markup {
    let (words, language) = (i18n::of(contributor.language()), contributor.language());
    let day = desk.open.as_ref().map(|open| open.hearing.ends_on);
    let day = day.map(|day| crate::i18n::mails(language).date(day)).unwrap_or_default();
    let visit_only = contributor.is_lent().then_some("visit");
    html! {
        form method="post" action=(way(contributor)) data-keep=(kept(contributor, said.portion_id)) data-keep-for=[visit_only] data-shown="1" {
            input type="hidden" name="portion" value=(said.portion_id);
            input type="hidden" name="body" value=(said.body);
            @if let Some(quote) = &said.quote { input type="hidden" name="quote" value=(quote); }
            h2 { (words.your_text) }
            @if let Some(quote) = &said.quote { p { mark .said dir="auto" { (quote) } } }
            (marked(&said.body, &said.language))
            @if !by_shape(&said.body).is_empty() { div .n { p { strong { (words.names_title) } } p { (words.names_text) } } }
            p { (put(words.waits, "time", next_mixing(&desk.schedule, language))) }
            p .n { (put(words.draft_alone, "day", day)) }
            p { (words.draft_after) }
            (offline(contributor))
            button .m name="action" value="send" { (words.send) }
            button name="action" value="edit" { (words.edit) }
        }
    }
}
