//! A series of consultations whose reports are published, edition by edition, straight into the tables: what a paper is compiled from.

use rapporteur::db::types::Timestamp;
use rapporteur::document::{Block, Document, Paragraph, ParagraphPart, Section};
use rapporteur::reference::ObjectiveNumber;
use rapporteur::reports::store::editions::insert_edition;
use rapporteur::reports::store::insert_report;
use rapporteur::reports::{
    ConsultationRecord, Edition, EditionId, EditionRecord, ParagraphId, ParagraphRecord, Report,
    ReportId, ReportKind, ReportState, SectionKind,
};
use rapporteur::work::Credentials;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{Person, World, consultation, id, review, typed};

/// A consultation whose report is published, edition by edition.
pub struct Heard {
    ordinal: i32,
    report: ReportId,
    /// What its paragraphs are known by, and say.
    pub texts: Vec<(ParagraphId, String)>,
    editions: i32,
}

pub struct Series {
    pub secretariat: Person,
    pub review: Value,
    pub heard: Vec<Heard>,
}

/// The objectives that the nth paragraph of a report is about.
fn about(n: usize) -> Vec<ObjectiveNumber> {
    let numbers: &[u8] = [&[4][..], &[9, 10], &[11, 13], &[21]][n % 4];
    numbers.iter().map(|number| (*number).try_into().unwrap()).collect()
}

fn category(n: usize) -> &'static str {
    ["key_challenges", "good_practices", "recommendations"][n / 4 % 3]
}

impl Series {
    /// So many consultations, whose reports have so many paragraphs, each published once.
    pub async fn new(world: &World, consultations: usize, paragraphs: usize) -> Self {
        let (secretariat, ..) = world.consultation(None, "vetted").await;
        let mut body = review();
        body["code"] = json!("series");
        let review = world.make(&secretariat, "/api/v1/reviews", body).await;
        let mut heard = Vec::new();
        for ordinal in 1..=consultations {
            let mut body = consultation();
            body["ordinal"] = json!(ordinal);
            let path = format!("/api/v1/reviews/{}/consultations", id(&review));
            let made = world.make(&secretariat, &path, body).await;
            let ordinal = i32::try_from(ordinal).unwrap();
            let text = |n: usize| {
                format!(
                    "Consultation {ordinal} heard of matter {n}. Offices were few and far. Some asked for more of matter {n}."
                )
            };
            let one = world.app.write_blocking(&Credentials::Operator, |work| {
                let (kind, title) = (ReportKind::SummaryReport, "Borders and rights".to_owned());
                let report = Report::new(work.id(), kind, typed(&review), title, work.now);
                let (consultation_id, state) = (Some(typed(&made)), ReportState::Published);
                let report = Report { consultation_id, state, ..report };
                insert_report(work.conn, &report)?;
                let texts = (0..paragraphs).map(|n| (work.id(), text(n)));
                Ok(Heard { ordinal, report: report.id, texts: texts.collect(), editions: 0 })
            });
            heard.push(one.unwrap());
        }
        let mut series = Self { secretariat, review, heard };
        (0..consultations).for_each(|n| series.publish(world, n));
        series
    }

    /// Publishes what the report of a consultation says as its next edition.
    pub fn publish(&mut self, world: &World, n: usize) {
        let heard = &mut self.heard[n];
        heard.editions += 1;
        let heard = &*heard;
        world
            .app
            .write_blocking(&Credentials::Operator, |work| {
                let edition = edition(work.id(), heard, work.now);
                insert_edition(work.conn, &edition)
            })
            .unwrap();
    }

    /// Lets every report say something else in every tenth paragraph, lose every fiftieth and gain five, and publishes it again.
    pub fn publish_again(&mut self, world: &World, n: usize) {
        let texts = std::mem::take(&mut self.heard[n].texts).into_iter().enumerate();
        let texts = texts.filter(|(n, _)| n % 50 != 7).map(|(n, (id, text))| {
            let text = if n % 10 == 0 { text.replace("few and far", "closed") } else { text };
            (id, text)
        });
        self.heard[n].texts = texts.collect();
        (1_000..1_005).for_each(|matter| self.add(world, n, matter));
        self.publish(world, n);
    }

    /// Lets a report begin with another paragraph.
    pub fn add(&mut self, world: &World, n: usize, matter: usize) {
        let id = world.app.write_blocking(&Credentials::Operator, |work| Ok(work.id()));
        let text = format!("A later thought was of matter {matter}.");
        self.heard[n].texts.insert(0, (id.unwrap(), text));
    }

    /// A paper, opened.
    pub async fn paper(&self, world: &World) -> String {
        let path = format!("/api/v1/reviews/{}/papers", id(&self.review));
        let made = world.make(&self.secretariat, &path, json!({ "symbol": "X/CRP.9" })).await;
        format!("/api/v1/reports/{}", id(&made))
    }
}

/// What a report says, frozen; a paragraph is about what its number among all that there ever were says.
fn edition(id: EditionId, heard: &Heard, now: Timestamp) -> Edition {
    let block = |(id, text): &(ParagraphId, String)| {
        let id = id.to_string();
        Block::Paragraph(Paragraph::numbered(id.as_str(), vec![ParagraphPart::text(text)]))
    };
    let blocks = heard.texts.iter().map(block).collect();
    let section = Section::new("all", 1_u8.try_into().unwrap(), "Outcomes", blocks);
    let mut document = Document { blocks: vec![Block::Section(section)], ..Document::default() };
    document.number().unwrap();
    let record = |(number, (_, text)): (u32, &(ParagraphId, String))| {
        // "… matter 12." at the end.
        let n: usize = text.trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap();
        ParagraphRecord {
            number,
            section: SectionKind::Category,
            objectives: about(n),
            category: Some(category(n).parse().unwrap()),
            objective: None,
            text: text.clone(),
        }
    };
    let consultation = ConsultationRecord {
        ordinal: heard.ordinal,
        theme: "Borders and rights".to_owned(),
        held_on: None,
        objectives: (0..4).flat_map(about).collect(),
        figures: None,
    };
    let bytes = rapporteur::render::json::render(&document);
    Edition {
        amendment: None,
        id,
        report_id: heard.report,
        number: heard.editions,
        symbol: None,
        sha256: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        document: String::from_utf8(bytes).unwrap(),
        record: EditionRecord {
            consultation: Some(consultation),
            paragraphs: (1..).zip(&heard.texts).map(record).collect(),
            ..EditionRecord::default()
        },
        published_at: now,
    }
}
