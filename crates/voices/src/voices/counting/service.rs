//! Counting voices: what the port of inputs hands out. A number never leaves this file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::store::{self, Row};
use super::{VoiceRole, beside, beside_line, opened, sealed};
use crate::consultations::ConsultationId;
use crate::inputs::reading::HowTold;
use crate::inputs::seal::{Counted, Speaker, Together};
use crate::inputs::{Band, InputId, InputState, LineId, reading};
use crate::keys::Key;
use crate::problem::Problem;
use crate::vocabulary::VoiceId;
use crate::voices::mixing;
use crate::voices::receipts::{Holder, Voice, store as receipts};
use crate::voices::vault::Vault;
use crate::work::Work;

/// The key that voices of a consultation are sealed with; none once it was destroyed.
pub fn sealing_key(work: &mut Work, consultation: ConsultationId) -> Result<Option<Key>, Problem> {
    if mixing::service::keys_destroyed(work, consultation)? {
        return Ok(None);
    }
    let vault = Vault::of(work)?;
    if vault.known_voices(consultation)?.is_none() && store::is_sealed(work.conn, consultation)? {
        // A new key beside voices that were sealed with another would count one voice as two.
        return Err(Problem::internal("the key of a consultation's voices is lost"));
    }
    vault.voices(consultation).map(Some)
}

/// Writes a voice that comes by receipt, as what it is in an input.
pub fn write(
    work: &mut Work,
    consultation: ConsultationId,
    key: Option<&Key>,
    (input, role): (InputId, VoiceRole),
    voice: Voice,
    mark: Vec<u8>,
) -> Result<(), Problem> {
    let sealed = match key {
        Some(key) => Some(sealed(key, &beside(input, role), voice, work.ids)?),
        None => None,
    };
    let row = Row {
        id: work.ids.unlinkable(),
        input_id: input,
        consultation_id: consultation,
        role,
        mark: Some(mark),
        sealed,
        late: None,
    };
    store::insert(work.conn, &row)
}

/// Writes who of their file spoke these lines: each speaker a voice of this file, random, and of no other.
pub fn seal_lines(
    work: &mut Work,
    consultation: ConsultationId,
    lines: &[(LineId, Speaker)],
) -> Result<(), Problem> {
    let Some(key) = sealing_key(work, consultation)? else { return Ok(()) };
    let mut voices: BTreeMap<Speaker, Voice> = BTreeMap::new();
    for (line, speaker) in lines {
        let voice = *voices.entry(*speaker).or_insert_with(|| Voice(work.ids.random_bytes()));
        let sealed = sealed(&key, &beside_line(*line), voice, work.ids)?;
        store::insert_line(work.conn, *line, &sealed)?;
    }
    Ok(())
}

/// The voices of lines become those of the input that they were turned into.
pub fn turn(
    work: &mut Work,
    consultation: ConsultationId,
    lines: &[LineId],
    input: InputId,
) -> Result<(), Problem> {
    let Some(key) = Vault::of(work)?.known_voices(consultation)? else { return Ok(()) };
    let rows = store::lines(work.conn, lines)?;
    let voices: BTreeSet<Voice> = rows
        .iter()
        .filter_map(|(line, sealed)| opened(&key, &beside_line(*line), sealed))
        .collect();
    for voice in voices {
        let role = VoiceRole::Speaker;
        let row = Row {
            id: work.ids.unlinkable(),
            input_id: input,
            consultation_id: consultation,
            role,
            mark: None,
            sealed: Some(sealed(&key, &beside(input, role), voice, work.ids)?),
            late: None,
        };
        store::insert(work.conn, &row)?;
    }
    Ok(())
}

/// The voices in rows that can be opened.
fn voices<'r>(
    key: &'r Key,
    rows: impl IntoIterator<Item = &'r Row>,
) -> impl Iterator<Item = (InputId, Voice)> {
    rows.into_iter().filter_map(|row| {
        let voice = opened(key, &beside(row.input_id, row.role), row.sealed.as_deref()?)?;
        Some((row.input_id, voice))
    })
}

