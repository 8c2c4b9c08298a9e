//! Figures: that they add up, and that nobody can work out a small one from everything that is told, the words of the report
//! included.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::statistics::{Basis, Breakdown, Said, Withheld, is_settled};
use super::{Participation, about};
use crate::consultations::Phase;
use crate::db::types::Id;
use crate::reference::{CountryCode, Reference, SectorCode};
use crate::registrations::attended::Came;
use crate::registrations::privacy::severing::{Severed, SeveredQuestion};
use crate::registrations::sample::registration;
use crate::registrations::{AgeBand, Gender, Registration, RegistrationState};

const SMALLEST: i64 = 5;

fn sectors() -> Vec<SectorCode> {
    Reference::get().sectors.iter().map(|one| one.code).collect()
}

fn people() -> impl Strategy<Value = Vec<Registration>> {
    let countries: Vec<CountryCode> =
        Reference::get().countries.iter().map(|one| one.code).collect();
    let one = (
        proptest::sample::select(RegistrationState::ALL),
        proptest::sample::select(sectors()),
        proptest::sample::select(countries),
        proptest::option::of(proptest::sample::select(Gender::ALL)),
        proptest::option::of(proptest::sample::select(AgeBand::ALL)),
        proptest::option::of(proptest::sample::select(vec!["en", "zh-Hant", "zh", "th"])),
    );
    let one = one.prop_map(|(state, sector, country, gender, age_band, language)| {
        let languages = language.into_iter().map(str::to_owned).collect();
        Registration { age_band, languages, ..registration(state, sector, country, gender) }
    });
    proptest::collection::vec(one, 0..160)
}

fn released(people: &[Registration]) -> Result<Breakdown, Withheld> {
    Participation::of(people).released(SMALLEST, &Participation::default()).breakdown
}

fn of_genders(women: u32, men: u32, another: u32, missing: u32) -> Participation {
    Participation {
        participants: women + men + another + missing,
        women,
        men,
        another,
        gender_missing: missing,
        ..Participation::default()
    }
}

#[test]
fn about_is_never_zero_for_somebody() {
    let told: Vec<u32> = [0, 1, 2, 3, 7, 8, 78, 80, 82, 83].into_iter().map(about).collect();
    assert_eq!(told, [0, 5, 5, 5, 5, 10, 80, 80, 80, 85]);
}

#[test]
fn a_number_is_said_by_the_rule() {
    let said = |people: u32| {
        let exact = Participation { participants: people, ..Participation::default() };
        exact.released(SMALLEST, &Participation::default()).said
    };
    assert_eq!(said(3), Said::FewerThan(5));
    assert_eq!(said(19), Said::Exactly(19));
    assert_eq!([said(78), said(82)], [Said::About(80), Said::About(80)]);
}

#[test]
fn nothing_is_settled_while_places_are_given() {
    let open = [Phase::Planning, Phase::OpenCall, Phase::RegistrationClosed, Phase::InSession];
    for phase in Phase::ALL {
        assert_eq!(is_settled(*phase), !open.contains(phase), "{phase}");
    }
}

#[test]
fn of_four_people_nothing_but_that_they_are_few_is_told() {
    let (sector, country) = (sectors()[0], "TH".parse().unwrap());
    let four = vec![registration(RegistrationState::Confirmed, sector, country, None); 4];
    assert_eq!(released(&four), Err(Withheld::TooFew));
}

#[test]
fn people_known_to_a_co_organizer_cover_nobody() {
    let one = |sector: &SectorCode| {
        registration(RegistrationState::Confirmed, *sector, "TH".parse().unwrap(), None)
    };
    let of = |counts: &[usize]| -> Vec<Registration> {
        let people = counts.iter().zip(sectors());
        people.flat_map(|(count, sector)| vec![one(&sector); *count]).collect()
    };
    let everybody = Participation::of(&of(&[6, 20, 30]));
    let own = Participation::of(&of(&[4]));
    let count = |known: &Participation| {
        let breakdown = everybody.released(SMALLEST, known).breakdown.unwrap();
        breakdown.sectors.count(&sectors()[0])
    };
    assert_eq!(count(&Participation::default()), Some(6));
    assert_eq!(count(&own), None, "the other two would be told");
}

