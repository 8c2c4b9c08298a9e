//! How a column that holds something about a person is declared: what it is for, on what ground it is held, for how long, who may
//! see it, and what becomes of it when the person is erased. Each feature declares its own, in its file `personal.rs` or `feature.rs`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::text_enum;
pub use crate::vocabulary::{LegalBasis, RetentionClass};

text_enum! {
    /// What becomes of it when the person is erased.
    pub enum WhenErased {
        /// The row goes.
        Deleted => "deleted",
        /// The row stays without it.
        Blanked => "blanked",
        /// It is added to a count that is linked to nobody, and the row stays without it.
        Counted => "counted",
        /// It leads to nobody any more.
        Unlinked => "unlinked",
        /// It stays: it tells of an organization or of what was decided, or it was published with consent.
        Kept => "kept",
    }
}

/// A column that holds something about a person.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct PersonalField {
    /// The table.
    #[schema(example = "registrations")]
    pub table: &'static str,
    /// The column.
    #[schema(example = "gender")]
    pub column: &'static str,
    /// What it is for.
    #[schema(example = "To balance genders, and to report on them in figures")]
    pub purpose: &'static str,
    /// On what ground it is held.
    pub legal_basis: LegalBasis,
    /// How long it is kept: everything of a class goes at the same time.
    pub retention: RetentionClass,
    /// Who may see it besides the person.
    #[schema(example = "secretariat")]
    pub seen_by: &'static str,
    /// What becomes of it when the person is erased.
    pub when_erased: WhenErased,
}

/// Who may see something: nobody but the person.
pub const NOBODY: &str = "nobody";
/// Who may see something: the secretariat.
pub const SECRETARIAT: &str = "secretariat";
/// Who may see something: administrators.
pub const ADMINISTRATOR: &str = "administrator";

/// Declares a column.
pub const fn field(
    table: &'static str,
    column: &'static str,
    purpose: &'static str,
    legal_basis: LegalBasis,
    retention: RetentionClass,
    seen_by: &'static str,
    when_erased: WhenErased,
) -> PersonalField {
    PersonalField { table, column, purpose, legal_basis, retention, seen_by, when_erased }
}

/// What a feature's declaration is written with.
pub mod prelude {
    pub use super::LegalBasis::{self, BestInterests, Consent, Mandate};
    pub use super::RetentionClass::{
        self, Accountability, Answers, Consents, Contact, Correspondence, Demographics,
        Invitations, Participation, Security, SpecialNeeds,
    };
    pub use super::WhenErased::{self, Blanked, Counted, Deleted, Kept, Unlinked};
    pub use super::{ADMINISTRATOR, NOBODY, PersonalField, SECRETARIAT, field};
}
