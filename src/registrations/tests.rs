//! The rules of registrations, tried to break.

use proptest::prelude::*;

use super::*;

fn state() -> impl Strategy<Value = RegistrationState> {
    proptest::sample::select(RegistrationState::ALL)
}

fn step() -> impl Strategy<Value = Step> {
    proptest::sample::select(Step::ALL)
}

fn registration(
    state: RegistrationState,
    sector: SectorCode,
    country: CountryCode,
    gender: Option<Gender>,
) -> Registration {
    let at: Timestamp = "2020-11-01T00:00:00Z".parse().unwrap();
    Registration {
        id: Id::new(uuid::Uuid::nil()),
        consultation_id: Id::new(uuid::Uuid::nil()),
        account_id: Id::new(uuid::Uuid::nil()),
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
    }
}

fn people() -> impl Strategy<Value = Vec<Registration>> {
    let sectors: Vec<SectorCode> = Reference::get().sectors.iter().map(|one| one.code).collect();
    let countries: Vec<CountryCode> =
        Reference::get().countries.iter().map(|one| one.code).collect();
    let gender = proptest::option::of(proptest::sample::select(Gender::ALL));
    let one =
        (state(), proptest::sample::select(sectors), proptest::sample::select(countries), gender)
            .prop_map(|(state, sector, country, gender)| {
                registration(state, sector, country, gender)
            });
    proptest::collection::vec(one, 0..120)
}

#[test]
fn a_refusal_names_the_states_it_could_be_taken_from() {
    let refusal = RegistrationState::Withdrawn.after(Step::Confirm).unwrap_err();
    assert_eq!(refusal.code(), Code::InvalidTransition);
    assert!(refusal.detail().contains("submitted or waitlisted"), "{}", refusal.detail());
}

#[test]
fn editing_a_confirmed_registration_does_not_cost_its_place() {
    let (sector, country) = (Reference::get().sectors[0].code, Reference::get().countries[0].code);
    let mut one = registration(RegistrationState::Confirmed, sector, country, None);
    one.decided_at = Some(one.created_at);
    one.state = one.state.after(Step::Resubmit).unwrap();
    assert!(one.holds_place());
    one.waiting_number = Some(3);
    assert!(!one.holds_place());
}

#[test]
fn about_is_never_zero_for_somebody() {
    let told: Vec<u32> = [0, 1, 2, 3, 7, 8, 78, 80, 82, 83].into_iter().map(about).collect();
    assert_eq!(told, [0, 5, 5, 5, 5, 10, 80, 80, 80, 85]);
}

#[test]
fn one_small_cell_takes_another_with_it() {
    let counts = |cells: Vec<Cell<u8>>| cells.iter().map(|cell| cell.count).collect::<Vec<_>>();
    assert_eq!(
        counts(cells([(1, 20), (2, 2), (3, 7), (4, 0)], 5)),
        [Some(20), None, None, Some(0)]
    );
    // Two cells of one person each: told together they would be known to be one each.
    assert_eq!(counts(cells([(1, 1), (2, 1), (3, 9), (4, 30)], 5)), [None, None, None, Some(30)]);
    assert_eq!(counts(cells([(1, 5), (2, 6)], 5)), [Some(5), Some(6)]);
    assert_eq!(counts(cells([(1, 3)], 5)), [None]);
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
        for step in steps {
            let was_over = !state.is_active();
            if let Ok(next) = state.after(step) {
                prop_assert!(!was_over);
                state = next;
            }
        }
    }

    #[test]
    fn figures_add_up(people in people()) {
        let confirmed = people.iter().filter(|one| one.state == RegistrationState::Confirmed);
        let figures = Participation::of(&people);
        prop_assert_eq!(figures.participants as usize, confirmed.count());
        let sectors: u32 = figures.sectors.iter().map(|(_, people)| people).sum();
        prop_assert_eq!(sectors, figures.participants);
        let genders = figures.women + figures.men + figures.another + figures.gender_missing;
        prop_assert_eq!(genders, figures.participants);
        let subregions = figures.subregions_present.len() + figures.subregions_missing.len();
        prop_assert_eq!(subregions, Reference::get().subregions.len());
    }

    #[test]
    fn no_small_cell_is_told_and_none_can_be_worked_out(people in people(), smallest in 1_i64..12) {
        let figures = Participation::of(&people);
        let told = figures.suppressed(smallest);
        let exact: Vec<u32> = figures.sectors.iter().map(|(_, people)| *people).collect();
        let counts: Vec<Option<u32>> = told.sectors.iter().map(|cell| cell.count).collect();
        for count in counts.iter().flatten() {
            prop_assert!(i64::from(*count) >= smallest);
        }
        let hidden: Vec<u32> =
            exact.iter().zip(&counts).filter(|(_, told)| told.is_none()).map(|(n, _)| *n).collect();
        let everything = hidden.len() == exact.len();
        let safe = hidden.len() >= 2 && i64::from(hidden.iter().sum::<u32>()) >= smallest;
        prop_assert!(hidden.is_empty() || safe || everything);
    }
}
