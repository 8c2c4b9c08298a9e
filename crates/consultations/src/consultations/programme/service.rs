//! What a caller may do with a consultation's programme, written once for every kind of row: co-organizers, sessions, rounds
//! and working groups. They are seen by whoever sees the consultation.

use std::fmt::Debug;

use super::removals::{self, Removal};
use super::store::Stored;
use crate::access::Permission;
use crate::consultations::service::{open, see as see_consultation};
use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::db::Conn;
use crate::db::types::{Id, Timestamp};
use crate::http::page::{Listing, Paging};
use crate::problem::{Problem, require_version};
use crate::work::Work;

/// What a kind of row is called.
#[derive(Debug)]
pub struct Names {
    /// In a refusal: "There is no such working group."
    pub plain: &'static str,
    /// As the subject of lines of the audit log.
    pub subject: &'static str,
    /// That one was added, in the audit log.
    pub created: &'static str,
    /// That one was changed.
    pub updated: &'static str,
    /// That one was removed.
    pub deleted: &'static str,
}

/// The names of a kind of row, from the two that cannot be worked out.
macro_rules! names {
    ($plain:literal, $subject:literal) => {
        crate::consultations::programme::service::Names {
            plain: $plain,
            subject: $subject,
            created: concat!($subject, ".created"),
            updated: concat!($subject, ".updated"),
            deleted: concat!($subject, ".deleted"),
        }
    };
}
pub(super) use names;

/// A kind of row of a programme.
pub trait Item: Stored + Clone + Debug + PartialEq + Send + 'static {
    /// What a new one is made of.
    type New;
    /// What it is called.
    const NAMES: Names;

    /// Its id.
    fn id(&self) -> Id<Self::Tag>;
    /// The consultation whose programme it is in.
    fn consultation_id(&self) -> ConsultationId;
    /// Its place in the order of its list: its position or number.
    fn place(&self) -> i32;
    /// Its version, which grows with each change.
    fn version(&self) -> i64;
    /// Notes a change.
    fn changed(&mut self, version: i64, now: Timestamp);
    /// Gives it another place.
    fn put_at(&mut self, place: i32);
    /// The same, as the next state of a row that is there.
    fn in_place_of(self, old: &Self) -> Self;

    /// A new one in its first version; nothing of it is checked yet but what it names elsewhere.
    fn made(work: &mut Work, consultation: &Consultation, new: Self::New) -> Result<Self, Problem>;
    /// 422 with every value that cannot be accepted.
    fn require_valid(&self, work: &mut Work, consultation: &Consultation) -> Result<(), Problem>;
    /// 409 when somebody or something needs it that the database does not know of.
    fn require_unused(&self, _: &mut Work) -> Result<(), Problem> {
        Ok(())
    }
    /// What subscribers of calendars are told of its removal.
    fn removal(self, now: Timestamp) -> Option<Removal>;
}

/// What every [`Item`] has, for a type with these fields.
macro_rules! item_fields {
    ($place:ident) => {
        fn id(&self) -> Id<Self::Tag> {
            self.id
        }
        fn consultation_id(&self) -> ConsultationId {
            self.consultation_id
        }
        fn place(&self) -> i32 {
            self.$place
        }
        fn version(&self) -> i64 {
            self.version
        }
        fn changed(&mut self, version: i64, now: Timestamp) {
            (self.version, self.updated_at) = (version, now);
        }
        fn put_at(&mut self, place: i32) {
            self.$place = place;
        }
        fn in_place_of(mut self, old: &Self) -> Self {
            (self.id, self.version) = (old.id, old.version);
            (self.created_at, self.updated_at) = (old.created_at, old.updated_at);
            self
        }
    };
}
pub(super) use item_fields;

/// The consultation, when the caller may edit its programme and its phase allows it.
pub(super) fn editable(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    open(work, id, Activity::EditProgramme, Permission::EditProgramme)
}

/// What the caller may do with a row of the consultation's programme.
pub fn allowed_actions(work: &Work, consultation: &Consultation) -> Vec<&'static str> {
    let allowed = consultation.require(Activity::EditProgramme).is_ok()
        && work.may(Permission::EditProgramme, &consultation.scope());
    if allowed { vec!["update", "delete"] } else { Vec::new() }
}

/// Whether the caller sees speakers who did not agree to be named.
pub fn sees_all_speakers(work: &Work, consultation: &Consultation) -> bool {
    work.may(Permission::ReadPlans, &consultation.scope())
}

