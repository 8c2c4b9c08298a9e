//! SQL of aliases, merges and of what organizations are found by, and nothing else.

use std::collections::HashMap;

use diesel::prelude::*;

use super::OrganizationsMerged;
use super::{Merge, MergeId, Moved};
use crate::accounts::AccountId;
use crate::db::errors::Meaning;
use crate::db::schema::{organization_aliases, organization_merges, organizations, vettings};
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::organizations::matching::Known;
use crate::organizations::{Alias, AliasKind, OrganizationId, Vetting};
use crate::problem::Problem;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

type AliasRow = (OrganizationId, AliasKind, String, String);

fn alias((organization_id, kind, normalized, name): AliasRow) -> Alias {
    Alias { organization_id, kind, normalized, name }
}

const ALIAS: (
    organization_aliases::organization_id,
    organization_aliases::kind,
    organization_aliases::normalized,
    organization_aliases::name,
) = (
    organization_aliases::organization_id,
    organization_aliases::kind,
    organization_aliases::normalized,
    organization_aliases::name,
);

/// What these organizations are found by beside their own entries.
pub fn aliases(conn: &mut Conn, ids: &[OrganizationId]) -> Result<Vec<Alias>, Problem> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows: Vec<AliasRow> = organization_aliases::table
            .filter(organization_aliases::organization_id.eq_any(part))
            .order((organization_aliases::organization_id, organization_aliases::normalized))
            .select(ALIAS)
            .load(conn)?;
        found.extend(rows.into_iter().map(alias));
    }
    Ok(found)
}

/// Adds an alias.
pub fn insert_alias(conn: &mut Conn, alias: &Alias, now: Timestamp) -> Result<(), Problem> {
    let row = (
        organization_aliases::organization_id.eq(alias.organization_id),
        organization_aliases::kind.eq(alias.kind),
        organization_aliases::normalized.eq(&alias.normalized),
        organization_aliases::name.eq(&alias.name),
        organization_aliases::created_at.eq(now),
    );
    diesel::insert_into(organization_aliases::table)
        .values(row)
        .execute(conn)
        .on_unique(Problem::contention)?;
    Ok(())
}

/// Takes one alias of that name away.
pub fn delete_alias(conn: &mut Conn, id: OrganizationId, name: &str) -> Result<(), Problem> {
    let own = organization_aliases::table.find((id, AliasKind::Name, name));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Takes all aliases of an organization away.
pub fn delete_aliases(conn: &mut Conn, id: OrganizationId) -> Result<(), Problem> {
    let own = organization_aliases::table.filter(organization_aliases::organization_id.eq(id));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// What every organization is found by; only the vetted ones if so wanted. One pass over two narrow tables.
pub fn known(conn: &mut Conn, vetted_only: bool) -> Result<Vec<Known>, Problem> {
    type Own = (OrganizationId, String, Option<String>, Option<String>);
    let mut query = organizations::table
        .filter(organizations::merged_into.is_null())
        .select((
            organizations::id,
            organizations::normalized_name,
            organizations::acronym,
            organizations::website,
        ))
        .into_boxed();
    if vetted_only {
        query = query.filter(organizations::vetting.eq(Vetting::Vetted));
    }
    let rows: Vec<Own> = query.load(conn)?;
    let aliases: Vec<AliasRow> = organization_aliases::table.select(ALIAS).load(conn)?;
    let mut more: HashMap<OrganizationId, Vec<Alias>> = HashMap::new();
    for row in aliases {
        more.entry(row.0).or_default().push(alias(row));
    }
    let known = |(id, name, acronym, website): Own| {
        let mut known = Known {
            id,
            names: vec![name],
            acronyms: acronym.into_iter().collect(),
            websites: website.into_iter().collect(),
        };
        for alias in more.remove(&id).unwrap_or_default() {
            match alias.kind {
                AliasKind::Name => known.names.push(alias.normalized),
                AliasKind::Acronym => known.acronyms.push(alias.name),
                AliasKind::Site => known.websites.push(alias.name),
            }
        }
        known
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Lets everything that was merged into `from` lead to `into`.
pub fn follow(conn: &mut Conn, merged: OrganizationsMerged) -> Result<(), Problem> {
    let OrganizationsMerged { from, into } = merged;
    diesel::update(organizations::table.filter(organizations::merged_into.eq(from)))
        .set(organizations::merged_into.eq(into))
        .execute(conn)?;
    Ok(())
}

/// Gives the steps of one organization's vetting to another.
pub fn move_vettings(conn: &mut Conn, merged: OrganizationsMerged) -> Result<(), Problem> {
    let OrganizationsMerged { from, into } = merged;
    diesel::update(vettings::table.filter(vettings::organization_id.eq(from)))
        .set(vettings::organization_id.eq(into))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = organization_merges, treat_none_as_default_value = false)]
struct Row {
    id: MergeId,
    from_id: OrganizationId,
    into_id: OrganizationId,
    name: String,
    from_vetting: Vetting,
    into_vetting: Vetting,
    vetting: Vetting,
    moved: Json<Moved>,
    note: Option<String>,
    account_id: Option<AccountId>,
    created_at: Timestamp,
}

impl From<Row> for Merge {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            from_id: row.from_id,
            into_id: row.into_id,
            name: row.name,
            from_vetting: row.from_vetting,
            into_vetting: row.into_vetting,
            vetting: row.vetting,
            moved: row.moved.0,
            note: row.note,
            by: row.account_id,
            at: row.created_at,
        }
    }
}

/// Keeps that there was a merge.
pub fn insert(conn: &mut Conn, merge: &Merge) -> Result<(), Problem> {
    let row = Row {
        id: merge.id,
        from_id: merge.from_id,
        into_id: merge.into_id,
        name: merge.name.clone(),
        from_vetting: merge.from_vetting,
        into_vetting: merge.into_vetting,
        vetting: merge.vetting,
        moved: Json(merge.moved),
        note: merge.note.clone(),
        account_id: merge.by,
        created_at: merge.at,
    };
    diesel::insert_into(organization_merges::table).values(&row).execute(conn)?;
    Ok(())
}

/// The merges that led to an organization as it is now, or away from it, in their order.
pub fn merges(
    conn: &mut Conn,
    id: OrganizationId,
    after: Option<MergeId>,
    limit: i64,
) -> Result<Vec<Merge>, Problem> {
    let led_here =
        organizations::table.filter(organizations::merged_into.eq(id)).select(organizations::id);
    let query = organization_merges::table
        .filter(
            organization_merges::into_id
                .eq(id)
                .or(organization_merges::from_id.eq(id))
                .or(organization_merges::from_id.eq_any(led_here)),
        )
        .into_boxed();
    let part = keyset::after(query, (organization_merges::id,), after, limit);
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Merge::from).collect())
}
