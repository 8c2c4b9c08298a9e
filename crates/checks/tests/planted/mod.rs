//! The corpus of planted faults and of look-alikes that are right (`tests/files/checks/`), and what checks make of it.

#![allow(dead_code, reason = "each test and the benchmark use a part of it")]
#![allow(clippy::unwrap_used, reason = "a corpus that cannot be read is held against nothing")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use rapporteur_checks::*;
use serde::Deserialize;

/// The key of the paragraph that a case is about.
const CASE: &str = "p";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    persons: Vec<WrittenPerson>,
    organizations: Vec<WrittenOrganization>,
    released: Vec<WrittenFigure>,
    groups: Vec<WrittenGroup>,
    inputs: Vec<WrittenInput>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPerson {
    name: String,
    #[serde(default)]
    may_be_named: bool,
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    telephones: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOrganization {
    name: String,
    acronym: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFigure {
    of: String,
    number: u32,
    #[serde(default)]
    about: bool,
    #[serde(default)]
    or_more: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGroup {
    name: String,
    people: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenInput {
    key: String,
    text: String,
    #[serde(default = "unknown")]
    voices: String,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    testimony: bool,
    #[serde(default)]
    do_not_quote: bool,
    #[serde(default = "eight")]
    objectives: Vec<u8>,
    category: Option<String>,
}

fn unknown() -> String {
    "unknown".to_owned()
}

fn eight() -> Vec<u8> {
    vec![8]
}

fn yes() -> bool {
    true
}

fn several() -> Vec<String> {
    vec!["several".to_owned()]
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    check: Option<String>,
    faults: Vec<Case>,
    rights: Vec<Case>,
}

/// A text, what stands around it, and what must be found.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub text: String,
    /// Which check it is for, where its file does not say.
    #[serde(default)]
    pub check: String,
    /// What must be found; nothing in a text that is right.
    #[serde(default)]
    pub rule: String,
    /// The words of the source where it is found.
    pub at: Option<String>,
    #[serde(default)]
    level: Option<String>,
    /// `report` or `heading`, where it is not found in the paragraph.
    #[serde(default)]
    place: String,
    #[serde(default)]
    may_advise: bool,
    #[serde(default)]
    on_record: bool,
    #[serde(default = "yes")]
    outcome: bool,
    #[serde(default = "eight")]
    objectives: Vec<u8>,
    #[serde(default = "several")]
    cites: Vec<String>,
    reason: Option<String>,
    #[serde(default)]
    computed: bool,
    #[serde(default)]
    sources: usize,
    #[serde(default)]
    stale: Vec<String>,
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    headings: Vec<(u8, String)>,
    #[serde(default = "yes")]
    omit_rest: bool,
    #[serde(default)]
    omitted: Vec<String>,
    most_words: Option<usize>,
}

/// Everything that cases are held against.
pub struct Corpus {
    pub people: People,
    pub material: Material,
    pub figures: Figures,
    pub objectives: Vec<Objective>,
    citations: BTreeMap<String, Citation>,
    pub faults: Vec<Case>,
    pub rights: Vec<Case>,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let path = root().join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The official objectives.
pub fn objectives() -> Vec<Objective> {
    let file: toml::Table = read("config/reference/gcm.toml");
    let written = file["objectives"].as_array().unwrap().iter();
    let one = |one: &toml::Value| Objective {
        number: u8::try_from(one["number"].as_integer().unwrap()).unwrap(),
        title: one["title"].as_str().unwrap().to_owned(),
    };
    written.map(one).collect()
}

fn state(code: Option<&str>) -> State {
    match code {
        None => State::Accepted,
        Some("withdrawn") => State::Withdrawn,
        Some("returned") => State::Returned,
        Some("merged") => State::Merged,
        Some("set_aside") => State::SetAside,
        Some(other) => panic!("{other}"),
    }
}

fn voices(code: &str) -> Voices {
    match code {
        "one" => Voices::One,
        "few" => Voices::Few,
        "several" => Voices::Several,
        _ => Voices::Unknown,
    }
}

fn counted(code: &str) -> Counted {
    match code {
        "people" => Counted::People,
        "countries" => Counted::Countries,
        "organizations" => Counted::Organizations,
        "consultations" => Counted::Consultations,
        other => panic!("{other}"),
    }
}

impl Corpus {
    pub fn read() -> Self {
        let register: Register = read("tests/files/checks/register.toml");
        let person = |one: WrittenPerson| Person {
            name: one.name,
            may_be_named: one.may_be_named,
            emails: one.emails,
            telephones: one.telephones,
        };
        let organization =
            |one: WrittenOrganization| Organization { name: one.name, acronym: one.acronym };
        let mut corpus = Self {
            people: People {
                persons: register.persons.into_iter().map(person).collect(),
                organizations: register.organizations.into_iter().map(organization).collect(),
            },
            material: Material::default(),
            figures: Figures {
                released: register
                    .released
                    .into_iter()
                    .map(|one| Released {
                        of: counted(&one.of),
                        number: one.number,
                        about: one.about,
                        or_more: one.or_more,
                    })
                    .collect(),
                groups: register
                    .groups
                    .into_iter()
                    .map(|one| Group { name: one.name, people: one.people })
                    .collect(),
            },
            objectives: objectives(),
            citations: BTreeMap::new(),
            faults: Vec::new(),
            rights: Vec::new(),
        };
        register.inputs.into_iter().for_each(|input| corpus.add_input(input));
        corpus.read_cases();
        corpus
    }

    fn add_input(&mut self, input: WrittenInput) {
        let state = state(input.state.as_deref());
        let category = input.category.unwrap_or_else(|| "key_challenges".to_owned());
        let citation = Citation {
            key: input.key.clone(),
            state,
            objectives: input.objectives,
            category: Some(category),
            testimony: input.testimony,
            do_not_quote: input.do_not_quote,
            voices: voices(&input.voices),
        };
        self.citations.insert(input.key.clone(), citation);
        self.material.inputs.push(Input {
            key: input.key,
            text: input.text,
            state,
            testimony: input.testimony,
            do_not_quote: input.do_not_quote,
        });
    }

    fn read_cases(&mut self) {
        let folder = root().join("tests/files/checks");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let names: BTreeSet<String> = files.map(|name| name.into_string().unwrap()).collect();
        for name in names.iter().filter(|name| *name != "register.toml") {
            let file: File = read(&format!("tests/files/checks/{name}"));
            let own = |mut case: Case| {
                if let Some(check) = &file.check {
                    case.check.clone_from(check);
                }
                assert!(Check::of_code(&case.check).is_some(), "{name}: {}", case.check);
                case
            };
            let (faults, rights) = (file.faults.clone(), file.rights.clone());
            self.faults.extend(faults.into_iter().map(own));
            self.rights.extend(rights.into_iter().map(own));
        }
    }

    pub fn checker(&self) -> Checker<'_> {
        Checker::new(Ground {
            language: "en",
            people: &self.people,
            material: &self.material,
            figures: &self.figures,
            objectives: &self.objectives,
            style: Style::united_nations(),
        })
    }

    /// The section and paragraph that a case is about.
    pub fn paragraph(&self, case: &Case) -> (Section, Paragraph) {
        let paragraph = Paragraph {
            key: CASE.to_owned(),
            number: Some(case.before.len() as u32 + 1),
            text: case.text.clone(),
            computed: case.computed,
            editorial_reason: case.reason.clone(),
            cites: case.cites.iter().map(|key| self.citations[key].clone()).collect(),
            sources: case.sources,
            stale: case
                .stale
                .iter()
                .map(|code| if code == "data" { Stale::Data } else { Stale::Edition })
                .collect(),
        };
        let section = Section {
            key: "s".to_owned(),
            heading: None,
            unnumbered: false,
            level: 1,
            attribution: if case.on_record {
                Attribution::OnRecord
            } else {
                Attribution::ChathamHouse
            },
            outcome: case.outcome,
            objectives: case.objectives.clone(),
            category: Some("key_challenges".to_owned()),
            paragraphs: Vec::new(),
        };
        (section, paragraph)
    }

    /// The draft that a case stands in.
    pub fn draft(&self, case: &Case) -> Draft {
        let (mut section, paragraph) = self.paragraph(case);
        let filler = |key: String, number: usize, text: &str| Paragraph {
            key,
            number: Some(number as u32),
            text: text.to_owned(),
            cites: paragraph.cites.clone(),
            ..Paragraph::default()
        };
        for (at, text) in case.before.iter().enumerate() {
            section.paragraphs.push(filler(format!("before-{}", at + 1), at + 1, text));
        }
        let mut sections = Vec::new();
        if case.place == "heading" && case.headings.is_empty() {
            section.heading = Some(case.text.clone());
            section.paragraphs.push(filler("q".to_owned(), 1, "There was no register."));
        } else {
            section.paragraphs.push(paragraph.clone());
        }
        for (at, (level, heading)) in case.headings.iter().enumerate() {
            sections.push(Section {
                key: format!("h{at}"),
                heading: Some(heading.clone()),
                unnumbered: false,
                level: *level,
                paragraphs: vec![filler(format!("h{at}p"), at + 2, "There was no register.")],
                ..section.clone()
            });
        }
        if case.headings.is_empty() {
            sections.push(section);
        }
        let accepted = self.material.inputs.iter().map(|input| input.key.clone());
        let omitted = if case.omit_rest {
            accepted.collect()
        } else {
            case.omitted.iter().cloned().collect()
        };
        Draft {
            sections,
            omitted,
            most_words: case.most_words,
            other_words: 0,
            outdated: Vec::new(),
        }
    }
}

impl Case {
    /// Where it must be found, in characters of the source.
    fn range(&self) -> Option<Range<usize>> {
        let at = self.at.as_deref()?;
        let byte = self.text.find(at).unwrap_or_else(|| panic!("{at} is not in {}", self.text));
        let start = self.text[..byte].chars().count();
        Some(start..start + at.chars().count())
    }

    /// Whether this is what must be found.
    fn is_met_by(&self, finding: &Finding) -> bool {
        let place = match self.place.as_str() {
            "report" => finding.place.section.is_none(),
            "heading" => finding.place.section.is_some() && finding.place.paragraph.is_none(),
            _ => finding.place.paragraph.as_deref() == Some(CASE),
        };
        // The same words but for an edge: whatever stands there must be what is shown.
        let range = match (self.range(), &finding.place.range) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(expected), Some(found)) => {
                let common =
                    expected.end.min(found.end).saturating_sub(expected.start.max(found.start));
                common * 2 > found.len().min(expected.len())
            }
        };
        let level = self.level.as_deref().unwrap_or("blocks");
        place && range && finding.code() == self.rule && finding.level.code() == level
    }

    /// Whether it is found.
    pub fn is_found(&self, findings: &[Finding]) -> bool {
        findings.iter().any(|finding| self.is_met_by(finding))
    }

    /// What is said of a text that is right.
    pub fn alarms<'f>(&self, findings: &'f [Finding]) -> Vec<&'f Finding> {
        let is_own = |finding: &Finding| finding.check.code() == self.check && !self.may_advise;
        findings.iter().filter(|finding| finding.level.blocks() || is_own(finding)).collect()
    }

    /// Whether missing it would let something out that must not leave.
    pub fn blocks(&self) -> bool {
        self.level.as_deref() != Some("advises")
    }
}

