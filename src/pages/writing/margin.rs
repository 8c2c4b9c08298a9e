//! What stands beside a paragraph: what it rests on, what was found, what is suggested for it, and ways to work on it.

use maud::{Markup, html};

use super::deeds::{Act, Done};
use super::head::{self, Scene};
use super::history::story;
use super::i18n::{Words, put};
use super::service::{Known, Thread};
use super::{bench, found};
use crate::accounts::AccountId;
use crate::inputs::{InputId, InputState};
use crate::problem::Code;
use crate::reports::compile::Facts;
use crate::reports::history::difference;
use crate::reports::suggestions::SuggestionKind;
use crate::reports::{OutlineParagraph, OutlineSection, Source};

/// Ways to work on a section.
pub fn of_section(scene: &Scene, one: &OutlineSection) -> Markup {
    let (words, id) = (scene.words(), one.section.id);
    let history = scene.way(&format!("/sections/{id}/history"));
    html! { @if one.label.is_some() || !one.allowed_actions.is_empty() {
        p .ways.noprint lang=(scene.language()) dir=(scene.language().direction()) {
            @if !one.allowed_actions.is_empty() {
                a href=(scene.signed.link(&format!("?in={id}#section-{id}"))) { (words.work_on_section) span .unseen { ": " (one.heading) } }
            }
            // Nothing became yet of what is empty.
            @if one.label.is_some() { a href=(history) { (words.history) span .unseen { ": " (one.heading) } } }
        }
        @if let Some((done, Some(at))) = &scene.done && *at == id.to_string() {
            p .o.noprint role="status" lang=(scene.language()) dir=(scene.language().direction()) { (head::done_words(*done, words)) }
        }
    } }
}

/// What stands beside a paragraph.
pub fn of_paragraph(scene: &Scene, section: &OutlineSection, own: &OutlineParagraph) -> Markup {
    let (words, paragraph) = (scene.words(), &own.paragraph);
    let threads = scene.desk.threads.iter();
    let threads = threads.filter(|one| one.suggestion.paragraph_id == paragraph.id);
    html! {
        div .beside.noprint lang=(scene.language()) dir=(scene.language().direction()) {
            (told(scene, own))
            (rests(scene, own))
            @if paragraph.computed.is_some() {
                p .soft { @if paragraph.text.is_none() { (words.computed) } @else { (words.written_over) } }
            }
            (found::of(scene, paragraph.id))
            @for thread in threads { (suggestion(scene, own, thread)) }
            (ways(scene, section, own))
        }
    }
}

/// What was done to it; what the device keeps of it is of no more use then.
fn told(scene: &Scene, own: &OutlineParagraph) -> Markup {
    let Some((done, Some(at))) = &scene.done else { return html! {} };
    if *at != own.paragraph.id.to_string() {
        return html! {};
    }
    let forget = match done {
        Done::Added => format!("draft new {}", own.paragraph.section_id),
        _ => format!("draft {at}"),
    };
    match done {
        Done::Closed => html! { p hidden data-forget=(forget) {} },
        _ => {
            html! { p .o role="status" data-forget=(forget) { (head::done_words(*done, scene.words())) } }
        }
    }
}

fn ways(scene: &Scene, section: &OutlineSection, own: &OutlineParagraph) -> Markup {
    let (words, id) = (scene.words(), own.paragraph.id);
    let which =
        html! { span .unseen { " " (put(words.paragraph_number, "number", scene.number(id))) } };
    let here = |what: &str| scene.signed.link(&format!("?{what}={id}#at-{id}"));
    let drafts = own.allowed_actions.contains(&"update");
    html! { p .ways {
        @if drafts { a href=(here("at")) { (words.edit) (which) } }
        @else if scene.desk.can_suggest { a href=(here("at")) { (words.suggest) (which) } }
        @if section.allowed_actions.contains(&"add_paragraph") { a href=(here("after")) { (words.add_after) (which) } }
        a href=(scene.way(&format!("/paragraphs/{id}/history"))) { (words.history) (which) }
    } }
}

// ------------------------------------------------------------------------------------------------ what it rests on

