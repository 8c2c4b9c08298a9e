//! What a person needs to take part, how old they are in bands, who consents for somebody under 18, and by which way a
//! registration came. Pure.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::accounts::Email;
use crate::db::types::Timestamp;
use crate::text_enum;
use crate::vocabulary::InvitationId;

/// The invitation that a registration came by.
pub type InvitationRef = InvitationId;

/// What a person needs to take part. Special category data: it is read by who organizes, and told in no figure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Needs {
    /// Languages they need interpretation into, BCP 47, the preferred first.
    pub interpretation: Vec<String>,
    /// The sign language they need, as a BCP 47 tag such as `ase`.
    #[schema(example = "ase")]
    pub sign_language: Option<String>,
    /// Whether they need captions.
    pub captioning: bool,
    /// Anything else that they need to take part, in their words.
    pub accessibility: Option<String>,
}

text_enum! {
    /// How old a person is, as they stated it; nobody has to.
    pub enum AgeBand {
        /// Under 18: a guardian has to consent.
        Under18 => "under_18",
        /// 18 to 24.
        From18To24 => "18_24",
        /// 25 to 34.
        From25To34 => "25_34",
        /// 35 to 59.
        From35To59 => "35_59",
        /// 60 or more.
        From60 => "60_plus",
    }
}

text_enum! {
    /// By which way a registration came.
    pub enum Source {
        /// The person registered themselves.
        OpenLink => "open_link",
        /// The person registered by the personal link of an invitation.
        Invitation => "invitation",
        /// The secretariat registered them.
        Secretariat => "secretariat",
        /// It was in an imported file.
        Import => "import",
        /// They came without having registered.
        WalkIn => "walk_in",
    }
}

impl Default for Source {
    /// The person registered themselves.
    fn default() -> Self {
        Self::OpenLink
    }
}

/// Who consents for somebody under 18.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Guardian {
    /// Their name.
    #[schema(example = "Ravi Example")]
    pub name: String,
    /// Where they are asked.
    pub email: Email,
    /// When they consented; absent until they have.
    #[serde(default)]
    pub consented_at: Option<Timestamp>,
}

// Written by hand so that no name gets into a log.
impl fmt::Debug for Guardian {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guardian(consented: {})", self.consented_at.is_some())
    }
}
