//! What is held about a person in jobs.

use crate::personal::prelude::*;

/// The columns.
#[rustfmt::skip]
pub const FIELDS: &[PersonalField] = &[
    field("jobs", "account_id", "To tell who started a job what came of it", Mandate, Security, ADMINISTRATOR, Unlinked),
    field("jobs", "params", "To do the job as it was asked for", Mandate, Security, NOBODY, Blanked),
    field("jobs", "message", "To show how far the job is", Mandate, Security, ADMINISTRATOR, Blanked),
    field("jobs", "result", "To tell who started a job what came of it, for a week", Mandate, Security, NOBODY, Blanked),
    field("jobs", "problem", "To tell who started a job what came of it, for a week", Mandate, Security, NOBODY, Blanked),
    field("job_payloads", "job_id", "To do the job; deleted when it ends", Mandate, Security, NOBODY, Deleted),
    field("job_lots", "job_id", "To do the job; deleted when it ends", Mandate, Security, NOBODY, Deleted),
    field("job_lots", "content", "To do the job; deleted when it ends", Mandate, Security, NOBODY, Deleted),
    field("job_payloads", "content", "To do the job; deleted when it ends", Mandate, Security, NOBODY, Deleted),
];