fn rests(scene: &Scene, own: &OutlineParagraph) -> Markup {
    let (words, language, desk) = (scene.words(), scene.language(), scene.desk);
    let paragraph = &own.paragraph;
    let bad: Vec<_> = desk
        .coverage
        .unaccepted_citations
        .iter()
        .filter(|one| one.paragraph == paragraph.id)
        .collect();
    html! {
        @if desk.coverage.unsupported_paragraphs.contains(&paragraph.id) { p .bad { (words.rests_on_nothing) } }
        @if !paragraph.inputs.is_empty() {
            details open[!bad.is_empty()] {
                summary {
                    (words.rests_on.of(language, paragraph.inputs.len()))
                    @if !bad.is_empty() { ": " span .bad { (words.unaccepted.of(language, bad.len())) } }
                }
                ul .rests { @for id in &paragraph.inputs { li { (input(scene, *id)) } } }
            }
        }
        @if !paragraph.sources.is_empty() {
            details {
                summary { (words.rests_on_sources.of(language, paragraph.sources.len())) }
                ul .rests { @for one in &paragraph.sources { li { (source(scene, *one)) } } }
            }
        }
        @if let Some(reason) = &paragraph.editorial_reason {
            p .soft { (words.editorial) ": " bdi { (reason) } }
        }
    }
}

/// An input: its text, and how it stands when no paragraph may rest on it any more.
pub fn input(scene: &Scene, id: InputId) -> Markup {
    let words = scene.words();
    match scene.desk.input(id) {
        Some(known) => html! {
            @if known.state != InputState::Accepted { strong .bad { (state(known.state, words)) } " " }
            (said(known, words))
        },
        None => html! { strong .bad { (words.unknown_input) } },
    }
}

fn said(known: &Known, words: &Words) -> Markup {
    html! { @match &known.input {
        None => span .soft { (words.not_for_you) },
        Some(input) if input.body.is_empty() => span .soft { (words.no_text) },
        Some(input) => {
            span .said dir="auto" lang=(input.language) { (input.body) }
            @if input.care.do_not_quote { " " strong { (words.do_not_quote) } }
        }
    } }
}

/// How an input stands.
fn state(state: InputState, words: &Words) -> &str {
    match state {
        InputState::Submitted => words.input_submitted,
        InputState::Accepted => words.input_accepted,
        InputState::Returned => words.input_returned,
        InputState::Merged => words.input_merged,
        InputState::Split => words.input_split,
        InputState::SetAside => words.input_set_aside,
        InputState::Withdrawn => words.input_withdrawn,
    }
}

/// A paragraph of an edition that a paper takes up.
pub fn source(scene: &Scene, one: Source) -> Markup {
    let Facts::Paper(facts) = &scene.desk.drafted.facts else { return html! {} };
    let record = facts.editions.get(&one.edition_id);
    let number = put(scene.words().paragraph_number, "number", one.number);
    let text = record.and_then(|record| {
        record.paragraphs.iter().find(|paragraph| paragraph.number == one.number)
    });
    html! {
        @if let Some(theme) = record.and_then(|record| record.consultation.as_ref()) { bdi { (theme.theme) } ", " }
        (number)
        @if let Some(text) = text { ": " span .said dir="auto" { (text.text) } }
    }
}

// ------------------------------------------------------------------------------------------------ what is suggested

/// What is suggested.
pub fn suggested(kind: SuggestionKind, words: &Words) -> &str {
    match kind {
        SuggestionKind::Replace => words.suggests_text,
        SuggestionKind::Delete => words.suggests_deletion,
        SuggestionKind::InsertAfter => words.suggests_paragraph,
        SuggestionKind::Remark => words.suggests_thought,
    }
}

/// Whose it is: of what came in a Word file also by whom it was brought in.
fn by(scene: &Scene, author: Option<&str>, brought: Option<AccountId>) -> Markup {
    let brought = scene.name(brought);
    html! { @match author {
        Some(author) => { bdi { (author) } " (" (put(scene.words().in_word_file, "name", brought)) ")" },
        None => bdi { (brought) },
    } }
}

/// A suggestion that is open, with what was said about it, and what one may do with it.
pub fn suggestion(scene: &Scene, own: &OutlineParagraph, thread: &Thread) -> Markup {
    let (words, one) = (scene.words(), &thread.suggestion);
    let here = own.paragraph.text.as_deref().or(own.printed.as_deref()).unwrap_or_default();
    html! {
        div .suggestion id={ "suggestion-" (one.id) } {
            p { strong { (suggested(one.kind, words)) } " " span .soft { (by(scene, one.author.as_deref(), one.made_by)) " · " (scene.moment(one.made_at)) } }
            @if one.released_at.is_none() { p .soft { (words.suggested_unsent) } }
            @match (one.kind, &one.text) {
                (SuggestionKind::Replace, Some(text)) => {
                    div .said dir="auto" lang=(scene.desk.report().language) { (story::marked(&difference::words(here, text), words)) }
                }
                (SuggestionKind::Remark, Some(text)) => div .said dir="auto" lang=(scene.desk.report().language) { "“" (text) "”" },
                (_, Some(text)) => div .said dir="auto" lang=(scene.desk.report().language) { (text) },
                (_, None) => {}
            }
            @for comment in &thread.comments {
                p .comment { span .soft { (by(scene, comment.author.as_deref(), comment.said_by)) ": " } span .said dir="auto" { (comment.text) } }
            }
            (decide(scene, own, thread))
        }
    }
}

