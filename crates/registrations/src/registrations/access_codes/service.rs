//! What a caller may do with access codes: the secretariat makes them, applicants use them.

use serde_json::json;

use super::{AccessCode, AccessCodeId, store};
use crate::access::Permission;
use crate::consultations::{self, ConsultationId};
use crate::db::types::Timestamp;
use crate::http::page::{Listing, Paging};
use crate::problem::{Problem, require_version};
use crate::registrations::{RegistrationId, access_codes, rules};
use crate::work::Work;

/// What a new access code is made of.
#[derive(Debug, Clone)]
pub struct NewAccessCode {
    /// What it is made for.
    pub label: String,
    /// How many may register with it.
    pub most_uses: Option<i32>,
    /// It opens nothing from then on.
    pub expires_at: Option<Timestamp>,
}

/// Makes a code: as it is shown, once, and what is kept of it.
pub fn create(
    work: &mut Work,
    consultation: ConsultationId,
    new: NewAccessCode,
) -> Result<(String, AccessCode), Problem> {
    let consultation = rules::service::locked_for_set_up(work, consultation)?;
    let shown = access_codes::write(&work.ids.random_bytes());
    let code = AccessCode {
        id: work.id(),
        consultation_id: consultation.id,
        code_hash: hash(work, consultation.id, &shown),
        label: new.label.trim().to_owned(),
        most_uses: new.most_uses,
        uses: 0,
        expires_at: new.expires_at,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    code.check()?;
    store::insert(work.conn, &code)?;
    work.audit("access_code.created", "access_code", code.id);
    Ok((shown, code))
}

/// The codes of a consultation, in the order they were made.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    paging: &Paging,
) -> Result<Listing<AccessCode>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::SetUp, &consultation.scope())?;
    let rows = store::list(work.conn, consultation.id, paging.after_one()?, paging.load())?;
    Ok(paging.finish(rows, |row| vec![row.id.to_string()]))
}

/// Deletes a code. Who registered with it stays registered.
pub fn delete(work: &mut Work, id: AccessCodeId, version: i64) -> Result<(), Problem> {
    let unknown = || Problem::not_found("access code");
    let seen = store::find(work.conn, id)?.ok_or_else(unknown)?;
    rules::service::locked_for_set_up(work, seen.consultation_id)
        .map_err(|problem| problem.hidden_as(unknown))?;
    let code = store::find(work.conn, id)?.ok_or_else(unknown)?;
    require_version(code.version, version)?;
    store::delete(work.conn, id, version)?;
    work.audit("access_code.deleted", "access_code", id);
    Ok(())
}

/// The code that was typed, if it opens the consultation now. Whatever is wrong with it, the answer is the same.
pub(in crate::registrations) fn opening(
    work: &mut Work,
    consultation: ConsultationId,
    typed: Option<&str>,
) -> Result<AccessCode, Problem> {
    let Some(typed) = typed else { return Err(needed()) };
    let hash = hash(work, consultation, typed);
    let found = store::by_hash(work.conn, consultation, &hash)?;
    found.filter(|code| code.opens(work.now)).ok_or_else(wrong)
}

/// As [`opening`], for a code that was typed before.
pub(in crate::registrations) fn still_opening(
    work: &mut Work,
    id: AccessCodeId,
) -> Result<AccessCode, Problem> {
    let found = store::find(work.conn, id)?;
    found.filter(|code| code.opens(work.now)).ok_or_else(wrong)
}

/// Counts a registration that was made with the code. Needs the consultation's lock.
pub(in crate::registrations) fn used(
    work: &mut Work,
    code: &AccessCode,
    registration: RegistrationId,
) -> Result<(), Problem> {
    store::count_use(work.conn, code, work.now)?;
    let details = json!({ "registration_id": registration });
    work.audit_with("access_code.used", "access_code", code.id, details);
    Ok(())
}

fn hash(work: &Work, consultation: ConsultationId, code: &str) -> String {
    work.keyed_hash(&format!("access code\n{consultation}\n{}", access_codes::normalize(code)))
}

fn needed() -> Problem {
    Problem::invalid("/access_code", "is needed to register for this consultation")
}

fn wrong() -> Problem {
    Problem::invalid("/access_code", "opens nothing: it is mistyped, used up or out of date")
}
