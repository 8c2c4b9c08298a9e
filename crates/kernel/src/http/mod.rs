//! What every feature's handlers share: extractors, answers, pages of lists, parts of files, and retries. Names no feature.

mod arrival;
pub mod attachment;
pub mod call;
pub mod connections;
pub mod envelope;
pub mod extract;
mod feature;
pub mod idempotency;
pub mod listed;
pub mod page;
pub mod patch;
pub mod problem;
pub mod ranges;

pub use feature::FEATURE;

/// What a feature's `http.rs` begins with.
pub mod prelude {
    pub use actix_web::{delete, get, patch, post, put};
    pub use serde::{Deserialize, Serialize};
    pub use utoipa::{IntoParams, ToSchema};

    pub use super::call::{Answer, Call, IfMatch, Refusals, Reply};
    pub use super::extract::{Body, Params, PathIds};
    pub use super::listed::{Listed, PageQuery};
    pub use super::page::{Listing, Page, Paging};
    pub use super::patch;
    pub use crate::problem::Problem;
    pub use crate::work::Work;
}
