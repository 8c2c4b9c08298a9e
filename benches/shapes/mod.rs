//! Makes instances of any size, of the shape of a real consultation: many of some sectors and few of others, popular
//! groups, hosts who are pinned, some who come to one round only. The same numbers give the same instance everywhere.

/// How large an instance is.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub people: usize,
    pub groups: usize,
    pub rounds: usize,
    pub seed: u64,
    /// Places of each group, in percent of an even share: under 100 not everybody can have one.
    pub places: usize,
}

/// As many places as a real consultation has.
pub const ENOUGH_PLACES: usize = 115;

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(bits ^ (bits >> 31)) * end as u128) >> 64) as usize
    }

    /// One of the rows, by weight.
    fn pick(&mut self, weights: &[usize]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (row, weight) in weights.iter().enumerate() {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return row,
            }
        }
        0
    }
}

const SECTORS: [usize; 13] = [3, 2, 4, 30, 17, 5, 2, 3, 3, 3, 5, 20, 4];
const SUBREGIONS: [usize; 5] = [14, 9, 11, 33, 34];
const GENDERS: [usize; 4] = [52, 44, 2, 2];

/// The text of an instance, as `assign-instance/1`.
pub fn instance(shape: Shape) -> String {
    let Shape { people, groups, rounds, seed, places } = shape;
    let mut chance = Chance(seed);
    let even = people / groups;
    let (min, max) = (even * 6 / 10, even * places / 100 + 1);
    let list = |text: &str| format!("[{}]", vec![text; rounds].join(","));
    let group = |number: usize| {
        let (min, max) = (list(&min.to_string()), list(&max.to_string()));
        format!(r#"{{"id":"WG{}","languages":["en"],"min":{min},"max":{max}}}"#, number + 1)
    };
    let all_groups: Vec<String> = (0..groups).map(group).collect();
    let everybody: Vec<String> =
        (0..people).map(|number| person(number, shape, &mut chance)).collect();
    let names = |kind: &str, count: usize| {
        let names: Vec<String> = (0..count).map(|row| format!(r#""{kind}{row}""#)).collect();
        format!("[{}]", names.join(","))
    };
    format!(
        r#"{{"format":"assign-instance/1","name":"{people}x{groups}x{rounds}","seed":{seed},"rounds":{rounds},"sectors":{},"subregions":{},"genders":{},"groups":[{}],"people":[{}],"weights":{{"gender":3,"org":5,"pref":[0,2,5,9,14,20,27],"repeat":1000,"sector":4,"size":6,"stability":8,"subregion":4,"unassigned":100000,"under_min":50000}}}}"#,
        names("sector", 13),
        names("subregion", 5),
        names("gender", 4),
        all_groups.join(","),
        everybody.join(",")
    )
}

fn person(number: usize, shape: Shape, chance: &mut Chance) -> String {
    let Shape { people, groups, rounds, .. } = shape;
    let pin = if number < 4 * groups { (number / 4) as i64 } else { -1 };
    let organizations: Vec<usize> =
        (0..=(people / 3)).map(|row| if row < people / 40 + 1 { 12 } else { 3 }).collect();
    let organization = chance.pick(&organizations);
    // The first groups are the most popular by far.
    let popular: Vec<usize> = (0..groups).map(|group| 2 + 60 / (group + 2)).collect();
    let mut preferences: Vec<usize> = Vec::new();
    let wanted = if chance.below(10) < 2 || pin >= 0 { 0 } else { 1 + chance.below(groups.min(5)) };
    while preferences.len() < wanted {
        let group = chance.pick(&popular);
        if !preferences.contains(&group) {
            preferences.push(group);
        }
    }
    let mut attended = vec![1; rounds];
    if pin < 0 && rounds > 1 && chance.below(10) == 0 {
        attended[chance.below(rounds)] = 0;
    }
    let text = |numbers: Vec<String>| format!("[{}]", numbers.join(","));
    format!(
        r#"{{"id":"P{number:05}","org":"O{organization:04}","sector":{},"subregion":{},"gender":{},"languages":["en"],"avail":{},"pins":{},"prefs":{}}}"#,
        chance.pick(&SECTORS),
        chance.pick(&SUBREGIONS),
        chance.pick(&GENDERS),
        text(attended.iter().map(ToString::to_string).collect()),
        text(vec![pin.to_string(); rounds]),
        text(preferences.iter().map(ToString::to_string).collect()),
    )
}
