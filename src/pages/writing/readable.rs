//! The drafts that somebody may read.

use maud::{Markup, html};

use super::head;
use super::i18n::{self, Words};
use super::service::Readables;
use crate::pages::visit::Signed;
use crate::reports::ReportState;
use crate::ways;

/// The list.
pub fn of(signed: &Signed, drafts: &Readables) -> Markup {
    let words = i18n::of(signed.language());
    let mails = crate::i18n::mails(signed.language());
    html! {
        p .lead { (words.drafts_text) }
        @if drafts.reports.is_empty() { p { (words.no_drafts) } }
        @for review in &drafts.reviews {
            p { a href=(signed.link(&ways::waiting(review.id))) {
                (words.what_waits) @if drafts.reviews.len() > 1 { ": " bdi { (review.title) } }
            } }
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

/// The most that somebody may do with it.
fn may<'w>(state: ReportState, actions: &[&str], words: &'w Words) -> &'w str {
    let has = |action: &str| actions.contains(&action);
    let published = state == ReportState::Published;
    if has("publish") {
        &words.may_publish
    } else if has("update") {
        &words.may_draft
    } else if has("draft") {
        &words.may_draft_own
    } else if has("reopen") && published {
        &words.may_reopen
    } else if has("clear") || has("reopen") {
        &words.may_clear
    } else if published {
        &words.may_look
    } else {
        &words.may_read
    }
}
