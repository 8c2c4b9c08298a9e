//! What may be done with roles: giving and taking them, alone or by two, and moving them with an account.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::access::{Permission, Role, Scope, ScopeKind};
use crate::accounts::store::{self};
use crate::accounts::{
    Account, AccountId, DeputiesMoved, Grant, GrantId, OrganizationId, checked_organization,
    checked_scope, service,
};
use crate::db::errors;
use crate::db::types::Id;
use crate::events::AccountsMerged;
use crate::problem::{Code, Problem};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried};
use crate::vocabulary::ReviewId;
use crate::work::Work;

/// A role that is to be given.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant {
    /// Which role.
    pub role: Role,
    /// On what kind of thing.
    pub scope_kind: ScopeKind,
    /// On which one; none for the instance.
    pub scope_id: Option<Uuid>,
    /// For which organization; of a deputy, or of a co-organizer.
    pub organization_id: Option<OrganizationId>,
}

/// A role that was given, or proposed because it needs two people.
#[derive(Debug)]
pub enum Given {
    /// It was given.
    Now(Grant),
    /// It was proposed, and given if one person may act alone.
    Proposed(Put),
}

/// What is frozen of a role that is proposed.
#[derive(Debug, Serialize, Deserialize)]
struct Appointment {
    account_id: AccountId,
    role: Role,
    scope_kind: ScopeKind,
    scope_id: Option<Uuid>,
    organization_id: Option<OrganizationId>,
}

/// Gives a role on behalf of another service: no permission is asked. Whoever holds it already keeps it.
pub fn give_role(
    work: &mut Work,
    account: AccountId,
    role: Role,
    kind: ScopeKind,
    id: Uuid,
) -> Result<(), Problem> {
    give_role_as(work, account, role, kind, id, None)
}

/// As [`give_role`], to somebody whom whoever gives it knows by an address and a name: nothing else of the account is told with
/// the role.
pub fn give_role_as(
    work: &mut Work,
    account: AccountId,
    role: Role,
    kind: ScopeKind,
    id: Uuid,
    name: Option<String>,
) -> Result<(), Problem> {
    checked_scope(role, kind)?;
    if store::grant_of(work.conn, account, role, kind, id)?.is_some() {
        return Ok(());
    }
    // Somebody else gave it since we looked: look again.
    let new = NewGrant { role, scope_kind: kind, scope_id: Some(id), organization_id: None };
    give(work, account, &new, Confirmed { by: None, name }, Problem::contention).map(|_| ())
}

/// Takes a role on behalf of another service: no permission is asked.
pub fn take_role(work: &mut Work, grant: &Grant) -> Result<(), Problem> {
    take(work, grant)
}

/// The roles on things of one kind, in the order they were given, for other services: no permission is asked.
pub fn grants_on(work: &mut Work, kind: ScopeKind, ids: &[Uuid]) -> Result<Vec<Grant>, Problem> {
    store::grants_on(work.conn, kind, ids)
}

/// Who holds which role on one thing, in the order they were given.
pub fn holders(
    work: &mut Work,
    kind: ScopeKind,
    id: Uuid,
) -> Result<Vec<(Role, AccountId)>, Problem> {
    let grants = store::grants_on(work.conn, kind, &[id])?;
    Ok(grants.into_iter().map(|grant| (grant.role, grant.account_id)).collect())
}

/// The roles of an account: all of them for an administrator and for whose they are, those in their own reviews
/// for a secretariat.
pub fn grants(work: &mut Work, account: AccountId) -> Result<Vec<Grant>, Problem> {
    let own = work.caller.signed_in()? == account;
    if !own {
        work.caller.require_somewhere(Permission::GrantRoles)?;
    }
    store::load(work.conn, account)?;
    let all = store::grants_of(work.conn, account)?;
    if own || work.may(Permission::ManageAccounts, &Scope::INSTANCE) {
        return Ok(all);
    }
    let mut seen = Vec::new();
    for grant in all {
        let scope = place(work, grant.scope_kind, grant.scope_id)?;
        if scope.is_some_and(|scope| work.may(Permission::GrantRoles, &scope)) {
            seen.push(grant);
        }
    }
    Ok(seen)
}

