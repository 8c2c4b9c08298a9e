//! Replaces a whole programme: every row is checked before any is written, and all are written or none.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Programme, Wanted, WantedGroup, WantedSession};
use crate::access::{Role, ScopeKind};
use crate::accounts;
use crate::consultations::programme::announced_hosts::{self, AnnouncedHost, NamedHost};
use crate::consultations::programme::placeholders::{self, HOST_ROLES, MOST, Placeholder};
use crate::consultations::programme::service::{Item, all, editable, remove, write};
use crate::consultations::{
    CoOrganizer, Consultation, ConsultationId, Round, Session, WorkingGroup, WorkingGroupId,
};
use crate::db::types::Id;
use crate::digest::sha256;
use crate::organizations;
use crate::problem::{Checks, Code, Problem, require_version};
use crate::work::Work;

/// Above every place in a list: rows whose number becomes another one wait there, so that two can change numbers.
const ASIDE: i32 = 1_000_000;

/// Says which programme it is: another one after any change of the consultation or a row. A number, but no count.
pub fn version(work: &mut Work, consultation: &Consultation) -> Result<i64, Problem> {
    let id = consultation.id;
    let mut text = format!("{id} {}", consultation.version);
    note::<CoOrganizer>(work, id, &mut text)?;
    note::<Round>(work, id, &mut text)?;
    note::<WorkingGroup>(work, id, &mut text)?;
    note::<Session>(work, id, &mut text)?;
    for (group, placeholder) in placeholders::store::of_consultation(work.conn, id)? {
        let organization = placeholder.organization_id.map(|id| id.to_string());
        _ = write!(text, "\n{group} {} {}", placeholder.role, organization.unwrap_or_default());
    }
    // By their rows: a name that only some may know is not to be guessed from what everybody may.
    for (group, row, _) in announced_hosts::store::of_consultation(work.conn, id)? {
        _ = write!(text, "\n{group} {row}");
    }
    // Twelve hexadecimal digits: what every reader of JSON takes for a number without loss.
    i64::from_str_radix(&sha256(text.as_bytes())[..12], 16).map_err(Problem::internal)
}

fn note<T: Item>(work: &mut Work, id: ConsultationId, text: &mut String) -> Result<(), Problem> {
    for row in all::<T>(work, id)? {
        _ = write!(text, "\n{} {}", row.id(), row.version());
    }
    Ok(())
}

/// Gives a consultation this programme: rows with an id are changed, those without are made, those that are not in it are removed.
pub fn replace(
    work: &mut Work,
    id: ConsultationId,
    seen: i64,
    wanted: Programme,
) -> Result<Consultation, Problem> {
    let consultation = editable(work, id)?;
    require_version(version(work, &consultation)?, seen)?;
    let mut next = Next::of(work, &consultation, wanted)?;
    next.sessions.remove(work)?;
    next.co_organizers.remove(work)?;
    next.rounds.step_aside(work)?;
    next.working_groups.step_aside(work)?;
    next.co_organizers.write(work)?;
    next.rounds.write(work)?;
    next.working_groups.write(work)?;
    next.sessions.write(work)?;
    next.rounds.remove(work)?;
    next.working_groups.remove(work)?;
    for (group, placeholders) in next.working_groups.wanted.iter().zip(&next.placeholders) {
        placeholders::store::replace(work.conn, group.id, placeholders)?;
    }
    let mut before = announced_hosts::service::all(work, id)?;
    for (group, hosts) in next.working_groups.wanted.iter().zip(&next.announced) {
        if before.remove(&group.id).unwrap_or_default() != *hosts {
            announced_hosts::store::clear(work.conn, group.id)?;
            for (host, position) in hosts.iter().zip(1_i32..) {
                let row = work.id();
                announced_hosts::store::insert(work.conn, row, group.id, position, host)?;
            }
        }
    }
    work.audit("programme.replaced", "consultation", id);
    Ok(consultation)
}

/// The programme as it will be.
struct Next {
    co_organizers: Change<CoOrganizer>,
    rounds: Change<Round>,
    working_groups: Change<WorkingGroup>,
    announced: Vec<Vec<AnnouncedHost>>,
    placeholders: Vec<Vec<Placeholder>>,
    sessions: Change<Session>,
}

