//! A plan in numbers: what it costs, part by part, how every group compares with the whole, how far wishes are met. From
//! the placements alone, whoever made them. It must never know how a plan was found.

use crate::assignment_state::Standing;
use crate::model::preprocessing::Presence;
use crate::model::{NOWHERE, Subject};
use crate::plan::{Aspect, Composition, Plan, Quality, Satisfaction, Share};

/// The plan that stands there.
pub(super) fn assess(standing: &Standing) -> Plan {
    let parts = standing.parts();
    let quality = Quality {
        value: parts.total(),
        bound: None,
        work: 0,
        parts,
        groups: compositions(standing),
        satisfaction: satisfaction(standing),
        repeats: repeats(standing),
    };
    Plan { placements: standing.placements(), unmet: standing.unmet(), quality }
}

fn repeats(standing: &Standing) -> usize {
    let people = 0..standing.model.reading.people();
    people.map(|person| standing.repeats(person)).sum::<i64>() as usize
}

/// Every group in every round beside the whole, in the order of ids.
pub(super) fn compositions(standing: &Standing) -> Vec<Composition> {
    let model = &standing.model;
    let mut found = Vec::new();
    for round in 0..model.rounds {
        for group in 0..model.groups {
            found.push(composition(standing, round, group));
        }
    }
    found.sort_by_key(|one: &Composition| (one.round, one.group));
    found
}

fn composition(standing: &Standing, round: usize, group: usize) -> Composition {
    let model = &standing.model;
    let (of, at) = (&model.reading.instance.groups[group], model.reading.instance.rounds[round].id);
    let (min, max) = of.limits_in(at);
    let even = &model.cells[standing.size_cell(round, group)];
    let counters = model.counters.iter().enumerate().filter(|(_, counter)| counter.round == round);
    let mut shares: Vec<Share> =
        counters.filter_map(|(counter, _)| share(standing, counter, group)).collect();
    shares.sort();
    Composition {
        round: at,
        group: of.id,
        size: standing.size(round, group) as usize,
        min,
        max,
        even_from: even.low as usize,
        even_to: even.high as usize,
        shares,
    }
}

fn share(standing: &Standing, counter: usize, group: usize) -> Option<Share> {
    let (of, cell) = (&standing.model.counters[counter], standing.model.cell(counter, group));
    let Subject::Shared(aspect, value) = &of.subject else { return None };
    let band = &standing.model.cells[cell];
    let share = Share {
        aspect: *aspect,
        value: value.clone(),
        count: standing.count(cell) as usize,
        whole: of.whole as usize,
        from: band.low as usize,
        to: band.high as usize,
    };
    (*aspect != Aspect::Organization || share.distance() > 0).then_some(share)
}

fn satisfaction(standing: &Standing) -> Satisfaction {
    let mut found = Satisfaction::default();
    for person in 0..standing.model.reading.people() {
        count_wishes(standing, person, &mut found);
    }
    found.worst_rank = found.by_rank.iter().rposition(|&count| count > 0).map(|rank| rank + 1);
    found
}

fn count_wishes(standing: &Standing, person: usize, found: &mut Satisfaction) {
    let model = &standing.model;
    let ranking = model.rankings[person].as_ref();
    let (mut takes_part, mut has_first) = (false, false);
    for round in 0..model.rounds {
        let presence = model.reading.presence(person, round);
        takes_part |= *presence != Presence::Absent;
        let group = standing.group_of(person, round);
        if group == NOWHERE {
            continue;
        }
        let rank = ranking.map(|ranking| ranking.of_group[group as usize]);
        has_first |= rank == Some(0);
        if matches!(presence, Presence::Pinned(_)) {
            continue;
        }
        match rank {
            None => found.indifferent += 1,
            Some(rank) if ranking.is_some_and(|ranking| rank < ranking.given) => {
                found.by_rank.resize(found.by_rank.len().max(rank + 1), 0);
                found.by_rank[rank] += 1;
            }
            Some(_) => found.not_ranked += 1,
        }
    }
    found.with_preferences += usize::from(takes_part && ranking.is_some());
    found.first_choices += usize::from(takes_part && has_first);
}
