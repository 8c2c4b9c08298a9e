//! What registrations hold about a person, and how they forget it. Of who took part the facts stay by which figures are
//! counted: sector, country and organization on the row, whose person is nobody any more; gender, age and language as
//! counts that are linked to nothing (`severing`).

use diesel::prelude::*;
use serde_json::{Value, json};

use super::attended::{Came, came};
use super::exchange::imports::decided;
use super::{
    Answers, Consents, Guardian, Needs, Registration, RegistrationId, RegistrationState, decisions,
    history,
};
use crate::accounts::{self, AccountId};
use crate::consultations::{self, Activity, ConsultationId, Phase};
use crate::correspondence;
use crate::db::Conn;
use crate::db::schema::{
    consent_records, draft_tokens, guardian_requests, registration_drafts, registrations,
};
use crate::db::types::{Id, Json, Timestamp};
use crate::problem::Problem;
use crate::work::Work;
use severing::SeveredQuestion;

pub mod retention;
pub mod severing;

/// Everything that is held: registrations with their consents, unfinished forms, and for whom the person is guardian.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    let mut held = Vec::new();
    for one in super::store::of_person(work.conn, account)? {
        let mut value = of_registration(&one);
        value["consent_records"] = consents_of(work.conn, one.id)?;
        value["history"] = history::held_of(work, one.id)?;
        value["guardian_asked"] = guardian_requests_of(work.conn, one.id)?;
        held.push(value);
    }
    type Draft = (Id<()>, ConsultationId, Json<Value>, Timestamp, Timestamp, Timestamp);
    let drafts: Vec<Draft> = registration_drafts::table
        .filter(registration_drafts::email.eq(email.as_str()))
        .select((
            registration_drafts::id,
            registration_drafts::consultation_id,
            registration_drafts::form,
            registration_drafts::created_at,
            registration_drafts::updated_at,
            registration_drafts::expires_at,
        ))
        .order(registration_drafts::id)
        .load(work.conn)?;
    let draft = |(id, consultation, form, created_at, updated_at, expires_at): Draft| {
        json!({
            "id": id, "consultation_id": consultation, "form": form.0, "created_at": created_at,
            "updated_at": updated_at, "expires_at": expires_at,
        })
    };
    let wards = wards(work.conn, email.as_str())?;
    let ward = |(id, guardian): (RegistrationId, Guardian)| json!({ "registration_id": id, "guardian": guardian });
    Ok(json!({
        "registrations": held,
        "registrations_on_their_way": decided::data_of(work, &email)?,
        "registration_drafts": drafts.into_iter().map(draft).collect::<Vec<Value>>(),
        "guardian_of": wards.into_iter().map(ward).collect::<Vec<Value>>(),
    }))
}

fn of_registration(one: &Registration) -> Value {
    json!({
        "id": one.id, "consultation_id": one.consultation_id, "organization_id": one.organization_id,
        "sector": one.sector, "country": one.country, "gender": one.gender, "age_band": one.age_band,
        "languages": one.languages, "preferences": one.preferences, "rounds": one.rounds,
        "position": one.position, "needs": one.needs, "guardian": one.guardian, "answers": one.answers,
        "consents": one.consents, "state": one.state, "reason_code": one.reason_code, "note": one.note,
        "waiting_number": one.waiting_number, "decided_at": one.decided_at, "accept_by": one.accept_by,
        "source": one.source, "invitation_id": one.invitation_id, "created_at": one.created_at,
        "updated_at": one.updated_at, "registered_as": one.person,
    })
}

fn consents_of(conn: &mut Conn, id: RegistrationId) -> Result<Value, Problem> {
    let rows: Vec<(String, String, bool, Timestamp)> = consent_records::table
        .filter(consent_records::registration_id.eq(id))
        .order((consent_records::recorded_at, consent_records::id))
        .select((
            consent_records::kind,
            consent_records::wording,
            consent_records::given,
            consent_records::recorded_at,
        ))
        .load(conn)?;
    let row = |(kind, wording, given, at): (String, String, bool, Timestamp)| json!({ "kind": kind, "wording": wording, "given": given, "recorded_at": at });
    Ok(rows.into_iter().map(row).collect())
}

fn guardian_requests_of(conn: &mut Conn, id: RegistrationId) -> Result<Value, Problem> {
    let rows: Vec<(Timestamp, Timestamp)> = guardian_requests::table
        .filter(guardian_requests::registration_id.eq(id))
        .order(guardian_requests::created_at)
        .select((guardian_requests::created_at, guardian_requests::expires_at))
        .load(conn)?;
    let row = |(created_at, expires_at): (Timestamp, Timestamp)| json!({ "created_at": created_at, "expires_at": expires_at });
    Ok(rows.into_iter().map(row).collect())
}

