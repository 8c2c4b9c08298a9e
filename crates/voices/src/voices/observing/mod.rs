//! Saying something by receipt on a draft that participants are asked about. It waits as ciphertext like a contribution, is mixed like
//! one, and can be changed and deleted until then; after that it is an observation, of which only a mark is kept that the receipt
//! recognizes. No voice is sealed beside it: nobody, whatever keys they hold, can tell that it and an input are of one receipt.

use crate::inputs::hearings::{ObservationAnswer, Observed};
use crate::vocabulary::ContributionId;

pub mod bodies;
pub mod http;
pub mod service;
pub(super) mod store;

/// As many observations of one receipt are taken in one hearing: every one has to be answered before anything is published.
pub const MOST_OBSERVATIONS: usize = 20;

/// An observation, as whoever made it sees it.
#[derive(Debug, Clone)]
pub struct OwnObservation {
    /// Its id: another one once it is mixed.
    pub id: ContributionId,
    /// What was said.
    pub said: Observed,
    /// The number of the paragraph that it is on, as it was printed.
    pub paragraph: Option<u32>,
    /// Whether it still waits to be mixed.
    pub waits: bool,
    /// What was answered.
    pub answer: Option<ObservationAnswer>,
    /// What may be done with it now.
    pub allowed_actions: Vec<&'static str>,
}
