//! What the program is made of. A new feature is its folder, its migration, what it needs of the kernel's closed lists (tables,
//! permissions, problems, jobs, mails) and one line here.

use crate::registry::Feature;
use crate::{
    account_merging, accounts, announcements, appeals, attendance, auditing, calendars,
    consultations, correspondence, figures, following, groups, http, inputs, invitations, inviting,
    jobs, offers, organizations, pages, privacy, proposals, reasons, recommendations, reference,
    registrations, reports, reviews, unsubscribing, voices,
};

/// Every feature, in the order in which they are mounted and events are told: accounts that are merged come before the address
/// that takes any account, and what takes any id after what it would swallow.
pub static FEATURES: &[Feature] = &[
    account_merging::FEATURE,
    accounts::FEATURE,
    proposals::FEATURE,
    auditing::FEATURE,
    correspondence::FEATURE,
    reference::FEATURE,
    reviews::FEATURE,
    voices::FEATURE,
    inputs::FEATURE,
    organizations::FEATURE,
    appeals::FEATURE,
    consultations::FEATURE,
    offers::FEATURE,
    announcements::FEATURE,
    unsubscribing::FEATURE,
    calendars::FEATURE,
    jobs::FEATURE,
    registrations::FEATURE,
    invitations::FEATURE,
    inviting::FEATURE,
    figures::FEATURE,
    attendance::FEATURE,
    groups::FEATURE,
    following::FEATURE,
    recommendations::FEATURE,
    reports::FEATURE,
    reasons::FEATURE,
    pages::FEATURE,
    privacy::FEATURE,
    http::FEATURE,
];
