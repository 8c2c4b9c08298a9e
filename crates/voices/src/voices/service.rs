//! What may be done with the seal from outside: each of it authorized here, and each use that names somebody audited.
//! Counting is done here too, and only bands come out.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{DisclosureReason, attribution};
use crate::access::Permission;
use crate::accounts::{self, AccountId};
use crate::audit;
use crate::consultations::{self, Activity, Consultation, ConsultationId, Phase, WorkingGroupId};
use crate::http::page::{Listing, Paging};
use crate::inputs::seal::Who;
use crate::inputs::service::{self, View};
use crate::inputs::{Band, Capacity, Input, InputId, InputState, reading, submission};
use crate::limits::Window;
use crate::problem::{Code, Problem};
use crate::work::Work;

/// How many contributors one person may ask for in a day: one at a time, never in bulk.
const DISCLOSURES: Window = Window { most: 10, hours: 24 };

/// Who stands behind an input, as far as is known.
#[derive(Debug, Clone)]
pub enum Disclosed {
    /// This person said it.
    Contributor {
        /// Their name.
        name: String,
        /// Their e-mail address.
        email: String,
    },
    /// It was recorded for a working group: who said it is not known.
    Recorded {
        /// The group.
        working_group_id: Option<WorkingGroupId>,
    },
    /// Nobody who has an account: said without a link, or by somebody of whom only a name was heard.
    Unknown,
}

