//! The port to whose voices are in inputs. Who said what is kept by a feature above this one, which alone names its tables and holds
//! its key; here it is only handed on, and asked for a band or whether an input is the caller's own. Nobody outside this
//! feature can call the port, and nothing that comes out of it names anybody.

use std::collections::BTreeSet;

use super::{Band, Capacity, Input, InputId, LineId};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::problem::Problem;
use crate::work::Work;

/// Whose voice is in an input.
#[derive(Debug, Clone)]
pub enum Who {
    /// Somebody with an account.
    Account(AccountId),
    /// Somebody of whom only a name was heard.
    Name(String),
}

/// The nth speaker of one file, from 0. It means nothing elsewhere: the same number in another file is somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Speaker(pub u32);

/// Writes which lines of one file have the same speaker. All lines of a file are handed over at once: nothing but this call joins
/// them to one voice.
pub type SealLines = fn(&mut Work, ConsultationId, &[(LineId, Speaker)]) -> Result<(), Problem>;

/// What whoever keeps voices does for inputs.
pub struct Voices {
    /// Writes whose voice is in an input, in the transaction that writes it. A voice that is there already stays what it is.
    pub seal: fn(&mut Work, ConsultationId, InputId, &Who, Capacity) -> Result<(), Problem>,
    /// Makes each speaker of a file a random voice of its lines, in the transaction that writes them.
    pub seal_lines: SealLines,
    /// Makes the voices of lines those of the input that they were turned into.
    pub turn: fn(&mut Work, &[LineId], InputId) -> Result<(), Problem>,
    /// Forgets the voices of an input that is deleted.
    pub forget: fn(&mut Work, InputId) -> Result<(), Problem>,
    /// How many voices stand behind these inputs together, as a band. Does not ask who asks.
    pub band: fn(&mut Work, &BTreeSet<InputId>) -> Result<Band, Problem>,
    /// Whether the caller brought the input in.
    pub is_callers: fn(&mut Work, &Input) -> Result<bool, Problem>,
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

pub(super) fn seal(
    work: &mut Work,
    consultation: ConsultationId,
    input: InputId,
    who: &Who,
    capacity: Capacity,
) -> Result<(), Problem> {
    (port(work)?.seal)(work, consultation, input, who, capacity)
}

pub(super) fn seal_lines(
    work: &mut Work,
    consultation: ConsultationId,
    lines: &[(LineId, Speaker)],
) -> Result<(), Problem> {
    (port(work)?.seal_lines)(work, consultation, lines)
}

pub(super) fn turn(work: &mut Work, lines: &[LineId], input: InputId) -> Result<(), Problem> {
    (port(work)?.turn)(work, lines, input)
}

pub(super) fn forget(work: &mut Work, input: InputId) -> Result<(), Problem> {
    (port(work)?.forget)(work, input)
}

pub(super) fn band(work: &mut Work, inputs: &BTreeSet<InputId>) -> Result<Band, Problem> {
    (port(work)?.band)(work, inputs)
}

pub(super) fn is_callers(work: &mut Work, input: &Input) -> Result<bool, Problem> {
    (port(work)?.is_callers)(work, input)
}
