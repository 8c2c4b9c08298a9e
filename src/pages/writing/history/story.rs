//! What became of a paragraph or a section, save by save, with what differs from one to the next.

use std::collections::HashMap;

use maud::{Markup, html};

use super::service::{SectionStory, Story};
use crate::accounts::{Account, AccountId};
use crate::pages::visit::Signed;
use crate::pages::writing::i18n::{self, Words, put};
use crate::pages::writing::margin;
use crate::pages::writing::service::Thread;
use crate::problem::{Code, Problem};
use crate::reports::history::difference::{self, DifferenceOp, Piece};
use crate::reports::history::{DraftStepKind, ParagraphVersion, Step};
use crate::reports::suggestions::SuggestionState;
use crate::ways;

/// Pieces of text, each marked where it stands in one version only: by its form, to eyes, and by a word, to ears.
pub fn marked(pieces: &[Piece], words: &Words) -> Markup {
    html! { @for piece in pieces { @match piece.op {
        DifferenceOp::Equal => (piece.text),
        DifferenceOp::Insert => ins { span .unseen { " " (words.inserted) " " } (piece.text) },
        DifferenceOp::Delete => del { span .unseen { " " (words.removed) " " } (piece.text) },
    } } }
}

/// What was done by a step.
pub fn kind(kind: DraftStepKind, words: &Words) -> &str {
    match kind {
        DraftStepKind::Opened => words.step_opened,
        DraftStepKind::Added => words.step_added,
        DraftStepKind::Changed => words.step_changed,
        DraftStepKind::Moved => words.step_moved,
        DraftStepKind::Merged => words.step_merged,
        DraftStepKind::MergedAway => words.step_merged_away,
        DraftStepKind::Redirected => words.step_redirected,
        DraftStepKind::Deleted => words.step_deleted,
        DraftStepKind::Recompiled => words.step_recompiled,
        DraftStepKind::Settled => words.step_settled,
        DraftStepKind::Returned => words.step_returned,
        DraftStepKind::Restored => words.step_restored,
        DraftStepKind::Suggested => words.step_suggested,
        DraftStepKind::Joined => words.step_joined,
        DraftStepKind::Split => words.step_split,
        DraftStepKind::HeadingSet => words.step_heading_set,
        DraftStepKind::MastheadChanged => words.step_masthead_changed,
        DraftStepKind::StateChanged => words.step_state_changed,
        DraftStepKind::MilestoneSet => words.step_milestone_set,
        DraftStepKind::Published => words.step_published,
    }
}

fn name<'a>(
    team: &'a HashMap<AccountId, Account>,
    id: Option<AccountId>,
    words: &'a Words,
) -> &'a str {
    let account = id.and_then(|id| team.get(&id));
    account.map_or(words.somebody, |account| &account.name)
}

/// The versions of a paragraph, the newest first. `left_out` inputs could not be given back to the one that was brought back just now.
pub fn of(
    signed: &Signed,
    story: &Story,
    left_out: Option<usize>,
    refused: Option<&Problem>,
) -> Markup {
    let words = i18n::of(signed.language());
    let newest = &story.newest;
    let draft = ways::draft(story.report.id);
    let before = |place: usize| story.versions.get(place + 1).or(story.before.as_ref());
    html! {
        p .over dir="auto" { a href=(signed.link(&format!("{draft}#at-{}", newest.paragraph.id))) lang=(story.report.language) { (story.report.title) } }
        h1 { (words.paragraph_history) }
        @match refused {
            Some(problem) if problem.code() == Code::VersionMismatch => { div .b role="alert" { p { (words.changed_meanwhile) } } }
            Some(problem) => { (signed.frame.notice(problem)) }
            None => {}
        }
        @if let Some(left_out) = left_out {
            div .o role="status" {
                p { (words.restored) }
                @if left_out > 0 { p { (words.inputs_left_out.of(signed.language(), left_out)) } }
            }
        }
        @if newest.is_gone() { p .n { (words.is_gone) } }
        ol .story { @for (place, version) in story.versions.iter().enumerate() {
            li id={ "v" (version.paragraph.version) } { (one(signed, story, version, before(place))) }
        } }
        @if let Some(next) = &story.next { p { a href=(signed.link(&format!("?cursor={next}"))) { (words.older) } } }
        @if !story.threads.is_empty() {
            h2 #suggestions { (words.suggestions) }
            ol .story { @for thread in &story.threads { li { (suggestion(signed, story, thread)) } } }
        }
    }
}

