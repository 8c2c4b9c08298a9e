//! Releases: that they add up, and that nobody can work out fewer than five people from all of them together.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::categories::SMALLEST;
use super::rounding::{Said, about};
use super::telling::{self, ANOTHER_OR_NOT_STATED};
use super::{Basis, Breakdown, Participation, ReleaseOccasion, Table, Told};
use crate::db::types::Id;
use crate::reference::{CountryCode, Reference, SectorCode};
use crate::registrations::attended::Came;
use crate::registrations::privacy::severing::{Severed, SeveredQuestion};
use crate::registrations::sample::registration;
use crate::registrations::{AgeBand, Gender, Registration, RegistrationState};

fn sectors() -> Vec<SectorCode> {
    Reference::get().sectors.iter().map(|one| one.code).collect()
}

fn countries() -> Vec<CountryCode> {
    Reference::get().countries.iter().map(|one| one.code).collect()
}

fn person() -> impl Strategy<Value = Registration> {
    let one = (
        proptest::sample::select(vec![RegistrationState::Confirmed, RegistrationState::Withdrawn]),
        // Skewed, as people are: some sectors and countries have many.
        (0..sectors().len(), 0..sectors().len())
            .prop_map(|(one, other)| sectors()[one.min(other) / 2]),
        (0..countries().len(), 0..countries().len())
            .prop_map(|(one, other)| countries()[one.min(other) / 3]),
        proptest::option::of(proptest::sample::select(Gender::ALL)),
        proptest::option::of(proptest::sample::select(AgeBand::ALL)),
        proptest::option::of(proptest::sample::select(vec!["en", "zh-Hant", "zh", "th"])),
    );
    one.prop_map(|(state, sector, country, gender, age_band, language)| {
        let languages = language.into_iter().map(str::to_owned).collect();
        Registration { age_band, languages, ..registration(state, sector, country, gender) }
    })
}

fn people() -> impl Strategy<Value = Vec<Registration>> {
    proptest::collection::vec(person(), 0..160)
}

fn counted(people: &[Registration]) -> Participation {
    Participation::counted(people, None, &[], &[])
}

fn released(people: &[Registration]) -> Told {
    telling::tell(&counted(people), &[], ReleaseOccasion::RegistrationClosed, &[])
}

fn of(counts: &[usize]) -> Vec<Registration> {
    let one = |sector: &SectorCode| {
        registration(RegistrationState::Confirmed, *sector, "TH".parse().unwrap(), None)
    };
    counts.iter().zip(sectors()).flat_map(|(count, sector)| vec![one(&sector); *count]).collect()
}

/// The parts that two tellings of a table have in common: the categories told in both, and all others together.
fn common_parts(one: &Table, other: &Table) -> Vec<(u32, u32)> {
    let both: Vec<(u32, u32)> =
        one.rows.iter().filter_map(|row| Some((row.people, other.people_of(&row.key)?))).collect();
    let rest = |table: &Table, of: fn(&(u32, u32)) -> u32| {
        table.people() - both.iter().map(of).sum::<u32>()
    };
    let rest = (rest(one, |pair| pair.0), rest(other, |pair| pair.1));
    both.into_iter().chain(Some(rest).filter(|rest| *rest != (0, 0))).collect()
}

/// Every table once, as of the release that told it.
fn tellings(releases: &[Told]) -> Vec<&Table> {
    let mut seen = BTreeSet::new();
    let tables = releases.iter().flat_map(|told| &told.tables);
    tables.filter(|table| seen.insert((table.by, table.within.clone(), table.as_of))).collect()
}

#[test]
fn about_is_never_zero_for_somebody() {
    let told: Vec<u32> = [0, 1, 2, 3, 7, 8, 78, 80, 82, 83].into_iter().map(about).collect();
    assert_eq!(told, [0, 5, 5, 5, 5, 10, 80, 80, 80, 85]);
    assert_eq!(Said::of(None), Said::Few);
    assert_eq!(Said::of(Some(19)), Said::Exactly(19));
    assert_eq!([Said::of(Some(78)), Said::of(Some(82))], [Said::About(80), Said::About(80)]);
}

#[test]
fn of_four_people_nothing_but_that_they_are_few_is_told() {
    for people in 0..5 {
        let told = released(&of(&[people]));
        assert_eq!((told.people.number, told.countries), (None, None));
        assert!(told.tables.is_empty());
    }
}

#[test]
fn of_five_of_a_kind_the_number_is_told_and_no_table() {
    let told = released(&of(&[5]));
    assert_eq!((told.people.number, told.countries), (Some(5), None));
    assert!(told.tables.is_empty(), "{told:?}");
}

#[test]
fn a_co_organizers_own_people_cover_nobody() {
    let everybody = counted(&of(&[6, 20, 30, 3, 3]));
    let own = counted(&of(&[4]));
    let told = |known: &[Participation]| {
        let told = telling::tell(&everybody, known, ReleaseOccasion::RegistrationClosed, &[]);
        told.people_of(Breakdown::Sector, sectors()[0].as_str())
    };
    assert_eq!(told(&[]), Some(6));
    assert_eq!(told(&[own]), None, "the other two would be told");
    let all_but_four = counted(&of(&[2, 20, 30, 3, 3]));
    let known = [all_but_four];
    let told = telling::tell(&everybody, &known, ReleaseOccasion::RegistrationClosed, &[]);
    assert_eq!(told.people.number, None, "the other four would be told");
}

