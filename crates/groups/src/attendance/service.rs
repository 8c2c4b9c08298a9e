//! Who may record attendance, and of whom: the secretariat everybody's, a host that of their own working group. The same
//! person is in a session once, however often they are recorded. Every writing is one transaction.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{
    Attendance, AttendanceId, MOST_MINUTES, MOST_PEOPLE, Method, Unregistered, Who, may_attend,
    store,
};
use crate::access::Permission;
use crate::consultations::{
    self, Activity, Consultation, ConsultationId, Round, Session, SessionId, SessionKind,
    WorkingGroup, WorkingGroupId,
};
use crate::db::Cleared;
use crate::db::types::Timestamp;
use crate::groups;
use crate::http::page::{Listing, Paging};
use crate::problem::{Checks, Problem, require_version};
use crate::registrations::roll::{self, Listed};
use crate::registrations::{self, RegistrationId};
use crate::work::Work;

/// Whose attendance a caller records and reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everybody's.
    All {
        /// The working groups that meet in the session.
        groups: Vec<WorkingGroupId>,
    },
    /// That of these working groups.
    Own(Vec<WorkingGroupId>),
}

impl Reach {
    /// The group that something is recorded for: the one that is named, if it is within reach; else for a host of one
    /// group that one.
    pub(super) fn group(
        &self,
        named: Option<WorkingGroupId>,
    ) -> Result<Option<WorkingGroupId>, Problem> {
        let refused = match (self, named) {
            (Self::All { .. }, None) => return Ok(None),
            (Self::Own(groups), None) if groups.len() == 1 => return Ok(Some(groups[0])),
            (Self::All { groups } | Self::Own(groups), Some(group)) if groups.contains(&group) => {
                return Ok(Some(group));
            }
            (Self::All { .. }, Some(_)) => "is no working group that meets in this session",
            (Self::Own(_), _) => "must be a working group that you host",
        };
        Err(Problem::invalid("/working_group_id", refused))
    }
}

/// What the caller reaches of a session; 403 when nothing.
pub(super) fn reach(
    work: &mut Work,
    session: &Session,
    consultation: &Consultation,
) -> Result<Reach, Problem> {
    let scope = consultation.scope();
    let groups: Vec<WorkingGroupId> = match session.kind {
        SessionKind::WorkingGroups => {
            let all =
                consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
            all.into_iter().map(|group| group.id).collect()
        }
        _ => Vec::new(),
    };
    let everything = scope.outside_groups();
    if work.may(Permission::RecordAttendance, &everything) {
        return Ok(Reach::All { groups });
    }
    let own: Vec<WorkingGroupId> = groups
        .into_iter()
        .filter(|group| work.may(Permission::RecordAttendance, &scope.group(group.uuid())))
        .collect();
    if own.is_empty() {
        work.require(Permission::RecordAttendance, &everything)?;
    }
    Ok(Reach::Own(own))
}

/// From when to when a session is, or else its round; nothing when that is not known.
pub(super) fn times(
    work: &mut Work,
    session: &Session,
) -> Result<Option<(Timestamp, Timestamp)>, Problem> {
    let round = session
        .round_id
        .map(|id| consultations::programme::service::one::<Round>(work, id))
        .transpose()?;
    let starts = session.starts_at.or(round.as_ref().and_then(|round| round.starts_at));
    let ends = session.ends_at.or(round.as_ref().and_then(|round| round.ends_at));
    Ok(starts.zip(ends))
}

/// Somebody to be recorded.
#[derive(Debug, Clone)]
pub struct NewAttendance {
    /// Who.
    pub who: NewWho,
    /// For how long, when it is known.
    pub minutes: Option<i32>,
}

/// Who is to be recorded.
#[derive(Debug, Clone)]
pub enum NewWho {
    /// By registration.
    Registration(RegistrationId),
    /// By name and, if it is known, address. An address of somebody who registered stands for the registration.
    Person(Unregistered),
}

/// What a recording came to.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// People who were not recorded before.
    pub new: u32,
    /// People who were.
    pub known: u32,
    /// All of them, each once.
    pub attendances: Vec<Attendance>,
}

