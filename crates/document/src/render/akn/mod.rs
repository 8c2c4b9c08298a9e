//! A document as Akoma Ntoso 3.0 (OASIS, LegalDocumentML 1.0) in the profile of the United Nations (AKN4UN): a summary report
//! is a `debateReport`, a conference room paper a `doc` in a `documentCollection`. Numbers, labels and markers are written out
//! as they are printed, and every part by which the document is cited has an `eId`. Must never compute a number or look at a
//! clock: the same document and the same [`Frbr`] give the same bytes.

mod body;
mod eid;
mod frbr;
mod front;
mod inlines;
mod language;
mod metadata;
pub mod profile;
mod table;
mod xml;

pub use frbr::{Frbr, Kind};
pub use language::alpha_3;

use crate::document::{Block, Document, Section, Words};
use eid::Plan;
use metadata::Described;
use xml::Xml;

/// The namespace of Akoma Ntoso 3.0.
pub const NAMESPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";

/// The value of a `Content-Type` header.
pub const MEDIA_TYPE: &str = "application/akn+xml";

/// The `eId` of the main body, under the prefix of its document.
const BODY: &str = "body";

/// Renders a document that has been numbered. One that has not is still valid Akoma Ntoso, with "?" as markers of its notes,
/// but breaks the [`profile`].
#[must_use]
pub fn render(document: &Document, frbr: &Frbr) -> Vec<u8> {
    let mut writer = Writer {
        document,
        frbr,
        words: Words::of(&document.meta.lang),
        plan: Plan::of(document, frbr.kind),
        xml: Xml::new(),
        holder: Holder::default(),
        scope: String::new(),
        in_note: false,
    };
    writer.root();
    writer.xml.finish()
}

/// What the parts of a rendering share.
struct Writer<'a> {
    document: &'a Document,
    frbr: &'a Frbr,
    words: &'static Words,
    plan: Plan<'a>,
    xml: Xml,
    holder: Holder,
    /// What begins the `eId` of a footnote: nothing before the text, then the scope of the plan.
    scope: String,
    /// A footnote holds no footnote; a document that has not been numbered might, even in a circle.
    in_note: bool,
}

/// The part that inlines stand in, whose `eId` begins theirs.
#[derive(Default)]
struct Holder {
    eid: String,
    references: usize,
}

impl<'a> Writer<'a> {
    fn root(&mut self) {
        self.xml.open("akomaNtoso", &[("xmlns", NAMESPACE)]);
        match self.frbr.kind {
            Kind::SummaryReport => self.report(),
            Kind::ConferenceRoomPaper => self.collection(),
        }
        self.xml.close();
    }

    fn report(&mut self) {
        let name = [("name", "meetingReport"), ("contains", "originalVersion")];
        self.xml.open_line("debateReport", &name);
        self.metadata(Described::Whole);
        self.cover_page();
        self.preface();
        self.main_body();
        self.xml.close();
    }

    /// The masthead and the summary belong to the collection, the text is its one component.
    fn collection(&mut self) {
        let name = [("name", "publication"), ("contains", "originalVersion")];
        self.xml.open_line("documentCollection", &name);
        self.metadata(Described::Whole);
        self.cover_page();
        self.preface();
        self.xml.open_line("collectionBody", &[]);
        self.xml.open_line("component", &[("eId", eid::COMPONENT)]);
        let name = [("name", "conferenceRoomPaper"), ("contains", "originalVersion")];
        self.xml.open_line("doc", &name);
        self.metadata(Described::Component);
        self.main_body();
        (0..4).for_each(|_| self.xml.close());
    }

    fn main_body(&mut self) {
        self.scope.clone_from(&self.plan.scope);
        let blocks = &self.document.blocks;
        let body: Vec<_> = blocks.iter().filter(|block| annex(block).is_none()).collect();
        let eid = format!("{}{BODY}", self.plan.scope);
        self.open_body(&eid, body.is_empty());
        body.into_iter().for_each(|block| self.block(block));
        self.xml.close();
        self.attachments(blocks.iter().filter_map(annex));
    }

    /// The schema wants something in a main body.
    fn open_body(&mut self, eid: &str, is_empty: bool) {
        let lang = self.document.meta.lang.as_str();
        self.xml.open_line("mainBody", &[("eId", eid), ("xml:lang", lang)]);
        if is_empty {
            self.xml.empty("p", &[]);
        }
    }

    fn attachments(&mut self, annexes: impl Iterator<Item = &'a Section>) {
        let mut count = 0;
        for annex in annexes {
            count += 1;
            if count == 1 {
                self.xml.open_line("attachments", &[]);
            }
            self.attachment(annex, count);
        }
        if count > 0 {
            self.xml.close();
        }
    }

    fn attachment(&mut self, annex: &'a Section, count: usize) {
        let named = self.plan.next();
        let eid = named.eid.as_str();
        let mut attributes = named.attributes();
        attributes.push(("xml:lang", self.document.meta.lang.as_str()));
        self.xml.open_line("attachment", &attributes);
        self.heading(annex, eid);
        self.xml.open_line("doc", &[("name", "annex"), ("contains", "originalVersion")]);
        self.metadata(Described::Annex(count));
        self.open_body(&format!("{eid}__{BODY}"), annex.blocks.is_empty());
        annex.blocks.iter().for_each(|block| self.block(block));
        (0..3).for_each(|_| self.xml.close());
    }
}

/// The annex that a block at the top of the document is, if it is one.
fn annex(block: &Block) -> Option<&Section> {
    match block {
        Block::Section(section) if section.annex => Some(section),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests;
