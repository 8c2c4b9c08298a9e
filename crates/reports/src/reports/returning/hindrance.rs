//! What keeps something in a file from being taken over, and what can be done instead. Pages say it in their languages.

use std::fmt::{self, Display, Formatter};

use crate::render::docx::read::UnreadKind;

/// Why something is named only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// The paragraph was deleted here.
    DeletedHere,
    /// Its text has no meaning as inline Markdown, for this reason.
    Unreadable(String),
    /// The end of the paragraph, which the report writes, was changed.
    Citation,
    /// It is no paragraph of the draft.
    NoParagraph,
    /// The paragraph is computed.
    Computed,
    /// It stands before all sections.
    BeforeSections,
    /// In its section no paragraphs stand directly.
    NoParagraphsThere,
    /// Nothing but suggestions can be made at the moment, for this reason.
    Closed(String),
    /// Others draft the section.
    SectionOfOthers,
    /// It belongs to whoever drafts the report as a whole.
    WholeReport,
    /// It was changed here as well.
    ChangedHere,
    /// A computed paragraph would go to another section.
    ComputedStays,
    /// The heading is that of an objective.
    HeadingOfObjective,
    /// The heading is that of a cluster.
    HeadingOfCluster,
    /// A heading is gone.
    HeadingGone,
    /// A heading stands elsewhere.
    HeadingElsewhere,
    /// A new heading stands before all sections.
    HeadingBeforeSections,
    /// Nothing stands before a new heading in its section.
    HeadingFirst,
    /// No paragraph of the draft stands under a new heading.
    HeadingAlone,
    /// Captions come with their tables.
    Caption,
    /// Tables are written from data.
    TableFromData,
    /// A draft takes no other tables.
    TableAdded,
    /// Links, emphasis or cross-references were lost.
    MarksLost,
    /// It has another kind of style.
    Restyled,
    /// It is not read.
    Unread(UnreadKind),
    /// The line is written from what is set elsewhere.
    LineFromElsewhere,
    /// The first page has no such line.
    NoSuchLine,
    /// A line of the first page is gone or new.
    LineGone,
    /// A note stands in a heading.
    NoteInHeading,
    /// It is more than one line.
    SeveralLines,
    /// There are marks in a line that can have none.
    MarksInLine,
    /// A comment is on no paragraph of the draft.
    CommentElsewhere,
    /// A comment answers one that is on no paragraph of the draft.
    AnswerElsewhere,
    /// It was suggested before, or it answers what was said before.
    SuggestedBefore,
    /// What would be suggested is refused, for this reason.
    Refused(String),
}

impl Hindrance {
    /// What is known of it beside its kind, in English.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Unreadable(why) | Self::Closed(why) | Self::Refused(why) => Some(why),
            _ => None,
        }
    }
}

impl Display for Hindrance {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let by_hand = "add the section in the outline, if that is meant";
        let text = match self {
            Self::DeletedHere => {
                "the paragraph was deleted here meanwhile: bring it back first, then take the file again"
            }
            Self::Unreadable(why) => return write!(f, "it cannot be read: {why}"),
            Self::Closed(why) | Self::Refused(why) => why,
            Self::Citation => {
                "the end of it, which says what the paragraph rests on, is written by the report: leave it as it was"
            }
            Self::NoParagraph => "it is no paragraph of the draft",
            Self::Computed => {
                "this paragraph is computed from data: write another text in its place"
            }
            Self::BeforeSections => {
                "it stands before all sections: put it by hand where it belongs"
            }
            Self::NoParagraphsThere => {
                "no paragraphs stand directly in this section: put it into one of those in it"
            }
            Self::SectionOfOthers => "this section is drafted by others: ask them",
            Self::WholeReport => "this is changed by whoever drafts the report as a whole",
            Self::ChangedHere => {
                "it was changed here as well: change it by hand, as it shall stand"
            }
            Self::ComputedStays => "a computed paragraph stays in its section",
            Self::HeadingOfObjective => "objectives are headed as reference data have it",
            Self::HeadingOfCluster => {
                "the heading of a cluster is that of its objectives, as reference data have it"
            }
            Self::HeadingGone => {
                "a heading is gone in the file: join or remove the section in the outline, if that is meant"
            }
            Self::HeadingElsewhere => {
                "a heading stands elsewhere in the file: move the section in the outline, if that is meant"
            }
            Self::HeadingBeforeSections => {
                return write!(f, "it stands before all sections: {by_hand}");
            }
            Self::HeadingFirst => {
                return write!(f, "nothing stands before it in its section: {by_hand}");
            }
            Self::HeadingAlone => {
                return write!(f, "no paragraphs of the draft stand under it: {by_hand}");
            }
            Self::Caption => {
                "captions are written with their tables and charts: change what those are made from"
            }
            Self::TableFromData => {
                "tables are written from data: change the programme, the hosts or the figures"
            }
            Self::TableAdded => {
                "tables cannot be added to a draft: say in a paragraph what it tells"
            }
            Self::MarksLost => {
                "links, emphasis or cross-references in it were lost, or cannot stand where they stand: its words are read all the same"
            }
            Self::Restyled => {
                "it has another kind of style in the file, as a heading, with a number or without: add or join sections in the outline, if that is meant"
            }
            Self::Unread(kind) => unread(*kind),
            Self::LineFromElsewhere => {
                "this line is written from what is set elsewhere: change the consultation, the review or the masthead"
            }
            Self::NoSuchLine => "the first page has no such line: change the masthead by hand",
            Self::LineGone => {
                "a line of the first page is gone or new in the file: change the masthead by hand"
            }
            Self::NoteInHeading => "a note stands in it: headings of a draft have none",
            Self::SeveralLines => "it is more than one line",
            Self::MarksInLine => "there are marks in it that this line cannot have",
            Self::CommentElsewhere => "it is on no paragraph of the draft: answer it by hand",
            Self::AnswerElsewhere => {
                "it answers a comment on no paragraph of the draft: answer it by hand"
            }
            Self::SuggestedBefore => {
                "it was suggested or said before: see what stands beside the paragraph"
            }
        };
        f.write_str(text)
    }
}

fn unread(kind: UnreadKind) -> &'static str {
    match kind {
        UnreadKind::Hidden => "it is formatted as hidden text, and not read",
        UnreadKind::Struck => {
            "it is struck through by hand, which a draft cannot be: delete it if that is meant"
        }
        UnreadKind::Highlighted => {
            "it is marked with a colour, which a draft cannot be: say in a comment what it is for"
        }
        UnreadKind::Picture => "pictures are not read",
        UnreadKind::TextBox => "text boxes are not read: add their words by hand",
        UnreadKind::Embedded => "objects of other programs are not read",
        UnreadKind::Formula => "formulas are not read: write them in words",
        UnreadKind::Symbol => "characters of fonts of pictures are not read",
        UnreadKind::OtherFile => "what a word processor would fetch from another file is not read",
    }
}
