//! What is done in the clearance room, as its forms are sent. Pure.

use chrono::NaiveDate;

use crate::pages::fields::Fields;
use crate::reports::ParagraphId;
use crate::reports::clearance::Asked;
use crate::reports::clearance::asking::ToAsk;
use crate::reports::clearance::comments::CommentAnswer;
use crate::reports::clearance::overriding::service::Despite;
use crate::reports::clearance::positions::PositionDecision;
use crate::text_enum;
use crate::vocabulary::{ClearanceCommentId, ClearanceRoundId, PartyId, PositionId, ThingId};

/// A portion as a page showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which one.
    pub id: ThingId,
    /// The SHA-256 of its text.
    pub sha256: String,
    /// The version of the paragraph that it is.
    pub version: Option<i64>,
}

impl Shown {
    /// As it stands in a field.
    pub fn code(&self) -> String {
        let version = self.version.map(|version| version.to_string()).unwrap_or_default();
        format!("{}.{}.{version}", self.id, self.sha256)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (id, sha256) = (parts.next()?.parse().ok()?, parts.next()?.to_owned());
        let version = parts.next().and_then(|version| version.parse().ok());
        Some(Self { id, sha256, version })
    }
}

/// Something to be done. What is changed is named with the version that the page showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Agrees to all of it as it was read.
    Agree { party: Option<PartyId>, sha256: String, shown: Vec<Shown>, unnamed: bool },
    /// Objects to a paragraph, or to the draft as a whole.
    Object { party: Option<PartyId>, paragraph: Option<ParagraphId>, reason: Option<String> },
    /// Lets whoever drafts see the comments of a body.
    Send { party: Option<PartyId> },
    /// Takes an objection back.
    TakeBack { party: Option<PartyId>, objection: PositionId },
    /// Decides what another member of the body proposed.
    Decide { position: PositionId, version: i64, decision: PositionDecision, note: Option<String> },
    /// Comments on a paragraph, on words of it, or on the draft as a whole.
    Comment {
        party: Option<PartyId>,
        on: Option<(ParagraphId, i64)>,
        quote: Option<String>,
        text: String,
    },
    /// Answers a comment.
    Answer { comment: ClearanceCommentId, version: i64, answer: CommentAnswer, text: String },
    /// Takes a comment back.
    Drop { comment: ClearanceCommentId, version: i64 },
    /// Decides to publish all the same.
    Override { despite: Despite, reason: String },
    /// Opens a round.
    Open { ends_on: Option<NaiveDate>, asked: Vec<ToAsk>, participants: Option<NaiveDate> },
    /// Asks participants, too.
    AskParticipants { round: ClearanceRoundId, version: i64, ends_on: Option<NaiveDate> },
    /// Asks more people in a round.
    Ask { round: ClearanceRoundId, version: i64, asked: Vec<ToAsk> },
    /// Lets a round end on another day.
    End { round: ClearanceRoundId, version: i64, ends_on: Option<NaiveDate> },
    /// Closes a round.
    Close { round: ClearanceRoundId, version: i64 },
}

/// A text of a form. Browsers end lines as nobody else here does.
fn lines(fields: &Fields, name: &str) -> Option<String> {
    fields.one(name).map(|text| text.replace("\r\n", "\n"))
}

/// Somebody who can be asked, as it stands in a field.
pub fn code(asked: Asked) -> Option<String> {
    match asked {
        Asked::Body(id) => Some(format!("body.{id}")),
        Asked::Person(id) => id.map(|id| format!("person.{id}")),
    }
}

fn asked(text: &str) -> Option<Asked> {
    match text.split_once('.')? {
        ("body", id) => id.parse().ok().map(Asked::Body),
        ("person", id) => id.parse().ok().map(|id| Asked::Person(Some(id))),
        _ => None,
    }
}

/// Whoever is ticked; whose agreement is needed is asked, too.
fn to_ask(fields: &Fields) -> Vec<ToAsk> {
    let needed: Vec<Asked> = fields.all("needed").filter_map(asked).collect();
    let also = fields.all("asked").filter_map(asked).filter(|one| !needed.contains(one));
    let also: Vec<Asked> = also.collect();
    let needed = needed.into_iter().map(|asked| ToAsk { asked, needed: true });
    needed.chain(also.into_iter().map(|asked| ToAsk { asked, needed: false })).collect()
}

