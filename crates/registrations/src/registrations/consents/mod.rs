//! What people agree to, each by itself and to which wording, and the record that is kept of it. Pure.

use serde::{Deserialize, Serialize};

use super::RegistrationId;
use crate::db::types::Timestamp;
use crate::text_enum;

text_enum! {
    /// Which wording of the consents was agreed to.
    pub enum ConsentVersion {
        /// The wording of November 2026.
        November2026 => "2026-11",
    }
}

/// What a person agreed to, each by itself, and to which wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consents {
    /// The wording.
    #[serde(default = "ConsentVersion::current")]
    pub version: ConsentVersion,
    /// Their data may be processed for this consultation. Nobody can register without.
    pub processing: bool,
    /// They may appear in a list of participants.
    #[serde(default)]
    pub listed: bool,
    /// They may be recorded.
    #[serde(default)]
    pub recording: bool,
    /// They may be named in a report as host or co-organizer.
    #[serde(default)]
    pub named_attribution: bool,
}

impl ConsentVersion {
    /// The wording that is shown today.
    pub const fn current() -> Self {
        Self::November2026
    }
}

impl Default for Consents {
    /// Nothing agreed to.
    fn default() -> Self {
        Self {
            version: ConsentVersion::current(),
            processing: false,
            listed: false,
            recording: false,
            named_attribution: false,
        }
    }
}

pub use crate::vocabulary::ConsentRecordId;

pub(super) mod http;
pub mod service;
pub(super) mod store;

text_enum! {
    /// To what somebody agrees.
    pub enum ConsentKind {
        /// Their data may be processed.
        Processing => "processing",
        /// They may appear in a list of participants.
        Listed => "listed",
        /// They may be recorded.
        Recording => "recording",
        /// They may be named in a report.
        NamedAttribution => "named_attribution",
        /// Somebody under 18 may take part: given by their guardian.
        Guardian => "guardian",
    }
}

/// That a consent was given or withdrawn. Records are added, never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Its id.
    pub id: ConsentRecordId,
    /// The registration.
    pub registration_id: RegistrationId,
    /// To what.
    pub kind: ConsentKind,
    /// To which wording.
    pub wording: ConsentVersion,
    /// Given, or withdrawn.
    pub given: bool,
    /// When.
    pub recorded_at: Timestamp,
}

/// A change to consents: each by itself; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentsChange {
    /// The wording that is agreed to; the one of today when absent.
    #[serde(default)]
    pub version: Option<ConsentVersion>,
    /// False withdraws the registration with every other consent.
    #[serde(default)]
    pub processing: Option<bool>,
    /// They may appear in a list of participants.
    #[serde(default)]
    pub listed: Option<bool>,
    /// They may be recorded.
    #[serde(default)]
    pub recording: Option<bool>,
    /// They may be named in a report as host or co-organizer.
    #[serde(default)]
    pub named_attribution: Option<bool>,
}

impl ConsentsChange {
    /// The consents after it.
    pub fn applied_to(self, before: Consents) -> Consents {
        if self.processing == Some(false) {
            return Consents { version: before.version, ..Consents::default() };
        }
        Consents {
            version: self.version.unwrap_or_else(ConsentVersion::current),
            processing: self.processing.unwrap_or(before.processing),
            listed: self.listed.unwrap_or(before.listed),
            recording: self.recording.unwrap_or(before.recording),
            named_attribution: self.named_attribution.unwrap_or(before.named_attribution),
        }
    }
}

impl Consents {
    /// Each kind and whether it is given, in the order of the list. The guardian's is not the person's and not here.
    fn each(&self) -> [(ConsentKind, bool); 4] {
        [
            (ConsentKind::Processing, self.processing),
            (ConsentKind::Listed, self.listed),
            (ConsentKind::Recording, self.recording),
            (ConsentKind::NamedAttribution, self.named_attribution),
        ]
    }

    /// What has to be put on record when these take the place of `before`: what is given now and was not, or to
    /// another wording, and what is not given any more.
    pub fn changes_since(&self, before: Option<&Self>) -> Vec<(ConsentKind, bool)> {
        let none = Self::default();
        let known = before.unwrap_or(&none);
        let reworded = known.version != self.version;
        let pairs = self.each().into_iter().zip(known.each());
        let changed = pairs.filter(|((_, now), (_, then))| now != then || (*now && reworded));
        changed.map(|(now, _)| now).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn consents() -> impl Strategy<Value = Consents> {
        proptest::array::uniform4(any::<bool>()).prop_map(|given| Consents {
            version: ConsentVersion::current(),
            processing: given[0],
            listed: given[1],
            recording: given[2],
            named_attribution: given[3],
        })
    }

    proptest! {
        #[test]
        fn the_records_tell_what_is_given_now(steps in proptest::collection::vec(consents(), 1..6)) {
            let mut told = [(ConsentKind::Processing, false); 4];
            for (at, kind) in ConsentKind::ALL.iter().take(4).enumerate() {
                told[at] = (*kind, false);
            }
            let mut before = None;
            for step in &steps {
                for (kind, given) in step.changes_since(before) {
                    let row = told.iter_mut().find(|row| row.0 == kind).unwrap();
                    prop_assert!(row.1 != given, "nothing is told twice");
                    row.1 = given;
                }
                before = Some(step);
            }
            prop_assert_eq!(told, steps.last().unwrap().each());
        }
    }

    #[test]
    fn withdrawing_processing_withdraws_everything() {
        let all =
            Consents { processing: true, listed: true, recording: true, ..Consents::default() };
        let change = ConsentsChange { processing: Some(false), ..ConsentsChange::default() };
        assert_eq!(change.applied_to(all), Consents::default());
        let change = ConsentsChange { listed: Some(false), ..ConsentsChange::default() };
        let after = change.applied_to(all);
        assert!(after.processing && after.recording && !after.listed);
        assert_eq!(after.changes_since(Some(&all)), [(ConsentKind::Listed, false)]);
    }
}
