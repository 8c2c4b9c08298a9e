//! Codes that are shown in a session and entered by those who are there. Only a keyed hash of a code is kept, because
//! it is short; that it is not guessed rests on the limit of tries a minute and on its few hours.

use super::service::{Recorder, reach, times};
use super::{Attendance, Method, Who, store};
use crate::consultations::{self, Activity, Session, SessionId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::groups;
use crate::ids::Ids;
use crate::problem::{Code, Problem};
use crate::registrations::{self, Registration, RegistrationState};
use crate::tokens::Tokens;
use crate::work::Work;

/// Letters and digits that are not taken for each other, and without vowels, so that no code is a word.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ23456789";
/// How many of them: 28⁶ is half a thousand million.
const LENGTH: usize = 6;
/// Minutes before the beginning and after the end of a session in which its code is taken, when nobody says.
pub const DEFAULT_MARGIN: i64 = 15;
/// The most that can be said.
pub const LONGEST_MARGIN: i64 = 120;

/// The code of a session, or of a working group in it. The code itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckInCode {
    /// The session.
    pub session_id: SessionId,
    /// The working group, for the code of one.
    pub working_group_id: Option<WorkingGroupId>,
    /// From when on it is taken.
    pub valid_from: Timestamp,
    /// Until when.
    pub valid_until: Timestamp,
}

fn new_code(ids: &Ids) -> String {
    let mut number = ids.place().cast_unsigned();
    let base = LETTERS.len() as u64;
    let letters = (0..LENGTH).map(|_| {
        let letter = LETTERS[(number % base) as usize];
        number /= base;
        char::from(letter)
    });
    letters.collect()
}

/// As people type it: in lower case, with spaces or hyphens.
fn hash(tokens: &Tokens, session: SessionId, typed: &str) -> String {
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    tokens.keyed_hash(&format!("check-in code\n{session}\n{}", code.to_ascii_uppercase()))
}

/// Makes a code for a session, or for a working group in it, in place of the one before. It is told once.
pub fn issue(
    work: &mut Work,
    tokens: &Tokens,
    id: SessionId,
    group: Option<WorkingGroupId>,
    margin: i64,
) -> Result<(String, CheckInCode), Problem> {
    if !(0..=LONGEST_MARGIN).contains(&margin) {
        let detail = format!("must be from 0 to {LONGEST_MARGIN}");
        return Err(Problem::invalid("/margin_minutes", detail));
    }
    let (session, consultation) = consultations::programme::service::see::<Session>(work, id)?;
    let group = reach(work, &session, &consultation)?.group(group)?;
    let (starts, ends) = times(work, &session)?.ok_or_else(|| {
        let detail = "The session needs a beginning and an end before it can have a code.";
        Problem::new(Code::InvalidTransition, detail)
    })?;
    let margin = chrono::Duration::minutes(margin);
    let code = CheckInCode {
        session_id: id,
        working_group_id: group,
        valid_from: starts.plus(-margin),
        valid_until: ends.plus(margin),
    };
    let secret = new_code(work.ids);
    store::put_code(work.conn, work.id(), &code, &hash(tokens, id, &secret))?;
    work.audit("check_in_code.issued", "session", id);
    Ok((secret, code))
}

/// Records the caller, who is confirmed and has entered the session's code. Once more changes nothing.
pub fn check_in(
    work: &mut Work,
    tokens: &Tokens,
    id: SessionId,
    typed: &str,
) -> Result<Attendance, Problem> {
    let account = work.caller.signed_in()?;
    let (session, consultation) = consultations::programme::service::see::<Session>(work, id)?;
    consultation.require(Activity::RecordAttendance)?;
    let registration = registrations::service::of_account(work, consultation.id, account)?;
    let registration = confirmed(registration)?;
    let code = store::code(work.conn, id, &hash(tokens, id, typed))?;
    let code = code.filter(|code| code.valid_from <= work.now && work.now <= code.valid_until);
    // One answer for a wrong code, one that ran out and one of another session.
    let code = code.ok_or_else(|| {
        Problem::invalid("/code", "is not the code of this session, or not at this time")
    })?;
    let group = match code.working_group_id {
        Some(group) => Some(group),
        None => assigned_group(work, &session, &registration)?,
    };
    let who = Who::Registered { id: registration.id, standing: registration.state };
    let keys = [who.key()];
    let mut recorder = Recorder::open(work, &session, &consultation, Method::Code, &keys)?;
    let attendance = recorder.add(work, who, group, None);
    if recorder.finish(work)?.new > 0 {
        // Not who: the moment of a check-in could be laid beside what else somebody did.
        work.audit_unattributed("attendance.checked_in", "session", id);
    }
    Ok(attendance)
}

fn confirmed(registration: Option<Registration>) -> Result<Registration, Problem> {
    registration.filter(|one| one.state == RegistrationState::Confirmed).ok_or_else(|| {
        let detail = "Only somebody whose registration is confirmed can check in; others ask the secretariat.";
        Problem::new(Code::Forbidden, detail)
    })
}

/// The group that the person is assigned to in the round of the session.
pub(super) fn assigned_group(
    work: &mut Work,
    session: &Session,
    registration: &Registration,
) -> Result<Option<WorkingGroupId>, Problem> {
    let Some(round) = session.round_id else { return Ok(None) };
    let assigned = groups::service::assignments_of_registration(work, registration.id)?;
    let here = assigned.iter().find(|one| one.round_id == round);
    Ok(here.map(|one| one.working_group_id))
}
