//! Which hard rules cannot hold together, and the smallest changes to the instance that would do. It must never know how
//! a plan is found.

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::plan::Unmet;

/// Rules that cannot all hold, whatever the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Clash {
    /// What cannot be met.
    pub unmet: Unmet,
    /// What would do, each for itself; the smallest first.
    pub remedies: Vec<Remedy>,
}

/// A change to the instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Remedy {}

/// Everything that cannot hold.
pub fn clashes(instance: &Instance) -> Vec<Clash> {
    let _ = instance;
    Vec::new()
}
