//! The charts of a report: who took part, and what was brought in. Pure; made from figures as they were released, so that a chart
//! tells no more than the release does. Must never take a count of people from anywhere else.

use super::{InputFigures, objective_heading, style};
use crate::document::{Chart, Counted, Figure, Group};
use crate::figures::telling::{ANOTHER_OR_NOT_STATED, ELSEWHERE};
use crate::figures::{Basis, Breakdown, ReleaseOccasion, Told};
use crate::reference::Reference;
use crate::registrations::Gender;
use crate::reports::ConsultationRecord;
use crate::reviews::InputCategory;

/// Stands where a number was not released.
const NOT_SHOWN: &str = "not shown";

/// Participation by sector, subregion and gender, as it was released.
pub fn participation(told: &Told) -> Vec<Figure> {
    let reference = Reference::get();
    let figures = [
        of_table(told, Breakdown::Sector, "sectors", "Other sectors, or not known", |key| {
            let code = key.parse().ok()?;
            Some(style::capitalized(&reference.sector(code).plural))
        }),
        of_table(
            told,
            Breakdown::Subregion,
            "subregions",
            "Other subregions, or not known",
            |key| {
                if key == ELSEWHERE {
                    return Some("Outside the subregions, or not known".to_owned());
                }
                Some(reference.subregion(key.parse().ok()?).name.clone())
            },
        ),
        of_table(told, Breakdown::Gender, "genders", "All others", |key| {
            let name = match key {
                ANOTHER_OR_NOT_STATED => "Another gender, or not stated",
                _ => match key.parse().ok()? {
                    Gender::Woman => "Women",
                    Gender::Man => "Men",
                    Gender::Another => return None,
                },
            };
            Some(name.to_owned())
        }),
    ];
    figures.into_iter().flatten().collect()
}

/// A chart of a table: what is told, and last all others together.
fn of_table(
    told: &Told,
    by: Breakdown,
    id: &str,
    other: &str,
    name: impl Fn(&str) -> Option<String>,
) -> Option<Figure> {
    let table = told.table(by)?;
    let counted = match table.basis {
        Basis::Attended => "Participants",
        Basis::Registered => "Registered participants",
    };
    let rows = table.rows.iter().filter_map(|row| Some((name(&row.key)?, Some(row.people))));
    let groups = rows.chain(others(other, table.other)).collect();
    let when = match table.as_of {
        before if before == told.people.as_of => "",
        ReleaseOccasion::RegistrationClosed => ", when registration closed",
        ReleaseOccasion::AfterEvent | ReleaseOccasion::Publication => ", after the event",
    };
    plain(id, &format!("Participation by {by}{when}"), by.as_str(), counted, groups)
}

fn others(name: &str, count: u32) -> Option<(String, Option<u32>)> {
    (count > 0).then(|| (name.to_owned(), Some(count)))
}

/// What was brought in and used: by the objective named first, and by category.
pub fn inputs(figures: &InputFigures, categories: &[InputCategory]) -> Vec<Figure> {
    let objective = |(number, count): &(Option<_>, u32)| {
        let name =
            number.map_or_else(|| "No objective in particular".to_owned(), objective_heading);
        (name, Some(*count))
    };
    let by_objective = figures.by_objective.told.iter().map(objective);
    let by_objective = by_objective.chain(others("Other objectives", figures.by_objective.other));
    let category = |(id, count): &(_, u32)| {
        let found = categories.iter().find(|category| category.id == *id)?;
        Some((found.heading.clone(), Some(*count)))
    };
    let by_category = figures.by_category.told.iter().filter_map(category);
    let by_category = by_category.chain(others("Other categories", figures.by_category.other));
    let (by_objective, by_category) = (by_objective.collect(), by_category.collect());
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
        (name, one.figures.and_then(|figures| figures.people))
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