#[test]
fn who_came_without_registering_is_missing_in_every_table() {
    let (sector, country) = (sectors()[0], "TH".parse().unwrap());
    let mut ids = 1_u128..;
    let mut next = || {
        let one = registration(RegistrationState::Confirmed, sector, country, Some(Gender::Woman));
        Registration { id: Id::new(Uuid::from_u128(ids.next().unwrap())), ..one }
    };
    let people: Vec<Registration> = (0..30).map(|_| next()).collect();
    let registrations = people.iter().take(20).map(|one| one.id).collect();
    let came = Came { registrations, unregistered: 8 };
    let exact = Participation::counted(&people, Some(&came), &[], &[]);
    let told = telling::tell(&exact, &[], ReleaseOccasion::AfterEvent, &[]);
    assert_eq!((told.people.number, told.people.basis), (Some(28), Basis::Attended));
    assert_eq!(told.people_of(Breakdown::Gender, ANOTHER_OR_NOT_STATED), None);
    let sectors = told.table(Breakdown::Sector).unwrap();
    assert_eq!((sectors.rows[0].people, sectors.other), (20, 8), "their sector is not known");
}

#[test]
fn what_has_hardly_moved_stands_as_it_was_told() {
    let first = released(&of(&[20, 30, 3, 3]));
    let tell = |people: &[usize]| {
        telling::tell(&counted(&of(people)), &[], ReleaseOccasion::AfterEvent, &[&first])
    };
    assert_eq!(tell(&[20, 30, 3, 4]), first, "one more");
    assert_eq!(tell(&[20, 30, 3, 3]), first, "nobody");
    let more = tell(&[20, 35, 3, 3]);
    assert_eq!((more.people.number, more.people.as_of), (Some(61), ReleaseOccasion::AfterEvent));
    let table = more.table(Breakdown::Sector).unwrap();
    assert_eq!(
        table.as_of,
        ReleaseOccasion::RegistrationClosed,
        "all the five would be known to be of one sector, and no other"
    );
    let all = tell(&[25, 35, 10, 10]);
    let table = all.table(Breakdown::Sector).unwrap();
    assert_eq!((table.as_of, table.people()), (ReleaseOccasion::AfterEvent, 80));
    let few = tell(&[1]);
    assert_eq!((few.people.number, &few.tables), (None, &first.tables));
}

#[test]
fn groups_are_told_so_that_nobody_without_one_is_counted() {
    let told = |people: usize, sizes: &[u32]| -> Vec<u32> {
        let ids = (1..).map(|number| Id::new(Uuid::from_u128(number)));
        let groups = ids.zip(sizes.iter().copied()).collect();
        let round = Id::new(Uuid::from_u128(99));
        let exact = Participation { groups: [(round, groups)].into(), ..counted(&of(&[people])) };
        let told = telling::tell(&exact, &[], ReleaseOccasion::RegistrationClosed, &[]);
        told.rounds[0].groups.iter().map(|one| one.about).collect()
    };
    assert_eq!(told(80, &[27, 27, 26]), [25, 25, 25]);
    assert_eq!(told(80, &[28, 28, 24]), [30, 30], "two at most would be without a group");
    assert_eq!(told(80, &[60, 4, 3]), [60], "fewer than five are told as that");
    assert_eq!(told(12, &[6, 6]), Vec::<u32>::new());
}

proptest! {
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
        let counted = Participation::counted(&forgotten, None, &severed, &[]);
        prop_assert_eq!(counted, self::counted(&people));
    }

    #[test]
    fn a_release_adds_up_and_tells_of_five_or_more(people in people()) {
        let (exact, told) = (counted(&people), released(&people));
        for table in &told.tables {
            prop_assert!(table.rows.iter().all(|row| row.people >= SMALLEST));
            let whole = match &table.within {
                None => exact.participants,
                Some(subregion) => told.people_of(Breakdown::Subregion, subregion).unwrap(),
            };
            prop_assert_eq!(table.people(), whole);
            prop_assert!(table.other == 0 || table.other >= SMALLEST);
        }
        let there = exact.countries.len() as u32;
        let is_true = |told: &super::Countries| {
            (told.or_more && told.number <= there) || told.number == there
        };
        prop_assert!(told.countries.as_ref().is_none_or(is_true));
    }

    /// Whoever has all releases can subtract them: what they have in common moved by five people or more, or was told once.
    #[test]
    fn no_two_releases_differ_by_fewer_than_five(
        people in people(), joining in proptest::collection::vec(person(), 0..40), leaving in 0_usize..40,
        returning in 0_usize..40,
    ) {
        let mut releases: Vec<Told> = Vec::new();
        let later: Vec<Registration> = people.iter().skip(leaving).chain(&joining).cloned().collect();
        let last: Vec<Registration> = later.iter().chain(people.iter().take(returning)).cloned().collect();
        for (occasion, people) in ReleaseOccasion::ALL.iter().zip([&people, &later, &last]) {
            let earlier: Vec<&Told> = releases.iter().collect();
            let told = telling::tell(&counted(people), &[], *occasion, &earlier);
            releases.push(told);
        }
        let numbers: BTreeSet<(ReleaseOccasion, u32)> =
            releases.iter().filter_map(|told| Some((told.people.as_of, told.people.number?))).collect();
        for (at, one) in &numbers {
            for (_, other) in numbers.iter().filter(|(other, _)| other != at) {
                prop_assert!(one.abs_diff(*other) >= SMALLEST, "{numbers:?}");
            }
        }
        let tellings = tellings(&releases);
        for (at, one) in tellings.iter().enumerate() {
            let same = |other: &&&Table| (other.by, &other.within) == (one.by, &one.within);
            for other in tellings[at + 1..].iter().filter(same) {
                let parts = common_parts(one, other);
                prop_assert!(
                    parts.iter().all(|(before, after)| before.abs_diff(*after) >= SMALLEST),
                    "{one:?} {other:?}"
                );
            }
        }
    }
}
