//! The closed lists of reasons that are given with decisions, as whom a decision concerns reads them. Each list is that of its feature;
//! here they stand side by side, in six languages.

use std::collections::BTreeMap;

use crate::i18n::{self, Language};
use crate::inputs::SetAsideReason;
use crate::pages::say;
use crate::text_enum;
use crate::vocabulary::{DeclineReason, ReasonCode};

mod feature;
pub mod http;

pub use feature::FEATURE;

text_enum! {
    /// A decision that is given with a reason of a closed list.
    pub enum Reasoned {
        /// A registration is declined.
        DeclineRegistration => "decline_registration",
        /// An offer to co-organize is declined.
        DeclineOffer => "decline_offer",
        /// An input is set aside.
        SetInputAside => "set_input_aside",
    }
}

/// A reason with what it is called in each language.
#[derive(Debug)]
pub struct Reason {
    /// Its code.
    pub code: &'static str,
    /// What whom it concerns is told.
    pub titles: BTreeMap<&'static str, &'static str>,
}

impl Reasoned {
    /// Its reasons, in their order.
    pub fn reasons(self) -> Vec<Reason> {
        match self {
            Self::DeclineRegistration => {
                let of = |code: &ReasonCode| {
                    reason(code.as_str(), |language| i18n::mails(language).reason(*code))
                };
                ReasonCode::ALL.iter().map(of).collect()
            }
            Self::DeclineOffer => {
                let of = |code: &DeclineReason| {
                    reason(code.as_str(), |language| i18n::mails(language).offer_reason(*code))
                };
                DeclineReason::ALL.iter().map(of).collect()
            }
            Self::SetInputAside => {
                let of = |code: &SetAsideReason| {
                    reason(code.as_str(), |language| say::why_set_aside(*code, language))
                };
                SetAsideReason::ALL.iter().map(of).collect()
            }
        }
    }
}

fn reason(code: &'static str, title: impl Fn(Language) -> &'static str) -> Reason {
    let titles = Language::ALL.iter().map(|language| (language.as_str(), title(*language)));
    Reason { code, titles: titles.collect() }
}
