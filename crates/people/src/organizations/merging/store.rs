//! SQL of aliases, merges and of what organizations are found by, and nothing else.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::OrganizationsMerged;
use super::{Merge, MergeId, Moved};
use crate::accounts::AccountId;
use crate::db::errors::Meaning;
use crate::db::schema::{
    organization_aliases, organization_directory, organization_merges, organizations, vettings,
};
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

/// Another text whenever an organization is found by something else, which the database sees to.
pub fn set_up(conn: &mut Conn) -> Result<String, Problem> {
    Ok(organization_directory::table.select(organization_directory::set_up).first(conn)?)
}

/// What every organization is found by. One pass over two narrow tables.
pub fn known(conn: &mut Conn) -> Result<Vec<Known>, Problem> {
    type Own = (OrganizationId, String, Option<String>, Option<String>);
    let rows: Vec<Own> = organizations::table
        .filter(organizations::merged_into.is_null())
        .order(organizations::id)
        .select((
            organizations::id,
            organizations::normalized_name,
            organizations::acronym,
            organizations::website,
        ))
        .load(conn)?;
    let aliases = organization_aliases::table
        .order((organization_aliases::organization_id, organization_aliases::normalized));
    let aliases: Vec<AliasRow> = aliases.select(ALIAS).load(conn)?;
    let mut more: HashMap<OrganizationId, Vec<Alias>> = HashMap::new();
    for row in aliases {
        more.entry(row.0).or_default().push(alias(row));
    }
    let known = |(id, name, acronym, website): Own| {
        let (mut names, mut acronyms) = (vec![name], Vec::from_iter(acronym));
        let mut websites = Vec::from_iter(website);
        for alias in more.remove(&id).unwrap_or_default() {
            match alias.kind {
                AliasKind::Name => names.push(alias.normalized),
                AliasKind::Acronym => acronyms.push(alias.name),
                AliasKind::Site => websites.push(alias.name),
            }
        }
        Known::new(id, names, acronyms, &websites)
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Those of these organizations that were vetted.
pub fn vetted(conn: &mut Conn, ids: &[OrganizationId]) -> Result<HashSet<OrganizationId>, Problem> {
    let mut found = HashSet::new();
    for part in ids.chunks(CHUNK) {
        let rows: Vec<OrganizationId> = organizations::table
            .filter(organizations::id.eq_any(part))
            .filter(organizations::vetting.eq(Vetting::Vetted))
            .select(organizations::id)
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
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
