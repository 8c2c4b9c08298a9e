//! How the assignment solver's effort grows with the size of an instance, and how near it comes: `cargo bench --bench
//! assignment`. It prints, for each shape, the points that no plan avoids, the soft ones with the gap, the time, and ratios within
//! this one run, which say more than seconds on a shared machine: the cost of one step, and steps for each person, group
//! and round.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod shapes;

use rapporteur::groups::instances::file;
use std::ops::ControlFlow;
use std::time::Instant;

use rapporteur::groups::solver::{Draft, Edit, Limits, solve};

use shapes::{ENOUGH_PLACES, Shape};

/// A gap, in hundredths of a point for each person and round, that counts as near.
const NEAR: i64 = 10;

fn main() {
    println!(
        "{:<14}{:>8}{:>12}{:>8}{:>9}{:>9}{:>10}{:>12}{:>12}",
        "shape", "places", "unavoidable", "soft", "gap", "%", "seconds", "ns a step", "near after"
    );
    let shapes =
        [(80, 3, 2), (240, 4, 2), (500, 6, 2), (1_000, 8, 2), (2_000, 10, 2), (10_000, 20, 3)];
    for (people, groups, rounds) in shapes {
        measure(Shape { people, groups, rounds, seed: 5, places: ENOUGH_PLACES });
    }
    for (people, groups, rounds) in [(80, 3, 2), (500, 6, 2)] {
        measure(Shape { people, groups, rounds, seed: 5, places: 90 });
    }
    price_edits(Shape { people: 500, groups: 6, rounds: 2, seed: 5, places: ENOUGH_PLACES });
}

fn measure(shape: Shape) {
    let Ok(file) = file::read(&shapes::instance(shape)) else {
        return println!("{shape:?} cannot be read");
    };
    let seats = (shape.people * shape.rounds) as u64;
    let limits = Limits { work: seats * 60_000 };
    let (start, mut near) = (Instant::now(), None);
    let plan = solve(&file.instance, &limits, &mut |now| {
        let gap = 100 * (now.value - now.bound) / seats.cast_signed();
        if near.is_none() && gap <= NEAR {
            near = Some(now.work);
        }
        ControlFlow::Continue(())
    });
    let elapsed = start.elapsed();
    let per_step = elapsed.as_nanos() / u128::from(plan.quality.work.max(1));
    let size = seats * shape.groups as u64;
    let near = near.map_or("–".to_owned(), |work| format!("{} × size", work / size));
    let quality = &plan.quality;
    let (soft, gap) = (quality.parts.soft(), quality.gap().unwrap_or_default());
    // Where rules are broken that might be kept, no part of the soft points says how near the plan is.
    let unavoidable = quality.unavoidable();
    let percent = unavoidable
        .map_or("–".to_owned(), |_| format!("{:.2}", 100.0 * gap as f64 / soft.max(1) as f64));
    println!(
        "{:<14}{:>8}{:>12}{soft:>8}{gap:>9}{percent:>9}{:>10.2}{per_step:>12}{near:>12}",
        file.name,
        shape.places,
        unavoidable.map_or("–".to_owned(), |points| points.to_string()),
        elapsed.as_secs_f64(),
    );
}

/// What a move by hand costs to price.
fn price_edits(shape: Shape) {
    let Ok(file) = file::read(&shapes::instance(shape)) else { return };
    let instance = &file.instance;
    let plan = solve(instance, &Limits { work: 5_000_000 }, &mut |_| ControlFlow::Continue(()));
    let mut draft = Draft::new(instance, &plan.placements);
    let (start, mut priced) = (Instant::now(), 0);
    for person in &instance.people {
        for group in &instance.groups {
            let edit =
                Edit::Move { person: person.id, round: instance.rounds[0].id, to: Some(group.id) };
            priced += usize::from(draft.price(&edit).is_some());
        }
    }
    let each = start.elapsed().as_nanos() / priced.max(1) as u128;
    println!("an edit of {} is priced in {each} ns", file.name);
}
