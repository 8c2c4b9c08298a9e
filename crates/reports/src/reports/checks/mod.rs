//! What must hold of a draft before it leaves: findings of the checks, and those that somebody lets pass for a reason. Pure: knows
//! neither tables nor HTTP nor who said what.

use std::collections::{BTreeMap, HashMap};

use rapporteur_checks::{Check, Draft, Finding, Paragraph, Section};
use sha2::{Digest, Sha256};

use super::ReportId;
use crate::access::Permission;
use crate::accounts::AccountId;
use crate::consultations::lifecycle::{Blocker, BlockerCode};
use crate::db::types::Timestamp;
use crate::digest::hexadecimal;

pub use rapporteur_checks::{Level, Telling};

mod context;
pub mod coverage;
pub(super) mod http;
pub(super) mod remembered;
pub mod service;
pub(super) mod store;

/// Longest reason why a finding may pass, in characters.
const LONGEST_REASON: usize = 2_000;

/// That somebody lets a finding pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The report.
    pub report_id: ReportId,
    /// What was found: a hash of it and of the text in which it was.
    pub finding: String,
    /// Why it may pass.
    pub reason: String,
    /// Who says so; nobody once they are erased.
    pub waived_by: Option<AccountId>,
    /// When.
    pub waived_at: Timestamp,
}

/// A finding, and whether somebody lets it pass.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What was found.
    pub finding: Finding,
    /// Its name, which it has as long as the text and what it rests on stay as they are.
    pub fingerprint: String,
    /// That it may pass.
    pub waiver: Option<Waiver>,
}

impl Judged {
    /// Whether the report cannot leave because of it.
    pub fn blocks(&self) -> bool {
        self.finding.level.blocks() && self.waiver.is_none()
    }
}

/// What of the findings stands in the way of the report's leaving.
pub fn blocker(judged: &[Judged]) -> Option<Blocker> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in judged.iter().filter(|one| one.blocks() && !is_told_by_coverage(&one.finding)) {
        *counts.entry(one.finding.code()).or_default() += 1;
    }
    if counts.is_empty() {
        return None;
    }
    let listed: Vec<String> =
        counts.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let what = format!("Checks hold the draft back: {}. Read its checks.", listed.join(", "));
    Some(Blocker::now(BlockerCode::ChecksUnmet, what, Permission::DraftReports))
}

/// Whether coverage tells it, of which publishing is held back: what rests on nothing, what is cited and not accepted, what is neither
/// used nor left out.
pub fn is_told_by_coverage(finding: &Finding) -> bool {
    // The reason why something is editorial, and where it stands, are for the checks alone.
    let own = ["reason", "objective", "category"];
    match finding.check {
        Check::UseOfInputs => true,
        Check::Provenance => !own.contains(&finding.rule.as_str()),
        _ => false,
    }
}

/// Findings with their names.
fn named(findings: Vec<Finding>, draft: &Draft) -> Vec<(String, Finding)> {
    let sections: HashMap<&str, &Section> =
        draft.sections.iter().map(|section| (section.key.as_str(), section)).collect();
    let paragraphs = draft.sections.iter().flat_map(|section| &section.paragraphs);
    let paragraphs: HashMap<&str, &Paragraph> =
        paragraphs.map(|paragraph| (paragraph.key.as_str(), paragraph)).collect();
    let name = |finding: Finding| {
        let section = finding.place.section.as_deref().and_then(|key| sections.get(key));
        let paragraph = finding.place.paragraph.as_deref().and_then(|key| paragraphs.get(key));
        (fingerprint(&finding, section.copied(), paragraph.copied()), finding)
    };
    findings.into_iter().map(name).collect()
}

/// The name of a finding: a hash of what was found, where, in which text, resting on what. So a waiver lapses with any of them.
fn fingerprint(
    finding: &Finding,
    section: Option<&Section>,
    paragraph: Option<&Paragraph>,
) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    part(&finding.code());
    part(&finding.sentence.to_string());
    part(finding.place.section.as_deref().unwrap_or_default());
    part(finding.place.paragraph.as_deref().unwrap_or_default());
    if let Some(range) = &finding.place.range {
        part(&format!("{range:?}"));
    }
    match (section, paragraph) {
        (_, Some(paragraph)) => {
            part(&paragraph.text);
            for cited in &paragraph.cites {
                part(&cited.key);
            }
        }
        (Some(section), None) => part(section.heading.as_deref().unwrap_or_default()),
        (None, None) => {}
    }
    hexadecimal(&hash.finalize())
}
