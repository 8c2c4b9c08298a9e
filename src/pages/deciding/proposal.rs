//! The page of an act that needs two people: what is proposed and by whom, and what whoever looks may do about it.

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::matter;
use super::service::Proposed;
use crate::db::types::Timestamp;
use crate::pages::visit::Signed;
use crate::problem::{Code, Problem};
use crate::proposals::{Needed, ProposalDecision, ProposalState};
use crate::ways;

/// The page's content.
pub fn of(
    signed: &Signed,
    found: &Proposed,
    done: bool,
    refused: Option<(ProposalDecision, Option<&str>, &Problem)>,
) -> Markup {
    let words = i18n::of(signed.language());
    let proposal = &found.seen.proposal;
    let moment = |at: Timestamp| crate::i18n::mails(signed.language()).moment(chrono_tz::UTC, at);
    let name = |id| found.seen.names.get(&id).map(String::as_str).unwrap_or_default();
    let state = found.state;
    let waits = state == ProposalState::Waiting;
    html! {
        p .over { (words.two_people) " · " a href=(signed.link(ways::MINE)) { (words.to_mine) } }
        h1 { (matter::act(proposal.act, words)) }
        p { span .tag { (self::state(state, words)) } }
        @if done { div .o role="status" { p { (told(state, words)) } } }
        @if let Some((_, _, problem)) = refused {
            @if problem.code() == Code::InvalidValue { div .b role="alert" { p { (words.look_again) } } } @else { (signed.frame.notice(problem)) }
        }
        dl {
            (matter::rows(signed, &found.matter, words))
            @if let Some(review) = &found.review { dt { (words.review) } dd dir="auto" { (review) } }
            @if let Some(sha256) = &proposal.sha256 { dt { "SHA-256" } dd { code dir="ltr" { (sha256) } } }
            dt { (words.proposed_by) } dd { bdi { (name(proposal.proposed_by)) } " · " span .soft { (moment(proposal.proposed_at)) } }
            @if waits {
                @if let Some(ends) = proposal.notice_ends_at { dt { (words.notice_ends) } dd { (moment(ends)) } }
                dt { (words.lapses) } dd { (moment(proposal.lapses_at)) }
            }
            @if let (Some(by), Some(at)) = (proposal.decided_by, proposal.decided_at) {
                dt { (words.decided_by) } dd { bdi { (name(by)) } " · " span .soft { (moment(at)) } }
            }
            @if let Some(note) = &proposal.note { dt { (words.why) } dd .said dir="auto" { (note) } }
        }
        @if waits && matter::is_overtaken(&found.matter) { div .n { p { (words.overtaken) } } }
        @if waits && found.seen.allowed_actions == ["reject"] {
            p { @if proposal.needs == Needed::Notice { (words.notice_text) } @else { (words.not_by_you) } }
        }
        @for action in &found.seen.allowed_actions {
            @if let Ok(decision) = action.parse() { (form(signed, found, decision, refused, words)) }
        }
    }
}

fn form(
    signed: &Signed,
    found: &Proposed,
    decision: ProposalDecision,
    refused: Option<(ProposalDecision, Option<&str>, &Problem)>,
    words: &Words,
) -> Markup {
    let refused = refused.filter(|(tried, _, _)| *tried == decision);
    let (name, text) = match decision {
        ProposalDecision::Confirm => (words.confirm, words.confirm_text),
        ProposalDecision::Reject => (words.reject, words.reject_text),
        ProposalDecision::TakeBack => (words.take_back, words.take_back_text),
        ProposalDecision::CarryOut => (words.carry_out, words.carry_out_text),
    };
    let ends = matches!(decision, ProposalDecision::Reject | ProposalDecision::TakeBack);
    let wrong = refused.is_some_and(|(_, _, problem)| problem.code() == Code::InvalidValue);
    let id = format!("why-{decision}");
    let form = html! {
        form method="post" action=(signed.link(&ways::proposal(found.seen.proposal.id))) {
            p { (text) }
            @if ends {
                div .f {
                    label for=(id) { (words.why) }
                    @if wrong { p .e id={ (id) "-e" } { (words.field_wrong) } }
                    textarea id=(id) name="note" rows="3" dir="auto" aria-invalid=[wrong.then_some("true")] { (refused.and_then(|(_, note, _)| note).unwrap_or_default()) }
                }
            }
            button .m[!ends] .risk[ends] name="action" value=(decision) { (name) }
        }
    };
    html! {
        @if ends { details open[refused.is_some()] { summary { (name) } (form) } } @else { (form) }
    }
}

/// How far it has come.
fn state(state: ProposalState, words: &Words) -> &str {
    match state {
        ProposalState::Waiting => words.waiting,
        ProposalState::CarriedOut => words.carried_out,
        ProposalState::Rejected => words.rejected,
        ProposalState::TakenBack => words.taken_back,
        ProposalState::Lapsed => words.lapsed,
    }
}

/// What was done now.
fn told(state: ProposalState, words: &Words) -> &str {
    match state {
        ProposalState::CarriedOut => words.done_carried_out,
        _ => words.done_ended,
    }
}
