//! SEQUENCE never goes down, whatever happens to a programme and to a person in it.

use chrono::Duration;
use proptest::prelude::*;

use super::*;
use crate::clock::Clock;
use crate::consultations::programme::removals::Changes;
use crate::consultations::{Admission, Mode, NewConsultation};
use crate::db::types::Id;
use crate::ids::Ids;

fn now() -> Timestamp {
    Clock::fixed("2020-10-01T03:00:00Z".parse().unwrap()).now()
}

fn consultation(ids: &Ids) -> Consultation {
    let new = NewConsultation {
        ordinal: 1,
        theme: "Borders".into(),
        held_on: "2020-11-19".parse().ok(),
        starts_at: None,
        ends_at: None,
        zone: chrono_tz::Asia::Bangkok,
        mode: Mode::Virtual,
        venue: None,
        objectives: Vec::new(),
        languages: vec!["en".into()],
        capacity: None,
        admission: Admission::Vetted,
    };
    let mut made = Consultation::new(ids.next(), ids.next(), new, now());
    made.phase = Phase::OpenCall;
    made
}

fn session(ids: &Ids, consultation: &Consultation) -> Session {
    Session {
        id: ids.next(),
        consultation_id: consultation.id,
        position: 1,
        kind: SessionKind::Plenary,
        title: "Plenary".into(),
        starts_at: "2020-11-19T04:00:00Z".parse().ok(),
        ends_at: "2020-11-19T05:00:00Z".parse().ok(),
        moderator: None,
        speakers: Vec::new(),
        attribution_rule: AttributionRule::ChathamHouse,
        round_id: None,
        note: None,
        joining_url: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn programme(ids: &Ids) -> Programme {
    let consultation = consultation(ids);
    let changes = Changes { count: consultation.version, last: consultation.updated_at };
    let sessions = vec![session(ids, &consultation)];
    Programme { consultation, sessions, rounds: Vec::new(), removals: Vec::new(), changes }
}

fn own(programme: Programme) -> Own {
    let changes = Changes { count: 2, last: now() };
    Own {
        programme,
        account: Id::new(Uuid::nil()),
        status: Status::Confirmed,
        changes,
        groups: BTreeMap::new(),
    }
}

#[test]
fn a_session_is_one_event_under_its_own_id_and_another_in_a_schedule() {
    let programme = programme(&Ids::sequence());
    let public = of_programme(&programme).events;
    let personal = of_person(&[own(programme.clone())], None).events;
    assert_eq!(public[0].uid, programme.sessions[0].id.to_string());
    assert_ne!(public[0].uid, personal[0].uid);
    assert_eq!(personal[0].uid, of_person(&[own(programme)], None).events[0].uid);
    assert!(public[0].description.contains("Chatham House"));
}

#[test]
fn a_session_without_a_time_is_a_day_and_without_a_day_nothing() {
    let mut programme = programme(&Ids::sequence());
    programme.sessions[0].starts_at = None;
    programme.sessions[0].ends_at = None;
    let event = of_programme(&programme).events.remove(0);
    assert!(matches!(event.when, When::Day(_)));
    assert_eq!(event.status, Status::Tentative);
    programme.consultation.held_on = None;
    assert!(of_programme(&programme).events.is_empty());
}

#[test]
fn a_cancelled_consultation_cancels_everything_and_a_withdrawal_only_ones_own() {
    let mut programme = programme(&Ids::sequence());
    let mut mine = own(programme.clone());
    mine.status = Status::Cancelled;
    assert_eq!(of_person(&[mine], None).events[0].status, Status::Cancelled);
    assert_eq!(of_programme(&programme).events[0].status, Status::Confirmed);
    programme.consultation.phase = Phase::Cancelled;
    assert_eq!(of_programme(&programme).events[0].status, Status::Cancelled);
}

/// What may happen.
#[derive(Debug, Clone, Copy)]
enum Happening {
    SessionChanged,
    SessionRemoved,
    ConsultationChanged,
    GroupRemoved,
    RegistrationChanged,
}

fn any_happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let all =
        [SessionChanged, SessionRemoved, ConsultationChanged, GroupRemoved, RegistrationChanged];
    prop::sample::select(all.to_vec())
}

proptest! {
    #[test]
    fn sequence_grows_with_every_change_and_outlives_the_session(
        happenings in prop::collection::vec(any_happening(), 1..20)
    ) {
        let ids = Ids::sequence();
        let mut mine = own(programme(&ids));
        let uid = of_person(std::slice::from_ref(&mine), None).events[0].uid.clone();
        let mut before = -1;
        for (step, happening) in happenings.into_iter().enumerate() {
            let at = now().plus(Duration::minutes(step as i64));
            let programme = &mut mine.programme;
            match happening {
                Happening::SessionChanged => {
                    for session in &mut programme.sessions {
                        session.version += 1;
                        session.updated_at = at;
                    }
                }
                Happening::SessionRemoved => {
                    for gone in programme.sessions.drain(..) {
                        programme.removals.push(Removal {
                            id: Id::new(gone.id.uuid()),
                            consultation_id: gone.consultation_id,
                            kind: RemovedKind::Session,
                            version: gone.version + 1,
                            title: Some(gone.title),
                            starts_at: gone.starts_at,
                            ends_at: gone.ends_at,
                            removed_at: at,
                        });
                    }
                }
                Happening::ConsultationChanged => programme.changes = programme.changes.and(1, at),
                // It counted with its version before, and with one more from now on.
                Happening::GroupRemoved => programme.changes = programme.changes.and(1, at),
                Happening::RegistrationChanged => mine.changes = mine.changes.and(1, at),
            }
            let events = of_person(std::slice::from_ref(&mine), None).events;
            prop_assert_eq!(events.len(), 1);
            prop_assert_eq!(&events[0].uid, &uid);
            prop_assert!(events[0].sequence >= before);
            before = events[0].sequence;
        }
    }
}
