//! Who is in which group as a table, to be read, to be edited by hand and taken in again, or to be given to Zoom. Whoever
//! gets one gets names and addresses: for those who read registrations, and noted in the audit log.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::PathBuf;

use serde_json::json;

use crate::groups;
use crate::groups::instances::Places;

use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId, Round, RoundId, WorkingGroupId};
use crate::exchange::sheet::{Leaving, TableFormat, Writing};
use crate::exchange::{Column, Kind, Value, csv, xlsx};
use crate::organizations::{self, OrganizationId};
use crate::problem::{Code, Problem};
use crate::registrations::roll::{self, Listed};
use crate::registrations::{self, Registration, RegistrationId};
use crate::text_enum;
use crate::work::Work;

text_enum! {
    /// What assignments are written as.
    pub enum AssignmentFormat {
        /// Comma-separated values in UTF-8.
        Csv => "csv",
        /// A workbook.
        Xlsx => "xlsx",
        /// What Zoom takes to pre-assign breakout rooms: one round.
        Zoom => "zoom",
    }
}

impl AssignmentFormat {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv | Self::Zoom => csv::MEDIA_TYPE,
            Self::Xlsx => xlsx::MEDIA_TYPE,
        }
    }

    /// The table that it is.
    const fn table(self) -> TableFormat {
        match self {
            Self::Csv | Self::Zoom => TableFormat::Csv,
            Self::Xlsx => TableFormat::Xlsx,
        }
    }

    /// What a file of it ends in.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::Zoom => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Columns of the table; the import reads the round, the group, and who.
const COLUMNS: [(&str, Kind); 8] = [
    ("round", Kind::Number),
    ("working_group", Kind::Number),
    ("name", Kind::Text),
    ("email", Kind::Text),
    ("organization", Kind::Text),
    ("languages", Kind::Text),
    ("preferences", Kind::Text),
    ("registration_id", Kind::Text),
];

/// What Zoom calls its columns (support.zoom.com, "Pre-assigning meeting participants to breakout rooms").
const ZOOM: [&str; 2] = ["Pre-assign Room Name", "Email Address"];

/// Who is where, of all rounds or the one of that number, by round, group and name. A table has everybody who takes part
/// in a round, with an empty group where they have none; Zoom gets those who have one. Written row by row, in one snapshot.
pub fn write(
    work: &mut Work,
    consultation: ConsultationId,
    format: AssignmentFormat,
    round: Option<i32>,
    folder: PathBuf,
) -> Result<Writing<File>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    let places = Places::of(work, &consultation)?;
    let mut rounds: Vec<&Round> = places
        .rounds
        .iter()
        .filter(|one| round.is_none_or(|number| one.number == number))
        .collect();
    rounds.sort_by_key(|round| round.number);
    if rounds.is_empty() && round.is_some() {
        let detail = "is the number of no round of this consultation";
        return Err(Problem::new(Code::InvalidQuery, detail).at("?round", detail));
    }
    if format == AssignmentFormat::Zoom && round.is_none() {
        let detail =
            "is needed: Zoom has one set of rooms for a meeting, so one file is of one round";
        return Err(Problem::new(Code::InvalidQuery, detail).at("?round", detail));
    }
    let seats = Seats::of(work, &consultation, &places)?;
    let columns = match format {
        AssignmentFormat::Zoom => ZOOM.map(|name| Column::new(name, Kind::Text)).into(),
        _ => COLUMNS.iter().map(|(name, kind)| Column::new(*name, *kind)).collect(),
    };
    let leaving = Leaving { format: format.table(), mark: false, folder };
    let mut table = leaving.begin("Assignments", columns)?;
    for round in rounds {
        for (group, person) in seats.in_order(round) {
            let row = match (format, group) {
                (AssignmentFormat::Zoom, None) => continue,
                (AssignmentFormat::Zoom, Some(group)) => seats.room(group, person),
                _ => seats.row(round, group, person),
            };
            table.row(&row)?;
        }
    }
    Ok(table)
}

/// Somebody who is confirmed, as they are on the roll.
type Seated = (Registration, Listed);

