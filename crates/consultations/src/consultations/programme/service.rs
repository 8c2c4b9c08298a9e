//! What a caller may do with a consultation's programme: co-organizers, sessions, rounds and working groups.
//! They are seen by whoever sees the consultation.

use super::removals::{self, Removal, RemovedKind};
use super::store;
use crate::access::{Permission, ScopeKind};
use crate::consultations::service::{current, open, see};
use crate::consultations::{
    Activity, CoOrganizer, CoOrganizerId, Consultation, ConsultationId, NewCoOrganizer, NewRound,
    NewSession, NewWorkingGroup, Round, RoundId, Session, SessionId, WorkingGroup, WorkingGroupId,
};
use crate::http::page::{Paging, Part};
use crate::problem::{Code, Problem};
use crate::work::Work;
use crate::{accounts, organizations};

/// The consultation, when the caller may edit its programme and its phase allows it.
fn editable(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    open(work, id, Activity::EditProgramme, Permission::EditProgramme)
}

/// What the caller may do with a row of the consultation's programme.
pub fn allowed_programme_actions(work: &Work, consultation: &Consultation) -> Vec<&'static str> {
    let allowed = consultation.require(Activity::EditProgramme).is_ok()
        && work.may(Permission::EditProgramme, &consultation.scope());
    if allowed { vec!["update", "delete"] } else { Vec::new() }
}

/// 404 of the row's own kind when the consultation is not for the caller to see.
fn seen_with(
    work: &mut Work,
    consultation: ConsultationId,
    what: &str,
) -> Result<Consultation, Problem> {
    see(work, consultation).map_err(|problem| problem.missing_as(|| Problem::not_found(what)))
}

/// The place after the last.
fn at_end(places: impl Iterator<Item = i32>) -> i32 {
    places.max().unwrap_or(0).saturating_add(1)
}

// ------------------------------------------------------------------------------------------------ co-organizers

/// All co-organizers of a consultation by position, whoever asks.
pub fn co_organizers(work: &mut Work, id: ConsultationId) -> Result<Vec<CoOrganizer>, Problem> {
    store::co_organizers(work.conn, id)
}

/// One co-organizer, whoever asks, or 404.
pub fn co_organizer(work: &mut Work, id: CoOrganizerId) -> Result<CoOrganizer, Problem> {
    store::co_organizer(work.conn, id)
}

/// A co-organizer with its consultation; 404 when the caller may not know of it.
pub fn see_co_organizer(
    work: &mut Work,
    id: CoOrganizerId,
) -> Result<(CoOrganizer, Consultation), Problem> {
    let found = co_organizer(work, id)?;
    let consultation = seen_with(work, found.consultation_id, "co-organizer")?;
    Ok((found, consultation))
}

/// A page of a consultation's co-organizers, by position.
pub fn list_co_organizers(
    work: &mut Work,
    id: ConsultationId,
    paging: &Paging,
) -> Result<(Part<CoOrganizer>, Consultation), Problem> {
    let consultation = see(work, id)?;
    let rows = store::co_organizers_after(work.conn, id, paging.after_two()?, paging.load())?;
    let part = paging.finish(rows, |row| vec![row.position.to_string(), row.id.to_string()]);
    Ok((part, consultation))
}

