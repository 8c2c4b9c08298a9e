//! What a check has to say: which one it is, where, in a sentence, with what to change. It must never hold a word of the register or of
//! an input: whoever reads it learns of their own words alone.

use std::ops::Range;

/// Declares an enum with a stable text for each member.
macro_rules! coded {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $member:ident => $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $member,)+ }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$member => $code),+ }
            }

            /// The one with this code.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

coded! {
    /// What is looked for.
    pub enum Check {
        /// Names, addresses and organizations by which somebody could be told to have said something.
        Attribution => "attribution",
        /// What is told of “a participant” and may tell who it is.
        IdentifyingCombination => "identifying_combination",
        /// Words in quotation marks that nobody said, and words of inputs that must not be repeated.
        Quotation => "quotation",
        /// “A participant”, “many”, “all”, held against the voices of the inputs.
        Quantifier => "quantifier",
        /// Numbers of people, countries, organizations and consultations, held against what was released.
        Figure => "figure",
        /// What a paragraph rests on.
        Provenance => "provenance",
        /// Accepted inputs that are neither used nor left out.
        UseOfInputs => "use_of_inputs",
        /// References to paragraphs, and footnotes.
        Reference => "reference",
        /// Objectives by number and wording.
        Objective => "objective",
        /// The UN Editorial Manual.
        Style => "style",
        /// How many words there are.
        Length => "length",
        /// What those who do not see a page need.
        Accessibility => "accessibility",
        /// What rests on something that has changed.
        Freshness => "freshness",
    }
}

coded! {
    /// What a finding does to a report.
    pub enum Level {
        /// Somebody may look at it.
        Advises => "advises",
        /// The report does not leave until it is settled, or waived with a reason.
        Blocks => "blocks",
        /// The report does not leave until it is settled; nobody can waive it.
        BlocksAlways => "blocks_always",
    }
}

impl Level {
    /// Whether the report is held.
    pub const fn blocks(self) -> bool {
        !matches!(self, Self::Advises)
    }

    /// Whether a named person may let it pass, with a reason.
    pub const fn is_waivable(self) -> bool {
        matches!(self, Self::Blocks)
    }
}

/// Where something was found: nothing of it for the report as a whole, a section alone for its heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The key of the section.
    pub section: Option<String>,
    /// The key of the paragraph.
    pub paragraph: Option<String>,
    /// Where in the source of the paragraph, or in the heading: in characters (Unicode scalar values) from its beginning.
    pub range: Option<Range<usize>>,
}

/// Something to be changed, or to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check found it.
    pub check: Check,
    /// What of that check, as a stable code of its own (`name`, `email`); with [`Check::code`] it names a rule.
    pub rule: String,
    /// Where.
    pub place: Place,
    /// What is wrong. It may repeat words of the paragraph, and nothing else.
    pub sentence: String,
    /// What to do about it.
    pub remedy: String,
    /// What it does to the report.
    pub level: Level,
}

impl Finding {
    /// `attribution.name`: the check and what of it.
    pub fn code(&self) -> String {
        format!("{}.{}", self.check.code(), self.rule)
    }
}
