//! Who holds which role on what, who gave it, and what needs two people of that.

pub mod service;
