//! The compilers, on facts made here: numbers, headings, computed paragraphs, the programme, and the paper.

use super::charts;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::paper::PaperFacts;
use super::summary::SummaryFacts;
use super::*;
use crate::access::Role;
use crate::consultations::programme::placeholders::{Line, Placeholder};
use crate::consultations::{
    Admission, AttributionRule, CoOrganizerKind, Consultation, Phase, Session, SessionKind,
    Speaker, SpeakerKind, WorkingGroup,
};
use crate::db::types::Timestamp;
use crate::document::Row;
use crate::document::inline::plain_text;
use crate::figures::{self, Basis, Breakdown, Countries, People, ReleaseOccasion, Told};
use crate::groups::Host;
use crate::ids::Ids;
use crate::organizations::{Organization, Vetting, normalized};
use crate::reports::{ConsultationRecord, EditionId, RecordedFigures, ReportKind, Source, place};
use crate::reviews::{NewReview, Review};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn objective(number: u8) -> ObjectiveNumber {
    number.try_into().unwrap()
}

fn objectives(numbers: &[u8]) -> Vec<ObjectiveNumber> {
    numbers.iter().map(|number| objective(*number)).collect()
}

fn review(ids: &Ids) -> Review {
    let new = NewReview {
        code: "apgcm-2021".into(),
        framework: "gcm".into(),
        title: "Regional review".into(),
        organ: "Economic and Social Commission for Asia and the Pacific".into(),
        meeting_title: Some("Asia-Pacific Regional Review".into()),
        meeting_place: Some("Bangkok".into()),
        meeting_starts_on: chrono::NaiveDate::from_ymd_opt(2021, 3, 10),
        meeting_ends_on: chrono::NaiveDate::from_ymd_opt(2021, 3, 12),
        agenda_items: Some("Items 2 and 3 of the provisional agenda".into()),
        ..NewReview::default()
    };
    Review::new(ids.next(), new, at("2020-10-01T00:00:00Z"))
}

fn categories(ids: &Ids, review: &Review) -> Vec<InputCategory> {
    let category = |(category, position): (&crate::reference::Category, i32)| InputCategory {
        id: ids.next(),
        review_id: review.id,
        code: category.code.clone(),
        heading: category.title.clone(),
        position,
        overall: category.overall,
        splits_by_objective: category.splits_by_objective,
        version: 1,
        created_at: review.created_at,
        updated_at: review.created_at,
    };
    Reference::get().categories.iter().zip(1..).map(category).collect()
}

fn consultation(ids: &Ids, review: &Review) -> Consultation {
    Consultation {
        id: ids.next(),
        review_id: review.id,
        ordinal: 2,
        theme: "Protecting migrants".into(),
        held_on: chrono::NaiveDate::from_ymd_opt(2020, 11, 19),
        starts_at: Some(at("2020-11-19T04:00:00Z")),
        ends_at: Some(at("2020-11-19T07:30:00Z")),
        zone: chrono_tz::Asia::Bangkok,
        mode: Mode::Virtual,
        venue: None,
        objectives: objectives(&[4, 11, 13]),
        languages: vec!["en".into()],
        capacity: None,
        admission: Admission::Vetted,
        phase: Phase::Synthesis,
        version: 1,
        created_at: review.created_at,
        updated_at: review.created_at,
        set_up: String::new(),
    }
}

fn organization(ids: &Ids, name: &str, acronym: Option<&str>, country: &str) -> Organization {
    Organization {
        id: ids.next(),
        name: name.into(),
        normalized_name: normalized(name),
        acronym: acronym.map(Into::into),
        sector: "civil_society".parse().unwrap(),
        country: country.parse().unwrap(),
        website: None,
        vetting: Vetting::Vetted,
        vetting_note: None,
        proposed_by: None,
        vetted_by: None,
        version: 1,
        created_at: at("2020-10-01T00:00:00Z"),
        updated_at: at("2020-10-01T00:00:00Z"),
        merged_into: None,
    }
}

