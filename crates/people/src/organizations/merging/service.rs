//! What a caller may do about organizations that are entered more than once: be told which one may be meant, and make
//! one of two entries. A merge is one transaction; nothing is deleted, and everything found by the old entry is found by
//! the new one.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::{Merge, Moved, OrganizationsMerged, OrganizationsToMerge, store};
use crate::access::{Permission, Scope};
use crate::accounts::{self, DeputiesMoved};
use crate::db::types::Id;
use crate::http::page::{Listing, Paging};
use crate::organizations::matching::{self, Known, Match, MatchReason, Matcher, Typed};
use crate::organizations::service::is_known;
use crate::organizations::vetting::service::{Vetter, record};
use crate::organizations::vetting::{self, NewStep, VettingBefore, VettingReason, after_merge};
use crate::organizations::{
    self, Alias, AliasKind, Organization, OrganizationId, Vetting, check_note, normalized,
};
use crate::problem::{Problem, require_version};
use crate::registry::moved_of;
use crate::work::Work;

/// The lock of whoever gives, takes or joins names: a name leads to one organization.
const NAMES: Uuid = Uuid::from_u128(0x6f72_675f_6e61_6d65_7300);

/// Holds everybody else who would change names until the transaction ends.
pub(in crate::organizations) fn lock_names(work: &mut Work) -> Result<(), Problem> {
    work.lock(NAMES)
}

/// An organization that may be meant.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// Which.
    pub organization: Organization,
    /// From 0 to 1.
    pub score: f64,
    /// Why.
    pub reasons: Vec<MatchReason>,
}

/// The organizations that somebody may mean, the likeliest first: at most [`matching::MOST`]. Who is not signed in is
/// told of vetted ones only.
pub fn suggest(work: &mut Work, typed: &Typed) -> Result<Vec<Suggestion>, Problem> {
    let Some(matcher) = Matcher::of(typed) else { return Ok(Vec::new()) };
    let mut found = matcher.best(directory(work)?.iter());
    if !is_known(work) {
        let ids: Vec<OrganizationId> = found.iter().map(|one| one.id).collect();
        let vetted = store::vetted(work.conn, &ids)?;
        found.retain(|one| vetted.contains(&one.id));
    }
    suggestions(work, found)
}

/// What every organization is found by, for other features that match many names at once: no permission is asked.
pub fn directory(work: &mut Work) -> Result<Arc<Vec<Known>>, Problem> {
    let set_up = store::set_up(work.conn)?;
    work.kept(Id::<Known>::new(NAMES), &set_up, |conn| store::known(conn).map(Arc::new))
}

/// Organizations that resemble one that was just entered, itself left out.
pub fn similar(work: &mut Work, to: &Organization) -> Result<Vec<Suggestion>, Problem> {
    let typed = Typed {
        name: Some(to.name.clone()),
        acronym: to.acronym.clone(),
        website: to.website.clone(),
    };
    let Some(matcher) = Matcher::of(&typed) else { return Ok(Vec::new()) };
    let directory = directory(work)?;
    let others = directory.iter().filter(|known| known.id != to.id);
    suggestions(work, matcher.best(others))
}

fn suggestions(work: &mut Work, mut matches: Vec<Match>) -> Result<Vec<Suggestion>, Problem> {
    matches.truncate(matching::MOST);
    let ids: Vec<OrganizationId> = matches.iter().map(|found| found.id).collect();
    let mut organizations = organizations::store::by_ids(work.conn, &ids)?;
    let suggestion = |found: Match| {
        let organization = organizations.remove(&found.id)?;
        Some(Suggestion { organization, score: found.score, reasons: found.reasons })
    };
    Ok(matches.into_iter().filter_map(suggestion).collect())
}