impl Act {
    /// What a form was sent with; nothing when it is no form of ours.
    pub fn read(fields: &Fields) -> Option<Self> {
        let version = fields.parsed("version").unwrap_or(0);
        let party = fields.parsed("for");
        Some(match fields.one("action")? {
            "agree" => Self::Agree {
                party,
                sha256: fields.text("sha256").unwrap_or_default(),
                shown: fields.all("shown").filter_map(Shown::read).collect(),
                unnamed: fields.is_ticked("unnamed"),
            },
            "object" => Self::Object {
                party,
                paragraph: fields.parsed("at"),
                reason: lines(fields, "reason"),
            },
            "send" => Self::Send { party },
            "take_back" => Self::TakeBack { party, objection: fields.parsed("objection")? },
            "confirm" => Self::decide(fields, version, PositionDecision::Confirm)?,
            "reject" => Self::decide(fields, version, PositionDecision::Reject)?,
            "withdraw" => Self::decide(fields, version, PositionDecision::Withdraw)?,
            "comment" => Self::Comment {
                party,
                on: fields.parsed("at").map(|at| (at, version)),
                quote: lines(fields, "quote"),
                text: lines(fields, "text").unwrap_or_default(),
            },
            "accepted" => Self::answer(fields, version, CommentAnswer::Accepted)?,
            "not_taken" => Self::answer(fields, version, CommentAnswer::NotTaken)?,
            "drop" => Self::Drop { comment: fields.parsed("comment")?, version },
            "override" => Self::Override {
                despite: match fields.parsed("objection") {
                    Some(objection) => Despite::Objection(objection),
                    None => Despite::Missing(fields.parsed("missing")?),
                },
                reason: lines(fields, "reason").unwrap_or_default(),
            },
            "open" => Self::Open {
                ends_on: fields.parsed("ends_on"),
                asked: to_ask(fields),
                participants: fields.parsed("participants"),
            },
            "participants" => Self::AskParticipants {
                round: fields.parsed("round")?,
                version,
                ends_on: fields.parsed("participants"),
            },
            "ask" => Self::Ask { round: fields.parsed("round")?, version, asked: to_ask(fields) },
            "end" => Self::End {
                round: fields.parsed("round")?,
                version,
                ends_on: fields.parsed("ends_on"),
            },
            "close" => Self::Close { round: fields.parsed("round")?, version },
            _ => return None,
        })
    }

    fn decide(fields: &Fields, version: i64, decision: PositionDecision) -> Option<Self> {
        let note = lines(fields, "note").filter(|_| decision == PositionDecision::Reject);
        Some(Self::Decide { position: fields.parsed("position")?, version, decision, note })
    }

    fn answer(fields: &Fields, version: i64, answer: CommentAnswer) -> Option<Self> {
        let text = lines(fields, "answer").unwrap_or_default();
        Some(Self::Answer { comment: fields.parsed("comment")?, version, answer, text })
    }

    /// Where on the page it is done.
    pub fn spot(&self) -> String {
        match self {
            // What changed meanwhile stands there.
            Self::Agree { .. } => "text".to_owned(),
            Self::Send { .. } => "agree".to_owned(),
            Self::Object { paragraph: Some(at), .. } | Self::Comment { on: Some((at, _)), .. } => {
                format!("at-{at}")
            }
            Self::Object { .. } | Self::Comment { .. } => "whole".to_owned(),
            Self::TakeBack { objection, .. } => format!("objection-{objection}"),
            Self::Decide { position, .. } => format!("position-{position}"),
            Self::Answer { comment, .. } | Self::Drop { comment, .. } => {
                format!("remark-{comment}")
            }
            Self::Override { despite: Despite::Objection(id), .. } => format!("objection-{id}"),
            Self::Override { despite: Despite::Missing(id), .. } => format!("seat-{id}"),
            Self::Open { .. }
            | Self::AskParticipants { .. }
            | Self::Ask { .. }
            | Self::End { .. }
            | Self::Close { .. } => "round".to_owned(),
        }
    }

    /// Where one stays once it is done: beside the paragraph or comment; else one goes to the head of the page.
    pub fn stays(&self) -> Option<String> {
        let spot = self.spot();
        (spot.starts_with("at-") || spot.starts_with("remark-")).then_some(spot)
    }

    /// The paragraph that stands open when it was refused.
    pub fn at(&self) -> Option<ParagraphId> {
        match self {
            Self::Object { paragraph, .. } => *paragraph,
            Self::Comment { on, .. } => on.map(|(at, _)| at),
            _ => None,
        }
    }

    /// For whom it is done.
    pub fn party(&self) -> Option<PartyId> {
        match self {
            Self::Agree { party, .. }
            | Self::Object { party, .. }
            | Self::Send { party }
            | Self::TakeBack { party, .. }
            | Self::Comment { party, .. } => *party,
            _ => None,
        }
    }
}

text_enum! {
    /// What an address says was done.
    pub enum Noted {
        /// It is recorded.
        Recorded => "recorded",
        /// It is proposed to the other members of the body.
        Proposed => "proposed",
        /// A comment is kept, and members of the body alone see it yet.
        Kept => "kept",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<Act> {
        Act::read(&Fields::of(body.as_bytes()))
    }

    const ID: &str = "0175db2d-9900-7012-8707-070707070707";

    #[test]
    fn a_form_is_read_and_what_is_none_is_nothing() {
        let agree = format!("action=agree&sha256=ab&shown={ID}.cd.3&shown={ID}.ef.&shown=x");
        let Some(Act::Agree { shown, unnamed: false, .. }) = read(&agree) else {
            panic!("{agree}")
        };
        assert_eq!(shown.iter().map(|one| one.version).collect::<Vec<_>>(), [Some(3), None]);
        assert_eq!(shown.first().map(Shown::code), Some(format!("{ID}.cd.3")));
        for none in ["", "action=answer", "action=accepted", "action=override", "action=publish"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn whose_agreement_is_needed_is_asked_once() {
        let body = format!(
            "action=open&ends_on=2020-10-12&asked=body.{ID}&needed=body.{ID}&asked=person.{ID}&asked=x.{ID}"
        );
        let Some(Act::Open { ends_on: Some(_), asked, participants: None }) = read(&body) else {
            panic!("{body}")
        };
        assert_eq!(asked.iter().map(|one| one.needed).collect::<Vec<_>>(), [true, false]);
        for one in asked {
            assert_eq!(code(one.asked).as_deref().and_then(super::asked), Some(one.asked));
        }
    }
}
