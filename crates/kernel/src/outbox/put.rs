//! How mail gets into the outbox: on behalf of a service, in the transaction of what it tells about. No permission is asked.

use std::collections::BTreeMap;

use super::{Mail, Row, store};
use crate::db::types::Id;
use crate::problem::Problem;
use crate::vocabulary::ConsultationId;
use crate::words;
use crate::work::Work;

/// Puts mails into the outbox. Those about a consultation that holds its mail start as held, unless the recipient has just asked
/// for them.
pub fn put(work: &mut Work, mails: Vec<Mail>) -> Result<(), Problem> {
    let mut rows = Vec::with_capacity(mails.len());
    let mut holding: BTreeMap<ConsultationId, bool> = BTreeMap::new();
    for mail in mails {
        let about = mail.about.filter(|_| words::is_held_back(mail.template));
        let held = match about.map(|about| about.consultation) {
            Some(id) => match holding.get(&id) {
                Some(held) => *held,
                None => holds_mail(work, id, &mut holding)?,
            },
            None => false,
        };
        rows.push(Row::new(work.id(), mail, held, work.now));
    }
    store::insert(work.conn, &rows)
}

fn holds_mail(
    work: &mut Work,
    id: ConsultationId,
    known: &mut BTreeMap<ConsultationId, bool>,
) -> Result<bool, Problem> {
    let registry = work.registry;
    let held = registry.holds_mail(work, id)?;
    known.insert(id, held);
    Ok(held)
}

/// Cancels what is not sent of the mails about a thing that is no more.
pub fn cancel_about<K>(work: &mut Work, subject: Id<K>) -> Result<usize, Problem> {
    store::cancel_about(work.conn, Id::new(subject.uuid()))
}