/// Registrations whose guardian has this address.
fn wards(conn: &mut Conn, email: &str) -> Result<Vec<(RegistrationId, Guardian)>, Problem> {
    let rows: Vec<(RegistrationId, Option<Json<Guardian>>)> = registrations::table
        .filter(registrations::guardian.is_not_null())
        .select((registrations::id, registrations::guardian))
        .load(conn)?;
    let found = rows.into_iter().filter_map(|(id, guardian)| Some((id, guardian?.0)));
    Ok(found.filter(|(_, guardian)| guardian.email.as_str() == email).collect())
}

/// Forgets the person. An active registration is withdrawn as they would have done it, which gives its place to the next;
/// what has taken place stays counted, without them.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    decided::take_out(work, &email)?;
    for one in super::store::of_person(work.conn, account)? {
        let one = withdrawn(work, one)?;
        forget(work, &one)?;
    }
    for (id, guardian) in wards(work.conn, email.as_str())? {
        let nobody = Guardian {
            name: accounts::privacy::ERASED_NAME.to_owned(),
            email: accounts::privacy::erased_address(id)?,
            consented_at: guardian.consented_at,
        };
        diesel::update(registrations::table.find(id))
            .set(registrations::guardian.eq(Some(Json(nobody))))
            .execute(work.conn)?;
    }
    diesel::delete(draft_tokens::table.filter(draft_tokens::email.eq(email.as_str())))
        .execute(work.conn)?;
    let drafts = registration_drafts::table.filter(registration_drafts::email.eq(email.as_str()));
    diesel::delete(drafts).execute(work.conn)?;
    Ok(())
}

/// Takes it back where that is possible still.
fn withdrawn(work: &mut Work, one: Registration) -> Result<Registration, Problem> {
    let consultation = consultations::service::load(work, one.consultation_id)?;
    let open = consultation.phase == Phase::Cancelled
        || Activity::DecideRegistrations.phases().contains(&consultation.phase);
    if !one.state.is_active() || !open {
        return Ok(one);
    }
    decisions::withdraw(work, one.id, one.version)
}

fn forget(work: &mut Work, one: &Registration) -> Result<(), Problem> {
    let came = came(work.conn, one.consultation_id)?;
    let was_there = sever(work, one, came.as_ref())?;
    diesel::delete(consent_records::table.filter(consent_records::registration_id.eq(one.id)))
        .execute(work.conn)?;
    let asked = guardian_requests::table.filter(guardian_requests::registration_id.eq(one.id));
    diesel::delete(asked).execute(work.conn)?;
    let drafts = registration_drafts::table.filter(registration_drafts::registration_id.eq(one.id));
    diesel::delete(drafts).execute(work.conn)?;
    correspondence::privacy::forget_about(work, one.id)?;
    // Whom they came for is counted with those who were there, and is nobody's business with others.
    let organization = one.organization_id.filter(|_| was_there);
    let blank = Registration {
        organization_id: organization,
        gender: None,
        age_band: None,
        languages: Vec::new(),
        preferences: Vec::new(),
        rounds: None,
        position: None,
        needs: Needs::default(),
        guardian: None,
        answers: Answers::new(),
        consents: Consents::default(),
        note: None,
        invitation_id: None,
        person: None,
        ..one.clone()
    };
    super::store::update(work.conn, &blank, work.now)?;
    history::forget_notes(work, one.id)?;
    write_what_update_leaves(work.conn, one.id)
}

/// Counts the answers of somebody who counts without them. Whether they count.
fn sever(work: &mut Work, one: &Registration, came: Option<&Came>) -> Result<bool, Problem> {
    let came = came.is_some_and(|came| came.registrations.contains(&one.id));
    let counts = came || one.state == RegistrationState::Confirmed;
    if counts {
        for question in SeveredQuestion::ALL {
            severing::sever(work.conn, one, *question, came)?;
        }
    }
    Ok(counts)
}

/// What no change of a registration touches.
fn write_what_update_leaves(conn: &mut Conn, id: RegistrationId) -> Result<(), Problem> {
    diesel::update(registrations::table.find(id))
        .set(registrations::invitation_id.eq(None::<super::InvitationRef>))
        .execute(conn)?;
    Ok(())
}