/// Records a list of people, all or none; who is recorded already stays so, with the minutes that are given now.
pub fn record(
    work: &mut Work,
    id: SessionId,
    group: Option<WorkingGroupId>,
    people: &[NewAttendance],
) -> Result<Recorded, Problem> {
    let (session, consultation) = consultations::programme::service::see::<Session>(work, id)?;
    let reach = reach(work, &session, &consultation)?;
    consultation.require(Activity::RecordAttendance)?;
    let group = reach.group(group)?;
    check(people)?;
    let finder = Finder::open(work, &session, &consultation)?;
    let mut checks = Checks::new();
    let mut found = Vec::with_capacity(people.len());
    for (at, person) in people.iter().enumerate() {
        match finder.identify(&reach, group, &person.who) {
            Ok(who) => found.push((who, person.minutes)),
            Err((field, why)) => {
                checks.require(false, &format!("/people/{at}/{field}"), why);
            }
        }
    }
    checks.finish()?;
    let keys: Vec<String> = found.iter().map(|(who, _)| who.key()).collect();
    let mut recorder = Recorder::open(work, &session, &consultation, Method::List, &keys)?;
    for (who, minutes) in found {
        let own = group.or_else(|| finder.assigned(&who));
        recorder.add(work, who, own, minutes);
    }
    let recorded = recorder.finish(work)?;
    audit(work, id, Method::List, &recorded);
    Ok(recorded)
}

pub(super) fn audit(work: &mut Work, session: SessionId, method: Method, recorded: &Recorded) {
    let details = serde_json::json!({ "method": method, "new": recorded.new });
    work.audit_with("attendance.recorded", "session", session, details);
}

fn check(people: &[NewAttendance]) -> Result<(), Problem> {
    let mut checks = Checks::new();
    let fits = (1..=MOST_PEOPLE).contains(&people.len());
    checks.require(fits, "/people", format!("must name 1 to {MOST_PEOPLE} people"));
    for (at, person) in people.iter().enumerate() {
        let fits = person.minutes.is_none_or(|minutes| (0..=MOST_MINUTES).contains(&minutes));
        let detail = format!("must be from 0 to {MOST_MINUTES}");
        checks.require(fits, &format!("/people/{at}/minutes"), detail);
        if let NewWho::Person(person) = &person.who {
            person.check(&mut checks, &format!("/people/{at}/person/name"));
        }
    }
    checks.finish()
}

/// Finds those who registered, and the groups that they are assigned to in the session's round.
pub(super) struct Finder {
    pub(super) roll: Vec<Listed>,
    by_id: HashMap<RegistrationId, usize>,
    by_email: HashMap<String, usize>,
    assigned: HashMap<RegistrationId, WorkingGroupId>,
}

impl Finder {
    pub(super) fn open(
        work: &mut Work,
        session: &Session,
        consultation: &Consultation,
    ) -> Result<Self, Problem> {
        let roll = roll::of_consultation(work, consultation.id)?;
        let assigned = match session.round_id {
            Some(round) => groups::service::assignments(work, consultation.id)?
                .into_iter()
                .filter(|one| one.round_id == round)
                .map(|one| (one.registration_id, one.working_group_id))
                .collect(),
            None => HashMap::new(),
        };
        let by_id = roll.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
        let by_email = roll.iter().enumerate().map(|(at, one)| (one.email.clone(), at)).collect();
        Ok(Self { roll, by_id, by_email, assigned })
    }

    pub(super) fn registered(&self, id: RegistrationId) -> Option<&Listed> {
        self.by_id.get(&id).map(|at| &self.roll[*at])
    }

    pub(super) fn assigned(&self, who: &Who) -> Option<WorkingGroupId> {
        let Who::Registered { id, .. } = who else { return None };
        self.assigned.get(id).copied()
    }

