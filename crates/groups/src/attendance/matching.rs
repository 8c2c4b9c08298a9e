//! Recognizes people: by address, then by a name that only one of them has, however it is written. Pure.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::registrations::RegistrationId;

/// A name as it is compared: without case, accents of Latin script, punctuation, width and the order of its parts, so
/// that "Exämple, Asha" is "ASHA EXAMPLE". Empty when no letter is left.
pub fn normal(name: &str) -> String {
    let folded = name.nfkd().collect::<String>().to_lowercase();
    let plain = folded.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    let spaced: String =
        plain.map(|c| if c.is_alphanumeric() || is_combining_mark(c) { c } else { ' ' }).collect();
    let mut parts: Vec<&str> = spaced.split_whitespace().collect();
    parts.sort_unstable();
    parts.join(" ")
}

/// The names in what a video platform shows: "Asha (Asha Example)" is somebody who calls herself Asha and signed in as
/// Asha Example. The fuller ones first.
pub fn names(shown: &str) -> Vec<String> {
    let mut names = Vec::new();
    let inner = shown.rsplit_once('(').and_then(|(_, rest)| rest.trim().strip_suffix(')'));
    let outer = shown.split('(').next().unwrap_or(shown);
    for part in [inner, Some(outer), Some(shown)].into_iter().flatten() {
        let name = normal(part);
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Somebody who registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Their registration.
    pub id: RegistrationId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Everybody who registered, to be found.
#[derive(Debug, Default)]
pub struct Directory {
    by_email: HashMap<String, RegistrationId>,
    by_name: HashMap<String, BTreeSet<RegistrationId>>,
}

/// Who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The one with this address.
    ByEmail(RegistrationId),
    /// The only one with this name.
    ByName(RegistrationId),
    /// One of these, who have the same name.
    Several(Vec<RegistrationId>),
    /// Nobody.
    Nobody,
}

impl Directory {
    /// From a list of people.
    pub fn of(people: &[Known]) -> Self {
        let mut directory = Self::default();
        for person in people {
            directory.by_email.insert(person.email.to_lowercase(), person.id);
            let name = normal(&person.name);
            if !name.is_empty() {
                directory.by_name.entry(name).or_default().insert(person.id);
            }
        }
        directory
    }

    /// By address, else by all of `names` ([`names`]) together.
    pub fn find(&self, email: Option<&str>, names: &[String]) -> Found {
        match email.and_then(|email| self.by_email(email)) {
            Some(id) => Found::ByEmail(id),
            None => self.find_by_name(names),
        }
    }

    /// The one with this address.
    pub fn by_email(&self, email: &str) -> Option<RegistrationId> {
        self.by_email.get(&email.to_lowercase()).copied()
    }

    /// By all of `names` ([`names`]) together.
    pub fn find_by_name(&self, names: &[String]) -> Found {
        let people: BTreeSet<RegistrationId> =
            names.iter().filter_map(|name| self.by_name.get(name)).flatten().copied().collect();
        match people.iter().copied().collect::<Vec<_>>()[..] {
            [] => Found::Nobody,
            [one] => Found::ByName(one),
            ref several => Found::Several(several.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    use proptest::prelude::*;

    #[test]
    fn the_same_name_is_written_in_many_ways() {
        for other in [
            "asha example",
            "Example, Asha",
            "ASHA  EXÄMPLE",
            "Asha Exa\u{308}mple",
            "Ａsha Example.",
        ] {
            assert_eq!(normal(other), "asha example", "{other}");
        }
        assert_ne!(normal("กา"), normal("กี"));
        assert_eq!(normal("— ?!"), "");
        assert_eq!(names("Asha (Asha Example)"), ["asha example", "asha", "asha asha example"]);
        assert_eq!(names("Asha Example"), ["asha example"]);
        assert_eq!(names("()"), Vec::<String>::new());
    }

    #[test]
    fn an_address_counts_before_a_name_and_a_name_only_when_one_person_has_it() {
        let ids = Ids::sequence();
        let person = |name: &str, email: &str| Known {
            id: ids.next(),
            name: name.into(),
            email: email.into(),
        };
        let people = [
            person("Asha Example", "asha@example.org"),
            person("Binh Sample", "binh@example.org"),
            person("Sample Binh", "other@example.org"),
        ];
        let directory = Directory::of(&people);
        let find = |email, name| directory.find(email, &names(name));
        assert_eq!(find(Some("ASHA@example.org"), "Binh Sample"), Found::ByEmail(people[0].id));
        assert_eq!(
            find(Some("home@example.net"), "A. (Asha Example)"),
            Found::ByName(people[0].id)
        );
        assert_eq!(find(None, "binh sample"), Found::Several(vec![people[1].id, people[2].id]));
        assert_eq!(find(None, "Somebody Else"), Found::Nobody);
        assert_eq!(find(None, ""), Found::Nobody);
    }

    proptest! {
        #[test]
        fn a_normal_name_stays_as_it_is(name in "\\PC{0,40}") {
            let once = normal(&name);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
