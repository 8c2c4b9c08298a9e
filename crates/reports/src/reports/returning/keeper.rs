//! What the Word file of a draft remembers of the draft: the document and the versions of its paragraphs, sealed under a key of this
//! instance, so that whoever has the file reads nothing in it that is not in its text. Must never be written into a published file.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::keys::{Key, Keys};
use crate::problem::Problem;
use crate::render::docx::Memory;
use crate::reports::compile::Facts;
use crate::reports::{ParagraphId, ReportId};

/// The name of the key. Without it files that are out are compared with what is here now.
const KEY: &str = "returned-drafts";
const NONCE: usize = 12;
/// Bytes that a memory may unpack to.
const MOST: u64 = 64 << 20;

/// What a file remembers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RememberedDraft {
    /// The report's version then.
    pub report_version: i64,
    /// The version of every paragraph.
    pub paragraphs: BTreeMap<ParagraphId, i64>,
    /// The document.
    pub document: Document,
}

impl RememberedDraft {
    /// A draft as it stands; `document` was compiled from `facts`.
    pub fn of(facts: &Facts, document: &Document) -> Self {
        let draft = facts.draft();
        Self {
            report_version: draft.report.version,
            paragraphs: draft.paragraphs.iter().map(|one| (one.id, one.version)).collect(),
            document: document.clone(),
        }
    }
}

/// Seals what files remember, and opens it when they come back.
pub struct MemoryKeeper {
    key: Key,
}

impl MemoryKeeper {
    /// With the key of this instance, made where it is missing.
    pub fn open(keys: &Keys) -> Result<Self, Problem> {
        Ok(Self { key: keys.get_or_make(KEY)? })
    }

    /// What goes into the file of a draft of this report. The same draft gives the same bytes.
    pub fn seal(&self, report: ReportId, draft: &RememberedDraft) -> Result<Memory, Problem> {
        let plain = serde_json::to_vec(draft).map_err(Problem::internal)?;
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&plain).map_err(Problem::internal)?;
        let packed = packed.finish().map_err(Problem::internal)?;
        let beside = report.uuid();
        // Of another text another nonce, and of the same text the same: two texts under one nonce would open each other.
        let nonce = self.key.derived(&[b"nonce"]).mac(&[beside.as_bytes(), &packed]);
        let nonce: [u8; NONCE] = nonce[..NONCE].try_into().map_err(Problem::internal)?;
        let payload = Payload { msg: &packed, aad: beside.as_bytes() };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Problem::internal("a draft is too long to be sealed"))?;
        let mark = self.mark(report, &draft.document.fingerprint());
        Ok(Memory { sealed: [&nonce[..], &sealed].concat(), mark })
    }

    /// What a file of this report remembers; nothing when it was sealed elsewhere, or is damaged.
    pub fn recall(&self, report: ReportId, sealed: &[u8]) -> Option<RememberedDraft> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let beside = report.uuid();
        let payload = Payload { msg: sealed, aad: beside.as_bytes() };
        let packed = self.cipher().decrypt(&Nonce::from(nonce), payload).ok()?;
        let mut plain = Vec::new();
        ZlibDecoder::new(packed.as_slice()).take(MOST).read_to_end(&mut plain).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// A short word for a text, by its fingerprint, from which nobody else can tell which it is.
    pub fn mark(&self, report: ReportId, fingerprint: &str) -> String {
        let key = self.key.derived(&[b"mark"]);
        let mac = key.mac(&[report.uuid().as_bytes(), fingerprint.as_bytes()]);
        URL_SAFE_NO_PAD.encode(&mac[..12])
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(self.key.derived(&[b"seal"]).bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::sample::sample;

    #[test]
    fn only_the_instance_and_the_report_that_sealed_it_open_it() {
        let keeper = MemoryKeeper { key: Key::new([1; 32]) };
        let other = MemoryKeeper { key: Key::new([2; 32]) };
        let report = |id: u128| ReportId::new(uuid::Uuid::from_u128(id));
        let paragraphs = BTreeMap::from([(ParagraphId::new(uuid::Uuid::from_u128(3)), 4)]);
        let draft = RememberedDraft { report_version: 7, paragraphs, document: sample() };
        let memory = keeper.seal(report(1), &draft).unwrap();
        assert_eq!(keeper.seal(report(1), &draft).unwrap(), memory);
        let known = keeper.recall(report(1), &memory.sealed).unwrap();
        assert_eq!((known.report_version, known.paragraphs), (7, draft.paragraphs.clone()));
        assert_eq!(known.document, draft.document);
        assert!(keeper.recall(report(2), &memory.sealed).is_none());
        assert!(other.recall(report(1), &memory.sealed).is_none());
        assert!(keeper.recall(report(1), &memory.sealed[..9]).is_none());
        // Nor does it open where a byte of it is another one, wherever that stands, or stands there twice.
        for at in [0, NONCE, memory.sealed.len() / 2, memory.sealed.len() - 1] {
            let mut forged = memory.sealed.clone();
            forged[at] ^= 1;
            assert!(keeper.recall(report(1), &forged).is_none(), "{at}");
        }
        assert!(keeper.recall(report(1), &memory.sealed.repeat(2)).is_none());
        assert_ne!(other.seal(report(1), &draft).unwrap().mark, memory.mark);
        assert!(!String::from_utf8_lossy(&memory.sealed).contains("Summary"));
    }
}
