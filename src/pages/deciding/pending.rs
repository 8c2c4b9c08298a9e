//! What waits for a decision, on the first page of those who have a part in it.

use maud::{Markup, html};

use super::service::Pending;
use super::{i18n, matter};
use crate::pages::visit::Signed;
use crate::ways;

/// What waits, with ways to each; nothing where nothing does.
pub fn of(signed: &Signed, pending: &Pending) -> Markup {
    let words = i18n::of(signed.language());
    let day = |at: crate::db::types::Timestamp| {
        crate::i18n::mails(signed.language()).date(at.utc().date_naive())
    };
    html! { @if !pending.proposals.is_empty() || !pending.appeals.is_empty() {
        h2 { (words.to_decide) }
        ul {
            @for one in &pending.proposals { li {
                a href=(signed.link(&ways::proposal(one.id))) { (matter::act(one.act, words)) }
                " " span .soft { (day(one.proposed_at)) }
            } }
            @for one in &pending.appeals { li {
                a href=(signed.link(&ways::appeal(one.id))) { (words.appeal) }
                " " span .soft { (day(one.created_at)) }
            } }
        }
    } }
}
