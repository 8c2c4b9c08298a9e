//! The draft that participants are asked about: read by whoever is signed in and confirmed, or by receipt; and by receipt alone something
//! is said of it.

pub(super) mod http;
pub(super) mod proof;
pub(super) mod service;
