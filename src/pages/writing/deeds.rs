//! What is done on the page of a draft, as its forms are sent. Pure.

use super::shaping::Shaping;
use crate::inputs::InputId;
use crate::pages::fields::Fields;
use crate::reference::ObjectiveNumber;
use crate::reports::Amendment;
use crate::reports::suggestions::{SuggestionDecision, SuggestionKind};
use crate::reports::{EditionId, OmissionId, Omitted, ParagraphId, ReportState, SectionId, Source};
use crate::text_enum;
use crate::vocabulary::{PartyId, SuggestionId};

/// What a drafter wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Inline Markdown.
    pub text: String,
    /// The inputs that it rests on.
    pub inputs: Vec<InputId>,
    /// The one objective of a joint cluster that it is about.
    pub objective: Option<ObjectiveNumber>,
    /// Why it rests on no input.
    pub reason: Option<String>,
}

impl Written {
    fn read(fields: &Fields) -> Self {
        let number = fields.parsed::<i64>("objective");
        Self {
            text: lines(fields, "text").unwrap_or_default(),
            inputs: fields.all("input").filter_map(|id| id.parse().ok()).collect(),
            objective: number.and_then(|number| number.try_into().ok()),
            reason: lines(fields, "reason"),
        }
    }
}

/// Where something is done that stands open on the page: one at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Open {
    /// Nothing.
    #[default]
    Nothing,
    /// A paragraph.
    At(ParagraphId),
    /// A new paragraph after one.
    After(ParagraphId),
    /// A section: its heading, and a new paragraph at its end.
    In(SectionId),
    /// Something that nothing uses yet.
    Unused(Omitted),
    /// The outline: a new section.
    Outline,
    /// The next step of the report.
    Step,
}

impl Open {
    /// What an address asks for.
    pub fn read(query: &Fields) -> Self {
        let paragraph = |name| query.parsed::<ParagraphId>(name);
        if let Some(id) = paragraph("at") {
            return Self::At(id);
        }
        if let Some(id) = paragraph("after") {
            return Self::After(id);
        }
        if let Some(id) = query.parsed("in") {
            return Self::In(id);
        }
        if query.is_ticked("outline") {
            return Self::Outline;
        }
        omitted(query, "use").map_or(Self::Nothing, Self::Unused)
    }
}

/// What could be used and is named in a field: an input by its id, a paragraph of an edition by that of the edition and its number.
fn omitted(fields: &Fields, name: &str) -> Option<Omitted> {
    let text = fields.one(name)?;
    match text.split_once('.') {
        Some((edition, number)) => {
            let edition_id: EditionId = edition.parse().ok()?;
            Some(Omitted::Source(Source { edition_id, number: number.parse().ok()? }))
        }
        None => text.parse().ok().map(Omitted::Input),
    }
}

/// As it stands in an address or a field.
pub fn code(omitted: Omitted) -> String {
    match omitted {
        Omitted::Input(id) => id.to_string(),
        Omitted::Source(source) => format!("{}.{}", source.edition_id, source.number),
    }
}

/// A text of a form. Browsers end lines as nobody else here does.
fn lines(fields: &Fields, name: &str) -> Option<String> {
    fields.one(name).map(|text| text.replace("\r\n", "\n"))
}

/// Something to be done. What is changed is named with the version that the page showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Changes a paragraph.
    Edit { at: ParagraphId, version: i64, written: Written },
    /// Gives a paragraph back to the data that it is computed from.
    Compute { at: ParagraphId, version: i64 },
    /// Adds a paragraph to a section, after another one or at its end.
    Add {
        section: SectionId,
        after: Option<ParagraphId>,
        source: Option<InputId>,
        written: Written,
    },
    /// Heads a section otherwise, or as usual.
    Head { section: SectionId, version: i64, heading: Option<String> },
    /// Changes the outline.
    Shape(Shaping),
    /// Puts a paragraph elsewhere.
    Move { at: ParagraphId, version: i64, section: SectionId, position: u32 },
    /// Removes a paragraph.
    Delete { at: ParagraphId, version: i64 },
    /// Suggests something for a paragraph.
    Suggest {
        at: ParagraphId,
        made_from: i64,
        kind: SuggestionKind,
        text: Option<String>,
        comment: Option<String>,
        party: Option<PartyId>,
    },
    /// Decides a suggestion.
    Decide {
        at: ParagraphId,
        suggestion: SuggestionId,
        version: i64,
        decision: SuggestionDecision,
        text: Option<String>,
        seen: Option<i64>,
        reason: Option<String>,
    },
    /// Says something about a suggestion.
    Comment { at: ParagraphId, suggestion: SuggestionId, text: String },
    /// Leaves something out.
    Omit { omitted: Omitted, reason: String },
    /// Takes back that something is left out.
    Unomit { omission: OmissionId, version: i64 },
    /// Lets a finding of the checks pass.
    Waive { at: Option<ParagraphId>, finding: String, reason: String },
    /// Takes the report on its way, or back.
    Step { version: i64, to: ReportState, amendment: Option<Amendment>, reason: Option<String> },
    /// Proposes to publish an edition.
    Publish { version: i64, symbol: Option<String> },
}

