//! The tables of drafts and of the links that open them. SQL and nothing else.

use diesel::prelude::*;

use super::{Draft, DraftId, Form};
use crate::accounts::Email;
use crate::consultations::ConsultationId;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{draft_tokens, registration_drafts};
use crate::db::types::{Json, Timestamp};
use crate::db::{Cleared, Conn, Insertion, Prepare};
use crate::problem::Problem;
use crate::registrations::access_codes::AccessCodeId;
use crate::registrations::{InvitationRef, RegistrationId, consents};

#[derive(Queryable, Insertable)]
#[diesel(table_name = registration_drafts, treat_none_as_default_value = false)]
struct Row {
    id: DraftId,
    consultation_id: ConsultationId,
    email: Email,
    form: Json<Form>,
    access_code_id: Option<AccessCodeId>,
    invitation_id: Option<InvitationRef>,
    registration_id: Option<RegistrationId>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    expires_at: Timestamp,
}

impl From<Row> for Draft {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            email: row.email,
            form: row.form.0,
            access_code_id: row.access_code_id,
            invitation_id: row.invitation_id,
            registration_id: row.registration_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            expires_at: row.expires_at,
        }
    }
}

/// Writes a new one. When somebody else began one for the address a moment ago, it is worth trying again.
pub fn insert(conn: &mut Conn, draft: &Draft) -> Result<(), Problem> {
    let row = Row {
        id: draft.id,
        consultation_id: draft.consultation_id,
        email: draft.email.clone(),
        form: Json(draft.form.clone()),
        access_code_id: draft.access_code_id,
        invitation_id: draft.invitation_id,
        registration_id: draft.registration_id,
        version: draft.version,
        created_at: draft.created_at,
        updated_at: draft.updated_at,
        expires_at: draft.expires_at,
    };
    diesel::insert_into(registration_drafts::table)
        .values(&row)
        .prepared()
        .execute(conn)
        .on_unique(Problem::contention)?;
    Ok(())
}

/// Writes everything that can change, as the version after `draft.version`; 412 when somebody else was faster.
pub fn update(conn: &mut Conn, draft: &Draft, now: Timestamp) -> Result<Draft, Problem> {
    let version = draft.version;
    let after = Draft { version: version + 1, updated_at: now, ..draft.clone() };
    let same =
        registration_drafts::table.find(draft.id).filter(registration_drafts::version.eq(version));
    let rows = diesel::update(same)
        .set((
            registration_drafts::form.eq(Json(after.form.clone())),
            registration_drafts::access_code_id.eq(after.access_code_id),
            registration_drafts::invitation_id.eq(after.invitation_id),
            registration_drafts::registration_id.eq(after.registration_id),
            registration_drafts::version.eq(after.version),
            registration_drafts::updated_at.eq(after.updated_at),
            registration_drafts::expires_at.eq(after.expires_at),
        ))
        .prepared()
        .execute(conn)?;
    errors::written(rows, version)?;
    Ok(after)
}

/// Keeps the draft for longer and notes what was asked for with it, without a new version: nobody's change is lost.
pub fn renew(conn: &mut Conn, draft: &Draft) -> Result<(), Problem> {
    diesel::update(registration_drafts::table.find(draft.id))
        .set((
            registration_drafts::access_code_id.eq(draft.access_code_id),
            registration_drafts::invitation_id.eq(draft.invitation_id),
            registration_drafts::expires_at.eq(draft.expires_at),
        ))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// The draft of an address that is still open.
pub fn open_of(
    conn: &mut Conn,
    consultation: ConsultationId,
    email: &Email,
) -> Result<Option<Draft>, Problem> {
    let row: Option<Row> = registration_drafts::table
        .filter(registration_drafts::consultation_id.eq(consultation))
        .filter(registration_drafts::email.eq(email))
        .filter(registration_drafts::registration_id.is_null())
        .first(conn)
        .optional()?;
    Ok(row.map(Draft::from))
}

/// The forms for a consultation that are not sent off yet.
pub fn open_forms(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(DraftId, Form)>, Problem> {
    let rows: Vec<(DraftId, Json<Form>)> = registration_drafts::table
        .filter(registration_drafts::consultation_id.eq(consultation))
        .filter(registration_drafts::registration_id.is_null())
        .select((registration_drafts::id, registration_drafts::form))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, form)| (id, form.0)).collect())
}

/// Takes something out of a form that somebody is filling in, without a new version: nobody's change is lost.
pub fn amend(conn: &mut Conn, id: DraftId, form: &Form) -> Result<(), Problem> {
    diesel::update(registration_drafts::table.find(id))
        .set(registration_drafts::form.eq(Json(form.clone())))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// The draft that a registration was made of, or by whose link it is seen.
pub fn of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Option<Draft>, Problem> {
    let row: Option<Row> = registration_drafts::table
        .filter(registration_drafts::registration_id.eq(registration))
        .order(registration_drafts::id)
        .first(conn)
        .optional()?;
    Ok(row.map(Draft::from))
}

/// The draft that a link with a token of this hash opens, unless it is out of date.
pub fn by_token(
    conn: &mut Conn,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Draft>, Problem> {
    let row: Option<Row> = draft_tokens::table
        .inner_join(registration_drafts::table)
        .filter(draft_tokens::token_hash.eq(token_hash))
        .filter(registration_drafts::expires_at.gt(now))
        .select(registration_drafts::all_columns)
        .first(conn)
        .optional()?;
    Ok(row.map(Draft::from))
}

/// That a link to the draft is mailed, and in which hour, to be noted.
pub fn token_insertion(draft: &Draft, token_hash: &str, now: Timestamp) -> Insertion {
    let row = (
        draft_tokens::token_hash.eq(token_hash.to_owned()),
        draft_tokens::draft_id.eq(draft.id),
        draft_tokens::email.eq(draft.email.clone()),
        draft_tokens::created_at.eq(now.to_the_hour()),
    );
    Insertion::of(diesel::insert_into(draft_tokens::table).values(row))
}

/// How many links the mailbox of this address was sent since.
pub fn links_since(conn: &mut Conn, email: &Email, since: Timestamp) -> Result<usize, Problem> {
    let mailbox = email.mailbox();
    let sent: Vec<Email> = draft_tokens::table
        .filter(draft_tokens::email.like(email.mailbox_pattern()))
        .filter(draft_tokens::created_at.ge(since))
        .select(draft_tokens::email)
        .load(conn)?;
    Ok(sent.iter().filter(|one| one.mailbox() == mailbox).count())
}

/// Forgets drafts that are out of date, with their links, and guardians who did not answer, a part of them.
pub fn purge(conn: &mut Conn, now: Timestamp) -> Result<Cleared, Problem> {
    let old = registration_drafts::table
        .filter(registration_drafts::expires_at.le(now))
        .select(registration_drafts::id);
    let ids: Vec<DraftId> = old.limit(Cleared::MOST).load(conn)?;
    let tokens = diesel::delete(draft_tokens::table.filter(draft_tokens::draft_id.eq_any(&ids)));
    tokens.execute(conn)?;
    let drafts =
        diesel::delete(registration_drafts::table.filter(registration_drafts::id.eq_any(&ids)));
    Ok(Cleared::part(drafts.execute(conn)?).and(consents::store::purge(conn, now)?))
}