/// Everybody who is confirmed, with their groups.
struct Seats<'a> {
    places: &'a Places,
    people: Vec<Seated>,
    organizations: HashMap<OrganizationId, String>,
    groups: HashMap<(RegistrationId, RoundId), WorkingGroupId>,
}

impl<'a> Seats<'a> {
    fn of(
        work: &mut Work,
        consultation: &Consultation,
        places: &'a Places,
    ) -> Result<Self, Problem> {
        let assignments = groups::store::assignments(work.conn, consultation.id)?;
        let roll = roll::of_consultation(work, consultation.id)?;
        let mut listed: HashMap<RegistrationId, Listed> =
            roll.into_iter().map(|one| (one.id, one)).collect();
        let confirmed = registrations::service::confirmed(work, consultation.id)?;
        let mut people: Vec<Seated> = confirmed
            .into_iter()
            .filter_map(|one| listed.remove(&one.id).map(|listed| (one, listed)))
            .collect();
        people.sort_by(|(_, one), (_, other)| {
            (one.name.to_lowercase(), one.id).cmp(&(other.name.to_lowercase(), other.id))
        });
        let ids: BTreeSet<OrganizationId> =
            people.iter().filter_map(|(one, _)| one.organization_id).collect();
        let ids: Vec<OrganizationId> = ids.into_iter().collect();
        let organizations = organizations::service::load_many(work, &ids)?;
        Ok(Self {
            places,
            people,
            organizations: organizations.into_iter().map(|(id, one)| (id, one.name)).collect(),
            groups: assignments
                .into_iter()
                .map(|one| ((one.registration_id, one.round_id), one.working_group_id))
                .collect(),
        })
    }

    /// The number of somebody's group.
    fn group(&self, who: RegistrationId, round: RoundId) -> Option<i32> {
        let group = self.groups.get(&(who, round))?;
        self.places.group(*group).map(|group| group.number)
    }

    /// Whoever is in a group of the round or could be, by the number of the group and by name; those without one come last.
    fn in_order(&self, round: &Round) -> Vec<(Option<i32>, &Seated)> {
        let all = self.people.iter().map(|one| (self.group(one.0.id, round.id), one));
        let mut all: Vec<_> = all
            .filter(|(group, (registration, _))| {
                group.is_some() || takes_part(registration, round.id)
            })
            .collect();
        // Stable: names stay in order.
        all.sort_by_key(|(group, _)| group.unwrap_or(i32::MAX));
        all
    }

    fn row(
        &self,
        round: &Round,
        group: Option<i32>,
        (registration, listed): &Seated,
    ) -> Vec<Value> {
        let organization = registration.organization_id;
        let organization = organization.and_then(|id| self.organizations.get(&id).cloned());
        let wishes = registration.preferences.iter();
        let wishes: Vec<String> = wishes
            .filter_map(|id| self.places.group(*id))
            .map(|group| group.number.to_string())
            .collect();
        vec![
            number(round.number),
            group.map_or(Value::Empty, number),
            Value::Text(listed.name.clone()),
            Value::Text(listed.email.clone()),
            organization.into(),
            Value::Text(registration.languages.join("; ")),
            Value::Text(wishes.join("; ")),
            Value::Text(registration.id.to_string()),
        ]
    }

    fn room(&self, group: i32, (_, listed): &Seated) -> Vec<Value> {
        vec![Value::Text(room_name(group)), Value::Text(listed.email.clone())]
    }
}

/// What the room of a group is called: short, and as each is numbered once, no two alike.
fn room_name(group: i32) -> String {
    format!("Working group {group}")
}

fn number(number: i32) -> Value {
    Value::Number(f64::from(number))
}

pub(in crate::groups) fn takes_part(registration: &Registration, round: RoundId) -> bool {
    registration.rounds.as_ref().is_none_or(|rounds| rounds.contains(&round))
}

/// Notes in the audit log that so many rows left this instance.
pub fn note(
    work: &mut Work,
    consultation: ConsultationId,
    format: AssignmentFormat,
    round: Option<i32>,
    count: usize,
) -> Result<(), Problem> {
    let details = json!({ "format": format, "round": round, "count": count });
    work.audit_with("assignments.exported", "consultation", consultation, details);
    Ok(())
}
