//! Registrations in and out of files.

pub mod exports;
pub mod http;
pub mod imports;
