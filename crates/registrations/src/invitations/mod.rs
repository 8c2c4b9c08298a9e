//! The open call: one address asked to register for one consultation, the lists it came from, and what came of it.
//! Pure: no tables, no HTTP, no clock.

use std::collections::BTreeMap;
use std::fmt;

use crate::accounts::Email;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::problem::{Checks, Code, Problem};
use crate::text_enum;
use crate::vocabulary::RegistrationId;

pub mod entering;
mod feature;
pub mod http;
pub mod imports;
mod personal;
pub mod privacy;
pub mod service;
pub mod store;

pub use crate::vocabulary::InvitationId;
pub use feature::FEATURE;

/// Longest name of a list, in characters.
const LONGEST_LIST: usize = 100;
/// Longest name of an organization, in characters.
const LONGEST_ORGANIZATION: usize = 300;

text_enum! {
    /// What came of an invitation.
    pub enum InvitationState {
        /// Entered; nothing was sent.
        Prepared => "prepared",
        /// A mail with a personal link is on its way or has arrived.
        Invited => "invited",
        /// The link was opened.
        Opened => "opened",
        /// The person has registered, by the link or otherwise.
        Registered => "registered",
        /// The person will not take part.
        Declined => "declined",
        /// The mail could not be delivered.
        Bounced => "bounced",
    }
}

/// What happens to an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A mail with a link is put into the outbox for the first time.
    Sent,
    /// That mail was cancelled before it went.
    Unsent,
    /// The link is opened.
    Opened,
    /// The person registers.
    Registered,
    /// The person says no.
    Declined,
    /// A mail comes back.
    Bounced,
}

use InvitationState::*;

impl InvitationState {
    /// What each event makes of an invitation, and of one in which states.
    const EVENTS: [(Event, &'static [InvitationState], InvitationState); 6] = [
        (Event::Sent, &[Prepared], Invited),
        (Event::Unsent, &[Invited], Prepared),
        // Who opens the link has got the mail, whatever came back.
        (Event::Opened, &[Invited, Bounced], Opened),
        // Whoever said no may still come; who registers otherwise need not have been sent anything.
        (Event::Registered, &[Prepared, Invited, Opened, Declined, Bounced], Registered),
        // Whoever wants no mail of the review says no before they are asked.
        (Event::Declined, &[Prepared, Invited, Opened, Bounced], Declined),
        (Event::Bounced, &[Invited, Opened], Bounced),
    ];

    /// The state after the event, or 409 naming the states it is possible from.
    pub fn after(self, event: Event) -> Result<Self, Problem> {
        let row = Self::EVENTS.iter().find(|row| row.0 == event);
        let (from, to) = row.map_or((&[][..], self), |(_, from, to)| (*from, *to));
        if from.contains(&self) {
            return Ok(to);
        }
        let states: Vec<_> = from.iter().map(|state| state.as_str()).collect();
        let detail = format!(
            "It is possible for an invitation that is {}; this one is {self}.",
            states.join(", ")
        );
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// Whether an answer is still waited for, so that one may ask again.
    pub const fn awaits_answer(self) -> bool {
        matches!(self, Self::Invited | Self::Opened)
    }
}

/// One address asked to register for one consultation.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// For which consultation.
    pub consultation_id: ConsultationId,
    /// The address; one invitation for each.
    pub email: Email,
    /// What the person is called, if known.
    pub name: Option<String>,
    /// Whom they come from, as the list had it.
    pub organization_name: Option<String>,
    /// The language to write in; the consultation's when none is known.
    pub language: Option<Language>,
    /// The lists it came from, in alphabetical order.
    pub lists: Vec<String>,
    /// What came of it.
    pub state: InvitationState,
    /// The registration, when there is one.
    pub registration_id: Option<RegistrationId>,
    /// How often the person was reminded.
    pub reminders: i32,
    /// When the first mail was made.
    pub invited_at: Option<Timestamp>,
    /// When the link was first opened.
    pub opened_at: Option<Timestamp>,
    /// When the last mail was made.
    pub mailed_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

// Written by hand so that no name and no address gets into a log.
impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invitation({}, {}, version {})", self.id, self.state, self.version)
    }
}

/// Somebody to be invited.
#[derive(Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// The address.
    pub email: Email,
    /// What the person is called.
    pub name: Option<String>,
    /// Whom they come from.
    pub organization_name: Option<String>,
    /// The language to write in.
    pub language: Option<Language>,
    /// The list the address came from.
    pub list: String,
}

