//! The drafts that somebody may read.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::head;
use super::i18n::{self, Words};
use super::service::{Readable, Readables};
use crate::pages::recommended;
use crate::pages::visit::Signed;
use crate::reports::ReportState;
use crate::reviews::ReviewId;
use crate::ways;

/// The list.
pub fn of(signed: &Signed, drafts: &Readables) -> Markup {
    let words = i18n::of(signed.language());
    let mails = crate::i18n::mails(signed.language());
    let drafting = drafted(&drafts.reports);
    html! {
        p .lead { (words.drafts_text) }
        @if drafts.reports.is_empty() { p { (words.no_drafts) } }
        @for review in &drafts.reviews {
            @let of = html! { @if drafts.reviews.len() > 1 { ": " bdi { (review.title) } } };
            p { a href=(signed.link(&ways::waiting(review.id))) { (words.what_waits) (of) } }
            @if drafting.contains(&review.id) {
                p { a href=(signed.link(&ways::own_register(review.id))) { (recommended::words(signed.language()).own_title) (of) } }
            }
        }
        ul .cards { @for (report, actions) in &drafts.reports { li .card {
            h2 dir="auto" { a href=(signed.link(&ways::draft(report.id))) lang=(report.language) { (report.title) } }
            p { span .tag.go[actions.contains(&"draft")] { (head::state(report.state, words)) } " " span .soft { (may(report.state, actions, words)) } }
            p .soft.small {
                (head::kind(report.kind, words))
                @if let Some(symbol) = &report.symbol { " · " bdi { (symbol) } }
                " · " (words.changed_on) " " (mails.date(report.updated_at.utc().date_naive()))
            }
        } } }
    }
}

/// The reviews of which somebody drafts the reports, each once.
fn drafted(drafts: &[Readable]) -> BTreeSet<ReviewId> {
    let drafts_it = |(report, actions): &&Readable| {
        let has = |action: &str| actions.contains(&action);
        let reopens = report.state == ReportState::Published && has("reopen");
        has("update") || has("publish") || reopens
    };
    drafts.iter().filter(drafts_it).map(|(report, _)| report.review_id).collect()
}

/// The most that somebody may do with it.
fn may<'w>(state: ReportState, actions: &[&str], words: &'w Words) -> &'w str {
    let has = |action: &str| actions.contains(&action);
    let published = state == ReportState::Published;
    if has("publish") {
        words.may_publish
    } else if has("update") {
        words.may_draft
    } else if has("draft") {
        words.may_draft_own
    } else if has("reopen") && published {
        words.may_reopen
    } else if has("clear") || has("reopen") {
        words.may_clear
    } else if published {
        words.may_look
    } else {
        words.may_read
    }
}
