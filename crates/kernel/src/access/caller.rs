//! Who is asking, with the roles they hold at this moment: read in the transaction of what they do. SQL and nothing else.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::{Caller, HeldRole, Role, ScopeKind};
use crate::db::Conn;
use crate::db::schema::{accounts, grants, working_groups};
use crate::db::types::Id;
use crate::problem::{Code, Problem};
use crate::tokens::Holder;
use crate::vocabulary::AccountId;

/// The account with the roles it holds now; 401 when it is unknown or disabled.
pub fn of(conn: &mut Conn, id: AccountId) -> Result<Caller, Problem> {
    let (_, roles) = active(conn, id)?;
    Ok(Caller::account(id, held(conn, roles)?))
}

/// As [`of`], for who holds an access token; 401 also when it ended before it ran out.
pub fn by_token(conn: &mut Conn, holder: Holder) -> Result<Caller, Problem> {
    let (generation, roles) = active(conn, holder.account)?;
    let ended = "The access token has ended: the password or a role was changed. Sign in again.";
    require(generation == holder.generation, ended)?;
    Ok(Caller::account(holder.account, held(conn, roles)?))
}

/// A role, and where it is held.
type Place = (Role, ScopeKind, Id<()>);

/// Which generation of access tokens the account has, and its roles; 401 when it is unknown or disabled.
fn active(conn: &mut Conn, id: AccountId) -> Result<(i64, Vec<Place>), Problem> {
    let rows: Vec<(i64, Option<Place>)> = accounts::table
        .left_join(grants::table)
        .filter(accounts::id.eq(id).and(accounts::active.eq(true)))
        .select((
            accounts::token_generation,
            (grants::role, grants::scope_kind, grants::scope_id).nullable(),
        ))
        .order(grants::id)
        .load(conn)?;
    let generation = rows.first().map(|(generation, _)| *generation);
    require(generation.is_some(), "This account may not sign in.")?;
    let roles = rows.into_iter().filter_map(|(_, role)| role).collect();
    Ok((generation.unwrap_or_default(), roles))
}

fn require(holds: bool, detail: &str) -> Result<(), Problem> {
    if holds {
        return Ok(());
    }
    Err(Problem::new(Code::Unauthenticated, detail)
        .with_header("WWW-Authenticate", "Bearer error=\"invalid_token\""))
}

fn held(conn: &mut Conn, rows: Vec<Place>) -> Result<Vec<HeldRole>, Problem> {
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
