//! The tests of the whole: over real HTTP, against both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod harness;
mod postgres;
mod smtp;

mod access;
mod accounts;
mod answered;
mod appeals;
mod attendance;
mod bad_input;
mod calendars;
mod contention;
mod contract;
mod contributions;
mod crash;
mod decisions;
mod documents;
mod downloads;
mod drafting;
mod drafts;
mod erasure;
mod exchange;
mod floor_plan;
mod form;
mod guardians;
mod house;
mod imports_registrations;
mod input_files;
mod input_work;
mod inputs;
mod invitations;
mod jobs;
mod last_place;
mod limits;
mod lists;
mod mail;
mod main_job;
mod merging;
mod offers;
mod organizations;
mod own_data;
mod pages;
mod parameters;
mod plans;
mod planted;
mod privacy;
mod refusals;
mod registrations;
mod retention;
mod returned;
mod set_up;
mod statistics;
mod workspace;
