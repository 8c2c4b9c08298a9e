//! Which accounts may be one person's. Pure: only suggests; nothing is merged by it.

use std::collections::{BTreeMap, BTreeSet};

use crate::accounts::likeness::{mailbox_key, name_key};
use crate::accounts::{AccountId, Email};
use crate::organizations::OrganizationId;
use crate::reference::CountryCode;
use crate::text_enum;

text_enum! {
    /// Why two accounts may be one person's.
    pub enum DuplicateReason {
        /// The same name, for the same organization.
        SameNameAndOrganization => "same_name_and_organization",
        /// The same name of at least two words, from the same country.
        SameNameAndCountry => "same_name_and_country",
        /// Addresses that differ only in dots, or in what follows a plus sign, before the `@`.
        SameMailbox => "same_mailbox",
    }
}

/// What an account is compared by.
#[derive(Debug, Clone)]
pub struct Person {
    /// The account.
    pub id: AccountId,
    /// What they are called.
    pub name: String,
    /// Where mail reaches them.
    pub email: Email,
    /// For whom they registered.
    pub organizations: BTreeSet<OrganizationId>,
    /// From where they registered.
    pub countries: BTreeSet<CountryCode>,
}

/// Two accounts that may be one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one that was made first.
    pub older: AccountId,
    /// The other.
    pub newer: AccountId,
    /// Why.
    pub reasons: Vec<DuplicateReason>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Organization(String, OrganizationId),
    Country(String, CountryCode),
    Mailbox(String),
}

impl Key {
    const fn reason(&self) -> DuplicateReason {
        match self {
            Self::Organization(..) => DuplicateReason::SameNameAndOrganization,
            Self::Country(..) => DuplicateReason::SameNameAndCountry,
            Self::Mailbox(..) => DuplicateReason::SameMailbox,
        }
    }
}

/// The pairs among these people, in the order of their ids. Of several that agree in one thing each is paired with the
/// oldest: merging those pairs leaves one account.
pub fn pairs(people: &[Person]) -> Vec<Pair> {
    let mut alike: BTreeMap<Key, BTreeSet<AccountId>> = BTreeMap::new();
    for person in people {
        for key in keys(person) {
            alike.entry(key).or_default().insert(person.id);
        }
    }
    let mut pairs: BTreeMap<(AccountId, AccountId), BTreeSet<DuplicateReason>> = BTreeMap::new();
    for (key, ids) in &alike {
        let Some(older) = ids.first() else { continue };
        for newer in ids.iter().skip(1) {
            pairs.entry((*older, *newer)).or_default().insert(key.reason());
        }
    }
    let pair = |((older, newer), reasons): (_, BTreeSet<_>)| Pair {
        older,
        newer,
        reasons: reasons.into_iter().collect(),
    };
    pairs.into_iter().map(pair).collect()
}

fn keys(person: &Person) -> Vec<Key> {
    let mut keys = vec![Key::Mailbox(mailbox_key(&person.email))];
    let name = name_key(&person.name);
    if name.is_empty() {
        return keys;
    }
    let organizations = person.organizations.iter();
    keys.extend(organizations.map(|id| Key::Organization(name.clone(), *id)));
    // A single word is the name of too many.
    if name.contains(' ') {
        let countries = person.countries.iter();
        keys.extend(countries.map(|code| Key::Country(name.clone(), *code)));
    }
    keys
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::Ids;

    fn person(ids: &Ids, name: &str, email: &str, country: &str) -> Person {
        Person {
            id: ids.next(),
            name: name.into(),
            email: email.parse().unwrap(),
            organizations: BTreeSet::new(),
            countries: country.parse().into_iter().collect(),
        }
    }

    #[test]
    fn the_same_name_in_another_order_or_the_same_mailbox_is_a_pair() {
        use DuplicateReason::*;
        let ids = Ids::sequence();
        let first = person(&ids, "Asha Example", "asha@example.org", "IN");
        let cases = [
            (person(&ids, "EXAMPLE, Asha", "a.e@example.com", "IN"), vec![SameNameAndCountry]),
            (person(&ids, "Other Name", "a.sha+2@example.org", "FJ"), vec![SameMailbox]),
            (
                person(&ids, "asha example", "asha+x@example.org", "IN"),
                vec![SameNameAndCountry, SameMailbox],
            ),
            (person(&ids, "Asha Example", "asha@example.net", "FJ"), vec![]),
        ];
        for (other, reasons) in cases {
            let found = pairs(&[other.clone(), first.clone()]);
            let found: Vec<_> = found.into_iter().flat_map(|pair| pair.reasons).collect();
            assert_eq!(found, reasons, "{}", other.name);
        }
    }

    #[test]
    fn one_word_is_a_name_only_within_an_organization() {
        let ids = Ids::sequence();
        let mut two: Vec<_> = ["a@example.org", "b@example.org"]
            .map(|email| person(&ids, "Budi", email, "ID"))
            .into();
        assert!(pairs(&two).is_empty());
        let organization = ids.next();
        for one in &mut two {
            one.organizations.insert(organization);
        }
        assert_eq!(pairs(&two)[0].reasons, [DuplicateReason::SameNameAndOrganization]);
    }

    proptest! {
        #[test]
        fn merging_every_pair_leaves_one_account_of_each_mailbox(
            locals in proptest::collection::vec("[ab]{1,2}(\\+[xy])?", 1..12),
        ) {
            let ids = Ids::sequence();
            let people: Vec<Person> = locals
                .iter()
                .map(|local| person(&ids, "", &format!("{local}@example.org"), ""))
                .collect();
            let found = pairs(&people);
            let newer: BTreeSet<AccountId> = found.iter().map(|pair| pair.newer).collect();
            prop_assert_eq!(newer.len(), found.len());
            prop_assert!(found.iter().all(|pair| pair.older < pair.newer));
            let left = people.iter().filter(|person| !newer.contains(&person.id)).count();
            let mailboxes: BTreeSet<String> =
                people.iter().map(|person| mailbox_key(&person.email)).collect();
            prop_assert_eq!(left, mailboxes.len());
        }
    }
}
