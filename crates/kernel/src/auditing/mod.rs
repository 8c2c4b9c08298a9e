//! Reading the audit log: for those who may, and for a person what they did and what was done to them.

mod feature;
pub mod http;

pub use feature::FEATURE;
