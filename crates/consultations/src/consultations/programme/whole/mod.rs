//! A programme as one document: what it is to be, row by row. Pure.

use super::announced_hosts::NamedHost;
use super::placeholders::Placeholder;
use super::service::Item;
use super::{CoOrganizer, Round, Session, WorkingGroup};
use crate::db::types::Id;

pub(in crate::consultations) mod http;
pub mod service;

/// A row as it is wanted: one that is there, by its id, or a new one.
#[derive(Debug)]
pub struct Wanted<T: Item> {
    /// Which one it is.
    pub id: Option<Id<T::Tag>>,
    /// What is to stand in it.
    pub new: T::New,
}

/// A working group as it is wanted, with its hosts and the lines in place of others.
#[derive(Debug)]
pub struct WantedGroup {
    /// The group.
    pub group: Wanted<WorkingGroup>,
    /// Persons who host it, in order.
    pub hosts: Vec<NamedHost>,
    /// Its placeholders, in order.
    pub placeholders: Vec<Placeholder>,
}

/// A session as it is wanted.
#[derive(Debug)]
pub struct WantedSession {
    /// The session; its round is named by number.
    pub session: Wanted<Session>,
    /// The number of the round that is held in it.
    pub round: Option<i32>,
    /// Whether the address where one joins it stays as it is.
    pub keeps_joining_url: bool,
}

/// A whole programme as it is wanted. What is not in it goes.
#[derive(Debug)]
pub struct Programme {
    /// In the order in which they are named.
    pub co_organizers: Vec<Wanted<CoOrganizer>>,
    /// The rounds.
    pub rounds: Vec<Wanted<Round>>,
    /// The working groups.
    pub working_groups: Vec<WantedGroup>,
    /// The sessions, in order.
    pub sessions: Vec<WantedSession>,
}
