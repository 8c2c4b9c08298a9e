//! Documents set in PDF, in a process of its own under limits of time and memory. Only the program depends on it: Typst is a
//! third of a whole build. Must never know what a document is about, nor a database, a setting or a network.

#[cfg(feature = "pdf")]
pub mod child;
#[cfg(feature = "pdf")]
mod pdf;

use sha2::{Digest, Sha256};

/// How a report is set.
const TEMPLATE: &str = include_str!("report.typ");

/// SHA-256 of the template, in lower-case hexadecimal digits: another template may print the same text otherwise. It is there
/// without the feature `pdf` as well, so that both programs answer alike.
#[must_use]
pub fn template_digest() -> String {
    base16ct::lower::encode_string(&Sha256::digest(TEMPLATE))
}