impl Act {
    /// What a form was sent with; nothing when it is no form of ours.
    pub fn read(fields: &Fields) -> Option<Self> {
        let version = fields.parsed("version").unwrap_or(0);
        let at = || fields.parsed::<ParagraphId>("at");
        Some(match fields.one("action")? {
            "edit" => Self::Edit { at: at()?, version, written: Written::read(fields) },
            "compute" => Self::Compute { at: at()?, version },
            "add" => Self::Add {
                section: fields.parsed("section")?,
                after: fields.parsed("after"),
                source: fields.parsed("source"),
                written: Written::read(fields),
            },
            "head" => Self::Head {
                section: fields.parsed("section")?,
                version,
                heading: fields.text("heading"),
            },
            "move" => {
                let (section, position) = fields.one("place")?.split_once('.')?;
                let (section, position) = (section.parse().ok()?, position.parse().ok()?);
                Self::Move { at: at()?, version, section, position }
            }
            "delete" => Self::Delete { at: at()?, version },
            "suggest" => {
                let kind = fields.parsed("kind")?;
                let text = lines(fields, "text").filter(|_| kind != SuggestionKind::Delete);
                let comment = lines(fields, "comment");
                let party = fields.parsed("for");
                Self::Suggest { at: at()?, made_from: version, kind, text, comment, party }
            }
            "accept" => Self::decide(fields, SuggestionDecision::Accept)?,
            "reject" => Self::decide(fields, SuggestionDecision::Reject)?,
            "withdraw" => Self::decide(fields, SuggestionDecision::Withdraw)?,
            "comment" => Self::Comment {
                at: at()?,
                suggestion: fields.parsed("suggestion")?,
                text: lines(fields, "comment").unwrap_or_default(),
            },
            "omit" => Self::Omit {
                omitted: omitted(fields, "omitted")?,
                reason: lines(fields, "reason").unwrap_or_default(),
            },
            "unomit" => Self::Unomit { omission: fields.parsed("omission")?, version },
            "waive" => Self::Waive {
                at: at(),
                finding: fields.one("finding")?.to_owned(),
                reason: lines(fields, "reason").unwrap_or_default(),
            },
            "step" => Self::Step {
                version,
                to: fields.parsed("to")?,
                amendment: fields.parsed("amendment"),
                reason: lines(fields, "reason"),
            },
            "publish" => Self::Publish { version, symbol: fields.text("symbol") },
            _ => return Shaping::read(fields).map(Self::Shape),
        })
    }

    fn decide(fields: &Fields, decision: SuggestionDecision) -> Option<Self> {
        let reason = lines(fields, "reason").filter(|_| decision == SuggestionDecision::Reject);
        let text = lines(fields, "text").filter(|_| decision == SuggestionDecision::Accept);
        Some(Self::Decide {
            at: fields.parsed("at")?,
            suggestion: fields.parsed("suggestion")?,
            version: fields.parsed("version").unwrap_or(0),
            decision,
            seen: text.as_ref().and_then(|_| fields.parsed("seen")),
            text,
            reason,
        })
    }