    /// Who it is, or which field is wrong and why.
    fn identify(
        &self,
        reach: &Reach,
        group: Option<WorkingGroupId>,
        new: &NewWho,
    ) -> Result<Who, (&'static str, String)> {
        match (new, reach) {
            (NewWho::Registration(id), _) => {
                let wrong = |why: String| ("registration_id", why);
                let listed = self.registered(*id).filter(|_| match reach {
                    Reach::All { .. } => true,
                    Reach::Own(_) => self.assigned.get(id).copied() == group,
                });
                let listed = listed.ok_or_else(|| wrong(unknown(reach).to_owned()))?;
                attending(listed).map_err(wrong)
            }
            // A host is not told who registered: the address is looked up for the secretariat only.
            (NewWho::Person(person), Reach::Own(_)) => Ok(Who::Unregistered(person.clone())),
            (NewWho::Person(person), Reach::All { .. }) => {
                let email = person.email.as_ref().map(|email| email.as_str());
                match email.and_then(|email| self.by_email.get(email)) {
                    Some(at) => attending(&self.roll[*at]).map_err(|why| ("person/email", why)),
                    None => Ok(Who::Unregistered(person.clone())),
                }
            }
        }
    }
}

fn unknown(reach: &Reach) -> &'static str {
    match reach {
        Reach::All { .. } => "is no registration of this consultation that counts",
        Reach::Own(_) => "is nobody in your working group in this round",
    }
}

fn attending(listed: &Listed) -> Result<Who, String> {
    may_attend(listed.state)?;
    Ok(Who::Registered { id: listed.id, standing: listed.state })
}

/// Writes people into a session, each once. Holds the session's lock from its opening to the end of the transaction.
pub(super) struct Recorder {
    session: SessionId,
    consultation: ConsultationId,
    held_on: NaiveDate,
    method: Method,
    places: HashMap<String, usize>,
    entries: Vec<(Attendance, Entry)>,
}

/// How an entry stands to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// Is there, and nobody has asked for it.
    There,
    /// Is there as it should be.
    Same,
    /// Is there and has changed.
    Changed,
    /// Is not there yet.
    New,
}

impl Recorder {
    /// For people with these keys.
    pub(super) fn open(
        work: &mut Work,
        session: &Session,
        consultation: &Consultation,
        method: Method,
        keys: &[String],
    ) -> Result<Self, Problem> {
        work.lock(session.id.uuid())?;
        let there = store::of_people(work.conn, session.id, keys)?;
        let places = there.iter().enumerate().map(|(at, one)| (one.who.key(), at)).collect();
        let entries = there.into_iter().map(|one| (one, Entry::There)).collect();
        let day = session.starts_at.unwrap_or(work.now).utc().with_timezone(&consultation.zone);
        let held_on = consultation.held_on.unwrap_or(day.date_naive());
        let (session, consultation) = (session.id, consultation.id);
        Ok(Self { session, consultation, held_on, method, places, entries })
    }

    /// Notes somebody, and says how they are noted now.
    pub(super) fn add(
        &mut self,
        work: &Work,
        who: Who,
        group: Option<WorkingGroupId>,
        minutes: Option<i32>,
    ) -> Attendance {
        let key = who.key();
        if let Some(at) = self.places.get(&key) {
            let (known, entry) = &mut self.entries[*at];
            let (minutes, group) = (minutes.or(known.minutes), known.working_group_id.or(group));
            let changed = (known.minutes, known.working_group_id) != (minutes, group);
            (known.minutes, known.working_group_id) = (minutes, group);
            *entry = match (*entry, changed) {
                (Entry::New, _) => Entry::New,
                (_, true) | (Entry::Changed, _) => Entry::Changed,
                _ => Entry::Same,
            };
            return known.clone();
        }
        let new = Attendance {
            id: work.ids.unlinkable(),
            consultation_id: self.consultation,
            session_id: self.session,
            working_group_id: group,
            who,
            method: self.method,
            minutes,
            held_on: self.held_on,
            version: 1,
        };
        self.places.insert(key, self.entries.len());
        self.entries.push((new.clone(), Entry::New));
        new
    }

