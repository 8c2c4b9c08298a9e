//! Asks participants, and lets them read what they are asked about. Must never learn who said what, nor who read it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{HeardRound, check_days, end_of, without};
use crate::access::Permission;
use crate::accounts::AccountId;
use crate::announcements::{self, What};
use crate::consultations::{self, Consultation, ConsultationId};
use crate::digest::sha256;
use crate::inputs::hearings::service as hearings;
use crate::inputs::hearings::{HeardDraft, HeardPortion, Hearing};
use crate::problem::{Code, Problem};
use crate::registrations::{self, RegistrationState};
use crate::render;
use crate::reports::clearance::asking::service::{self as asking, today, zone};
use crate::reports::clearance::asking::{Round, check_end};
use crate::reports::clearance::portions::{Whole, left_out};
use crate::reports::rights::Place;
use crate::reports::{Report, ReportId, ReportState, gather, steps, store};
use crate::vocabulary::{ClearanceRoundId, ThingId};
use crate::work::Work;

/// Keeps others from the report and its consultation: everybody is told under the lock of the latter, which comes first.
pub fn lock(work: &mut Work, report: ReportId) -> Result<(), Problem> {
    steps::lock(work, report)
}

/// Asks the participants of the report's consultation, until a day: the draft is frozen for them, and everybody confirmed is told at the
/// next fixed hour.
pub fn ask(
    work: &mut Work,
    id: ClearanceRoundId,
    version: i64,
    ends_on: NaiveDate,
) -> Result<Round, Problem> {
    let report = asking::see(work, id)?.report_id;
    lock(work, report)?;
    let (round, place) = asking::to_change(work, id, version)?;
    let consultation = consultation(&place)?;
    if place.report.state != ReportState::Clearance {
        let detail = format!(
            "The report is in {}; participants are asked about it in clearance.",
            place.report.state
        );
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    check_end(ends_on, today(work, &place))?;
    check_days(ends_on, today(work, &place))?;
    let ends_at = end_of(ends_on, zone(&place));
    let ends_at = ends_at.ok_or_else(|| Problem::invalid("/ends_on", "is no day there"))?;
    let draft = frozen(work, &place.report)?;
    let hearing = Hearing {
        round_id: id,
        consultation_id: consultation,
        report_id: report,
        ends_on,
        ends_at,
        asked_by: work.caller.id(),
        asked_at: work.now,
    };
    hearings::ask(work, hearing, draft)?;
    announcements::service::announce(work, consultation, What::DraftOpen { until: ends_on })?;
    asking::save(work, round, "clearance_round.participants_asked")
}

/// The consultation whose participants can be asked; 409 for a paper.
fn consultation(place: &Place) -> Result<ConsultationId, Problem> {
    place.consultation.as_ref().map(|one| one.id).ok_or_else(|| {
        let detail = "A paper rests on several consultations: its participants are not asked.";
        Problem::new(Code::InvalidTransition, detail)
    })
}

/// The draft as participants will read it.
fn frozen(work: &mut Work, report: &Report) -> Result<HeardDraft, Problem> {
    let facts = gather::facts(work, report)?;
    let document = facts.compile()?;
    let paragraphs = facts.draft().paragraphs.iter();
    let versions: BTreeMap<ThingId, i64> =
        paragraphs.map(|one| (ThingId::new(one.id.uuid()), one.version)).collect();
    let whole = Whole::of(&facts, &document);
    let portions = whole.portions.into_iter().filter_map(|one| {
        let text = one.without_order()?;
        let (version, sha256) = (versions.get(&one.id).copied(), sha256(&text));
        Some(HeardPortion { id: one.id, version, number: one.number, text, sha256 })
    });
    let (portions, bytes) = (portions.collect(), render::json::render(&document));
    let document = Some(String::from_utf8(bytes).map_err(Problem::internal)?);
    Ok(HeardDraft { portions, document, named: whole.named })
}

/// Leaves a person who is erased out of whatever prints them.
pub fn forget(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    for (round, draft) in hearings::drafts(work)? {
        let gone = left_out(&draft.named, |one| one.is_of(account));
        if !gone.is_empty() {
            let mut draft = without(draft, &gone);
            draft.named.retain(|one| !one.is_of(account));
            hearings::leave_out(work, round, draft)?;
        }
    }
    Ok(())
}

/// How participants are heard in a round; nothing where they are not asked.
pub fn heard(work: &mut Work, round: &Round) -> Result<Option<HeardRound>, Problem> {
    let Some(hearing) = hearings::of_round(work, round.id)? else { return Ok(None) };
    let settled = hearings::is_settled(work, &hearing)?;
    Ok(Some(HeardRound { hearing, settled }))
}

/// 409 as long as participants have time, or something that they said is not let in.
pub fn require_settled(work: &mut Work, round: &Round) -> Result<(), Problem> {
    match heard(work, round)? {
        Some(heard) if !heard.settled => {
            let detail = format!(
                "Participants were told that they can comment until {}: the round is closed after what they say was let in.",
                heard.hearing.ends_on
            );
            Err(Problem::new(Code::InvalidTransition, detail))
        }
        _ => Ok(()),
    }
}

/// Whether the caller may ask participants in a round that is open.
pub(in crate::reports) fn may_ask(
    work: &mut Work,
    place: &Place,
    round: &Round,
) -> Result<bool, Problem> {
    Ok(work.may(Permission::ClearReports, &place.scope)
        && place.report.state == ReportState::Clearance
        && place.consultation.is_some()
        && hearings::of_round(work, round.id)?.is_none())
}

/// A draft that participants are asked about now.
#[derive(Debug)]
pub struct OpenHearing {
    /// The report.
    pub report: Report,
    /// Until when they are asked.
    pub hearing: Hearing,
    /// What they read.
    pub draft: HeardDraft,
}

/// The draft that participants of a consultation are asked about now; whom it names no more is left out of it. Does not ask who asks.
pub fn open(work: &mut Work, consultation: &Consultation) -> Result<Option<OpenHearing>, Problem> {
    let Some(hearing) = hearings::open(work, consultation)? else { return Ok(None) };
    let Some(draft) = hearings::draft(work, hearing.round_id)? else { return Ok(None) };
    let report = store::report(work.conn, hearing.report_id)?;
    let now = gather::named(work, &report)?;
    let gone = left_out(&draft.named, |one| !one.is_among(&now));
    Ok(Some(OpenHearing { report, hearing, draft: without(draft, &gone) }))
}

/// The draft that participants are asked about now, for those who are confirmed and for those who may read drafts; 404 where they are
/// not asked. That somebody read it is kept nowhere.
pub fn read(work: &mut Work, id: ConsultationId) -> Result<OpenHearing, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let account = work.caller.signed_in()?;
    let own = registrations::service::of_account(work, id, account)?;
    let confirmed = own.is_some_and(|own| own.state == RegistrationState::Confirmed);
    if !confirmed && !work.may(Permission::ReadDrafts, &consultation.scope()) {
        let detail =
            "The draft is for those whose registration for this consultation is confirmed.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    open(work, &consultation)?
        .ok_or_else(|| Problem::not_found("draft that participants are asked about"))
}