/// The place after the last.
pub(super) fn at_end<T: Item>(work: &mut Work, id: ConsultationId) -> Result<i32, Problem> {
    let last = all::<T>(work, id)?.iter().map(T::place).max();
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// All rows of a kind of a consultation, in their order, whoever asks.
pub fn all<T: Item>(work: &mut Work, id: ConsultationId) -> Result<Vec<T>, Problem> {
    let set_up = consultations::service::load(work, id)?.set_up;
    work.kept(id, &set_up, |conn| T::all(conn, id))
}

/// One row, whoever asks, or 404.
pub fn one<T: Item>(work: &mut Work, id: Id<T::Tag>) -> Result<T, Problem> {
    T::find(work.conn, id)?.ok_or_else(|| Problem::not_found(T::NAMES.plain))
}

/// A row with its consultation; 404 when the caller may not know of it.
pub fn see<T: Item>(work: &mut Work, id: Id<T::Tag>) -> Result<(T, Consultation), Problem> {
    let found = one::<T>(work, id)?;
    let consultation = see_consultation(work, found.consultation_id())
        .map_err(|problem| problem.missing_as(|| Problem::not_found(T::NAMES.plain)))?;
    Ok((found, consultation))
}

/// A page of a consultation's rows of a kind, in their order.
pub fn list<T: Item>(
    work: &mut Work,
    id: ConsultationId,
    paging: &Paging,
) -> Result<(Listing<T>, Consultation), Problem> {
    let consultation = see_consultation(work, id)?;
    let rows = T::after(work.conn, id, paging.after_two()?, paging.load())?;
    let part = paging.finish(rows, |row| vec![row.place().to_string(), row.id().to_string()]);
    Ok((part, consultation))
}

/// Writes a row; what was loaded of the programme before is forgotten.
pub(super) fn write(
    work: &mut Work,
    row: impl FnOnce(&mut Conn) -> Result<(), Problem>,
) -> Result<(), Problem> {
    row(work.conn)?;
    work.forget_loaded();
    Ok(())
}

/// Adds a row. 409 when something unique of it is taken, 422 with every value that cannot be accepted.
pub fn create<T: Item>(work: &mut Work, id: ConsultationId, new: T::New) -> Result<T, Problem> {
    let consultation = editable(work, id)?;
    let row = T::made(work, &consultation, new)?;
    row.require_valid(work, &consultation)?;
    write(work, |conn| row.insert(conn))?;
    work.audit(T::NAMES.created, T::NAMES.subject, row.id());
    Ok(row)
}

/// Changes a row. 412 when `version` is not the current one.
pub fn update<T: Item>(
    work: &mut Work,
    id: Id<T::Tag>,
    version: i64,
    change: impl FnOnce(&mut T),
) -> Result<T, Problem> {
    let (mut row, consultation) = locked::<T>(work, id, version)?;
    change(&mut row);
    row.require_valid(work, &consultation)?;
    row.changed(version, work.now);
    write(work, |conn| row.update(conn))?;
    row.changed(version + 1, work.now);
    work.audit(T::NAMES.updated, T::NAMES.subject, id);
    Ok(row)
}

/// Removes a row. 409 when something refers to it, 412 when `version` is not the current one.
pub fn delete<T: Item>(work: &mut Work, id: Id<T::Tag>, version: i64) -> Result<(), Problem> {
    let (row, _) = locked::<T>(work, id, version)?;
    remove(work, row)
}

/// Removes a row that the caller may remove, with what names it elsewhere. 409 when something needs it.
pub(super) fn remove<T: Item>(work: &mut Work, row: T) -> Result<(), Problem> {
    row.require_unused(work)?;
    write(work, |conn| row.delete(conn))?;
    work.audit(T::NAMES.deleted, T::NAMES.subject, row.id());
    if let Some(removal) = row.removal(work.now) {
        work.tell(&removal)?;
        removals::store::insert(work.conn, removal)?;
    }
    Ok(())
}

/// The row as it is once nobody else can change the programme, in the version that the caller has seen.
fn locked<T: Item>(
    work: &mut Work,
    id: Id<T::Tag>,
    version: i64,
) -> Result<(T, Consultation), Problem> {
    let (seen, _) = see::<T>(work, id)?;
    let consultation = editable(work, seen.consultation_id())?;
    let row = one::<T>(work, id)?;
    require_version(row.version(), version)?;
    Ok((row, consultation))
}
