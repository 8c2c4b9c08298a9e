//! The `meta` of a document and of those inside it: identification as work, expression and manifestation, publication, life
//! cycle and references. Must never leave a reference without what it leads to.

use super::{
    Kind, Writer,
    frbr::{slug, written},
    language::alpha_3,
};
use chrono::NaiveDate;

/// Whose metadata is written.
#[derive(Clone, Copy)]
pub(super) enum Described {
    Whole,
    /// The text of a collection.
    Component,
    Annex(usize),
}

/// Every document is the work of the United Nations, whatever organ answers for it.
pub(super) const UNITED_NATIONS: &str = "organization_un";
const AUTHOR: &str = "organization_author";
const ROLE: &str = "role_author";
const ORIGINAL: &str = "original_1";

/// The addresses of one document on the three levels.
struct Addresses {
    work: String,
    expression: String,
    component: String,
}

impl Writer<'_> {
    /// The organization that answers for the document, which may be the United Nations as such.
    pub(super) fn author(&self) -> &'static str {
        if self.author_code() == "un" { UNITED_NATIONS } else { AUTHOR }
    }

    fn author_code(&self) -> String {
        slug(&self.frbr.author_code).to_ascii_lowercase()
    }

    pub(super) fn metadata(&mut self, part: Described) {
        let addresses = self.addresses(part);
        self.xml.open_line("meta", &[]);
        self.xml.open_line("identification", &[("source", &reference(self.author()))]);
        self.work(part, &addresses);
        self.expression(&addresses);
        self.manifestation(&addresses);
        self.xml.close();
        if matches!(part, Described::Whole) {
            self.publication();
            self.lifecycle();
            self.references(&addresses);
        }
        self.xml.close();
    }

    /// `/akn/un/debateReport/report/un-escap/2020-11-19/…/eng@2020-12-18/!main.xml`: work, then expression, then manifestation.
    fn addresses(&self, part: Described) -> Addresses {
        let (frbr, kind) = (self.frbr, self.frbr.kind);
        let (document_type, subtype) = match (part, kind) {
            (Described::Component | Described::Annex(_), Kind::ConferenceRoomPaper) => {
                ("doc", "paper")
            }
            _ => (kind.document_type(), kind.subtype()),
        };
        let author = self.author_code();
        let (number, day) = (slug(&frbr.number), day(frbr.work_date));
        let work = format!("/akn/un/{document_type}/{subtype}/{author}/{day}/{number}");
        let language = alpha_3(&self.document.meta.lang);
        let version = written(frbr.expression_date).unwrap_or_default();
        let component = match part {
            Described::Whole | Described::Component => "!main".to_owned(),
            Described::Annex(count) => format!("!annex_{count}"),
        };
        Addresses { expression: format!("{work}/{language}@{version}"), work, component }
    }

    fn work(&mut self, part: Described, addresses: &Addresses) {
        let Addresses { work, component, .. } = addresses;
        let name = dated(self.frbr.work_date, self.frbr.kind.work_date_name());
        self.xml.open_line("FRBRWork", &[]);
        self.core(&format!("{work}/{component}"), work, true, (self.frbr.work_date, name));
        self.value("FRBRcountry", "un");
        let subtype = work.split('/').nth(4).unwrap_or_default();
        self.value("FRBRsubtype", subtype);
        let number = [("value", slug(&self.frbr.number)), ("showAs", self.frbr.number.clone())];
        self.xml.empty_line(
            "FRBRnumber",
            &number.each_ref().map(|(key, value)| (*key, value.as_str())),
        );
        if matches!(part, Described::Whole) {
            self.value("FRBRname", self.title());
        }
        // A report of what was said lays nothing down.
        self.value("FRBRprescriptive", "false");
        self.xml.close();
    }

    fn expression(&mut self, addresses: &Addresses) {
        let Addresses { expression, component, .. } = addresses;
        let date = self.frbr.expression_date;
        self.xml.open_line("FRBRExpression", &[]);
        let this = format!("{expression}/{component}");
        self.core(&this, expression, false, (date, dated(date, "expression")));
        let language = alpha_3(&self.document.meta.lang);
        self.xml.empty_line("FRBRlanguage", &[("language", &language)]);
        self.xml.close();
    }

    fn manifestation(&mut self, addresses: &Addresses) {
        let Addresses { expression, component, .. } = addresses;
        let date = self.frbr.expression_date;
        self.xml.open_line("FRBRManifestation", &[]);
        let this = format!("{expression}/{component}.xml");
        self.core(&this, &format!("{expression}.xml"), false, (date, dated(date, "markup")));
        self.value("FRBRformat", super::MEDIA_TYPE);
        self.xml.close();
    }

    /// What all three levels have. The identifier of the document names its work.
    fn core(
        &mut self,
        this: &str,
        uri: &str,
        is_work: bool,
        (date, name): (Option<NaiveDate>, &str),
    ) {
        self.value("FRBRthis", this);
        self.value("FRBRuri", uri);
        let identifier = &self.document.meta.identifier;
        if is_work && !identifier.is_blank() {
            let alias = [("value", identifier.as_str()), ("name", "identifier")];
            self.xml.empty_line("FRBRalias", &alias);
        }
        self.xml.empty_line("FRBRdate", &[("date", &day(date)), ("name", name)]);
        let author = [("href", &*reference(self.author())), ("as", &*reference(ROLE))];
        self.xml.empty_line("FRBRauthor", &author);
    }

    fn publication(&mut self) {
        let (frbr, title) = (self.frbr, self.title().to_owned());
        let name = match frbr.kind {
            Kind::SummaryReport => "report",
            Kind::ConferenceRoomPaper => "CRP",
        };
        let day = day(frbr.expression_date);
        let mut attributes = vec![("date", day.as_str()), ("name", name), ("showAs", &title)];
        let symbol = &self.document.meta.symbol;
        if !symbol.is_blank() {
            attributes.push(("number", symbol.as_str()));
        }
        self.xml.empty_line("publication", &attributes);
    }

    fn lifecycle(&mut self) {
        let day = day(self.frbr.expression_date);
        self.xml.open_line("lifecycle", &[("source", &reference(self.author()))]);
        let source = reference(ORIGINAL);
        let event =
            [("eId", "eref_1"), ("date", &*day), ("source", &source), ("type", "generation")];
        self.xml.empty_line("eventRef", &event);
        self.xml.close();
    }

    fn references(&mut self, addresses: &Addresses) {
        let frbr = self.frbr;
        self.xml.open_line("references", &[("source", &reference(self.author()))]);
        let shown = if frbr.number.is_empty() { self.title() } else { &frbr.number }.to_owned();
        self.entry("original", ORIGINAL, &addresses.expression, &shown);
        let organization = "/akn/ontology/organization/un";
        if self.author() == AUTHOR {
            let href = format!("{organization}/{}", self.author_code());
            self.entry("TLCOrganization", AUTHOR, &href, &frbr.author_name);
        }
        let united_nations = self.words.united_nations;
        self.entry(
            "TLCOrganization",
            UNITED_NATIONS,
            &format!("{organization}/un"),
            united_nations,
        );
        self.entry("TLCRole", ROLE, "/akn/ontology/role/un/author", "Author");
        self.xml.close();
    }

    fn entry(&mut self, name: &'static str, eid: &str, href: &str, shown: &str) {
        self.xml.empty_line(name, &[("eId", eid), ("href", href), ("showAs", shown)]);
    }

    fn value(&mut self, name: &'static str, value: &str) {
        self.xml.empty_line(name, &[("value", value)]);
    }
}

/// The day that stands for none: metadata must have a date. Its name says that it is unknown, see [`dated`].
const UNKNOWN_DAY: &str = "0001-01-01";

fn day(date: Option<NaiveDate>) -> String {
    written(date).unwrap_or_else(|| UNKNOWN_DAY.to_owned())
}

/// The name of a date.
fn dated(date: Option<NaiveDate>, name: &'static str) -> &'static str {
    if written(date).is_some() { name } else { "unknown" }
}

pub(super) fn reference(eid: &str) -> String {
    format!("#{eid}")
}
