//! Mixing: what waits enters the readable tables, all at once and in random order, and the key that it waited under is destroyed. Nobody
//! can ask for it, and nobody is told how much waits.

use std::collections::BTreeSet;

use super::store::{self, Row};
use super::{BatchPart, FEWEST_ENTRIES, GRACE_MINUTES, Standing, Times, closings, ended};
use crate::access::Permission;
use crate::app::App;
use crate::consultations::{self, Consultation, ConsultationId, Phase};
use crate::db::types::{Json, Timestamp};
use crate::inputs::hearings::{Hearing, service as hearings};
use crate::inputs::{InputId, contributed, windows};
use crate::keys::Key;
use crate::problem::{Code, Problem};
use crate::vocabulary::{ClearanceRoundId, ContributionId};
use crate::voices::counting::{self, Late, VoiceRole, service as counted};
use crate::voices::observing;
use crate::voices::pool::{self, Deed, Entry, service as pooled, store::Row as Waiting};
use crate::voices::receipts::{Voice, store as receipts};
use crate::voices::vault::Vault;
use crate::work::{Credentials, Work};

/// Keeps everything that is done by receipt in a consultation, and its mixing, from others until the transaction ends.
pub fn lock(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    // A lock of its own, beside that of the consultation.
    let own = uuid::Uuid::from_u128(id.uuid().as_u128() ^ 0x6d69_7869_6e67);
    work.lock(own)
}

/// Nothing of when it began: the first receipt is given then.
fn fresh(id: ConsultationId) -> Row {
    Row {
        consultation_id: id,
        times: Json(Times::default().texts()),
        key_name: None,
        seen_to: None,
        closings: 0,
        replaced: 0,
        keys_destroyed: false,
    }
}

/// How the mixing of a consultation stands, or will stand once something is given.
pub fn standing(work: &mut Work, id: ConsultationId) -> Result<Row, Problem> {
    Ok(store::get(work.conn, id)?.unwrap_or_else(|| fresh(id)))
}

/// Sees to it that a consultation is mixed from now on; with the lock.
pub fn begin(work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
    lock(work, consultation.id)?;
    let row = standing(work, consultation.id)?;
    if row.seen_to.is_none() {
        let (slot, _) = Times::read(&row.times.0)?.around(consultation.zone, work.now);
        store::put(work.conn, &Row { seen_to: Some(slot), ..row })?;
    }
    Ok(())
}

/// When a consultation is mixed.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The times of day, in the consultation's zone.
    pub times: Vec<String>,
    /// The zone.
    pub zone: chrono_tz::Tz,
    /// The next of them.
    pub next: Timestamp,
}

/// When a consultation that the caller may know of is mixed.
pub fn schedule(work: &mut Work, id: ConsultationId) -> Result<Schedule, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let row = standing(work, id)?;
    let times = Times::read(&row.times.0)?;
    let (_, next) = times.around(consultation.zone, work.now);
    Ok(Schedule { times: times.texts(), zone: consultation.zone, next })
}

/// Sets when a consultation is mixed, for who edits the programme: before the first window opens, or, where there are none, before
/// the open call; and before anybody was given a receipt.
pub fn set_times(work: &mut Work, id: ConsultationId, times: &Times) -> Result<Schedule, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::EditProgramme, &consultation.scope())?;
    lock(work, id)?;
    let windows = windows::of(work, id)?;
    let begun = match windows.iter().map(|window| window.opens_at).min() {
        Some(first) => first <= work.now,
        None => consultation.phase != Phase::Planning,
    };
    let row = standing(work, id)?;
    // Windows that are moved do not begin anew what a receipt was given for.
    if begun || row.seen_to.is_some() {
        let detail = "The times at which contributions are mixed are set before the first window opens, and not changed after.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    store::put(work.conn, &Row { times: Json(times.texts()), ..row })?;
    work.audit("consultation.mixing_times_set", "consultation", id);
    schedule(work, id)
}

/// The name and the key that new entries of a consultation take. The caller holds the lock.
pub fn current_key(work: &mut Work, id: ConsultationId) -> Result<(String, Key), Problem> {
    let row = standing(work, id)?;
    let keys = Vault::of(work)?.keys();
    if let Some(name) = &row.key_name {
        let key = keys.get(name)?;
        if let Some(key) = key {
            return Ok((name.clone(), key));
        }
    }
    let name = Vault::new_pool_name(work.ids, id);
    let key = keys.get_or_make(&name)?;
    store::put(work.conn, &Row { key_name: Some(name.clone()), ..row })?;
    Ok((name, key))
}

