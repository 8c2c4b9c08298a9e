//! Sheets to print, one for each group in each round: the names of those who agreed to be listed. No scripts, nothing from
//! elsewhere. It must never name who did not agree, or who is under 18; nor count them: a number about people that is
//! printed is one of a release.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use maud::{Markup, html};

use crate::groups::instances::Places;
use crate::groups::service::own_groups;
use crate::{groups, i18n};

use crate::access::Permission;
use crate::consultations::{
    self, Consultation, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId,
};
use crate::i18n::{Language, Words};
use crate::problem::Problem;
use crate::registrations::{self, Registration, RegistrationId};
use crate::work::Work;

/// A group in a round.
#[derive(Debug, Clone)]
pub struct Sheet {
    round: Round,
    group: WorkingGroup,
    names: Vec<String>,
}

/// All sheets that were asked for.
#[derive(Debug, Clone)]
pub struct Sheets {
    /// The consultation.
    pub consultation: Consultation,
    /// Its language.
    pub language: Language,
    sheets: Vec<Sheet>,
}

/// The sheets of a consultation as far as the caller sees who is where: all, or those of their own groups.
pub fn find(
    work: &mut Work,
    consultation: ConsultationId,
    round: Option<i32>,
    group: Option<i32>,
) -> Result<Sheets, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadAssignments, &consultation.scope())?;
    let places = Places::of(work, &consultation)?;
    let visible: BTreeSet<WorkingGroupId> =
        if work.may(Permission::ReadRegistrations, &consultation.scope()) {
            places.groups.iter().map(|group| group.id).collect()
        } else {
            own_groups(work, &places).into_iter().collect()
        };
    let people = People::of(work, &consultation)?;
    let mut sheets = Vec::new();
    for at in places.rounds.iter().filter(|at| round.is_none_or(|round| at.number == round)) {
        let wanted = |of: &&WorkingGroup| {
            visible.contains(&of.id) && group.is_none_or(|group| of.number == group)
        };
        sheets.extend(places.groups.iter().filter(wanted).map(|of| people.sheet(at, of)));
    }
    let language = Language::choose(None, &consultation.languages);
    Ok(Sheets { consultation, language, sheets })
}

/// Who is where, and who may be named.
struct People {
    seats: BTreeMap<(RoundId, WorkingGroupId), Vec<RegistrationId>>,
    names: HashMap<RegistrationId, String>,
}

impl People {
    fn of(work: &mut Work, consultation: &Consultation) -> Result<Self, Problem> {
        let mut seats: BTreeMap<_, Vec<RegistrationId>> = BTreeMap::new();
        for one in groups::store::assignments(work.conn, consultation.id)? {
            let place = (one.round_id, one.working_group_id);
            seats.entry(place).or_default().push(one.registration_id);
        }
        let confirmed = registrations::service::confirmed(work, consultation.id)?;
        let listed: BTreeSet<RegistrationId> =
            confirmed.iter().filter(|one| is_listed(one)).map(|one| one.id).collect();
        Ok(Self { seats, names: registrations::service::names(work, &listed)? })
    }

    fn sheet(&self, round: &Round, group: &WorkingGroup) -> Sheet {
        let there = self.seats.get(&(round.id, group.id)).map_or(&[][..], Vec::as_slice);
        let mut names: Vec<String> =
            there.iter().filter_map(|id| self.names.get(id).cloned()).collect();
        names.sort_by_key(|name| name.to_lowercase());
        Sheet { round: round.clone(), group: group.clone(), names }
    }
}

/// Whether others may read that the person takes part.
fn is_listed(registration: &Registration) -> bool {
    registration.consents.listed && !registration.is_under_18()
}

impl Sheets {
    /// What stands on the page.
    pub fn markup(&self) -> Markup {
        let words = i18n::mails(self.language);
        html! {
            @if self.sheets.is_empty() { p { "There is nothing to print." } }
            @for sheet in &self.sheets { (self.section(sheet, words)) }
        }
    }

    fn section(&self, sheet: &Sheet, words: &Words) -> Markup {
        let (round, group) = (&sheet.round, &sheet.group);
        let time = words.span(self.consultation.zone, round.starts_at, round.ends_at);
        let objectives: Vec<String> = group.objectives().map(|one| one.to_string()).collect();
        let title = words.working_group(round.number, group.number, &objectives, time.as_deref());
        let id = format!("round-{}-group-{}", round.number, group.number);
        html! {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) }
                ol { @for name in &sheet.names { li dir="auto" { (name) } } }
                p .others lang="en" { "Who did not agree to be listed is not named here." }
            }
        }
    }
}
