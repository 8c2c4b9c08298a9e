//! The sealed link from an input to whose voices are in it (ARCHITECTURE.md, rule 1): with `role`, the only file whose statements
//! name its tables. Private to this feature: inputs hand voices in through their port, and only the contributor's own view, one
//! audited permission, coverage in bands and the bands of voices read it.
//!
//! A row holds no person but a pseudonym ([`super::seal`]) that only the consultation's key makes. On PostgreSQL the tables
//! belong to a role of their own: every statement here takes that role and gives it back ([`apart`]). Whoever spoke
//! without leaving a link has no row at all.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::seal::{Key, SealKey};
use crate::accounts::{self, AccountId};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::events::AccountsMerged;
use crate::inputs::seal::{Speaker, Who};
use crate::inputs::{Capacity, InputId, LineId};
use crate::problem::{Code, Problem};
use crate::voices::schema::{input_attribution_keys, input_attributions, input_line_attributions};
use crate::work::Work;

pub mod role;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// Runs statements as the owner of the sealed tables. In an ordinary unit of work they are not to be read.
fn apart<T>(
    conn: &mut Conn,
    run: impl FnOnce(&mut Conn) -> Result<T, Problem>,
) -> Result<T, Problem> {
    role::take(conn)?;
    let result = run(conn);
    let given_back = role::give_back(conn);
    let value = result?;
    given_back?;
    Ok(value)
}

/// Seals whose voice is in an input, in the transaction that writes it. A voice that is there already stays what it is.
pub(super) fn seal(
    work: &mut Work,
    consultation: ConsultationId,
    input: InputId,
    who: &Who,
    capacity: Capacity,
) -> Result<(), Problem> {
    let voice = voice(work, consultation, who)?;
    apart(work.conn, |conn| insert(conn, input, &voice, capacity))
}

fn insert(conn: &mut Conn, input: InputId, voice: &str, capacity: Capacity) -> Result<(), Problem> {
    let there = input_attributions::table.find((input, voice));
    if diesel::select(exists(there)).get_result(conn)? {
        return Ok(());
    }
    let row = (
        input_attributions::input_id.eq(input),
        input_attributions::voice.eq(voice),
        input_attributions::capacity.eq(capacity),
    );
    diesel::insert_into(input_attributions::table).values(row).execute(conn)?;
    Ok(())
}

/// Takes the caller's support away again; whether there was one.
pub(super) fn unsupport(
    work: &mut Work,
    consultation: ConsultationId,
    input: InputId,
    account: AccountId,
) -> Result<bool, Problem> {
    let voice = voice(work, consultation, &Who::Account(account))?;
    apart(work.conn, |conn| {
        let own = input_attributions::table
            .find((input, voice))
            .filter(input_attributions::capacity.eq(Capacity::Supporter));
        Ok(diesel::delete(own).execute(conn)? > 0)
    })
}

/// The inputs that an account brought in, over all consultations whose seal can still be opened: for that account's own view.
pub(super) fn own(work: &mut Work, account: AccountId) -> Result<Vec<InputId>, Problem> {
    let voices: Vec<String> = keys(work)?.into_values().map(|key| key.voice(account)).collect();
    apart(work.conn, |conn| {
        let mut found = Vec::new();
        for part in voices.chunks(CHUNK) {
            let ids: Vec<InputId> = input_attributions::table
                .filter(input_attributions::voice.eq_any(part))
                .filter(input_attributions::capacity.ne(Capacity::Supporter))
                .select(input_attributions::input_id)
                .load(conn)?;
            found.extend(ids);
        }
        Ok(found)
    })
}

/// In what capacity the account that is asking is in this input; none when it is not, or when the seal is destroyed.
pub(super) fn own_capacity(
    work: &mut Work,
    consultation: ConsultationId,
    account: AccountId,
    input: InputId,
) -> Result<Option<Capacity>, Problem> {
    let State::Open(key) = state(work, consultation)? else { return Ok(None) };
    let voice = key.voice(account);
    apart(work.conn, |conn| {
        let link = input_attributions::table.find((input, voice));
        Ok(link.select(input_attributions::capacity).first(conn).optional()?)
    })
}

