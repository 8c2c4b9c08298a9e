//! Jobs: long work that is asked for by one request and done beside it, with progress. What a kind of work is about is known to
//! the feature that runs it.

mod feature;
pub mod http;
mod personal;
pub mod privacy;
pub mod runner;
pub mod service;
pub mod store;

pub use feature::FEATURE;

pub use crate::vocabulary::JobId;
pub use crate::work::{progress, tasks::*};
