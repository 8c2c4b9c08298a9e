//! Signing in, by password or mailed link, and staying signed in.

use crate::db::types::{Id, Timestamp};
use crate::text_enum;

pub mod service;

text_enum! {
    /// What somebody is signed in with.
    pub enum Way {
        /// A program, which exchanges refresh tokens for access tokens.
        Program => "program",
        /// A browser, which holds one secret in a cookie until the sign-in ends.
        Browser => "browser",
    }
}

/// All tokens of one sign-in.
pub struct Family;

/// A sign-in that has not ended. It tells days and no device: what more it told would tell who was here when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its id.
    pub id: Id<Family>,
    /// With what.
    pub way: Way,
    /// The day it was last begun or renewed.
    pub day: Timestamp,
    /// When it ends, unless it is renewed.
    pub expires_at: Timestamp,
}