/// Whether voices of a consultation cannot be counted any more.
pub fn keys_destroyed(work: &mut Work, id: ConsultationId) -> Result<bool, Problem> {
    Ok(store::get(work.conn, id)?.is_some_and(|row| row.keys_destroyed))
}

/// Whether what waited at a moment at which something closed has been let in.
pub fn is_let_in(
    work: &mut Work,
    id: ConsultationId,
    closed_at: Timestamp,
) -> Result<bool, Problem> {
    let seen = store::get(work.conn, id)?.and_then(|row| row.seen_to);
    // Before the first receipt is given nothing waits.
    Ok(seen.is_none_or(|seen| seen >= closed_at))
}

/// How many receipts of a consultation had been replaced when it was mixed last; none where its keys were destroyed.
pub fn replaced(work: &mut Work, id: ConsultationId) -> Result<Option<i32>, Problem> {
    let row = store::get(work.conn, id)?;
    let known = row.as_ref().is_none_or(|row| !row.keys_destroyed);
    Ok(known.then(|| row.map_or(0, |row| row.replaced)))
}

/// Mixes what is due, in every consultation; how many were looked at.
pub fn mix_due(app: &App) -> Result<usize, Problem> {
    let due = app.read_blocking(&Credentials::Operator, due)?;
    for id in &due {
        app.write_blocking(&Credentials::Operator, |work| look(work, *id))?;
        app.write_blocking(&Credentials::Operator, |work| tidy(work, *id))?;
    }
    Ok(due.len())
}

/// The consultations whose fixed time has come since they were looked at, or whose keys are to be destroyed.
fn due(work: &mut Work) -> Result<Vec<ConsultationId>, Problem> {
    let mut due = Vec::new();
    for row in store::all(work.conn)? {
        let consultation = consultations::service::load(work, row.consultation_id)?;
        let (slot, _) = Times::read(&row.times.0)?.around(consultation.zone, work.now);
        let passed = row.seen_to.is_none_or(|seen| seen < slot);
        let over = consultation.phase == Phase::Published && !row.keys_destroyed;
        if passed || over {
            due.push(consultation.id);
        }
    }
    Ok(due)
}

/// Looks at a consultation whose fixed time has come: mixes it or lets it wait, and destroys its keys once it is published.
fn look(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    lock(work, id)?;
    // Triage and publication stand still meanwhile.
    work.lock(id.uuid())?;
    let consultation = consultations::service::load(work, id)?;
    let Some(row) = store::get(work.conn, id)? else { return Ok(()) };
    let (slot, _) = Times::read(&row.times.0)?.around(consultation.zone, work.now);
    let published = consultation.phase == Phase::Published;
    if published && !row.keys_destroyed {
        destroy_keys(work, id)?;
    }
    let Some(row) = store::get(work.conn, id)? else { return Ok(()) };
    if row.seen_to.is_some_and(|seen| seen >= slot) {
        return Ok(());
    }
    let waiting = pool::store::all(work.conn, id)?;
    let (opened, lost) = pooled::open(work, id, waiting)?;
    let hearings = hearings::of_consultation(work, id)?;
    let mut batch = Vec::with_capacity(opened.len());
    for (waiting, entry) in opened {
        let fate = match &entry.deed {
            Deed::Observe { round, .. } if !is_heard(&hearings, *round, row.seen_to) => Fate::Ends,
            _ => fate(work, &consultation, &entry)?,
        };
        batch.push((waiting, entry, fate));
    }
    let of_draft = |entry: &Entry| matches!(entry.deed, Deed::Observe { .. });
    let entering = || batch.iter().filter(|(.., fate)| *fate == Fate::Enters);
    let voices: BTreeSet<Voice> = entering().map(|(_, entry, _)| entry.voice).collect();
    let windows = windows::of(work, id)?;
    let come = closings(&windows, consultation.phase, slot);
    let heard = ended(hearings.iter().map(|one| one.ends_at), row.seen_to, slot);
    let leaving = || batch.iter().filter(|(.., fate)| *fate != Fate::WaitsOn);
    let late = work.now.utc() - slot.utc() > chrono::Duration::minutes(GRACE_MINUTES);
    let standing = Standing {
        leaving: leaving().count(),
        entries: entering().count(),
        receipts: voices.len(),
        given: receipts::all_given(work.conn, id)?.receipts,
        in_time: !late,
        inputs: leaving().filter(|(_, entry, _)| !of_draft(entry)).count(),
        closing: come > row.closings || published,
        heard,
    };
    store::put(work.conn, &Row { seen_to: Some(slot), closings: come.max(row.closings), ..row })?;
    if let Some(part) = standing.mixes() {
        if part == BatchPart::Inputs {
            let drafts = batch.iter_mut().filter(|(_, entry, _)| of_draft(entry));
            drafts.for_each(|(.., fate)| *fate = Fate::WaitsOn);
        }
        let count = batch.iter().filter(|(.., fate)| *fate == Fate::Enters).count();
        mix(work, &consultation, &hearings, batch, count)?;
    }
    if lost > 0 {
        // They wait on: a folder of keys that is put back opens them.
        tracing::error!(
            "contributions wait under a key that is lost: put this instance's folder of keys back"
        );
    }
    Ok(())
}

