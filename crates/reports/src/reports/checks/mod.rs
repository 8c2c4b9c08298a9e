//! What must hold of a draft before it is published. Pure: knows neither tables nor HTTP nor who said what.

pub mod coverage;