/// Gives a role: an administrator any, a secretariat those below the instance in their own review. What makes somebody staff
/// needs two people, unless the operator gives it.
pub fn grant(work: &mut Work, account: AccountId, new: NewGrant) -> Result<Given, Problem> {
    let review = grantable(work, account, &new)?;
    if work.caller.id().is_none() || !proposals::is_staff(new.scope_kind) {
        return give(work, account, &new, Confirmed::default(), taken).map(Given::Now);
    }
    let on = new.scope_id.unwrap_or_default();
    if store::grant_of(work.conn, account, new.role, new.scope_kind, on)?.is_some() {
        return Err(taken());
    }
    store::load(work.conn, account)?.require_unmerged()?;
    let what = Appointment {
        account_id: account,
        role: new.role,
        scope_kind: new.scope_kind,
        scope_id: new.scope_id,
        organization_id: new.organization_id,
    };
    let put = proposals::put(
        work,
        New {
            act: Act::GiveStaffRole,
            subject: format!("{account} {} {on}", new.role),
            review,
            about: Some(account),
            what: json!(what),
            sha256: None,
            at_once: true,
        },
    )?;
    Ok(Given::Proposed(put))
}

/// Gives a role as it was proposed.
pub(in crate::accounts) fn appoint(work: &mut Work, carried: &Carried) -> Result<Grant, Problem> {
    let what: Appointment = proposals::frozen(carried)?;
    let new = NewGrant {
        role: what.role,
        scope_kind: what.scope_kind,
        scope_id: what.scope_id,
        organization_id: what.organization_id,
    };
    grantable(work, what.account_id, &new)?;
    give(work, what.account_id, &new, Confirmed { by: carried.confirmed_by, name: None }, taken)
}

fn taken() -> Problem {
    errors::taken("/role", "the account holds this role already")
}

/// Whether the caller may give the role to the account; the review of a role on one.
fn grantable(
    work: &mut Work,
    account: AccountId,
    new: &NewGrant,
) -> Result<Option<ReviewId>, Problem> {
    if !work.may(Permission::ManageAccounts, &Scope::INSTANCE) {
        work.caller.require_somewhere(Permission::GrantRoles)?;
    }
    checked_scope(new.role, new.scope_kind)?;
    checked_organization(new.role, new.organization_id)?;
    let id = match (new.scope_kind, new.scope_id) {
        (ScopeKind::Instance, None) => Uuid::nil(),
        (ScopeKind::Instance, Some(_)) => {
            return Err(Problem::invalid("/scope_id", "leave it out: the instance has no id"));
        }
        (kind, None) => {
            return Err(Problem::invalid("/scope_id", format!("must be the id of a {kind}")));
        }
        (_, Some(id)) => id,
    };
    let scope = place(work, new.scope_kind, id)?.ok_or_else(|| {
        Problem::invalid("/scope_id", format!("there is no such {}", words(new.scope_kind)))
    })?;
    may_grant(work, new.scope_kind, &scope)?;
    if let Some(organization) = new.organization_id
        && !store::organization_exists(work.conn, organization)?
    {
        return Err(Problem::invalid("/organization_id", "there is no such organization"));
    }
    store::load(work.conn, account)?;
    Ok((new.scope_kind == ScopeKind::Review).then(|| Id::new(id)))
}

/// One organization is another's deputy's from now on. For the merging of organizations.
pub fn organization_merged(work: &mut Work, moved: DeputiesMoved) -> Result<(), Problem> {
    store::move_deputies(work.conn, moved)
}