/// How many voices are known to stand behind each of these sets at least: as many as are sealed, or as were noted in the room; those
/// who wrote may be those who spoke.
fn at_least(
    work: &mut Work,
    consultation: ConsultationId,
    sets: &[Together],
) -> Result<Vec<usize>, Problem> {
    let ids: BTreeSet<InputId> = sets.iter().flatten().copied().collect();
    let ids: Vec<InputId> = ids.into_iter().collect();
    let mut standing: HashMap<InputId, HowTold> = reading::how_told(work.conn, &ids)?;
    standing.retain(|_, told| told.state != InputState::Withdrawn);
    let rows = store::of(work.conn, &ids)?;
    let mut by_input: HashMap<InputId, Vec<Voice>> = HashMap::new();
    if let Some(key) = Vault::of(work)?.known_voices(consultation)? {
        for (input, voice) in voices(&key, &rows) {
            by_input.entry(input).or_default().push(voice);
        }
    }
    let count = |set: &Together| {
        let known = set.iter().filter_map(|id| Some((id, standing.get(id)?)));
        let distinct: HashSet<&Voice> =
            known.clone().filter_map(|(id, _)| by_input.get(id)).flatten().collect();
        let told = known.map(|(_, told)| told).filter(|told| !told.derived);
        let told = told.map(|told| match told.told_by {
            Some(told_by) => told_by.at_least(),
            None => 1,
        });
        distinct.len().max(told.max().unwrap_or(0))
    };
    Ok(sets.iter().map(count).collect())
}

/// How many voices stand behind each of these sets, as a band; none once that cannot be counted any more.
pub fn bands(
    work: &mut Work,
    consultation: ConsultationId,
    sets: &[Together],
) -> Result<Option<Counted>, Problem> {
    let Some(replaced) = mixing::service::replaced(work, consultation)? else { return Ok(None) };
    let counted = at_least(work, consultation, sets)?;
    Ok(Some(Counted { bands: counted.into_iter().map(Band::of).collect(), replaced }))
}

/// The band of each of these sets, and whether more than one voice is known to stand behind it.
pub fn several(
    work: &mut Work,
    consultation: ConsultationId,
    sets: &[Together],
) -> Result<Option<Vec<(Band, bool)>>, Problem> {
    if mixing::service::keys_destroyed(work, consultation)? {
        return Ok(None);
    }
    let told = |voices| (Band::of(voices), voices > 1);
    Ok(Some(at_least(work, consultation, sets)?.into_iter().map(told).collect()))
}

/// Whether no more voices speak by receipt than receipts were given; always so once that cannot be counted any more.
pub fn is_sound(work: &mut Work, consultation: ConsultationId) -> Result<bool, Problem> {
    if mixing::service::keys_destroyed(work, consultation)? {
        return Ok(true);
    }
    let given = receipts::all_given(work.conn, consultation)?;
    let rows = store::by_receipt(work.conn, consultation)?;
    let Some(key) = Vault::of(work)?.known_voices(consultation)? else {
        return Ok(rows.is_empty());
    };
    let distinct: HashSet<Voice> = voices(&key, &rows).map(|(_, voice)| voice).collect();
    Ok(distinct.len() as i64 <= given.receipts)
}

/// The holder's voices, of whatever input of the consultation.
pub fn own(work: &mut Work, holder: &Holder) -> Result<Vec<Row>, Problem> {
    let marks = store::marks(work.conn, holder.consultation)?;
    let own: Vec<VoiceId> =
        marks.into_iter().filter(|(_, mark)| holder.knows(mark)).map(|(id, _)| id).collect();
    store::some(work.conn, &own)
}

/// As what a voice is known that is not taken any more.
fn refusal(key: &Key, voice: Voice) -> Vec<u8> {
    key.mac(&[b"refused", &voice.0]).to_vec()
}

/// Whether a voice is not taken any more.
pub fn is_refused(
    work: &mut Work,
    consultation: ConsultationId,
    voice: Voice,
) -> Result<bool, Problem> {
    match Vault::of(work)?.known_voices(consultation)? {
        Some(key) => store::is_refused(work.conn, consultation, &refusal(&key, voice)),
        None => Ok(false),
    }
}

/// Whether it is known, if only in secret, who said an input by receipt.
pub fn has_contributor(
    work: &mut Work,
    consultation: ConsultationId,
    input: InputId,
) -> Result<bool, Problem> {
    Ok(!contributors(work, consultation, input)?.is_empty())
}

/// The voices that said an input by receipt.
fn contributors(
    work: &mut Work,
    consultation: ConsultationId,
    input: InputId,
) -> Result<Vec<Voice>, Problem> {
    let Some(key) = Vault::of(work)?.known_voices(consultation)? else { return Ok(Vec::new()) };
    let rows = store::of(work.conn, &[input])?;
    let said = rows.iter().filter(|row| row.role == VoiceRole::Contributor);
    Ok(voices(&key, said).map(|(_, voice)| voice).collect())
}

/// Takes nothing any more of the voice that said this input; nobody is named by it. False where its voice cannot be known.
pub fn refuse_voice_of(
    work: &mut Work,
    consultation: ConsultationId,
    input: InputId,
) -> Result<bool, Problem> {
    let found = contributors(work, consultation, input)?;
    let Some(key) = Vault::of(work)?.known_voices(consultation)? else { return Ok(false) };
    for voice in &found {
        store::refuse(work.conn, consultation, &refusal(&key, *voice))?;
    }
    Ok(!found.is_empty())
}
