//! Who hosts a working group: who may say so, and who may know. Hosts are pinned to their group by every plan.

use super::{HOST_ROLES, Host, Whom};
use crate::access::{Permission, Role, ScopeKind};
use crate::accounts::{self, AccountId, Grant, GrantId};
use crate::consultations::{self, Consultation, WorkingGroup, WorkingGroupId};
use crate::organizations;
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// Gives somebody a role in a working group; those who give roles may. They are pinned to the group from the next plan on.
pub fn set_host(
    work: &mut Work,
    group: WorkingGroupId,
    account: AccountId,
    role: Role,
) -> Result<(), Problem> {
    add_host(work, group, &Whom::Account(account), role).map(drop)
}

/// As [`set_host`], also for somebody of whom an address and a name are known: what is told of them is that name, and nothing of what
/// else the address is known by.
pub fn add_host(
    work: &mut Work,
    group: WorkingGroupId,
    whom: &Whom,
    role: Role,
) -> Result<Host, Problem> {
    let consultation = host_group(work, group, role)?;
    let (account, name) = match whom {
        Whom::Account(account) => {
            let missing = || Problem::invalid("/account_id", "there is no such account");
            accounts::service::load(work, *account)
                .map_err(|problem| problem.missing_as(missing))?;
            (*account, None)
        }
        Whom::Registration(id) => {
            let missing = || Problem::invalid("/registration_id", "there is no such registration");
            let found = registrations::service::load(work, *id)
                .map_err(|problem| problem.missing_as(missing))?;
            if found.consultation_id != consultation.id {
                return Err(missing());
            }
            (found.account_id, found.person.map(|person| person.name))
        }
        Whom::Person(person) => {
            let name = accounts::checked_name(&person.name, "/person/name")?;
            let account = accounts::service::find_or_create(work, &person.email, &name)?;
            (account.id, Some(name))
        }
    };
    let (kind, on) = (ScopeKind::WorkingGroup, group.uuid());
    accounts::roles::service::give_role_as(work, account, role, kind, on, name)?;
    let grants = host_grants(work, group)?;
    let grant = grants.into_iter().find(|one| (one.role, one.account_id) == (role, account));
    let grant = grant.ok_or_else(|| Problem::internal("a role was given and is not there"))?;
    host(work, &consultation, grant)
}

/// Takes a role in a working group from somebody; 404 when there is no such host.
pub fn remove_host(work: &mut Work, group: WorkingGroupId, id: GrantId) -> Result<(), Problem> {
    let (seen, consultation) = consultations::programme::service::see::<WorkingGroup>(work, group)?;
    work.require(Permission::GrantRoles, &consultation.scope().group(seen.id.uuid()))?;
    let grant = host_grants(work, group)?.into_iter().find(|one| one.id == id);
    let grant = grant.ok_or_else(|| Problem::not_found("host"))?;
    accounts::roles::service::take_role(work, &grant)
}

/// The consultation of a group whose hosts the caller may change.
fn host_group(work: &mut Work, group: WorkingGroupId, role: Role) -> Result<Consultation, Problem> {
    let (group, consultation) =
        consultations::programme::service::see::<WorkingGroup>(work, group)?;
    work.require(Permission::GrantRoles, &consultation.scope().group(group.id.uuid()))?;
    if !HOST_ROLES.contains(&role) {
        let words: Vec<&str> = HOST_ROLES.iter().map(|role| role.as_str()).collect();
        let detail = format!("must be one of {}", words.join(", "));
        return Err(Problem::invalid("/role", detail));
    }
    Ok(consultation)
}

fn host_grants(work: &mut Work, group: WorkingGroupId) -> Result<Vec<Grant>, Problem> {
    let grants = accounts::roles::service::grants_on(work, ScopeKind::WorkingGroup, group.uuid())?;
    Ok(grants.into_iter().filter(|grant| HOST_ROLES.contains(&grant.role)).collect())
}

fn host(work: &mut Work, consultation: &Consultation, grant: Grant) -> Result<Host, Problem> {
    let account = accounts::service::load(work, grant.account_id)?;
    let registration = registrations::service::of_account(work, consultation.id, account.id)?;
    let named = registration.as_ref().is_some_and(|one| one.may_be_named());
    let organization = registration.as_ref().and_then(|one| one.organization_id);
    let affiliation = match organization {
        Some(id) => Some(organizations::service::load(work, id)?.name),
        None => None,
    };
    let registered = registration.and_then(|one| one.person).map(|person| person.name);
    let name = grant.name.or(registered).unwrap_or(account.name);
    let (id, account_id, role) = (grant.id, account.id, grant.role);
    Ok(Host { id, account_id, role, name, affiliation, named })
}

/// Everybody with a role in a working group, in the order of roles, with names. For other services: a name may be told
/// outside only when the host is `named`.
pub fn hosts(work: &mut Work, group: WorkingGroupId) -> Result<Vec<Host>, Problem> {
    let found = consultations::programme::service::one::<WorkingGroup>(work, group)?;
    let consultation = consultations::service::load(work, found.consultation_id)?;
    let mut grants = host_grants(work, group)?;
    grants.sort_by_key(|grant| grant.role);
    grants.into_iter().map(|grant| host(work, &consultation, grant)).collect()
}

/// The hosts of a group as the caller may know them: those who read plans with names, others without, but for the names of those
/// who consented.
pub fn see_hosts(work: &mut Work, group: WorkingGroupId) -> Result<(Vec<Host>, bool), Problem> {
    let (group, consultation) =
        consultations::programme::service::see::<WorkingGroup>(work, group)?;
    let everything = work.may(Permission::ReadPlans, &consultation.scope());
    Ok((hosts(work, group.id)?, everything))
}