impl NewInvitation {
    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        let one_line =
            |text: &Option<String>| text.as_deref().is_none_or(|text| !text.contains('\n'));
        checks
            .optional_text(self.name.as_deref(), crate::accounts::LONGEST_NAME, "/name")
            .require(one_line(&self.name), "/name", "must be one line")
            .optional_text(
                self.organization_name.as_deref(),
                LONGEST_ORGANIZATION,
                "/organization_name",
            )
            .require(one_line(&self.organization_name), "/organization_name", "must be one line");
        check_list(&mut checks, &self.list, "/list");
        checks.finish()
    }
}

/// The name of a list: one line, not empty.
fn check_list(checks: &mut Checks, list: &str, pointer: &str) {
    checks.text(list, LONGEST_LIST, pointer);
    checks.require(!list.contains(['\n', '\t']), pointer, "must be one line");
}

/// Which invitations of a consultation are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<InvitationState>,
    /// From this list.
    pub list: Option<String>,
    /// To this address.
    pub email: Option<Email>,
}

/// How many got how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Addresses in all.
    pub total: u32,
    /// Of them, those to whom nothing was sent.
    pub prepared: u32,
    /// Those to whom a mail was made, whatever came of it.
    pub invited: u32,
    /// Those who opened the link, whatever they did then.
    pub opened: u32,
    /// Those who registered.
    pub registered: u32,
    /// Those who said no.
    pub declined: u32,
    /// Those whom no mail reached.
    pub bounced: u32,
    /// Those who were reminded at least once.
    pub reminded: u32,
}

/// What the figures are counted from: one invitation without who it is for.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// What came of it.
    pub state: InvitationState,
    /// Whether a mail was made.
    pub invited: bool,
    /// Whether the link was opened.
    pub opened: bool,
    /// How often the person was reminded.
    pub reminders: i32,
}

impl Funnel {
    /// Counts one more.
    fn add(&mut self, one: Progress) {
        let is = |state: InvitationState| u32::from(one.state == state);
        self.total += 1;
        self.prepared += u32::from(!one.invited && one.state == Prepared);
        self.invited += u32::from(one.invited);
        self.opened += u32::from(one.opened);
        self.registered += is(Registered);
        self.declined += is(Declined);
        self.bounced += is(Bounced);
        self.reminded += u32::from(one.reminders > 0);
    }
}

/// The figures of a consultation's invitations. An address that came from two lists counts in both, and once in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvitationStatistics {
    /// All addresses.
    pub total: Funnel,
    /// By list, in alphabetical order.
    pub lists: BTreeMap<String, Funnel>,
}

impl InvitationStatistics {
    /// Counts invitations, each with its lists.
    pub fn of<'a>(invitations: impl IntoIterator<Item = (Progress, &'a [String])>) -> Self {
        let mut found = Self::default();
        for (progress, lists) in invitations {
            found.total.add(progress);
            for list in lists {
                found.lists.entry(list.clone()).or_default().add(progress);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL_EVENTS: [Event; 6] = [
        Event::Sent,
        Event::Unsent,
        Event::Opened,
        Event::Registered,
        Event::Declined,
        Event::Bounced,
    ];

    proptest! {
        #[test]
        fn whoever_has_registered_stays_registered_and_is_not_asked_again(
            events in proptest::collection::vec(0..6_usize, 0..20)
        ) {
            let mut state = Prepared;
            let mut registered = false;
            for event in events.into_iter().map(|at| ALL_EVENTS[at]) {
                state = state.after(event).unwrap_or(state);
                registered |= event == Event::Registered;
                prop_assert!(!registered || state == Registered);
                prop_assert!(!(registered && state.awaits_answer()));
            }
        }
    }

    #[test]
    fn an_address_from_two_lists_counts_in_both_and_once_in_all() {
        let opened = Progress { state: Declined, invited: true, opened: true, reminders: 1 };
        let fresh = Progress { state: Prepared, invited: false, opened: false, reminders: 0 };
        let (both, one) = (["A".to_owned(), "B".to_owned()], ["B".to_owned()]);
        let found = InvitationStatistics::of([(opened, &both[..]), (fresh, &one[..])]);
        assert_eq!(found.total.total, 2);
        assert_eq!((found.lists["A"].total, found.lists["B"].total), (1, 2));
        let b = found.lists["B"];
        assert_eq!((b.prepared, b.invited, b.opened, b.declined, b.reminded), (1, 1, 1, 1, 1));
    }
}
