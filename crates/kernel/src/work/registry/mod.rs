//! What a feature is: it says once what it mounts, what it shares, which events it reacts to, what it holds about a person, how it
//! tells, keeps and forgets that, which jobs it runs and which mails it writes. The program has one list of features; whoever
//! mounts, merges, erases, purges or runs asks that list and names no feature. Knows none itself.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;
use uuid::Uuid;

use super::Work;
use super::acts::{Act, CarryOut, Foresee};
use super::app::{App, Opening};
use super::tasks::{Advance, Computation, JobKind, Task};
use crate::db::Cleared;
use crate::db::types::{Id, Timestamp};
use crate::i18n::Template;
use crate::mounting::Mounts;
use crate::personal::PersonalField;
use crate::problem::Problem;
use crate::vocabulary::{AccountId, ConsultationId, OrganizationId, RetentionClass};

/// Something that happened and that features above may have to follow up on, in the same transaction. Stands beside who tells
/// it. No event holds a person and an input together.
pub trait Event: Any {
    /// Its name, for people.
    const NAME: &'static str;
}

/// A feature that follows up on an event.
pub trait Reacts<E: Event> {
    /// What it does about it, and how much of what it moved. A problem undoes all of what happened.
    fn react(work: &mut Work, event: &E) -> Result<Moved, Problem>;
}

/// How many of what were moved, by table.
pub type Moved = Vec<(&'static str, u64)>;

/// How many of a table were moved, of all that reactions told.
pub fn moved_of(moved: &Moved, table: &str) -> u64 {
    moved.iter().filter(|(name, _)| *name == table).map(|(_, count)| count).sum()
}

/// One reaction of a feature to one event.
pub struct Reaction {
    /// The event's name.
    pub event: &'static str,
    id: fn() -> TypeId,
    react: fn(&mut Work, &dyn Any) -> Result<Moved, Problem>,
}

impl Reaction {
    /// How `R` reacts to `E`.
    pub const fn to<E: Event, R: Reacts<E>>() -> Self {
        Self {
            event: E::NAME,
            id: TypeId::of::<E>,
            react: |work, event| match event.downcast_ref::<E>() {
                Some(event) => R::react(work, event),
                None => Ok(Moved::new()),
            },
        }
    }
}

/// What a feature holds about a person, as sections of the JSON that they are given.
pub type DataOf = fn(&mut Work, AccountId) -> Result<Value, Problem>;

/// Forgets what a feature holds about a person.
pub type Erase = fn(&mut Work, AccountId) -> Result<(), Problem>;

/// What a purge looks at: what was held long enough ago.
#[derive(Debug)]
pub struct Expiring {
    /// The class that is purged.
    pub class: RetentionClass,
    /// The consultations that are over for long enough.
    pub held: Vec<ConsultationId>,
    /// The beginning of the day before which they were held.
    pub before: Timestamp,
}

/// What of a table is looked at in one go, in the order of its ids.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// Whether what is found is forgotten.
    pub forget: bool,
    /// The id after which it begins.
    pub after: Option<Uuid>,
    /// How many rows are looked at.
    pub most: i64,
}

/// What was found in a stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// How many.
    pub count: u64,
    /// The last id that was looked at, where there may be more.
    pub last: Option<Uuid>,
}

impl Stretch {
    /// What was found of the rows that were looked at.
    pub fn found<K>(&self, count: usize, looked_at: &[Id<K>]) -> Found {
        let last = looked_at.last().filter(|_| looked_at.len() as i64 >= self.most);
        Found { count: count as u64, last: last.map(|last| last.uuid()) }
    }
}

/// The ids of a query in a stretch, in their order.
#[macro_export]
macro_rules! in_stretch {
    ($query:expr, $column:expr, $id:ty, $stretch:expr, $conn:expr) => {{
        let query = $query.select($column).into_boxed();
        let after = $stretch.after.map(<$id>::new);
        $crate::db::keyset::after(query, ($column,), after, $stretch.most).load::<$id>($conn)
    }};
}

/// Counts what has been kept for long enough, in a stretch; with `forget`, it is gone then.
pub type Purge = fn(&mut Work, &Expiring, Stretch) -> Result<Found, Problem>;

