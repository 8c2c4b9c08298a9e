//! Enters addresses: one invitation for each, however many lists it came from. What is known already stays as it is.

use std::collections::BTreeMap;

use super::{Invitation, InvitationId, InvitationState, NewInvitation, store};
use crate::accounts::Email;
use crate::consultations::Consultation;
use crate::problem::Problem;
use crate::work::Work;

/// How many addresses were new and how many were there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entered {
    /// New addresses.
    pub new: usize,
    /// Entries for addresses that were there and now came from a further list.
    pub further: usize,
    /// Entries that told nothing new.
    pub known: usize,
}

/// What entering some addresses comes to.
pub(super) struct Plan {
    /// How many of what.
    pub entered: Entered,
    new: Vec<Invitation>,
    further: Vec<(InvitationId, String)>,
}

impl Plan {
    /// Compares checked addresses with those that the consultation has.
    pub fn of(
        work: &mut Work,
        consultation: &Consultation,
        entries: Vec<NewInvitation>,
    ) -> Result<Self, Problem> {
        let emails: Vec<Email> = entries.iter().map(|entry| entry.email.clone()).collect();
        let there = store::by_emails(work.conn, consultation.id, &emails)?;
        let mut there: BTreeMap<Email, Invitation> =
            there.into_iter().map(|one| (one.email.clone(), one)).collect();
        let (mut entered, mut further) = (Entered::default(), Vec::new());
        let mut new: BTreeMap<Email, Invitation> = BTreeMap::new();
        for entry in entries {
            if let Some(one) = there.get_mut(&entry.email) {
                if add_list(one, &entry.list) {
                    further.push((one.id, entry.list))
                } else {
                    entered.known += 1
                }
                continue;
            }
            if let Some(one) = new.get_mut(&entry.email) {
                entered.known += usize::from(!add_list(one, &entry.list));
                continue;
            }
            new.insert(entry.email.clone(), prepared(work, consultation, entry));
        }
        (entered.new, entered.further) = (new.len(), further.len());
        // In the order of the file, which is that of their ids.
        let mut new: Vec<Invitation> = new.into_values().collect();
        new.sort_by_key(|one| one.id);
        Ok(Self { entered, new, further })
    }

    /// Does it.
    pub fn write(self, work: &mut Work) -> Result<Entered, Problem> {
        store::insert(work.conn, &self.new)?;
        store::add_lists(work.conn, &self.further)?;
        let mut touched: Vec<InvitationId> = self.further.iter().map(|(id, _)| *id).collect();
        touched.sort();
        touched.dedup();
        store::touch(work.conn, &touched, work.now)?;
        Ok(self.entered)
    }
}

/// Whether the list was not there.
fn add_list(invitation: &mut Invitation, list: &str) -> bool {
    let new = !invitation.lists.iter().any(|known| known == list);
    if new {
        invitation.lists.push(list.to_owned());
        invitation.lists.sort();
    }
    new
}

fn prepared(work: &Work, consultation: &Consultation, entry: NewInvitation) -> Invitation {
    Invitation {
        id: work.id(),
        consultation_id: consultation.id,
        email: entry.email,
        name: entry.name,
        organization_name: entry.organization_name,
        language: entry.language,
        lists: vec![entry.list],
        state: InvitationState::Prepared,
        registration_id: None,
        reminders: 0,
        invited_at: None,
        opened_at: None,
        mailed_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    }
}
