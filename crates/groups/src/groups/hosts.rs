//! Who hosts a working group: who may say so, and who may know. Hosts are pinned to their group by every plan.

use std::collections::HashMap;

use uuid::Uuid;

use super::{HOST_ROLES, Host, Whom};
use crate::access::{Permission, Role, ScopeKind};
use crate::accounts::{self, AccountId, Grant, GrantId};
use crate::consultations::{self, Consultation, ConsultationId, WorkingGroup, WorkingGroupId};
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
    let mut grants = host_grants(work, &[group])?;
    grants.retain(|one| (one.role, one.account_id) == (role, account));
    let host = holders(work, consultation.id, grants)?.pop().map(|(_, host)| host);
    host.ok_or_else(|| Problem::internal("a role was given and is not there"))
}

/// Takes a role in a working group from somebody; 404 when there is no such host.
pub fn remove_host(work: &mut Work, group: WorkingGroupId, id: GrantId) -> Result<(), Problem> {
    let (seen, consultation) = consultations::programme::service::see::<WorkingGroup>(work, group)?;
    work.require(Permission::GrantRoles, &consultation.scope().group(seen.id.uuid()))?;
    let grant = host_grants(work, &[group])?.into_iter().find(|one| one.id == id);
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

/// The grants of hosts of these groups, in the order they were given.
fn host_grants(work: &mut Work, groups: &[WorkingGroupId]) -> Result<Vec<Grant>, Problem> {
    let on: Vec<_> = groups.iter().map(|group| group.uuid()).collect();
    let mut grants = accounts::roles::service::grants_on(work, ScopeKind::WorkingGroup, &on)?;
    grants.retain(|grant| HOST_ROLES.contains(&grant.role));
    Ok(grants)
}

/// Who the holders of these grants are in a consultation, each with the group that they host.
fn holders(
    work: &mut Work,
    consultation: ConsultationId,
    grants: Vec<Grant>,
) -> Result<Vec<(Uuid, Host)>, Problem> {
    let people: Vec<_> = grants.iter().map(|grant| grant.account_id).collect();
    let accounts = accounts::service::names(work, &people)?;
    let registrations = registrations::service::of_accounts(work, consultation, &people)?;
    let from: Vec<_> = registrations.iter().filter_map(|one| one.organization_id).collect();
    let organizations = organizations::service::load_many(work, &from)?;
    let registrations: HashMap<_, _> =
        registrations.into_iter().map(|one| (one.account_id, one)).collect();
    let mut held = Vec::with_capacity(grants.len());
    for grant in grants {
        let account = accounts.get(&grant.account_id);
        let account = account.ok_or_else(|| Problem::internal("a role is nobody's"))?;
        let registration = registrations.get(&account.id);
        let organization = registration.and_then(|one| organizations.get(&one.organization_id?));
        let registered = registration.and_then(|one| Some(one.person.as_ref()?.name.clone()));
        let host = Host {
            id: grant.id,
            account_id: account.id,
            role: grant.role,
            name: grant.name.or(registered).unwrap_or_else(|| account.name.clone()),
            affiliation: organization.map(|one| one.name.clone()),
            named: registration.is_some_and(|one| one.may_be_named()),
        };
        held.push((grant.scope_id, host));
    }
    Ok(held)
}

/// Everybody with a role in a working group of a consultation, by group, in the order of roles, with names. For other services: a
/// name may be told outside only when the host is `named`.
pub fn of_groups(
    work: &mut Work,
    consultation: ConsultationId,
    groups: &[WorkingGroupId],
) -> Result<HashMap<WorkingGroupId, Vec<Host>>, Problem> {
    let mut grants = host_grants(work, groups)?;
    grants.sort_by_key(|grant| grant.role);
    let mut by_group = HashMap::<_, Vec<Host>>::new();
    for (group, host) in holders(work, consultation, grants)? {
        by_group.entry(WorkingGroupId::new(group)).or_default().push(host);
    }
    Ok(by_group)
}

/// Those of them who agreed to be named.
pub fn named_of_groups(
    work: &mut Work,
    consultation: ConsultationId,
    groups: &[WorkingGroup],
) -> Result<HashMap<WorkingGroupId, Vec<Host>>, Problem> {
    let ids: Vec<_> = groups.iter().map(|group| group.id).collect();
    let mut hosts = of_groups(work, consultation, &ids)?;
    for hosts in hosts.values_mut() {
        hosts.retain(|host| host.named);
    }
    Ok(hosts)
}

/// The hosts of a group as the caller may know them: those who read plans with names, others without, but for the names of those
/// who consented.
pub fn see_hosts(work: &mut Work, group: WorkingGroupId) -> Result<(Vec<Host>, bool), Problem> {
    let (group, consultation) =
        consultations::programme::service::see::<WorkingGroup>(work, group)?;
    let everything = work.may(Permission::ReadPlans, &consultation.scope());
    let hosts = of_groups(work, consultation.id, &[group.id])?.remove(&group.id);
    Ok((hosts.unwrap_or_default(), everything))
}