impl Next {
    /// 422 with everything that is wrong with any row.
    fn of(work: &mut Work, at: &Consultation, wanted: Programme) -> Result<Self, Problem> {
        let mut checks = Checks::new();
        let co_organizers =
            Change::of(work, at, wanted.co_organizers, "/co_organizers", &mut checks)?;
        let rounds = Change::of(work, at, wanted.rounds, "/rounds", &mut checks)?;
        let mut groups = Vec::with_capacity(wanted.working_groups.len());
        let (mut announced, mut placeholders) = (Vec::new(), Vec::new());
        for (index, one) in wanted.working_groups.into_iter().enumerate() {
            let WantedGroup { group, hosts, placeholders: lines } = one;
            let hosts = check_hosts(work, group.id, hosts);
            let hosts = hosts.map_err(|why| why.below(&format!("/working_groups/{index}")));
            announced.push(checks.take(hosts)?.unwrap_or_default());
            placeholders.push(lines);
            groups.push(group);
        }
        let working_groups = Change::of(work, at, groups, "/working_groups", &mut checks)?;
        let sessions = sessions(work, at, wanted.sessions, &rounds, &mut checks)?;
        let whole = co_organizers.is_whole && rounds.is_whole && working_groups.is_whole;
        if !whole || !sessions.is_whole {
            checks.finish()?;
        }
        co_organizers.check(&mut checks, CoOrganizer::check)?;
        rounds.check(&mut checks, |round| round.check(at))?;
        working_groups.check(&mut checks, |group| group.check(at, &working_groups.wanted))?;
        sessions.check(&mut checks, |session| session.check(at, &rounds.wanted))?;
        rounds.require_distinct(&mut checks);
        working_groups.require_distinct(&mut checks);
        for (index, placeholders) in placeholders.iter().enumerate() {
            let found = check_placeholders(work, placeholders);
            checks.take(found.map_err(|why| why.below(&format!("/working_groups/{index}"))))?;
        }
        checks.finish()?;
        Ok(Self { co_organizers, rounds, working_groups, announced, placeholders, sessions })
    }
}

/// Sessions with their rounds, which are named by the numbers that they will have.
fn sessions(
    work: &mut Work,
    at: &Consultation,
    wanted: Vec<WantedSession>,
    rounds: &Change<Round>,
    checks: &mut Checks,
) -> Result<Change<Session>, Problem> {
    let stored = all::<Session>(work, at.id)?;
    let mut rows = Vec::with_capacity(wanted.len());
    for (index, WantedSession { mut session, round, keeps_joining_url }) in
        wanted.into_iter().enumerate()
    {
        let held = round.map(|number| rounds.wanted.iter().find(|round| round.number == number));
        let detail = "the programme has no round of this number";
        checks.require(held != Some(None), &format!("/sessions/{index}/round"), detail);
        session.new.round_id = held.flatten().map(|round| round.id);
        if keeps_joining_url {
            let before = stored.iter().find(|one| Some(one.id) == session.id);
            session.new.joining_url = before.and_then(|one| one.joining_url.clone());
        }
        rows.push(session);
    }
    Change::of(work, at, rows, "/sessions", checks)
}

/// Those of a group's hosts who are announced by name; whoever is named by account must hold the role there already.
fn check_hosts(
    work: &mut Work,
    group: Option<WorkingGroupId>,
    hosts: Vec<NamedHost>,
) -> Result<Vec<AnnouncedHost>, Problem> {
    let held = match group {
        Some(id) => accounts::roles::service::holders(work, ScopeKind::WorkingGroup, id.uuid())?,
        None => Vec::new(),
    };
    let mut checks = Checks::new();
    let detail = format!("at most {} are taken", announced_hosts::MOST);
    checks.require(hosts.len() <= announced_hosts::MOST, "/hosts", detail);
    let mut found = Vec::with_capacity(hosts.len());
    for (index, host) in hosts.into_iter().enumerate() {
        let pointer = format!("/hosts/{index}");
        match host {
            NamedHost::Holds(role, account) => {
                check_role(&mut checks, role, &pointer);
                let detail = "does not hold this role in this working group. Nobody is given one by a programme: make the group, give \
                              the role by POST /api/v1/working-groups/{working_group_id}/hosts, then name them here";
                checks.require(
                    held.contains(&(role, account)),
                    &format!("{pointer}/account_id"),
                    detail,
                );
            }
            NamedHost::Announced(host) => {
                check_role(&mut checks, host.role, &pointer);
                checks.text(&host.name, announced_hosts::LONGEST, &format!("{pointer}/name"));
                let affiliation = host.affiliation.as_deref();
                checks.optional_text(
                    affiliation,
                    announced_hosts::LONGEST,
                    &format!("{pointer}/affiliation"),
                );
                found.push(host);
            }
        }
    }
    checks.finish()?;
    Ok(found)
}

fn check_role(checks: &mut Checks, role: Role, pointer: &str) {
    let words: Vec<&str> = HOST_ROLES.iter().map(|role| role.as_str()).collect();
    let detail = format!("must be one of {}", words.join(", "));
    checks.require(HOST_ROLES.contains(&role), &format!("{pointer}/role"), detail);
}

fn check_placeholders(work: &mut Work, placeholders: &[Placeholder]) -> Result<(), Problem> {
    let mut checks = Checks::new();
    let detail = format!("at most {MOST} are taken");
    checks.require(placeholders.len() <= MOST, "/placeholders", detail);
    for (index, placeholder) in placeholders.iter().enumerate() {
        check_role(&mut checks, placeholder.role, &format!("/placeholders/{index}"));
        if let Some(id) = placeholder.organization_id {
            let pointer = format!("/placeholders/{index}/organization_id");
            checks.take(organizations::service::named(work, id, &pointer))?;
        }
    }
    checks.finish()
}

