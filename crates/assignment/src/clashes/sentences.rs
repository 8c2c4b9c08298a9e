//! Clashes and remedies in sentences, for people who set up a consultation. The caller says what ids are called; it must never know where
//! names come from.

use uuid::Uuid;

use crate::clashes::{Cause, Clash, Remedy};

/// What an id is called.
pub type Name<'n> = &'n dyn Fn(Uuid) -> String;

fn names(ids: &[Uuid], name: Name<'_>) -> String {
    let names: Vec<String> = ids.iter().map(|id| name(*id)).collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl Clash {
    /// What clashes and what would do, in a sentence.
    pub fn sentence(&self, name: Name<'_>) -> String {
        let remedies: Vec<String> =
            self.remedies.iter().map(|remedy| remedy.sentence(name)).collect();
        format!("{}: {}", self.cause.sentence(name), remedies.join(", or "))
    }
}

impl Cause {
    /// What clashes.
    pub fn sentence(&self, name: Name<'_>) -> String {
        match self {
            Self::TooFewPlaces { round, groups, people, places } => format!(
                "{}: {} more places needed: {people} people can only be in {}, which take {places}",
                name(*round),
                people - places,
                names(groups, name)
            ),
            Self::TooFewPeople { round, groups, people, wanted } => format!(
                "{}: the minima of {} add up to {wanted}, and there are {people} people for them",
                name(*round),
                names(groups, name)
            ),
            Self::PinsExceedMaximum { round, group, pinned, max } => format!(
                "{}: {pinned} people are pinned to {}, which takes {max}",
                name(*round),
                name(*group)
            ),
            Self::NoLanguage { person } => {
                format!("no group shares a language with {}", name(*person))
            }
            Self::TogetherImpossible { round, people } => format!(
                "{}: {} must be together, and no group can take them all",
                name(*round),
                names(people, name)
            ),
            Self::TogetherAndApart { people } => {
                format!("{} must be together and must be apart", names(people, name))
            }
            Self::TooManyApart { round, people, groups } => format!(
                "{}: {} must be apart, and can be in {groups} groups only",
                name(*round),
                names(people, name)
            ),
            Self::ForcedRepeat { person, rounds, groups } => format!(
                "{} takes part in {rounds} rounds, with {groups} groups to be in",
                name(*person)
            ),
        }
    }
}

impl Remedy {
    /// What would do.
    pub fn sentence(&self, name: Name<'_>) -> String {
        match self {
            Self::RaiseMaxima { by, .. } => {
                format!("raise the maximum of any of them by {by} in all")
            }
            Self::RaiseMaximum { group, from, to, .. } => {
                format!("raise the maximum of {} from {from} to {to}", name(*group))
            }
            Self::LowerMinima { by, .. } => format!("lower their minima by {by} in all"),
            Self::LowerMinimum { group, from, to, .. } => {
                format!("lower the minimum of {} from {from} to {to}", name(*group))
            }
            Self::Unpin { people, group, .. } => {
                format!("unpin {people} people from {}", name(*group))
            }
            Self::LanguageInGroup { languages } => {
                format!("add {} to a group", languages.join(" or "))
            }
            Self::LanguageOfPerson { person, languages } => {
                format!("add {} to {}", languages.join(" or "), name(*person))
            }
            Self::NeedNotBeTogether { people } => {
                format!("let {} be in different groups", names(people, name))
            }
            Self::NeedNotBeApart { people } => {
                format!("let {} be in one group", names(people, name))
            }
            Self::FewerRounds { person, by } => {
                format!("let {} take part in {by} rounds fewer", name(*person))
            }
        }
    }
}