/// What becomes of an entry when it is mixed. Only what enters hides the rest: whoever could make most of a batch void would have one of
/// few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is done.
    Enters,
    /// It does not fit its consultation any more: its contributor sees why, and can change it.
    WaitsOn,
    /// Nothing comes of it, but that it came too late.
    Ends,
}

fn fate(work: &mut Work, consultation: &Consultation, entry: &Entry) -> Result<Fate, Problem> {
    if counted::is_refused(work, consultation.id, entry.voice)? {
        return Ok(Fate::Ends);
    }
    let enters = match &entry.deed {
        Deed::Contribute { said, .. } => {
            let fits = contributed::unfit(work, consultation, said)?.is_none();
            return Ok(if fits { Fate::Enters } else { Fate::WaitsOn });
        }
        Deed::Change { input, said, .. } => {
            contributed::unfit(work, consultation, said)?.is_none()
                && contributed::takes_change(work, *input)?
        }
        Deed::Withdraw { input, .. } => contributed::takes_back(work, *input)?,
        Deed::Support { input } => supportable(work, *input)?,
        Deed::Unsupport { .. } | Deed::Observe { .. } => true,
    };
    Ok(if enters { Fate::Enters } else { Fate::Ends })
}

/// Whether what is said in a hearing can be let in: up to the fixed time that follows its end. What its key was away for until then comes
/// too late, since an edition may be out.
fn is_heard(hearings: &[Hearing], round: ClearanceRoundId, seen_to: Option<Timestamp>) -> bool {
    let hearing = hearings.iter().find(|one| one.round_id == round);
    hearing.is_some_and(|one| seen_to.is_none_or(|seen| seen < one.ends_at))
}

fn supportable(work: &mut Work, input: InputId) -> Result<bool, Problem> {
    Ok(contributed::supportable(work, &BTreeSet::from([input]))?.contains(&input))
}

/// Voices of a published consultation are not counted any more, nor is it known to whom receipts were given.
pub fn destroy_keys(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    counting::store::forget_sealed(work.conn, id)?;
    receipts::forget_all(work.conn, id)?;
    let row = standing(work, id)?;
    store::put(work.conn, &Row { keys_destroyed: true, ..row })?;
    work.audit("consultation.voice_keys_destroyed", "consultation", id);
    Ok(())
}

/// One batch: everything that waits enters together, in random order.
fn mix(
    work: &mut Work,
    consultation: &Consultation,
    hearings: &[Hearing],
    batch: Vec<(Waiting, Entry, Fate)>,
    count: usize,
) -> Result<(), Problem> {
    let id = consultation.id;
    // What is written from now on takes the next key.
    let row = standing(work, id)?;
    let replaced = receipts::all_given(work.conn, id)?.replaced();
    store::put(work.conn, &Row { key_name: None, replaced, ..row })?;
    let ids: Vec<ContributionId> = batch.iter().map(|(row, ..)| row.id).collect();
    pool::store::delete_many(work.conn, &ids)?;
    let mut shuffled: Vec<_> = batch.into_iter().map(|one| (work.ids.place(), one)).collect();
    shuffled.sort_by_key(|(place, _)| *place);
    let key = counted::sealing_key(work, id)?;
    for (_, (row, entry, fate)) in shuffled {
        match fate {
            Fate::Enters => enter(work, consultation, hearings, key.as_ref(), entry)?,
            Fate::WaitsOn => wait_on(work, id, row, entry)?,
            Fate::Ends => end(work, consultation, &entry.deed)?,
        }
    }
    lay_anew(work, id)?;
    let details = if count >= FEWEST_ENTRIES {
        serde_json::json!({ "entries": count })
    } else {
        serde_json::json!({})
    };
    work.audit_with("contributions.mixed", "consultation", id, details);
    Ok(())
}

