//! A translation goes out to translators' tools as a file and comes back: portion by portion, by the same rules as what is written here.
//! What cannot be taken over is named and stops nothing else. Must never take anything away that the file has not.

use std::collections::BTreeSet;

use super::service::{self, HeldAgainst};
use super::{Beside, PortionState, TranslatedKind, Translating, Translation, TranslationId};
use crate::document::LanguageTag;
use crate::portions::xliff::{self, UnitState, XliffFile, XliffUnit, is_same_language};
use crate::problem::{Code, Problem};
use crate::reports::differences::Stand;
use crate::text_enum;
use crate::work::Work;

text_enum! {
    /// What became of a portion in a file.
    pub enum ExchangedOutcome {
        /// It was taken over.
        Taken => "taken",
        /// It says what is there, or nothing.
        Unchanged => "unchanged",
        /// It was not taken over: `why` says why not.
        Named => "named",
    }
}

/// A portion in a file that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanged {
    /// What the file calls it.
    pub portion: String,
    /// What became of it.
    pub outcome: ExchangedOutcome,
    /// Why it was not taken over.
    pub why: Option<String>,
}

/// A translation as a file, for those who may read the draft.
pub fn file(
    work: &mut Work,
    id: TranslationId,
    against: Option<Stand>,
) -> Result<XliffFile, Problem> {
    let HeldAgainst { translation, held, .. } = service::held(work, id, against)?;
    Ok(XliffFile {
        original: held.identifier().to_owned(),
        source_language: held.original_language().to_string(),
        target_language: translation.language.to_string(),
        units: held.portions.iter().map(unit).collect(),
    })
}

fn unit(one: &Beside) -> XliffUnit {
    let there = one.translated.as_ref();
    let told = there.filter(|_| !one.is_withheld());
    let is_current = one.state == PortionState::Current;
    let kind = TranslatedKind::from(one.original.place);
    let mut notes = vec![format!("{kind} {}", one.original.label).trim().to_owned()];
    if let Some(earlier) = told.filter(|_| !is_current) {
        notes.push(format!("The target was translated from: {}", earlier.made_from));
    }
    XliffUnit {
        name: one.original.name.clone(),
        source: one.original.text.clone(),
        target: told.map(|there| there.text.clone()),
        state: if is_current { UnitState::Translated } else { UnitState::Initial },
        version: Some(there.map_or(0, |there| there.version)),
        notes,
    }
}

/// Takes a file back.
pub fn take(
    work: &mut Work,
    id: TranslationId,
    against: Option<Stand>,
    bytes: &[u8],
) -> Result<(Translation, Vec<Exchanged>), Problem> {
    let HeldAgainst { translation, held, .. } = service::to_write(work, id, against)?;
    let unreadable = |why: &str| Problem::new(Code::UnreadableFile, why);
    let file =
        xliff::read(bytes).map_err(|why| unreadable(&format!("It cannot be read: {why}.")))?;
    if file.original != held.identifier() {
        return Err(unreadable("It is the file of another report."));
    }
    let lang: &LanguageTag = held.original_language();
    let is_into = is_same_language(&file.target_language, &super::tag(translation.language));
    if !is_into || !is_same_language(&file.source_language, lang) {
        return Err(unreadable("It is a translation from or into another language."));
    }
    let (mut told, mut wanted, mut met) = (Vec::new(), Vec::new(), BTreeSet::new());
    for unit in file.units {
        let is_first = met.insert(unit.name.clone());
        let found = if is_first { held.portion(&unit.name) } else { None };
        let (outcome, why) = match found {
            Some(beside) => match taking(beside, unit.clone()) {
                Ok(Some(one)) => {
                    wanted.push(one);
                    (ExchangedOutcome::Taken, None)
                }
                Ok(None) => (ExchangedOutcome::Unchanged, None),
                Err(problem) => (ExchangedOutcome::Named, Some(told_by(&problem))),
            },
            None if is_first => {
                let why = "It is no portion of this text that is translated.";
                (ExchangedOutcome::Named, Some(why.to_owned()))
            }
            None => (ExchangedOutcome::Named, Some("It stands in the file twice.".to_owned())),
        };
        told.push(Exchanged { portion: unit.name, outcome, why });
    }
    if wanted.is_empty() {
        return Ok((translation, told));
    }
    service::write(work, &translation, &wanted)?;
    let translation = service::changed(work, translation, "translation.exchanged")?;
    Ok((translation, told))
}

/// What of a unit is to be written; nothing where it says what is there.
fn taking(beside: &Beside, unit: XliffUnit) -> Result<Option<Translating>, Problem> {
    let Some(target) = unit.target else { return Ok(None) };
    let there = beside.translated.as_ref();
    let is_same = there.is_some_and(|there| {
        there.text == target.trim()
            && (unit.state == UnitState::Initial || there.made_from == unit.source)
    });
    if is_same {
        return Ok(None);
    }
    let one = Translating {
        portion: unit.name,
        text: Some(target),
        made_from: unit.source,
        version: unit.version.unwrap_or(-1),
    };
    if beside.version() != one.version {
        let why = "Somebody else has translated it since the file was made.";
        return Err(Problem::new(Code::VersionMismatch, why));
    }
    beside.check_translating(&one, "")?;
    Ok(Some(one))
}

fn told_by(problem: &Problem) -> String {
    let details: Vec<&str> = problem.errors().iter().map(|one| one.detail.as_str()).collect();
    if details.is_empty() { problem.detail().to_owned() } else { details.join("; ") }
}
