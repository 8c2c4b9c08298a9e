//! Evaluation of a plan: what it costs, term by term, how every group compares with the whole, how far preferences are met. From the
//! placements alone, whoever made them. It must never know how a plan was found.

use crate::assignment_state::AssignmentState;
use crate::model::preprocessing::Eligibility;
use crate::model::{CounterKind, UNASSIGNED};
use crate::plan::{Aspect, Composition, Plan, Quality, Satisfaction, Share};

/// The plan of a state, with everything that can be said about it but a bound.
pub(super) fn evaluate(state: &AssignmentState) -> Plan {
    let terms = state.terms();
    let quality = Quality {
        value: terms.total(),
        bound: None,
        work: 0,
        parts: terms,
        groups: compositions(state),
        satisfaction: satisfaction(state),
        repeats: repeats(state),
    };
    Plan { placements: state.placements(), unmet: state.unmet(), quality }
}

fn repeats(state: &AssignmentState) -> usize {
    let people = 0..state.model.indexed.people();
    people.map(|person| state.repeats(person)).sum::<i64>() as usize
}

/// Every group in every round beside the whole, in the order of ids.
pub(super) fn compositions(state: &AssignmentState) -> Vec<Composition> {
    let model = &state.model;
    let mut found = Vec::new();
    for round in 0..model.rounds {
        for group in 0..model.groups {
            found.push(composition(state, round, group));
        }
    }
    found.sort_by_key(|one: &Composition| (one.round, one.group));
    found
}

fn composition(state: &AssignmentState, round: usize, group: usize) -> Composition {
    let model = &state.model;
    let (of, at) = (&model.indexed.instance.groups[group], model.indexed.instance.rounds[round].id);
    let (min, max) = of.limits_in(at);
    let even = &model.penalties[state.size_cell(round, group)];
    let counters = model.counters.iter().enumerate().filter(|(_, counter)| counter.round == round);
    let mut shares: Vec<Share> =
        counters.filter_map(|(counter, _)| share(state, counter, group)).collect();
    shares.sort();
    Composition {
        round: at,
        group: of.id,
        size: state.size(round, group) as usize,
        min,
        max,
        even_from: even.low as usize,
        even_to: even.high as usize,
        shares,
    }
}

fn share(state: &AssignmentState, counter: usize, group: usize) -> Option<Share> {
    let (of, cell) = (&state.model.counters[counter], state.model.cell(counter, group));
    let CounterKind::Shared(aspect, value) = &of.kind else { return None };
    let band = &state.model.penalties[cell];
    let share = Share {
        aspect: *aspect,
        value: value.clone(),
        count: state.count(cell) as usize,
        whole: of.whole as usize,
        from: band.low as usize,
        to: band.high as usize,
    };
    (*aspect != Aspect::Organization || share.distance() > 0).then_some(share)
}

fn satisfaction(state: &AssignmentState) -> Satisfaction {
    let mut found = Satisfaction::default();
    for person in 0..state.model.indexed.people() {
        count_preferences(state, person, &mut found);
    }
    found.worst_rank = found.by_rank.iter().rposition(|&count| count > 0).map(|rank| rank + 1);
    found
}

fn count_preferences(state: &AssignmentState, person: usize, found: &mut Satisfaction) {
    let model = &state.model;
    let ranking = model.rankings[person].as_ref();
    let (mut takes_part, mut has_first) = (false, false);
    for round in 0..model.rounds {
        let eligibility = model.indexed.eligibility(person, round);
        takes_part |= *eligibility != Eligibility::Absent;
        let group = state.group_of(person, round);
        if group == UNASSIGNED {
            continue;
        }
        let rank = ranking.map(|ranking| ranking.rank_of_group[group as usize]);
        has_first |= rank == Some(0);
        if matches!(eligibility, Eligibility::Pinned(_)) {
            continue;
        }
        match rank {
            None => found.indifferent += 1,
            Some(rank) if ranking.is_some_and(|ranking| rank < ranking.ranked) => {
                found.by_rank.resize(found.by_rank.len().max(rank + 1), 0);
                found.by_rank[rank] += 1;
            }
            Some(_) => found.not_ranked += 1,
        }
    }
    found.with_preferences += usize::from(takes_part && ranking.is_some());
    found.first_choices += usize::from(takes_part && has_first);
}
