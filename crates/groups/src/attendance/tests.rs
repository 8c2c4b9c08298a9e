//! Each person counts once, however they were recorded.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::db::types::Id;
use crate::registrations::attended::Came;

fn attendance(session: u128, who: Who) -> Attendance {
    Attendance {
        id: Id::new(uuid::Uuid::nil()),
        consultation_id: Id::new(uuid::Uuid::nil()),
        session_id: Id::new(uuid::Uuid::from_u128(session)),
        working_group_id: None,
        who,
        method: Method::List,
        minutes: None,
        held_on: "2020-11-19".parse().unwrap(),
        version: 1,
    }
}

fn registered(number: u128) -> Who {
    let id = Id::new(uuid::Uuid::from_u128(number));
    Who::Registered { id, standing: RegistrationState::Confirmed }
}

fn unregistered(name: &str, email: Option<&str>) -> Who {
    let email = email.map(|email| email.parse().unwrap());
    Who::Unregistered(Unregistered { name: name.into(), email })
}

#[test]
fn a_person_is_told_apart_by_registration_else_by_address_and_name() {
    assert_eq!(unregistered("Asha Example", None).key(), unregistered("example, ASHA", None).key());
    let (one, other) = (Some("asha@example.org"), Some("other@example.org"));
    assert_eq!(
        unregistered("Asha Example", one).key(),
        unregistered("A. (Example, Asha)", one).key()
    );
    assert_ne!(unregistered("Asha", one).key(), unregistered("Binh", one).key());
    assert_ne!(unregistered("Asha", one).key(), unregistered("Asha", other).key());
    assert_ne!(registered(1).key(), registered(2).key());
}

#[test]
fn who_withdrew_or_was_declined_cannot_be_recorded() {
    use RegistrationState::*;
    assert!(may_attend(Confirmed).is_ok() && may_attend(Waitlisted).is_ok());
    assert!(may_attend(Withdrawn).is_err() && may_attend(Declined).is_err());
}

proptest! {
    #[test]
    fn everybody_is_counted_once_in_however_many_sessions(
        there in prop::collection::vec((0_u128..4, 0_u128..6), 0..40)
    ) {
        let all: Vec<Attendance> = there.iter().map(|(session, person)| {
            let who = match person % 2 {
                0 => registered(*person),
                _ => unregistered(&format!("Person {}", ["A", "B", "C"][(*person / 2) as usize]), None),
            };
            attendance(*session, who)
        }).collect();
        let people: BTreeSet<u128> = there.iter().map(|(_, person)| *person).collect();
        let known = |one: &Attendance| match &one.who {
            Who::Registered { id, .. } => (Some(*id), one.who.key()),
            Who::Unregistered(_) | Who::Forgotten { .. } => (None, one.who.key()),
        };
        let attended = Came::of(all.iter().map(known));
        let registered = people.iter().filter(|person| *person % 2 == 0).count();
        prop_assert_eq!(attended.registrations.len(), registered);
        prop_assert_eq!(attended.unregistered as usize, people.len() - registered);
    }
}
