//! The editions of a paper, and what is to be settled: of each change what it was made from, what drafters wrote and what is new.

use maud::{Markup, html};

use super::i18n::{self, Words, put};
use crate::pages::fields::Fields;
use crate::pages::visit::Signed;
use crate::pages::writing::history::story;
use crate::problem::{Code, Problem};
use crate::reports::history::difference;
use crate::reports::recompiling::service::{Compilation, Compiled, OpenSource};
use crate::reports::recompiling::{Proposed, SourceChange, SourceChangeKind, Unsettled};
use crate::ways;

/// The page, with its title.
pub fn of(
    signed: &Signed,
    found: &Compilation,
    done: bool,
    refused: Option<(&Fields, &Problem)>,
) -> Markup {
    let words = i18n::of(signed.language());
    let may = found.allowed_actions.contains(&"settle");
    let typed = refused.map(|(fields, _)| fields);
    html! {
        h1 { (words.title) }
        @if done { p .n role="status" { (words.saved) } }
        @if let Some((_, problem)) = refused { (notice(signed, problem, words)) }
        p .lead { (words.lead) }
        p { a href=(signed.link(&ways::draft(found.report.id))) dir="auto" { (words.to_draft) ": " (found.report.title) } }
        h2 { (words.reports) }
        ul .shelf { @for one in &found.standing { li { (standing(one, words)) } } }
        @if may {
            p { (words.recompile_text) }
            form method="post" action=(way(signed, found)) {
                input type="hidden" name="version" value=(found.report.version);
                button .m name="action" value="recompile" { (words.recompile) }
            }
        }
        h2 #unsettled { (words.unsettled) }
        @if found.unsettled.is_empty() { p { (words.nothing_unsettled) } }
        @for one in &found.unsettled { (unsettled(signed, found, one, may, typed)) }
        h2 #open { (words.open) }
        @if found.open.is_empty() { p { (words.nothing_open) } }
        @for one in &found.open { (open(signed, found, one, may, typed)) }
    }
}

fn notice(signed: &Signed, problem: &Problem, words: &Words) -> Markup {
    match problem.code() {
        Code::VersionMismatch => html! { div .b role="alert" { p { (words.changed_meanwhile) } } },
        Code::InvalidValue => html! { div .b role="alert" { p { (words.look_again) } } },
        _ => signed.frame.notice(problem),
    }
}

fn way(signed: &Signed, found: &Compilation) -> String {
    signed.link(&ways::compilation(found.report.id))
}

/// Which edition of a report the paper is compiled from.
fn standing(one: &Compiled, words: &Words) -> Markup {
    let (used, newest) = (one.used.map(|(_, number)| number), one.newest.as_ref());
    html! {
        strong { (put(words.consultation, "number", one.ordinal)) } " · "
        @match used {
            Some(number) => (put(words.used_edition, "number", number)),
            None => (words.not_used),
        }
        " · "
        @match newest {
            Some(issue) => (put(words.newest_edition, "number", issue.number)),
            None => (words.not_published),
        }
        @if newest.is_some_and(|issue| used.is_none_or(|used| used < issue.number)) { " · " span .tag.go { (words.superseded) } }
    }
}

fn unsettled(
    signed: &Signed,
    found: &Compilation,
    one: &Unsettled,
    may: bool,
    typed: Option<&Fields>,
) -> Markup {
    let (words, report) = (i18n::of(signed.language()), &found.report);
    let (paragraph, key) = (&one.paragraph, one.paragraph.id.to_string());
    let typed = typed.filter(|fields| fields.one("paragraph") == Some(key.as_str()));
    let sent = |name: &str| typed.and_then(|fields| fields.text(name));
    let ours = paragraph.text.as_deref().unwrap_or_default();
    let proposed = match &one.proposed {
        Proposed::Text(text) => text.as_str(),
        Proposed::ByHand | Proposed::Removal => ours,
    };
    let removal = one.proposed == Proposed::Removal;
    html! {
        section id={ "at-" (key) } {
            h3 { (words.here) }
            p .said dir="auto" lang=(report.language) { (ours) }
            @for change in &one.changes { (changed(signed, change, report.language.as_str(), words)) }
            @if may {
                @if removal { p { (words.removal) } } @else if one.proposed == Proposed::ByHand { p .n { (words.by_hand) } }
                form method="post" action=(way(signed, found)) {
                    input type="hidden" name="paragraph" value=(key);
                    input type="hidden" name="version" value=(paragraph.version);
                    @if !removal {
                        div .f {
                            label for={ "text-" (key) } { (words.shall_stand) }
                            textarea id={ "text-" (key) } name="text" rows="6" dir="auto" lang=(report.language) { (sent("text").unwrap_or_else(|| proposed.to_owned())) }
                        }
                    }
                    button .m name="action" value="follow" { (words.follow) }
                }
                form method="post" action=(way(signed, found)) {
                    input type="hidden" name="paragraph" value=(key);
                    input type="hidden" name="version" value=(paragraph.version);
                    @if removal {
                        div .f {
                            label for={ "reason-" (key) } { (words.keep_reason) }
                            input id={ "reason-" (key) } name="reason" type="text" dir="auto" autocomplete="off" value=(sent("reason").unwrap_or_default());
                        }
                    }
                    button name="action" value="keep" { (words.keep) }
                }
            }
        }
    }
}

/// What it was made from, and what that says now.
fn changed(signed: &Signed, change: &SourceChange, language: &str, words: &Words) -> Markup {
    let kind = match change.kind {
        SourceChangeKind::Changed => words.changed,
        SourceChangeKind::Joined => words.joined,
        SourceChangeKind::Gone => words.gone,
    };
    let writing = crate::pages::writing::i18n::of(signed.language());
    html! {
        p .soft { (kind) }
        h4 { (words.was) }
        p .said dir="auto" lang=(language) { (change.before.text) }
        @if let Some((_, after)) = &change.after {
            h4 { (words.is_now) }
            p .said dir="auto" lang=(language) { (after.text) }
            h4 { (words.differences) }
            p .said dir="auto" lang=(language) { (story::marked(&difference::words(&change.before.text, &after.text), writing)) }
        }
    }
}

fn open(
    signed: &Signed,
    found: &Compilation,
    one: &OpenSource,
    may: bool,
    typed: Option<&Fields>,
) -> Markup {
    let (words, report) = (i18n::of(signed.language()), &found.report);
    let (edition, number) = (one.source.edition_id.to_string(), one.source.number.to_string());
    let key = format!("{edition}-{number}");
    let typed = typed.filter(|fields| {
        fields.one("edition") == Some(edition.as_str())
            && fields.one("number") == Some(number.as_str())
    });
    let before = one.omitted_before.last().map(|omission| &omission.reason);
    let reason = typed.and_then(|fields| fields.text("reason")).or_else(|| before.cloned());
    let about = html! {
        input type="hidden" name="edition" value=(edition);
        input type="hidden" name="number" value=(number);
    };
    html! {
        section {
            p .said dir="auto" lang=(report.language) { (one.record.text) }
            @if let Some(before) = before { p { (words.omitted_before) " " bdi { (before) } } }
            @if may {
                form method="post" action=(way(signed, found)) { (about) button .m name="action" value="follow" { (words.take_up) } }
                form method="post" action=(way(signed, found)) {
                    (about)
                    div .f {
                        label for={ "leave-" (key) } { (words.leave_reason) }
                        input id={ "leave-" (key) } name="reason" type="text" dir="auto" autocomplete="off" value=(reason.unwrap_or_default());
                    }
                    button name="action" value="keep" { (words.leave_out) }
                }
            }
        }
    }
}
