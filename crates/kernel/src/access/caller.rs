//! Who is asking, with the roles they hold at this moment: read in the transaction of what they do. SQL and nothing else.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::{Caller, HeldRole, Role, ScopeKind};
use crate::db::Conn;
use crate::db::schema::{accounts, grants, working_groups};
use crate::db::types::Id;
use crate::problem::{Code, Problem};
use crate::vocabulary::AccountId;

/// The account with the roles it holds now; 401 when it is unknown or disabled.
pub fn of(conn: &mut Conn, id: AccountId) -> Result<Caller, Problem> {
    let active: Option<bool> =
        accounts::table.find(id).select(accounts::active).first(conn).optional()?;
    if active != Some(true) {
        return Err(Problem::new(Code::Unauthenticated, "This account may not sign in.")
            .with_header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    }
    Ok(Caller::account(id, roles_of(conn, id)?))
}

fn roles_of(conn: &mut Conn, id: AccountId) -> Result<Vec<HeldRole>, Problem> {
    type Place = (Role, ScopeKind, Id<()>);
    let rows: Vec<Place> = grants::table
        .filter(grants::account_id.eq(id))
        .select((grants::role, grants::scope_kind, grants::scope_id))
        .order(grants::id)
        .load(conn)?;
    let groups: Vec<Id<()>> = rows
        .iter()
        .filter(|(_, kind, _)| *kind == ScopeKind::WorkingGroup)
        .map(|(_, _, scope)| *scope)
        .collect();
    let consultations = consultations_of(conn, &groups)?;
    let held = rows.into_iter().map(|(role, scope_kind, scope)| HeldRole {
        role,
        scope_kind,
        scope_id: scope.uuid(),
        consultation: consultations.get(&scope).copied(),
    });
    Ok(held.collect())
}

/// The consultation of each of these working groups.
pub fn consultations_of(
    conn: &mut Conn,
    groups: &[Id<()>],
) -> Result<HashMap<Id<()>, Uuid>, Problem> {
    if groups.is_empty() {
        return Ok(HashMap::new());
    }
    let pairs: Vec<(Id<()>, Id<()>)> = working_groups::table
        .filter(working_groups::id.eq_any(groups))
        .select((working_groups::id, working_groups::consultation_id))
        .load(conn)?;
    Ok(pairs.into_iter().map(|(group, consultation)| (group, consultation.uuid())).collect())
}