/// What became of the cases of one check.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    pub planted: usize,
    pub found: usize,
    pub missed_blocking: usize,
    pub right: usize,
    pub false_alarms: usize,
}

/// Holds all cases against what they expect; each that went wrong is told.
pub fn tally(corpus: &Corpus) -> (BTreeMap<&'static str, Tally>, Vec<String>) {
    let checker = corpus.checker();
    let (mut tallies, mut wrong) = (BTreeMap::<&'static str, Tally>::new(), Vec::new());
    let code = |case: &Case| Check::of_code(&case.check).unwrap().code();
    for case in &corpus.faults {
        let findings = checker.draft(&corpus.draft(case));
        let tally = tallies.entry(code(case)).or_default();
        tally.planted += 1;
        if case.is_found(&findings) {
            tally.found += 1;
        } else {
            tally.missed_blocking += usize::from(case.blocks());
            wrong.push(format!(
                "MISSED {} {:?} in {:?}: {}",
                case.rule,
                case.at,
                case.text,
                told(&findings)
            ));
        }
    }
    for case in &corpus.rights {
        let findings = checker.draft(&corpus.draft(case));
        let tally = tallies.entry(code(case)).or_default();
        tally.right += 1;
        let alarms: Vec<Finding> = case.alarms(&findings).into_iter().cloned().collect();
        if !alarms.is_empty() {
            tally.false_alarms += 1;
            wrong.push(format!("FALSE ALARM in {:?}: {}", case.text, told(&alarms)));
        }
    }
    (tallies, wrong)
}

pub fn told(findings: &[Finding]) -> String {
    let one = |finding: &Finding| {
        format!(
            "\n    {} {} {:?} {}",
            finding.level.code(),
            finding.code(),
            finding.place.range,
            finding.sentence
        )
    };
    findings.iter().map(one).collect()
}