    /// Writes what is new or has changed.
    pub(super) fn finish(self, work: &mut Work) -> Result<Recorded, Problem> {
        let mut recorded = Recorded::default();
        let mut new = Vec::new();
        for (mut attendance, entry) in self.entries {
            match entry {
                Entry::There => continue,
                Entry::New => new.push(attendance.clone()),
                Entry::Changed => {
                    store::update(work.conn, &attendance)?;
                    attendance.version += 1;
                }
                Entry::Same => {}
            }
            recorded.attendances.push(attendance);
        }
        store::insert(work.conn, &new)?;
        recorded.new = new.len() as u32;
        recorded.known = recorded.attendances.len() as u32 - recorded.new;
        Ok(recorded)
    }
}

/// An attendance with the name of who it was; no name when it was forgotten.
#[derive(Debug, Clone)]
pub struct Named {
    /// The attendance.
    pub attendance: Attendance,
    /// Their name.
    pub name: Option<String>,
}

/// With names; the caller must have asked who may read them.
pub(super) fn named(work: &mut Work, rows: Vec<Attendance>) -> Result<Vec<Named>, Problem> {
    let ids: BTreeSet<RegistrationId> = rows
        .iter()
        .filter_map(|one| match one.who {
            Who::Registered { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    let names = registrations::service::names(work, &ids)?;
    let name = |attendance: Attendance| {
        let name = match &attendance.who {
            Who::Registered { id, .. } => names.get(id).cloned(),
            Who::Unregistered(person) => Some(person.name.clone()),
            Who::Forgotten { .. } => None,
        };
        Named { attendance, name }
    };
    Ok(rows.into_iter().map(name).collect())
}

/// Who was in a session, as far as the caller reaches; in no order that tells who came first.
pub fn list(work: &mut Work, id: SessionId, paging: &Paging) -> Result<Listing<Named>, Problem> {
    let (session, consultation) = consultations::programme::service::see::<Session>(work, id)?;
    let reach = reach(work, &session, &consultation)?;
    let groups = match &reach {
        Reach::All { .. } => None,
        Reach::Own(groups) => Some(groups.as_slice()),
    };
    let rows = store::list(work.conn, id, groups, paging)?;
    let part = paging.finish(rows, |row| vec![row.id.to_string()]);
    Ok(Listing { items: named(work, part.items)?, next: part.next })
}

/// Takes back that somebody was in a session. 412 when `version` is not the current one.
pub fn delete(work: &mut Work, id: AttendanceId, version: i64) -> Result<(), Problem> {
    work.caller.signed_in()?;
    let attendance = store::find(work.conn, id)?;
    let (session, consultation) =
        consultations::programme::service::see::<Session>(work, attendance.session_id)?;
    let unknown = || Problem::not_found("attendance");
    let reach =
        reach(work, &session, &consultation).map_err(|problem| problem.hidden_as(unknown))?;
    let within = match (&reach, attendance.working_group_id) {
        (Reach::All { .. }, _) => true,
        (Reach::Own(groups), group) => group.is_some_and(|group| groups.contains(&group)),
    };
    if !within {
        return Err(unknown());
    }
    consultation.require(Activity::RecordAttendance)?;
    require_version(attendance.version, version)?;
    store::delete(work.conn, id, version)?;
    work.audit("attendance.deleted", "session", session.id);
    Ok(())
}

/// Forgets codes that ran out, and, some time after a session, who came to it without registering: they stay counted,
/// each once, under a key that tells nothing.
pub fn clear(work: &mut Work) -> Result<Cleared, Problem> {
    let codes = store::purge_codes(work.conn, work.now)?;
    let days = work.settings.privacy.unregistered_attendance_days;
    let before = work.now.plus(-chrono::Duration::days(days)).utc().date_naive();
    let old = store::unregistered_before(work.conn, before)?;
    let people: BTreeSet<(ConsultationId, String)> =
        old.iter().map(|one| (one.consultation_id, one.who.key())).collect();
    for (consultation, person) in &people {
        let key = format!("forgotten:{}", work.ids.unlinkable::<Attendance>());
        store::forget(work.conn, *consultation, person, &key)?;
    }
    for consultation in
        people.iter().map(|(consultation, _)| *consultation).collect::<BTreeSet<_>>()
    {
        work.audit("attendance.forgotten", "consultation", consultation);
    }
    Ok(codes.and(Cleared { rows: people.len(), ..Cleared::part(old.len()) }))
}
