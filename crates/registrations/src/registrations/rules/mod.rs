//! Who may register for a consultation and when: its registration rules. Pure.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::consultations::{Activity, Consultation, ConsultationId, local_time};
use crate::db::types::Timestamp;
use crate::problem::{Checks, Code, Problem};
use crate::reference::SectorCode;
use crate::text_enum;

pub(super) mod http;
pub mod service;
pub(super) mod store;

/// Longest time to accept an offered place, in hours.
const LONGEST_ACCEPTANCE: i32 = 30 * 24;
/// Largest capacity of a sector or an organization.
const LARGEST_CAPACITY: i32 = 1_000_000;

text_enum! {
    /// Who may register by themselves.
    pub enum Access {
        /// Everybody.
        Open => "open",
        /// Whoever has an access code.
        Code => "code",
        /// Whoever was invited.
        Invitation => "invitation",
    }
}

/// The registration rules of a consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Nobody registers by themselves before.
    pub opens_at: Option<Timestamp>,
    /// Nobody registers by themselves from then on.
    pub closes_at: Option<Timestamp>,
    /// Who may register by themselves.
    pub access: Access,
    /// Places of a sector at most; one that is not named has no limit of its own.
    pub sector_capacities: BTreeMap<SectorCode, i32>,
    /// Places of one organization at most.
    pub organization_capacity: Option<i32>,
    /// Hours to accept a place that has become free; none: it is had at once.
    pub acceptance_hours: Option<i32>,
    /// Nobody changes their own registration from then on.
    pub edit_until: Option<Timestamp>,
    /// Whether mail about the consultation waits in the outbox until somebody releases it.
    pub hold_mail: bool,
    /// Grows with each change; 0 while nothing was set.
    pub version: i64,
}

impl Rules {
    /// What holds while nothing was set: everybody may register during the open call.
    pub fn defaults(consultation: ConsultationId) -> Self {
        Self {
            consultation_id: consultation,
            opens_at: None,
            closes_at: None,
            access: Access::Open,
            sector_capacities: BTreeMap::new(),
            organization_capacity: None,
            acceptance_hours: None,
            edit_until: None,
            hold_mail: false,
            version: 0,
        }
    }

    /// Whether a sector or an organization has a limit of its own.
    pub fn limits_places(&self) -> bool {
        !self.sector_capacities.is_empty() || self.organization_capacity.is_some()
    }

    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        let in_order = match (self.opens_at, self.closes_at) {
            (Some(opens), Some(closes)) => opens < closes,
            _ => true,
        };
        checks.require(in_order, "/closes_at", "must be after opens_at");
        let fits = |places: i32| (0..=LARGEST_CAPACITY).contains(&places);
        let detail = format!("must be from 0 to {LARGEST_CAPACITY}");
        for (sector, places) in &self.sector_capacities {
            checks.require(fits(*places), &format!("/sector_capacities/{sector}"), detail.as_str());
        }
        let whole = self.organization_capacity.is_none_or(|places| places > 0 && fits(places));
        let detail = format!("must be from 1 to {LARGEST_CAPACITY}");
        checks.require(whole, "/organization_capacity", detail);
        let hours =
            self.acceptance_hours.is_none_or(|hours| (1..=LONGEST_ACCEPTANCE).contains(&hours));
        let detail = format!("must be from 1 to {LONGEST_ACCEPTANCE} hours");
        checks.require(hours, "/acceptance_hours", detail).finish()
    }

    /// Nothing while people may register by themselves, in its phase and within its window; or 409 saying which phases allow it, or
    /// since or until when they may not.
    pub fn require_open(&self, consultation: &Consultation, now: Timestamp) -> Result<(), Problem> {
        consultation.require(Activity::Register)?;
        let zone = consultation.zone;
        let detail = match (self.opens_at, self.closes_at) {
            (Some(opens), _) if now < opens => {
                format!("Registration opens on {}.", moment(zone, opens))
            }
            (_, Some(closes)) if now >= closes => {
                format!("Registration closed on {}.", moment(zone, closes))
            }
            _ => return Ok(()),
        };
        Err(Problem::new(Code::NotInThisPhase, detail))
    }

    /// Nothing while people may change their own registration, or 409 saying since when they may not.
    pub fn require_editable(
        &self,
        consultation: &Consultation,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let Some(until) = self.edit_until.filter(|until| now >= *until) else { return Ok(()) };
        let until = moment(consultation.zone, until);
        let detail = format!(
            "Registrations could be changed until {until}. You can still withdraw, and change what you agreed to."
        );
        Err(Problem::new(Code::NotInThisPhase, detail))
    }
}

/// "5 October 2020, 09:00 hrs. (Bangkok time)".
pub fn moment(zone: Tz, at: Timestamp) -> String {
    let day = at.utc().with_timezone(&zone).format("%-d %B %Y");
    format!("{day}, {}", local_time(zone, Some(at), None).unwrap_or_default())
}
