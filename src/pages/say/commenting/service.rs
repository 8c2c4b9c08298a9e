//! What the pages of the draft that participants are asked about take from the features, each in one transaction. Opening them writes
//! nothing.

use crate::consultations::{Consultation, ConsultationId};
use crate::document::Document;
use crate::inputs::hearings::service as hearings;
use crate::inputs::hearings::{HeardDraft, HeardPortion, Hearing, Observed};
use crate::pages::fields::Fields;
use crate::problem::Problem;
use crate::render;
use crate::reports::Report;
use crate::reports::clearance::hearing::service::{self as hearing, OpenHearing};
use crate::vocabulary::ContributionId;
use crate::voices::contributions::service as contributions;
use crate::voices::mixing::service::Schedule;
use crate::voices::observing::{OwnObservation, service as observing};
use crate::voices::receipts::service as receipts;
use crate::work::Work;

/// The draft as it was frozen for participants.
pub struct OpenDraft {
    /// The report.
    pub report: Report,
    /// Until when something can be said of it.
    pub hearing: Hearing,
    /// It in portions.
    pub portions: Vec<HeardPortion>,
    /// The document that it was taken from.
    pub document: Option<Document>,
}

impl OpenDraft {
    fn of(open: OpenHearing) -> Result<Self, Problem> {
        let OpenHearing { report, hearing, draft: HeardDraft { portions, document, .. } } = open;
        let document = document.map(|text| render::json::read(text.as_bytes())).transpose();
        Ok(Self { document: document.map_err(Problem::internal)?, portions, report, hearing })
    }
}

/// The draft, for whoever is confirmed.
pub fn read(work: &mut Work, id: ConsultationId) -> Result<OpenDraft, Problem> {
    hearing::read(work, id).and_then(OpenDraft::of)
}

/// Whether participants are asked about a draft now.
pub fn is_open(work: &mut Work, consultation: &Consultation) -> Result<bool, Problem> {
    Ok(hearings::open(work, consultation)?.is_some())
}

/// What is needed to say something of the draft.
pub struct ReadingDesk {
    /// The consultation.
    pub consultation: Consultation,
    /// The draft, while participants are asked.
    pub open: Option<OpenDraft>,
    /// What was said of it, and of earlier ones, by the receipt.
    pub own: Vec<OwnObservation>,
    /// When what waits is mixed.
    pub schedule: Schedule,
}

/// What is needed to say something of the draft; 404 for whatever is no receipt.
pub fn desk(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<ReadingDesk, Problem> {
    let (consultation, _) = receipts::holder(work, id, receipt)?;
    let open = hearing::open(work, &consultation)?;
    Ok(ReadingDesk {
        open: open.map(OpenDraft::of).transpose()?,
        own: observing::own(work, id, receipt)?,
        schedule: contributions::schedule(work, id)?,
        consultation,
    })
}

/// What somebody does on the page.
#[derive(Debug, Clone)]
pub enum Act {
    /// Looks at what they are about to say.
    Look(Observed),
    /// Goes on writing it.
    Edit(Observed),
    /// Says it.
    Send(Observed),
    /// Says something else in its place.
    Change(ContributionId, Observed),
    /// Deletes it.
    Delete(ContributionId),
}

impl Act {
    /// What a form was sent with; none when that is nothing of this.
    pub fn read(fields: &Fields) -> Option<Self> {
        let said = || {
            Some(Observed {
                portion_id: fields.parsed("portion")?,
                quote: fields.text("quote"),
                body: fields.text("body").unwrap_or_default(),
                // It is not asked, and is not that of the page.
                language: "und".to_owned(),
            })
        };
        Some(match fields.one("action")? {
            "look" => Self::Look(said()?),
            "edit" => Self::Edit(said()?),
            "send" => Self::Send(said()?),
            "change" => Self::Change(fields.parsed("observation")?, said()?),
            "delete" => Self::Delete(fields.parsed("observation")?),
            _ => return None,
        })
    }

    /// What was typed.
    pub fn said(&self) -> Option<&Observed> {
        match self {
            Self::Look(said) | Self::Edit(said) | Self::Send(said) | Self::Change(_, said) => {
                Some(said)
            }
            Self::Delete(_) => None,
        }
    }

    /// What it changes.
    pub fn changes(&self) -> Option<ContributionId> {
        match self {
            Self::Change(id, _) => Some(*id),
            _ => None,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Nothing was done yet.
    Looked,
    /// It waits.
    Said,
    /// It was said before.
    SaidAgain,
    /// It says something else.
    Changed(ContributionId),
    /// It is gone.
    Deleted(ContributionId),
}

/// Does it.
pub fn act(work: &mut Work, id: ConsultationId, receipt: &str, act: &Act) -> Result<Done, Problem> {
    match act {
        Act::Look(said) | Act::Edit(said) => {
            observing::check(work, id, receipt, said.clone()).map(|_| Done::Looked)
        }
        Act::Send(said) => {
            let (_, new) = observing::observe(work, id, receipt, said.clone())?;
            Ok(if new { Done::Said } else { Done::SaidAgain })
        }
        Act::Change(one, said) => {
            observing::change(work, id, receipt, *one, said.clone())?;
            Ok(Done::Changed(*one))
        }
        Act::Delete(one) => {
            observing::delete(work, id, receipt, *one)?;
            Ok(Done::Deleted(*one))
        }
    }
}
