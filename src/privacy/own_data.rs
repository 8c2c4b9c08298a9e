//! Everything that is held about a person, for that person. Asked of each feature by the account; what a feature keeps by address
//! it finds by the account's.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::accounts::{self, AccountId};
use crate::personal::PersonalField;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::work::Work;

/// Writes everything about the caller into a file, the accounts included that were merged into theirs: one feature after the other, so
/// that no more is in memory than what one of them holds. `OwnDataBody` in `http` describes it.
pub fn write(work: &mut Work, folder: &Path) -> Result<File, Problem> {
    let account = work.caller.signed_in()?;
    let file = tempfile::tempfile_in(folder).map_err(Problem::internal)?;
    let mut file = Telling(BufWriter::new(file));
    file.text("{\"told_at\":")?;
    file.value(&work.now)?;
    file.text(",\"data\":{")?;
    file.sections(work, account)?;
    file.text(",\"merged_accounts\":[")?;
    let mut others = accounts::privacy::accounts_of(work, account)?;
    others.retain(|other| *other != account);
    for (at, other) in others.into_iter().enumerate() {
        file.text(if at == 0 { "{" } else { ",{" })?;
        file.sections(work, other)?;
        file.text("}")?;
    }
    file.text("]},\"about\":")?;
    file.value(&about(work.registry))?;
    file.text("}")?;
    file.0.into_inner().map_err(|error| Problem::internal(error.into_error()))
}

/// Notes in the audit log that the caller got it.
pub fn note(work: &mut Work) -> Result<(), Problem> {
    let account = work.caller.signed_in()?;
    work.audit("account.data_exported", "account", account);
    Ok(())
}

/// JSON that is written bit by bit.
struct Telling(BufWriter<File>);

impl Telling {
    fn text(&mut self, text: &str) -> Result<(), Problem> {
        self.0.write_all(text.as_bytes()).map_err(Problem::internal)
    }

    fn value(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        serde_json::to_writer(&mut self.0, value).map_err(Problem::internal)
    }

    /// What each feature holds of an account, by what it is.
    fn sections(&mut self, work: &mut Work, account: AccountId) -> Result<(), Problem> {
        let mut first = true;
        for data_of in work.registry.features().filter_map(|feature| feature.data_of) {
            let Value::Object(sections) = data_of(work, account)? else {
                return Err(Problem::internal("a feature told something that has no name"));
            };
            for (name, section) in sections {
                self.text(if first { "" } else { "," })?;
                self.value(&name)?;
                self.text(":")?;
                self.value(&section)?;
                first = false;
            }
        }
        Ok(())
    }
}

/// Every column that holds something about a person or leads to one, as its feature declares it. `tests/api/own_data.rs` holds it
/// against the database: a column that could hold a person and is not declared fails. What people answer to the form is declared
/// field by field in `registrations::fields`; here is where it is kept.
pub fn about(registry: Registry) -> Vec<PersonalField> {
    registry.features().flat_map(|feature| feature.personal).copied().collect()
}
