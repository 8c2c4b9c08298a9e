//! A draft as checks see it, and what they hold it against. Keys are the caller's, and opaque here. It must never know who contributed
//! an input, nor where any of this is kept.

use std::collections::BTreeSet;

/// A whole draft.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its sections in reading order, each behind the one that it stands in.
    pub sections: Vec<Section>,
    /// Keys of inputs that were left out with a reason.
    pub omitted: BTreeSet<String>,
    /// Most words that it may have.
    pub most_words: Option<usize>,
    /// Words that are printed beside its paragraphs and headings: summary, tables, annex.
    pub other_words: usize,
    /// Reports that it is not compiled from in their newest edition.
    pub outdated: Vec<Outdated>,
}

/// A report that a paper is not compiled from in its newest edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outdated {
    /// The place of its consultation in the series, from 1.
    pub ordinal: i32,
    /// The number of the edition that the paper is compiled from; none where it is compiled from none.
    pub used: Option<i32>,
    /// The number of the newest.
    pub newest: i32,
}

/// Whether people are named where a section tells what they said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Attribution {
    /// By name, where they agreed to it.
    OnRecord,
    /// By nobody's name.
    #[default]
    ChathamHouse,
}

/// A section: its heading, and the paragraphs that stand directly in it.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Which one.
    pub key: String,
    /// As it is printed, without its number; none where it has none.
    pub heading: Option<String>,
    /// Whether nothing can refer to it: it is not printed, or without a number.
    pub unnumbered: bool,
    /// How deep it stands, from 1.
    pub level: u8,
    /// Whether people are named.
    pub attribution: Attribution,
    /// Whether it tells what came out of the consultation, so that each paragraph must rest on something.
    pub outcome: bool,
    /// The objectives that it is about; none for all.
    pub objectives: Vec<u8>,
    /// The code of the input category that it is for.
    pub category: Option<String>,
    /// Its paragraphs in order.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph.
#[derive(Debug, Clone, Default)]
pub struct Paragraph {
    /// Which one; what `[](#key)` refers to.
    pub key: String,
    /// The number that it is printed with.
    pub number: Option<u32>,
    /// Inline Markdown, as `rapporteur_document`'s `inline` reads it.
    pub text: String,
    /// Whether it is written from data and not by a person.
    pub computed: bool,
    /// Why it rests on no input.
    pub editorial_reason: Option<String>,
    /// The inputs that it rests on.
    pub cites: Vec<Citation>,
    /// How many paragraphs of published editions it rests on.
    pub sources: usize,
    /// What it rests on that has changed since.
    pub stale: Vec<Stale>,
}

/// What became of an input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// It can be used.
    #[default]
    Accepted,
    /// It waits for somebody to read it.
    Submitted,
    /// It became part of another.
    Merged,
    /// It went back with a question.
    Returned,
    /// Whoever contributed it took it back.
    Withdrawn,
    /// It is not used, for a reason.
    SetAside,
}

/// How many voices said something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Voices {
    /// One.
    One,
    /// Fewer than five.
    Few,
    /// Five and more.
    Several,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// An input that a paragraph rests on.
#[derive(Debug, Clone, Default)]
pub struct Citation {
    /// Which one.
    pub key: String,
    /// What became of it.
    pub state: State,
    /// The objectives that it is about.
    pub objectives: Vec<u8>,
    /// The code of its category.
    pub category: Option<String>,
    /// Whether it tells what somebody lived through.
    pub testimony: bool,
    /// Whether its words must not be repeated.
    pub do_not_quote: bool,
    /// How many said it.
    pub voices: Voices,
}

/// Why a paragraph is not up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stale {
    /// It is written from data that changed since.
    Data,
    /// It rests on an edition that is not the newest.
    Edition,
}

/// What was contributed.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// Everything that reached the team, whatever became of it.
    pub inputs: Vec<Input>,
}

/// One contribution.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Which one.
    pub key: String,
    /// Its words.
    pub text: String,
    /// What became of it.
    pub state: State,
    /// Whether it tells what somebody lived through.
    pub testimony: bool,
    /// Whether its words must not be repeated.
    pub do_not_quote: bool,
}

impl Input {
    /// Whether no paragraph may repeat its words.
    pub const fn is_protected(&self) -> bool {
        self.testimony || self.do_not_quote || matches!(self.state, State::Withdrawn)
    }
}

/// Whom a text could name.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Everybody who registered, spoke or hosted.
    pub persons: Vec<Person>,
    /// Their organizations.
    pub organizations: Vec<Organization>,
}

/// Somebody.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// As the person writes it.
    pub name: String,
    /// Whether the person agreed to be named where a section is on record.
    pub may_be_named: bool,
    /// Addresses.
    pub emails: Vec<String>,
    /// Telephone numbers, in any notation.
    pub telephones: Vec<String>,
}

/// An organization that somebody comes from.
#[derive(Debug, Clone, Default)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// Its acronym.
    pub acronym: Option<String>,
}

/// Figures as they were released.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Single numbers.
    pub released: Vec<Released>,
    /// Groups of people of which a number was released: a country, a subregion, a sector.
    pub groups: Vec<Group>,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counted {
    /// Who took part, or some of them.
    People,
    /// Where they came from.
    Countries,
    /// Whom they came for.
    Organizations,
    /// How many consultations there were.
    Consultations,
}

/// A number that may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    /// Of what.
    pub of: Counted,
    /// How many.
    pub number: u32,
    /// Whether it is rounded, so that a text says “about”.
    pub about: bool,
    /// Whether it is the least that there are.
    pub or_more: bool,
}

/// A group of people whose number may be told.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// As a text would name it: “the Pacific”, “trade unions”.
    pub name: String,
    /// How many.
    pub people: u32,
}

/// An objective in its official words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objective {
    /// Its number.
    pub number: u8,
    /// Its title.
    pub title: String,
}
