//! Plans of who sits in which group: found, edited, compared, put in force and kept up with who comes and goes.

pub mod applying;
pub(super) mod bodies;
pub mod edits;
pub(super) mod http;
pub mod in_force;
pub mod newcomers;
pub mod proposals;
pub mod service;
pub(super) mod views;