#[test]
fn who_came_without_registering_is_missing_in_every_breakdown() {
    let (sector, country) = (sectors()[0], "TH".parse().unwrap());
    let mut ids = 1_u128..;
    let mut next = || {
        let one = registration(RegistrationState::Confirmed, sector, country, Some(Gender::Woman));
        Registration { id: Id::new(uuid::Uuid::from_u128(ids.next().unwrap())), ..one }
    };
    let people: Vec<Registration> = (0..30).map(|_| next()).collect();
    let registrations = people.iter().take(20).map(|one| one.id).collect();
    let came = Came { registrations, unregistered: 8 };
    let counted = Participation::counted(people.iter(), Some(&came), &[]);
    assert_eq!((counted.participants, counted.registered), (28, 30));
    assert_eq!((counted.women, counted.gender_missing), (20, 8));
    let statistics = counted.released(SMALLEST, &Participation::default());
    assert_eq!(statistics.basis, Basis::Attended);
    let breakdown = statistics.breakdown.unwrap();
    assert_eq!(breakdown.ages.count(&None), Some(28));
    let attendance = breakdown.attendance.unwrap();
    assert_eq!([attendance.count(&true), attendance.count(&false)], [Some(20), Some(8)]);
}

#[test]
fn a_paragraph_on_gender_tells_no_small_figure_either() {
    // For who knows the total, the table, the sentence and which figures are small: what each can be.
    let mut readings: BTreeMap<String, Vec<[u32; 4]>> = BTreeMap::new();
    for people in [20_u32, 23, 29, 31] {
        for women in 0..=people {
            for men in 0..=people - women {
                for another in 0..=people - women - men {
                    let missing = people - women - men - another;
                    let table = [women, men, another, missing];
                    let told = of_genders(women, men, another, missing)
                        .released(SMALLEST, &Participation::default());
                    let breakdown = told.breakdown.unwrap();
                    let small = table.map(|figure| (1..5).contains(&figure));
                    let seen = if breakdown.genders.withheld {
                        format!("{people} {}", breakdown.balanced)
                    } else {
                        format!(
                            "{people} {:?} {small:?} {}",
                            breakdown.genders.cells, breakdown.balanced
                        )
                    };
                    readings.entry(seen).or_default().push(table);
                }
            }
        }
    }
    for (seen, tables) in readings {
        for at in 0..4 {
            let values: BTreeSet<u32> = tables.iter().map(|table| table[at]).collect();
            let small = tables.iter().any(|table| (1..5).contains(&table[at]));
            assert!(!small || values.len() > 1, "figure {at} is {values:?} in {seen}");
        }
    }
}

#[test]
fn a_balance_is_told_for_certain_or_not_at_all() {
    let balanced = |women, men, another, missing| {
        let told = of_genders(women, men, another, missing);
        told.released(SMALLEST, &Participation::default()).breakdown.unwrap().balanced
    };
    assert!(balanced(40, 35, 1, 4));
    assert!(balanced(40, 40, 0, 0));
    assert!(!balanced(50, 25, 1, 4));
    assert!(!balanced(4, 4, 0, 72), "most did not answer");
}

