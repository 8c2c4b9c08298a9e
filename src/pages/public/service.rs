//! What pages for everybody show, each in one transaction, as nobody in particular may see it.

use super::translated::Languages;
use crate::consultations::programme::service as programme;
use crate::consultations::{
    self, Activity, CoOrganizer, CoOrganizerKind, Consultation, ConsultationId, Phase, Session,
    WorkingGroup,
};
use crate::db::types::Timestamp;
use crate::difference::list;
use crate::document::inline::to_source;
use crate::document::{Block, Document, Paragraph};
use crate::groups;
use crate::http::page::{LARGEST_LIMIT, Paging};
use crate::organizations;
use crate::personal::PersonalField;
use crate::printing::{Output, Printer};
use crate::privacy::own_data;
use crate::problem::Problem;
use crate::registrations::rules::{self, Access, Rules};
use crate::render::Format;
use crate::reports::citing::Cited;
use crate::reports::clearance::Approval;
use crate::reports::differences::{self, Differences, Stand};
use crate::reports::{self, Edition, Issue, Report, ReportId};
use crate::reviews::{self, Review};
use crate::work::Work;

/// Whether somebody can register by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// They can, until then if that is set.
    Open(Option<Timestamp>),
    /// They can from then on.
    Opens(Timestamp),
    /// Whoever was invited can, until then if that is set.
    Invited(Option<Timestamp>),
    /// Nobody can.
    Closed,
}

/// A consultation that everybody may know of.
pub struct Announced {
    /// The consultation.
    pub consultation: Consultation,
    /// Whether somebody can register.
    pub call: Call,
    /// Its report, once it is published.
    pub report: Option<ReportId>,
}

impl Announced {
    fn of(
        work: &mut Work,
        consultation: Consultation,
        published: &[(Report, Issue)],
    ) -> Result<Self, Problem> {
        let call = if consultation.require(Activity::Register).is_ok() {
            let rules = rules::service::load(work, consultation.id)?;
            call(&consultation, &rules, work.now)
        } else {
            Call::Closed
        };
        let of_it = published.iter().find(|(one, _)| one.consultation_id == Some(consultation.id));
        Ok(Self { report: of_it.map(|(report, _)| report.id), consultation, call })
    }
}

fn call(consultation: &Consultation, rules: &Rules, now: Timestamp) -> Call {
    match (rules.opens_at, rules.require_open(consultation, now).is_ok()) {
        (_, true) if rules.access == Access::Invitation => Call::Invited(rules.closes_at),
        (_, true) => Call::Open(rules.closes_at),
        (Some(opens), false) if now < opens => Call::Opens(opens),
        (_, false) => Call::Closed,
    }
}

/// What a consultation is to whoever looks at the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// One can register.
    Open,
    /// It is announced and will be held.
    Upcoming,
    /// It is being held.
    Held,
    /// It is over, or called off.
    Past,
}

impl Announced {
    /// What it is now.
    pub fn now(&self) -> Now {
        match (self.consultation.phase, self.call) {
            (Phase::OpenCall, Call::Open(_) | Call::Invited(_)) => Now::Open,
            (Phase::Planning | Phase::OpenCall | Phase::RegistrationClosed, _) => Now::Upcoming,
            (Phase::InSession, _) => Now::Held,
            (Phase::Synthesis | Phase::Clearance | Phase::Published | Phase::Cancelled, _) => {
                Now::Past
            }
        }
    }
}

/// What stands on the first page.
pub struct Home {
    /// Reviews, the latest first, each with its consultations in their order.
    pub reviews: Vec<(Review, Vec<Announced>)>,
    /// Reports and papers, the latest first.
    pub published: Vec<(Report, Issue)>,
}

/// The first page.
pub fn home(work: &mut Work) -> Result<Home, Problem> {
    let published = reports::service::published(work)?;
    let mut reviews: Vec<(Review, Vec<Announced>)> =
        reviews::service::list(work, &Paging::first(LARGEST_LIMIT as usize))?
            .items
            .into_iter()
            .map(|review| (review, Vec::new()))
            .collect();
    for consultation in consultations::service::public(work)? {
        let announced = Announced::of(work, consultation, &published)?;
        let of_it =
            reviews.iter_mut().find(|(review, _)| review.id == announced.consultation.review_id);
        if let Some((_, all)) = of_it {
            all.push(announced);
        }
    }
    reviews.reverse();
    Ok(Home { reviews, published })
}

