//! Commenting in a table, away from the clearance room: the draft goes out as a table, comes back filled in, and is looked at before
//! anything is recorded.

pub(super) mod http;
mod posted;
mod service;
mod showing;