fn session(
    ids: &Ids,
    consultation: &Consultation,
    kind: SessionKind,
    rule: AttributionRule,
) -> Session {
    let named = |name: &str, named_consent| Speaker {
        name: name.into(),
        affiliation: Some("Udyama".into()),
        kind: SpeakerKind::Keynote,
        named_consent,
    };
    Session {
        id: ids.next(),
        consultation_id: consultation.id,
        position: 1,
        kind,
        title: "Session".into(),
        starts_at: consultation.starts_at,
        ends_at: None,
        moderator: Some("Mira Moderator".into()),
        speakers: vec![named("Nara Named", true), named("Una Unnamed", false)],
        attribution_rule: rule,
        round_id: None,
        note: Some("The same clusters come up again.".into()),
        joining_url: None,
        version: 1,
        created_at: consultation.created_at,
        updated_at: consultation.created_at,
    }
}

fn table(by: Breakdown, rows: &[(&str, u32)], other: u32) -> figures::Table {
    let row =
        |(key, people): &(&str, u32)| figures::Row { key: (*key).to_owned(), people: *people };
    figures::Table {
        by,
        within: None,
        as_of: ReleaseOccasion::RegistrationClosed,
        basis: Basis::Registered,
        rows: rows.iter().map(row).collect(),
        other,
    }
}

fn told() -> Told {
    let subregions = [("pacific", 30), ("south_and_south_west_asia", 20), ("south_east_asia", 20)];
    Told {
        people: People {
            as_of: ReleaseOccasion::RegistrationClosed,
            basis: Basis::Registered,
            number: Some(80),
        },
        countries: Some(Countries { number: 15, or_more: false }),
        tables: vec![
            table(
                Breakdown::Sector,
                &[("civil_society", 40), ("academia", 10), ("un_entity", 20)],
                10,
            ),
            table(Breakdown::Subregion, &subregions, 10),
            table(
                Breakdown::Gender,
                &[("woman", 40), ("man", 35), ("another_or_not_stated", 5)],
                0,
            ),
        ],
        rounds: Vec::new(),
    }
}

