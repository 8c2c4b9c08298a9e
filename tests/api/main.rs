//! The tests of the whole: over real HTTP, against both databases.

mod harness;
mod postgres;

mod access;
mod accounts;
mod bad_input;
mod contract;
mod crash;
mod imports;
mod inputs;
mod last_place;
mod main_job;
mod organizations;
mod privacy;
mod registrations;
