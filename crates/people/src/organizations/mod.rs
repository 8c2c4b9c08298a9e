//! Organizations: who they are and whether they were vetted, once for the whole series. Pure types and rules; must
//! never know people but by their ids (an organization is not a person), the database or HTTP.

use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::problem::{Checks, Code, Problem};
use crate::reference::{CountryCode, SectorCode};
use crate::text_enum;

mod feature;
pub mod http;
pub mod matching;
pub mod merging;
mod personal;
pub mod privacy;
pub mod service;
mod store;
pub mod vetting;

pub use crate::normal::normalized;
pub use crate::vocabulary::OrganizationId;
pub use feature::FEATURE;

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 300;
const LONGEST_ACRONYM: usize = 40;
const LONGEST_WEBSITE: usize = 500;
const LONGEST_NOTE: usize = 2000;

text_enum! {
    /// How far an organization has come in its vetting.
    pub enum Vetting {
        /// Known by name only.
        Unvetted => "unvetted",
        /// Put forward by somebody; waits for a second person.
        Proposed => "proposed",
        /// May take part.
        Vetted => "vetted",
        /// May not take part; the note says why.
        Declined => "declined",
    }
}

impl Vetting {
    /// The states from which this one can be reached. A decision that was wrong goes back to `proposed`, and so to a second person again.
    pub const fn reached_from(self) -> &'static [Vetting] {
        match self {
            Self::Unvetted => &[],
            Self::Proposed => &[Self::Unvetted, Self::Vetted, Self::Declined],
            Self::Vetted | Self::Declined => &[Self::Proposed],
        }
    }

    /// The state `to`, or 409 naming the states from which it could be reached.
    pub fn step(self, to: Vetting) -> Result<Vetting, Problem> {
        if to.reached_from().contains(&self) {
            return Ok(to);
        }
        let from: Vec<_> = to.reached_from().iter().map(|state| state.as_str()).collect();
        let detail = match from.as_slice() {
            [] => format!("Nothing becomes {to} again."),
            from => format!("It is {self}; it can become {to} only from {}.", from.join(" or ")),
        };
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// Whether this is a decision, which the proposer does not take alone.
    pub const fn is_decision(self) -> bool {
        matches!(self, Self::Vetted | Self::Declined)
    }
}

/// One organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name as it writes it.
    pub name: String,
    /// [`normalized`] of the name; unique.
    pub normalized_name: String,
    /// The short form of its name.
    pub acronym: Option<String>,
    /// Its sector (GCM, para. 44, or UN entity).
    pub sector: SectorCode,
    /// Where it is based.
    pub country: CountryCode,
    /// Its web address.
    pub website: Option<String>,
    /// How far its vetting has come.
    pub vetting: Vetting,
    /// Why; for those who vet.
    pub vetting_note: Option<String>,
    /// Who put it forward; none when the operator did.
    pub proposed_by: Option<AccountId>,
    /// Who decided; none when the operator did, or nobody yet.
    pub vetted_by: Option<AccountId>,
    /// Counts changes.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The entry of the same organization that this one was merged into; it is only kept to be found then.
    pub merged_into: Option<OrganizationId>,
}

impl Organization {
    /// 409 for an entry that was merged into another: nothing happens to it any more.
    pub fn require_unmerged(&self) -> Result<(), Problem> {
        match self.merged_into {
            None => Ok(()),
            Some(into) => {
                let detail = format!("It was merged into {into}: use that entry.");
                Err(Problem::new(Code::InvalidTransition, detail))
            }
        }
    }
}

text_enum! {
    /// What else an organization is found by.
    pub enum AliasKind {
        /// Another name; leads to this organization only.
        Name => "name",
        /// Another short form; may be shared.
        Acronym => "acronym",
        /// Another web address; may be shared.
        Site => "site",
    }
}

/// Something else that an organization is found by, taken over from an entry that was merged into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// What it is.
    pub kind: AliasKind,
    /// As it is compared.
    pub normalized: String,
    /// As it was written.
    pub name: String,
}

/// What an organization is entered with.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// Its name as it writes it.
    pub name: String,
    /// The short form of its name.
    pub acronym: Option<String>,
    /// Its sector.
    pub sector: SectorCode,
    /// Where it is based.
    pub country: CountryCode,
    /// Its web address.
    pub website: Option<String>,
}

