//! Inputs out to a table and in from one. Out goes nothing of whose voice is in them; whose voice comes in is sealed at once.

pub mod exports;
pub mod http;
pub mod imports;