/// What these organizations are also called. For those who may see them.
pub fn aliases(
    work: &mut Work,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, Vec<String>>, Problem> {
    let mut names: HashMap<OrganizationId, Vec<String>> = HashMap::new();
    for alias in store::aliases(work.conn, ids)? {
        if alias.kind != AliasKind::Site {
            names.entry(alias.organization_id).or_default().push(alias.name);
        }
    }
    Ok(names)
}

/// Makes one of two entries of the same organization: everything that names the first names the second then. The first
/// stays, says what it was merged into, and its name, short form and web address lead to the second.
pub fn merge(
    work: &mut Work,
    id: OrganizationId,
    version: i64,
    into: OrganizationId,
    note: Option<String>,
) -> Result<Organization, Problem> {
    work.caller.require_somewhere(Permission::MergeRecords)?;
    check_note(note.as_deref())?;
    hold(work, id)?;
    let from = organizations::store::get(work.conn, id)?;
    require_version(from.version, version)?;
    from.require_unmerged()?;
    let survivor = survivor_of(work, id, into)?;
    let vetting = vetting_after(work, &survivor, &from)?;
    let moved = move_all(work, OrganizationsMerged { from: id, into })?;
    accounts::roles::service::organization_merged(work, DeputiesMoved { from: id, into })?;
    let merge = Merge {
        id: work.id(),
        from_id: id,
        into_id: into,
        name: from.name.clone(),
        from_vetting: from.vetting,
        into_vetting: survivor.vetting,
        vetting,
        moved,
        note,
        by: work.caller.id(),
        at: work.now,
    };
    store::insert(work.conn, &merge)?;
    give_up(work, &from, into)?;
    hand_down_names(work, &from, &survivor)?;
    let survivor = settle(work, &survivor, &from, vetting)?;
    work.audit_with("organization.merged", "organization", id, json!({ "into": into }));
    Ok(survivor)
}

/// Nobody names the entry from here to the end: in the order in which others take these locks, who hold a consultation
/// when they name an organization.
fn hold(work: &mut Work, id: OrganizationId) -> Result<(), Problem> {
    work.tell(&OrganizationsToMerge { from: id })?;
    work.lock(id.uuid())?;
    lock_names(work)
}

/// 422 unless there is such an entry, and it is another one that was not given up itself.
fn survivor_of(
    work: &mut Work,
    id: OrganizationId,
    into: OrganizationId,
) -> Result<Organization, Problem> {
    if id == into {
        return Err(Problem::invalid("/into", "must be another organization"));
    }
    let missing = || Problem::invalid("/into", "there is no such organization");
    let survivor = organizations::store::get(work.conn, into)
        .map_err(|problem| problem.missing_as(missing))?;
    match survivor.merged_into {
        Some(last) => {
            Err(Problem::invalid("/into", format!("it was merged into {last}: name that one")))
        }
        None => Ok(survivor),
    }
}

fn vetting_after(
    work: &mut Work,
    survivor: &Organization,
    from: &Organization,
) -> Result<Vetting, Problem> {
    let may_decide = Vetter::of(work)?.barred(survivor).is_none();
    let (one, other) = (vetting_before(work, survivor)?, vetting_before(work, from)?);
    Ok(after_merge(one, other, may_decide))
}

fn vetting_before(work: &mut Work, organization: &Organization) -> Result<VettingBefore, Problem> {
    let vetting = organization.vetting;
    let last = vetting::store::last_to(work.conn, organization.id, vetting)?;
    let as_duplicate = last.is_some_and(|step| step.reason == Some(VettingReason::Duplicate));
    Ok(VettingBefore { vetting, as_duplicate })
}

/// Everything that refers to an organization.
fn move_all(work: &mut Work, merged: OrganizationsMerged) -> Result<Moved, Problem> {
    store::move_vettings(work.conn, merged)?;
    let moved = work.tell(&merged)?;
    Ok(Moved {
        registrations: moved_of(&moved, "registrations"),
        co_organizers: moved_of(&moved, "co_organizers"),
        offers: moved_of(&moved, "offers"),
        appeals: moved_of(&moved, "appeals"),
    })
}

/// The entry stays to be found by its id; its name is free for the other.
fn give_up(work: &mut Work, from: &Organization, into: OrganizationId) -> Result<(), Problem> {
    let kept = Organization {
        // No name normalizes to this: hyphens are punctuation.
        normalized_name: from.id.to_string(),
        merged_into: Some(into),
        version: from.version + 1,
        updated_at: work.now,
        ..from.clone()
    };
    organizations::store::update(work.conn, &kept)?;
    store::follow(work.conn, OrganizationsMerged { from: from.id, into })
}

/// What the entry was found by leads to the survivor.
fn hand_down_names(
    work: &mut Work,
    from: &Organization,
    survivor: &Organization,
) -> Result<(), Problem> {
    let alias = |kind, normalized, name: &str| Alias {
        organization_id: survivor.id,
        kind,
        normalized,
        name: name.to_owned(),
    };
    let mut handed = vec![alias(AliasKind::Name, from.normalized_name.clone(), &from.name)];
    let acronym = from.acronym.iter();
    handed.extend(acronym.map(|text| alias(AliasKind::Acronym, normalized(text), text)));
    let sites = from.website.iter();
    handed.extend(sites.map(|text| alias(AliasKind::Site, text.to_lowercase(), text)));
    let older = store::aliases(work.conn, &[from.id])?;
    handed.extend(older.into_iter().map(|old| Alias { organization_id: survivor.id, ..old }));
    store::delete_aliases(work.conn, from.id)?;
    let mut known = store::aliases(work.conn, &[survivor.id])?;
    for alias in handed {
        let there = |old: &Alias| (old.kind, &old.normalized) == (alias.kind, &alias.normalized);
        if !known.iter().any(there) {
            store::insert_alias(work.conn, &alias, work.now)?;
            known.push(alias);
        }
    }
    Ok(())
}

/// The survivor as the merge leaves it; a change of its vetting is a step like any other, and kept.
fn settle(
    work: &mut Work,
    before: &Organization,
    from: &Organization,
    vetting: Vetting,
) -> Result<Organization, Problem> {
    let mut after = Organization {
        vetting,
        version: before.version + 1,
        updated_at: work.now,
        ..before.clone()
    };
    if vetting != before.vetting {
        // It goes back to somebody else than who merged.
        let again = vetting == Vetting::Proposed && before.vetting.is_decision();
        after.proposed_by = if again { work.caller.id() } else { before.proposed_by };
        // Where it takes over how the other stood, it takes over why.
        let same = vetting == from.vetting;
        after.vetted_by = from.vetted_by.filter(|_| same);
        after.vetting_note = from.vetting_note.clone().filter(|_| same);
        let reason = Some(VettingReason::Merged);
        record(work, before, NewStep { reason, ..NewStep::to(vetting) })?;
    }
    organizations::store::update(work.conn, &after)?;
    Ok(after)
}

/// A page of the merges that led to an organization as it is, or away from it, for those who merge; and whether the caller may be
/// told how many registrations went along: they are of every review.
pub fn list_merges(
    work: &mut Work,
    id: OrganizationId,
    paging: &Paging,
) -> Result<(Listing<Merge>, bool), Problem> {
    work.caller.require_somewhere(Permission::MergeRecords)?;
    organizations::store::get(work.conn, id)?;
    let rows = store::merges(work.conn, id, paging.after_one()?, paging.load())?;
    let counts = work.may(Permission::ReadRegistrations, &Scope::INSTANCE);
    Ok((paging.finish(rows, |merge| vec![merge.id.to_string()]), counts))
}