/// Takes a role, by the rule of [`grant`].
pub fn revoke(work: &mut Work, account: AccountId, id: GrantId) -> Result<(), Problem> {
    work.caller.require_somewhere(Permission::GrantRoles)?;
    let grants = store::grants_of(work.conn, account)?;
    let grant = grants.into_iter().find(|grant| grant.id == id);
    let unknown = || Problem::not_found("grant");
    let grant = grant.ok_or_else(unknown)?;
    // The thing may be gone while the grant is not: an administrator can still clear it away.
    let scope = place(work, grant.scope_kind, grant.scope_id)?.unwrap_or(Scope::INSTANCE);
    let own = work.caller.id() == Some(account);
    may_grant(work, grant.scope_kind, &scope)
        .map_err(|problem| if own { problem } else { problem.hidden_as(unknown) })?;
    if grant.role == Role::Administrator {
        service::keep_an_administrator(work, account)?;
    }
    take(work, &grant)
}

/// The roles an account holds, in the order they were given, for other services: no permission is asked.
pub fn grants_of(work: &mut Work, account: AccountId) -> Result<Vec<Grant>, Problem> {
    store::grants_of(work.conn, account)
}

/// Roles that the account which is left does not hold yet go to it, the others go; how many it got. For the merging of
/// accounts: no permission is asked.
pub fn move_grants(work: &mut Work, merge: AccountsMerged) -> Result<u64, Problem> {
    let mut moved = 0;
    for grant in store::grants_of(work.conn, merge.from)? {
        let (role, kind, on) = (grant.role, grant.scope_kind, grant.scope_id);
        if store::grant_of(work.conn, merge.into, role, kind, on)?.is_some() {
            store::delete_grant(work.conn, grant.id)?;
            unseated(work, &grant)?;
            continue;
        }
        store::move_grant(work.conn, grant.id, merge.into)?;
        unseated(work, &grant)?;
        proposals::seated(work, merge.into, kind, on)?;
        let details =
            json!({ "account_id": merge.into, "role": role, "scope_kind": kind, "scope_id": on });
        work.audit_with("grant.moved", "grant", grant.id, details);
        moved += 1;
    }
    store::touch(work.conn, merge.into, work.now)?;
    work.forget_loaded();
    Ok(moved)
}

/// The account stays, so that its address is known and leads to the other; nobody signs in as it. For the merging of
/// accounts: no permission is asked.
pub fn give_up(work: &mut Work, from: Account, into: AccountId) -> Result<Account, Problem> {
    let version = from.version;
    let mut account = Account {
        active: false,
        password_hash: None,
        merged_into: Some(into),
        updated_at: work.now,
        ..from
    };
    store::update(work.conn, &account, version)?;
    work.forget_loaded();
    account.version += 1;
    store::follow(work.conn, AccountsMerged { from: account.id, into })?;
    work.forget_loaded();
    store::revoke_account(work.conn, account.id, work.now.to_the_day())?;
    Ok(account)
}

/// 403 when the account holds a role that the caller could not give. For the merging of accounts: whoever joins them
/// gives their roles.
pub fn may_grant_all_of(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    for grant in store::grants_of(work.conn, account)? {
        let scope = place(work, grant.scope_kind, grant.scope_id)?.unwrap_or(Scope::INSTANCE);
        may_grant(work, grant.scope_kind, &scope).map_err(|problem| {
            let detail =
                "The person holds a role that you could not give: somebody who can must do this.";
            problem.refused_as(|_| Problem::new(Code::Forbidden, detail))
        })?;
    }
    Ok(())
}

/// The secretariat of a review and of the instance, or of every review: whoever of them may sign in.
pub fn secretariat(work: &mut Work, review: Option<Uuid>) -> Result<Vec<AccountId>, Problem> {
    let holders = store::holders_of(work.conn, Role::Secretariat)?;
    let theirs = |kind: ScopeKind, on: Uuid| {
        kind == ScopeKind::Instance || review.is_none_or(|review| review == on)
    };
    let own = holders.into_iter().filter(|(_, kind, on)| theirs(*kind, on.uuid()));
    let people: BTreeSet<AccountId> = own.map(|(account, ..)| account).collect();
    Ok(people.into_iter().collect())
}