proptest! {
    #[test]
    fn figures_add_up(people in people()) {
        let confirmed = people.iter().filter(|one| one.state == RegistrationState::Confirmed);
        let figures = Participation::of(&people);
        prop_assert_eq!(figures.participants as usize, confirmed.count());
        let sectors: u32 = figures.sectors.iter().map(|(_, people)| people).sum();
        prop_assert_eq!(sectors, figures.participants);
        let genders = figures.women + figures.men + figures.another + figures.gender_missing;
        prop_assert_eq!(genders, figures.participants);
        prop_assert_eq!(figures.by_country.values().sum::<u32>(), figures.participants);
        let subregions = figures.subregions_present.len() + figures.subregions_missing.len();
        prop_assert_eq!(subregions, Reference::get().subregions.len());
    }

    #[test]
    fn a_severed_answer_changes_no_figure(people in people(), from in 0_usize..160) {
        let mut severed = Vec::new();
        let mut forgotten = people.clone();
        for one in forgotten.iter_mut().skip(from) {
            let Registration { state: RegistrationState::Confirmed, .. } = one else { continue };
            let answers = [
                (SeveredQuestion::Gender, one.gender.take().map(|answer| answer.to_string())),
                (SeveredQuestion::AgeBand, one.age_band.take().map(|answer| answer.to_string())),
                (SeveredQuestion::Language, std::mem::take(&mut one.languages).first().cloned()),
            ];
            for (question, answer) in answers {
                severed.extend(answer.map(|answer| Severed { question, answer, came: false, people: 1 }));
            }
        }
        let counted = Participation::counted(forgotten.iter(), None, &severed);
        prop_assert_eq!(counted, Participation::of(&people));
    }

    /// Every table by itself is safe (`suppression`); this holds the one that breaks down cells of another, and that no
    /// figure is told twice with different neighbours.
    #[test]
    fn countries_give_no_subregion_away(people in people()) {
        let Ok(breakdown) = released(&people) else { return Ok(()) };
        let reference = Reference::get();
        let exact = Participation::of(&people);
        for (country, count) in &breakdown.by_country {
            prop_assert_eq!(exact.by_country.get(country), Some(count));
            prop_assert!(i64::from(*count) >= SMALLEST);
            let subregion = reference.subregion_of(*country).map(|found| found.code);
            prop_assert!(breakdown.subregions.count(&subregion).is_some(), "{country} is in a suppressed one");
        }
        for subregion in reference.subregions.iter().map(|one| one.code) {
            let inside = |code: &CountryCode| {
                reference.subregion_of(*code).is_some_and(|found| found.code == subregion)
            };
            let told: BTreeSet<CountryCode> =
                breakdown.by_country.iter().map(|(code, _)| *code).filter(inside).collect();
            let hidden: Vec<u32> = exact.by_country.iter()
                .filter(|(code, _)| inside(code) && !told.contains(code))
                .map(|(_, people)| *people).collect();
            let some_told = !told.is_empty();
            // What is left of a subregion is never one country, and never small ones alone.
            prop_assert!(!some_told || hidden.len() != 1);
            let all_small = hidden.iter().all(|people| i64::from(*people) < SMALLEST);
            prop_assert!(!some_told || hidden.is_empty() || !all_small);
        }
        let un = "un_entity".parse().unwrap();
        prop_assert_eq!(breakdown.un_representatives, breakdown.sectors.count(&un));
        prop_assert_eq!(breakdown.stakeholders.is_some(), breakdown.un_representatives.is_some());
    }

    #[test]
    fn no_small_figure_is_told_in_any_table(people in people()) {
        let Ok(breakdown) = released(&people) else { return Ok(()) };
        let mut counts: Vec<Option<u32>> = breakdown.sectors.cells.iter().map(|cell| cell.count).collect();
        counts.extend(breakdown.genders.cells.iter().map(|cell| cell.count));
        counts.extend(breakdown.ages.cells.iter().map(|cell| cell.count));
        counts.extend(breakdown.languages.cells.iter().map(|cell| cell.count));
        counts.extend(breakdown.subregions.cells.iter().map(|cell| cell.count));
        for count in counts.into_iter().flatten() {
            prop_assert!(count == 0 || i64::from(count) >= SMALLEST);
        }
    }
}