/// What was suggested, and what came of it.
fn suggestion(signed: &Signed, story: &Story, thread: &Thread) -> Markup {
    let (words, one) = (i18n::of(signed.language()), &thread.suggestion);
    let moment = |at| crate::i18n::mails(signed.language()).moment(story.zone, at);
    let came = match one.state {
        SuggestionState::Open => words.is_open,
        SuggestionState::Accepted => words.was_accepted,
        SuggestionState::Rejected => words.was_rejected,
        SuggestionState::Withdrawn => words.was_withdrawn,
    };
    html! {
        h3 { (margin::suggested(one.kind, words)) " " span .tag { (came) } }
        p .soft { bdi { (name(&story.team, one.made_by, words)) } " · " (moment(one.made_at)) }
        @if let Some(text) = &one.text { p .said dir="auto" lang=(story.report.language) { (text) } }
        @for comment in &thread.comments {
            p { span .soft { bdi { (name(&story.team, comment.said_by, words)) } ": " } span dir="auto" { (comment.text) } }
        }
        @if let Some(decided) = one.decided_at {
            p .soft { (came) " · " bdi { (name(&story.team, one.decided_by, words)) } " · " (moment(decided)) }
        }
        @if let Some(reason) = &one.reason { p { span .soft { (words.reason) ": " } bdi { (reason) } } }
    }
}

fn one(
    signed: &Signed,
    story: &Story,
    version: &ParagraphVersion,
    before: Option<&ParagraphVersion>,
) -> Markup {
    let (words, language) = (i18n::of(signed.language()), signed.language());
    let number = version.paragraph.version;
    let is_newest = number == story.newest.paragraph.version;
    let was = before.map(|before| before.paragraph.inputs.as_slice()).unwrap_or_default();
    let added = difference::without(&version.paragraph.inputs, was).len();
    let removed = difference::without(was, &version.paragraph.inputs).len();
    html! {
        h2 { (put(words.version, "number", number)) @if is_newest { " " span .tag { (words.newest) } } }
        (step(signed, story.zone, &version.step, &story.team))
        @if version.is_gone() { p .said dir="auto" lang=(story.report.language) { (version.text()) } }
        @else {
            p .said dir="auto" lang=(story.report.language) {
                @match before {
                    Some(before) => (marked(&difference::words(before.text(), version.text()), words)),
                    None => (version.text()),
                }
            }
            @if version.text().is_empty() { p .soft { (words.computed) } }
            @if before.is_some() && added > 0 { p .soft { (words.inputs_added.of(language, added)) } }
            @if removed > 0 { p .soft { (words.inputs_removed.of(language, removed)) } }
            @if let Some(reason) = &version.paragraph.editorial_reason { p .soft { (words.editorial) ": " bdi { (reason) } } }
        }
        @if story.can_restore && (!is_newest || version.is_gone()) {
            form method="post" action=(signed.link(&format!("{}/paragraphs/{}/history", ways::draft(story.report.id), version.paragraph.id))) {
                input type="hidden" name="number" value=(number);
                input type="hidden" name="version" value=(story.newest.paragraph.version);
                button { (words.restore) span .unseen { " " (put(words.version, "number", number)) } }
            }
        }
    }
}

fn step(
    signed: &Signed,
    zone: chrono_tz::Tz,
    step: &Step,
    team: &HashMap<AccountId, Account>,
) -> Markup {
    let words = i18n::of(signed.language());
    let moment = crate::i18n::mails(signed.language()).moment(zone, step.at);
    html! { p .soft {
        (kind(step.kind, words))
        @if let Some(number) = step.restored { " (" (put(words.version, "number", number)) ")" }
        " · " bdi { (name(team, step.by, words)) } " · " (moment)
    } }
}

/// The versions of a section, the newest first.
pub fn of_section(signed: &Signed, story: &SectionStory) -> Markup {
    let words = i18n::of(signed.language());
    let draft = ways::draft(story.report.id);
    let usual = |version: &crate::reports::Section| {
        version.heading.clone().unwrap_or_else(|| words.usual_heading.to_owned())
    };
    html! {
        p .over dir="auto" { a href=(signed.link(&draft)) lang=(story.report.language) { (story.report.title) } }
        h1 { (words.section_history) }
        @match &story.heading {
            Some(heading) => p .lead dir="auto" lang=(story.report.language) { (heading) },
            None => p .n { (words.is_gone) },
        }
        ol .story { @for version in &story.versions { li {
            h2 { (put(words.version, "number", version.section.version)) }
            (step(signed, story.zone, &version.step, &story.team))
            p dir="auto" { (usual(&version.section)) }
        } } }
    }
}