/// What stands on the page of a consultation.
pub struct Event {
    /// The consultation.
    pub announced: Announced,
    /// The review that it is held for.
    pub review: Review,
    /// Who organizes it: names, in their order.
    pub organizers: Vec<(CoOrganizerKind, String)>,
    /// Its working groups, each with who hosts it, as far as everybody may know.
    pub groups: Vec<(WorkingGroup, Vec<Hosting>)>,
    /// Its programme, of each session only what everybody may know.
    pub sessions: Vec<Session>,
}

/// Who hosts a working group.
pub enum Hosting {
    /// Somebody who agreed to be named, with their affiliation.
    Named(String),
    /// Somebody whom this organization will send.
    Of(String),
    /// Somebody who is to be confirmed.
    Open,
}

/// The working groups by number, with those of their hosts who agreed to be named and the lines in place of others.
fn hosted(
    work: &mut Work,
    id: ConsultationId,
) -> Result<Vec<(WorkingGroup, Vec<Hosting>)>, Problem> {
    let mut lines = consultations::programme::placeholders::service::lines(work, id)?;
    let mut announced = consultations::programme::announced_hosts::service::named(work, id)?;
    let mut hosted = Vec::new();
    let working_groups = programme::all::<WorkingGroup>(work, id)?;
    let mut hosts = groups::hosts::named_of_groups(work, id, &working_groups)?;
    for group in working_groups {
        let named = hosts.remove(&group.id).unwrap_or_default().into_iter();
        let open = lines.remove(&group.id).unwrap_or_default().into_iter();
        let open = open.map(|line| line.organization.map_or(Hosting::Open, Hosting::Of));
        let announced = announced.remove(&group.id).unwrap_or_default().into_iter();
        let announced = announced.map(|host| Hosting::Named(host.line()));
        let hosting =
            named.map(|host| Hosting::Named(host.line())).chain(announced).chain(open).collect();
        hosted.push((group, hosting));
    }
    Ok(hosted)
}

/// A consultation that is public; 404 for others.
pub fn event(work: &mut Work, id: ConsultationId) -> Result<Event, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let published = reports::service::published(work)?;
    let mut sessions = programme::all::<Session>(work, id)?;
    for session in &mut sessions {
        session.speakers = session.named_speakers().cloned().collect();
        session.joining_url = None;
    }
    let organizers = programme::all::<CoOrganizer>(work, id)?;
    let known = organizers.iter().map(|one| one.organization_id).collect::<Vec<_>>();
    let known = organizations::service::load_many(work, &known)?;
    let name = |one: &CoOrganizer| {
        known.get(&one.organization_id).map(|found| (one.kind, found.name.clone()))
    };
    Ok(Event {
        review: reviews::service::see(work, consultation.review_id)?,
        organizers: organizers.iter().filter_map(name).collect(),
        groups: hosted(work, id)?,
        announced: Announced::of(work, consultation, &published)?,
        sessions,
    })
}

/// An edition, to be read.
pub struct Reading {
    /// The report or paper.
    pub report: Report,
    /// Which edition it is.
    pub edition: Edition,
    /// All editions, by number.
    pub issues: Vec<Issue>,
    /// The edition's document.
    pub document: Document,
}

/// An edition with all that stands around it.
pub struct Page {
    /// The edition.
    pub reading: Reading,
    /// Who approved each edition, by number.
    pub approvals: Vec<(i32, Approval)>,
    /// How it is cited.
    pub cited: Cited,
    /// In which languages it is to be read.
    pub languages: Languages,
    /// In what it is to be had.
    pub files: Vec<Output>,
}

