//! What an organization says in its own name, on record: signed in, listed by name, and never compared with what was said under seal.

use crate::access::Permission;
use crate::consultations::{Activity, Consultation, ConsultationId};
use crate::http::page::Listing;
use crate::inputs::service::{View, open};
use crate::inputs::wishes::Wish;
use crate::inputs::{
    Input, InputId, NewInput, Origin, contributed, service, store, submission, windows, wishes,
};
use crate::organizations::{self, OrganizationId};
use crate::problem::{Code, Problem, require_version};
use crate::registrations::{self, RegistrationState};
use crate::work::Work;

pub(super) mod http;

/// What an organization said in its own name, as it is shown, with what came of its late wish to take it back.
#[derive(Debug)]
pub struct SaidOnRecord {
    /// What it said.
    pub view: View,
    /// Its wish, where that came too late: a published edition rests on what it said.
    pub wish: Option<Wish>,
}

impl SaidOnRecord {
    fn of(work: &mut Work, views: Vec<View>) -> Result<Vec<Self>, Problem> {
        let ids: Vec<InputId> = views.iter().map(|view| view.input.id).collect();
        let mut wishes = contributed::wishes(work, &ids)?;
        let said = |view: View| {
            let wish = wishes.remove(&view.input.id).filter(Wish::came_late);
            Self { view, wish }
        };
        Ok(views.into_iter().map(said).collect())
    }
}

/// The organization for which the caller is confirmed in this consultation.
fn own_organization(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Option<OrganizationId>, Problem> {
    let account = work.caller.signed_in()?;
    let registration = registrations::service::of_account(work, consultation, account)?;
    let confirmed = registration.filter(|found| found.state == RegistrationState::Confirmed);
    Ok(confirmed.and_then(|found| found.organization_id))
}

/// Nothing when the caller speaks for the organization in this consultation, or may submit for any; else 403.
fn require_speaker(
    work: &mut Work,
    consultation: &Consultation,
    organization: OrganizationId,
) -> Result<(), Problem> {
    if work.may(Permission::SubmitInputs, &consultation.scope())
        || own_organization(work, consultation.id)? == Some(organization)
    {
        return Ok(());
    }
    let detail = "Those who are confirmed for an organization speak in its name, and the secretariat for any.";
    Err(Problem::new(Code::Forbidden, detail))
}

/// The caller submits what an organization says in its own name.
pub fn submit(
    work: &mut Work,
    id: ConsultationId,
    organization: OrganizationId,
    new: NewInput,
) -> Result<Input, Problem> {
    let consultation = open(work, id)?;
    work.caller.signed_in()?;
    require_speaker(work, &consultation, organization)?;
    organizations::service::load(work, organization).map_err(|problem| {
        let unknown = || Problem::invalid("/organization_id", "is no organization here");
        problem.missing_as(unknown)
    })?;
    consultation.require(Activity::SubmitInputs)?;
    if !work.may(Permission::SubmitInputs, &consultation.scope()) {
        windows::require_open(work, &consultation)?;
    }
    let new = NewInput { origin: Origin::OnRecord, organization_id: Some(organization), ..new };
    let input = submission::bring_in(work, &consultation, new)?;
    work.audit("input.said_on_record", "input", input.id);
    Ok(input)
}

/// What organizations said in their own names: all of it for who reads inputs, else what the caller's own organization said.
pub fn list(work: &mut Work, id: ConsultationId) -> Result<Vec<SaidOnRecord>, Problem> {
    let consultation = open(work, id)?;
    work.caller.signed_in()?;
    let own = own_organization(work, id)?;
    let team = work.may(Permission::ReadInputs, &consultation.scope());
    if !team && own.is_none() {
        let detail = "What was said on record is read here by the team, and by those who are confirmed for an organization.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let rows = store::on_record(work.conn, id)?;
    let shown = |input: &Input| {
        own == input.organization_id || service::may_see(work, input, &consultation)
    };
    let items: Vec<(i64, Input)> = rows.into_iter().filter(|(_, input)| shown(input)).collect();
    let views = service::views(work, &consultation, Listing { items, next: None })?;
    SaidOnRecord::of(work, views.items)
}

/// The organization takes back what it said; where a published edition rests on it, that it wants to is noted for the team to answer.
pub fn withdraw(work: &mut Work, id: InputId, version: i64) -> Result<SaidOnRecord, Problem> {
    let unknown = || Problem::not_found("submission");
    service::hold(work, id).map_err(|problem| problem.missing_as(unknown))?;
    let (input, consultation) = service::load(work, id)?;
    let organization = input.organization_id.ok_or_else(unknown)?;
    require_speaker(work, &consultation, organization)
        .map_err(|problem| problem.refused_as(|_| unknown()))?;
    require_version(input.version, version)?;
    let action = if wishes::service::take_back_or_record(work, id)? {
        "input.withdrawn_on_record"
    } else {
        "input.withdrawal_wished_on_record"
    };
    work.audit(action, "input", id);
    let (input, _) = service::load(work, id)?;
    let view = service::view(work, input)?;
    SaidOnRecord::of(work, vec![view])?.pop().ok_or_else(|| Problem::not_found("submission"))
}