/// The labels of a chart with what stands at each.
fn printed(figure: &Figure) -> Vec<(String, String)> {
    let groups = figure.chart.groups.iter();
    groups.map(|group| (group.label.to_string(), group.values[0].text().to_string())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn charts_show_what_was_released_and_nothing_else() {
    let mut sample = Sample::new();
    let charts = charts::participation(&told());
    let sectors =
        charts.iter().find(|figure| figure.table.id.as_str() == "figure-sectors").unwrap();
    let expected = [
        ("Civil society", "40"),
        ("Academia", "10"),
        ("United Nations entities", "20"),
        ("Other sectors, or not known", "10"),
    ];
    assert_eq!(printed(sectors), pairs(&expected));
    assert_eq!(sectors.table.rows.len(), expected.len());

    sample.facts.inputs.by_objective =
        Merged { told: vec![(Some(objective(4)), 9), (None, 6)], other: 7 };
    let [by_objective] = charts::inputs(&sample.facts.inputs, &[]).try_into().unwrap();
    let expected = [
        (
            "Objective 4: Ensure that all migrants have proof of legal identity and adequate documentation",
            "9",
        ),
        ("No objective in particular", "6"),
        ("Other objectives", "7"),
    ];
    assert_eq!(printed(&by_objective), pairs(&expected));
}

#[test]
fn a_document_without_a_release_says_so_and_has_no_chart() {
    let mut sample = Sample::new();
    sample.facts.released = None;
    let document = sample.compile();
    let text = text(&document);
    assert!(text.contains("Figures on participation have not yet been released."), "{text}");
    assert!(!text.contains("stakeholders took part"), "{text}");
    assert_eq!(sample.facts.record().figures, None);
}

#[test]
fn so_few_are_told_as_few() {
    let mut sample = Sample::new();
    let people = People { number: None, ..told().people };
    sample.facts.released =
        Some(Told { people, countries: None, tables: Vec::new(), rounds: Vec::new() });
    let text = text(&sample.compile());
    assert!(text.contains("Few stakeholders took part in the consultation: too few"), "{text}");
}

struct Sample {
    ids: Ids,
    facts: SummaryFacts,
}

impl Sample {
    fn new() -> Self {
        let ids = Ids::sequence();
        let review = review(&ids);
        let consultation = consultation(&ids, &review);
        let (kind, title) = (ReportKind::SummaryReport, consultation.theme.clone());
        let report = Report::new(ids.next(), kind, review.id, title, review.created_at);
        let report = Report { consultation_id: Some(consultation.id), figures: true, ..report };
        let group = WorkingGroup {
            id: ids.next(),
            consultation_id: consultation.id,
            number: 3,
            clusters: vec![objectives(&[11, 13]), objectives(&[4])],
            min_size: 1,
            max_size: 40,
            languages: vec!["en".into()],
            version: 1,
            created_at: review.created_at,
            updated_at: review.created_at,
        };
        let host = |name: &str, named| Host {
            id: ids.next(),
            account_id: ids.next(),
            role: Role::CoHost,
            name: name.into(),
            affiliation: Some("Example Union".into()),
            named,
        };
        let line = |organization: Option<&str>| {
            let placeholder = Placeholder { role: Role::FocalPoint, organization_id: None };
            Line::of(placeholder, organization)
        };
        let announced = BTreeMap::new();
        let placeholders = BTreeMap::from([(
            group.id,
            vec![line(Some("the International Labour Organization")), line(None)],
        )]);
        let facts = SummaryFacts {
            draft: Draft {
                report,
                sections: Vec::new(),
                paragraphs: Vec::new(),
                categories: categories(&ids, &review),
            },
            co_organizers: vec![
                (CoOrganizerKind::Stakeholder, organization(&ids, "Udyama", None, "IN")),
                (
                    CoOrganizerKind::Stakeholder,
                    organization(&ids, "International Detention Coalition", Some("IDC"), "AU"),
                ),
                (
                    CoOrganizerKind::UnNetwork,
                    organization(&ids, "United Nations Children's Fund", Some("UNICEF"), "TH"),
                ),
                (CoOrganizerKind::OverallGuidance, organization(&ids, "ESCAP", None, "TH")),
            ],
            released: Some(told()),
            inputs: InputFigures::default(),
            sessions: vec![
                session(&ids, &consultation, SessionKind::Opening, AttributionRule::OnRecord),
                session(
                    &ids,
                    &consultation,
                    SessionKind::WorkingGroups,
                    AttributionRule::ChathamHouse,
                ),
            ],
            announced,
            placeholders,
            groups: vec![(group, vec![host("Hana Host", true), host("Sina Silent", false)])],
            review,
            consultation,
        };
        let mut sample = Self { ids, facts };
        sample.open();
        sample
    }

    fn open(&mut self) {
        self.section(None, SectionKind::Background, &[], None);
        let organization = self.section(None, SectionKind::Organization, &[], None);
        for what in ComputedText::OF_ORGANIZATION {
            let id = self.paragraph(organization, None);
            self.paragraph_mut(id).computed = Some(what);
        }
        let outcomes = self.section(None, SectionKind::Outcomes, &[], None);
        let categories = self.facts.draft.categories.clone();
        self.section(Some(outcomes), SectionKind::OverallProgress, &[], Some(&categories[0]));
        for cluster in [objectives(&[11, 13]), objectives(&[4])] {
            let parent = self.section(Some(outcomes), SectionKind::Cluster, &cluster, None);
            for category in &categories[1..] {
                self.section(Some(parent), SectionKind::Category, &cluster, Some(category));
            }
        }
        self.section(None, SectionKind::Annex, &[], None);
    }

    fn section(
        &mut self,
        parent: Option<SectionId>,
        kind: SectionKind,
        objectives: &[ObjectiveNumber],
        category: Option<&InputCategory>,
    ) -> SectionId {
        let id = self.ids.next();
        let section = Section {
            id,
            report_id: self.facts.draft.report.id,
            parent_id: parent,
            position: i32::try_from(self.facts.draft.sections.len()).unwrap(),
            kind,
            objectives: objectives.to_vec(),
            category_id: category.map(|category| category.id),
            category: category.map(|category| category.code.clone()),
            heading: None,
            version: 1,
        };
        self.facts.draft.sections.push(section);
        id
    }

    fn paragraph(&mut self, section: SectionId, text: Option<&str>) -> ParagraphId {
        let paragraph = Paragraph {
            id: self.ids.next(),
            report_id: self.facts.draft.report.id,
            section_id: section,
            position: i32::try_from(self.facts.draft.paragraphs.len()).unwrap(),
            text: text.map(Into::into),
            computed: None,
            objective: None,
            editorial_reason: None,
            inputs: Vec::new(),
            sources: Vec::new(),
            version: 1,
        };
        let id = paragraph.id;
        self.facts.draft.paragraphs.push(paragraph);
        id
    }

    fn paragraph_mut(&mut self, id: ParagraphId) -> &mut Paragraph {
        self.facts.draft.paragraphs.iter_mut().find(|paragraph| paragraph.id == id).unwrap()
    }

    fn find(&self, objectives: &[ObjectiveNumber], code: &str) -> SectionId {
        let found = self.facts.draft.sections.iter().find(|section| {
            section.objectives == objectives
                && section.category.as_ref().is_some_and(|category| category.as_str() == code)
        });
        found.unwrap().id
    }

    fn compile(&self) -> Document {
        Facts::Summary(self.facts.clone()).compile().unwrap()
    }
}

fn headings(document: &Document) -> Vec<String> {
    let line = |entry: crate::document::OutlineEntry| {
        format!("{} {}", entry.printed_label, entry.heading).trim().to_owned()
    };
    document.outline().into_iter().map(line).collect()
}

/// All the text of a document, notes included.
fn text(document: &Document) -> String {
    document.runs().into_iter().map(plain_text).collect::<Vec<_>>().join("\n")
}

#[test]
fn section_ii_is_written_from_data() {
    let text = text(&Sample::new().compile());
    for expected in [
        "Held virtually on 19 November 2020, the second consultation addressed three objectives of the Global Compact",
        "Two stakeholders (Udyama, India and International Detention Coalition (IDC), Australia) and one member of the United Nations network (UNICEF) were the co-organizers of the consultation. Overall guidance was provided by ESCAP.",
        "About 80 stakeholders from 15 countries took part in the consultation.",
        "Including 20 representatives of United Nations entities.",
        "The ESCAP subregions that they came from included Pacific; South and South-West Asia; and South-East Asia.",
        "The sectors represented included civil society and academia.",
        "Women and men were represented in balanced numbers.",
        "Chatham House rule",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[test]
fn a_gender_balance_is_reported_only_when_there_is_one() {
    let mut sample = Sample::new();
    let mut of_genders = |rows: &[(&str, u32)], other| {
        let mut told = told();
        told.tables[2] = table(Breakdown::Gender, rows, other);
        sample.facts.released = Some(told);
        text(&sample.compile()).contains("balanced")
    };
    assert!(of_genders(&[("woman", 40), ("man", 35), ("another_or_not_stated", 5)], 0));
    assert!(!of_genders(&[("woman", 50), ("man", 25), ("another_or_not_stated", 5)], 0));
    assert!(!of_genders(&[("woman", 45)], 35), "it is not told which of the others are men");
}

#[test]
fn no_date_is_invented() {
    let mut sample = Sample::new();
    let consultation = &mut sample.facts.consultation;
    (consultation.held_on, consultation.starts_at, consultation.ends_at) = (None, None, None);
    let document = sample.compile();
    assert!(text(&document).contains("the date of which is not on record"));
    assert_eq!(document.meta.meeting[1].as_str(), "Date not on record – Virtual");
}

#[test]
fn the_masthead_is_that_of_the_series() {
    let meta = Sample::new().compile().meta;
    assert_eq!(
        meta.meeting[0].as_str(),
        "Stakeholder consultations to inform the Asia-Pacific Regional Review"
    );
    assert_eq!(
        meta.meeting[1].as_str(),
        "19 November 2020, 11:00–14:30 hrs. (Bangkok time) – Virtual"
    );
    assert_eq!(meta.title.as_str(), "Protecting migrants (addressing GCM objectives 4, 11 and 13)");
    assert_eq!(meta.subtitle.as_str(), "SUMMARY REPORT");
}

#[test]
fn clusters_stand_in_the_order_of_the_groups_and_empty_categories_vanish() {
    let mut sample = Sample::new();
    let joint = objectives(&[11, 13]);
    let (challenges, practices) =
        (sample.find(&joint, "key_challenges"), sample.find(&joint, "good_practices"));
    let recommendations = sample.find(&joint, "recommendations");
    sample.paragraph(challenges, Some("One."));
    sample.paragraph(practices, Some("Two."));
    for number in [13, 11] {
        let id = sample.paragraph(recommendations, Some("Recommended."));
        sample.paragraph_mut(id).objective = Some(objective(number));
    }
    let four = sample.find(&objectives(&[4]), "covid_19");
    sample.paragraph(four, Some("Last."));
    let headings = headings(&sample.compile());
    let title = |number| &Reference::get().objective(objective(number)).title;
    let expected = [
        "I. Objectives, organization and attendance".to_owned(),
        "II. Outcomes of the consultation".to_owned(),
        format!("A. GCM Objective 11: {}; GCM Objective 13: {}", title(11), title(13)),
        "i. Key challenges".to_owned(),
        "ii. Good practices".to_owned(),
        "iii. Recommendations".to_owned(),
        format!("Objective 11: {}", title(11)),
        format!("Objective 13: {}", title(13)),
        format!("B. GCM Objective 4: {}", title(4)),
        "i. Specific challenges created by COVID-19".to_owned(),
        "Annex Tentative programme".to_owned(),
    ];
    assert_eq!(headings, expected);
}

#[test]
fn overall_progress_counts_the_objectives() {
    let mut sample = Sample::new();
    let overall = sample
        .facts
        .draft
        .sections
        .iter()
        .find(|one| one.kind == SectionKind::OverallProgress)
        .unwrap()
        .id;
    sample.paragraph(overall, Some("Progress."));
    let headings = headings(&sample.compile());
    assert!(
        headings.contains(
            &"A. Overall progress in implementation of the three GCM objectives".to_owned()
        ),
        "{headings:?}"
    );
}

#[test]
fn only_those_are_named_who_spoke_on_record_and_agreed() {
    let document = Sample::new().compile();
    let text = text(&document);
    assert!(text.contains("Keynote speaker: Nara Named, Udyama"));
    assert_eq!(
        text.matches("Mira Moderator").count(),
        1,
        "not in the session under the Chatham House rule"
    );
    assert_eq!(text.matches("Nara Named").count(), 1);
    assert!(text.contains("Co-host: Hana Host, Example Union"));
    assert!(
        text.contains(
            "a representative of the International Labour Organization and to be confirmed"
        )
    );
    assert!(!text.contains("Una Unnamed") && !text.contains("Sina Silent"));
}

#[test]
fn a_cross_reference_that_leads_nowhere_is_drafted_and_not_published() {
    let mut sample = Sample::new();
    let four = sample.find(&objectives(&[4]), "key_challenges");
    sample.paragraph(four, Some("See paragraph [](#gone)."));
    let facts = Facts::Summary(sample.facts.clone());
    assert!(text(&facts.compile().unwrap()).contains("See paragraph ?."));
    assert!(matches!(facts.compile_to_publish(), Err(CompileError::Numbering(_))));
}

#[test]
fn the_record_tells_what_each_paragraph_is_about() {
    let mut sample = Sample::new();
    let recommendations = sample.find(&objectives(&[11, 13]), "recommendations");
    let own = sample.paragraph(recommendations, Some("Own, after [](#x)."));
    sample.paragraph(recommendations, Some("Joint.^[A note.]"));
    let first = sample.paragraph(recommendations, Some("First."));
    sample.paragraph_mut(own).objective = Some(objective(13));
    sample.paragraph_mut(own).text = Some(format!("Own, after [](#{first})."));
    let facts = Facts::Summary(sample.facts.clone());
    let document = facts.compile().unwrap();
    let record = facts.record(&document);
    let outcomes: Vec<_> =
        record.paragraphs.iter().filter(|paragraph| paragraph.section.is_outcome()).collect();
    let found: Vec<_> = outcomes.iter().map(|one| (one.text.as_str(), one.about())).collect();
    // Those without an objective of their own stand before the sub-headings.
    let expected = [
        ("Joint.^[A note.]", objectives(&[11, 13])),
        ("First.", objectives(&[11, 13])),
        ("Own, after 6.", objectives(&[13])),
    ];
    assert_eq!(found, expected);
    let people = |one: ConsultationRecord| (one.ordinal, one.figures.unwrap().people);
    assert_eq!(record.consultation.map(people), Some((2, Some(80))));
}

fn paper(ids: &Ids) -> PaperFacts {
    let review = review(ids);
    let mut sample = Sample::new();
    sample.facts.draft.sections.clear();
    sample.facts.draft.paragraphs.clear();
    sample.section(None, SectionKind::Introduction, &[], None);
    let participation = sample.section(None, SectionKind::Participation, &[], None);
    let computed = sample.paragraph(participation, None);
    sample.paragraph_mut(computed).computed = Some(ComputedText::Participation);
    let outcomes = sample.section(None, SectionKind::Outcomes, &[], None);
    let category = sample.facts.draft.categories[1].clone();
    let (first, second): (EditionId, EditionId) = (ids.next(), ids.next());
    for numbers in [&[4][..], &[9, 10]] {
        let about = objectives(numbers);
        let cluster = sample.section(Some(outcomes), SectionKind::Cluster, &about, None);
        let section = sample.section(Some(cluster), SectionKind::Category, &about, Some(&category));
        let id = sample.paragraph(section, Some("Carried over."));
        let source = |edition_id, number| Source { edition_id, number };
        sample.paragraph_mut(id).sources = vec![
            source(second, 21),
            source(first, 12),
            source(second, 19),
            source(second, 22),
            source(second, 23),
        ];
    }
    let record = |ordinal| crate::reports::EditionRecord {
        consultation: Some(ConsultationRecord {
            ordinal,
            theme: "Theme".into(),
            held_on: None,
            objectives: objectives(&[4, 11]),
            figures: Some(RecordedFigures {
                people: Some(80),
                countries: Some(Countries { number: 15, or_more: false }),
                un_representatives: Some(20),
            }),
        }),
        paragraphs: Vec::new(),
        approval: crate::reports::clearance::Approval::default(),
    };
    let mut draft = sample.facts.draft;
    draft.report.kind = ReportKind::ConferenceRoomPaper;
    draft.report.heading_style = HeadingStyle::UnManual;
    draft.report.symbol = Some("ESCAP/GCM/2021/CRP.2".into());
    draft.report.distribution = "For participants only".into();
    let agenda_items = review.agenda_items.clone();
    PaperFacts {
        draft,
        review,
        agenda_items,
        editions: BTreeMap::from([(first, record(1)), (second, record(2))]),
        earlier: BTreeMap::new(),
    }
}

fn participation_of(facts: &PaperFacts) -> &Section {
    let mut sections = facts.draft.sections.iter();
    sections.find(|section| section.kind == SectionKind::Participation).unwrap()
}

#[test]
fn a_paper_goes_by_objective_and_cites_its_sources() {
    let facts = paper(&Ids::sequence());
    let document = Facts::Paper(facts.clone()).compile().unwrap();
    let title = |number| &Reference::get().objective(objective(number)).title;
    let expected = [
        "I. Participation in the consultations".to_owned(),
        "II. Outcomes by objective".to_owned(),
        format!("A. Objective 4: {}", title(4)),
        "1. Key challenges".to_owned(),
        format!("B. Objective 9: {}; Objective 10: {}", title(9), title(10)),
        "1. Key challenges".to_owned(),
    ];
    assert_eq!(headings(&document), expected);
    let text = text(&document);
    assert!(
        text.contains(
            "Carried over. (first consultation, para. 12; second consultation, paras. 19 and 21–23)"
        ),
        "{text}"
    );
    assert!(text.contains("Two consultations with stakeholders were held"));
    let table = facts.table(&mut Document::default(), participation_of(&facts)).unwrap();
    let cells = |row: &Row| -> Vec<String> {
        row.cells.iter().map(|cell| plain_text(&cell.inlines)).collect()
    };
    let (header, first) = (cells(&table.header[0]), cells(&table.rows[0]));
    assert_eq!(
        header[3..],
        ["Participants", "Of whom from United Nations entities", "Countries"],
        "who is a part of whom stands beside them"
    );
    assert_eq!(first[3..], ["80", "20", "15"]);
    assert_eq!(document.meta.meeting[1].as_str(), "Bangkok, 10–12 March 2021");
    assert_eq!(document.meta.distribution.as_str(), "For participants only");
    assert_eq!(
        Facts::Paper(facts.clone()).compile().unwrap().fingerprint(),
        document.fingerprint(),
        "same editions, same bytes"
    );
}

#[test]
fn an_edition_that_is_not_the_papers_any_more_is_cited_by_its_number() {
    let mut facts = paper(&Ids::sequence());
    let (first, record) = facts.editions.pop_first().unwrap();
    facts.earlier.insert(first, (1, record));
    let text = text(&Facts::Paper(facts).compile().unwrap()).replace('\u{a0}', " ");
    let cited =
        "(first consultation, edition 1, para. 12; second consultation, paras. 19 and 21–23)";
    assert!(text.contains(cited), "{text}");
    assert!(text.contains("One consultation with stakeholders was held"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is moved where, the numbers run 1…n through the document without a gap, every paragraph once.
    #[test]
    fn numbers_run_without_a_gap_after_any_moves(
        added in prop::collection::vec(any::<prop::sample::Index>(), 1..25),
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::option::of(1_u32..8)), 0..25),
    ) {
        let mut sample = Sample::new();
        let sections: Vec<SectionId> =
            sample.facts.draft.sections.iter().filter(|one| one.kind.takes_paragraphs()).map(|one| one.id).collect();
        for section in added {
            sample.paragraph(*section.get(&sections), Some("A text.^[With a note.]"));
        }
        for (paragraph, section, position) in moves {
            let id = paragraph.get(&sample.facts.draft.paragraphs).id;
            let section = *section.get(&sections);
            let mut order: Vec<ParagraphId> =
                sample.facts.draft.paragraphs_in(section).into_iter().map(|one| one.id).collect();
            place(&mut order, id, position);
            sample.paragraph_mut(id).section_id = section;
            for (id, position) in order.into_iter().zip(1..) {
                sample.paragraph_mut(id).position = position;
            }
        }
        let facts = Facts::Summary(sample.facts.clone());
        let document = facts.compile().unwrap();
        let numbered: Vec<u32> = numbers(&document).into_iter().map(|(_, number, _)| number).collect();
        let count = u32::try_from(sample.facts.draft.paragraphs.len()).unwrap();
        prop_assert_eq!(numbered, (1..=count).collect::<Vec<_>>());
        // The outline tells the same numbers.
        let mut outlined = Vec::new();
        collect(&facts.outline(&document).sections, &mut outlined);
        outlined.sort_unstable();
        prop_assert_eq!(outlined, (1..=count).collect::<Vec<_>>());
    }
}

fn collect(sections: &[OutlineSection], found: &mut Vec<u32>) {
    for section in sections {
        found.extend(section.paragraphs.iter().filter_map(|paragraph| paragraph.number));
        collect(&section.sections, found);
    }
}
