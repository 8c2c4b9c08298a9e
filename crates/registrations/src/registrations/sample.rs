//! A registration to try things on: for the tests of every crate, and nothing else.

use uuid::Uuid;

use super::{Answers, Consents, Gender, Needs, Registration, RegistrationState, Source};
use crate::db::types::{Id, Timestamp};
use crate::reference::{CountryCode, SectorCode};

/// A registration with these facts.
pub fn registration(
    state: RegistrationState,
    sector: SectorCode,
    country: CountryCode,
    gender: Option<Gender>,
) -> Registration {
    let at: Timestamp = Timestamp::new(chrono::DateTime::UNIX_EPOCH);
    Registration {
        id: Id::new(Uuid::nil()),
        consultation_id: Id::new(Uuid::nil()),
        account_id: Id::new(Uuid::nil()),
        organization_id: None,
        sector,
        country,
        gender,
        languages: Vec::new(),
        preferences: Vec::new(),
        consents: Consents::default(),
        state,
        reason_code: None,
        note: None,
        waiting_number: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: at,
        updated_at: at,
        position: None,
        rounds: None,
        needs: Needs::default(),
        age_band: None,
        guardian: None,
        answers: Answers::new(),
        source: Source::OpenLink,
        invitation_id: None,
        accept_by: None,
        person: None,
    }
}
