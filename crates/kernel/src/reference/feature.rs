//! What the rest of the program knows of reference data.

use super::http;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature { mount: http::mount, ..Feature::named("reference") };