fn decide(scene: &Scene, own: &OutlineParagraph, thread: &Thread) -> Markup {
    let (words, one, actions) = (scene.words(), &thread.suggestion, &thread.actions);
    let (at, may) = (own.paragraph.id, |action: &str| actions.contains(&action));
    let about = html! {
        input type="hidden" name="at" value=(at);
        input type="hidden" name="suggestion" value=(one.id);
        input type="hidden" name="version" value=(one.version);
    };
    let action = scene.way(&format!("#suggestion-{}", one.id));
    let refused = scene.refused.filter(|(act, _)| {
        matches!(act, Act::Decide { suggestion, .. } | Act::Comment { suggestion, .. } if *suggestion == one.id)
    });
    let overtaken = refused.is_some_and(|(_, problem)| problem.code() == Code::SuggestionOvertaken);
    let typed = |wanted: fn(&Act) -> Option<&str>| {
        refused.and_then(|(act, _)| wanted(act)).unwrap_or_default()
    };
    let reason = |act: &Act| match act {
        Act::Decide { reason, .. } => reason.is_some(),
        _ => false,
    };
    html! {
        @if refused.is_some() { (scene.notice()) }
        @if overtaken || refused.is_some_and(|(act, _)| matches!(act, Act::Decide { text: Some(_), .. })) {
            (bench::settle(scene, own, thread))
        } @else if may("accept") {
            form method="post" action=(action) { (about) button .m name="action" value="accept" { (words.accept) } }
        }
        @if may("withdraw") {
            form method="post" action=(action) { (about) button name="action" value="withdraw" { (words.take_back) } }
        }
        @if may("reject") {
            details open[refused.is_some_and(|(act, _)| reason(act))] {
                summary { (words.reject) }
                form method="post" action=(action) {
                    (about)
                    div .f {
                        label for={ "reject-" (one.id) } { (words.reason_if_any) }
                        textarea id={ "reject-" (one.id) } name="reason" rows="2" dir="auto" {
                            (typed(|act| match act { Act::Decide { reason, .. } => reason.as_deref(), _ => None }))
                        }
                    }
                    button name="action" value="reject" { (words.reject) }
                }
            }
        }
        @if may("comment") {
            details open[refused.is_some_and(|(act, _)| matches!(act, Act::Comment { .. }))] {
                summary { (words.comment) }
                form method="post" action=(action) {
                    (about)
                    div .f {
                        label for={ "comment-" (one.id) } { (words.comment) }
                        textarea id={ "comment-" (one.id) } name="comment" rows="2" dir="auto" required {
                            (typed(|act| match act { Act::Comment { text, .. } => Some(text), _ => None }))
                        }
                    }
                    button name="action" value="comment" { (words.comment_send) }
                }
            }
        }
    }
}

/// Suggestions for paragraphs that are no more: they are still to be decided.
pub fn orphans(scene: &Scene) -> Markup {
    let gone = |thread: &&Thread| scene.desk.paragraph(thread.suggestion.paragraph_id).is_none();
    let orphans: Vec<&Thread> = scene.desk.threads.iter().filter(gone).collect();
    let words = scene.words();
    html! { @if !orphans.is_empty() {
        h2 #orphans { (words.orphans) }
        @for thread in orphans {
            div .suggestion id={ "suggestion-" (thread.suggestion.id) } {
                p .soft { (by(scene, thread.suggestion.author.as_deref(), thread.suggestion.made_by)) " · " (scene.moment(thread.suggestion.made_at)) }
                @if let Some(text) = &thread.suggestion.text { p .said dir="auto" { (text) } }
                p { a href=(scene.way(&format!("/paragraphs/{}/history", thread.suggestion.paragraph_id))) { (words.history) } }
                (decide_orphan(scene, thread))
            }
        }
    } }
}

fn decide_orphan(scene: &Scene, thread: &Thread) -> Markup {
    let (words, one) = (scene.words(), &thread.suggestion);
    let offered = [("reject", words.reject), ("withdraw", words.take_back)];
    html! { @for (action, label) in offered {
        @if thread.actions.contains(&action) {
            form method="post" action=(scene.way("#orphans")) {
                input type="hidden" name="at" value=(one.paragraph_id);
                input type="hidden" name="suggestion" value=(one.id);
                input type="hidden" name="version" value=(one.version);
                button name="action" value=(action) { (label) }
            }
        }
    } }
}