/// Does what an entry says.
fn enter(
    work: &mut Work,
    consultation: &Consultation,
    hearings: &[Hearing],
    key: Option<&Key>,
    entry: Entry,
) -> Result<(), Problem> {
    let id = consultation.id;
    match entry.deed {
        Deed::Contribute { said, moment } => {
            let input = contributed::bring_in(work, consultation, &said, moment)?;
            let role = VoiceRole::Contributor;
            counted::write(work, id, key, (input, role), entry.voice, entry.mark)
        }
        Deed::Change { input, voice, said } => {
            contributed::change(work, input, &said)?;
            counting::store::set_late(work.conn, voice, None)
        }
        Deed::Withdraw { input, voice } => {
            contributed::take_back(work, input)?;
            counting::store::set_late(work.conn, voice, None)
        }
        // It may have been taken back in this very batch.
        Deed::Support { input } if !supportable(work, input)? => Ok(()),
        Deed::Support { input } => {
            let role = VoiceRole::Supporter;
            counted::write(work, id, key, (input, role), entry.voice, entry.mark)
        }
        Deed::Unsupport { voice, .. } => counting::store::delete(work.conn, voice),
        // No voice is sealed beside it: it is not counted, and nothing leads from it to an input.
        Deed::Observe { round, said } => {
            let hearing = hearings.iter().find(|one| one.round_id == round);
            let Some(hearing) = hearing else { return Ok(()) };
            let observation = hearings::bring_in(work, hearing, said)?;
            observing::store::insert(work.conn, id, observation, &entry.mark)
        }
    }
}

/// Notes for its doer what came too late; of anything else nothing stays.
fn end(work: &mut Work, consultation: &Consultation, deed: &Deed) -> Result<(), Problem> {
    match deed {
        Deed::Change { voice, .. } => {
            counting::store::set_late(work.conn, *voice, Some(Late::Change))
        }
        // Of a voice that is not taken any more nothing is done; what an edition rests on, it can wish back.
        Deed::Withdraw { input, .. } if contributed::takes_back(work, *input)? => Ok(()),
        Deed::Withdraw { input, .. } => contributed::wish_back(work, consultation, *input),
        Deed::Contribute { .. }
        | Deed::Support { .. }
        | Deed::Unsupport { .. }
        | Deed::Observe { .. } => Ok(()),
    }
}

/// An entry goes on waiting, under the next key.
fn wait_on(work: &mut Work, id: ConsultationId, row: Waiting, entry: Entry) -> Result<(), Problem> {
    let (key_name, key) = current_key(work, id)?;
    let sealed = entry.sealed(&key, row.id, id, work.ids)?;
    pool::store::insert(work.conn, &Waiting { key_name, sealed, ..row })
}

/// The rows of those who were given receipts are written anew in random order: they do not lie as they came.
fn lay_anew(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    let mut rows: Vec<_> =
        receipts::rows(work.conn, id)?.into_iter().map(|row| (work.ids.place(), row)).collect();
    rows.sort_unstable();
    receipts::forget_all(work.conn, id)?;
    let rows: Vec<receipts::Row> = rows.into_iter().map(|(_, row)| row).collect();
    receipts::insert_many(work.conn, id, &rows)
}

/// Destroys the keys of a consultation that nothing waits under any more, and that of its voices once they are not counted any more.
fn tidy(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    lock(work, id)?;
    let row = standing(work, id)?;
    let mut used: BTreeSet<String> = pool::store::key_names(work.conn, id)?.into_iter().collect();
    used.extend(row.key_name);
    let vault = Vault::of(work)?;
    for name in vault.pool_names(id)? {
        if !used.contains(&name) {
            vault.keys().destroy(&name)?;
        }
    }
    if row.keys_destroyed {
        vault.destroy_voices(id)?;
    }
    Ok(())
}

/// What a crash may have left of destroyed keys is destroyed at the next start, and keys that are lost are told.
pub fn start(app: &App) -> Result<(), Problem> {
    app.write_blocking(&Credentials::Operator, |work| {
        for row in store::all(work.conn)? {
            let id = row.consultation_id;
            tidy(work, id)?;
            let keys = Vault::of(work)?.keys();
            for name in pool::store::key_names(work.conn, id)? {
                if keys.get(&name)?.is_none() {
                    tracing::error!(
                        folder = %keys.folder().display(),
                        "a key that contributions wait under is lost: put this instance's folder of keys back before they are due to be mixed"
                    );
                }
            }
            let sealed = counting::store::is_sealed(work.conn, id)?;
            if sealed && Vault::of(work)?.known_voices(id)?.is_none() {
                tracing::error!(
                    folder = %keys.folder().display(),
                    "the key of a consultation's voices is lost: they are not counted until it is back"
                );
            }
        }
        Ok(())
    })
}
