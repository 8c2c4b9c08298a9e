//! Who hosts a working group: who may say so, and who may know. Hosts are pinned to their group by every plan.

use super::{HOST_ROLES, Host, Whom};
use crate::access::{Permission, Role, ScopeKind};
use crate::accounts::{self, AccountId};
use crate::consultations::{self, Consultation, WorkingGroup, WorkingGroupId};
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
    host_group(work, group, role)?;
    let missing = || Problem::invalid("/account_id", "there is no such account");
    accounts::service::load(work, account).map_err(|problem| problem.missing_as(missing))?;
    accounts::service::give_role(work, account, role, ScopeKind::WorkingGroup, group.uuid())
}

/// As [`set_host`], also for somebody who has no account yet. Tells the account.
pub fn add_host(
    work: &mut Work,
    group: WorkingGroupId,
    whom: &Whom,
    role: Role,
) -> Result<Host, Problem> {
    let consultation = host_group(work, group, role)?;
    let account = match whom {
        Whom::Account(account) => *account,
        Whom::Person(person) => {
            accounts::checked_name(&person.name, "/person/name")?;
            accounts::service::find_or_create(work, &person.email, &person.name)?.id
        }
    };
    set_host(work, group, account, role)?;
    host(work, &consultation, account, role)
}

/// Takes a role in a working group from somebody; 404 when they do not hold it.
pub fn remove_host(
    work: &mut Work,
    group: WorkingGroupId,
    account: AccountId,
    role: Role,
) -> Result<(), Problem> {
    host_group(work, group, role)?;
    if !host_roles(work, group)?.contains(&(role, account)) {
        return Err(Problem::not_found("host"));
    }
    accounts::service::take_role(work, account, role, ScopeKind::WorkingGroup, group.uuid())
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

fn host_roles(work: &mut Work, group: WorkingGroupId) -> Result<Vec<(Role, AccountId)>, Problem> {
    let holders = accounts::service::holders(work, ScopeKind::WorkingGroup, group.uuid())?;
    Ok(holders.into_iter().filter(|(role, _)| HOST_ROLES.contains(role)).collect())
}

fn host(
    work: &mut Work,
    consultation: &Consultation,
    account: AccountId,
    role: Role,
) -> Result<Host, Problem> {
    let registration = registrations::service::of_account(work, consultation.id, account)?;
    let named = registration.is_some_and(|one| one.may_be_named());
    let name = accounts::service::load(work, account)?.name;
    Ok(Host { account_id: account, role, name, named })
}

/// Everybody with a role in a working group, in the order of roles, with names. For other services: a name may be told
/// outside only when the host is `named`.
pub fn hosts(work: &mut Work, group: WorkingGroupId) -> Result<Vec<Host>, Problem> {
    let found = consultations::programme::service::one::<WorkingGroup>(work, group)?;
    let consultation = consultations::service::load(work, found.consultation_id)?;
    let mut roles = host_roles(work, group)?;
    roles.sort_by_key(|(role, _)| *role);
    roles.into_iter().map(|(role, account)| host(work, &consultation, account, role)).collect()
}

/// The hosts of a group as the caller may know them: those who read plans with names and accounts, others without,
/// but for the names of those who consented.
pub fn see_hosts(work: &mut Work, group: WorkingGroupId) -> Result<(Vec<Host>, bool), Problem> {
    let (group, consultation) =
        consultations::programme::service::see::<WorkingGroup>(work, group)?;
    let everything = work.may(Permission::ReadPlans, &consultation.scope());
    Ok((hosts(work, group.id)?, everything))
}
