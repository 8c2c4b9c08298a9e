//! Rounds: in each all working groups are held in parallel. Pure.

use super::check_place;
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};
pub use crate::vocabulary::RoundId;

pub(super) mod http;
mod service;
mod store;

/// One holding of all working groups in parallel.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its number, from 1.
    pub number: i32,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new round is made of.
#[derive(Debug, Clone)]
pub struct NewRound {
    /// Its number, from 1; unique in the consultation.
    pub number: i32,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
}

impl Round {
    /// 422 with every value that cannot be accepted.
    pub fn check(&self, consultation: &Consultation) -> Result<(), Problem> {
        let mut checks = Checks::new();
        check_place(&mut checks, self.number, "/number");
        consultation.check_times(&mut checks, self.starts_at, self.ends_at);
        checks.finish()
    }
}
