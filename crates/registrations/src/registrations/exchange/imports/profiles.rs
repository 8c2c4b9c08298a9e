//! What the columns are called in the files of each program that registrations come from. Pure.

use crate::exchange::columns::Field;
use crate::text_enum;

text_enum! {
    /// Which program made the file.
    pub enum Profile {
        /// This one, or a person by hand: the columns of the export.
        Rapporteur => "rapporteur",
        /// Indico: “Export registrations as CSV”. The names of the personal data are fixed there, others are those of the form.
        Indico => "indico",
        /// pretix: “Order data”, the list of positions, as CSV or XLSX. Of two columns of one name the first is the attendee's.
        Pretix => "pretix",
    }
}

const fn field(name: &'static str, columns: &'static [&'static str]) -> Field {
    Field { name, columns, needed: false }
}

/// What every profile's columns may be called. Source of the names of Indico: `registration/util.py`,
/// `generate_spreadsheet_from_registrations`, and `registration/models/items.py`, `PersonalDataType.FIELD_DATA` (Indico 3);
/// of pretix: `base/exporters/orderlist.py`, `iterate_positions`.
#[rustfmt::skip]
const COMMON: &[Field] = &[
    field("position", &["Position", "Job title", "Function"]),
    field("sector", &["Sector", "Stakeholder group"]),
    field("gender", &["Gender", "Sex"]),
    field("languages", &["Languages", "Languages spoken", "Language"]),
    field("interpretation", &["Interpretation", "Interpretation needed"]),
    field("sign_language", &["Sign language"]),
    field("captioning", &["Captioning", "Captions"]),
    field("accessibility", &["Accessibility", "Accessibility needs", "Special needs"]),
    field("age_band", &["Age", "Age group", "Age band"]),
    field("guardian_name", &["Guardian name"]),
    field("guardian_email", &["Guardian email", "Guardian e-mail"]),
    field("preferences", &["Working groups", "Preferences", "Working group"]),
    field("rounds", &["Rounds"]),
    field("consent_processing", &["Consent to data processing", "Data processing consent", "Consent"]),
    field("consent_listed", &["Consent to being listed"]),
    field("consent_recording", &["Consent to recording"]),
    field("consent_named_attribution", &["Consent to named attribution"]),
];

#[rustfmt::skip]
const RAPPORTEUR: &[Field] = &[
    Field { name: "email", columns: &["E-mail", "E-mail address", "Email address", "Mail"], needed: true },
    field("name", &["Full name"]),
    field("first_name", &["First name", "Given name", "Given names"]),
    field("last_name", &["Last name", "Family name", "Surname"]),
    field("organization", &["Organisation", "Organization name", "Affiliation", "Institution"]),
    field("country", &["Country/territory", "Country of residence"]),
    field("state", &["Status"]),
];

#[rustfmt::skip]
const INDICO: &[Field] = &[
    Field { name: "email", columns: &["Email Address", "Email"], needed: true },
    field("first_name", &["First Name"]),
    field("last_name", &["Last Name"]),
    field("name", &["Name"]),
    field("organization", &["Affiliation"]),
    field("country", &["Country"]),
    field("state", &["Registration state"]),
];

#[rustfmt::skip]
const PRETIX: &[Field] = &[
    Field { name: "email", columns: &["Attendee email", "Email", "E-mail"], needed: true },
    field("order_email", &["Email", "E-mail"]),
    field("name", &["Attendee name"]),
    field("first_name", &["Attendee name: Given name", "Attendee name: First name"]),
    field("last_name", &["Attendee name: Family name", "Attendee name: Last name"]),
    field("organization", &["Company", "Attendee company"]),
    field("country", &["Country"]),
    field("state", &["Status"]),
];

impl Profile {
    /// The fields and what their columns may be called.
    pub fn fields(self) -> Vec<Field> {
        let own = match self {
            Self::Rapporteur => RAPPORTEUR,
            Self::Indico => INDICO,
            Self::Pretix => PRETIX,
        };
        own.iter().chain(COMMON).copied().collect()
    }

    /// Whether the program may give two columns the same name: the later ones are then known as “Name (2)”.
    pub const fn doubles(self) -> bool {
        !matches!(self, Self::Rapporteur)
    }

    /// Whether a row in this state is of somebody who no longer wants to come or was refused: it is passed over.
    pub fn passes_over(self, state: &str) -> bool {
        let state = state.to_lowercase();
        let over: &[&str] = match self {
            Self::Rapporteur => &["declined", "withdrawn"],
            Self::Indico => &["rejected", "withdrawn"],
            Self::Pretix => &["canceled", "cancelled", "expired"],
        };
        over.iter().any(|word| state.starts_with(word))
    }
}
