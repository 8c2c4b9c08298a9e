//! Rounds of clearance: until when, and who is asked. One at a time for a report; what was agreed to before holds in the next. Pure.

use chrono::{Days, NaiveDate};

use super::Asked;
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::problem::{Code, Problem};
use crate::reports::ReportId;
use crate::vocabulary::{ClearanceRoundId, PartyId};

pub(in crate::reports) mod http;
pub mod service;
pub mod store;

/// How long a round can last: a date far off is a slip.
const LONGEST: Days = Days::new(366);

/// A round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: ClearanceRoundId,
    /// The report.
    pub report_id: ReportId,
    /// The number of the edition that it is for.
    pub edition: i32,
    /// The last day on which answers are awaited, where the consultation is.
    pub ends_on: NaiveDate,
    /// For `If-Match`.
    pub version: i64,
    /// Who opened it; nobody once they are erased.
    pub opened_by: Option<AccountId>,
    /// When.
    pub opened_at: Timestamp,
    /// Who closed it.
    pub closed_by: Option<AccountId>,
    /// When; none while it is open.
    pub closed_at: Option<Timestamp>,
}

impl Round {
    /// 409 once it is closed.
    pub fn require_open(&self) -> Result<(), Problem> {
        match self.closed_at {
            None => Ok(()),
            Some(at) => Err(Problem::new(
                Code::InvalidTransition,
                format!("This round was closed at {at}: open another one."),
            )),
        }
    }
}

/// That a party is asked in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The round.
    pub round_id: ClearanceRoundId,
    /// The party.
    pub party_id: PartyId,
    /// Whether nothing is published without its agreement.
    pub needed: bool,
    /// Who asked; nobody once they are erased.
    pub asked_by: Option<AccountId>,
    /// When.
    pub asked_at: Timestamp,
    /// The last day on which they were reminded.
    pub reminded_on: Option<NaiveDate>,
}

/// Somebody to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToAsk {
    /// Who.
    pub asked: Asked,
    /// Whether nothing is published without its agreement.
    pub needed: bool,
}

/// 422 unless a round can end on that day.
pub fn check_end(ends_on: NaiveDate, today: NaiveDate) -> Result<(), Problem> {
    if ends_on < today {
        return Err(Problem::invalid("/ends_on", format!("is over: today is {today}")));
    }
    if today.checked_add_days(LONGEST).is_some_and(|latest| ends_on > latest) {
        return Err(Problem::invalid("/ends_on", "is more than a year ahead"));
    }
    Ok(())
}
