//! The charts of a report: who took part, and what was brought in. Pure; made from figures as they may be told to everybody, so
//! that a chart tells no more than a sentence could. Must never take a count from anywhere else.

use super::{InputFigures, objective_heading, style};
use crate::document::{Chart, Counted, Figure, Group};
use crate::figures::statistics::{Basis, Breakdown, Statistics, Table};
use crate::reference::Reference;
use crate::registrations::Gender;
use crate::reports::ConsultationRecord;
use crate::reviews::InputCategory;

/// Stands where a figure is suppressed.
const NOT_SHOWN: &str = "not shown";

/// Participation by sector, subregion and gender; nothing of what is not told.
pub fn participation(statistics: &Statistics) -> Vec<Figure> {
    let Ok(breakdown) = &statistics.breakdown else { return Vec::new() };
    let counted = match statistics.basis {
        Basis::Attended => "Participants",
        Basis::Registered => "Registered participants",
    };
    let figures = [
        of_table("sectors", "sector", counted, &breakdown.sectors, |code| {
            Some(style::capitalized(&Reference::get().sector(*code).plural))
        }),
        of_table("subregions", "subregion", counted, &breakdown.subregions, |code| match code {
            Some(code) => Some(Reference::get().subregion(*code).name.clone()),
            None => Some("Outside the subregions".to_owned()),
        }),
        genders(breakdown, counted),
    ];
    figures.into_iter().flatten().collect()
}

fn genders(breakdown: &Breakdown, counted: &str) -> Option<Figure> {
    of_table("genders", "gender", counted, &breakdown.genders, |gender| {
        let name = match gender {
            Some(Gender::Woman) => "Women",
            Some(Gender::Man) => "Men",
            Some(Gender::Another) => "Another gender",
            None => "Not stated",
        };
        Some(name.to_owned())
    })
}

/// A chart of what is told; groups of nobody are left out, which is told as well.
fn of_table<K: PartialEq>(
    id: &str,
    by: &str,
    counted: &str,
    table: &Table<K>,
    name: impl Fn(&K) -> Option<String>,
) -> Option<Figure> {
    let shown = table.cells.iter().filter(|cell| !table.withheld && cell.count != Some(0));
    let groups = shown.filter_map(|cell| Some((name(&cell.key)?, cell.count)));
    plain(id, &format!("Participation by {by}"), by, counted, groups.collect())
}

/// What was brought in and used: by the objective named first, and by category.
pub fn inputs(figures: &InputFigures, categories: &[InputCategory]) -> Vec<Figure> {
    let objective = |(number, count): &(Option<_>, Option<u32>)| {
        let name =
            number.map_or_else(|| "No objective in particular".to_owned(), objective_heading);
        (name, *count)
    };
    let by_objective = figures.by_objective.iter().map(objective).collect();
    let category = |(id, count): &(_, Option<u32>)| {
        let found = categories.iter().find(|category| category.id == *id)?;
        Some((found.heading.clone(), *count))
    };
    let by_category = figures.by_category.iter().filter_map(category).collect();
    let counted = "Inputs";
    let figures = [
        plain("inputs-by-objective", "Inputs by objective", "objective", counted, by_objective),
        plain("inputs-by-category", "Inputs by category", "category", counted, by_category),
    ];
    figures.into_iter().flatten().collect()
}

/// How many people took part in each consultation of a series.
pub fn series(consultations: &[&ConsultationRecord]) -> Option<Figure> {
    let group = |one: &&ConsultationRecord| {
        let name = format!("{}: {}", style::capitalized(&style::ordinal(one.ordinal)), one.theme);
        (name, Some(one.participants))
    };
    let groups: Vec<_> = consultations.iter().map(group).collect();
    (groups.len() > 1)
        .then(|| {
            plain("series", "Participants by consultation", "consultation", "Participants", groups)
        })
        .flatten()
}

/// A chart of one series; nothing when there is nothing to compare, or more is withheld than shown.
fn plain(
    id: &str,
    caption: &str,
    by: &str,
    counted: &str,
    groups: Vec<(String, Option<u32>)>,
) -> Option<Figure> {
    let told = groups.iter().filter(|(_, count)| count.is_some()).count();
    if told < 2 || told < groups.len() - told {
        return None;
    }
    let alt = alternative(caption, &groups);
    let value = |count: Option<u32>| {
        count.map_or_else(|| Counted::Withheld(NOT_SHOWN.into()), Counted::Count)
    };
    let groups = groups
        .into_iter()
        .map(|(label, count)| Group { label: label.into(), values: vec![value(count)] })
        .collect();
    let chart = Chart {
        group_heading: style::capitalized(by).into(),
        value_heading: counted.into(),
        series: vec![counted.into()],
        groups,
    };
    Some(Figure::new(format!("figure-{id}"), caption, &alt, chart))
}

/// What the picture shows, in a sentence: the table under it has the rest.
fn alternative(caption: &str, groups: &[(String, Option<u32>)]) -> String {
    let told = groups.iter().filter_map(|(name, count)| Some((name, (*count)?)));
    let (least, most) =
        (told.clone().min_by_key(|(_, count)| *count), told.max_by_key(|(_, count)| *count));
    let range = match (least, most) {
        (Some((low, least)), Some((high, most))) if least < most => {
            format!(
                " The longest bar is that of {high} ({most}), the shortest that of {low} ({least})."
            )
        }
        _ => String::new(),
    };
    format!("Bar chart. {caption}: {} bars.{range} The table below has all figures.", groups.len())
}
