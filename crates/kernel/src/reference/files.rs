//! Reads the compiled-in files and holds each against itself: unique codes and names, known subregions, every sector in
//! its place, one overall category. What comes out can be relied on without asking again.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::codes::{CountryCode, SectorCode, SubregionCode, intern};
use super::{Category, Country, Framework, ObjectiveNumber, ReferenceError, Sector, Subregion};

pub(super) struct Files<'a> {
    pub(super) gcm: &'a str,
    pub(super) geography: &'a str,
    pub(super) sectors: &'a str,
    pub(super) categories: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GeographyFile {
    subregions: Vec<SubregionEntry>,
    countries: Vec<CountryEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubregionEntry {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryEntry {
    code: String,
    name: String,
    #[serde(default)]
    associate: bool,
    subregion: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectorsFile {
    sectors: Vec<SectorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorEntry {
    code: String,
    name: String,
    plural: String,
    order: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoriesFile {
    categories: Vec<Category>,
}

pub(super) fn read<T: DeserializeOwned>(
    file: &'static str,
    text: &str,
) -> Result<T, ReferenceError> {
    toml::from_str(text).map_err(|source| ReferenceError::Unreadable { file, source })
}

fn invalid(file: &'static str, reason: impl Into<String>) -> ReferenceError {
    ReferenceError::Invalid { file, reason: reason.into() }
}

fn require(
    holds: bool,
    file: &'static str,
    reason: impl FnOnce() -> String,
) -> Result<(), ReferenceError> {
    if holds { Ok(()) } else { Err(invalid(file, reason())) }
}

/// Refuses an empty or repeated text, naming it.
fn all_distinct<'a>(
    file: &'static str,
    what: &str,
    texts: impl Iterator<Item = &'a str>,
) -> Result<(), ReferenceError> {
    let mut seen = BTreeSet::new();
    for text in texts {
        require(!text.trim().is_empty(), file, || format!("a {what} is empty"))?;
        require(seen.insert(text), file, || format!("the {what} {text:?} is there twice"))?;
    }
    Ok(())
}

pub(super) fn framework(framework: Framework) -> Result<Framework, ReferenceError> {
    let file = "gcm.toml";
    let numbers = framework.objectives.iter().map(|objective| objective.number);
    require(numbers.eq(ObjectiveNumber::all()), file, || {
        format!(
            "the objectives must be numbered 1 to {} in order, each once",
            ObjectiveNumber::COUNT
        )
    })?;
    all_distinct(
        file,
        "title",
        framework.objectives.iter().map(|objective| objective.title.as_str()),
    )?;
    Ok(framework)
}

pub(super) fn geography(
    read: GeographyFile,
) -> Result<(Vec<Subregion>, Vec<Country>), ReferenceError> {
    let file = "geography.toml";
    all_distinct(
        file,
        "subregion code",
        read.subregions.iter().map(|subregion| subregion.code.as_str()),
    )?;
    all_distinct(
        file,
        "subregion name",
        read.subregions.iter().map(|subregion| subregion.name.as_str()),
    )?;
    all_distinct(file, "country code", read.countries.iter().map(|country| country.code.as_str()))?;
    all_distinct(file, "country name", read.countries.iter().map(|country| country.name.as_str()))?;
    let subregions: Vec<Subregion> = read.subregions.into_iter().map(subregion).collect();
    let mut countries = read
        .countries
        .into_iter()
        .map(|entry| country(entry, &subregions))
        .collect::<Result<Vec<_>, _>>()?;
    countries.sort_by(|one, other| one.name.cmp(&other.name));
    for subregion in &subregions {
        let is_used = countries.iter().any(|country| country.subregion == Some(subregion.code));
        require(is_used, file, || format!("subregion {} has no country", subregion.code))?;
    }
    Ok((subregions, countries))
}

fn subregion(entry: SubregionEntry) -> Subregion {
    Subregion { code: SubregionCode(intern(&entry.code)), name: entry.name }
}

fn country(entry: CountryEntry, subregions: &[Subregion]) -> Result<Country, ReferenceError> {
    let file = "geography.toml";
    let CountryEntry { code, name, associate, subregion } = entry;
    let is_alpha_2 = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    require(is_alpha_2, file, || format!("country code {code:?} is not two capital letters"))?;
    let subregion = match subregion {
        None => None,
        Some(wanted) => {
            let found = subregions.iter().find(|subregion| subregion.code.0 == wanted);
            Some(
                found
                    .ok_or_else(|| invalid(file, format!("{code}: no subregion {wanted:?}")))?
                    .code,
            )
        }
    };
    require(!associate || subregion.is_some(), file, || {
        format!("{code}: an associate member has a subregion")
    })?;
    Ok(Country { code: CountryCode(intern(&code)), name, associate, subregion })
}

pub(super) fn sectors(read: SectorsFile) -> Result<Vec<Sector>, ReferenceError> {
    let file = "sectors.toml";
    all_distinct(file, "code", read.sectors.iter().map(|sector| sector.code.as_str()))?;
    all_distinct(file, "name", read.sectors.iter().map(|sector| sector.name.as_str()))?;
    all_distinct(file, "plural", read.sectors.iter().map(|sector| sector.plural.as_str()))?;
    let in_order = read.sectors.iter().zip(1u8..).all(|(sector, place)| sector.order == place);
    require(in_order, file, || {
        "the sectors must stand in their order, from 1, without a gap".to_owned()
    })?;
    require(!read.sectors.is_empty(), file, || "there is no sector".to_owned())?;
    Ok(read.sectors.into_iter().map(sector).collect())
}

fn sector(entry: SectorEntry) -> Sector {
    let SectorEntry { code, name, plural, order } = entry;
    Sector { code: SectorCode(intern(&code)), name, plural, order }
}

pub(super) fn categories(read: CategoriesFile) -> Result<Vec<Category>, ReferenceError> {
    let file = "categories.toml";
    all_distinct(file, "code", read.categories.iter().map(|category| category.code.as_str()))?;
    all_distinct(file, "title", read.categories.iter().map(|category| category.title.as_str()))?;
    let overall = read.categories.iter().filter(|category| category.overall).count();
    let first_is_overall = read.categories.first().is_some_and(|category| category.overall);
    require(overall == 1 && first_is_overall, file, || {
        "the first category, and no other, is the overall one".to_owned()
    })?;
    Ok(read.categories)
}
