//! Instances of assignment problems in files (`assign-instance/1`), as they are exchanged for comparison: read into what
//! the solver takes, with the names that the file uses kept for a report. It must never know a database or a solver's ways.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::groups::solver::{Group, Instance, Limit, Person, Pin, Placement, Round, Weights};

/// What a file says, with its names.
#[derive(Debug, Clone)]
pub struct InstanceFile {
    /// What it is called.
    pub name: String,
    /// The instance.
    pub instance: Instance,
    /// What the file calls groups, rounds, people and organizations.
    pub names: BTreeMap<Uuid, String>,
}

#[derive(Deserialize)]
struct File {
    format: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    seed: u64,
    rounds: usize,
    #[serde(default)]
    sectors: Vec<String>,
    #[serde(default)]
    subregions: Vec<String>,
    #[serde(default)]
    genders: Vec<String>,
    groups: Vec<FileGroup>,
    people: Vec<FilePerson>,
    #[serde(default)]
    previous: BTreeMap<String, Vec<i64>>,
    #[serde(default)]
    weights: Option<FileWeights>,
    #[serde(default)]
    together: Vec<Vec<String>>,
    #[serde(default)]
    apart: Vec<Vec<String>>,
    #[serde(default)]
    listed_sectors: Vec<String>,
}

#[derive(Deserialize)]
struct FileGroup {
    id: String,
    #[serde(default)]
    languages: Vec<String>,
    min: Vec<usize>,
    max: Vec<usize>,
}

#[derive(Deserialize)]
struct FilePerson {
    id: String,
    #[serde(default)]
    org: String,
    sector: usize,
    subregion: usize,
    gender: usize,
    #[serde(default)]
    languages: Vec<String>,
    avail: Vec<u8>,
    #[serde(default)]
    prefs: Vec<usize>,
    pins: Vec<i64>,
}

#[derive(Deserialize)]
struct FileWeights {
    pref: Vec<i64>,
    size: i64,
    sector: i64,
    subregion: i64,
    gender: i64,
    org: i64,
    stability: i64,
    repeat: i64,
    under_min: i64,
    unassigned: i64,
}

/// Reads a file; says what is wrong with it otherwise.
pub fn read(text: &str) -> Result<InstanceFile, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if file.format != "assign-instance/1" {
        return Err(format!("the format is {}, not assign-instance/1", file.format));
    }
    let mut names = BTreeMap::new();
    let rounds: Vec<Uuid> =
        (1..=file.rounds).map(|number| named("round", &number.to_string(), &mut names)).collect();
    let groups: Vec<Uuid> =
        file.groups.iter().map(|group| named("group", &group.id, &mut names)).collect();
    let mut people = Vec::new();
    for person in &file.people {
        let id = named("person", &person.id, &mut names);
        people.push(to_person(&file, person, id, &rounds, &groups, &mut names)?);
    }
    let previous = previous(&file, &rounds, &groups)?;
    let ids = |sets: &[Vec<String>]| -> Vec<Vec<Uuid>> {
        sets.iter().map(|set| set.iter().map(|one| id("person", one)).collect()).collect()
    };
    let instance = Instance {
        groups: file.groups.iter().map(|group| to_group(group, &rounds)).collect(),
        rounds: rounds.iter().map(|&id| Round { id }).collect(),
        people,
        seed: file.seed,
        together: ids(&file.together),
        apart: ids(&file.apart),
        previous,
        weights: file.weights.as_ref().map(weights).unwrap_or_default(),
        listed_sectors: file.listed_sectors.clone(),
    };
    Ok(InstanceFile { name: file.name, instance, names })
}

/// The id of something that a file names: its own if that is one, else made from the name.
fn id(kind: &str, name: &str) -> Uuid {
    if let Ok(id) = Uuid::parse_str(name) {
        return id;
    }
    let digest = Sha256::digest(format!("{kind}/{name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(bytes)
}

fn named(kind: &str, name: &str, names: &mut BTreeMap<Uuid, String>) -> Uuid {
    let id = id(kind, name);
    names.insert(id, name.to_owned());
    id
}

fn to_group(group: &FileGroup, rounds: &[Uuid]) -> Group {
    let limit = |(row, &round): (usize, &Uuid)| {
        Some(Limit { round, min: *group.min.get(row)?, max: *group.max.get(row)? })
    };
    Group {
        id: id("group", &group.id),
        min: group.min.first().copied().unwrap_or(0),
        max: group.max.first().copied().unwrap_or(0),
        limits: rounds.iter().enumerate().filter_map(limit).collect(),
        languages: group.languages.clone(),
    }
}

fn to_person(
    file: &File,
    person: &FilePerson,
    id_of: Uuid,
    rounds: &[Uuid],
    groups: &[Uuid],
    names: &mut BTreeMap<Uuid, String>,
) -> Result<Person, String> {
    let wrong = |what: &str| format!("{}: {what}", person.id);
    let there = rounds.iter().zip(&person.avail).filter(|(_, avail)| **avail != 0);
    let mut pinned = Vec::new();
    for (&round, &pin) in rounds.iter().zip(&person.pins) {
        if let Ok(row) = usize::try_from(pin) {
            let group = *groups.get(row).ok_or_else(|| wrong("pinned to an unknown group"))?;
            pinned.push(Pin { round: Some(round), group });
        }
    }
    let preferences = person.prefs.iter().map(|&row| groups.get(row).copied());
    let preferences: Option<Vec<Uuid>> = preferences.collect();
    let text = |list: &[String], row: usize| list.get(row).cloned().unwrap_or_default();
    Ok(Person {
        id: id_of,
        preferences: preferences.ok_or_else(|| wrong("prefers an unknown group"))?,
        rounds: Some(there.map(|(&round, _)| round).collect()),
        pinned,
        sector: text(&file.sectors, person.sector),
        subregion: text(&file.subregions, person.subregion),
        gender: text(&file.genders, person.gender),
        organization: (!person.org.is_empty()).then(|| named("organization", &person.org, names)),
        languages: person.languages.clone(),
    })
}

fn previous(file: &File, rounds: &[Uuid], groups: &[Uuid]) -> Result<Vec<Placement>, String> {
    let mut placements = Vec::new();
    for (person, rows) in &file.previous {
        for (&round, &row) in rounds.iter().zip(rows) {
            let Ok(row) = usize::try_from(row) else { continue };
            let group =
                *groups.get(row).ok_or_else(|| format!("{person}: unknown group before"))?;
            placements.push(Placement { person: id("person", person), round, group });
        }
    }
    Ok(placements)
}

fn weights(file: &FileWeights) -> Weights {
    Weights {
        preference: file.pref.clone(),
        size: file.size,
        sector: file.sector,
        subregion: file.subregion,
        gender: file.gender,
        organization: file.org,
        stability: file.stability,
        repeat: file.repeat,
        below_minimum: file.under_min,
        unassigned: file.unassigned,
        ..Weights::default()
    }
}
