//! What a caller may do with organizations. Everybody sees those that were vetted; the rest is for those who are
//! signed in, and why it was decided so for those who vet.

use std::collections::HashMap;

use super::merging::service::lock_names;
use super::vetting::NewStep;
use super::vetting::service::record;
use super::{
    Filter, NewOrganization, Organization, OrganizationChange, OrganizationId, Vetting, merging,
    normalized, store,
};
use crate::access::Permission;
use crate::db::errors;
use crate::http::page::{Listing, Paging};
use crate::problem::{Problem, require_version};
use crate::work::Work;

use super::vetting::service::Vetter;

/// One organization as it is, for other features: asks for no permission. Of an entry that was merged, the one it went into.
pub fn load(work: &mut Work, id: OrganizationId) -> Result<Organization, Problem> {
    let organization = store::get(work.conn, id)?;
    match organization.merged_into {
        Some(into) => store::get(work.conn, into),
        None => Ok(organization),
    }
}

/// The organization that a request names, for other features: asks for no permission. 422 at `pointer` when there is none;
/// of an entry that was merged, the one it went into. Its id is the one to be kept.
pub fn named(work: &mut Work, id: OrganizationId, pointer: &str) -> Result<Organization, Problem> {
    // It is not merged between being named and being written down.
    work.lock(id.uuid())?;
    let missing = || Problem::invalid(pointer, "there is no such organization");
    load(work, id).map_err(|problem| problem.missing_as(missing))
}

/// The organization that has this name however it is written, or had it before a merge, for other features: asks for no permission.
pub fn by_name(work: &mut Work, name: &str) -> Result<Option<Organization>, Problem> {
    let found = store::by_name(work.conn, &normalized(name))?;
    found.map(|id| store::get(work.conn, id)).transpose()
}

/// Organizations by id, for other features: asks for no permission. Ids of none are left out.
pub fn load_many(
    work: &mut Work,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, Organization>, Problem> {
    store::by_ids(work.conn, ids)
}

/// One organization as the caller may see it; 404 for what is not vetted and a caller who is not signed in.
pub fn see(work: &mut Work, id: OrganizationId) -> Result<Organization, Problem> {
    let organization = store::get(work.conn, id)?;
    if organization.vetting != Vetting::Vetted && !is_known(work) {
        return Err(Problem::not_found("organization"));
    }
    Ok(shown(work, organization))
}

/// A page of the organizations that the caller may see, by normalized name.
pub fn list(
    work: &mut Work,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<Organization>, Problem> {
    let mut filter = filter.clone();
    if !is_known(work) {
        match filter.vetting {
            None | Some(Vetting::Vetted) => filter.vetting = Some(Vetting::Vetted),
            Some(_) => return Ok(paging.finish(Vec::new(), key)),
        }
    }
    let after = paging.after_two()?;
    let rows = store::list(work.conn, &filter, after, paging.load())?;
    let part = paging.finish(rows, key);
    Ok(part.map(|organization| shown(work, organization)))
}

/// Puts an organization forward. 409 with the id of the one that has its name already.
pub fn propose(work: &mut Work, new: NewOrganization) -> Result<Organization, Problem> {
    require_known(work)?;
    new.check()?;
    let name = new.name.trim().to_owned();
    let normalized_name = normalized(&name);
    free_name(work, &normalized_name, None)?;
    let organization = Organization {
        id: work.id(),
        normalized_name,
        name,
        acronym: trimmed(new.acronym),
        sector: new.sector,
        country: new.country,
        website: new.website,
        vetting: Vetting::Proposed,
        vetting_note: None,
        proposed_by: work.caller.id(),
        vetted_by: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        merged_into: None,
    };
    store::insert(work.conn, &organization)?;
    let before = Organization { vetting: Vetting::Unvetted, ..organization.clone() };
    record(work, &before, NewStep::to(Vetting::Proposed))?;
    work.audit("organization.proposed", "organization", organization.id);
    Ok(organization)
}

/// 409 with the id of another organization that has the name, or had it before a merge. Holds the name until the end.
fn free_name(work: &mut Work, name: &str, of: Option<OrganizationId>) -> Result<(), Problem> {
    lock_names(work)?;
    let other = store::by_name(work.conn, name)?.filter(|other| Some(*other) != of);
    let Some(other) = other else { return Ok(()) };
    let detail = format!("is the name of an organization that is entered already: use {other}");
    let path = format!("/api/v1/organizations/{other}");
    Err(errors::taken("/name", &detail).with_header("Location", path))
}

/// Changes an entry: who vets always, who proposed it as long as nobody decided.
pub fn update(
    work: &mut Work,
    id: OrganizationId,
    version: i64,
    change: &OrganizationChange,
) -> Result<Organization, Problem> {
    require_known(work)?;
    let organization = store::get(work.conn, id)?;
    if !may_update(work, &organization) {
        work.caller.require_somewhere(Permission::VetOrganizations)?;
    }
    organization.require_unmerged()?;
    require_version(organization.version, version)?;
    let entry = change.of(&organization);
    entry.check()?;
    let name = entry.name.trim().to_owned();
    let normalized_name = normalized(&name);
    if normalized_name != organization.normalized_name {
        free_name(work, &normalized_name, Some(id))?;
        // It may take back a name that it has as an alias.
        merging::store::delete_alias(work.conn, id, &normalized_name)?;
    }
    let organization = Organization {
        normalized_name,
        name,
        acronym: trimmed(entry.acronym),
        sector: entry.sector,
        country: entry.country,
        website: entry.website,
        version: version + 1,
        updated_at: work.now,
        ..organization
    };
    store::update(work.conn, &organization)?;
    work.audit("organization.updated", "organization", id);
    Ok(shown(work, organization))
}

/// What the caller may do with an organization now.
pub fn allowed_actions(
    work: &Work,
    vetter: &Vetter,
    organization: &Organization,
) -> Vec<&'static str> {
    if organization.merged_into.is_some() {
        return Vec::new();
    }
    let mut actions = Vec::new();
    if may_update(work, organization) {
        actions.push("update");
    }
    if vetter.vets() {
        let barred = vetter.barred(organization).is_some();
        let steps = [
            (Vetting::Proposed, "propose"),
            (Vetting::Vetted, "vet"),
            (Vetting::Declined, "decline"),
        ];
        let open = steps.iter().filter(|(to, _)| {
            organization.vetting.step(*to).is_ok() && !(to.is_decision() && barred)
        });
        actions.extend(open.map(|(_, action)| *action));
    }
    if work.caller.may_somewhere(Permission::MergeRecords) {
        actions.push("merge");
    }
    actions
}

fn may_update(work: &Work, organization: &Organization) -> bool {
    let account = work.caller.id();
    let undecided = !organization.vetting.is_decision();
    vets(work) || (undecided && account.is_some() && account == organization.proposed_by)
}

fn vets(work: &Work) -> bool {
    work.caller.may_somewhere(Permission::VetOrganizations)
}

/// Signed in, or the operator, who has no account.
pub(super) fn is_known(work: &Work) -> bool {
    work.caller.id().is_some() || vets(work)
}

fn require_known(work: &Work) -> Result<(), Problem> {
    if is_known(work) { Ok(()) } else { work.caller.signed_in().map(|_| ()) }
}

fn shown(work: &Work, mut organization: Organization) -> Organization {
    if !vets(work) {
        organization.vetting_note = None;
    }
    organization
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

fn key(organization: &Organization) -> Vec<String> {
    vec![organization.normalized_name.clone(), organization.id.to_string()]
}
