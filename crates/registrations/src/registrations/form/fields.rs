//! What the form asks of everybody: one table of the typed fields, with what each is for, on what legal basis it is
//! held and how long it is kept. The questions of a consultation declare the same for themselves. Pure.

use serde::Serialize;

pub use crate::vocabulary::{LegalBasis, RetentionClass};

/// A field that the form asks of everybody.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct Field {
    /// Its name in the form.
    #[schema(example = "accessibility")]
    pub code: &'static str,
    /// What it is for.
    #[schema(example = "To provide what the person needs to take part")]
    pub purpose: &'static str,
    /// On what ground it is held.
    pub legal_basis: LegalBasis,
    /// How long it is kept.
    pub retention: RetentionClass,
    /// Whether nobody can register without it.
    pub required: bool,
}

use LegalBasis::{BestInterests, Consent, Mandate};
use RetentionClass::{Consents, Contact, Demographics, Participation, SpecialNeeds};

const fn field(
    code: &'static str,
    purpose: &'static str,
    legal_basis: LegalBasis,
    retention: RetentionClass,
    required: bool,
) -> Field {
    Field { code, purpose, legal_basis, retention, required }
}

/// The table of fields, in the order of the form.
#[rustfmt::skip]
pub const TABLE: &[Field] = &[
    field("email", "To write to the person about their registration, and to sign them in", Mandate, Contact, true),
    field("name", "To call the person by their name and to know them again", Mandate, Contact, true),
    field("organization_id", "To know for whom the person speaks, and to vet it", Mandate, Participation, false),
    field("position", "To know in which function the person comes", Mandate, Participation, false),
    field("sector", "To balance the sectors of GCM paragraph 44, and to report on them", Mandate, Participation, true),
    field("country", "To balance countries and subregions, and to report on them", Mandate, Participation, true),
    field("gender", "To balance genders, and to report on them in figures", Consent, Demographics, false),
    field("age_band", "To ask a guardian where one is needed, and to report on youth in figures", Consent, Demographics, false),
    field("guardian", "To ask the guardian of somebody under 18 for consent", Consent, Contact, false),
    field("languages", "To place the person in a group whose language they speak", Mandate, Participation, false),
    field("preferences", "To place the person in a working group that they would like", Mandate, Participation, false),
    field("rounds", "To place the person in rounds that they are available in", Mandate, Participation, false),
    field("interpretation", "To provide interpretation into languages that are needed", BestInterests, SpecialNeeds, false),
    field("sign_language", "To provide sign language interpretation", BestInterests, SpecialNeeds, false),
    field("captioning", "To provide captions", BestInterests, SpecialNeeds, false),
    field("accessibility", "To provide what the person needs to take part", BestInterests, SpecialNeeds, false),
    field("consents", "To show what the person agreed to, and to which wording", Consent, Consents, true),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_field_is_declared_once_and_says_what_it_is_for() {
        let codes: BTreeSet<&str> = TABLE.iter().map(|field| field.code).collect();
        assert_eq!(codes.len(), TABLE.len());
        assert!(TABLE.iter().all(|field| field.purpose.starts_with("To ")));
        let text = serde_json::to_string(TABLE).unwrap();
        assert!(!text.contains("migration status"), "it is never asked for");
    }
}
