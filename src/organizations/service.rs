//! What a caller may do with organizations. Everybody sees those that were vetted; the rest is for those who are
//! signed in, and why it was decided so for those who vet.

use std::collections::HashMap;

use super::{
    Filter, NewOrganization, Organization, OrganizationChange, OrganizationId, Vetting, check_note,
    normalized, store,
};
use crate::access::Permission;
use crate::http::page::{Paging, Part};
use crate::problem::{Code, Problem};
use crate::work::Work;

/// One organization as it is, for other slices: asks for no permission.
pub fn load(work: &mut Work, id: OrganizationId) -> Result<Organization, Problem> {
    store::get(work.conn, id)
}

/// Organizations by id, for other slices: asks for no permission. Ids of none are left out.
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
) -> Result<Part<Organization>, Problem> {
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

/// Puts an organization forward. 409 when its name is entered already.
pub fn propose(work: &mut Work, new: NewOrganization) -> Result<Organization, Problem> {
    require_known(work)?;
    new.check()?;
    let name = new.name.trim().to_owned();
    let organization = Organization {
        id: work.id(),
        normalized_name: normalized(&name),
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
    };
    store::insert(work.conn, &organization)?;
    work.audit("organization.proposed", "organization", organization.id);
    Ok(organization)
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
    current(&organization, version)?;
    let entry = change.of(&organization);
    entry.check()?;
    let name = entry.name.trim().to_owned();
    let organization = Organization {
        normalized_name: normalized(&name),
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

/// Moves an organization through its vetting. Who proposed it does not decide, unless it is the operator.
pub fn vet(
    work: &mut Work,
    id: OrganizationId,
    version: i64,
    to: Vetting,
    note: Option<String>,
) -> Result<Organization, Problem> {
    work.caller.require_somewhere(Permission::VetOrganizations)?;
    check_note(note.as_deref())?;
    let organization = store::get(work.conn, id)?;
    current(&organization, version)?;
    let vetting = organization.vetting.step(to)?;
    let account = work.caller.id();
    if to.is_decision() && account.is_some() && account == organization.proposed_by {
        let detail = "Somebody else than who proposed the organization must decide.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let (proposed_by, vetted_by) = match to.is_decision() {
        true => (organization.proposed_by, account),
        false => (account, None),
    };
    let organization = Organization {
        vetting,
        vetting_note: trimmed(note),
        proposed_by,
        vetted_by,
        version: version + 1,
        updated_at: work.now,
        ..organization
    };
    store::update(work.conn, &organization)?;
    let action = match to {
        Vetting::Vetted => "organization.vetted",
        Vetting::Declined => "organization.declined",
        Vetting::Proposed | Vetting::Unvetted => "organization.proposed",
    };
    work.audit(action, "organization", id);
    Ok(organization)
}

/// What the caller may do with an organization now.
pub fn allowed_actions(work: &Work, organization: &Organization) -> Vec<&'static str> {
    let mut actions = Vec::new();
    if may_update(work, organization) {
        actions.push("update");
    }
    if vets(work) {
        let account = work.caller.id();
        let proposer = account.is_some() && account == organization.proposed_by;
        let steps = [
            (Vetting::Proposed, "propose"),
            (Vetting::Vetted, "vet"),
            (Vetting::Declined, "decline"),
        ];
        let open = steps.iter().filter(|(to, _)| {
            organization.vetting.step(*to).is_ok() && !(to.is_decision() && proposer)
        });
        actions.extend(open.map(|(_, action)| *action));
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
fn is_known(work: &Work) -> bool {
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

fn current(organization: &Organization, version: i64) -> Result<(), Problem> {
    match organization.version == version {
        true => Ok(()),
        false => Err(Problem::stale(organization.version)),
    }
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

fn key(organization: &Organization) -> Vec<String> {
    vec![organization.normalized_name.clone(), organization.id.to_string()]
}
