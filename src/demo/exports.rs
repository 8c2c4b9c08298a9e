//! What the demonstration published, as a folder with figures beside each document, and what is told about it. Reads services
//! only, and writes nothing but the folder.

use std::path::Path;

use super::at;
use super::build::SECRETARIAT;
use crate::accounts::{self, Email};
use crate::app::App;
use crate::consultations::{self, ConsultationId, Round, WorkingGroup};
use crate::http::page::Paging;
use crate::printing::Printer;
use crate::problem::Problem;
use crate::reports::compile::{section_two, style};
use crate::{figures, groups, inputs};

use crate::reports::folder::{self, Folder, Published, Written};
use crate::reviews::Review;
use crate::work::{Credentials, Work};

/// Everything that was published, with figures of each consultation.
pub struct Series {
    /// The documents.
    pub folder: Folder,
    /// Beside each of them, for a summary report.
    pub facts: Vec<Option<Facts>>,
}

/// Figures of one consultation: of people as they were released, of inputs as they are.
pub struct Facts {
    /// Participants.
    pub participants: Option<u32>,
    /// Countries they come from.
    pub countries: Option<u32>,
    /// Those from UN entities.
    pub un_representatives: Option<u32>,
    /// Inputs in whatever state.
    pub inputs: u32,
    /// Those that were accepted.
    pub accepted: u32,
}

impl Series {
    /// The documents, each with its figures.
    pub fn documents(&self) -> impl Iterator<Item = (&Published, Option<&Facts>)> {
        self.folder.documents.iter().zip(self.facts.iter().map(Option::as_ref))
    }
}

/// Reads the newest editions of a review's reports and papers, and counts.
///
/// # Errors
/// When something is not published or cannot be read.
pub fn series(app: &App, review: &Review) -> Result<Series, String> {
    let mut folder = folder::gather(app, review).map_err(at("the editions"))?;
    if let Some(name) = folder.unpublished.first() {
        return Err(format!("{name} is not published"));
    }
    let remark =
        "A demonstration: its people are invented, and its sentences are this project's own.";
    folder.remark = Some(remark.to_owned());
    let mut counted = Vec::new();
    for one in &mut folder.documents {
        let facts = one.consultation.map(|consultation| facts(app, consultation)).transpose()?;
        one.facts = facts.as_ref().map(|facts| {
            let Facts { participants, countries, accepted, .. } = facts;
            let released =
                |figure: &Option<u32>, of: &str| figure.map(|figure| format!("{figure} {of}, "));
            let people = released(participants, "participants").unwrap_or_default();
            let countries = released(countries, "countries").unwrap_or_default();
            format!("{people}{countries}{accepted} inputs")
        });
        counted.push(facts);
    }
    Ok(Series { folder, facts: counted })
}

/// Writes the folder.
///
/// # Errors
/// When a file cannot be written.
pub fn write(app: &App, out: &Path, series: &Series) -> Result<Written, String> {
    folder::write(
        out,
        &series.folder,
        app.shared::<Printer>().map_err(|problem| problem.to_string())?,
        &|_| (),
    )
}

fn facts(app: &App, consultation: ConsultationId) -> Result<Facts, String> {
    let counted = app.read_blocking(&Credentials::Operator, |work| {
        let told = figures::service::told(work, consultation)?;
        Ok((told, inputs::reading::accepted(work.conn, consultation)?.len() as u32))
    });
    let (told, accepted) = counted.map_err(at("the figures"))?;
    let told = told.as_ref();
    Ok(Facts {
        participants: told.and_then(|told| told.people.number),
        countries: told.and_then(|told| told.countries).map(|countries| countries.number),
        un_representatives: told.and_then(section_two::un_representatives),
        inputs: all_inputs(app, consultation).map_err(at("the inputs"))?,
        accepted,
    })
}

/// How many inputs there are, as the secretariat sees them.
fn all_inputs(app: &App, id: ConsultationId) -> Result<u32, Problem> {
    let email: Email = SECRETARIAT[0].1.parse().map_err(Problem::internal)?;
    let account = app
        .read_blocking(&Credentials::Operator, |work| accounts::service::by_email(work, &email))?;
    let account = account.ok_or_else(|| Problem::not_found("account of the secretariat"))?;
    app.read_blocking(&Credentials::Account(account.id), |work| {
        let all = inputs::Filter::default();
        Ok(Paging::all(|paging| inputs::service::list(work, id, &all, paging))?.len() as u32)
    })
}

/// How many people are in which working group in which round, to the nearest five, as it was released.
pub struct Assigned {
    /// "second consultation".
    pub consultation: String,
    /// Numbers of the rounds.
    pub rounds: Vec<i32>,
    /// Numbers of the groups, with their sizes by round; none where a size is not told.
    pub groups: Vec<(i32, Vec<Option<u32>>)>,
    /// The plan in numbers.
    pub quality: Option<groups::solver::Quality>,
}

/// The table of the consultation with the most people in groups.
///
/// # Errors
/// When the assignments cannot be read.
pub fn largest_assignment(app: &App, review: &Review) -> Result<Option<Assigned>, String> {
    let found = app.read_blocking(&Credentials::Operator, |work| {
        let mut largest: Option<(u32, Assigned)> = None;
        for one in consultations::service::of_review(work, review.id)? {
            let table = assigned(work, one.id, one.ordinal)?;
            let people = table.groups.iter().flat_map(|(_, sizes)| sizes).flatten().sum();
            if largest.as_ref().is_none_or(|(most, _)| people > *most) {
                largest = Some((people, table));
            }
        }
        Ok(largest.filter(|(people, _)| *people > 0).map(|(_, table)| table))
    });
    found.map_err(at("the assignments"))
}

fn assigned(work: &mut Work, id: ConsultationId, ordinal: i32) -> Result<Assigned, Problem> {
    let rounds = consultations::programme::service::all::<Round>(work, id)?;
    let told = figures::service::told(work, id)?;
    let groups = consultations::programme::service::all::<WorkingGroup>(work, id)?.into_iter().map(
        |group| {
            let size = |round: &Round| told.as_ref()?.round(round.id)?.about(group.id);
            (group.number, rounds.iter().map(size).collect())
        },
    );
    let groups = groups.collect();
    let plan = groups::plans::service::in_force(work, id)?;
    Ok(Assigned {
        quality: plan.map(|plan| plan.quality),
        consultation: format!("{} consultation", style::ordinal(ordinal)),
        groups,
        rounds: rounds.iter().map(|round| round.number).collect(),
    })
}
