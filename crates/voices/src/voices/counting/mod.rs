//! Which inputs are one voice. A voice is sealed beside each input with the consultation's key, which is in no database, and told of it
//! is a band. Pure.

use crate::ids::Ids;
use crate::inputs::{InputId, LineId};
use crate::keys::Key;
use crate::problem::Problem;
use crate::text_enum;

use super::receipts::Voice;
use super::vault;

pub(super) mod service;
pub(super) mod store;

pub use crate::inputs::wishes::Late;

text_enum! {
    /// What somebody's voice is in an input.
    pub enum VoiceRole {
        /// They said it.
        Contributor => "contributor",
        /// They said it in a call of which a file was imported.
        Speaker => "speaker",
        /// They say the same.
        Supporter => "supporter",
    }
}

fn beside(input: InputId, role: VoiceRole) -> Vec<u8> {
    [input.uuid().as_bytes(), role.as_str().as_bytes()].concat()
}

fn beside_line(line: LineId) -> Vec<u8> {
    [line.uuid().as_bytes(), &b"line"[..]].concat()
}

fn sealed(key: &Key, beside: &[u8], voice: Voice, ids: &Ids) -> Result<Vec<u8>, Problem> {
    vault::seal(key, beside, &voice.0, ids)
}

fn opened(key: &Key, beside: &[u8], sealed: &[u8]) -> Option<Voice> {
    vault::open(key, beside, sealed)?.try_into().ok().map(Voice)
}
