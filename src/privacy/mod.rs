//! Personal data as a whole: what is told to people of what is held about them ([`own_data`]), how they are erased
//! ([`erasure`]), and how long what is kept ([`retention`]). Each feature declares, tells and forgets its own, in its files
//! `personal.rs` and `privacy.rs`. Of those that hold any, only these are named here: accounts, consultations and registrations,
//! which say whether all that somebody took part in is over, and answers that are kept for retries.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::settings::Retention;
use crate::text_enum;
use crate::vocabulary::RetentionClass;

pub mod erasure;
mod feature;
pub mod http;
pub mod own_data;
mod personal;
pub mod retention;
mod store;

pub use feature::FEATURE;

pub use crate::vocabulary::PurgeId;

text_enum! {
    /// Why something was purged.
    pub enum Occasion {
        /// An administrator asked for it.
        Request => "request",
        /// Somebody at the command line did.
        Command => "command",
        /// It is done every day.
        Daily => "daily",
    }
}

/// What of a class has been kept for long enough, or was purged for that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Expired {
    /// The class.
    pub class: RetentionClass,
    /// For how many days it is kept.
    #[schema(example = 180)]
    pub kept_days: i32,
    /// Consultations that were held before this day are meant.
    pub before: NaiveDate,
    /// How many of what, by table.
    #[schema(example = json!({ "registrations": 120 }))]
    pub counts: BTreeMap<String, u64>,
}

impl Expired {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.counts.values().all(|count| *count == 0)
    }
}

/// A purge that was done: how much of what, never whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// Its id.
    pub id: PurgeId,
    /// What was purged.
    pub expired: Expired,
    /// Why.
    pub occasion: Occasion,
    /// Who asked for it.
    pub account_id: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
}

/// The classes that are purged, in the order in which it is done: who somebody is goes last, with everything that is left.
pub const PURGED: [RetentionClass; 8] = [
    RetentionClass::SpecialNeeds,
    RetentionClass::Demographics,
    RetentionClass::Answers,
    RetentionClass::Participation,
    RetentionClass::Invitations,
    RetentionClass::Correspondence,
    RetentionClass::Contact,
    RetentionClass::Consents,
];

/// For how many days after its consultation a class is kept; none for one that does not go by a consultation.
pub const fn kept_days(class: RetentionClass, settings: &Retention) -> Option<i32> {
    match class {
        RetentionClass::SpecialNeeds => Some(settings.special_needs_days),
        RetentionClass::Demographics => Some(settings.demographics_days),
        RetentionClass::Answers => Some(settings.answers_days),
        RetentionClass::Participation => Some(settings.participation_days),
        RetentionClass::Invitations => Some(settings.invitations_days),
        RetentionClass::Correspondence => Some(settings.correspondence_days),
        RetentionClass::Contact => Some(settings.contact_days),
        RetentionClass::Consents => Some(settings.consents_days),
        RetentionClass::Security | RetentionClass::Accountability => None,
    }
}
