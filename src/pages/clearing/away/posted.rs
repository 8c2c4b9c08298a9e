//! What is sent by the forms of the commenting template. Pure.

use crate::pages::uploads::{File, Parts};
use crate::problem::Problem;
use crate::reports::clearance::template::Said;
use crate::vocabulary::PartyId;

/// What a form was sent with: a file to be looked at, or what was shown to be recorded.
pub struct Act {
    /// For whom.
    pub party: Option<PartyId>,
    /// The file; empty where none was chosen.
    pub file: File,
    /// What is to be recorded, as the page carried it.
    pub said: Option<Vec<Said>>,
}

impl Act {
    /// What a form was sent with; nothing when it is no form of ours.
    pub fn read(parts: Parts) -> Option<Self> {
        let party = parts.fields.parsed("for");
        let said = match parts.fields.one("action")? {
            "look" => None,
            "take" => Some(serde_json::from_str(parts.fields.one("said")?).ok()?),
            _ => return None,
        };
        Some(Self { party, file: parts.file.unwrap_or_default(), said })
    }
}

/// What came of a form.
pub struct Sending<F> {
    /// For whom it was sent.
    pub party: Option<PartyId>,
    /// What was found in the file.
    pub found: Option<F>,
    /// Why it could not be done.
    pub refused: Option<Problem>,
}

impl<F> Default for Sending<F> {
    fn default() -> Self {
        Self { party: None, found: None, refused: None }
    }
}
