//! What a caller may do with the vetting of organizations. Each step is kept with its reasons, for the whole series:
//! whoever vets for the next consultation sees why it was decided so for the last.

use std::collections::BTreeSet;

use serde_json::json;

use super::{NewStep, VettingReason, VettingStep, store};
use crate::access::Permission;
use crate::accounts::AccountId;
use crate::events::AccountsMerged;
use crate::http::page::{Listing, Paging};
use crate::organizations::{self, Organization, OrganizationId, Vetting};
use crate::problem::{Code, Problem, require_version};
use crate::work::Work;

/// Whoever is asking, as far as it matters for deciding on organizations.
#[derive(Debug, Default)]
pub struct Vetter {
    vets: bool,
    two_persons: bool,
    account: Option<AccountId>,
    /// Those they come for, and those they said they are tied to.
    tied: BTreeSet<OrganizationId>,
}

impl Vetter {
    /// The caller. Costs nothing for who does not vet.
    pub fn of(work: &mut Work) -> Result<Self, Problem> {
        if !work.caller.may_somewhere(Permission::VetOrganizations) {
            return Ok(Self::default());
        }
        let (account, two_persons) = (work.caller.id(), work.settings.vetting.two_persons);
        let mut tied = BTreeSet::new();
        if let Some(account) = account {
            let registry = work.registry;
            tied = store::declared(work.conn, account)?;
            tied.extend(registry.ties_of(work, account)?);
        }
        Ok(Self { vets: true, two_persons, account, tied })
    }

    /// Whether they vet at all.
    pub const fn vets(&self) -> bool {
        self.vets
    }

    /// Whether they come for the organization, or declared another tie to it.
    pub fn is_tied_to(&self, id: OrganizationId) -> bool {
        self.tied.contains(&id)
    }

    /// Why somebody else must decide on this organization, if somebody must. The operator decides on all.
    pub fn barred(&self, organization: &Organization) -> Option<&'static str> {
        self.account?;
        if self.two_persons && organization.proposed_by == self.account {
            return Some("Somebody else than who proposed the organization must decide.");
        }
        self.is_tied_to(organization.id)
            .then_some("Somebody who has no tie to the organization must decide.")
    }
}

/// Moves an organization through its vetting. Who proposed it does not decide where two persons are needed, and who is
/// tied to it never does; a tie can be declared without a step (`to` is the present state then).
pub fn vet(
    work: &mut Work,
    id: OrganizationId,
    version: i64,
    step: NewStep,
) -> Result<Organization, Problem> {
    work.caller.require_somewhere(Permission::VetOrganizations)?;
    step.check()?;
    let before = organizations::store::get(work.conn, id)?;
    before.require_unmerged()?;
    require_version(before.version, version)?;
    if step.declares_only(before.vetting) {
        return declare(work, before, step);
    }
    let to = before.vetting.step(step.to)?;
    if to.is_decision() {
        may_decide(work, &before, &step)?;
    }
    step.check_reason()?;
    let action = match to {
        Vetting::Vetted => "organization.vetted",
        Vetting::Declined => "organization.declined",
        Vetting::Proposed | Vetting::Unvetted => "organization.proposed",
    };
    let details = json!({ "reason": step.reason });
    let after = take(work, before, step)?;
    work.audit_with(action, "organization", id, details);
    Ok(after)
}

fn may_decide(work: &mut Work, organization: &Organization, step: &NewStep) -> Result<(), Problem> {
    let declares = step.conflict_of_interest.is_some().then_some(
        "Who has a conflict of interest does not decide: declare it with `to` as it is now.",
    );
    match declares.or(Vetter::of(work)?.barred(organization)) {
        Some(why) => Err(Problem::new(Code::Forbidden, why)),
        None => Ok(()),
    }
}

/// The step, written down with its reasons. The state machine was asked.
pub(in crate::organizations) fn take(
    work: &mut Work,
    before: Organization,
    step: NewStep,
) -> Result<Organization, Problem> {
    let account = work.caller.id();
    let (proposed_by, vetted_by) =
        if step.to.is_decision() { (before.proposed_by, account) } else { (account, None) };
    let after = Organization {
        vetting: step.to,
        vetting_note: step.note.as_deref().map(|note| note.trim().to_owned()),
        proposed_by,
        vetted_by,
        version: before.version + 1,
        updated_at: work.now,
        ..before.clone()
    };
    organizations::store::update(work.conn, &after)?;
    record(work, &before, step)?;
    Ok(after)
}

/// Keeps a step of an organization that is, or was, as `before`.
pub(in crate::organizations) fn record(
    work: &mut Work,
    before: &Organization,
    step: NewStep,
) -> Result<(), Problem> {
    let step = VettingStep {
        id: work.id(),
        organization_id: before.id,
        recorded_for: before.id,
        from: before.vetting,
        to: step.to,
        reason: step.reason,
        note: step.note.map(|note| note.trim().to_owned()),
        evidence: step.evidence,
        origins: step.origins,
        conflict_of_interest: step.conflict_of_interest.map(|tie| tie.trim().to_owned()),
        by: work.caller.id(),
        at: work.now,
    };
    store::insert(work.conn, &step)
}

fn declare(
    work: &mut Work,
    organization: Organization,
    step: NewStep,
) -> Result<Organization, Problem> {
    record(work, &organization, step)?;
    work.audit("organization.conflict_declared", "organization", organization.id);
    Ok(organization)
}

/// A page of the steps of an organization's vetting, those of entries that were merged into it among them, for those who vet.
pub fn list_vettings(
    work: &mut Work,
    id: OrganizationId,
    paging: &Paging,
) -> Result<Listing<VettingStep>, Problem> {
    work.caller.require_somewhere(Permission::VetOrganizations)?;
    organizations::store::get(work.conn, id)?;
    let rows = store::list(work.conn, id, paging.after_one()?, paging.load())?;
    Ok(paging.finish(rows, |step| vec![step.id.to_string()]))
}

/// The step that declined an organization which is declined now. For other services: it does not ask who asks.
pub fn declined(work: &mut Work, id: OrganizationId) -> Result<Option<VettingStep>, Problem> {
    let organization = organizations::store::get(work.conn, id)?;
    match organization.vetting {
        Vetting::Declined => store::last_to(work.conn, id, Vetting::Declined),
        _ => Ok(None),
    }
}

/// Whether this person entered the organization, or an entry that was merged into it. For other services: it does not ask who asks.
pub fn was_proposed_by(
    work: &mut Work,
    id: OrganizationId,
    account: AccountId,
) -> Result<bool, Problem> {
    store::entered_by(work.conn, id, account)
}

/// What one account proposed, decided and declared, the other did. For the merging of accounts: it does not ask who asks.
pub fn account_merged(work: &mut Work, merged: AccountsMerged) -> Result<(), Problem> {
    store::move_account(work.conn, merged)
}

/// Puts a declined organization forward again because an appeal was upheld; one that is not declined any more stays as
/// it is. For `appeals`: it does not ask who asks.
pub fn reopen(work: &mut Work, id: OrganizationId) -> Result<(), Problem> {
    let before = organizations::store::get(work.conn, id)?;
    if before.vetting != Vetting::Declined {
        return Ok(());
    }
    let reason = Some(VettingReason::AppealUpheld);
    take(work, before, NewStep { reason, ..NewStep::to(Vetting::Proposed) })?;
    work.audit("organization.proposed", "organization", id);
    Ok(())
}
