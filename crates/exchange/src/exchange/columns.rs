//! Which column of a file is which field: by the names that a program gives its columns, or as the sender says. Pure.

use std::collections::BTreeMap;

use super::report::ColumnUse;
use super::table::{Row, Table, folded};
use crate::problem::{Code, Problem};

/// Something that a row can say, and what its column may be called.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Our name for it.
    pub name: &'static str,
    /// Names of its column in the files of a profile, the likeliest first; our own name counts after them.
    pub columns: &'static [&'static str],
    /// Whether a file without it cannot be taken.
    pub needed: bool,
}

/// What the sender says of columns: a field's name, or none to ignore it. Parsed from the query parameter `mapping`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<String, Option<String>>);

impl Mapping {
    /// Reads `{"Column in the file": "field", "Another": null}`.
    pub fn parse(json: Option<&str>) -> Result<Self, Problem> {
        let Some(json) = json else { return Ok(Self::default()) };
        let said: BTreeMap<String, Option<String>> = serde_json::from_str(json).map_err(|_| {
            let detail =
                "must be a JSON object that gives a column's name a field, or null to ignore it";
            Problem::new(Code::InvalidQuery, format!("mapping {detail}.")).at("?mapping", detail)
        })?;
        Ok(Self(said.into_iter().map(|(column, field)| (folded(&column), field)).collect()))
    }

    /// Whether the sender says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Where each field is in a table.
#[derive(Debug, Clone)]
pub struct Columns {
    places: BTreeMap<String, usize>,
    header: Vec<String>,
    used: Vec<ColumnUse>,
}

impl Columns {
    /// Finds the fields' columns: as `mapping` says, else by name. `extra` are fields that exist only here (questions),
    /// known by their own name. 422 when a column or field of the mapping does not exist, when two columns would be one
    /// field, or when a needed field has no column.
    pub fn find(
        table: &Table,
        fields: &[Field],
        extra: &[(String, Vec<String>)],
        mapping: &Mapping,
    ) -> Result<Self, Problem> {
        check_mapping(table, fields, extra, mapping)?;
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (at, name) in table.header.iter().enumerate() {
            let Some(Some(field)) = mapping.0.get(&folded(name)) else { continue };
            if let Some(before) = places.insert(field.clone(), at) {
                let detail = format!(
                    "gives both “{}” and “{name}” to the field {field}",
                    table.header[before]
                );
                return Err(wrong_mapping(detail));
            }
        }
        let ours = fields.iter().map(|field| {
            let others = field.columns.iter().map(|name| (*name).to_owned());
            (field.name.to_owned(), others.collect::<Vec<_>>())
        });
        for (field, names) in ours.chain(extra.iter().cloned()) {
            if places.contains_key(&field) {
                continue;
            }
            let free = |at: &usize| {
                !mapping.0.contains_key(&folded(&table.header[*at]))
                    && !places.values().any(|taken| taken == at)
            };
            let found = names
                .iter()
                .chain(std::iter::once(&field))
                .filter_map(|name| table.column(name))
                .find(free);
            if let Some(at) = found {
                places.insert(field, at);
            }
        }
        let missing: Vec<&Field> = fields
            .iter()
            .filter(|field| field.needed && !places.contains_key(field.name))
            .collect();
        if !missing.is_empty() {
            return Err(missing_columns(&missing));
        }
        let used = table.header.iter().enumerate().map(|(at, column)| {
            let field =
                places.iter().find(|(_, place)| **place == at).map(|(field, _)| field.clone());
            ColumnUse { column: column.clone(), field }
        });
        let used = used.collect();
        Ok(Self { places, header: table.header.clone(), used })
    }

    /// What becomes of each column, for the report.
    pub fn used(&self) -> Vec<ColumnUse> {
        self.used.clone()
    }

    /// Whether the file says anything of the field.
    pub fn has(&self, field: &str) -> bool {
        self.places.contains_key(field)
    }

    /// What the row says of the field, if it says anything.
    pub fn get<'r>(&self, row: &'r Row, field: &str) -> Option<&'r str> {
        let cell = self.places.get(field).and_then(|at| row.cells.get(*at))?;
        Some(cell.as_str()).filter(|text| !text.is_empty())
    }

    /// What the field's column is called in the file.
    pub fn name(&self, field: &str) -> Option<&str> {
        self.places.get(field).map(|at| self.header[*at].as_str())
    }
}

fn check_mapping(
    table: &Table,
    fields: &[Field],
    extra: &[(String, Vec<String>)],
    mapping: &Mapping,
) -> Result<(), Problem> {
    let known = |name: &str| {
        fields.iter().any(|field| field.name == name)
            || extra.iter().any(|(field, _)| field == name)
    };
    for (column, field) in &mapping.0 {
        if table.column(column).is_none() {
            return Err(wrong_mapping(format!(
                "names the column “{column}”, which the file does not have"
            )));
        }
        if let Some(field) = field.as_deref().filter(|field| !known(field)) {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let detail = format!("names the field “{field}”; there are {}", names.join(", "));
            return Err(wrong_mapping(detail));
        }
    }
    Ok(())
}

fn wrong_mapping(detail: String) -> Problem {
    Problem::new(Code::InvalidValue, format!("mapping {detail}.")).at("?mapping", detail)
}

fn missing_columns(missing: &[&Field]) -> Problem {
    let mut problem = Problem::new(
        Code::UnreadableFile,
        "The file lacks columns that are needed. Name them in `mapping` if they are called otherwise.",
    );
    for field in missing {
        let mut names = vec![field.name];
        names.extend(field.columns.iter().take(4));
        problem = problem.at(
            "/rows/1",
            format!("no column for {}: it would be called {}", field.name, names.join(" or ")),
        );
    }
    problem
}