/// Adds an organization to the co-organizers, at the end when it says no position. 409 when it has that part already.
pub fn create_co_organizer(
    work: &mut Work,
    id: ConsultationId,
    new: NewCoOrganizer,
) -> Result<CoOrganizer, Problem> {
    editable(work, id)?;
    let organization =
        organizations::service::named(work, new.organization_id, "/organization_id")?;
    let others = co_organizers(work, id)?;
    let position =
        new.position.unwrap_or_else(|| at_end(others.iter().map(|other| other.position)));
    let row = CoOrganizer {
        id: work.id(),
        consultation_id: id,
        organization_id: organization.id,
        kind: new.kind,
        position,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    row.check()?;
    store::insert_co_organizer(work.conn, &row)?;
    work.audit("co_organizer.created", "co_organizer", row.id);
    Ok(row)
}

/// Changes part or position. 412 when `version` is not the current one.
pub fn update_co_organizer(
    work: &mut Work,
    id: CoOrganizerId,
    version: i64,
    change: impl FnOnce(&mut CoOrganizer),
) -> Result<CoOrganizer, Problem> {
    let (seen, _) = see_co_organizer(work, id)?;
    editable(work, seen.consultation_id)?;
    let mut row = co_organizer(work, id)?;
    current(row.version, version)?;
    change(&mut row);
    row.check()?;
    row.updated_at = work.now;
    store::update_co_organizer(work.conn, &row)?;
    row.version += 1;
    work.audit("co_organizer.updated", "co_organizer", id);
    Ok(row)
}

/// Removes a co-organizer. 412 when `version` is not the current one.
pub fn delete_co_organizer(
    work: &mut Work,
    id: CoOrganizerId,
    version: i64,
) -> Result<(), Problem> {
    let (seen, _) = see_co_organizer(work, id)?;
    editable(work, seen.consultation_id)?;
    current(co_organizer(work, id)?.version, version)?;
    store::delete_co_organizer(work.conn, id, version)?;
    work.audit("co_organizer.deleted", "co_organizer", id);
    Ok(())
}

// ------------------------------------------------------------------------------------------------ sessions

/// All sessions of a consultation by position, whoever asks.
pub fn sessions(work: &mut Work, id: ConsultationId) -> Result<Vec<Session>, Problem> {
    store::sessions(work.conn, id)
}

/// One session, whoever asks, or 404.
pub fn session(work: &mut Work, id: SessionId) -> Result<Session, Problem> {
    store::session(work.conn, id)
}

/// A session with its consultation; 404 when the caller may not know of it.
pub fn see_session(work: &mut Work, id: SessionId) -> Result<(Session, Consultation), Problem> {
    let found = session(work, id)?;
    let consultation = seen_with(work, found.consultation_id, "session")?;
    Ok((found, consultation))
}

/// A page of a consultation's sessions, by position.
pub fn list_sessions(
    work: &mut Work,
    id: ConsultationId,
    paging: &Paging,
) -> Result<(Part<Session>, Consultation), Problem> {
    let consultation = see(work, id)?;
    let rows = store::sessions_after(work.conn, id, paging.after_two()?, paging.load())?;
    let part = paging.finish(rows, |row| vec![row.position.to_string(), row.id.to_string()]);
    Ok((part, consultation))
}

/// Whether the caller sees speakers who did not agree to be named.
pub fn sees_all_speakers(work: &Work, consultation: &Consultation) -> bool {
    work.may(Permission::ReadPlans, &consultation.scope())
}

/// Adds a session, at the end when it says no position, under the attribution rule of its kind when it says none.
pub fn create_session(
    work: &mut Work,
    id: ConsultationId,
    new: NewSession,
) -> Result<Session, Problem> {
    let consultation = editable(work, id)?;
    let others = sessions(work, id)?;
    let position =
        new.position.unwrap_or_else(|| at_end(others.iter().map(|other| other.position)));
    let row = Session {
        id: work.id(),
        consultation_id: id,
        position,
        kind: new.kind,
        title: new.title,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        moderator: new.moderator,
        speakers: new.speakers,
        attribution_rule: new.attribution_rule.unwrap_or(new.kind.default_rule()),
        round_id: new.round_id,
        note: new.note,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    row.check(&consultation, &rounds(work, id)?)?;
    store::insert_session(work.conn, &row)?;
    work.audit("session.created", "session", row.id);
    Ok(row)
}

/// Changes a session. 412 when `version` is not the current one.
pub fn update_session(
    work: &mut Work,
    id: SessionId,
    version: i64,
    change: impl FnOnce(&mut Session),
) -> Result<Session, Problem> {
    let (seen, _) = see_session(work, id)?;
    let consultation = editable(work, seen.consultation_id)?;
    let mut row = session(work, id)?;
    current(row.version, version)?;
    change(&mut row);
    row.check(&consultation, &rounds(work, consultation.id)?)?;
    row.updated_at = work.now;
    store::update_session(work.conn, &row)?;
    row.version += 1;
    work.audit("session.updated", "session", id);
    Ok(row)
}

/// Removes a session. 409 when something refers to it, 412 when `version` is not the current one.
pub fn delete_session(work: &mut Work, id: SessionId, version: i64) -> Result<(), Problem> {
    let (seen, _) = see_session(work, id)?;
    editable(work, seen.consultation_id)?;
    let gone = session(work, id)?;
    current(gone.version, version)?;
    store::delete_session(work.conn, id, version)?;
    removals::store::insert(work.conn, Removal::of_session(gone, work.now))?;
    work.audit("session.deleted", "session", id);
    Ok(())
}

// ------------------------------------------------------------------------------------------------ rounds

/// All rounds of a consultation by number, whoever asks.
pub fn rounds(work: &mut Work, id: ConsultationId) -> Result<Vec<Round>, Problem> {
    store::rounds(work.conn, id)
}

/// One round, whoever asks, or 404.
pub fn round(work: &mut Work, id: RoundId) -> Result<Round, Problem> {
    store::round(work.conn, id)
}

/// A round with its consultation; 404 when the caller may not know of it.
pub fn see_round(work: &mut Work, id: RoundId) -> Result<(Round, Consultation), Problem> {
    let found = round(work, id)?;
    let consultation = seen_with(work, found.consultation_id, "round")?;
    Ok((found, consultation))
}

/// A page of a consultation's rounds, by number.
pub fn list_rounds(
    work: &mut Work,
    id: ConsultationId,
    paging: &Paging,
) -> Result<(Part<Round>, Consultation), Problem> {
    let consultation = see(work, id)?;
    let rows = store::rounds_after(work.conn, id, paging.after_two()?, paging.load())?;
    let part = paging.finish(rows, |row| vec![row.number.to_string(), row.id.to_string()]);
    Ok((part, consultation))
}

/// Adds a round. 409 when the number is taken.
pub fn create_round(work: &mut Work, id: ConsultationId, new: NewRound) -> Result<Round, Problem> {
    let consultation = editable(work, id)?;
    let row = Round {
        id: work.id(),
        consultation_id: id,
        number: new.number,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    row.check(&consultation)?;
    store::insert_round(work.conn, &row)?;
    work.audit("round.created", "round", row.id);
    Ok(row)
}

/// Changes a round. 412 when `version` is not the current one.
pub fn update_round(
    work: &mut Work,
    id: RoundId,
    version: i64,
    change: impl FnOnce(&mut Round),
) -> Result<Round, Problem> {
    let (seen, _) = see_round(work, id)?;
    let consultation = editable(work, seen.consultation_id)?;
    let mut row = round(work, id)?;
    current(row.version, version)?;
    change(&mut row);
    row.check(&consultation)?;
    row.updated_at = work.now;
    store::update_round(work.conn, &row)?;
    row.version += 1;
    work.audit("round.updated", "round", id);
    Ok(row)
}

/// Removes a round. 409 when something refers to it, 412 when `version` is not the current one.
pub fn delete_round(work: &mut Work, id: RoundId, version: i64) -> Result<(), Problem> {
    let (seen, _) = see_round(work, id)?;
    editable(work, seen.consultation_id)?;
    current(round(work, id)?.version, version)?;
    store::delete_round(work.conn, id, version)?;
    let gone = Removal::of(RemovedKind::Round, id, seen.consultation_id, version, work.now);
    removals::store::insert(work.conn, gone)?;
    work.audit("round.deleted", "round", id);
    Ok(())
}

// ------------------------------------------------------------------------------------------------ working groups

/// All working groups of a consultation by number, whoever asks.
pub fn working_groups(work: &mut Work, id: ConsultationId) -> Result<Vec<WorkingGroup>, Problem> {
    store::working_groups(work.conn, id)
}

/// One working group, whoever asks, or 404.
pub fn working_group(work: &mut Work, id: WorkingGroupId) -> Result<WorkingGroup, Problem> {
    store::working_group(work.conn, id)
}

/// A working group with its consultation; 404 when the caller may not know of it.
pub fn see_working_group(
    work: &mut Work,
    id: WorkingGroupId,
) -> Result<(WorkingGroup, Consultation), Problem> {
    let found = working_group(work, id)?;
    let consultation = seen_with(work, found.consultation_id, "working group")?;
    Ok((found, consultation))
}

/// A page of a consultation's working groups, by number.
pub fn list_working_groups(
    work: &mut Work,
    id: ConsultationId,
    paging: &Paging,
) -> Result<(Part<WorkingGroup>, Consultation), Problem> {
    let consultation = see(work, id)?;
    let rows = store::working_groups_after(work.conn, id, paging.after_two()?, paging.load())?;
    let part = paging.finish(rows, |row| vec![row.number.to_string(), row.id.to_string()]);
    Ok((part, consultation))
}

/// Adds a working group. 409 when the number is taken, 422 when an objective is another group's.
pub fn create_working_group(
    work: &mut Work,
    id: ConsultationId,
    new: NewWorkingGroup,
) -> Result<WorkingGroup, Problem> {
    let consultation = editable(work, id)?;
    let row = WorkingGroup {
        id: work.id(),
        consultation_id: id,
        number: new.number,
        clusters: new.clusters,
        min_size: new.min_size,
        max_size: new.max_size,
        languages: new.languages,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    row.check(&consultation, &working_groups(work, id)?)?;
    store::insert_working_group(work.conn, &row)?;
    work.audit("working_group.created", "working_group", row.id);
    Ok(row)
}

/// Changes a working group. 412 when `version` is not the current one.
pub fn update_working_group(
    work: &mut Work,
    id: WorkingGroupId,
    version: i64,
    change: impl FnOnce(&mut WorkingGroup),
) -> Result<WorkingGroup, Problem> {
    let (seen, _) = see_working_group(work, id)?;
    let consultation = editable(work, seen.consultation_id)?;
    let mut row = working_group(work, id)?;
    current(row.version, version)?;
    change(&mut row);
    row.check(&consultation, &working_groups(work, consultation.id)?)?;
    row.updated_at = work.now;
    store::update_working_group(work.conn, &row)?;
    row.version += 1;
    work.audit("working_group.updated", "working_group", id);
    Ok(row)
}

/// Removes a working group. 409 when somebody hosts it or something refers to it, 412 when `version` is not the current one.
pub fn delete_working_group(
    work: &mut Work,
    id: WorkingGroupId,
    version: i64,
) -> Result<(), Problem> {
    let (seen, _) = see_working_group(work, id)?;
    editable(work, seen.consultation_id)?;
    current(working_group(work, id)?.version, version)?;
    // Roles name what they are held on without a foreign key.
    if !accounts::service::holders(work, ScopeKind::WorkingGroup, id.uuid())?.is_empty() {
        return Err(Problem::new(Code::InUse, "Somebody has a role in this working group."));
    }
    store::delete_working_group(work.conn, id, version)?;
    let kind = RemovedKind::WorkingGroup;
    let gone = Removal::of(kind, id, seen.consultation_id, version, work.now);
    removals::store::insert(work.conn, gone)?;
    work.audit("working_group.deleted", "working_group", id);
    Ok(())
}
