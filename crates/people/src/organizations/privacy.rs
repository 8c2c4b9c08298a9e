//! What organizations hold about a person: which they put forward and decided on, and what ties they declared; and how
//! they forget the latter. Organizations themselves are no persons, and who decided stays by id. SQL, and when to use it.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{OrganizationId, Vetting};
use crate::accounts::AccountId;
use crate::db::schema::{organization_merges, vettings};
use crate::db::types::Timestamp;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    type Step = (OrganizationId, Vetting, Vetting, Option<String>, Option<String>, Timestamp);
    let steps: Vec<Step> = vettings::table
        .filter(vettings::account_id.eq(account))
        .order(vettings::id)
        .select((
            vettings::organization_id,
            vettings::from_state,
            vettings::to_state,
            vettings::note,
            vettings::conflict_of_interest,
            vettings::created_at,
        ))
        .load(work.conn)?;
    let step = |(id, from, to, note, tie, at): Step| {
        json!({
            "organization_id": id, "from": from, "to": to, "note": note, "conflict_of_interest": tie, "at": at,
        })
    };
    type Merge = (OrganizationId, OrganizationId, Option<String>, Timestamp);
    let merges: Vec<Merge> = organization_merges::table
        .filter(organization_merges::account_id.eq(account))
        .order(organization_merges::id)
        .select((
            organization_merges::from_id,
            organization_merges::into_id,
            organization_merges::note,
            organization_merges::created_at,
        ))
        .load(work.conn)?;
    let merge = |(from, into, note, at): Merge| json!({ "from_id": from, "into_id": into, "note": note, "at": at });
    Ok(json!({
        "vettings": steps.into_iter().map(step).collect::<Vec<Value>>(),
        "organization_merges": merges.into_iter().map(merge).collect::<Vec<Value>>(),
    }))
}

/// Forgets what the person said about themselves; that there was a tie stays, because decisions rest on it.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let declared = vettings::table
        .filter(vettings::account_id.eq(account))
        .filter(vettings::conflict_of_interest.is_not_null());
    diesel::update(declared)
        .set(vettings::conflict_of_interest.eq(Some("(erased)")))
        .execute(work.conn)?;
    Ok(())
}