/// An edition of a published report or paper: the newest, unless another is asked for.
pub fn page(work: &mut Work, id: ReportId, number: Option<i32>) -> Result<Page, Problem> {
    let reading = read(work, id, number)?;
    let approvals = reports::service::approvals(work, id)?;
    let url = &work.settings.server.public_url;
    let cited = Cited::of(&reading.edition, &reading.document, None, url);
    let printer = work.shared::<Printer>()?;
    // What a job would have to make first is not offered to be had at once.
    let at_once = |output: &Output| !printer.is_long(&reading.document, *output);
    let files = Output::ALL.iter().copied().filter(at_once).collect();
    let own = reading.document.meta.lang.as_str();
    let languages = Languages::of(work, id, reading.edition.number, own)?;
    Ok(Page { reading, approvals, cited, languages, files })
}

fn read(work: &mut Work, id: ReportId, number: Option<i32>) -> Result<Reading, Problem> {
    let report = reports::service::see(work, id)?;
    let issues = reports::service::issues(work, id)?;
    let number = number.or(issues.last().map(|newest| newest.number));
    let number = number.ok_or_else(|| Problem::not_found("edition"))?;
    let edition = reports::service::edition(work, id, number)?;
    let document = edition.document()?;
    Ok(Reading { report, edition, issues, document })
}

/// Two editions and what differs between them.
pub struct TwoEditions {
    /// The report or paper.
    pub report: Report,
    /// The two, and what differs.
    pub differences: Differences,
    /// In what the differences are to be had.
    pub files: Vec<Output>,
}

/// What differs between two editions.
pub fn compared(work: &mut Work, id: ReportId, from: i32, to: i32) -> Result<TwoEditions, Problem> {
    let report = reports::service::see(work, id)?;
    let (from, to) = (Stand::Edition(from), Stand::Edition(to));
    let differences = differences::service::between(work, id, Some(from), to)?;
    let printer = work.shared::<Printer>()?;
    // As JSON a list of them is told, which programs read sooner than a document.
    let at_once = |output: &Output| {
        *output != Output::Written(Format::Json) && !printer.is_long(&differences.marked, *output)
    };
    let files = differences::OUTPUTS.iter().copied().filter(at_once).collect();
    Ok(TwoEditions { report, differences, files })
}

/// A paragraph of an edition, and what became of it.
pub struct Quoted {
    /// The edition that it is of.
    pub reading: Reading,
    /// The paragraph.
    pub paragraph: Paragraph,
    /// How it is cited.
    pub cited: Cited,
    /// What it is in the newest edition, where that is another one: its number, and whether it reads the same.
    pub now: Option<Option<(u32, bool)>>,
}

/// A numbered paragraph of an edition.
pub fn quoted(work: &mut Work, id: ReportId, edition: i32, number: u32) -> Result<Quoted, Problem> {
    let reading = read(work, id, Some(edition))?;
    let paragraph = numbered(&reading.document.blocks, number).cloned();
    let paragraph = paragraph.ok_or_else(|| Problem::not_found("paragraph"))?;
    let url = &work.settings.server.public_url;
    let cited = Cited::of(&reading.edition, &reading.document, Some(number), url);
    let newest =
        reading.issues.last().map(|newest| newest.number).filter(|newest| *newest > edition);
    let now = match newest {
        Some(newest) => {
            let newest = reports::service::edition(work, id, newest)?.document()?;
            let later = list::numbers(&newest).get(&paragraph.id).copied();
            let later = later.and_then(|number| numbered(&newest.blocks, number));
            Some(later.map(|later| {
                let source =
                    |one: &Paragraph, document: &Document| to_source(&one.parts, &document.notes);
                let same = source(later, &newest) == source(&paragraph, &reading.document);
                (later.number.unwrap_or_default(), same)
            }))
        }
        None => None,
    };
    Ok(Quoted { reading, paragraph, cited, now })
}

fn numbered(blocks: &[Block], number: u32) -> Option<&Paragraph> {
    blocks.iter().find_map(|block| match block {
        Block::Section(section) => numbered(&section.blocks, number),
        Block::Paragraph(paragraph) => Some(paragraph).filter(|one| one.number == Some(number)),
        Block::Table(_) | Block::Figure(_) => None,
    })
}

/// Everything that is held about people, as the features declare it.
pub fn held(work: &mut Work) -> Result<Vec<PersonalField>, Problem> {
    Ok(own_data::about(work.registry))
}