impl NewOrganization {
    /// 422 naming every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        checks.text(&self.name, LONGEST_NAME, "/name");
        let detail = "must have a letter or a digit";
        checks.require(
            self.name.trim().is_empty() || !normalized(&self.name).is_empty(),
            "/name",
            detail,
        );
        checks.optional_text(self.acronym.as_deref(), LONGEST_ACRONYM, "/acronym");
        if let Some(website) = &self.website {
            checks.text(website, LONGEST_WEBSITE, "/website");
            checks.require(is_web_address(website), "/website", NOT_A_WEB_ADDRESS);
        }
        checks.finish()
    }
}

/// What can be changed in an organization's entry; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct OrganizationChange {
    /// Another name.
    pub name: Option<String>,
    /// Another short form, or none.
    pub acronym: Option<Option<String>>,
    /// Another sector.
    pub sector: Option<SectorCode>,
    /// Another country.
    pub country: Option<CountryCode>,
    /// Another web address, or none.
    pub website: Option<Option<String>>,
}

impl OrganizationChange {
    /// The entry as it would be after the change.
    pub fn of(&self, organization: &Organization) -> NewOrganization {
        let kept = organization.clone();
        let change = self.clone();
        NewOrganization {
            name: change.name.unwrap_or(kept.name),
            acronym: change.acronym.unwrap_or(kept.acronym),
            sector: change.sector.unwrap_or(kept.sector),
            country: change.country.unwrap_or(kept.country),
            website: change.website.unwrap_or(kept.website),
        }
    }
}

/// Which organizations a list is to have.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this sector.
    pub sector: Option<SectorCode>,
    /// Based in this country.
    pub country: Option<CountryCode>,
    /// In this state of vetting.
    pub vetting: Option<Vetting>,
    /// Whose name begins so, however it is written.
    pub prefix: Option<String>,
}

/// 422 unless a note on a decision can be kept.
pub fn check_note(note: Option<&str>) -> Result<(), Problem> {
    Checks::new().optional_text(note, LONGEST_NOTE, "/note").finish()
}

/// What is said of a text that [`is_web_address`] refuses.
pub const NOT_A_WEB_ADDRESS: &str = "must be a web address that begins with https:// or http://";

/// Whether a text is a web address that may stand in a report: `http` or `https`, a host, no credentials, nothing that breaks out of a link.
pub fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let breaks_out = |c: char| c.is_whitespace() || c.is_control() || "<>\"'`\\{}|^".contains(c);
    let scheme = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    scheme
        && host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && !host.contains('@')
        && !text.contains(breaks_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_differ_only_in_spelling_are_the_same() {
        for other in
            ["migrants’ forum – asia", "Migrants' Forum (Asia)", "  MIGRANTS FORUM, ASIA. "]
        {
            assert_eq!(normalized(other), "migrants forum asia", "{other}");
        }
        assert_ne!(normalized("Forum A"), normalized("Forum B"));
        assert_eq!(normalized("हिन्दी संस्था"), "हिन्दी संस्था");
        assert_eq!(normalized("?! —"), "");
    }

    #[test]
    fn a_refused_step_names_the_states_it_could_be_taken_from() {
        let refusal = Vetting::Vetted.step(Vetting::Declined).unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidTransition);
        assert!(refusal.detail().contains("proposed"), "{}", refusal.detail());
        assert!(Vetting::Proposed.step(Vetting::Vetted).is_ok());
        assert!(Vetting::Unvetted.step(Vetting::Vetted).is_err());
    }

    #[test]
    fn only_addresses_of_the_web_are_web_addresses() {
        for good in ["https://www.un.org", "http://example.org/a?b=c#d", "HTTPS://example.org"] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "www.un.org",
            "javascript://x",
            "https://",
            "https:// un.org",
            "https://u@h",
            "ftp://h",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(name in "\\PC{0,60}") {
            let once = normalized(&name);
            prop_assert_eq!(normalized(&once), once.clone());
            prop_assert!(!once.contains(['%', '_', '\\']));
        }

        #[test]
        fn no_decision_is_reached_but_through_a_proposal(
            start in proptest::sample::select(Vetting::ALL),
            steps in proptest::collection::vec(proptest::sample::select(Vetting::ALL), 0..12),
        ) {
            let mut state = start;
            for to in steps {
                match state.step(to) {
                    Ok(next) => {
                        prop_assert!(!next.is_decision() || state == Vetting::Proposed);
                        state = next;
                    }
                    Err(refusal) => prop_assert_eq!(refusal.code(), Code::InvalidTransition),
                }
            }
        }
    }
}
