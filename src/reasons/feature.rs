//! What the rest of the program knows of the lists of reasons.

use super::http;
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature { mount: http::mount, ..Feature::named("reasons") };
