//! What a check has to say: which one it is, where, in a sentence, with what to change. It must never hold a word of the register or of
//! an input: whoever reads it learns of their own words alone.

use std::borrow::Cow;
use std::fmt;
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

/// Something that is told: a text in English in which each `{}` is a place, and what stands in these places. The text is what it is known
/// by in other languages (`config/i18n/checks.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Telling {
    /// The text.
    pub text: Cow<'static, str>,
    /// What stands in its places, in their order.
    pub with: Vec<String>,
}

impl Telling {
    /// A text with something in its places.
    pub fn new<S: Into<String>>(
        text: impl Into<Cow<'static, str>>,
        with: impl IntoIterator<Item = S>,
    ) -> Self {
        Self { text: text.into(), with: with.into_iter().map(Into::into).collect() }
    }

    /// The same in another language, whose text has as many places.
    pub fn in_words(&self, text: &str) -> String {
        let mut with = self.with.iter();
        let mut parts = text.split("{}");
        let mut told = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            told.push_str(with.next().map_or("", String::as_str));
            told.push_str(part);
        }
        told
    }
}

impl fmt::Display for Telling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_words(&self.text))
    }
}

impl From<&'static str> for Telling {
    fn from(text: &'static str) -> Self {
        Self { text: text.into(), with: Vec::new() }
    }
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
    pub sentence: Telling,
    /// What to do about it.
    pub remedy: Telling,
    /// What it does to the report.
    pub level: Level,
}

impl Finding {
    /// `attribution.name`: the check and what of it.
    pub fn code(&self) -> String {
        format!("{}.{}", self.check.code(), self.rule)
    }
}
