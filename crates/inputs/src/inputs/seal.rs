//! The port to voices. Which inputs are one voice is kept by a feature above this one, which alone names its tables and holds its
//! keys; here lines are handed on with who of their file spoke them, and a band comes back. Nobody outside this feature can call
//! the port but through [`super::reading`], and nothing that comes out of it names anybody: behind it nobody is named either.

use std::collections::BTreeSet;

use super::{Band, InputId, LineId};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::problem::Problem;
use crate::work::Work;

/// The nth speaker of one file. It means nothing elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Speaker(pub u32);

/// Writes who of their file spoke each of these lines; all lines of a file at once.
pub type SealLines = fn(&mut Work, ConsultationId, &[(LineId, Speaker)]) -> Result<(), Problem>;

/// Counts the voices of sets of inputs; none where they cannot be counted any more.
pub type Count<T> = fn(&mut Work, ConsultationId, &[Together]) -> Result<Option<T>, Problem>;

/// Inputs that are counted together.
pub type Together = BTreeSet<InputId>;

/// Voices that were counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The band of each set.
    pub bands: Vec<Band>,
    /// How many receipts had been replaced when inputs were mixed last: by so many there may be fewer people than voices.
    pub replaced: i32,
}

/// What whoever keeps voices does for inputs.
pub struct Voices {
    /// Writes who spoke lines of a queue, in the transaction that writes them.
    pub seal_lines: SealLines,
    /// Makes the voices of lines those of the input that they were turned into.
    pub turn: fn(&mut Work, ConsultationId, &[LineId], InputId) -> Result<(), Problem>,
    /// Forgets the voices of an input that is deleted.
    pub forget: fn(&mut Work, InputId) -> Result<(), Problem>,
    /// How many voices stand behind each of these sets of inputs, as a band; of none where they cannot be counted any more. Does
    /// not ask who asks.
    pub bands: Count<Counted>,
    /// The band of each of these sets, and whether more than one voice is known to stand behind it; none as for bands. For whole
    /// reports only.
    pub several: Count<Vec<(Band, bool)>>,
    /// Whether no more voices speak by receipt than receipts were given.
    pub is_sound: fn(&mut Work, ConsultationId) -> Result<bool, Problem>,
    /// Whether what waited at a moment at which something closed has been let in.
    pub is_let_in: fn(&mut Work, ConsultationId, Timestamp) -> Result<bool, Problem>,
}

/// The port, shared among requests by whoever keeps voices.
pub struct Seal(Voices);

impl Seal {
    /// The port to these.
    pub const fn to(voices: Voices) -> Self {
        Self(voices)
    }
}

fn port<'c>(work: &Work<'c>) -> Result<&'c Voices, Problem> {
    Ok(&work.shared::<Seal>()?.0)
}

pub(super) fn seal_lines(
    work: &mut Work,
    consultation: ConsultationId,
    lines: &[(LineId, Speaker)],
) -> Result<(), Problem> {
    (port(work)?.seal_lines)(work, consultation, lines)
}

pub(super) fn turn(
    work: &mut Work,
    consultation: ConsultationId,
    lines: &[LineId],
    input: InputId,
) -> Result<(), Problem> {
    (port(work)?.turn)(work, consultation, lines, input)
}

pub(super) fn forget(work: &mut Work, input: InputId) -> Result<(), Problem> {
    (port(work)?.forget)(work, input)
}

pub(super) fn bands(
    work: &mut Work,
    consultation: ConsultationId,
    sets: &[Together],
) -> Result<Option<Counted>, Problem> {
    (port(work)?.bands)(work, consultation, sets)
}

pub(super) fn several(
    work: &mut Work,
    consultation: ConsultationId,
    sets: &[Together],
) -> Result<Option<Vec<(Band, bool)>>, Problem> {
    (port(work)?.several)(work, consultation, sets)
}

pub(super) fn is_sound(work: &mut Work, consultation: ConsultationId) -> Result<bool, Problem> {
    (port(work)?.is_sound)(work, consultation)
}

pub(super) fn is_let_in(
    work: &mut Work,
    consultation: ConsultationId,
    closed_at: Timestamp,
) -> Result<bool, Problem> {
    (port(work)?.is_let_in)(work, consultation, closed_at)
}
