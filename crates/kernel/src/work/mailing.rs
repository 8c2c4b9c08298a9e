//! How mail gets into the outbox: on behalf of a service, in the transaction of what it tells about. No permission is asked.

use std::collections::BTreeMap;

use super::Work;
use crate::db::types::Id;
use crate::db::{self, Insertion};
use crate::i18n;
use crate::outbox::{Mail, Row, store};
use crate::problem::Problem;
use crate::vocabulary::ConsultationId;

impl Work<'_> {
    /// Puts a mail into the outbox; see [`Work::mails`].
    pub fn mail(&mut self, mail: Mail) -> Result<(), Problem> {
        self.mails(vec![mail])
    }

    /// Puts mails into the outbox. Those about a consultation that holds its mail start as held, unless the recipient has just
    /// asked for them.
    pub fn mails(&mut self, mails: Vec<Mail>) -> Result<(), Problem> {
        self.mails_with(mails, Vec::new())
    }

    /// As [`Work::mails`], with what else is to be written at the same time.
    pub fn mails_with(
        &mut self,
        mails: Vec<Mail>,
        mut with: Vec<Insertion>,
    ) -> Result<(), Problem> {
        with.extend(self.mails_as_rows(mails)?);
        Ok(db::together(self.conn, with)?)
    }

    /// As [`Work::mails`], to be written with the rows that they tell of: nothing of many, which are written already.
    pub fn mails_as_rows(&mut self, mails: Vec<Mail>) -> Result<Vec<Insertion>, Problem> {
        let mut rows = Vec::with_capacity(mails.len());
        let mut holding: BTreeMap<ConsultationId, bool> = BTreeMap::new();
        for mail in mails {
            let about = mail.about.filter(|_| i18n::is_held_back(mail.template));
            let held = match about.map(|about| about.consultation) {
                Some(id) => match holding.get(&id) {
                    Some(held) => *held,
                    None => holds_mail(self, id, &mut holding)?,
                },
                None => false,
            };
            rows.push(Row::new(self.id(), mail, held, self.now));
        }
        store::insertions(self.conn, rows)
    }

    /// Cancels what is not sent of the mails about a thing that is no more.
    pub fn cancel_mails_about<K>(&mut self, subject: Id<K>) -> Result<usize, Problem> {
        store::cancel_about(self.conn, Id::new(subject.uuid()))
    }
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