/// What a feature keeps of a class: the table by which it is told, and how it is counted or forgotten.
pub type Kept = (RetentionClass, &'static str, Purge);

/// Does the work of a job, and says what it found.
pub type Run = fn(&mut Work, &Task) -> Result<Value, Problem>;

/// Reads what a job needs that computes.
pub type Prepare = fn(&mut Work, &Task) -> Result<Computation, Problem>;

/// One short write of a job, from the place where the one before ended; none at the beginning.
pub type Part = fn(&mut Work, &Task, place: Option<&Value>) -> Result<Advance, Problem>;

/// What whoever started a job is told when it comes no farther from this place: what of it is done, what is not, and how to bring that about.
pub type Left = fn(&mut Work, &Task, place: &Value) -> Result<Problem, Problem>;

/// What follows from what a job wrote that was decided: nobody stops it.
#[derive(Clone, Copy)]
pub struct Following {
    /// Does some of it.
    pub part: Part,
    /// Tells what is left of it.
    pub left: Left,
}

/// How a job stands to the database, and its work. None holds it for as long as it works: whoever writes beside it waits for a moment.
#[derive(Clone, Copy)]
pub enum Doing {
    /// It writes nothing but its result.
    Reads(Run),
    /// It reads, computes without any hold on the database, and writes what it found, all of it or none.
    Computes(Prepare),
    /// As [`Doing::Computes`]; what follows from what was written is done in parts.
    ComputesThen(Prepare, Following),
    /// It writes in parts. Each stays, also when somebody stops the job.
    InParts(Part),
}

/// What a kind of job does, by how it was asked for.
pub type Job = (JobKind, fn(&Task) -> Doing);

/// What a feature knows of a person.
pub type AboutPerson<T> = fn(&mut Work, AccountId) -> Result<Vec<T>, Problem>;

/// Whether something holds of a consultation.
pub type OfConsultation = fn(&mut Work, ConsultationId) -> Result<bool, Problem>;

/// Forgets what is out of date, or does what is due, a part of it in each write.
pub type Clear = fn(&mut Work) -> Result<Cleared, Problem>;

/// Work that a feature does again and again beside the requests.
pub type Sweep = fn(App) -> Pin<Box<dyn Future<Output = Result<usize, Problem>> + Send>>;

/// All that the rest of the program knows of a feature.
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// Mounts its operations of the API.
    pub mount: fn(&mut Mounts),
    /// Mounts its pages.
    pub pages: fn(&mut Mounts),
    /// Adds what its requests share, when the program starts.
    pub open: fn(&mut Opening) -> Result<(), String>,
    /// What it does once the database is there, before the first request.
    pub start: fn(&App) -> Result<(), Problem>,
    /// What it does last, when the program is told to stop.
    pub stop: fn(&App) -> Result<(), Problem>,
    /// The events it follows up on.
    pub on_event: &'static [Reaction],
    /// The columns in which it holds something about a person.
    pub personal: &'static [PersonalField],
    /// What it tells a person that it holds about them.
    pub data_of: Option<DataOf>,
    /// How it forgets a person, and when: lower ranks come first, since what is withdrawn for them may write to others.
    pub erase: Option<(u8, Erase)>,
    /// The words, besides their ids and names, by which answers that were kept for retries may know a person.
    pub known_by: Option<AboutPerson<String>>,
    /// What it keeps for how long.
    pub retention: &'static [Kept],
    /// The jobs it runs.
    pub jobs: &'static [Job],
    /// The acts that need two people which it does.
    pub acts: &'static [(Act, CarryOut)],
    /// Those of its acts for which it computes something before they are carried out.
    pub foresees: &'static [(Act, Foresee)],
    /// The mails it writes.
    pub mails: &'static [Template],
    /// Forgets what is out of date by itself, every few minutes.
    pub clear: Option<Clear>,
    /// Looks for what is due, every second.
    pub sweep: Option<Sweep>,
    /// Whether mail about a consultation waits until a person lets it go. One feature answers.
    pub holds_mail: Option<OfConsultation>,
    /// The organizations that somebody comes for. One feature answers.
    pub ties_of: Option<AboutPerson<OrganizationId>>,
    /// Whether questions about inputs to a consultation are open. One feature answers.
    pub questions_open: Option<OfConsultation>,
}

impl Feature {
    /// A feature that does nothing yet.
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            mount: |_| (),
            pages: |_| (),
            open: |_| Ok(()),
            start: |_| Ok(()),
            stop: |_| Ok(()),
            on_event: &[],
            personal: &[],
            data_of: None,
            erase: None,
            known_by: None,
            retention: &[],
            jobs: &[],
            acts: &[],
            foresees: &[],
            mails: &[],
            clear: None,
            sweep: None,
            holds_mail: None,
            ties_of: None,
            questions_open: None,
        }
    }
}