/// Who an input's voices are, as far as they are accounts of this instance, and in what capacity; and how many voices are
/// nobody's here. Every use of this is authorized and audited by the caller.
pub(super) fn open(
    work: &mut Work,
    consultation: ConsultationId,
    input: InputId,
) -> Result<(Vec<(AccountId, Capacity)>, usize), Problem> {
    let key = opened(work, consultation)?;
    let links: BTreeMap<String, Capacity> = apart(work.conn, |conn| {
        let links = input_attributions::table
            .filter(input_attributions::input_id.eq(input))
            .select((input_attributions::voice, input_attributions::capacity))
            .load(conn)?;
        Ok(links.into_iter().collect())
    })?;
    let mut found = Vec::new();
    for (account, name) in accounts::service::everybody(work)? {
        let voices = [key.voice(account), key.voice_of_name(&name)];
        let capacity = voices.iter().find_map(|voice| links.get(voice));
        found.extend(capacity.map(|capacity| (account, *capacity)));
    }
    let unknown = links.len().saturating_sub(found.len());
    Ok((found, unknown))
}

/// What stands behind some inputs. No identity leaves this.
#[derive(Debug, Default)]
pub(super) struct Voices {
    /// How many different people.
    pub(super) people: usize,
    /// Inputs that were written down for a group: who said them is not known.
    pub(super) recorded: Vec<InputId>,
    /// Inputs that nobody is linked to.
    pub(super) unlinked: Vec<InputId>,
}

/// How many different people's voices are in these inputs.
pub(super) fn voices(conn: &mut Conn, inputs: &[InputId]) -> Result<Voices, Problem> {
    let links = apart(conn, |conn| links(conn, inputs))?;
    let (mut people, mut recorded, mut linked) = (HashSet::new(), Vec::new(), HashSet::new());
    for (input, voice, capacity) in links {
        if capacity != Capacity::Supporter {
            linked.insert(input);
        }
        match capacity {
            Capacity::Recorder => recorded.push(input),
            Capacity::Contributor | Capacity::Speaker | Capacity::Supporter => {
                people.insert(voice);
            }
        }
    }
    let distinct: BTreeSet<InputId> = inputs.iter().copied().collect();
    let unlinked = distinct.into_iter().filter(|input| !linked.contains(input)).collect();
    Ok(Voices { people: people.len(), recorded, unlinked })
}

/// The pseudonyms in each input, for counting them by what is known of registrations. They say nothing without the key.
pub(super) fn pseudonyms(
    conn: &mut Conn,
    inputs: &[InputId],
) -> Result<Vec<(InputId, String)>, Problem> {
    let links = apart(conn, |conn| links(conn, inputs))?;
    let said = links.into_iter().filter(|(_, _, capacity)| *capacity != Capacity::Recorder);
    Ok(said.map(|(input, voice, _)| (input, voice)).collect())
}

/// The pseudonym of each of these accounts in a consultation; 409 when its seal is destroyed, none when it has none yet.
pub(super) fn pseudonyms_of(
    work: &mut Work,
    consultation: ConsultationId,
    accounts: &[AccountId],
) -> Result<Vec<String>, Problem> {
    match state(work, consultation)? {
        State::None => Ok(Vec::new()),
        State::Open(key) => Ok(accounts.iter().map(|account| key.voice(*account)).collect()),
        State::Destroyed(day) => Err(destroyed(day)),
    }
}

