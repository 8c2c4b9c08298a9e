//! The rules of registrations, tried to break.

use proptest::prelude::*;

use super::sample::registration;
use super::*;

fn state() -> impl Strategy<Value = RegistrationState> {
    proptest::sample::select(RegistrationState::ALL)
}

fn step() -> impl Strategy<Value = Step> {
    proptest::sample::select(Step::ALL)
}

#[test]
fn a_refusal_names_the_states_it_could_be_taken_from() {
    let refusal = RegistrationState::Withdrawn.after(Step::Confirm).unwrap_err();
    assert_eq!(refusal.code(), Code::InvalidTransition);
    assert!(refusal.detail().contains("submitted or waitlisted"), "{}", refusal.detail());
}

#[test]
fn editing_a_confirmed_registration_does_not_cost_its_place() {
    let reference = crate::reference::Reference::get();
    let (sector, country) = (reference.sectors[0].code, reference.countries[0].code);
    let mut one = registration(RegistrationState::Confirmed, sector, country, None);
    one.decided_at = Some(one.created_at);
    one.state = one.state.after(Step::Resubmit).unwrap();
    assert!(one.holds_place());
    one.waiting_number = Some(3);
    assert!(!one.holds_place());
}

proptest! {
    #[test]
    fn no_step_leads_anywhere_but_by_the_table(state in state(), step in step()) {
        match state.after(step) {
            Ok(next) => {
                prop_assert!(step.from().contains(&state));
                prop_assert_eq!(next, step.to());
            }
            Err(refusal) => {
                prop_assert_eq!(refusal.code(), Code::InvalidTransition);
                for from in step.from() {
                    prop_assert!(refusal.detail().contains(from.as_str()));
                }
            }
        }
    }

    #[test]
    fn what_is_over_stays_over(steps in proptest::collection::vec(step(), 0..20)) {
        let mut state = RegistrationState::Submitted;
        // Only an appeal that is upheld takes up again what was declined.
        for step in steps.into_iter().filter(|step| *step != Step::Reopen) {
            let was_over = !state.is_active();
            if let Ok(next) = state.after(step) {
                prop_assert!(!was_over);
                state = next;
            }
        }
    }
}
