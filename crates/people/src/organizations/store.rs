//! SQL of organizations, and nothing else.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{AliasKind, Filter, Organization, OrganizationId, Vetting, normalized};
use crate::accounts::AccountId;
use crate::db::errors::Meaning;
use crate::db::schema::{organization_aliases, organizations};
use crate::db::types::Timestamp;
use crate::db::{Conn, Prepare, errors, keyset};
use crate::problem::Problem;
use crate::reference::{CountryCode, SectorCode};

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = organizations, treat_none_as_default_value = false)]
struct Row {
    id: OrganizationId,
    name: String,
    normalized_name: String,
    acronym: Option<String>,
    sector: SectorCode,
    country: CountryCode,
    website: Option<String>,
    vetting: Vetting,
    vetting_note: Option<String>,
    proposed_by: Option<AccountId>,
    vetted_by: Option<AccountId>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    merged_into: Option<OrganizationId>,
}

impl From<Row> for Organization {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            normalized_name: row.normalized_name,
            acronym: row.acronym,
            sector: row.sector,
            country: row.country,
            website: row.website,
            vetting: row.vetting,
            vetting_note: row.vetting_note,
            proposed_by: row.proposed_by,
            vetted_by: row.vetted_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            merged_into: row.merged_into,
        }
    }
}

impl From<Organization> for Row {
    fn from(organization: Organization) -> Self {
        Self {
            id: organization.id,
            name: organization.name,
            normalized_name: organization.normalized_name,
            acronym: organization.acronym,
            sector: organization.sector,
            country: organization.country,
            website: organization.website,
            vetting: organization.vetting,
            vetting_note: organization.vetting_note,
            proposed_by: organization.proposed_by,
            vetted_by: organization.vetted_by,
            version: organization.version,
            created_at: organization.created_at,
            updated_at: organization.updated_at,
            merged_into: organization.merged_into,
        }
    }
}

/// Writes a new organization. Whoever names one holds the lock of names and has looked whether the name is taken.
pub fn insert(conn: &mut Conn, organization: &Organization) -> Result<(), Problem> {
    diesel::insert_into(organizations::table)
        .values(&Row::from(organization.clone()))
        .prepared()
        .execute(conn)
        .on_unique(Problem::contention)?;
    Ok(())
}

/// Writes what can change; `organization.version` is the new one. 412 when somebody else was first.
pub fn update(conn: &mut Conn, organization: &Organization) -> Result<(), Problem> {
    let seen = organization.version - 1;
    let target = organizations::table.find(organization.id).filter(organizations::version.eq(seen));
    let rows = diesel::update(target)
        .set((
            organizations::name.eq(&organization.name),
            organizations::normalized_name.eq(&organization.normalized_name),
            organizations::acronym.eq(&organization.acronym),
            organizations::sector.eq(organization.sector),
            organizations::country.eq(organization.country),
            organizations::website.eq(&organization.website),
            organizations::vetting.eq(organization.vetting),
            organizations::vetting_note.eq(&organization.vetting_note),
            organizations::proposed_by.eq(organization.proposed_by),
            organizations::vetted_by.eq(organization.vetted_by),
            organizations::version.eq(organization.version),
            organizations::updated_at.eq(organization.updated_at),
            organizations::merged_into.eq(organization.merged_into),
        ))
        .prepared()
        .execute(conn)
        .on_unique(Problem::contention)?;
    errors::written(rows, seen)
}

/// One organization, or 404.
pub fn get(conn: &mut Conn, id: OrganizationId) -> Result<Organization, Problem> {
    let row: Option<Row> = organizations::table.find(id).first(conn).optional()?;
    row.map(Organization::from).ok_or_else(|| Problem::not_found("organization"))
}

/// The organization that has this normalized name, or had it before a merge.
pub fn by_name(conn: &mut Conn, name: &str) -> Result<Option<OrganizationId>, Problem> {
    let own: Option<OrganizationId> = organizations::table
        .filter(organizations::normalized_name.eq(name))
        .select(organizations::id)
        .first(conn)
        .optional()?;
    if own.is_some() {
        return Ok(own);
    }
    Ok(organization_aliases::table
        .filter(organization_aliases::kind.eq(AliasKind::Name))
        .filter(organization_aliases::normalized.eq(name))
        .select(organization_aliases::organization_id)
        .first(conn)
        .optional()?)
}

/// These organizations; ids of none are left out.
pub fn by_ids(
    conn: &mut Conn,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, Organization>, Problem> {
    let mut found = HashMap::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let rows: Vec<Row> =
            organizations::table.filter(organizations::id.eq_any(part)).load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.id, Organization::from(row))));
    }
    Ok(found)
}

/// A part of the organizations that were not merged into another, by normalized name.
pub fn list(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<(String, OrganizationId)>,
    limit: i64,
) -> Result<Vec<Organization>, Problem> {
    let mut query = organizations::table.filter(organizations::merged_into.is_null()).into_boxed();
    if let Some(sector) = filter.sector {
        query = query.filter(organizations::sector.eq(sector));
    }
    if let Some(country) = filter.country {
        query = query.filter(organizations::country.eq(country));
    }
    if let Some(vetting) = filter.vetting {
        query = query.filter(organizations::vetting.eq(vetting));
    }
    if let Some(prefix) = &filter.prefix {
        // A normalized name has no wildcards: they are punctuation.
        let pattern = format!("{}%", normalized(prefix));
        let aliases = organization_aliases::table
            .filter(organization_aliases::kind.ne(AliasKind::Site))
            .filter(organization_aliases::normalized.like(pattern.clone()))
            .select(organization_aliases::organization_id);
        let own = organizations::normalized_name.like(pattern);
        query = query.filter(own.or(organizations::id.eq_any(aliases)));
    }
    let order = (organizations::normalized_name, organizations::id);
    let rows: Vec<Row> = keyset::after(query, order, after, limit).load(conn)?;
    Ok(rows.into_iter().map(Organization::from).collect())
}
