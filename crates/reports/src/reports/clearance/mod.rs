//! Clearance: who is asked to agree to a draft, what they agreed to, and what stands in the way of publishing. Pure.
//!
//! Whoever is asked is a *party*: one person of the team, or a body, an organization that co-organizes the consultation, for which its
//! members answer. A party agrees to *portions* of the draft, each by the SHA-256 of exactly the text that it read, so that a later change
//! takes back the agreement to that portion and to no other. What is agreed to holds from round to round and from edition to edition.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ParagraphId, ReportId};
use crate::access::Permission;
use crate::accounts::AccountId;
use crate::consultations::lifecycle::{Blocker, BlockerCode};
use crate::db::types::Timestamp;
use crate::organizations::OrganizationId;
use crate::vocabulary::{PartyId, ThingId};

pub mod asking;
pub mod comments;
pub mod hearing;
pub mod minutes;
pub mod overriding;
pub mod portions;
pub mod positions;
pub mod reminding;
pub mod service;
pub mod template;

/// Mounts the operations of all rooms.
pub(super) fn mount(cfg: &mut crate::http::Mounts) {
    portions::http::mount(cfg);
    asking::http::mount(cfg);
    hearing::http::mount(cfg);
    positions::http::mount(cfg);
    comments::http::mount(cfg);
    overriding::http::mount(cfg);
    template::http::mount(cfg);
    minutes::http::mount(cfg);
}

use asking::{Asking, Round};
use comments::DraftComment;
use hearing::HeardRound;
use overriding::Override;
use portions::{Whole, nothing};
use positions::Position;

/// Who a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// An organization that co-organizes the consultation.
    Body(OrganizationId),
    /// Somebody of the team; nobody once they are erased.
    Person(Option<AccountId>),
}

/// Who is asked in a report; in however many rounds, it is one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// The report.
    pub report_id: ReportId,
    /// Who it is.
    pub asked: Asked,
    /// Whether it asked not to be named in what is published.
    pub unnamed: bool,
}

impl Party {
    /// Whether it is a body, whose members consolidate before it says something.
    pub const fn is_body(&self) -> bool {
        matches!(self.asked, Asked::Body(_))
    }
}

/// What a party agreed to last, by portion: the SHA-256 of its text, or of nothing where it agreed that the portion is gone.
pub type Agreed = BTreeMap<ThingId, String>;

/// The portions that a party has not agreed to as they are: those that it never agreed to, those that changed since, and those that it
/// agreed to and that are no more.
pub fn outstanding(whole: &Whole, agreed: &Agreed) -> Vec<ThingId> {
    let there: BTreeSet<ThingId> = whole.portions.iter().map(|one| one.id).collect();
    let here = whole.portions.iter().filter(|one| agreed.get(&one.id) != Some(&one.sha256));
    let gone = agreed.iter().filter(|(id, sha256)| !there.contains(id) && **sha256 != nothing());
    here.map(|one| one.id).chain(gone.map(|(id, _)| *id)).collect()
}

/// Whoever is asked in the current round, and how far they have come.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Who.
    pub party: Party,
    /// That they were asked.
    pub asking: Asking,
    /// What they have not agreed to as it is.
    pub outstanding: Vec<ThingId>,
    /// Whether they ever agreed to anything.
    pub has_agreed: bool,
    /// Why it is published without their agreement.
    pub overridden: Option<Override>,
}

impl Seat {
    /// Whether publishing waits for them.
    pub fn is_missing(&self) -> bool {
        self.asking.needed && !self.outstanding.is_empty() && self.overridden.is_none()
    }
}

/// An objection that was not taken back.
#[derive(Debug, Clone)]
pub struct Objection {
    /// What was said.
    pub position: Position,
    /// Whose it is.
    pub party: Party,
    /// Why it is published all the same.
    pub overridden: Option<Override>,
}

/// Where the clearance of a report stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The latest round for the edition that comes next.
    pub round: Option<Round>,
    /// How participants are heard in it, where they are asked.
    pub heard: Option<HeardRound>,
    /// Whoever is asked in it.
    pub seats: Vec<Seat>,
    /// Objections, of this round or an earlier one.
    pub objections: Vec<Objection>,
    /// Comments that drafters see and have not answered.
    pub unanswered: Vec<DraftComment>,
}

/// A count with its noun.
fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

