//! Assignments in and out of files, and on paper.

pub mod exports;
pub(super) mod http;
pub mod imports;
pub mod sheets;
