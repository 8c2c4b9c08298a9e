//! SQL of appeals, and nothing else.

use diesel::prelude::*;

use super::{Appeal, AppealId, AppealKind, AppealState, Filter, Subject};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::schema::appeals;
use crate::db::types::Timestamp;
use crate::db::{Conn, errors, keyset};
use crate::events::AccountsMerged;
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;
use crate::registrations::RegistrationId;
use crate::reviews::ReviewId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = appeals, treat_none_as_default_value = false)]
struct Row {
    id: AppealId,
    kind: AppealKind,
    registration_id: Option<RegistrationId>,
    organization_id: Option<OrganizationId>,
    consultation_id: Option<ConsultationId>,
    review_id: Option<ReviewId>,
    decided_by: Option<AccountId>,
    decided_at: Timestamp,
    account_id: AccountId,
    body: String,
    state: AppealState,
    answer: Option<String>,
    answered_by: Option<AccountId>,
    answered_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for Appeal {
    type Error = Problem;

    fn try_from(row: Row) -> Result<Self, Problem> {
        let place = (row.registration_id, row.consultation_id, row.review_id);
        let subject = match (place, row.organization_id) {
            ((Some(id), Some(consultation_id), Some(review_id)), None) => {
                Subject::Registration { id, consultation_id, review_id }
            }
            ((None, ..), Some(id)) => Subject::Organization { id },
            _ => return Err(Problem::internal("an appeal about nothing")),
        };
        Ok(Self {
            id: row.id,
            subject,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            by: row.account_id,
            text: row.body,
            state: row.state,
            answer: row.answer,
            answered_by: row.answered_by,
            answered_at: row.answered_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn row(appeal: &Appeal) -> Row {
    let appeal = appeal.clone();
    let kind = appeal.subject.kind();
    let (registration_id, consultation_id, review_id, organization_id) = match appeal.subject {
        Subject::Registration { id, consultation_id, review_id } => {
            (Some(id), Some(consultation_id), Some(review_id), None)
        }
        Subject::Organization { id } => (None, None, None, Some(id)),
    };
    Row {
        id: appeal.id,
        kind,
        registration_id,
        organization_id,
        consultation_id,
        review_id,
        decided_by: appeal.decided_by,
        decided_at: appeal.decided_at,
        account_id: appeal.by,
        body: appeal.text,
        state: appeal.state,
        answer: appeal.answer,
        answered_by: appeal.answered_by,
        answered_at: appeal.answered_at,
        version: appeal.version,
        created_at: appeal.created_at,
        updated_at: appeal.updated_at,
    }
}

/// Keeps an appeal.
pub fn insert(conn: &mut Conn, appeal: &Appeal) -> Result<(), Problem> {
    diesel::insert_into(appeals::table).values(&row(appeal)).execute(conn)?;
    Ok(())
}

/// Writes the answer; `appeal.version` is the new one. 412 when somebody else was first.
pub fn update(conn: &mut Conn, appeal: &Appeal) -> Result<(), Problem> {
    let seen = appeal.version - 1;
    let rows = diesel::update(appeals::table.find(appeal.id).filter(appeals::version.eq(seen)))
        .set((
            appeals::state.eq(appeal.state),
            appeals::answer.eq(&appeal.answer),
            appeals::answered_by.eq(appeal.answered_by),
            appeals::answered_at.eq(appeal.answered_at),
            appeals::version.eq(appeal.version),
            appeals::updated_at.eq(appeal.updated_at),
        ))
        .execute(conn)?;
    errors::written(rows, seen)
}

/// One appeal, or 404.
pub fn get(conn: &mut Conn, id: AppealId) -> Result<Appeal, Problem> {
    let row: Option<Row> = appeals::table.find(id).first(conn).optional()?;
    row.ok_or_else(|| Problem::not_found("appeal"))?.try_into()
}

/// Whether this person has objected to this decision.
pub fn exists(
    conn: &mut Conn,
    by: AccountId,
    subject: Subject,
    decided_at: Timestamp,
) -> Result<bool, Problem> {
    let mut query = appeals::table
        .filter(appeals::account_id.eq(by))
        .filter(appeals::decided_at.eq(decided_at))
        .into_boxed();
    query = match subject {
        Subject::Registration { id, .. } => query.filter(appeals::registration_id.eq(id)),
        Subject::Organization { id } => query.filter(appeals::organization_id.eq(id)),
    };
    let found: i64 = query.count().get_result(conn)?;
    Ok(found > 0)
}

/// Whose appeals a list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// One's own.
    By(AccountId),
    /// All.
    All,
    /// Those about organizations, and about registrations in these reviews.
    Reviews(Vec<ReviewId>),
}

/// Appeals after an id, in the order in which they were made.
pub fn list(
    conn: &mut Conn,
    seen: &Seen,
    filter: &Filter,
    after: Option<AppealId>,
    limit: i64,
) -> Result<Vec<Appeal>, Problem> {
    let mut query = appeals::table.into_boxed();
    match seen {
        Seen::All => {}
        Seen::By(account) => query = query.filter(appeals::account_id.eq(*account)),
        Seen::Reviews(reviews) => {
            let own = appeals::review_id.eq_any(reviews.clone());
            query = query.filter(appeals::review_id.is_null().or(own));
        }
    }
    if let Some(state) = filter.state {
        query = query.filter(appeals::state.eq(state));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(appeals::kind.eq(kind));
    }
    if let Some(consultation) = filter.consultation {
        query = query.filter(appeals::consultation_id.eq(consultation));
    }
    let part = keyset::after(query, (appeals::id,), after, limit);
    let rows: Vec<Row> = part.load(conn)?;
    rows.into_iter().map(Appeal::try_from).collect()
}

/// Gives the appeals about one organization to another. Says how many there were.
pub fn move_organization(conn: &mut Conn, merged: OrganizationsMerged) -> Result<usize, Problem> {
    let OrganizationsMerged { from, into } = merged;
    Ok(diesel::update(appeals::table.filter(appeals::organization_id.eq(from)))
        .set(appeals::organization_id.eq(into))
        .execute(conn)?)
}

/// What one account appealed, decided and answered, the other did.
pub fn move_account(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    diesel::update(appeals::table.filter(appeals::account_id.eq(from)))
        .set(appeals::account_id.eq(into))
        .execute(conn)?;
    diesel::update(appeals::table.filter(appeals::decided_by.eq(from)))
        .set(appeals::decided_by.eq(into))
        .execute(conn)?;
    diesel::update(appeals::table.filter(appeals::answered_by.eq(from)))
        .set(appeals::answered_by.eq(into))
        .execute(conn)?;
    Ok(())
}