impl Standing {
    /// What stands in the way of publishing. `name` tells what a body is called; people are not named.
    pub fn blockers(&self, name: impl Fn(&Party) -> String) -> Vec<Blocker> {
        let mut found = Vec::new();
        if self.round.is_none() {
            let what = "Nobody was asked to agree to it: open a round of clearance.".to_owned();
            let (code, who_can) = (BlockerCode::NoClearanceRound, Permission::ClearReports);
            found.push(Blocker { code, what, since: None, who_can });
        }
        for seat in self.seats.iter().filter(|seat| seat.is_missing()) {
            let left = counted(seat.outstanding.len(), "portion is", "portions are");
            let what = format!(
                "The agreement of {} is needed: {left} not agreed to as they read now.",
                name(&seat.party)
            );
            let since = Some(seat.asking.asked_at);
            let (code, who_can) = (BlockerCode::AgreementMissing, Permission::ClearReports);
            found.push(Blocker { code, what, since, who_can });
        }
        for objection in self.objections.iter().filter(|one| one.overridden.is_none()) {
            let what = format!("{} objects.", name(&objection.party));
            let since = objection.position.decided_at;
            let (code, who_can) = (BlockerCode::ObjectionStands, Permission::ClearReports);
            found.push(Blocker { code, what, since, who_can });
        }
        if let Some(heard) = self.heard.as_ref().filter(|heard| !heard.settled) {
            let what = format!(
                "Participants were told that they can comment until {}; what they say is let in at the next mixing after it.",
                heard.hearing.ends_on
            );
            let since = Some(heard.hearing.ends_at);
            let (code, who_can) = (BlockerCode::ParticipantsAsked, Permission::ClearReports);
            found.push(Blocker { code, what, since, who_can });
        }
        if !self.unanswered.is_empty() {
            let count = counted(self.unanswered.len(), "comment is", "comments are");
            let what = format!("{count} not answered.");
            // Of a participant's it is not known when it came.
            let since = self.unanswered.iter().filter_map(|one| one.released_at).min();
            let (code, who_can) = (BlockerCode::CommentUnanswered, Permission::DraftReports);
            found.push(Blocker { code, what, since, who_can });
        }
        found
    }
}

/// Who approved an edition, as it is published with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Whether whoever proposed it published it without anybody else.
    pub acted_alone: bool,
    /// Those who had agreed to all of it and who want to be named: bodies unless they said otherwise, people where they said so.
    pub agreed: Vec<Approver>,
}

/// Somebody who agreed to an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approver {
    /// What they are called.
    pub name: String,
    /// The day on which they agreed to the last of it.
    pub on: NaiveDate,
}

/// A place in a draft to which something refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// The paragraph.
    pub paragraph: ParagraphId,
    /// Its version.
    pub version: i64,
    /// The characters of its text, from the first to behind the last; all of it when absent.
    pub range: Option<(u32, u32)>,
}

/// The moment from which somebody has waited: the later one.
pub fn later(one: Timestamp, other: Option<Timestamp>) -> Timestamp {
    other.map_or(one, |other| one.max(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::portions::{Portion, PortionKind};
    use super::*;

    fn whole(texts: &[(u128, &str)]) -> Whole {
        let portion = |(id, text): &(u128, &str)| {
            let id = ThingId::new(uuid::Uuid::from_u128(*id));
            Portion::new(id, PortionKind::Paragraph, None, (*text).to_owned())
        };
        Whole::new(texts.iter().map(portion).collect())
    }

    fn agreed(whole: &Whole) -> Agreed {
        whole.portions.iter().map(|one| (one.id, one.sha256.clone())).collect()
    }

    #[test]
    fn a_change_takes_back_the_agreement_to_that_portion_only() {
        let before = whole(&[(1, "One."), (2, "Two."), (3, "Three.")]);
        assert!(outstanding(&before, &agreed(&before)).is_empty());
        let after = whole(&[(1, "One."), (2, "Too."), (4, "Four.")]);
        let left: Vec<u128> = outstanding(&after, &agreed(&before))
            .into_iter()
            .map(|id| id.uuid().as_u128())
            .collect();
        assert_eq!(left, [2, 4, 3], "what changed, what is new, what is gone");
        let mut all = agreed(&after);
        all.insert(ThingId::new(uuid::Uuid::from_u128(3)), nothing());
        assert!(outstanding(&after, &all).is_empty(), "that it is gone was agreed to");
        let back = outstanding(&before, &all);
        assert_eq!(back.len(), 3, "one reads otherwise, one came back, one is gone");
    }

    proptest! {
        #[test]
        fn nothing_is_outstanding_once_all_that_is_there_is_agreed_to(
            texts in prop::collection::vec("[a-c]{0,3}", 0..8), old in prop::collection::vec("[a-c]{0,3}", 0..8)
        ) {
            let numbered = |texts: &[String]| {
                let all: Vec<(u128, &str)> = (1..).zip(texts.iter().map(String::as_str)).collect();
                whole(&all)
            };
            let (now, then) = (numbered(&texts), numbered(&old));
            let mut has = agreed(&then);
            for id in outstanding(&now, &has) {
                let sha256 = now.get(id).map_or_else(nothing, |one| one.sha256.clone());
                has.insert(id, sha256);
            }
            prop_assert!(outstanding(&now, &has).is_empty());
        }
    }
}
