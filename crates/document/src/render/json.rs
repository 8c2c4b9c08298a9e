//! The document itself as canonical JSON: the form in which an edition is frozen and over which its fingerprint is taken. Must never
//! add or leave out anything: reading it back and rendering gives the same bytes.

use sha2::{Digest, Sha256};

use crate::document::Document;

/// Canonical bytes: no white space, members in the order of the model, computed fields included.
#[must_use]
pub fn render(document: &Document) -> Vec<u8> {
    // The model has no map with other keys than text and no number that JSON lacks, which is all that can fail.
    serde_json::to_vec(document).expect("a document is always JSON")
}

/// Reads a document back, cleaning its text on the way.
///
/// # Errors
/// Not JSON, members that the model does not know, addresses or language tags that it refuses.
pub fn read(bytes: &[u8]) -> Result<Document, serde_json::Error> {
    serde_json::from_slice(bytes)
}

impl Document {
    /// SHA-256 over the canonical JSON, in lower-case hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        base16ct::lower::encode_string(&Sha256::digest(render(self)))
    }
}
