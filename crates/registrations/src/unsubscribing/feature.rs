//! What the rest of the program knows of unsubscribing.

use super::{Links, UNSUBSCRIBING, personal, privacy};
use crate::registry::Feature;

/// The feature.
pub const FEATURE: Feature = Feature {
    open: |opening| {
        let key = opening.keys.permanent(opening.db, UNSUBSCRIBING)?;
        opening.share(Links(key));
        Ok(())
    },
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    ..Feature::named("unsubscribing")
};
