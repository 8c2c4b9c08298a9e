//! Voices: who said what (ARCHITECTURE.md, rule 1). The only feature that names the tables of it and holds its key. Inputs hand it whose
//! voice is in them through a port; out come a contributor's own view, bands, and one audited disclosure at a time. Reports,
//! documents and figures cannot reach it.

mod attribution;
mod feature;
mod http;
mod personal;
mod privacy;
mod schema;
mod seal;
pub mod service;

use crate::text_enum;

pub use feature::FEATURE;

text_enum! {
    /// Why somebody with the permission asks who said an input. A fixed list, so that the audit log holds no words about a person.
    pub enum DisclosureReason {
        /// The contributor must be asked something that a returned input cannot ask.
        Clarification => "clarification",
        /// Somebody may be in danger.
        Safeguarding => "safeguarding",
        /// The contributor is to be asked whether they may be named.
        NamedAttribution => "named_attribution",
        /// The contributor asked to see, change or erase their data.
        DataSubjectRequest => "data_subject_request",
        /// A law requires it.
        LegalObligation => "legal_obligation",
    }
}
