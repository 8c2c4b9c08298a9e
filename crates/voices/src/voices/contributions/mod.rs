//! What is done by receipt: contributing, looking up what was said before, following, changing, answering, taking back, supporting.
//! Nobody is asked who they are, and nothing here can know it. Everything waits as ciphertext until it is mixed.

pub mod bodies;
pub mod http;
pub mod service;

use crate::inputs::contributed::Said;
use crate::inputs::windows::Moment;
use crate::inputs::{InputId, InputState, SetAsideReason};
use crate::vocabulary::ContributionId;
pub use crate::voices::counting::Late;
use crate::voices::observing::OwnObservation;

/// One contribution, as its contributor sees it.
#[derive(Debug, Clone)]
pub struct Contribution {
    /// Its id: another one once it is mixed.
    pub id: ContributionId,
    /// What it says.
    pub said: Said,
    /// The window it came in.
    pub moment: Option<Moment>,
    /// What became of it once it was mixed; none while it waits.
    pub mixed: Option<Mixed>,
    /// Why it could not be mixed as it is.
    pub unfit: Option<String>,
    /// What its contributor may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

/// What became of a contribution that was mixed.
#[derive(Debug, Clone)]
pub struct Mixed {
    /// How far it has come.
    pub state: InputState,
    /// What its contributor is asked.
    pub question: Option<String>,
    /// Why it was set aside.
    pub reason_code: Option<SetAsideReason>,
    /// What there is to say to that.
    pub note: Option<String>,
    /// What it will say once a change is mixed.
    pub change: Option<Said>,
    /// Whether it will be taken back when that is mixed.
    pub withdrawal_waits: bool,
    /// What came too late.
    pub late: Option<Late>,
    /// Why it stays in the report though its contributor wants to take it back.
    pub kept_because: Option<String>,
}

/// An input that somebody supports.
#[derive(Debug, Clone)]
pub struct Supported {
    /// Which.
    pub input: InputId,
    /// Its text, as long as it is shown to participants.
    pub body: Option<String>,
    /// Whether that, or taking it back, waits to be mixed.
    pub waits: bool,
}

/// Everything of a holder.
#[derive(Debug, Clone)]
pub struct Own {
    /// What they contributed: first what waits.
    pub contributions: Vec<Contribution>,
    /// What they support.
    pub supports: Vec<Supported>,
    /// What they said of drafts.
    pub observations: Vec<OwnObservation>,
}
