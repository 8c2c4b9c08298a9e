//! Signing in, by password or mailed link, and staying signed in.

pub mod service;