/// Who said an input, for who may ask that in the review. Audited with who asked and the reason's code.
pub fn disclose(
    work: &mut Work,
    id: InputId,
    reason: DisclosureReason,
) -> Result<Disclosed, Problem> {
    let account = work.caller.signed_in()?;
    let (input, consultation) = service::load(work, id)?;
    let scope = consultation.scope();
    if !work.may(Permission::DiscloseContributors, &scope) {
        // 404 for whom there is no such input, 403 for who may know of it.
        service::found(work, id)?;
    }
    work.require(Permission::DiscloseContributors, &scope)?;
    if input.derived {
        let detail = "It was merged or split from others: ask about one of its origins.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    require_few(work, account)?;
    let (who, _) = attribution::open(work, consultation.id, id)?;
    let details = serde_json::json!({ "reason": reason.as_str() });
    work.audit_with("input.contributor_disclosed", "input", id, details);
    let said = |capacity: Capacity| {
        let found = who.iter().find(|(_, found)| *found == capacity);
        found.map(|(account, _)| *account)
    };
    if let Some(account) = said(Capacity::Contributor).or(said(Capacity::Speaker)) {
        let account = accounts::service::load(work, account)?;
        let email = account.email.as_str().to_owned();
        return Ok(Disclosed::Contributor { name: account.name, email });
    }
    if said(Capacity::Recorder).is_some() {
        return Ok(Disclosed::Recorded { working_group_id: input.working_group_id });
    }
    Ok(Disclosed::Unknown)
}

fn require_few(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let since = DISCLOSURES.since(work.now);
    let times = audit::done_by(work.conn, "input.contributor_disclosed", account, since)?;
    let Window { most, hours } = DISCLOSURES;
    let detail =
        format!("At most {most} contributors are disclosed to one person in {hours} hours.");
    DISCLOSURES.require_room(&times, work.now, detail)
}

/// The caller says the same as an input that is accepted and may be shown: one more voice, of nobody who is named.
pub fn support(work: &mut Work, id: InputId) -> Result<Input, Problem> {
    let (input, consultation, account) = supportable(work, id)?;
    consultation.require(Activity::SubmitInputs)?;
    let own = attribution::own_capacity(work, consultation.id, account, id)?;
    if own.is_some_and(|capacity| capacity != Capacity::Supporter) {
        let detail = "It is your own input: your voice is in it.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    attribution::seal(work, consultation.id, id, &Who::Account(account), Capacity::Supporter)?;
    work.audit_unattributed("input.supported", "consultation", consultation.id);
    Ok(input)
}

/// The caller takes their support back; 404 when there was none.
pub fn unsupport(work: &mut Work, id: InputId) -> Result<(), Problem> {
    let (_, consultation, account) = supportable(work, id)?;
    if !attribution::unsupport(work, consultation.id, id, account)? {
        return Err(Problem::not_found("support of yours"));
    }
    work.audit_unattributed("input.support_withdrawn", "consultation", consultation.id);
    Ok(())
}

/// An input that the caller, who is registered, may be shown and support; else 404.
fn supportable(work: &mut Work, id: InputId) -> Result<(Input, Consultation, AccountId), Problem> {
    let account = work.caller.signed_in()?;
    let (input, consultation) = service::load(work, id)?;
    submission::require_confirmed(work, consultation.id, account)
        .map_err(|problem| problem.refused_as(|_| Problem::not_found("input")))?;
    if input.state != InputState::Accepted || !input.care.may_be_shown() {
        return Err(Problem::not_found("input"));
    }
    Ok((input, consultation, account))
}

/// How many voices stand behind these inputs together, as a band; for the port of inputs, which has asked who asks.
pub(super) fn band(work: &mut Work, ids: &BTreeSet<InputId>) -> Result<Band, Problem> {
    Ok(Band::of(count(work, ids)?))
}

/// Whether the caller brought the input in; for the port of inputs.
pub(super) fn is_callers(work: &mut Work, input: &Input) -> Result<bool, Problem> {
    let Some(account) = work.caller.id() else { return Ok(false) };
    let capacity = attribution::own_capacity(work, input.consultation_id, account, input.id)?;
    Ok(capacity.is_some_and(|capacity| capacity != Capacity::Supporter))
}

/// A page of the inputs that the caller brought in, over all consultations, with what became of each.
pub fn own(work: &mut Work, paging: &Paging) -> Result<Listing<View>, Problem> {
    let account = work.caller.signed_in()?;
    let after: Option<(i64, InputId)> = paging.after_two()?;
    let ids = attribution::own(work, account)?;
    let rows = reading::by_ids(work.conn, &ids)?;
    let rows = rows
        .into_iter()
        .filter(|(place, input)| after.is_none_or(|after| (*place, input.id) > after))
        .take(paging.limit + 1)
        .collect();
    let part = paging.finish(rows, service::key);
    let mut known: HashMap<ConsultationId, Consultation> = HashMap::new();
    for (_, input) in &part.items {
        if let Entry::Vacant(place) = known.entry(input.consultation_id) {
            place.insert(consultations::service::load(work, input.consultation_id)?);
        }
    }
    Ok(part.map(|(_, input)| {
        let consultation = known.get(&input.consultation_id);
        let allowed_actions = consultation
            .map(|consultation| service::own_actions(&input, consultation))
            .unwrap_or_default();
        View { input, voices: None, claim: None, allowed_actions }
    }))
}

/// The ids of everything that the caller brought in, over all consultations.
pub fn own_ids(work: &mut Work) -> Result<Vec<InputId>, Problem> {
    let account = work.caller.signed_in()?;
    attribution::own(work, account)
}

fn count(work: &mut Work, ids: &BTreeSet<InputId>) -> Result<usize, Problem> {
    let ids: Vec<InputId> = ids.iter().copied().collect();
    let standing: BTreeMap<InputId, Input> = reading::by_ids(work.conn, &ids)?
        .into_iter()
        .filter(|(_, input)| input.state != InputState::Withdrawn)
        .map(|(_, input)| (input.id, input))
        .collect();
    let ids: Vec<InputId> = standing.keys().copied().collect();
    let voices = attribution::voices(work.conn, &ids)?;
    let rounds: HashSet<_> = voices
        .recorded
        .iter()
        .filter_map(|id| standing.get(id))
        .map(|input| (input.working_group_id, input.round_id))
        .collect();
    let unlinked = voices.unlinked.iter().filter_map(|id| standing.get(id));
    let unlinked = unlinked.filter(|input| !input.derived).count();
    Ok(voices.people + rounds.len() + unlinked.min(1))
}

/// Destroys the key of a consultation's seal, once its report is published: nothing links back any more. For who sets up the
/// review; it cannot be undone.
pub fn destroy_key(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    let consultation = service::open(work, id)?;
    work.require(Permission::SetUp, &consultation.scope())?;
    crate::db::lock(work.conn, id.uuid())?;
    if !matches!(consultation.phase, Phase::Published | Phase::Cancelled) {
        let detail = format!(
            "The key is destroyed once the report is published: until then contributors may answer and withdraw. The consultation is in {}.",
            consultation.phase
        );
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    let day = submission::today(work, &consultation);
    attribution::destroy(work, id, day)?;
    work.audit("consultation.seal_destroyed", "consultation", id);
    Ok(consultation)
}
