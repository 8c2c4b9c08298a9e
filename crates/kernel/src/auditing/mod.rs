//! Reading and checking the audit log: for those who may, and for a person what they did and what was done to them. And keeping where
//! it ends where nobody who can write the database reaches.

mod feature;
pub mod http;
mod mails;
pub mod service;

pub use feature::FEATURE;
