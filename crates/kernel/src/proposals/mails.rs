//! What staff are told by mail of a proposal: that there is one, who made it and until when it can be decided; not what it is.

use std::collections::BTreeSet;

use super::{Proposal, store};
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::Letter;
use crate::problem::Problem;
use crate::vocabulary::AccountId;
use crate::ways;
use crate::work::Work;

/// Tells these people of a proposal; where nobody can confirm it, from when it may be done.
pub(super) fn proposed(
    work: &mut Work,
    proposal: &Proposal,
    to: &BTreeSet<AccountId>,
) -> Result<(), Problem> {
    let by = BTreeSet::from([proposal.proposed_by]);
    let person = store::names(work.conn, &by)?.into_values().next().unwrap_or_default();
    let moment =
        |at: crate::db::types::Timestamp| at.utc().format("%Y-%m-%d %H:%M UTC").to_string();
    let when = proposal.notice_ends_at.map(moment).unwrap_or_default();
    let mut mails = Vec::with_capacity(to.len());
    for (email, name, language) in store::addresses(work.conn, to)? {
        let language = Language::choose(language, &[]);
        let path = ways::proposal(proposal.id);
        let page = ways::page(&work.settings.server.public_url, &path, language);
        let letter = Letter {
            template: Template::ActProposed,
            language,
            recipient: &email,
            values: vec![
                (Placeholder::Name, name),
                (Placeholder::Person, person.clone()),
                (Placeholder::When, when.clone()),
                (Placeholder::Until, moment(proposal.lapses_at)),
                (Placeholder::Page, page),
            ],
            secret: None,
            about: None,
        };
        mails.push(letter.write()?);
    }
    work.mails(mails)
}
