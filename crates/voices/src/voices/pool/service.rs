//! What of that which waits is somebody's own, and putting more to it.

use std::collections::HashMap;

use super::store::{self, Row};
use super::{Deed, Entry};
use crate::consultations::{Consultation, ConsultationId};
use crate::keys::Key;
use crate::problem::{Code, Problem};
use crate::vocabulary::ContributionId;
use crate::voices::counting;
use crate::voices::mixing;
use crate::voices::receipts::Holder;
use crate::voices::receipts::service::holder;
use crate::voices::vault::Vault;
use crate::work::Work;

/// What waits of one receipt at most: whoever wants to fill the pool needs many.
pub const MOST: usize = 20;

/// What a request by receipt stands on: the consultation, whoever holds the receipt, and what of theirs waits.
pub struct Held {
    /// The consultation.
    pub consultation: Consultation,
    /// Whoever it is.
    pub holder: Holder,
    /// What of theirs waits.
    pub waiting: Vec<(ContributionId, Entry)>,
}

impl Held {
    /// For a look; the same 404 for everything that is no receipt.
    pub fn open(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Self, Problem> {
        let (consultation, holder) = holder(work, id, receipt)?;
        let waiting = own(work, &holder)?;
        Ok(Self { consultation, holder, waiting })
    }

    /// As [`Held::open`], with the lock of the mixing: for a change; 403 for a voice that is refused.
    pub fn change(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Self, Problem> {
        // Who has no receipt keeps nobody waiting.
        holder(work, id, receipt)?;
        mixing::service::lock(work, id)?;
        let held = Self::open(work, id, receipt)?;
        if counting::service::is_refused(work, id, held.holder.voice)? {
            let detail = "Nothing is taken by this receipt any more.";
            return Err(Problem::new(Code::Forbidden, detail));
        }
        Ok(held)
    }

    /// Puts a deed to what waits; 409 when too much of theirs does.
    pub fn put(&self, work: &mut Work, deed: Deed) -> Result<ContributionId, Problem> {
        if self.waiting.len() >= MOST {
            let detail = format!(
                "{MOST} of yours wait to be mixed; no more are taken until then. What waits can be changed."
            );
            return Err(Problem::new(Code::TooManyWaiting, detail));
        }
        let id = work.ids.unlinkable();
        let row = sealed(work, &self.holder, id, deed)?;
        store::insert(work.conn, &row)?;
        Ok(id)
    }

    /// Puts a deed in the place of one that waits.
    pub fn replace(&self, work: &mut Work, id: ContributionId, deed: Deed) -> Result<(), Problem> {
        let row = sealed(work, &self.holder, id, deed)?;
        store::replace(work.conn, &row)
    }
}

/// What waits of a holder.
fn own(work: &mut Work, holder: &Holder) -> Result<Vec<(ContributionId, Entry)>, Problem> {
    let marks = store::marks(work.conn, holder.consultation)?;
    let own: Vec<ContributionId> =
        marks.into_iter().filter(|(_, mark)| holder.knows(mark)).map(|(id, _)| id).collect();
    let rows = store::some(work.conn, &own)?;
    let (opened, lost) = open(work, holder.consultation, rows)?;
    if lost > 0 {
        tracing::error!("a key of what waits is lost: what it locked cannot be read any more");
    }
    Ok(opened.into_iter().map(|(row, entry)| (row.id, entry)).collect())
}

/// What of these rows can be opened; and how many cannot, since their key is lost.
pub fn open(
    work: &Work,
    consultation: ConsultationId,
    rows: Vec<Row>,
) -> Result<(Vec<(Row, Entry)>, usize), Problem> {
    let vault = Vault::of(work)?;
    let mut keys: HashMap<String, Option<Key>> = HashMap::new();
    let (mut opened, mut lost) = (Vec::new(), 0);
    for row in rows {
        if !keys.contains_key(&row.key_name) {
            keys.insert(row.key_name.clone(), vault.keys().get(&row.key_name)?);
        }
        let key = keys.get(&row.key_name).and_then(Option::as_ref);
        match key.and_then(|key| Entry::open(key, row.id, consultation, &row.sealed)) {
            Some(entry) => opened.push((row, entry)),
            None => lost += 1,
        }
    }
    Ok((opened, lost))
}

fn sealed(
    work: &mut Work,
    holder: &Holder,
    id: ContributionId,
    deed: Deed,
) -> Result<Row, Problem> {
    let (key_name, key) = mixing::service::current_key(work, holder.consultation)?;
    let entry = Entry { deed, voice: holder.voice, mark: holder.mark(work.ids) };
    let sealed = entry.sealed(&key, id, holder.consultation, work.ids)?;
    let mark = holder.mark(work.ids);
    Ok(Row { id, consultation_id: holder.consultation, key_name, mark, sealed })
}
