//! Primal heuristics: they find plans, and prove nothing. Ejection chains know the objective only; the dive and the large-neighbourhood
//! search are guided by the Lagrangian relaxation, and leave what is small enough to branch and bound.

pub(crate) mod dive;
pub(crate) mod ejection_chains;
pub(crate) mod large_neighbourhood;