/// The features that a program is made of, in the order in which they are mounted: an address that takes anything comes after
/// those that it would swallow.
#[derive(Clone, Copy)]
pub struct Registry(&'static [Feature]);

impl Registry {
    /// The registry of a list of features; says what is wrong with the list.
    pub fn of(features: &'static [Feature]) -> Result<Self, String> {
        let names: BTreeSet<&str> = features.iter().map(|feature| feature.name).collect();
        if names.len() != features.len() {
            return Err("two features have the same name".to_owned());
        }
        let kinds = features.iter().flat_map(|one| one.jobs.iter().map(|job| job.0.as_str()));
        owned("job", kinds, JobKind::ALL.iter().map(|kind| kind.as_str()))?;
        let mut acts = BTreeSet::new();
        let mut all = features.iter().flat_map(|one| one.acts.iter().map(|act| act.0.as_str()));
        if let Some(act) = all.find(|act| !acts.insert(*act)) {
            return Err(format!("the act {act} belongs to two features"));
        }
        let mails = features.iter().flat_map(|one| one.mails.iter().map(|mail| mail.as_str()));
        owned("mail", mails, Template::ALL.iter().map(|mail| mail.as_str()))?;
        let answerers = [
            ("holds_mail", features.iter().filter(|one| one.holds_mail.is_some()).count()),
            ("ties_of", features.iter().filter(|one| one.ties_of.is_some()).count()),
            ("questions_open", features.iter().filter(|one| one.questions_open.is_some()).count()),
        ];
        match answerers.iter().find(|(_, count)| *count != 1) {
            Some((question, count)) => Err(format!("{count} features answer {question}")),
            None => Ok(Self(features)),
        }
    }

    /// The features, in their order.
    pub fn features(&self) -> impl Iterator<Item = &'static Feature> + use<> {
        self.0.iter()
    }

    /// Tells an event to every feature that reacts to it, in their order, in the transaction of `work`.
    pub fn tell<E: Event>(&self, work: &mut Work, event: &E) -> Result<Moved, Problem> {
        let mut moved = Moved::new();
        let reactions = self.features().flat_map(|feature| feature.on_event);
        for one in reactions.filter(|one| (one.id)() == TypeId::of::<E>()) {
            moved.extend((one.react)(work, event)?);
        }
        Ok(moved)
    }

    /// How the work of a job is done.
    pub fn doing(&self, task: &Task) -> Result<Doing, Problem> {
        let jobs = self.features().flat_map(|feature| feature.jobs);
        let mut found = jobs.filter(|(kind, _)| *kind == task.job.kind);
        let (_, how) = found.next().ok_or_else(|| Problem::internal("a job of no feature"))?;
        Ok(how(task))
    }

    /// How an act is carried out.
    pub fn carrying_out(&self, act: Act) -> Result<CarryOut, Problem> {
        let acts = self.features().flat_map(|feature| feature.acts);
        let mut found = acts.filter(|(one, _)| *one == act);
        let (_, how) = found.next().ok_or_else(|| Problem::internal("an act of no feature"))?;
        Ok(*how)
    }

    /// What is computed before an act is carried out, where anything is.
    pub fn foreseeing(&self, act: Act) -> Option<Foresee> {
        let mut all = self.features().flat_map(|feature| feature.foresees);
        all.find(|(one, _)| *one == act).map(|(_, how)| *how)
    }

    /// Those that forget a person, in the order in which they do.
    pub fn erasers(&self) -> Vec<Erase> {
        let mut ranked: Vec<(u8, Erase)> =
            self.features().filter_map(|feature| feature.erase).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, erase)| erase).collect()
    }

    /// Whether mail about the consultation waits until a person lets it go.
    pub fn holds_mail(&self, work: &mut Work, id: ConsultationId) -> Result<bool, Problem> {
        let answer = self.features().find_map(|feature| feature.holds_mail);
        answer.map_or(Ok(false), |answer| answer(work, id))
    }

    /// Whether questions about inputs to the consultation are open.
    pub fn questions_open(&self, work: &mut Work, id: ConsultationId) -> Result<bool, Problem> {
        let answer = self.features().find_map(|feature| feature.questions_open);
        answer.map_or(Ok(false), |answer| answer(work, id))
    }

    /// The organizations that somebody comes for.
    pub fn ties_of(
        &self,
        work: &mut Work,
        account: AccountId,
    ) -> Result<Vec<OrganizationId>, Problem> {
        let answer = self.features().find_map(|feature| feature.ties_of);
        answer.map_or(Ok(Vec::new()), |answer| answer(work, account))
    }
}

/// Says which of all things nobody owns, or more than one.
fn owned(
    what: &str,
    owned: impl Iterator<Item = &'static str>,
    all: impl Iterator<Item = &'static str>,
) -> Result<(), String> {
    let mut owners: BTreeMap<&str, usize> = all.map(|name| (name, 0)).collect();
    for name in owned {
        *owners.entry(name).or_default() += 1;
    }
    match owners.iter().find(|(_, count)| **count != 1) {
        Some((name, count)) => Err(format!("the {what} {name} belongs to {count} features")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