fn links(conn: &mut Conn, inputs: &[InputId]) -> Result<Vec<(InputId, String, Capacity)>, Problem> {
    let mut found = Vec::new();
    for part in inputs.chunks(CHUNK) {
        let rows: Vec<(InputId, String, Capacity)> = input_attributions::table
            .filter(input_attributions::input_id.eq_any(part))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Seals who spoke a line of a queue, in the transaction that writes it.
pub(super) fn seal_lines(
    work: &mut Work,
    consultation: ConsultationId,
    lines: &[(LineId, Speaker)],
) -> Result<(), Problem> {
    // Lines are taken only while a key is there that can be destroyed with them.
    key(work, consultation)?;
    let mut voices: BTreeMap<Speaker, String> = BTreeMap::new();
    for (_, speaker) in lines {
        voices.entry(*speaker).or_insert_with(|| work.ids.secret());
    }
    apart(work.conn, |conn| {
        for (line, speaker) in lines {
            let row = (
                input_line_attributions::line_id.eq(*line),
                input_line_attributions::voice.eq(&voices[speaker]),
            );
            diesel::insert_into(input_line_attributions::table).values(row).execute(conn)?;
        }
        Ok(())
    })
}

/// The voices of lines become those of the input that they were turned into.
pub(super) fn turn(conn: &mut Conn, lines: &[LineId], input: InputId) -> Result<(), Problem> {
    apart(conn, |conn| {
        let voices: Vec<String> = input_line_attributions::table
            .filter(input_line_attributions::line_id.eq_any(lines))
            .select(input_line_attributions::voice)
            .distinct()
            .load(conn)?;
        voices.iter().try_for_each(|voice| insert(conn, input, voice, Capacity::Speaker))
    })
}

/// The links of an input that is deleted go with it.
pub(super) fn forget(conn: &mut Conn, input: InputId) -> Result<(), Problem> {
    apart(conn, |conn| {
        let links = input_attributions::table.filter(input_attributions::input_id.eq(input));
        diesel::delete(links).execute(conn)?;
        Ok(())
    })
}

/// What one account brought in was brought in by the other: both are the same person.
pub(super) fn account_merged(work: &mut Work, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    for key in keys(work)?.into_values() {
        let voices = Revoiced { from: key.voice(from), into: key.voice(into) };
        apart(work.conn, |conn| revoice(conn, &voices))?;
    }
    Ok(())
}

/// Ends every link to the account. Its voice stays one voice in each consultation, of nobody.
pub(super) fn sever(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    for key in keys(work)?.into_values() {
        let voices = Revoiced { from: key.voice(account), into: work.ids.secret() };
        apart(work.conn, |conn| revoice(conn, &voices))?;
    }
    Ok(())
}

/// A pseudonym, and the one that stands in its place from now on.
struct Revoiced {
    from: String,
    into: String,
}

fn revoice(conn: &mut Conn, voices: &Revoiced) -> Result<(), Problem> {
    let Revoiced { from, into } = voices;
    let doubled: Vec<InputId> = input_attributions::table
        .filter(input_attributions::voice.eq(into))
        .select(input_attributions::input_id)
        .load(conn)?;
    let twice = input_attributions::table
        .filter(input_attributions::voice.eq(from))
        .filter(input_attributions::input_id.eq_any(doubled));
    diesel::delete(twice).execute(conn)?;
    diesel::update(input_attributions::table.filter(input_attributions::voice.eq(from)))
        .set(input_attributions::voice.eq(into))
        .execute(conn)?;
    let lines = input_line_attributions::table.filter(input_line_attributions::voice.eq(from));
    diesel::update(lines).set(input_line_attributions::voice.eq(into)).execute(conn)?;
    Ok(())
}

/// How the seal of a consultation stands.
pub(super) enum State {
    /// Nothing was sealed yet.
    None,
    /// It can be opened.
    Open(Key),
    /// Its key was destroyed that day: nothing links back.
    Destroyed(NaiveDate),
}

/// How the seal of a consultation stands.
pub(super) fn state(work: &mut Work, consultation: ConsultationId) -> Result<State, Problem> {
    let row = apart(work.conn, |conn| {
        let row = input_attribution_keys::table.find(consultation);
        Ok(row.first::<KeyRow>(conn).optional()?)
    })?;
    match row {
        None => Ok(State::None),
        Some(KeyRow { salt: Some(salt), proof, .. }) => {
            Ok(State::Open(whole(work, &salt, proof.as_deref())?))
        }
        Some(KeyRow { destroyed_on, .. }) => Ok(State::Destroyed(destroyed_on.unwrap_or_default())),
    }
}

/// Destroys the consultation's half of its key. Nothing can be sealed, opened or taken back in it any more.
pub(super) fn destroy(
    work: &mut Work,
    consultation: ConsultationId,
    day: NaiveDate,
) -> Result<(), Problem> {
    key(work, consultation)?;
    apart(work.conn, |conn| {
        diesel::update(input_attribution_keys::table.find(consultation))
            .set((
                input_attribution_keys::salt.eq(None::<String>),
                input_attribution_keys::proof.eq(None::<String>),
                input_attribution_keys::destroyed_on.eq(Some(day)),
            ))
            .execute(conn)?;
        Ok(())
    })
}

#[derive(Queryable)]
struct KeyRow {
    consultation_id: ConsultationId,
    salt: Option<String>,
    proof: Option<String>,
    destroyed_on: Option<NaiveDate>,
}

fn whole(work: &Work, salt: &str, proof: Option<&str>) -> Result<Key, Problem> {
    let key = work.shared::<SealKey>()?.with(salt);
    if proof == Some(key.proof().as_str()) {
        return Ok(key);
    }
    Err(Problem::internal(
        "the seal key is not the one that the inputs were sealed with: give this process the RAPPORTEUR_SEAL_KEY (or data/seal.key) of the others",
    ))
}

fn destroyed(day: NaiveDate) -> Problem {
    let detail = format!("The key of this consultation's seal was destroyed on {day}.");
    Problem::new(Code::SealDestroyed, detail)
}

/// The key of a consultation that has one; 409 when it was destroyed.
fn opened(work: &mut Work, consultation: ConsultationId) -> Result<Key, Problem> {
    match state(work, consultation)? {
        State::Open(key) => Ok(key),
        State::Destroyed(day) => Err(destroyed(day)),
        State::None => Err(Problem::internal("an input without a seal")),
    }
}

/// The key of a consultation, which is made when it has none; 409 when it was destroyed.
fn key(work: &mut Work, consultation: ConsultationId) -> Result<Key, Problem> {
    match state(work, consultation)? {
        State::Open(key) => Ok(key),
        State::Destroyed(day) => Err(destroyed(day)),
        State::None => made(work, consultation),
    }
}

fn made(work: &mut Work, consultation: ConsultationId) -> Result<Key, Problem> {
    let salt = work.ids.secret();
    let key = work.shared::<SealKey>()?.with(&salt);
    let proof = key.proof();
    let inserted = apart(work.conn, |conn| {
        let row = (
            input_attribution_keys::consultation_id.eq(consultation),
            input_attribution_keys::salt.eq(Some(salt)),
            input_attribution_keys::proof.eq(Some(proof)),
        );
        crate::on_backend!(conn, conn => Ok(diesel::insert_into(input_attribution_keys::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn)?))
    })?;
    match inserted {
        1 => Ok(key),
        // Somebody else made it at the same moment.
        _ => Err(Problem::contention()),
    }
}

fn keys(work: &mut Work) -> Result<BTreeMap<ConsultationId, Key>, Problem> {
    let rows = apart(work.conn, |conn| {
        let open = input_attribution_keys::table.filter(input_attribution_keys::salt.is_not_null());
        Ok(open.load::<KeyRow>(conn)?)
    })?;
    rows.into_iter()
        .filter_map(|row| row.salt.map(|salt| (row.consultation_id, salt, row.proof)))
        .map(|(id, salt, proof)| Ok((id, whole(work, &salt, proof.as_deref())?)))
        .collect()
}

fn of(key: &Key, who: &Who) -> String {
    match who {
        Who::Account(account) => key.voice(*account),
        Who::Name(name) => key.voice_of_name(name),
    }
}

fn voice(work: &mut Work, consultation: ConsultationId, who: &Who) -> Result<String, Problem> {
    Ok(of(&key(work, consultation)?, who))
}
