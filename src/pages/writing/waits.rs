//! What waits, for whom and since when, in the head of a draft: what is not told by what is still open in its text.

use maud::{Markup, html};

use super::head::{Scene, roles};
use super::i18n::{Words, put};
use crate::reports::waiting::{WaitingCode, Waits, Whom};
use crate::ways;

/// What waits in this report.
pub fn of(scene: &Scene) -> Markup {
    let words = scene.words();
    let waits: Vec<(&str, &Waits)> =
        scene.desk.waits.iter().filter_map(|one| Some((said(one.code, words)?, one))).collect();
    html! { @if !waits.is_empty() {
        h2 #waits { (words.what_waits) }
        ul .todo { @for (said, one) in waits { li { (wait(scene, said, one)) } } }
    } }
}

/// What waits, in words; none for what is told as still open in the text.
pub fn said(code: WaitingCode, words: &Words) -> Option<&str> {
    Some(match code {
        WaitingCode::NoClearanceRound => words.block_round,
        WaitingCode::AgreementMissing => words.block_agreement,
        WaitingCode::ObjectionStands => words.block_objection,
        WaitingCode::CommentUnanswered => words.block_comment,
        WaitingCode::ProposalUndecided => words.waits_proposal,
        WaitingCode::WishOpen => words.block_wish,
        WaitingCode::SuggestionOpen
        | WaitingCode::CitationUnaccepted
        | WaitingCode::ChecksUnmet
        | WaitingCode::CoverageIncomplete => return None,
    })
}

fn wait(scene: &Scene, said: &str, one: &Waits) -> Markup {
    let (words, desk) = (scene.words(), scene.desk);
    let on_page = one.paragraph_id.filter(|id| desk.paragraph(*id).is_some());
    html! {
        @match desk.proposal.filter(|_| one.code == WaitingCode::ProposalUndecided) {
            Some(id) => a href=(scene.signed.link(&ways::proposal(id))) { (said) },
            None => (said),
        }
        " "
        @if let Some(id) = on_page { a href={ "#at-" (id) } { (scene.number(id)) } " " }
        span .soft {
            @match &one.whom {
                Whom::Party(party) => bdi { (desk.parties.called(party).unwrap_or_default()) },
                Whom::May(permission) => (put(words.who_can, "roles", roles(*permission, scene.language()))),
            }
            @if let Some(since) = one.since { " · " (put(words.since, "time", scene.moment(since))) }
        }
    }
}