/// The rows of a kind as they are, and as they will be.
struct Change<T: Item> {
    list: &'static str,
    stored: Vec<T>,
    wanted: Vec<T>,
    /// Whether every row could be made, so that places in the list are those of the document.
    is_whole: bool,
}

impl<T: Item + PartialEq> Change<T> {
    /// Notes rows that name nothing, or the same one twice.
    fn of(
        work: &mut Work,
        at: &Consultation,
        rows: Vec<Wanted<T>>,
        list: &'static str,
        checks: &mut Checks,
    ) -> Result<Self, Problem> {
        let stored = all::<T>(work, at.id)?;
        let asked = rows.len();
        let mut wanted: Vec<T> = Vec::with_capacity(asked);
        for (index, Wanted { id, new }) in rows.into_iter().enumerate() {
            let made = T::made(work, at, new).map_err(|why| why.below(&format!("{list}/{index}")));
            let Some(made) = checks.take(made)? else { continue };
            wanted.push(match id {
                None => made,
                Some(id) => {
                    let old = stored.iter().find(|old| old.id() == id);
                    let twice = wanted.iter().any(|other| other.id() == id);
                    let pointer = format!("{list}/{index}/id");
                    let detail = format!("the programme has no such {}", T::NAMES.plain);
                    checks.require(old.is_some(), &pointer, detail);
                    checks.require(!twice, &pointer, "is there twice");
                    old.map_or(made.clone(), |old| made.in_place_of(old))
                }
            });
        }
        let is_whole = wanted.len() == asked;
        Ok(Self { list, stored, wanted, is_whole })
    }

    fn check(
        &self,
        checks: &mut Checks,
        check: impl Fn(&T) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        for (index, row) in self.wanted.iter().enumerate() {
            let found = check(row).map_err(|why| why.below(&format!("{}/{index}", self.list)));
            checks.take(found)?;
        }
        Ok(())
    }

    /// Notes numbers that are there twice.
    fn require_distinct(&self, checks: &mut Checks) {
        let mut seen = BTreeSet::new();
        for (index, row) in self.wanted.iter().enumerate() {
            let detail = format!("another {} has this number", T::NAMES.plain);
            checks.require(
                seen.insert(row.place()),
                &format!("{}/{index}/number", self.list),
                detail,
            );
        }
    }

    fn wanted_of(&self, id: Id<T::Tag>) -> Option<&T> {
        self.wanted.iter().find(|row| row.id() == id)
    }

    /// Takes rows whose number becomes another one, and those that go, out of the way.
    fn step_aside(&mut self, work: &mut Work) -> Result<(), Problem> {
        for index in 0..self.stored.len() {
            let old = &self.stored[index];
            let next = self.wanted_of(old.id());
            if next.is_some_and(|next| next.place() == old.place()) {
                continue;
            }
            let mut aside = old.clone();
            aside.put_at(ASIDE.saturating_add(old.place()));
            write(work, |conn| aside.update(conn))?;
            aside.changed(old.version() + 1, work.now);
            for next in self.wanted.iter_mut().filter(|next| next.id() == aside.id()) {
                *next = next.clone().in_place_of(&aside);
            }
            self.stored[index] = aside;
        }
        Ok(())
    }

    /// Makes what is new and changes what is another one than before.
    fn write(&mut self, work: &mut Work) -> Result<(), Problem> {
        for (index, row) in self.wanted.iter_mut().enumerate() {
            let old = self.stored.iter().find(|old| old.id() == row.id());
            let below = |why: Problem| why.below(&format!("{}/{index}", self.list));
            match old {
                None => {
                    write(work, |conn| row.insert(conn)).map_err(below)?;
                    work.audit(T::NAMES.created, T::NAMES.subject, row.id());
                }
                Some(old) if old != row => {
                    let version = row.version();
                    row.changed(version, work.now);
                    write(work, |conn| row.update(conn)).map_err(below)?;
                    row.changed(version + 1, work.now);
                    work.audit(T::NAMES.updated, T::NAMES.subject, row.id());
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Removes what is not wanted; 409 at the list when something hangs on it.
    fn remove(&mut self, work: &mut Work) -> Result<(), Problem> {
        for row in self.stored.clone() {
            if self.wanted_of(row.id()).is_some() {
                continue;
            }
            let place = row.place() % ASIDE;
            remove(work, row).map_err(|why| self.in_use(place, why))?;
        }
        Ok(())
    }

    fn in_use(&self, place: i32, why: Problem) -> Problem {
        if why.code() != Code::InUse {
            return why;
        }
        let detail = format!(
            "{} {place} is not in the list and cannot be removed: {} Keep it, with its id.",
            T::NAMES.plain,
            why.detail()
        );
        Problem::new(Code::InUse, detail.clone()).at(self.list, detail)
    }
}
