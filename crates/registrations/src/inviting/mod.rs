//! Asking people to register, and asking again: those who were entered as invitations and have not registered. Stands above
//! invitations and registrations, of which neither needs the other for it.

mod feature;
pub mod http;
mod mails;
pub mod service;

pub use feature::FEATURE;
