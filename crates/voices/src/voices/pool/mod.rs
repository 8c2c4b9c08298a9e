//! What waits to be mixed: everything that is done by receipt, as ciphertext under a key that is destroyed once it is mixed. Pure.

use serde::{Deserialize, Serialize};

use super::receipts::Voice;
use super::vault;
use crate::consultations::ConsultationId;
use crate::ids::Ids;
use crate::inputs::InputId;
use crate::inputs::contributed::Said;
use crate::inputs::hearings::Observed;
use crate::inputs::windows::Moment;
use crate::keys::Key;
use crate::problem::{Code, Problem};
use crate::vocabulary::{ClearanceRoundId, ContributionId, VoiceId};

pub(super) mod service;
pub(super) mod store;

/// What is done by receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Something is said.
    Contribute {
        /// What.
        said: Said,
        /// In which window.
        moment: Option<Moment>,
    },
    /// An input is changed, or a question about it answered.
    Change {
        /// Which.
        input: InputId,
        /// The contributor's voice in it.
        voice: VoiceId,
        /// What it says now.
        said: Said,
    },
    /// An input is taken back.
    Withdraw {
        /// Which.
        input: InputId,
        /// The contributor's voice in it.
        voice: VoiceId,
    },
    /// Somebody says the same as an input.
    Support {
        /// As which.
        input: InputId,
    },
    /// Support is taken back.
    Unsupport {
        /// Of which.
        input: InputId,
        /// The supporter's voice in it.
        voice: VoiceId,
    },
    /// Something is said of a draft.
    Observe {
        /// In which round of its clearance.
        round: ClearanceRoundId,
        /// What.
        said: Observed,
    },
}

impl Deed {
    /// The input that it is about; none for a new one, and for what is said of a draft.
    pub const fn input(&self) -> Option<InputId> {
        match self {
            Self::Contribute { .. } | Self::Observe { .. } => None,
            Self::Change { input, .. }
            | Self::Withdraw { input, .. }
            | Self::Support { input }
            | Self::Unsupport { input, .. } => Some(*input),
        }
    }
}

/// A deed with what is written beside it when it is mixed. The receipt is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is done.
    pub deed: Deed,
    /// By which voice.
    pub voice: Voice,
    /// By what its doer will know it again: another mark than that of the row in which it waits.
    pub mark: Vec<u8>,
}

/// As it is written before it is sealed.
#[derive(Serialize, Deserialize)]
struct Written {
    deed: Deed,
    voice: [u8; 32],
    mark: Vec<u8>,
}

/// Lengths to which entries are padded, in bytes: what waits tells no more of how long it is.
const SIZES: [usize; 3] = [2 * 1024, 8 * 1024, 32 * 1024];
/// Bytes that say how much of it is not padding.
const LENGTH: usize = 4;

fn beside(id: ContributionId, consultation: ConsultationId) -> Vec<u8> {
    [id.uuid().as_bytes(), consultation.uuid().as_bytes()].map(<[u8; 16]>::as_slice).concat()
}

impl Entry {
    /// As it waits, under this id; 422 when it is longer than what is taken.
    pub fn sealed(
        &self,
        key: &Key,
        id: ContributionId,
        consultation: ConsultationId,
        ids: &Ids,
    ) -> Result<Vec<u8>, Problem> {
        let written =
            Written { deed: self.deed.clone(), voice: self.voice.0, mark: self.mark.clone() };
        let text = serde_json::to_vec(&written).map_err(Problem::internal)?;
        let needed = text.len() + LENGTH;
        let size = SIZES.into_iter().find(|size| needed <= *size).ok_or_else(|| {
            let most = SIZES[SIZES.len() - 1];
            let detail = format!(
                "text, translation and citations together are {needed} bytes; at most {most} are taken: divide it"
            );
            Problem::new(Code::InvalidValue, detail.clone()).at("/body", detail)
        })?;
        let mut plain = (text.len() as u32).to_be_bytes().to_vec();
        plain.extend(text);
        plain.resize(size, 0);
        vault::seal(key, &beside(id, consultation), &plain, ids)
    }

    /// What was sealed under this id; none with another key.
    pub fn open(
        key: &Key,
        id: ContributionId,
        consultation: ConsultationId,
        sealed: &[u8],
    ) -> Option<Self> {
        let plain = vault::open(key, &beside(id, consultation), sealed)?;
        let (length, rest) = plain.split_at_checked(LENGTH)?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        let written: Written = serde_json::from_slice(rest.get(..length)?).ok()?;
        Some(Self { deed: written.deed, voice: Voice(written.voice), mark: written.mark })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Care;

    fn entry(body: &str, ids: &Ids) -> Entry {
        let said = Said {
            objectives: Vec::new(),
            category_id: ids.unlinkable(),
            body: body.to_owned(),
            language: "th".to_owned(),
            translation: None,
            citations: Vec::new(),
            addressees: Vec::new(),
            care: Care::default(),
        };
        let deed = Deed::Contribute { said, moment: Some(Moment::After) };
        Entry { deed, voice: Voice([3; 32]), mark: vec![7; 32] }
    }

    #[test]
    fn an_entry_waits_at_one_of_three_lengths_and_comes_back() {
        let ids = Ids::System;
        let key = Key::new([1; 32]);
        let (id, consultation) = (ids.unlinkable(), ids.unlinkable());
        let overhead = 12 + 16;
        for (characters, size) in [(1, 2048), (300, 2048), (1000, 8192), (5000, 32 * 1024)] {
            let entry = entry(&"ก".repeat(characters), &ids);
            let sealed = entry.sealed(&key, id, consultation, &ids).unwrap();
            assert_eq!(sealed.len(), size + overhead, "{characters}");
            assert_eq!(Entry::open(&key, id, consultation, &sealed), Some(entry));
            assert_eq!(Entry::open(&key, ids.unlinkable(), consultation, &sealed), None);
            assert_eq!(Entry::open(&Key::new([2; 32]), id, consultation, &sealed), None);
        }
        let long = entry(&"x".repeat(40_000), &ids).sealed(&key, id, consultation, &ids);
        assert_eq!(long.unwrap_err().code(), Code::InvalidValue);
    }
}