/// What is given on the instance is the administrator's to give; the rest is given where it lies.
fn may_grant(work: &Work, kind: ScopeKind, scope: &Scope) -> Result<(), Problem> {
    match kind {
        ScopeKind::Instance => work.require(Permission::ManageAccounts, &Scope::INSTANCE),
        _ => work.require(Permission::GrantRoles, scope),
    }
}

/// What is kept of how a role was given.
#[derive(Default)]
struct Confirmed {
    /// Who confirmed it.
    by: Option<AccountId>,
    /// What the holder was called.
    name: Option<String>,
}

fn give(
    work: &mut Work,
    account: AccountId,
    new: &NewGrant,
    how: Confirmed,
    taken: impl FnOnce() -> Problem,
) -> Result<Grant, Problem> {
    // Whoever opens the old address would be let in as the other account, and find the role nowhere.
    store::load(work.conn, account)?.require_unmerged()?;
    let (kind, on) = (new.scope_kind, new.scope_id.unwrap_or_default());
    let grant = Grant {
        id: work.id(),
        account_id: account,
        role: new.role,
        scope_kind: kind,
        scope_id: on,
        granted_by: work.caller.id(),
        confirmed_by: how.by,
        made_by: proposals::answering_for(work, kind, on, how.by)?,
        organization_id: new.organization_id,
        name: how.name,
        created_at: work.now,
    };
    store::insert_grant(work.conn, &grant, taken)?;
    proposals::seated(work, account, kind, on)?;
    changed(work, "grant.given", &grant)?;
    Ok(grant)
}

/// What the role let its holder do ends with it, since roles are read with every request. Whoever was staff signs in anew; who hosts
/// is moved from one group to another in the middle of a session, and stays. The links that were mailed to them end in any case:
/// those that work once for who holds a role would work again and again.
pub(in crate::accounts) fn take(work: &mut Work, grant: &Grant) -> Result<(), Problem> {
    store::delete_grant(work.conn, grant.id)?;
    unseated(work, grant)?;
    if proposals::is_staff(grant.scope_kind) {
        service::end_sign_ins(work, grant.account_id)?;
    } else {
        store::end_links(work.conn, grant.account_id, work.now.to_the_day())?;
    }
    changed(work, "grant.taken", grant)
}

/// Who held this role, if no other on the same thing is left.
fn unseated(work: &mut Work, grant: &Grant) -> Result<(), Problem> {
    let (kind, on) = (grant.scope_kind, grant.scope_id);
    let left = store::grants_on(work.conn, kind, &[on])?;
    if left.iter().any(|other| other.account_id == grant.account_id) {
        return Ok(());
    }
    proposals::left(work, grant.account_id, kind, on)
}

fn changed(work: &mut Work, action: &'static str, grant: &Grant) -> Result<(), Problem> {
    store::touch(work.conn, grant.account_id, work.now)?;
    work.forget_loaded();
    let details = json!({
        "account_id": grant.account_id,
        "role": grant.role,
        "scope_kind": grant.scope_kind,
        "scope_id": grant.scope_id,
    });
    work.audit_with(action, "grant", grant.id, details);
    Ok(())
}

/// Where a thing stands; none when there is no such thing.
fn place(work: &mut Work, kind: ScopeKind, id: Uuid) -> Result<Option<Scope>, Problem> {
    let consultation = match kind {
        ScopeKind::Instance => return Ok(Some(Scope::INSTANCE)),
        ScopeKind::Review => {
            let there = store::review_exists(work.conn, id)?;
            return Ok(there.then(|| Scope::review(id)));
        }
        ScopeKind::Consultation => id,
        ScopeKind::WorkingGroup => match store::consultation_of_group(work.conn, id)? {
            Some(consultation) => consultation,
            None => return Ok(None),
        },
    };
    let review = store::review_of_consultation(work.conn, consultation)?;
    let scope = review.map(|review| Scope::consultation(Id::new(review), Id::new(consultation)));
    Ok(scope.map(|scope| if kind == ScopeKind::WorkingGroup { scope.group(id) } else { scope }))
}

fn words(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::WorkingGroup => "working group",
        other => other.as_str(),
    }
}