    /// What stands open when it was refused.
    pub fn open(&self) -> Open {
        match self {
            Self::Edit { at, .. }
            | Self::Compute { at, .. }
            | Self::Move { at, .. }
            | Self::Delete { at, .. }
            | Self::Suggest { at, .. }
            | Self::Decide { at, .. }
            | Self::Comment { at, .. } => Open::At(*at),
            Self::Add { after: Some(after), .. } => Open::After(*after),
            Self::Add { source: Some(input), .. } => Open::Unused(Omitted::Input(*input)),
            Self::Add { section, .. } | Self::Head { section, .. } => Open::In(*section),
            Self::Shape(shaping) => shaping.section().map_or(Open::Outline, Open::In),
            Self::Omit { omitted, .. } => Open::Unused(*omitted),
            // It stands beside its paragraph, opened or not.
            Self::Unomit { .. } | Self::Waive { .. } => Open::Nothing,
            Self::Step { .. } | Self::Publish { .. } => Open::Step,
        }
    }

    /// The words that somebody wrote in it, which must not be lost.
    pub fn words(&self) -> Option<&str> {
        let text = match self {
            Self::Edit { written, .. } | Self::Add { written, .. } => Some(written.text.as_str()),
            Self::Suggest { text, .. } | Self::Decide { text, .. } => text.as_deref(),
            Self::Comment { text, .. } => Some(text.as_str()),
            Self::Head { heading, .. } => heading.as_deref(),
            Self::Shape(shaping) => shaping.heading(),
            Self::Omit { reason, .. } | Self::Waive { reason, .. } => Some(reason.as_str()),
            Self::Step { reason, .. } => reason.as_deref(),
            Self::Compute { .. }
            | Self::Move { .. }
            | Self::Delete { .. }
            | Self::Unomit { .. }
            | Self::Publish { .. } => None,
        };
        text.filter(|text| !text.is_empty())
    }
}

text_enum! {
    /// What an address says was done.
    pub enum Done {
        /// Something of a paragraph or section was saved.
        Saved => "saved",
        /// A paragraph was added.
        Added => "added",
        /// A paragraph was put elsewhere.
        Moved => "moved",
        /// A paragraph was removed.
        Deleted => "deleted",
        /// A section was added.
        SectionAdded => "section_added",
        /// A section was put elsewhere.
        SectionMoved => "section_moved",
        /// A section was joined with another one.
        Joined => "joined",
        /// A section was split off.
        Split => "split",
        /// Views that diverge were set beside each other.
        SetApart => "set_apart",
        /// A section was removed.
        SectionRemoved => "section_removed",
        /// Something was suggested.
        Suggested => "suggested",
        /// A suggestion was decided, or something said about it.
        Decided => "decided",
        /// Something is left out.
        Omitted => "omitted",
        /// Something is to be used again.
        Unomitted => "unomitted",
        /// The report went on, or back.
        Stepped => "stepped",
        /// It was proposed to publish it.
        Proposed => "proposed",
        /// It was published.
        Published => "published",
        /// Nothing: what stood open was closed.
        Closed => "closed",
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
        let edit =
            format!("action=edit&at={ID}&version=3&text=One%0D%0A%0D%0ATwo&input={ID}&input=x");
        let Some(Act::Edit { version: 3, written, .. }) = read(&edit) else { panic!("{edit}") };
        assert_eq!((written.text.as_str(), written.inputs.len()), ("One\n\nTwo", 1));
        let place = read(&format!("action=move&at={ID}&version=1&place={ID}.4"));
        assert!(matches!(place, Some(Act::Move { position: 4, .. })));
        // What would be of no use is not sent on.
        let delete = read(&format!("action=suggest&at={ID}&version=1&kind=delete&text=x"));
        assert!(matches!(delete, Some(Act::Suggest { text: None, .. })));
        for none in ["", "action=edit", "action=publish_all", "action=move&place=1", "text=x"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_open_is_said_by_the_address() {
        let open = |query: &str| Open::read(&Fields::of(query.as_bytes()));
        assert!(matches!(open(&format!("at={ID}")), Open::At(_)));
        assert!(matches!(open(&format!("in={ID}")), Open::In(_)));
        let Open::Unused(source) = open(&format!("use={ID}.12")) else { panic!() };
        assert_eq!(code(source), format!("{ID}.12"));
        assert_eq!(open("at=nobody"), Open::Nothing);
    }
}
