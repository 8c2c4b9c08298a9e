//! Primal heuristics: what finds good plans without proving anything about them.

pub(crate) mod dive;
pub(crate) mod ejection_chains;
pub(crate) mod large_neighbourhood;
